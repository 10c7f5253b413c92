//! The half-open rule: every point of the plane belongs to exactly one face of a partition.
//!
//! A ray goes left from the point; the point is inside when it meets an odd number of edges. Ends
//! at or below the ray's height count as below it, and a point on an edge counts as right of it.
//! That equals moving the point infinitesimally right and then, by infinitely less, up: a shared
//! border belongs to the face on its right, a shared vertex to one face. The outer rim is half-open
//! too: a point exactly on the east or north rim is outside.

use crate::coverage::LatticeMultiPolygon;
use crate::lattice::LatticePoint;

/// Whether the leftward ray from `point` meets the edge between `a` and `b`, in either order.
///
/// Exact on the globe: with |x| ≤ 1.8e9 and |y| ≤ 0.9e9 each product below stays under 2^63, and
/// the two are compared, not subtracted.
#[inline]
pub fn crosses(point: LatticePoint, a: LatticePoint, b: LatticePoint) -> bool {
    let (lo, hi) = if a.y <= b.y { (a, b) } else { (b, a) };
    lo.y <= point.y && point.y < hi.y && right_of(point, lo, hi)
}

/// Whether `point` is on or to the right of the upward edge `lo` → `hi`.
#[inline]
pub(super) fn right_of(point: LatticePoint, lo: LatticePoint, hi: LatticePoint) -> bool {
    let step = |to: i32, from: i32| i64::from(to) - i64::from(from);
    step(point.x, lo.x) * step(hi.y, lo.y) >= step(point.y, lo.y) * step(hi.x, lo.x)
}

/// Whether a shape holds a point, by walking all its edges.
///
/// # Example
/// ```
/// use spatial::coverage::{LatticePolygon, LatticeRing};
/// use spatial::lattice::LatticePoint;
/// use spatial::locate::rule::contains;
/// let at = LatticePoint::new;
/// let square = LatticePolygon::solid(LatticeRing(vec![at(0, 0), at(9, 0), at(9, 9), at(0, 9)]));
/// assert!(contains(&square.clone().into(), at(0, 0)), "the south-west rim belongs to it");
/// assert!(!contains(&square.into(), at(9, 5)), "the east rim to its neighbour");
/// ```
pub fn contains(shape: &LatticeMultiPolygon, point: LatticePoint) -> bool {
    shape.edges().filter(|(a, b)| crosses(point, *a, *b)).count() % 2 == 1
}

#[cfg(test)]
#[path = "rule_tests.rs"]
mod tests;
