//! A place inside a shape for its label, as far from the border as a quick look finds.
//!
//! "Inside" is the half-open [`rule`](crate::locate::rule): a point given here is located back to
//! the same shape. The shape is cut along a few parallels; the middle of each widest cut competes,
//! and the one with the most room around it wins.

use crate::coverage::LatticeMultiPolygon;
use crate::lattice::LatticePoint;
use crate::measure::step_m;

/// Parallels tried at first, evenly spaced.
const CUTS: i64 = 17;
/// Beyond this many rows a shape that no cut and no vertex row entered is given up.
const MAX_ROWS: i64 = 100_000;

/// A point inside `shape`, or `None` when it holds no lattice point.
///
/// Shapes wider than a lattice step somewhere always have one in practice; `None` is for empty,
/// collapsed and hair-thin shapes.
pub fn interior_point(shape: &LatticeMultiPolygon) -> Option<LatticePoint> {
    let bounds = shape.bounds()?;
    let height = bounds.height();
    let row = |cut: i64| (i64::from(bounds.min.y) + height * (2 * cut + 1) / (2 * CUTS)) as i32;
    let best = (0..CUTS)
        .filter_map(|cut| widest_cut(shape, row(cut)))
        .map(|point| (room_m(shape, point), point))
        .max_by(|a, b| a.0.total_cmp(&b.0));
    if let Some((_, point)) = best {
        return Some(point);
    }
    let beside_vertices = shape.rings().flat_map(|ring| &ring.0).flat_map(|p| [p.y, p.y - 1]);
    if let Some(point) = beside_vertices.into_iter().find_map(|y| widest_cut(shape, y)) {
        return Some(point);
    }
    if height > MAX_ROWS {
        return None;
    }
    (bounds.min.y..=bounds.max.y).find_map(|y| widest_cut(shape, y))
}

/// The middle of the longest run of inside points on the parallel `y`.
fn widest_cut(shape: &LatticeMultiPolygon, y: i32) -> Option<LatticePoint> {
    let mut starts: Vec<i64> = shape.edges().filter_map(|(a, b)| first_right_of(a, b, y)).collect();
    starts.sort_unstable();
    // Inside from each odd crossing up to, not including, the next even one.
    let runs = starts.chunks_exact(2).filter(|run| run[0] < run[1]);
    let widest = runs.max_by_key(|run| run[1] - run[0])?;
    Some(LatticePoint::new((widest[0] + (widest[1] - widest[0]) / 2) as i32, y))
}

/// The least x at height `y` whose leftward ray meets the edge, or `None` when none does.
fn first_right_of(a: LatticePoint, b: LatticePoint, y: i32) -> Option<i64> {
    let (lo, hi) = if a.y <= b.y { (a, b) } else { (b, a) };
    if !(lo.y <= y && y < hi.y) {
        return None;
    }
    let step = |to: i32, from: i32| i128::from(to) - i128::from(from);
    let rise = step(hi.y, lo.y);
    let run = step(y, lo.y) * step(hi.x, lo.x);
    // Ceiling division; `rise` is positive.
    Some(i64::from(lo.x) + (run + rise - 1).div_euclid(rise) as i64)
}

/// Metres from a point to the nearest edge, in the plane around it.
fn room_m(shape: &LatticeMultiPolygon, point: LatticePoint) -> f64 {
    let (east_m, north_m) = step_m(point.y);
    let flat = |p: LatticePoint| {
        let dx = (f64::from(p.x) - f64::from(point.x)) * east_m;
        (dx, (f64::from(p.y) - f64::from(point.y)) * north_m)
    };
    let apart2 = |(a, b): (LatticePoint, LatticePoint)| {
        let ((ax, ay), (bx, by)) = (flat(a), flat(b));
        let (dx, dy) = (bx - ax, by - ay);
        let length2 = (dx * dx + dy * dy).max(f64::MIN_POSITIVE);
        let along = (-(ax * dx + ay * dy) / length2).clamp(0.0, 1.0);
        (ax + along * dx).powi(2) + (ay + along * dy).powi(2)
    };
    shape.edges().map(apart2).fold(f64::INFINITY, f64::min).sqrt()
}

#[cfg(test)]
#[path = "interior_tests.rs"]
mod tests;
