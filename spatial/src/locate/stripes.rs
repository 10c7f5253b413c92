//! A face's edges sorted into horizontal stripes, so that a query asks only those at its height.
//!
//! The idea is tg's "y-stripes" (<https://github.com/tidwall/tg/blob/main/docs/POLYGON_INDEXING.md>).
//! Stripes are 2^k lattice units high; an edge is listed in each stripe it passes through. All
//! faces share one arena.

use std::ops::Range;

use super::rule;
use crate::coverage::LatticeMultiPolygon;
use crate::lattice::{LatticeBox, LatticePoint};

/// Edges a stripe should hold at most on average; more stripes cost memory, fewer cost time.
const EDGES_PER_STRIPE: usize = 2;
/// A face gets at most this many listings per edge; a stack of long edges gets fewer stripes.
const LISTINGS_PER_EDGE: i64 = 4;

/// The edges of many faces.
#[derive(Clone, Debug, Default)]
pub(super) struct Arena {
    /// Where each stripe's edges begin; one more entry than there are stripes.
    starts: Vec<u32>,
    /// Upward edges (lower end, upper end), stripe by stripe.
    edges: Vec<(LatticePoint, LatticePoint)>,
}

/// One face's place in the arena.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stripes {
    /// Index of its lowest stripe in `Arena::starts`.
    first: u32,
    /// How many stripes it has. One more follows, with its level edges, which no ray meets.
    count: u32,
    /// South side of the lowest stripe.
    base: i32,
    /// log2 of a stripe's height.
    shift: u8,
}

impl Arena {
    /// Takes in a face's edges.
    ///
    /// Invariant: `bounds` are the shape's.
    pub(super) fn add(&mut self, shape: &LatticeMultiPolygon, bounds: LatticeBox) -> Stripes {
        let upward =
            |(a, b): (LatticePoint, LatticePoint)| if a.y <= b.y { (a, b) } else { (b, a) };
        let (level, sloped): (Vec<_>, Vec<_>) =
            shape.edges().map(upward).partition(|(lo, hi)| lo.y == hi.y);
        let shift = stripe_shift(&sloped, bounds);
        let base = bounds.min.y;
        let count = (bounds.height() >> shift) as usize + 1;
        let first = self.starts.len() as u32;

        let mut sizes = vec![0u32; count];
        for (lo, hi) in &sloped {
            for stripe in spanned(base, shift, *lo, *hi) {
                sizes[stripe] += 1;
            }
        }
        let mut next = Vec::with_capacity(count);
        let mut end = self.edges.len() as u32;
        for size in sizes {
            self.starts.push(end);
            next.push(end);
            end += size;
        }
        self.starts.extend([end, end + level.len() as u32]);
        self.edges.resize(end as usize, Default::default());
        for (lo, hi) in sloped {
            for stripe in spanned(base, shift, lo, hi) {
                self.edges[next[stripe] as usize] = (lo, hi);
                next[stripe] += 1;
            }
        }
        self.edges.extend(level);
        Stripes { first, count: count as u32, base, shift }
    }

    /// Whether the face holds `point`, which must lie in the face's box.
    #[inline]
    pub(super) fn contains(&self, face: Stripes, point: LatticePoint) -> bool {
        let stripe = ((i64::from(point.y) - i64::from(face.base)) >> face.shift) as usize;
        let mut inside = false;
        for (lo, hi) in &self.edges[self.range(face.first as usize + stripe)] {
            inside ^= lo.y <= point.y && point.y < hi.y && rule::right_of(point, *lo, *hi);
        }
        inside
    }

    /// All edges of a face, level ones included, long ones more than once.
    pub(super) fn edges(&self, face: Stripes) -> &[(LatticePoint, LatticePoint)] {
        let all = self.range(face.first as usize).start
            ..self.range((face.first + face.count) as usize).end;
        &self.edges[all]
    }

    fn range(&self, stripe: usize) -> Range<usize> {
        self.starts[stripe] as usize..self.starts[stripe + 1] as usize
    }
}

/// The smallest stripes that neither outnumber the edges nor list them too often.
fn stripe_shift(sloped: &[(LatticePoint, LatticePoint)], bounds: LatticeBox) -> u8 {
    let wanted = (sloped.len() / EDGES_PER_STRIPE).max(1) as i64;
    let climb: i64 = sloped.iter().map(|(lo, hi)| i64::from(hi.y) - i64::from(lo.y)).sum();
    let allowed = LISTINGS_PER_EDGE * sloped.len() as i64;
    (0u8..32)
        .find(|shift| bounds.height() >> shift < wanted && climb >> shift <= allowed)
        .unwrap_or(32)
}

/// The stripes an upward edge passes through; its upper end, being outside it, may not count.
fn spanned(base: i32, shift: u8, lo: LatticePoint, hi: LatticePoint) -> Range<usize> {
    let stripe = |y: i64| ((y - i64::from(base)) >> shift) as usize;
    stripe(i64::from(lo.y))..stripe(i64::from(hi.y) - 1) + 1
}
