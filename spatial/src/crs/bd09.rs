//! BD-09: GCJ-02 turned and stretched once more, by 0.0065° and 0.006° and a ripple.
//!
//! The formula is the one found in every library; Baidu's own numbers agree with it within 1e-5°.
//! Like GCJ-02 it is the identity outside the rectangle of [`gcj02`](super::gcj02), decided by the
//! GCJ-02 position; libraries differ there, and nobody publishes BD-09 coordinates from there.

use std::f64::consts::PI;

use super::gcj02::in_china;
use super::{Bd09, Gcj02, LngLat, Wgs84};

const RIPPLE: f64 = PI * 3000.0 / 180.0;
const STEP_DEG: f64 = 1e-12;
/// Each step shrinks the error about fifty-fold.
const MAX_STEPS: usize = 30;

impl LngLat<Gcj02> {
    /// The same place in BD-09.
    pub fn to_bd09(self) -> LngLat<Bd09> {
        if !in_china(self.lng(), self.lat()) {
            return self.relabelled();
        }
        let (lng, lat) = shifted(self.lng(), self.lat());
        LngLat::trusted(lng, lat)
    }
}

impl LngLat<Bd09> {
    /// The same place in GCJ-02: the exact inverse of [`LngLat::to_bd09`], within 1e-9°.
    pub fn to_gcj02(self) -> LngLat<Gcj02> {
        let (mut lng, mut lat) = (self.lng() - 0.0065, self.lat() - 0.006);
        for _ in 0..MAX_STEPS {
            let (got_lng, got_lat) = shifted(lng, lat);
            let (miss_lng, miss_lat) = (self.lng() - got_lng, self.lat() - got_lat);
            (lng, lat) = (lng + miss_lng, lat + miss_lat);
            if miss_lng.abs().max(miss_lat.abs()) < STEP_DEG {
                break;
            }
        }
        if in_china(lng, lat) { LngLat::trusted(lng, lat) } else { self.relabelled() }
    }

    /// The same place in WGS 84, through GCJ-02.
    pub fn to_wgs84(self) -> LngLat<Wgs84> {
        self.to_gcj02().to_wgs84()
    }
}

impl LngLat<Wgs84> {
    /// The same place in BD-09, through GCJ-02.
    pub fn to_bd09(self) -> LngLat<Bd09> {
        self.to_gcj02().to_bd09()
    }
}

fn shifted(x: f64, y: f64) -> (f64, f64) {
    let radius = x.hypot(y) + 0.000_02 * (y * RIPPLE).sin();
    let angle = y.atan2(x) + 0.000_003 * (x * RIPPLE).cos();
    (radius * angle.cos() + 0.0065, radius * angle.sin() + 0.006)
}

#[cfg(test)]
#[path = "bd09_tests.rs"]
mod tests;
