//! Where the edges of rings meet each other otherwise than at a common corner.

use super::LatticeRing;
use crate::lattice::{LatticePoint, turn};

/// What a look at all pairs of edges found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Contacts {
    /// Pairs of edges that cross, touch or overlap where they must not.
    pub(super) flaws: u32,
    /// Pairs of edges of different rings that touch in one point, which is allowed once per pair.
    pub(super) touches: u32,
    /// A vertex of the first flaw, or of the first touch when there is no flaw.
    pub(super) place: Option<LatticePoint>,
}

/// One of the two coordinates.
type Axis = fn(LatticePoint) -> i32;

struct Edge {
    a: LatticePoint,
    b: LatticePoint,
    ring: u32,
    /// Position in the ring, and how many edges the ring has.
    position: (u32, u32),
}

/// How two edges meet.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Meeting {
    Apart,
    /// In one point that is an end of at least one of them.
    Touch,
    /// In a point inside both, or along a stretch.
    Cross,
}

/// Looks at all pairs of edges of some rings.
///
/// Rings must be free of repeated neighbours and spikes. Sweeps along the longer side of the
/// common box, so the cost is that of sorting plus the pairs that overlap along that side.
pub(super) fn contacts<'a>(rings: impl IntoIterator<Item = &'a LatticeRing>) -> Contacts {
    let mut edges = Vec::new();
    for (ring, walk) in (0..).zip(rings) {
        let count = walk.0.len() as u32;
        edges.extend(walk.edges().zip(0..).map(|((a, b), at)| Edge {
            a,
            b,
            ring,
            position: (at, count),
        }));
    }
    let extent = |of: Axis| {
        let least = edges.iter().map(|edge| of(edge.a)).min().unwrap_or(0);
        let most = edges.iter().map(|edge| of(edge.a)).max().unwrap_or(0);
        i64::from(most) - i64::from(least)
    };
    let (x, y): (Axis, Axis) = (|point| point.x, |point| point.y);
    let (along, across) = if extent(x) >= extent(y) { (x, y) } else { (y, x) };

    edges.sort_unstable_by_key(|edge| along(edge.a).min(along(edge.b)));
    let mut found = Contacts::default();
    for (first, one) in edges.iter().enumerate() {
        let end = along(one.a).max(along(one.b));
        let (low, high) = (across(one.a).min(across(one.b)), across(one.a).max(across(one.b)));
        for other in &edges[first + 1..] {
            if along(other.a).min(along(other.b)) > end {
                break;
            }
            let apart = across(other.a).min(across(other.b)) > high
                || across(other.a).max(across(other.b)) < low;
            if !apart {
                found.note(one, other);
            }
        }
    }
    found
}

impl Contacts {
    fn note(&mut self, one: &Edge, other: &Edge) {
        let meeting = meeting(one, other);
        let same = one.ring == other.ring;
        if meeting == Meeting::Apart
            || (meeting == Meeting::Touch && same && neighbours(one, other))
        {
            return;
        }
        let flaw = meeting == Meeting::Cross || same;
        if self.place.is_none() || (flaw && self.flaws == 0) {
            self.place = Some(common_place(one, other));
        }
        if flaw {
            self.flaws += 1;
        } else {
            self.touches += 1;
        }
    }
}

/// Whether two edges of one ring follow each other.
fn neighbours(one: &Edge, other: &Edge) -> bool {
    let (low, high) = (one.position.0.min(other.position.0), one.position.0.max(other.position.0));
    high - low == 1 || (low == 0 && high == one.position.1 - 1)
}

fn meeting(one: &Edge, other: &Edge) -> Meeting {
    let sides = |edge: &Edge, of: &Edge| {
        (turn(edge.a, edge.b, of.a).signum(), turn(edge.a, edge.b, of.b).signum())
    };
    let (c, d) = sides(one, other);
    let (a, b) = sides(other, one);
    if c == 0 && d == 0 {
        return in_line(one, other);
    }
    if c * d > 0 || a * b > 0 {
        Meeting::Apart
    } else if c * d < 0 && a * b < 0 {
        Meeting::Cross
    } else {
        Meeting::Touch
    }
}

/// How two edges on one line meet.
fn in_line(one: &Edge, other: &Edge) -> Meeting {
    let ordered = |edge: &Edge| (edge.a.min(edge.b), edge.a.max(edge.b));
    let ((low, high), (other_low, other_high)) = (ordered(one), ordered(other));
    match low.max(other_low).cmp(&high.min(other_high)) {
        std::cmp::Ordering::Less => Meeting::Cross,
        std::cmp::Ordering::Equal => Meeting::Touch,
        std::cmp::Ordering::Greater => Meeting::Apart,
    }
}

/// An end of one edge on or nearest to the other.
fn common_place(one: &Edge, other: &Edge) -> LatticePoint {
    let off = |edge: &Edge, p: LatticePoint| turn(edge.a, edge.b, p).unsigned_abs();
    let ends = [(other.a, off(one, other.a)), (other.b, off(one, other.b))];
    let more = [(one.a, off(other, one.a)), (one.b, off(other, one.b))];
    ends.into_iter().chain(more).min_by_key(|(_, off)| *off).map_or(one.a, |(place, _)| place)
}
