//! The plane around a point, and how far it is from the globe.
//!
//! With latitude φ, the radii M(φ) along the meridian and c(φ) of the parallel, a path has the
//! length ∫ √(M²dφ² + c²dλ²). The plane has M and c of the origin. A path that stays within δ of
//! the origin's latitude is longer than in the plane by at most the largest quotient of the radii
//! there and at the origin, and shorter by at most the smallest. The geodesic to a place no farther
//! than D stays within δ = D / min M, and so does the straight line in (λ, φ). Hence of two places
//! no farther than D, one is nearer in truth when it is nearer in the plane by more than the
//! quotient of the two bounds: [`Plane::slack`].

use crate::lattice::{LatticePoint, UNITS_PER_DEGREE};
use crate::measure::{WGS84_F, distance_m, step_m};

/// The least radius of curvature along a meridian, at the equator: a(1 − e²), in metres, rounded
/// down.
const LEAST_M: f64 = 6_335_439.0;
/// Beyond this the plane is not used: 10 km.
const FARTHEST_M: f64 = 10_000.0;
/// Nor nearer to a pole than this: tan 80°.
const STEEPEST: f64 = 5.67;
/// Up to here the middle latitude's plane is good to a hundredth of a millimetre.
const FLAT_M: f64 = 1_000.0;
/// All around the globe in lattice units.
pub(super) const AROUND: f64 = 360.0 * UNITS_PER_DEGREE;

/// Metres of a lattice step east and north of an origin.
#[derive(Clone, Copy, Debug)]
pub(super) struct Plane {
    pub(super) origin: LatticePoint,
    pub(super) east_m: f64,
    pub(super) north_m: f64,
    /// Tangent of the latitude, or a little more.
    steepness: f64,
    /// By what share a step east, and one north, grows with each step of the origin to the north.
    growth: (f64, f64),
}

impl Plane {
    pub(super) fn around(origin: LatticePoint) -> Self {
        let (east_m, north_m) = step_m(origin.y);
        // c = a cos φ / √(1 − e² sin² φ) lies between a cos φ and a cos φ / √(1 − e²).
        let cosine = east_m / step_m_at_equator();
        let steepness = if cosine > 0.1 {
            let cosine = cosine * 0.996;
            (1.0 - cosine * cosine).max(0.0).sqrt() / cosine
        } else {
            f64::INFINITY
        };
        // d ln c / dφ = −M/N tan φ = −M sin φ / c, d ln M / dφ = 3e² sin φ cos φ / (1 − e² sin² φ).
        let radians = (1.0 / UNITS_PER_DEGREE).to_radians();
        let (sine, cosine) = (f64::from(origin.y) * radians).sin_cos();
        let e2 = WGS84_F * (2.0 - WGS84_F);
        let growth = (
            -north_m * sine / east_m.max(f64::MIN_POSITIVE) * radians,
            3.0 * e2 * sine * cosine / (1.0 - e2 * sine * sine) * radians,
        );
        Self { origin, east_m, north_m, steepness, growth }
    }

    /// By what factor distances up to `apart_m` in the plane can be out of order; infinite where
    /// the plane is not to be used.
    pub(super) fn slack(&self, apart_m: f64) -> f64 {
        if apart_m > FARTHEST_M || self.steepness > STEEPEST {
            return f64::INFINITY;
        }
        // The truth is at most 2 % more than the plane says, for these latitudes and distances.
        let delta = 1.02 * apart_m / LEAST_M;
        // |d ln c / dφ| ≤ tan(|φ| + δ), |d ln M / dφ| ≤ 3e²/2 / (1 − e²) < 0.011;
        // the derivative of the tangent is below 40 here. Both bounds count: twice, and 2 % more.
        1.0 + 2.05 * delta * (self.steepness + 40.0 * delta + 0.011) + 1e-9
    }

    /// A plane in which no place within `apart_m` in truth is farther than in truth.
    pub(super) fn shrunk(&self, apart_m: f64) -> Self {
        let delta = (apart_m / LEAST_M).to_degrees() * UNITS_PER_DEGREE * (1.0 + 1e-9) + 2.0;
        let (away, back) = (f64::from(self.origin.y).abs() + delta, delta);
        let near = (f64::from(self.origin.y).abs() - back).max(0.0);
        let (east_m, _) = step_m(away.min(90.0 * UNITS_PER_DEGREE) as i32);
        let (_, north_m) = step_m(near as i32);
        let least = 1.0 - 1e-9;
        // Over a pole any longitude is near.
        let east_m = if away >= 90.0 * UNITS_PER_DEGREE { 0.0 } else { east_m * least };
        Self { east_m, north_m: north_m * least, ..*self }
    }

    /// The length of the geodesic to a place, in metres.
    pub(super) fn true_m(&self, to: LatticePoint) -> f64 {
        distance_m(self.origin.lng_lat(), to.lng_lat())
    }

    /// The same good to a hundredth of a millimetre, and at short distances in a hundredth of the
    /// time.
    pub(super) fn near_m(&self, to: LatticePoint) -> f64 {
        let dx = f64::from(to.x) - f64::from(self.origin.x);
        let dy = f64::from(to.y) - f64::from(self.origin.y);
        if self.steepness > STEEPEST || (dx * self.east_m).hypot(dy * self.north_m) > FLAT_M {
            return self.true_m(to);
        }
        // The plane of the middle latitude: half of the way north.
        let east_m = self.east_m * (1.0 + self.growth.0 * dy / 2.0);
        (dx * east_m).hypot(dy * self.north_m * (1.0 + self.growth.1 * dy / 2.0))
    }
}

fn step_m_at_equator() -> f64 {
    (1.0 / UNITS_PER_DEGREE).to_radians() * crate::measure::WGS84_A_M
}
