//! A place inside a polygon of any thinness, and who covers it.
//!
//! A sliver may hold no lattice point, but the middle of a triangle is always a whole number of
//! sixths of a step from the lattice.

use super::{LatticeMultiPolygon, LatticePolygon};
use crate::lattice::{LatticePoint, turn};

/// A place in sixths of a lattice step: longitude, latitude.
pub(super) type Sixths = (i64, i64);

/// A place strictly inside a polygon, `None` for one without extent.
pub(super) fn inside(part: &LatticePolygon) -> Option<Sixths> {
    let ring = &part.exterior.0;
    let count = ring.len();
    let first = (0..count).min_by_key(|at| ring[*at])?;
    let corner = ring[first];
    let (before, after) = (ring[(first + count - 1) % count], ring[(first + 1) % count]);
    if turn(before, corner, after) <= 0 {
        return None;
    }
    // The outermost corner's triangle is inside, unless other corners reach into it: then the way
    // to the one farthest in is (O'Rourke, Computational Geometry in C, 1.3).
    let is_within = |point: &LatticePoint| {
        turn(before, corner, *point) >= 0
            && turn(corner, after, *point) >= 0
            && turn(after, before, *point) > 0
            && *point != corner
    };
    let others = part.rings().flat_map(|ring| &ring.0).filter(|point| is_within(point));
    let sixths =
        |point: LatticePoint, share: i64| (share * i64::from(point.x), share * i64::from(point.y));
    let sum = |places: &[Sixths]| {
        places.iter().fold((0, 0), |sum, place| (sum.0 + place.0, sum.1 + place.1))
    };
    Some(match others.max_by_key(|point| turn(after, before, **point)) {
        None => sum(&[before, corner, after].map(|point| sixths(point, 2))),
        Some(other) => sum(&[corner, *other].map(|point| sixths(point, 3))),
    })
}

/// Whether a part of a shape covers a place.
pub(super) fn covers(shape: &LatticeMultiPolygon, (x, y): Sixths) -> bool {
    let wide = |point: LatticePoint| (6 * i128::from(point.x), 6 * i128::from(point.y));
    let (x, y) = (i128::from(x), i128::from(y));
    let crosses = |(a, b): &(LatticePoint, LatticePoint)| {
        let (lo, hi) = if a.y <= b.y { (wide(*a), wide(*b)) } else { (wide(*b), wide(*a)) };
        lo.1 <= y && y < hi.1 && (x - lo.0) * (hi.1 - lo.1) >= (y - lo.1) * (hi.0 - lo.0)
    };
    shape.0.iter().any(|part| {
        let edges = part.rings().flat_map(|ring| ring.edges().collect::<Vec<_>>());
        edges.filter(crosses).count() % 2 == 1
    })
}
