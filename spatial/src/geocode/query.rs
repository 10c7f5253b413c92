//! The whole answer to a text: the snapshot, the overlay on top of it, relations and interpolation.

use super::answer::{Answer, Candidate, Fault, GridChance, MatchKind, Precision, Verdict};
use super::ask::answer;
use super::chance::chances_of_grids;
use super::feature::Weights;
use super::interpolate::interpolate;
use super::overlay::{Heard, Now, Overlay, Rewritten, rewritten};
use super::place::Place;
use super::search::{Scored, Scratch, search};
use super::snapshot::{NONE, Snapshot, View};
use crate::lattice::LatticePoint;

/// Candidates that are looked at when two gazetteers are joined.
const MOST_JOINED: usize = 10;
/// An added address this far behind the best has no chance worth counting.
const HOPELESS: f32 = 14.0;
/// Share of the first one's chance from which a second candidate is a rival.
const RIVAL: f32 = 0.25;
/// What it costs that a place is there no longer.
const CLOSED: f32 = 3.0;

/// A text to be understood.
#[derive(Clone, Copy)]
pub struct Query<'a> {
    /// What somebody wrote.
    pub text: &'a str,
    /// How many candidates at most; at least one.
    pub limit: usize,
    /// The instant of which the overlay's entries must hold, in seconds since 1970; `None` takes them all.
    pub as_of: Option<i64>,
    /// Other weights than those that are shipped.
    pub weights: Option<&'a Weights>,
    /// The grid of a place by the borders of now; `None` for those the snapshot was built with.
    pub grid_at: Option<&'a dyn Fn(LatticePoint) -> Option<u32>>,
    /// Whom the caller hears; `None` hears every other name alike.
    pub heard: Option<Heard<'a>>,
}

impl std::fmt::Debug for Query<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { text, limit, as_of, .. } = self;
        f.debug_struct("Query")
            .field("text", text)
            .field("limit", limit)
            .field("as_of", as_of)
            .finish_non_exhaustive()
    }
}

impl<'a> Query<'a> {
    /// Up to five candidates, whenever.
    pub const fn text(text: &'a str) -> Self {
        Self { text, limit: 5, as_of: None, weights: None, grid_at: None, heard: None }
    }

    pub(super) fn weights(&self) -> &'a Weights {
        self.weights.unwrap_or_else(|| Weights::shipped())
    }
}

/// Memory of a thread between its queries, as [`Scratch`].
#[derive(Debug, Default)]
pub struct AskScratch {
    pub(super) base: Scratch,
    pub(super) added: Scratch,
    /// The text that `base` was last used for.
    pub(super) searched: String,
}

impl<B: AsRef<[u8]>> Snapshot<B> {
    /// What place a text means, with all that the overlay knows better.
    ///
    /// Other names are put right where they stand as they are written; of the two readings of the text the better one
    /// counts. Addresses that were added compete with those of the snapshot. Known numbers of a road place the unknown
    /// one between them, and 对面, 东侧50米, 之间, 交叉口 are understood (see [`Relation`](super::Relation)).
    pub fn ask(&self, overlay: &Overlay, query: &Query<'_>, scratch: &mut AskScratch) -> Answer {
        let mut whole = self.plain(overlay, query, scratch);
        interpolate(&self.view(), &mut whole, &scratch.base.names.hits);
        whole.candidates.truncate(query.limit.max(1));
        let mut answer = self.related(overlay, query, whole, scratch);
        if let Some(grid_at) = query.grid_at {
            locate(&mut answer, grid_at);
        }
        answer
    }

    /// The answer to a text without relations.
    pub(super) fn plain(
        &self,
        overlay: &Overlay,
        query: &Query<'_>,
        scratch: &mut AskScratch,
    ) -> Answer {
        let as_it_came = self.joined(overlay, query, scratch);
        let Some(rewritten) = rewritten(overlay, query) else {
            return as_it_came;
        };
        let put_right = Query { text: &rewritten.text, ..*query };
        let mut other = self.joined(overlay, &put_right, scratch);
        let best = |answer: &Answer| answer.candidates.first().map_or(f32::MIN, |c| c.score);
        if best(&other) - rewritten.cost <= best(&as_it_came) {
            return as_it_came;
        }
        as_said(&mut other, &rewritten);
        other.text = as_it_came.text;
        other.aliases = rewritten.ids();
        other
    }

    /// The answer of the snapshot and of what was added to it.
    fn joined(&self, overlay: &Overlay, query: &Query<'_>, scratch: &mut AskScratch) -> Answer {
        let (view, weights) = (self.view(), query.weights());
        search(&view, query.text, weights, &mut scratch.base);
        query.text.clone_into(&mut scratch.searched);
        let base = |mut answer: Answer| {
            // Only of the snapshot: what was added is as it was said.
            correct(&mut answer, overlay, query);
            answer
        };
        let mut joined = match overlay.added() {
            Some(added) => {
                let more = added.view();
                search(&more, query.text, weights, &mut scratch.added);
                let has = scratch.added.scored.iter().any(|s| s.place != Place::Nothing);
                if has && share_chances(scratch) {
                    let mut one =
                        answer(&view, query.limit.max(MOST_JOINED), weights, &scratch.base);
                    one.grids = grids(&view, &scratch.base.scored, query);
                    let mut two =
                        answer(&more, query.limit.max(MOST_JOINED), weights, &scratch.added);
                    two.grids = grids(&more, &scratch.added.scored, query);
                    two.candidates.retain(|c| overlay.holds(c.record, query.as_of));
                    join(base(one), two)
                } else {
                    base(alone(&view, query, scratch))
                }
            }
            None => base(alone(&view, query, scratch)),
        };
        joined.candidates.truncate(query.limit.max(1));
        joined
    }
}

fn alone(view: &View<'_>, query: &Query<'_>, scratch: &AskScratch) -> Answer {
    let mut answer = answer(view, query.limit.max(1), query.weights(), &scratch.base);
    if query.grid_at.is_some() {
        answer.grids = grids(view, &scratch.base.scored, query);
    }
    answer
}

/// The grids of a query: by the borders of now if it has them.
fn grids(view: &View<'_>, scored: &[Scored], query: &Query<'_>) -> Vec<GridChance> {
    chances_of_grids(view, scored, query.weights(), |grid, point| match query.grid_at {
        Some(grid_at) => grid_at(point).unwrap_or(NONE),
        None => grid,
    })
}

/// The grids of places by the borders of now. A site that lies in several has none of its own.
fn locate(answer: &mut Answer, grid_at: &dyn Fn(LatticePoint) -> Option<u32>) {
    for candidate in &mut answer.candidates {
        let is_place = candidate.precision <= Precision::Relative;
        let is_open = candidate.precision == Precision::Site && candidate.grid.is_none();
        candidate.grid = if is_place && !is_open { grid_at(candidate.point) } else { None };
    }
    // What was moved away from an address is in the grid where it lies.
    if answer.grids.is_empty() {
        let placed = answer.candidates.iter().filter_map(|c| Some((c.grid?, c.confidence)));
        for (grid, confidence) in placed.collect::<Vec<_>>() {
            add_grid(&mut answer.grids, grid, confidence);
        }
    }
}

/// Makes the chances of both searches add up to one; `false` where those of the second are not worth it.
fn share_chances(scratch: &mut AskScratch) -> bool {
    // The logarithm of the sum of all exponentials of the scores.
    let total = |scratch: &Scratch| {
        scratch.scored.first().map_or(f32::MIN, |s| s.inside.score - s.chance.max(1e-9).ln())
    };
    scratch.added.scored.retain(|s| s.place != Place::Nothing);
    let best = |scratch: &Scratch| scratch.scored.first().map_or(f32::MIN, |s| s.inside.score);
    let (base, most) = (total(&scratch.base), best(&scratch.added));
    if most < best(&scratch.base) - HOPELESS {
        return false;
    }
    let more = scratch.added.scored.iter().map(|s| (s.inside.score - most).exp()).sum::<f32>();
    let more = most + more.ln();
    let top = base.max(more);
    let both = top + ((base - top).exp() + (more - top).exp()).ln();
    for side in [&mut scratch.base.scored, &mut scratch.added.scored] {
        for scored in side.iter_mut() {
            scored.chance = (scored.inside.score - both).exp();
        }
    }
    true
}

/// One answer of two whose chances add up to one.
fn join(one: Answer, two: Answer) -> Answer {
    let best = |answer: &Answer| answer.candidates.first().map_or(f32::MIN, |c| c.score);
    let (mut main, rest) = if best(&two) > best(&one) { (two, one) } else { (one, two) };
    let rival =
        rest.candidates.first().zip(main.candidates.first()).is_some_and(|(other, first)| {
            other.elements != first.elements && other.confidence >= RIVAL * first.confidence
        });
    if rival && main.verdict == Verdict::Doubtful {
        main.verdict = Verdict::Ambiguous;
    }
    for candidate in rest.candidates {
        let known = main.candidates.iter().any(|c| c.elements == candidate.elements);
        if !known {
            main.candidates.push(candidate);
        }
    }
    main.candidates.sort_by(|a, b| b.score.total_cmp(&a.score));
    for chance in rest.grids {
        add_grid(&mut main.grids, chance.grid, chance.confidence);
    }
    main
}

fn add_grid(grids: &mut Vec<GridChance>, grid: u32, confidence: f32) {
    match grids.iter_mut().find(|known| known.grid == grid) {
        Some(known) => known.confidence = (known.confidence + confidence).clamp(0.0, 1.0),
        None => grids.push(GridChance { grid, confidence: confidence.clamp(0.0, 1.0) }),
    }
    grids.sort_by(|a, b| b.confidence.total_cmp(&a.confidence).then(a.grid.cmp(&b.grid)));
}

/// Says of the names that were put right what stands in the text.
fn as_said(answer: &mut Answer, rewritten: &Rewritten) {
    for candidate in &mut answer.candidates {
        candidate.score -= rewritten.cost;
        for line in &mut candidate.matches {
            let Some(span) = line.span else { continue };
            let (span, used) = rewritten.origin(span);
            line.span = Some(span);
            if let Some(used) = used {
                line.said.clone_from(&used.said);
                line.kind = MatchKind::Alias;
                line.until = used.until;
            }
        }
    }
}

/// Puts right what is not as the snapshot says.
fn correct(answer: &mut Answer, overlay: &Overlay, query: &Query<'_>) {
    let by_now = |grid: Option<u32>, at: LatticePoint| match query.grid_at {
        Some(grid_at) => grid_at(at),
        None => grid,
    };
    for at in 0..answer.candidates.len() {
        let candidate = &mut answer.candidates[at];
        match overlay.now(candidate.record, candidate.building, query.as_of) {
            Some(Now::Moved { point, grid }) => {
                let confidence = candidate.confidence;
                let (old, grid) = (by_now(candidate.grid, candidate.point), by_now(grid, point));
                candidate.point = point;
                candidate.grid = grid;
                if let Some(old) = old.filter(|old| Some(*old) != grid) {
                    add_grid(&mut answer.grids, old, -confidence);
                    answer.grids.retain(|chance| chance.confidence > 1e-4);
                }
                if let Some(new) = grid.filter(|new| Some(*new) != old) {
                    add_grid(&mut answer.grids, new, confidence);
                }
            }
            Some(Now::Closed) => {
                close(candidate);
                if at == 0 && answer.verdict == Verdict::Accepted {
                    answer.verdict = Verdict::Doubtful;
                }
            }
            None => {}
        }
    }
}

fn close(candidate: &mut Candidate) {
    let fault = Fault { fault: "place.closed".to_owned(), penalty: CLOSED };
    candidate.faults.insert(0, fault);
}

#[cfg(test)]
#[path = "query_tests.rs"]
mod tests;
