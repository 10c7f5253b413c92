//! Directions: eight points of the compass, the bearing of one place from another, and steps on the tangent plane.
//!
//! In the plane around a point, `x = Δλ · N cos φ` and `y = Δφ · M`, with the radii of curvature of the ellipsoid that
//! only [`measure`](crate::measure) knows. Within 10 km of 36° N a bearing is good to 0.05° and a step to 0.2 %.

use serde::Serialize;

use crate::lattice::LatticePoint;
use crate::measure::step_m;

/// One of the eight points of the compass.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "the words say it")]
pub enum Compass {
    North,
    NorthEast,
    East,
    SouthEast,
    South,
    SouthWest,
    West,
    NorthWest,
}

impl Compass {
    /// All, clockwise from north.
    pub const ALL: [Self; 8] = [
        Self::North,
        Self::NorthEast,
        Self::East,
        Self::SouthEast,
        Self::South,
        Self::SouthWest,
        Self::West,
        Self::NorthWest,
    ];

    /// The point nearest to a bearing in degrees, clockwise from north.
    ///
    /// # Example
    /// ```
    /// use spatial::geocode::Compass;
    /// assert_eq!(Compass::of_deg(350.0), Compass::North);
    /// assert_eq!(Compass::of_deg(50.0).word(), "东北");
    /// ```
    pub fn of_deg(bearing_deg: f64) -> Self {
        let eighth = (bearing_deg.rem_euclid(360.0) / 45.0).round() as usize % 8;
        Self::ALL[eighth]
    }

    /// The Chinese word.
    pub fn word(self) -> &'static str {
        ["北", "东北", "东", "东南", "南", "西南", "西", "西北"][self as usize]
    }

    /// Degrees clockwise from north.
    pub fn bearing_deg(self) -> f64 {
        f64::from(self as u8) * 45.0
    }

    /// The point opposite.
    #[must_use]
    pub fn opposite(self) -> Self {
        Self::ALL[(self as usize + 4) % 8]
    }
}

/// The way from one place to another on the plane of their middle latitude: metres east, metres north.
pub fn apart_m(from: LatticePoint, to: LatticePoint) -> (f64, f64) {
    let (east, north) = step_m(i32::midpoint(from.y, to.y));
    let (dx, dy) = (f64::from(to.x) - f64::from(from.x), f64::from(to.y) - f64::from(from.y));
    (dx * east, dy * north)
}

/// The bearing of `to` from `from` in degrees clockwise from north, 0 ≤ bearing < 360; 0 for the same place.
pub fn bearing_deg(from: LatticePoint, to: LatticePoint) -> f64 {
    let (east, north) = apart_m(from, to);
    let bearing = east.atan2(north).to_degrees();
    if bearing < 0.0 { bearing + 360.0 } else { bearing }
}

/// The place some metres from another in a direction.
///
/// # Example
/// ```
/// use spatial::geocode::{bearing_deg, moved};
/// use spatial::lattice::LatticePoint;
/// let here = LatticePoint::new(1_038_343_000, 360_611_000);
/// let there = moved(here, 90.0, 50.0);
/// assert!((bearing_deg(here, there) - 90.0).abs() < 0.1 && there.y == here.y);
/// ```
#[must_use]
pub fn moved(from: LatticePoint, bearing_deg: f64, metres: f64) -> LatticePoint {
    let (sine, cosine) = bearing_deg.to_radians().sin_cos();
    let (_, north) = step_m(from.y);
    let dy = (cosine * metres / north).round() as i32;
    let (east, _) = step_m(from.y.saturating_add(dy / 2));
    let dx = (sine * metres / east.max(1e-6)).round() as i32;
    LatticePoint::new(from.x.saturating_add(dx), from.y.saturating_add(dy))
}

#[cfg(test)]
#[path = "compass_tests.rs"]
mod tests;
