//! A longitude and a latitude that know their system.

use std::fmt;
use std::marker::PhantomData;

use thiserror::Error;

/// A geographic coordinate system: longitude and latitude in degrees on some datum.
pub trait CoordinateSystem: sealed::Sealed + Copy + fmt::Debug {
    /// The name by which users declare it, as [`Crs`](super::Crs) parses and displays it.
    const NAME: &'static str;
}

mod sealed {
    pub trait Sealed {}
}

macro_rules! systems {
    ($($(#[$doc:meta])* $name:ident = $text:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub struct $name;
        impl sealed::Sealed for $name {}
        impl CoordinateSystem for $name {
            const NAME: &'static str = $text;
        }
    )*};
}

systems! {
    /// WGS 84 (EPSG:4326): what satellite receivers give and what we store.
    Wgs84 = "wgs84";
    /// CGCS2000 (EPSG:4490), the national geodetic system.
    ///
    /// Taken as equal to WGS 84. The ellipsoids differ by 0.1 mm in the semi-minor axis and the
    /// frames (ITRF97 at epoch 2000.0 against the current one) by the motion of the plate since
    /// 2000, some centimetres a year: below one metre, and below what any of our input resolves.
    Cgcs2000 = "cgcs2000";
    /// GCJ-02, the obfuscated system of Chinese map services (Gaode, Tencent).
    Gcj02 = "gcj02";
    /// BD-09, Baidu's second obfuscation on top of GCJ-02.
    Bd09 = "bd09";
}

/// A place as longitude and latitude in degrees of the system `S`.
///
/// Invariant: both finite, |lng| ≤ 180, |lat| ≤ 90.
#[derive(Clone, Copy, PartialEq)]
pub struct LngLat<S: CoordinateSystem> {
    lng: f64,
    lat: f64,
    system: PhantomData<S>,
}

impl<S: CoordinateSystem> LngLat<S> {
    /// A coordinate in degrees, longitude first.
    ///
    /// # Errors
    /// [`InvalidLngLat`] when a number is not finite or out of range.
    ///
    /// # Example
    /// ```
    /// use spatial::crs::{LngLat, Wgs84};
    /// assert!(LngLat::<Wgs84>::new(103.83, 36.06).is_ok());
    /// let swapped = LngLat::<Wgs84>::new(36.06, 103.83).unwrap_err();
    /// assert_eq!(
    ///     swapped.to_string(),
    ///     "invalid wgs84 coordinate (lng 36.06, lat 103.83): \
    ///      latitude is beyond ±90; longitude and latitude look swapped"
    /// );
    /// ```
    pub fn new(lng: f64, lat: f64) -> Result<Self, InvalidLngLat> {
        let reason = if !lng.is_finite() || !lat.is_finite() {
            "not a finite number"
        } else if lat.abs() > 90.0 && lat.abs() <= 180.0 && lng.abs() <= 90.0 {
            "latitude is beyond ±90; longitude and latitude look swapped"
        } else if lng.abs() > 180.0 && lat.abs() > 90.0 {
            "both are beyond the globe; is this a projected coordinate in metres?"
        } else if lng.abs() > 180.0 {
            "longitude is beyond ±180"
        } else if lat.abs() > 90.0 {
            "latitude is beyond ±90"
        } else {
            return Ok(Self::trusted(lng, lat));
        };
        Err(InvalidLngLat { system: S::NAME, lng, lat, reason })
    }

    /// A coordinate whose ranges the caller has proved.
    pub(crate) const fn trusted(lng: f64, lat: f64) -> Self {
        Self { lng, lat, system: PhantomData }
    }

    /// Longitude in degrees, east positive.
    pub const fn lng(self) -> f64 {
        self.lng
    }

    /// Latitude in degrees, north positive.
    pub const fn lat(self) -> f64 {
        self.lat
    }

    /// The same numbers under another label; only for systems where that is the conversion.
    pub(super) const fn relabelled<T: CoordinateSystem>(self) -> LngLat<T> {
        LngLat::trusted(self.lng, self.lat)
    }
}

impl LngLat<Wgs84> {
    /// The same place in CGCS2000: the same numbers, see [`Cgcs2000`].
    pub const fn to_cgcs2000(self) -> LngLat<Cgcs2000> {
        self.relabelled()
    }
}

impl LngLat<Cgcs2000> {
    /// The same place in WGS 84: the same numbers, see [`Cgcs2000`].
    pub const fn to_wgs84(self) -> LngLat<Wgs84> {
        self.relabelled()
    }
}

impl<S: CoordinateSystem> fmt::Display for LngLat<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.7}, {:.7}", self.lng, self.lat)
    }
}

impl<S: CoordinateSystem> fmt::Debug for LngLat<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}({}, {})", S::NAME, self.lng, self.lat)
    }
}

/// Two numbers that are no coordinate of the system they were said to be in.
#[derive(Clone, Debug, PartialEq, Error)]
#[error("invalid {system} coordinate (lng {lng}, lat {lat}): {reason}")]
pub struct InvalidLngLat {
    /// The system's name.
    pub system: &'static str,
    /// The longitude that was given, in degrees.
    pub lng: f64,
    /// The latitude that was given, in degrees.
    pub lat: f64,
    /// Why it is wrong.
    pub reason: &'static str,
}

#[cfg(test)]
#[path = "lng_lat_tests.rs"]
mod tests;
