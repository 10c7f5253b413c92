//! All faces within some metres of a point: whose answer may hold when a point is only known so well.

use super::Locator;
use super::nearest::Plane;
use crate::lattice::{LatticeBox, LatticePoint};
use crate::measure::step_m;

impl Locator {
    /// The faces that hold `point` or come within `radius_m` metres of it, with the distance to each: 0 for those that
    /// hold it, the nearest first, of equally near ones the lower id.
    ///
    /// Measured in the plane around the point, good to a thousandth within 10 km.
    pub fn around(&self, point: LatticePoint, radius_m: f64) -> Vec<(u32, f64)> {
        let (east_m, north_m) = step_m(point.y);
        // A step is shorter farther from the equator: two per cent more than the box needs.
        let reach = |step_m: f64| (radius_m.max(0.0) * 1.02 / step_m.max(1e-9) + 1.0) as i32;
        let (dx, dy) = (reach(east_m), reach(north_m));
        let area = LatticeBox {
            min: LatticePoint::new(point.x.saturating_sub(dx), point.y.saturating_sub(dy)),
            max: LatticePoint::new(point.x.saturating_add(dx), point.y.saturating_add(dy)),
        };
        let plane = Plane { origin: point, east_m, north_m };
        let mut near: Vec<(u32, f64)> = self
            .meeting(area)
            .filter_map(|leaf| {
                let apart_m = if leaf.holds(point) {
                    0.0
                } else {
                    let edges = leaf.face.shape().edges();
                    edges.map(|(a, b)| plane.to_edge(a, b).0).fold(f64::INFINITY, f64::min)
                };
                (apart_m <= radius_m.max(0.0)).then_some((leaf.id, apart_m))
            })
            .collect();
        near.sort_by(|one, other| one.1.total_cmp(&other.1).then(one.0.cmp(&other.0)));
        near
    }
}

#[cfg(test)]
#[path = "around_tests.rs"]
mod tests;
