//! The query sets: what is done to an address before it is asked for.

use std::collections::HashMap;

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rayon::prelude::*;
use spatial::geocode::{Level, Snapshot};

use crate::gazetteer::{Door, Gazetteer, Kind, Site};
use crate::material::Material;
use crate::noise::{homophone, typo};
use crate::render::{Kept, Manner, Truth, core, pick, render};
use crate::talk::talk;

/// A kind of query.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Profile {
    Clean,
    Fmt,
    Drop,
    Typo1,
    Homo1,
    Homo2,
    Short,
    Mix,
    Hard,
    /// Addresses left out of the gazetteer.
    Withheld,
    /// Real addresses of other cities, and talk.
    Elsewhere,
    /// Told to a person.
    Talk,
}

impl Profile {
    pub const ALL: [Self; 12] = [
        Self::Clean,
        Self::Fmt,
        Self::Drop,
        Self::Typo1,
        Self::Homo1,
        Self::Homo2,
        Self::Short,
        Self::Mix,
        Self::Hard,
        Self::Talk,
        Self::Withheld,
        Self::Elsewhere,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Self::Clean => "clean",
            Self::Fmt => "fmt",
            Self::Drop => "drop",
            Self::Typo1 => "typo1",
            Self::Homo1 => "homo1",
            Self::Homo2 => "homo2",
            Self::Short => "short",
            Self::Mix => "mix",
            Self::Hard => "hard",
            Self::Withheld => "withheld",
            Self::Elsewhere => "elsewhere",
            Self::Talk => "talk",
        }
    }

    pub fn is_negative(self) -> bool {
        matches!(self, Self::Withheld | Self::Elsewhere)
    }

    fn manner(self) -> Manner {
        let plain = Manner { drop: false, free: false, chatter: false, short: false, bare: false };
        match self {
            Self::Clean | Self::Typo1 | Self::Homo1 | Self::Homo2 => plain,
            Self::Fmt => Manner { free: true, ..plain },
            Self::Drop => Manner { drop: true, ..plain },
            Self::Short => Manner { drop: true, free: true, short: true, ..plain },
            Self::Mix | Self::Talk | Self::Withheld | Self::Elsewhere => {
                Manner { drop: true, free: true, chatter: true, ..plain }
            }
            Self::Hard => Manner { free: true, bare: true, ..plain },
        }
    }
}

/// A query and what it is of.
#[derive(Clone, Debug)]
pub struct Query {
    pub text: String,
    pub truth: Option<(Site, Door, Kept)>,
    pub profile: Profile,
    /// It fits several differently named compounds at least as well as the one it is of.
    pub ambiguous: bool,
}

/// Draws queries; an even seed is for tuning, an odd one for reporting.
pub fn queries(
    gazetteer: &Gazetteer,
    material: &Material,
    profile: Profile,
    count: usize,
    seed: u64,
) -> Vec<Query> {
    let mut rng = ChaCha8Rng::seed_from_u64(seed * 1000 + profile as u64);
    let mut all = Vec::new();
    while all.len() < count {
        let query = if profile == Profile::Elsewhere {
            Some(Query {
                text: elsewhere(material, &mut rng),
                truth: None,
                profile,
                ambiguous: false,
            })
        } else {
            draw(gazetteer, material, profile, seed % 2 == 1, &mut rng)
        };
        all.extend(query);
    }
    all
}

fn elsewhere(material: &Material, rng: &mut ChaCha8Rng) -> String {
    if rng.random_ratio(1, 8) {
        let talk = [
            "什么时候来暖气",
            "我要投诉物业",
            "小区电梯坏了没人管",
            "请转人工",
            "孩子上学怎么报名",
            "公交车不停站",
            "路口红绿灯坏了",
        ];
        return pick(&talk, rng).to_owned();
    }
    material.elsewhere[rng.random_range(0..material.elsewhere.len())].clone()
}

fn draw(
    gazetteer: &Gazetteer,
    material: &Material,
    profile: Profile,
    odd: bool,
    rng: &mut ChaCha8Rng,
) -> Option<Query> {
    let pool = if profile == Profile::Withheld { &gazetteer.withheld } else { &gazetteer.sites };
    let site = &pool[rng.random_range(0..pool.len())];
    let doors: Vec<Door> = site.doors().collect();
    let door = doors[rng.random_range(0..doors.len())];
    let named = matches!(profile, Profile::Short | Profile::Hard);
    if named && site.kind != Kind::Compound
        || profile == Profile::Withheld && site.kind == Kind::Village
    {
        return None;
    }
    if profile == Profile::Talk {
        let (text, kept) = talk(gazetteer, material, Truth { site, door }, odd, rng);
        let truth = Some((site.clone(), door, kept));
        return Some(Query { text, truth, profile, ambiguous: false });
    }
    let (mut text, kept) = render(gazetteer, Truth { site, door }, profile.manner(), rng);
    let errors: &[bool] = match profile {
        Profile::Homo1 => &[true],
        Profile::Homo2 => &[true, true],
        Profile::Hard => &[true, false],
        Profile::Mix if rng.random_ratio(2, 3) => &[true],
        Profile::Typo1 | Profile::Mix => &[false],
        _ => &[],
    };
    for &sound in errors {
        text = if sound { homophone(&text, material, rng)? } else { typo(&text, material, rng)? };
    }
    let ambiguous = profile == Profile::Short && namesakes(gazetteer, site, door, &kept) > 1;
    Some(Query { text, truth: Some((site.clone(), door, kept)), profile, ambiguous })
}

/// How many differently named compounds the kept elements of a short query fit.
fn namesakes(gazetteer: &Gazetteer, site: &Site, door: Door, kept: &Kept) -> usize {
    let said = core(&site.compound);
    // A name that has no common end to leave out is said whole.
    if said == site.compound {
        return 1;
    }
    let district = |s: &Site| &gazetteer.communities[s.community][0];
    let mut names: Vec<(&str, usize)> = gazetteer
        .sites
        .iter()
        .filter(|other| other.compound.starts_with(said) && !other.compound.is_empty())
        .filter(|other| !kept.district || district(other) == district(site))
        .filter(|other| !kept.road || other.road == site.road)
        .filter(|other| !kept.number || other.number == site.number)
        .filter(|other| other.doors().any(|d| d == door))
        .map(|other| (other.compound.as_str(), other.community))
        .collect();
    names.sort_unstable();
    names.dedup();
    names.len()
}

/// Marks the hard queries that nobody could answer: another compound of the kept district, with the same doors, is at
/// least as near to the text as the right one, by what the engine itself says that reading it costs.
pub fn mark_open(snapshot: &Snapshot<Vec<u8>>, gazetteer: &Gazetteer, queries: &mut [Query]) {
    let mut of: HashMap<&str, Vec<&Site>> = HashMap::new();
    for site in gazetteer.sites.iter().filter(|site| !site.compound.is_empty()) {
        of.entry(&site.compound).or_default().push(site);
    }
    queries.par_iter_mut().filter(|query| query.profile == Profile::Hard).for_each(|query| {
        let Some((truth, door, kept)) = &query.truth else { return };
        let near = snapshot.near(&query.text, Level::Compound);
        // A letter of the text that a name leaves unexplained is as bad as a wrong one.
        let nearness = |n: &(String, u16, u16)| i32::from(n.1) - 100 * i32::from(n.2);
        let own = near.iter().find(|n| n.0 == truth.compound).map_or(i32::MAX, nearness);
        let district = |site: &Site| &gazetteer.communities[site.community][0];
        let rivals = near.iter().filter(|n| n.0 != truth.compound && nearness(n) <= own);
        query.ambiguous = rivals.into_iter().any(|n| {
            of.get(n.0.as_str()).into_iter().flatten().any(|site| {
                (!kept.district || district(site) == district(truth))
                    && site.doors().any(|d| d == *door)
            })
        });
    });
}
