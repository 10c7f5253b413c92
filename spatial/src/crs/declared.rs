//! The system a file or a client declares, known only at run time.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::gauss_kruger::Zone;
use super::{Bd09, Cgcs2000, CoordinateSystem, Gcj02, InvalidLngLat, LngLat, WebMercator, Wgs84};

/// A coordinate system named in data; parses from and displays as the name users write.
///
/// # Example
/// ```
/// use spatial::crs::Crs;
/// let survey: Crs = "EPSG:4544".parse()?; // 3° zone around 105° E
/// let place = survey.to_wgs84(404_512.0, 3_992_377.0).unwrap();
/// assert!((place.lng() - 103.94).abs() < 0.01 && (place.lat() - 36.06).abs() < 0.01);
/// assert_eq!("gcj02".parse::<Crs>()?.to_string(), "gcj02");
/// # Ok::<(), spatial::crs::UnknownCrs>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub enum Crs {
    /// `wgs84`, also `EPSG:4326`.
    #[default]
    Wgs84,
    /// `cgcs2000`, also `EPSG:4490`.
    Cgcs2000,
    /// `gcj02`; it has no EPSG number.
    Gcj02,
    /// `bd09`; it has no EPSG number.
    Bd09,
    /// `EPSG:3857`, also `webmercator`.
    WebMercator,
    /// `EPSG:4491` to `EPSG:4554`.
    GaussKruger(Zone),
}

impl Crs {
    /// The WGS 84 place of the numbers `x`, `y` of this system.
    ///
    /// `x` is the longitude in degrees or the easting in metres, `y` the latitude or northing,
    /// whatever order the authority prescribes.
    ///
    /// # Errors
    /// [`CrsError`] when the numbers are no place of this system.
    pub fn to_wgs84(self, x: f64, y: f64) -> Result<LngLat<Wgs84>, CrsError> {
        Ok(match self {
            Self::Wgs84 => LngLat::new(x, y)?,
            Self::Cgcs2000 => LngLat::<Cgcs2000>::new(x, y)?.to_wgs84(),
            Self::Gcj02 => LngLat::<Gcj02>::new(x, y)?.to_wgs84(),
            Self::Bd09 => LngLat::<Bd09>::new(x, y)?.to_wgs84(),
            Self::WebMercator => WebMercator::new(x, y)?.to_wgs84(),
            Self::GaussKruger(zone) => zone.unproject(x, y)?.to_wgs84(),
        })
    }

    /// The numbers (x, y) of a WGS 84 place in this system, in the order of [`Crs::to_wgs84`].
    ///
    /// # Errors
    /// [`CrsError::OutsideSystem`] when a projection does not reach the place.
    pub fn from_wgs84(self, place: LngLat<Wgs84>) -> Result<(f64, f64), CrsError> {
        fn pair<S: CoordinateSystem>(place: LngLat<S>) -> (f64, f64) {
            (place.lng(), place.lat())
        }
        Ok(match self {
            Self::Wgs84 => pair(place),
            Self::Cgcs2000 => pair(place.to_cgcs2000()),
            Self::Gcj02 => pair(place.to_gcj02()),
            Self::Bd09 => pair(place.to_bd09()),
            Self::WebMercator => {
                let flat = place.to_web_mercator()?;
                (flat.x_m(), flat.y_m())
            }
            Self::GaussKruger(zone) => zone.project(place.to_cgcs2000())?,
        })
    }

    /// Whether x and y are degrees of longitude and latitude rather than metres.
    pub const fn is_geographic(self) -> bool {
        matches!(self, Self::Wgs84 | Self::Cgcs2000 | Self::Gcj02 | Self::Bd09)
    }
}

impl fmt::Display for Crs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Wgs84 => Wgs84::NAME,
            Self::Cgcs2000 => Cgcs2000::NAME,
            Self::Gcj02 => Gcj02::NAME,
            Self::Bd09 => Bd09::NAME,
            Self::WebMercator => "EPSG:3857",
            Self::GaussKruger(zone) => return write!(f, "EPSG:{}", zone.epsg()),
        })
    }
}

impl FromStr for Crs {
    type Err = UnknownCrs;

    fn from_str(text: &str) -> Result<Self, UnknownCrs> {
        let unknown = || UnknownCrs { got: text.to_owned() };
        // "GCJ-02", "gcj_02" and "gcj02" are all written in the wild.
        let name: String = text
            .chars()
            .filter(|c| !matches!(c, '-' | '_' | ' '))
            .collect::<String>()
            .to_lowercase();
        Ok(match name.as_str() {
            "wgs84" | "crs84" | "ogc:crs84" => Self::Wgs84,
            "cgcs2000" => Self::Cgcs2000,
            "gcj02" => Self::Gcj02,
            "bd09" | "bd09ll" => Self::Bd09,
            "webmercator" => Self::WebMercator,
            _ => {
                let digits = name.strip_prefix("epsg:").ok_or_else(unknown)?;
                match digits.parse::<u16>().map_err(|_| unknown())? {
                    4326 => Self::Wgs84,
                    4490 => Self::Cgcs2000,
                    3857 => Self::WebMercator,
                    epsg => Self::GaussKruger(Zone::from_epsg(epsg).ok_or_else(unknown)?),
                }
            }
        })
    }
}

impl From<Crs> for String {
    fn from(crs: Crs) -> Self {
        crs.to_string()
    }
}

impl TryFrom<String> for Crs {
    type Error = UnknownCrs;

    fn try_from(text: String) -> Result<Self, UnknownCrs> {
        text.parse()
    }
}

/// A name that is no coordinate system we know.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error(
    "unknown coordinate system {got:?}: expected wgs84, cgcs2000, gcj02, bd09, EPSG:4326, \
     EPSG:4490, EPSG:3857 or EPSG:4491 to EPSG:4554"
)]
pub struct UnknownCrs {
    /// The name that was given.
    pub got: String,
}

/// Numbers that are no place of the declared system.
#[derive(Clone, Debug, PartialEq, Error)]
pub enum CrsError {
    /// Degrees out of range.
    #[error(transparent)]
    Invalid(#[from] InvalidLngLat),
    /// Beyond what a projection covers.
    #[error("outside {system} (got x {x}, y {y}): {reason}")]
    OutsideSystem {
        /// The system's name.
        system: String,
        /// The x that was given: metres, or degrees when projecting.
        x: f64,
        /// The y that was given: metres, or degrees when projecting.
        y: f64,
        /// Why it is outside.
        reason: &'static str,
    },
}

#[cfg(test)]
#[path = "declared_tests.rs"]
mod tests;
