//! The one question that tells the candidates apart, and numbers that are not there.

use super::answer::{Element, Missing, Question};
use super::candidate::Hit;
use super::door::Found;
use super::figure::{Counts, Figure};
use super::label::Label;
use super::level::Level;
use super::place::Place;
use super::resolve::{elements, room_text};
use super::search::Scored;
use super::snapshot::{NONE, View};
use super::tail::{RoomKey, room_bits};

/// One element of an address.
type Part = fn(&super::answer::Elements) -> &String;

/// Candidates less likely than this are not asked about.
const LEAST: f32 = 0.03;
/// Answers that are offered.
const MOST_OPTIONS: usize = 6;

/// The element whose answers split the chances most evenly; `None` where one candidate stands alone and is whole.
pub(super) fn question(view: &View<'_>, scored: &[Scored]) -> Option<Question> {
    let open: Vec<&Scored> =
        scored.iter().take(12).filter(|s| s.chance >= LEAST && s.place != Place::Nothing).collect();
    if open.len() < 2 {
        return open.first().and_then(|only| within(view, only));
    }
    let written: Vec<_> = open.iter().map(|s| (elements(view, s), s.chance)).collect();
    let asks: [(Element, Part); 7] = [
        (Element::District, |e| &e.district),
        (Element::Township, |e| &e.township),
        (Element::Community, |e| &e.community),
        (Element::Road, |e| &e.road),
        (Element::Compound, |e| &e.compound),
        (Element::Number, |e| &e.number),
        (Element::Building, |e| &e.building),
    ];
    let mut best: Option<(f32, Question)> = None;
    for (element, of) in asks {
        let mut options: Vec<(String, f32)> = Vec::new();
        for (address, chance) in &written {
            let text = of(address);
            match options.iter_mut().find(|option| option.0 == *text) {
                Some(option) => option.1 += chance,
                None => options.push((text.clone(), *chance)),
            }
        }
        options.retain(|option| !option.0.is_empty());
        if options.len() < 2 {
            continue;
        }
        let entropy: f32 = options.iter().map(|o| -o.1 * o.1.max(1e-6).ln()).sum();
        if best.as_ref().is_none_or(|known| known.0 + 0.05 < entropy) {
            options.sort_by(|a, b| b.1.total_cmp(&a.1));
            options.truncate(MOST_OPTIONS);
            best = Some((entropy, Question { element, options }));
        }
    }
    best.map(|best| best.1)
}

/// What a single candidate leaves open: which unit has the room, which building.
fn within(view: &View<'_>, scored: &Scored) -> Option<Question> {
    let inside = &scored.inside;
    let Place::Site(site) = scored.place else { return None };
    if inside.at_building == NONE {
        let range = view.site_buildings.range(site as usize);
        if range.len() < 2 || inside.room == Found::Omitted && inside.building == Found::Omitted {
            return None;
        }
        let share = 1.0 / range.len() as f32;
        let name = |at: usize| format!("{}号楼", Label(view.building_label.u32(at)));
        let options = range.take(MOST_OPTIONS).map(|at| (name(at), share)).collect();
        return Some(Question { element: Element::Building, options });
    }
    if inside.room != Found::Many || inside.at_room != NONE {
        return None;
    }
    let wanted = room_bits(inside.doors.room_label())?;
    let range = view.building_rooms.range(inside.at_building as usize);
    let rooms: Vec<u32> = range
        .filter(|&at| RoomKey(view.room_key.u32(at)).room() == wanted)
        .map(|at| at as u32)
        .collect();
    let share = 1.0 / rooms.len().max(1) as f32;
    let options: Vec<_> =
        rooms.iter().take(MOST_OPTIONS).map(|&room| (room_text(view, room).0, share)).collect();
    (options.len() > 1).then_some(Question { element: Element::Unit, options })
}

/// The number that a road does not have, and what it has: of the sites in the district that the text names, if there are
/// any. Nothing where the first candidate has the number.
pub(super) fn missing(
    view: &View<'_>,
    first: &Scored,
    hits: &[Hit],
    figures: &[Figure],
) -> Option<Missing> {
    let (hit, asked) = asked(first, hits, figures)?;
    let range = view.name_sites_start.range(hit.means as usize);
    let mut sites: Vec<u32> = view.name_sites.slice32(range).collect();
    let district = hits.iter().find(|hit| hit.level == Level::District && hit.at.cost == 0);
    let named = |site: &u32| district.is_some_and(|d| view.site_names(*site)[0] == d.means);
    if sites.iter().any(named) {
        sites.retain(named);
    }
    if sites.iter().any(|&site| view.site_label(site).covers(asked)) {
        return None;
    }
    let digits = |site: &u32| view.site_label(*site).digits();
    let numbered: Vec<u32> = sites.iter().map(digits).filter(|&digits| digits > 0).collect();
    let nearest = *numbered.iter().min_by_key(|digits| digits.abs_diff(asked.digits()))?;
    Some(Missing {
        road: view.name(hit.means),
        asked: asked.with("号"),
        lowest: *numbered.first()?,
        highest: *numbered.last()?,
        nearest,
    })
}

/// The road of the first candidate, or else that which stands there clearly, with the house number behind it.
fn asked<'a>(first: &Scored, hits: &'a [Hit], figures: &[Figure]) -> Option<(&'a Hit, Label)> {
    if first.inside.number == Found::Yes {
        return None;
    }
    let own = first.own[3].map(|hit| hit.means);
    let is_clear = |hit: &&Hit| hit.level == Level::Road && hit.at.cost <= 20 && !hit.shadowed;
    let hit = hits.iter().find(|hit| Some(hit.means) == own).or_else(|| {
        hits.iter().filter(is_clear).min_by_key(|hit| (hit.at.cost, hit.at.start, hit.means))
    })?;
    let end = usize::from(hit.at.end);
    let behind = figures.iter().find(|f| (end..=end + 2).contains(&f.start))?;
    let is_house = matches!(behind.counts, Counts::Door | Counts::Yard | Counts::Nothing);
    (is_house && !behind.label.is_none()).then_some((hit, behind.label))
}
