//! The one call: a text in, an answer out.

use super::answer::{Answer, Candidate, Elements, Precision, Verdict};
use super::candidate::Hit;
use super::chance::chances_of_grids;
use super::door::Found;
use super::explain::{faults, trace};
use super::feature::{Features, Weights};
use super::figure::Counts;
use super::level::Level;
use super::place::Place;
use super::question::{missing, question};
use super::resolve::{elements, grids, resolve};
use super::search::{Scored, Scratch, search};
use super::snapshot::{NONE, Snapshot, View};

/// Chance of the second candidate, as a share of the first's, from which the two are about as likely.
const RIVAL: f32 = 0.25;

impl<B: AsRef<[u8]>> Snapshot<B> {
    /// What place a text means; at most `limit` candidates, at least one.
    ///
    /// # Example
    /// ```
    /// use spatial::geocode::{AddressRow, Scratch, Snapshot, SnapshotBuilder, Verdict};
    /// let mut builder = SnapshotBuilder::new("甘肃省", "兰州市");
    /// let row = AddressRow { district: "城关区", road: "庆阳路", ..AddressRow::default() };
    /// builder.address(&AddressRow { record: 1, house_no: "97号", ..row });
    /// builder.address(&AddressRow { record: 2, house_no: "123号", ..row });
    /// let gazetteer = Snapshot::open(builder.finish())?;
    /// let answer = gazetteer.geocode("轻阳路一百二十三号门口有积水", 1, &mut Scratch::default());
    /// assert_eq!(answer.candidates[0].record, Some(2));
    /// # Ok::<(), spatial::geocode::SnapshotError>(())
    /// ```
    pub fn geocode(&self, text: &str, limit: usize, scratch: &mut Scratch) -> Answer {
        self.geocode_with(text, limit, Weights::shipped(), scratch)
    }

    /// The same with other weights.
    pub fn geocode_with(
        &self,
        text: &str,
        limit: usize,
        weights: &Weights,
        scratch: &mut Scratch,
    ) -> Answer {
        let view = self.view();
        search(&view, text, weights, scratch);
        answer(&view, limit.max(1), weights, scratch)
    }

    /// The candidates of a text as the fit of the weights needs them: address (or none), features, chance.
    pub fn candidates(&self, text: &str, weights: &Weights, scratch: &mut Scratch) -> Vec<Weighed> {
        let view = self.view();
        search(&view, text, weights, scratch);
        let weighed = |scored: &Scored| {
            let site = match scored.place {
                Place::Site(site) => Some(site),
                _ => None,
            };
            Weighed {
                site,
                building: scored.inside.at_building,
                room: scored.inside.at_room,
                features: scored.inside.features,
                chance: scored.chance,
                precision: resolve(&view, scored).map(|resolved| resolved.precision),
                elements: elements(&view, scored),
            }
        };
        scratch.scored.iter().map(weighed).collect()
    }
}

/// A candidate with its features.
#[derive(Clone, Debug)]
pub struct Weighed {
    /// Its site, if it is one.
    pub site: Option<u32>,
    /// Its building, `u32::MAX` for none.
    pub building: u32,
    /// Its room, `u32::MAX` for none.
    pub room: u32,
    /// What speaks for and against it.
    pub features: Features,
    /// Its raw chance.
    pub chance: f32,
    /// How exactly it is placed; `None` for no place at all.
    pub precision: Option<Precision>,
    /// Its address.
    pub elements: Elements,
}

pub(super) fn answer(
    view: &View<'_>,
    limit: usize,
    weights: &Weights,
    scratch: &Scratch,
) -> Answer {
    let scored = &scratch.scored;
    let real = || scored.iter().filter(|s| s.place != Place::Nothing);
    let candidates: Vec<Candidate> =
        real().take(limit).filter_map(|s| candidate(view, s, weights, scratch)).collect();
    let verdict = verdict(view, scratch, weights);
    let open = verdict != Verdict::Accepted;
    Answer {
        text: scratch.text.to_string(),
        verdict,
        grids: chances_of_grids(view, scored, weights, |grid, _| grid),
        question: if open { question(view, scored) } else { None },
        missing: real()
            .next()
            .filter(|_| open)
            .and_then(|s| missing(view, s, &scratch.names.hits, &scratch.figures)),
        candidates,
        aliases: Vec::new(),
    }
}

/// Whether what decides is beyond doubt: the compound as it is written, or the road with its number, in a village the
/// village. A badly written road or compound needs the other, or a division, beside it.
fn is_sure(view: &View<'_>, first: &Scored) -> bool {
    let [_, township, community, road, compound] = first.place.names(view);
    let village = road == NONE && compound == NONE && (township, community) != (NONE, NONE);
    // 佳苑 for 家园 may be heard wrong, and may be another place.
    let heard = |hit: &Hit| hit.at.tally.homophones + hit.at.tally.shapes + hit.at.tally.dialect;
    let clear = |level: usize| {
        first.own[level].is_some_and(|hit| !hit.unsure && !hit.shadowed && heard(&hit) < 2)
    };
    let there = |level: usize| first.own[level].is_some();
    let numbered = first.inside.number == Found::Yes && there(3);
    let placed = there(0) || there(1) || there(2);
    (village && clear(2)) || clear(4) || (numbered && (clear(3) || there(4) || placed))
}

/// Whether the text clearly names another place beside that of the candidate: a compound, or a road with its number.
fn names_another(scratch: &Scratch, first: &Scored) -> bool {
    let own = || first.own.iter().flatten();
    let house = |hit: &Hit| {
        let end = usize::from(hit.at.end);
        scratch.figures.iter().any(|f| f.start == end && f.counts == Counts::Door)
    };
    scratch.names.hits.iter().any(|hit| {
        let clear = hit.at.cost == 0 && hit.letters >= 3 && !hit.shadowed;
        let place = hit.level == Level::Compound || (hit.level == Level::Road && house(hit));
        clear && place && !own().any(|mine| mine.means == hit.means || mine.meets(hit))
    })
}

fn verdict(view: &View<'_>, scratch: &Scratch, weights: &Weights) -> Verdict {
    let scored = &scratch.scored;
    let Some(first) = scored.first() else { return Verdict::NotFound };
    if first.place == Place::Nothing {
        return Verdict::NotFound;
    }
    let whole =
        matches!(first.place, Place::Site(_)) && first.inside.is_whole() && is_sure(view, first);
    let another = names_another(scratch, first);
    if whole && !another && weights.calibrated(first.chance) >= weights.accept {
        return Verdict::Accepted;
    }
    let rival = scored.get(1).filter(|second| second.place != Place::Nothing);
    let many = first.inside.is_open() || another;
    if many || rival.is_some_and(|second| second.chance >= RIVAL * first.chance) {
        Verdict::Ambiguous
    } else {
        Verdict::Doubtful
    }
}

fn candidate(
    view: &View<'_>,
    scored: &Scored,
    weights: &Weights,
    scratch: &Scratch,
) -> Option<Candidate> {
    let resolved = resolve(view, scored)?;
    let address = elements(view, scored);
    let mut grid = None;
    let mut several = false;
    grids(view, scored, |id, _, _| {
        several |= grid.is_some_and(|known| known != id);
        grid = Some(id);
    });
    Some(Candidate {
        record: resolved.record,
        building: resolved.building,
        grid: grid.filter(|&id| id != NONE && !several),
        precision: resolved.precision,
        point: resolved.point,
        accuracy_m: resolved.accuracy_m,
        confidence: weights.calibrated(scored.chance),
        matches: trace(view, &scratch.text, &scratch.figures, scored, &address),
        faults: faults(scored, weights),
        elements: address,
        relation: None,
        score: scored.inside.score,
    })
}

#[cfg(test)]
#[path = "ask_tests.rs"]
mod tests;
