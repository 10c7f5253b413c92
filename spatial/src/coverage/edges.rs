//! Every edge paired with its neighbour's: the O(n) proof that a coverage is clean.
//!
//! Counted with direction, the edges that find no opposite partner are all there is to judge: how
//! many faces cover a place changes only across such an edge. In a clean coverage they are the
//! outer rim, once around.

use super::LatticeMultiPolygon;
use crate::lattice::LatticePoint;

/// An edge with the faces on both sides; `a` < `b`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Edge {
    pub(crate) a: LatticePoint,
    pub(crate) b: LatticePoint,
    /// Index of the face on the left of a → b.
    pub(crate) left: Option<u32>,
    /// Index of the face on the right of a → b.
    pub(crate) right: Option<u32>,
}

/// An edge without an opposite partner, its face on the left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct OddEdge {
    pub(crate) from: LatticePoint,
    pub(crate) to: LatticePoint,
    pub(crate) face: u32,
}

/// What the pairing of all edges gave.
#[derive(Clone, Debug, Default)]
pub(crate) struct Pairing {
    /// All edges once, sorted by their ends; where more than two faces meet, the first two.
    pub(crate) edges: Vec<Edge>,
    /// The rest, with multiplicity.
    pub(crate) odd: Vec<OddEdge>,
}

#[derive(Clone, Copy)]
struct Half {
    a: LatticePoint,
    b: LatticePoint,
    face: u32,
    forward: bool,
}

/// Pairs the edges of shapes whose rings run with their face on the left.
pub(crate) fn pair<'a>(
    shapes: impl IntoIterator<Item = (u32, &'a LatticeMultiPolygon)>,
) -> Pairing {
    let mut halves = Vec::new();
    for (face, shape) in shapes {
        halves.extend(shape.edges().filter(|(from, to)| from != to).map(|(from, to)| {
            let forward = from < to;
            let (a, b) = if forward { (from, to) } else { (to, from) };
            Half { a, b, face, forward }
        }));
    }
    halves.sort_unstable_by_key(|half| (half.a, half.b, half.face, half.forward));
    let mut pairing = Pairing::default();
    for group in halves.chunk_by(|one, other| (one.a, one.b) == (other.a, other.b)) {
        pairing.take(group);
    }
    pairing
}

impl Pairing {
    fn take(&mut self, group: &[Half]) {
        let (a, b) = (group[0].a, group[0].b);
        if let [one, other] = group {
            // The common case, and that of a slit inside one face, which is no border.
            if one.forward != other.forward {
                let (left, right) = if one.forward { (one, other) } else { (other, one) };
                if left.face != right.face {
                    let (left, right) = (Some(left.face), Some(right.face));
                    self.edges.push(Edge { a, b, left, right });
                }
                return;
            }
        }
        let lefts: Vec<u32> = group.iter().filter(|h| h.forward).map(|h| h.face).collect();
        let rights: Vec<u32> = group.iter().filter(|h| !h.forward).map(|h| h.face).collect();
        self.edges.push(Edge {
            a,
            b,
            left: lefts.first().copied(),
            right: rights.first().copied(),
        });
        let paired = lefts.len().min(rights.len());
        self.odd.extend(lefts[paired..].iter().map(|&face| OddEdge { from: a, to: b, face }));
        self.odd.extend(rights[paired..].iter().map(|&face| OddEdge { from: b, to: a, face }));
    }
}
