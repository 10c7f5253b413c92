//! The integer lattice of 1e-7° on which every border and every query lies.
//!
//! Rounding happens once, at the door; afterwards two borders that should be the same *are* the
//! same, and "on which side" is integer arithmetic. One step is 1.1 cm in latitude and less in
//! longitude.

use std::fmt;

use crate::crs::{LngLat, Wgs84};

/// Lattice steps in one degree.
pub const UNITS_PER_DEGREE: f64 = 1e7;

/// A place on the lattice: longitude `x` and latitude `y` in units of 1e-7°, WGS 84.
///
/// Points made by [`LatticePoint::nearest`] lie on the globe: |x| ≤ 1.8e9 and |y| ≤ 0.9e9. All
/// arithmetic of this crate is exact for those and promises nothing beyond them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LatticePoint {
    /// Longitude in units of 1e-7°, east positive.
    pub x: i32,
    /// Latitude in units of 1e-7°, north positive.
    pub y: i32,
}

impl LatticePoint {
    /// The point at `x` (longitude) and `y` (latitude), both in units of 1e-7°.
    pub const fn new(x: i32, y: i32) -> Self {
        Self { x, y }
    }

    /// The lattice point nearest to a coordinate; halves round away from zero.
    ///
    /// # Example
    /// ```
    /// use spatial::crs::{LngLat, Wgs84};
    /// use spatial::lattice::LatticePoint;
    /// let place = LngLat::<Wgs84>::new(103.834_3, 36.061_1)?;
    /// assert_eq!(LatticePoint::nearest(place), LatticePoint::new(1_038_343_000, 360_611_000));
    /// # Ok::<(), spatial::crs::InvalidLngLat>(())
    /// ```
    pub fn nearest(place: LngLat<Wgs84>) -> Self {
        // |lng| ≤ 180 and |lat| ≤ 90, so both products fit an i32.
        Self {
            x: (place.lng() * UNITS_PER_DEGREE).round() as i32,
            y: (place.lat() * UNITS_PER_DEGREE).round() as i32,
        }
    }

    /// The coordinate of this point in degrees: the double nearest to `x / 1e7`, `y / 1e7`.
    pub fn lng_lat(self) -> LngLat<Wgs84> {
        LngLat::trusted(f64::from(self.x) / UNITS_PER_DEGREE, f64::from(self.y) / UNITS_PER_DEGREE)
    }
}

impl fmt::Display for LatticePoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.lng_lat().fmt(f)
    }
}

/// Twice the signed area of the triangle `a`, `b`, `c` in square lattice units: positive when the
/// walk a → b → c turns left, zero when the three are in line.
pub fn turn(a: LatticePoint, b: LatticePoint, c: LatticePoint) -> i128 {
    let wide = |to: i32, from: i32| i128::from(i64::from(to) - i64::from(from));
    wide(b.x, a.x) * wide(c.y, a.y) - wide(b.y, a.y) * wide(c.x, a.x)
}

/// A closed box on the lattice; both corners belong to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct LatticeBox {
    /// The south-west corner.
    pub min: LatticePoint,
    /// The north-east corner.
    pub max: LatticePoint,
}

impl LatticeBox {
    /// The smallest box around some points, or `None` when there are none.
    pub fn around(points: impl IntoIterator<Item = LatticePoint>) -> Option<Self> {
        let mut points = points.into_iter();
        let first = points.next()?;
        Some(points.fold(Self { min: first, max: first }, Self::extended))
    }

    /// This box grown so that it holds `point`.
    #[must_use]
    pub fn extended(self, point: LatticePoint) -> Self {
        Self {
            min: LatticePoint::new(self.min.x.min(point.x), self.min.y.min(point.y)),
            max: LatticePoint::new(self.max.x.max(point.x), self.max.y.max(point.y)),
        }
    }

    /// The smallest box around this one and another.
    #[must_use]
    pub fn joined(self, other: Self) -> Self {
        self.extended(other.min).extended(other.max)
    }

    /// Whether `point` lies in this box or on its edge.
    pub fn contains(&self, point: LatticePoint) -> bool {
        self.min.x <= point.x
            && point.x <= self.max.x
            && self.min.y <= point.y
            && point.y <= self.max.y
    }

    /// Whether the two boxes share at least one point.
    pub fn meets(&self, other: &Self) -> bool {
        self.min.x <= other.max.x
            && other.min.x <= self.max.x
            && self.min.y <= other.max.y
            && other.min.y <= self.max.y
    }

    /// East-west extent in lattice units.
    pub fn width(&self) -> i64 {
        i64::from(self.max.x) - i64::from(self.min.x)
    }

    /// North-south extent in lattice units.
    pub fn height(&self) -> i64 {
        i64::from(self.max.y) - i64::from(self.min.y)
    }
}

#[cfg(test)]
#[path = "lattice_tests.rs"]
mod tests;
