//! Between two places: A与B之间, A号到B号之间, and on a road between two others.

use super::super::answer::{Answer, Precision, Verdict};
use super::super::overlay::Overlay;
use super::super::query::{AskScratch, Query};
use super::super::relation::RelationKind;
use super::super::snapshot::Snapshot;
use super::super::text::{Text, is_digit};
use super::anchor::middle;
use super::words::Spoken;

/// What joins two places.
const JOINTS: &str = "与和到至及跟、同";
/// Places farther apart are no two ends of a stretch, in metres.
const FARTHEST_M: f64 = 2000.0;
/// An accepted pair stays accepted up to this accuracy, in metres.
const ACCEPTED_M: f64 = 60.0;

/// The middle of a stretch that the text speaks of; `None` where it speaks of none.
pub(super) fn stretch<B: AsRef<[u8]>>(
    snapshot: &Snapshot<B>,
    overlay: &Overlay,
    text: &Text,
    found: &[Spoken],
    query: &Query<'_>,
    scratch: &mut AskScratch,
) -> Option<Answer> {
    let spoken = found.iter().find(|spoken| spoken.kind == RelationKind::Between)?;
    let is_joint = |at: &usize| {
        JOINTS.encode_utf16().any(|joint| joint == text.unit(*at))
            || text.unit(*at) == u16::from(b'-')
    };
    let joints: Vec<usize> = (1..spoken.start).rev().filter(is_joint).collect();
    for joint in joints {
        let left = query.text.get(..text.origin(joint..joint + 1).start)?;
        let right = text.origin(joint + 1..spoken.start);
        let right = query.text.get(right)?;
        let one = snapshot.plain(overlay, &Query { text: left, ..*query }, scratch);
        let Some(first) = one.candidates.first() else { continue };
        if first.precision > Precision::Site || !super::touches(&one, left) {
            continue;
        }
        // 97号与123号之间: both on the road that is named once.
        let same_road = format!("{}{right}", first.elements.road);
        let bare =
            right.chars().next().is_some_and(|c| c.is_numeric() || is_digit(c as u32 as u16));
        let text_of_right = if bare { same_road.as_str() } else { right };
        let other = snapshot.plain(overlay, &Query { text: text_of_right, ..*query }, scratch);
        let Some(second) = other.candidates.first() else { continue };
        if second.precision > Precision::Site {
            continue;
        }
        let ends = [first, second].map(|end| (end.point, end.accuracy_m));
        let (point, accuracy_m) = middle(ends[0], ends[1]);
        if accuracy_m > FARTHEST_M / 2.0 {
            continue;
        }
        let mut relation = spoken.relation(text, RelationKind::Between);
        relation.other = Some(second.elements.clone());
        let mut candidate = first.clone();
        candidate.confidence = first.confidence * second.confidence;
        candidate.grid = first.grid.filter(|_| first.grid == second.grid);
        candidate.point = point;
        candidate.accuracy_m = accuracy_m;
        candidate.precision = Precision::Relative;
        candidate.relation = Some(relation);
        (candidate.record, candidate.building) = (None, None);
        let sure = [&one, &other].iter().all(|answer| answer.verdict == Verdict::Accepted);
        let mut answer = Answer { candidates: vec![candidate], ..one };
        if answer.candidates[0].grid.is_none() {
            answer.grids.clear();
        }
        answer.verdict =
            if sure && accuracy_m <= ACCEPTED_M { Verdict::Accepted } else { Verdict::Doubtful };
        answer.question = None;
        answer.missing = None;
        answer.text = text.to_string();
        return Some(answer);
    }
    None
}
