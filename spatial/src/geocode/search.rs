//! The whole way from a text to scored candidates.

use super::candidate::{Hit, NameScratch, names};
use super::chatter;
use super::door::{Inside, Readings, inside};
use super::feature::{Feature, Weights};
use super::figure::{Figure, figures};
use super::foreign::{Region, region};
use super::place::{OwnHits, Place, Places, Spoken, shops, strongest};
use super::rank::Ranking;
use super::role::{Doors, all_doors, is_door};
use super::snapshot::View;
use super::text::{Text, is_han};
use super::unknown::{Unknown, unknown};

/// Candidates this far behind the best have no chance worth counting.
const HOPELESS: f32 = 14.0;

/// One candidate with all that speaks for and against it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scored {
    pub(super) place: Place,
    pub(super) own: OwnHits,
    pub(super) inside: Inside,
    pub(super) chance: f32,
}

/// Memory of a thread between its queries; any number of queries against any snapshots may share it, one at a time.
#[derive(Debug, Default)]
pub struct Scratch {
    pub(super) text: Text,
    pub(super) figures: Vec<Figure>,
    pub(super) marks: Vec<bool>,
    pub(super) names: NameScratch,
    pub(super) unknown: Vec<Unknown>,
    pub(super) doors: Readings,
    next: Vec<Doors>,
    places: Places,
    ranking: Ranking,
    pois: Vec<(u32, u16)>,
    pub(super) scored: Vec<Scored>,
    pub(super) region: Region,
    loose: Vec<u16>,
    strong: [Vec<Hit>; 5],
}

/// Searches; the scored candidates are in the scratch, the best first, with chances that add up to 1.
pub(super) fn search(view: &View<'_>, original: &str, weights: &Weights, scratch: &mut Scratch) {
    scratch.text.fill(original);
    figures(&scratch.text, &mut scratch.figures);
    chatter::mark(&scratch.text, &mut scratch.marks);
    names(view, &scratch.text, &scratch.figures, &scratch.marks, &mut scratch.names);
    scratch.region = region(view, &scratch.text, &scratch.names.hits, &mut scratch.marks);
    let (text, hits) = (&scratch.text, &scratch.names.hits);
    unknown(text, hits, &scratch.figures, &scratch.marks, &mut scratch.unknown);
    all_doors(&scratch.figures, hits, &mut scratch.doors.doors, &mut scratch.next);
    scratch.doors.weigh(weights);
    scratch.places.fill(view, &scratch.names, &scratch.figures);
    try_doors(view, weights, scratch);
    chances(&mut scratch.scored);
}

/// The letters that names should explain: up to the last number or clear name and what touches it, but for numbers, talk,
/// province and city.
fn loose_letters(
    text: &Text,
    figures: &[Figure],
    hits: &[Hit],
    marks: &[bool],
    into: &mut Vec<u16>,
) {
    into.clear();
    let door = figures.iter().rev().find(|f| is_door(f)).map_or(0, |f| f.end);
    let clear = |hit: &&Hit| hit.at.cost <= 40 && hit.letters > 1;
    let named = hits.iter().filter(clear).map(|hit| usize::from(hit.at.end)).max();
    let touching = |from: usize| {
        let free = |at: &usize| is_han(text.unit(*at)) && !marks.get(*at).copied().unwrap_or(false);
        (from..text.len().min(from + 4)).take_while(free).count()
    };
    let named = named.map_or(0, |end| if end > door { end + touching(end) } else { end });
    let last = match door.max(named) {
        0 => text.len(),
        last => last,
    };
    let mut figures = figures.iter().peekable();
    for at in 0..last {
        while figures.peek().is_some_and(|f| f.end <= at) {
            figures.next();
        }
        let in_figure = figures.peek().is_some_and(|f| f.start <= at);
        let marked = marks.get(at).copied().unwrap_or(false);
        if is_han(text.unit(at)) && !in_figure && !marked {
            into.push(at as u16);
        }
    }
}

/// The most that numbers can add to a candidate's score.
fn most_of_doors(weights: &Weights) -> f32 {
    [Feature::Number, Feature::Building, Feature::Unit, Feature::Room]
        .into_iter()
        .map(|feature| weights.weights[feature as usize].max(0.0))
        .sum()
}

fn try_doors(view: &View<'_>, weights: &Weights, scratch: &mut Scratch) {
    let (text, figures, hits) = (&scratch.text, &scratch.figures, &scratch.names.hits);
    strongest(hits, &mut scratch.strong);
    shops(view, hits, &mut scratch.pois);
    loose_letters(text, figures, hits, &scratch.marks, &mut scratch.loose);
    let spoken = Spoken {
        names: &scratch.names,
        strong: &scratch.strong,
        pois: &scratch.pois,
        unknown: &scratch.unknown,
        loose: &scratch.loose,
        foreign: scratch.region.foreign,
    };
    scratch.ranking.fill(view, &spoken, &scratch.places.all, weights);
    scratch.scored.clear();
    let most = most_of_doors(weights);
    let mut best = f32::MIN;
    for &(base_score, place) in &scratch.ranking.best {
        if base_score + most < best - HOPELESS {
            continue;
        }
        let own = spoken.own(spoken.slots(view, place));
        let base = spoken.features(place, &own);
        let road: Option<&Hit> = own[3].as_ref();
        let inside = inside(view, place, &base, road, &scratch.doors, figures, weights);
        best = best.max(inside.score);
        scratch.scored.push(Scored { place, own, inside, chance: 0.0 });
    }
    scratch.scored.sort_by(|a, b| {
        b.inside.score.total_cmp(&a.inside.score).then_with(|| a.place.cmp(&b.place))
    });
}

fn chances(scored: &mut [Scored]) {
    let Some(best) = scored.first().map(|s| s.inside.score) else { return };
    let mut total = 0.0;
    for candidate in scored.iter_mut() {
        candidate.chance = (candidate.inside.score - best).exp();
        total += candidate.chance;
    }
    for candidate in scored.iter_mut() {
        candidate.chance /= total;
    }
}

#[cfg(test)]
#[path = "spoken_tests.rs"]
mod spoken_tests;
