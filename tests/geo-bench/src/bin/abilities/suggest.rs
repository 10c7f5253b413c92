//! Somebody types an address and takes a suggestion as soon as it helps.

use std::time::{Duration, Instant};

use pinyin::ToPinyin;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use spatial::geocode::{Area, Overlay, Snapshot, SuggestQuery, SuggestScratch};

use crate::gazetteer::{Door, Gazetteer, Kind, Site};
use crate::told;

/// Suggestions that are looked at.
const SHOWN: usize = 5;

/// How names are typed; numbers are typed as they are.
#[derive(Clone, Copy, Debug)]
enum Way {
    Hanzi,
    Pinyin,
    Initials,
}

struct Typist<'a> {
    snapshot: &'a Snapshot<Vec<u8>>,
    scratch: SuggestScratch,
    times: Vec<Duration>,
    area: Option<&'a Area>,
}

impl Typist<'_> {
    /// The texts of the first suggestions.
    fn shown(&mut self, text: &str) -> Vec<String> {
        let query = SuggestQuery { limit: SHOWN, area: self.area, ..SuggestQuery::text(text) };
        // The best of three: what else runs on the machine is not measured.
        let (mut all, mut least) = (Vec::new(), Duration::MAX);
        for _ in 0..3 {
            let begun = Instant::now();
            all = self.snapshot.suggest(&Overlay::default(), &query, &mut self.scratch);
            least = least.min(begun.elapsed());
        }
        self.times.push(least);
        all.into_iter().map(|one| one.text).collect()
    }

    /// Keys until the name is among those shown; `None` where it is not though all of it is typed.
    fn keys_to_name(&mut self, name: &str, way: Way) -> Option<usize> {
        let keys = keys(name, way);
        (1..=keys.len()).find(|&typed| {
            let text: String = keys[..typed].iter().collect();
            self.shown(&text).iter().any(|shown| shown == name)
        })
    }

    /// Keys for the whole address, each suggestion that is taken counted as one; parts are what stands in the box after
    /// each element.
    fn keys_to_address(&mut self, parts: &[String], way: Way) -> Option<usize> {
        let mut boxed = String::new();
        let mut count = 0;
        let whole = parts.concat();
        for (at, part) in parts.iter().enumerate() {
            let goal = parts[..=at].concat();
            if boxed.len() >= goal.len() {
                continue;
            }
            let keys = keys(part, way);
            let mut typed = 0;
            loop {
                let text: String = boxed.chars().chain(keys[..typed].iter().copied()).collect();
                let shown = if text.is_empty() { Vec::new() } else { self.shown(&text) };
                // The longest that is a beginning of the address.
                let helps = shown.into_iter().filter(|shown| whole.starts_with(shown.as_str()));
                let best = helps.filter(|shown| shown.len() >= goal.len()).max_by_key(String::len);
                if let Some(best) = best {
                    boxed = best;
                    count += 1;
                    break;
                }
                if typed == keys.len() {
                    // Spelt out and not suggested: it has to be written.
                    boxed.clone_from(&goal);
                    if matches!(way, Way::Hanzi) || !part.chars().any(is_han_name) {
                        break;
                    }
                    return None;
                }
                typed += 1;
                count += 1;
            }
        }
        Some(count)
    }
}

fn is_han_name(c: char) -> bool {
    c.to_pinyin().is_some() && !"号楼单元室社".contains(c)
}

fn keys(name: &str, way: Way) -> Vec<char> {
    let spell = |c: char| -> Vec<char> {
        match (way, c.to_pinyin()) {
            (Way::Pinyin, Some(sound)) => sound.plain().replace('ü', "v").chars().collect(),
            (Way::Initials, Some(sound)) => sound.plain().chars().take(1).collect(),
            _ => vec![c],
        }
    };
    name.chars().flat_map(spell).collect()
}

/// An address as it is typed: the name first, then its numbers.
fn parts(site: &Site, door: Door) -> Vec<String> {
    let mut parts = Vec::new();
    if site.kind == Kind::Compound {
        parts.push(site.compound.clone());
    } else {
        parts.push(site.road.clone());
        parts.push(site.number.clone());
    }
    if door.building != 0 {
        parts.push(format!("{}号楼", door.building));
    }
    if door.unit != 0 {
        parts.push(format!("{}单元", door.unit));
    }
    if door.room != 0 {
        parts.push(format!("{}室", door.room));
    }
    parts
}

pub fn run(snapshot: &Snapshot<Vec<u8>>, gazetteer: &Gazetteer, count: usize, seed: u64) {
    let mut rng = ChaCha8Rng::seed_from_u64(seed * 1000 + 77);
    let mut drawn: Vec<(&Site, Door)> = Vec::new();
    while drawn.len() < count {
        let site = &gazetteer.sites[rng.random_range(0..gazetteer.sites.len())];
        if site.kind == Kind::Village || site.number.contains(['甲', '-']) {
            continue;
        }
        let doors: Vec<Door> = site.doors().collect();
        drawn.push((site, doors[rng.random_range(0..doors.len())]));
    }
    for with_area in [false, true] {
        for way in [Way::Hanzi, Way::Pinyin, Way::Initials] {
            one_way(snapshot, gazetteer, &drawn, way, with_area);
        }
    }
}

fn one_way(
    snapshot: &Snapshot<Vec<u8>>,
    gazetteer: &Gazetteer,
    drawn: &[(&Site, Door)],
    way: Way,
    with_area: bool,
) {
    let (mut to_road, mut to_compound, mut shares) = (Vec::new(), Vec::new(), Vec::new());
    let mut lost = 0;
    // The caller's area: the grids of the community.
    let area = |site: &Site| {
        let grids: Vec<u32> = (0..4).map(|part| site.community as u32 * 4 + part).collect();
        with_area.then(|| snapshot.area_of_grids(&grids))
    };
    let areas: Vec<Option<Area>> = drawn.iter().map(|(site, _)| area(site)).collect();
    let scratch = SuggestScratch::default();
    let mut typist = Typist { snapshot, scratch, times: Vec::new(), area: None };
    for ((site, door), area) in drawn.iter().zip(&areas) {
        typist.area = area.as_ref();
        match typist.keys_to_name(&site.road, way) {
            Some(keys) => to_road.push(keys as f64),
            None => lost += 1,
        }
        if site.kind == Kind::Compound {
            to_compound.extend(typist.keys_to_name(&site.compound, way).map(|keys| keys as f64));
        }
        let parts = parts(site, *door);
        if let Some(keys) = typist.keys_to_address(&parts, way) {
            let [district, township, community] = &gazetteer.communities[site.community];
            let full = format!("{district}{township}{community}{}{}", site.road, site.number);
            // Of a house on a street road and number are typed: they are in both.
            let typed =
                if site.kind == Kind::Compound { parts.concat() } else { parts[2..].concat() };
            let length = full.chars().count() + typed.chars().count();
            shares.push(keys as f64 / length as f64);
        }
    }
    let within = |all: &[f64], most: f64| {
        let fit = all.iter().filter(|keys| **keys <= most).count();
        100.0 * fit as f64 / drawn.len() as f64
    };
    println!(
        "suggest {way:?}{}: road in {:.2} keys (≤ 6: {:.1} %, never {:.1} %), compound in {:.2}, address in {:.1} % of its length; {} calls, {}",
        if with_area { " in the area" } else { "" },
        mean(&to_road),
        within(&to_road, 6.0),
        100.0 * f64::from(lost) / drawn.len() as f64,
        mean(&to_compound),
        100.0 * mean(&shares),
        typist.times.len(),
        told(typist.times)
    );
}

fn mean(all: &[f64]) -> f64 {
    all.iter().sum::<f64>() / all.len().max(1) as f64
}
