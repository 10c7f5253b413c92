//! Web Mercator (EPSG:3857): the square world of web maps, in metres on a sphere.

use std::f64::consts::PI;

use super::{CrsError, LngLat, Wgs84};
use crate::measure::WGS84_A_M;

/// Half the side of the square world, in metres.
pub const HALF_WORLD_M: f64 = PI * WGS84_A_M;

/// A place in Web Mercator: metres east and north of 0° E, 0° N.
///
/// Invariant: both within ±[`HALF_WORLD_M`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct WebMercator {
    x_m: f64,
    y_m: f64,
}

impl WebMercator {
    /// A projected place, easting first, in metres.
    ///
    /// # Errors
    /// [`CrsError::OutsideSystem`] when a number is not finite or beyond the square world.
    pub fn new(x_m: f64, y_m: f64) -> Result<Self, CrsError> {
        // A millimetre of grace: other software rounds the world's edge up.
        let edge = HALF_WORLD_M + 1e-3;
        if x_m.abs() <= edge && y_m.abs() <= edge {
            Ok(Self {
                x_m: x_m.clamp(-HALF_WORLD_M, HALF_WORLD_M),
                y_m: y_m.clamp(-HALF_WORLD_M, HALF_WORLD_M),
            })
        } else {
            Err(CrsError::OutsideSystem {
                system: "EPSG:3857".to_owned(),
                x: x_m,
                y: y_m,
                reason: "beyond ±20037508.34 m",
            })
        }
    }

    /// Metres east of the prime meridian.
    pub const fn x_m(self) -> f64 {
        self.x_m
    }

    /// Metres north of the equator.
    pub const fn y_m(self) -> f64 {
        self.y_m
    }

    /// The same place in WGS 84.
    pub fn to_wgs84(self) -> LngLat<Wgs84> {
        let lng = (self.x_m / HALF_WORLD_M * 180.0).clamp(-180.0, 180.0);
        LngLat::trusted(lng, (self.y_m / WGS84_A_M).sinh().atan().to_degrees())
    }
}

impl LngLat<Wgs84> {
    /// The same place in Web Mercator.
    ///
    /// # Errors
    /// [`CrsError::OutsideSystem`] beyond 85.0511° north or south, where the square world ends.
    pub fn to_web_mercator(self) -> Result<WebMercator, CrsError> {
        let y_m = WGS84_A_M * self.lat().to_radians().tan().asinh();
        WebMercator::new(self.lng() / 180.0 * HALF_WORLD_M, y_m).map_err(|_| {
            CrsError::OutsideSystem {
                system: "EPSG:3857".to_owned(),
                x: self.lng(),
                y: self.lat(),
                reason: "Web Mercator ends at ±85.0511° of latitude",
            }
        })
    }
}

#[cfg(test)]
#[path = "mercator_tests.rs"]
mod tests;
