//! A face's edges sorted into horizontal stripes, so that a query asks only those at its height.
//!
//! The idea is tg's "y-stripes" (<https://github.com/tidwall/tg/blob/main/docs/POLYGON_INDEXING.md>).
//! Stripes are 2^k lattice units high; an edge is listed in each stripe it passes through.

use std::ops::Range;

use super::rule;
use crate::coverage::LatticeMultiPolygon;
use crate::lattice::{LatticeBox, LatticePoint};

/// Edges a stripe should hold at most on average; more stripes cost memory, fewer cost time.
const EDGES_PER_STRIPE: usize = 2;
/// A face gets at most this many listings per edge; a stack of long edges gets fewer stripes.
const LISTINGS_PER_EDGE: i64 = 4;

/// One face with its edges, sorted.
#[derive(Clone, Debug)]
pub(super) struct Stripes {
    shape: LatticeMultiPolygon,
    bounds: LatticeBox,
    /// Where each stripe's edges begin; one more entry than there are stripes.
    starts: Vec<u32>,
    /// Upward edges (lower end, upper end), stripe by stripe; level ones, which no ray meets, are
    /// left out.
    edges: Vec<(LatticePoint, LatticePoint)>,
    /// log2 of a stripe's height.
    shift: u8,
}

impl Stripes {
    /// Takes in a face; `None` when it has no vertices.
    pub(super) fn new(shape: LatticeMultiPolygon) -> Option<Self> {
        let bounds = shape.bounds()?;
        let upward =
            |(a, b): (LatticePoint, LatticePoint)| if a.y <= b.y { (a, b) } else { (b, a) };
        let sloped: Vec<_> = shape.edges().map(upward).filter(|(lo, hi)| lo.y < hi.y).collect();
        let shift = stripe_shift(&sloped, bounds);
        let base = bounds.min.y;
        let count = (bounds.height() >> shift) as usize + 1;

        let mut starts = vec![0u32; count + 1];
        for (lo, hi) in &sloped {
            for stripe in spanned(base, shift, *lo, *hi) {
                starts[stripe + 1] += 1;
            }
        }
        for stripe in 0..count {
            starts[stripe + 1] += starts[stripe];
        }
        let mut next = starts.clone();
        let mut edges = vec![Default::default(); starts[count] as usize];
        for (lo, hi) in sloped {
            for stripe in spanned(base, shift, lo, hi) {
                edges[next[stripe] as usize] = (lo, hi);
                next[stripe] += 1;
            }
        }
        Some(Self { shape, bounds, starts, edges, shift })
    }

    /// Whether the face holds `point`, which must lie in the face's box.
    #[inline]
    pub(super) fn contains(&self, point: LatticePoint) -> bool {
        let above = i64::from(point.y) - i64::from(self.bounds.min.y);
        let stripe = (above >> self.shift) as usize;
        let mut inside = false;
        for (lo, hi) in &self.edges[self.range(stripe)] {
            inside ^= lo.y <= point.y && point.y < hi.y && rule::right_of(point, *lo, *hi);
        }
        inside
    }

    /// The face as it was given.
    pub(super) fn shape(&self) -> &LatticeMultiPolygon {
        &self.shape
    }

    /// The box around the face.
    pub(super) fn bounds(&self) -> LatticeBox {
        self.bounds
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
