//! GCJ-02: WGS 84 plus a smooth, published-by-leak offset of 100–700 m inside China.
//!
//! The map services apply their own table; the widespread formula below meets it within 7.3e-6°
//! (0.8 m). That is the accuracy of a GCJ-02 coordinate; the *inverse* of the formula is exact.
//!
//! Outside the rectangle 72.004–137.8347° E, 0.8293–55.8271° N the conversion is the identity, as
//! in every library. The rectangle is not the border: neighbouring countries, Hong Kong, Macao and
//! Taiwan are shifted too. The side of the rectangle is decided by the WGS 84 position; so in a
//! strip of under one kilometre along its rim a GCJ-02 coordinate may have two readings (the inner
//! one is taken) or none (it is passed through).

use super::{Gcj02, LngLat, Wgs84};

/// Semi-major axis in metres that the formula was made with (Krasovsky 1940).
const A_M: f64 = 6_378_245.0;
/// First eccentricity squared of the same ellipsoid.
const EE: f64 = 0.006_693_421_622_965_943;
/// Stop refining the inverse when one step moves less than this many degrees (0.1 µm).
const STEP_DEG: f64 = 1e-12;
/// The offset changes by under 1 % over its own length, so each step gains two digits or more.
const MAX_STEPS: usize = 30;

impl LngLat<Wgs84> {
    /// The same place in GCJ-02.
    pub fn to_gcj02(self) -> LngLat<Gcj02> {
        if !in_china(self.lng(), self.lat()) {
            return self.relabelled();
        }
        let (dlng, dlat) = offset_deg(self.lng(), self.lat());
        LngLat::trusted(self.lng() + dlng, self.lat() + dlat)
    }
}

impl LngLat<Gcj02> {
    /// The same place in WGS 84: the exact inverse of [`LngLat::to_gcj02`], within 1e-9°.
    ///
    /// # Example
    /// ```
    /// use spatial::crs::{LngLat, Wgs84};
    /// let gate = LngLat::<Wgs84>::new(116.397_5, 39.908_7)?;
    /// let back = gate.to_gcj02().to_wgs84();
    /// assert!((back.lng() - gate.lng()).abs() < 1e-9);
    /// # Ok::<(), spatial::crs::InvalidLngLat>(())
    /// ```
    pub fn to_wgs84(self) -> LngLat<Wgs84> {
        let (mut lng, mut lat) = (self.lng(), self.lat());
        for _ in 0..MAX_STEPS {
            let (dlng, dlat) = offset_deg(lng, lat);
            let (next_lng, next_lat) = (self.lng() - dlng, self.lat() - dlat);
            let moved = (next_lng - lng).abs().max((next_lat - lat).abs());
            (lng, lat) = (next_lng, next_lat);
            if moved < STEP_DEG {
                break;
            }
        }
        if in_china(lng, lat) { LngLat::trusted(lng, lat) } else { self.relabelled() }
    }
}

/// Whether the formula shifts this WGS 84 position.
pub(super) fn in_china(lng: f64, lat: f64) -> bool {
    (72.004..=137.834_7).contains(&lng) && (0.829_3..=55.827_1).contains(&lat)
}

/// GCJ-02 minus WGS 84 in degrees at a WGS 84 position.
fn offset_deg(lng: f64, lat: f64) -> (f64, f64) {
    let (east_m, north_m) = offset_m(lng - 105.0, lat - 35.0);
    let phi = lat.to_radians();
    let magic = 1.0 - EE * phi.sin() * phi.sin();
    let meridian_m = A_M * (1.0 - EE) / (magic * magic.sqrt());
    let parallel_m = A_M / magic.sqrt() * phi.cos();
    ((east_m / parallel_m).to_degrees(), (north_m / meridian_m).to_degrees())
}

/// The offset in metres (east, north) at `x`, `y` degrees from 105° E, 35° N.
fn offset_m(x: f64, y: f64) -> (f64, f64) {
    use std::f64::consts::PI;
    let sine = |amplitude: f64, angle: f64| amplitude * (angle * PI).sin();
    let root = x.abs().sqrt();
    let ripple = (sine(20.0, 6.0 * x) + sine(20.0, 2.0 * x)) * 2.0 / 3.0;
    let east = 300.0
        + x
        + 2.0 * y
        + 0.1 * x * x
        + 0.1 * x * y
        + 0.1 * root
        + ripple
        + (sine(20.0, x) + sine(40.0, x / 3.0)) * 2.0 / 3.0
        + (sine(150.0, x / 12.0) + sine(300.0, x / 30.0)) * 2.0 / 3.0;
    let north = -100.0
        + 2.0 * x
        + 3.0 * y
        + 0.2 * y * y
        + 0.1 * x * y
        + 0.2 * root
        + ripple
        + (sine(20.0, y) + sine(40.0, y / 3.0)) * 2.0 / 3.0
        + (sine(160.0, y / 12.0) + sine(320.0, y / 30.0)) * 2.0 / 3.0;
    (east, north)
}

#[cfg(test)]
#[path = "gcj02_tests.rs"]
mod tests;
