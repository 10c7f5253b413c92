//! One place and how another stands to it.

use super::super::answer::{Answer, Candidate, Precision, Verdict};
use super::super::compass::moved;
use super::super::interpolate::on_the_way;
use super::super::label::Label;
use super::super::relation::RelationKind;
use super::super::snapshot::{NONE, View};
use super::super::text::Text;
use super::words::Spoken;
use crate::lattice::LatticePoint;
use crate::measure::distance_m;

/// How far what is said to be at, beside, near or opposite a place may be from it, in metres.
const AT_M: f64 = 15.0;
const BESIDE_M: f64 = 40.0;
const SIDE_M: f64 = 30.0;
const NEAR_M: f64 = 150.0;
const OPPOSITE_M: f64 = 50.0;
/// The other side of a road is not farther, in metres.
const ACROSS_M: f64 = 120.0;
const ACROSS_ACCURACY_M: f64 = 20.0;
/// People are this wrong about distances.
const STEP_M: f64 = 10.0;
const STEP_SHARE: f64 = 0.2;
/// An accepted anchor stays accepted up to this accuracy, in metres.
const ACCEPTED_M: f64 = 60.0;

/// How exact a step of some metres is.
pub(super) fn step_accuracy_m(metres: f64) -> f64 {
    STEP_M + STEP_SHARE * metres
}

/// The whole answer where its end is said to be 门口: the place itself, not quite so exact.
pub(super) fn at(whole: &Answer, text: &Text, spoken: &Spoken) -> Option<Answer> {
    let start = text.origin(spoken.start..spoken.end).start;
    let first = whole.candidates.first()?;
    let end = first.matches.iter().filter_map(|line| line.span).map(|span| span.1).max()?;
    let between = text_between(text, end, start)?;
    if between > super::MOST_BETWEEN {
        return None;
    }
    let mut answer = whole.clone();
    for candidate in &mut answer.candidates {
        candidate.accuracy_m += AT_M;
        candidate.relation = Some(spoken.relation(text, RelationKind::At));
    }
    Some(answer)
}

/// Units between two bytes of the text as it came; `None` where the second comes first.
fn text_between(text: &Text, from: usize, to: usize) -> Option<usize> {
    let start = |at: usize| text.origin(at..at + 1).start;
    (from <= to).then(|| (0..text.len()).filter(|&at| (from..to).contains(&start(at))).count())
}

/// The anchor's candidates, each moved as the words say.
pub(super) fn moved_by(
    view: &View<'_>,
    mut anchor: Answer,
    whole: Answer,
    text: &Text,
    spoken: &Spoken,
) -> Answer {
    for candidate in &mut anchor.candidates {
        let (point, accuracy_m) = place(view, candidate, spoken.kind);
        let apart_m = distance_m(candidate.point.lng_lat(), point.lng_lat());
        candidate.point = point;
        candidate.accuracy_m = accuracy_m;
        candidate.relation = Some(spoken.relation(text, spoken.kind));
        if candidate.precision <= Precision::Relative {
            candidate.precision = Precision::Relative;
        }
        // The record is that of the anchor: what is meant is another place.
        candidate.record = None;
        candidate.building = None;
        if apart_m > 1.0 {
            candidate.grid = None;
        }
    }
    let first = anchor.candidates.first();
    if first.is_some_and(|first| first.grid.is_none()) {
        anchor.grids.clear();
    }
    if anchor.verdict == Verdict::Accepted && first.is_none_or(|f| f.accuracy_m > ACCEPTED_M) {
        anchor.verdict = Verdict::Doubtful;
    }
    anchor.text = whole.text;
    anchor
}

fn place(view: &View<'_>, anchor: &Candidate, kind: RelationKind) -> (LatticePoint, f64) {
    let (point, accuracy) = (anchor.point, anchor.accuracy_m);
    match kind {
        RelationKind::At => (point, accuracy + AT_M),
        RelationKind::Beside { side: None } => (point, accuracy + BESIDE_M),
        RelationKind::Beside { side: Some(side) } => {
            (moved(point, side.bearing_deg(), SIDE_M), accuracy + BESIDE_M)
        }
        RelationKind::Near => (point, accuracy + NEAR_M),
        RelationKind::Opposite => match across(view, anchor) {
            Some((other, apart_m)) => (other, apart_m / 2.0 + ACROSS_ACCURACY_M),
            None => (point, accuracy + OPPOSITE_M),
        },
        RelationKind::Offset { direction, metres } => {
            (moved(point, direction.bearing_deg(), metres), accuracy + step_accuracy_m(metres))
        }
        RelationKind::Within { metres } => (point, accuracy + metres),
        RelationKind::Crossing | RelationKind::Between => (point, accuracy),
    }
}

/// The nearest house on the other side of the anchor's road, and the metres to it.
fn across(view: &View<'_>, anchor: &Candidate) -> Option<(LatticePoint, f64)> {
    let number: u32 = anchor.elements.number.trim_end_matches('号').parse().ok()?;
    let road = (0..view.names() as u32).find(|&name| {
        view.level(name) == Some(super::super::Level::Road)
            && view.name(name) == anchor.elements.road
    })?;
    let range = view.name_sites_start.range(road as usize);
    let sites = range.map(|at| view.name_sites.u32(at));
    let other_side = |label: Label| label.digits() > 0 && label.digits() % 2 != number % 2;
    sites
        .filter(|&site| site != NONE && other_side(view.site_label(site)))
        .map(|site| view.site_point(site))
        .map(|point| (point, distance_m(anchor.point.lng_lat(), point.lng_lat())))
        .filter(|(_, apart_m)| *apart_m <= ACROSS_M)
        .min_by(|one, other| one.1.total_cmp(&other.1))
}

/// The middle of two places with its accuracy.
pub(super) fn middle(one: (LatticePoint, f64), other: (LatticePoint, f64)) -> (LatticePoint, f64) {
    let apart_m = distance_m(one.0.lng_lat(), other.0.lng_lat());
    (on_the_way(one.0, other.0, 0.5), apart_m / 2.0 + one.1.max(other.1))
}
