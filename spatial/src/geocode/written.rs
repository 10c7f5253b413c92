//! Coordinates that stand in a text: `103.8343,36.0611`, `东经103°50′3.5″北纬36°3′40″`, `N36.06 E103.83`.
//!
//! A text does not say of which system its numbers are: the caller declares it. The order is read off the ranges, since
//! in China no longitude (73–136) could be a latitude (3–54); where the text puts latitude first, or calls one by the
//! other's name, it is put right and told.

use serde::Serialize;

use super::angle::{Angle, Axis, angle, fold};
use crate::crs::{Crs, CrsError, LngLat, Wgs84};
use crate::lattice::UNITS_PER_DEGREE;
use crate::measure::step_m;

/// Decimals from which two bare numbers are taken for a coordinate: 103.8,36.1 may be anything.
const LEAST_DECIMALS: u32 = 3;
/// Most characters between the two numbers.
const MOST_BETWEEN: usize = 6;

/// How the numbers are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Notation {
    /// 103.8343.
    Decimal,
    /// 103°50.058′.
    Minutes,
    /// 103°50′3.5″, 103度50分3.5秒.
    Seconds,
}

/// A coordinate written in a text; its system is unknown until somebody declares it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct WrittenPoint {
    /// Longitude in degrees of an undeclared system.
    pub lng: f64,
    /// Latitude in degrees of an undeclared system.
    pub lat: f64,
    /// Bytes of the text that were read.
    pub span: (usize, usize),
    /// How it is written.
    pub notation: Notation,
    /// The text has the latitude first.
    pub latitude_first: bool,
    /// The text calls the longitude a latitude, or the latitude a longitude.
    pub misnamed: bool,
    /// Half a unit of the last digit, in metres: what the writing alone leaves open.
    pub accuracy_m: f64,
}

impl WrittenPoint {
    /// The WGS 84 place, if the numbers are of the declared system. Where that is a projection, degrees in a text are
    /// taken for those of its datum.
    ///
    /// # Errors
    /// [`CrsError`] as [`Crs::to_wgs84`].
    pub fn in_system(&self, declared: Crs) -> Result<LngLat<Wgs84>, CrsError> {
        let geographic = match declared {
            Crs::WebMercator => Crs::Wgs84,
            Crs::GaussKruger(_) => Crs::Cgcs2000,
            geographic => geographic,
        };
        geographic.to_wgs84(self.lng, self.lat)
    }
}

/// All coordinates of a text, in their order.
///
/// Numbers without a word or a sign count only with three decimals or more; whatever lies outside China is no
/// coordinate.
///
/// # Example
/// ```
/// use spatial::geocode::written_points;
/// let found = &written_points("位置36.0611，103.8343，井盖破损")[0];
/// assert_eq!((found.lng, found.lat, found.latitude_first), (103.8343, 36.0611, true));
/// assert!(written_points("酒泉路123号3-2-501，13800000000").is_empty());
/// ```
pub fn written_points(text: &str) -> Vec<WrittenPoint> {
    let letters: Vec<(usize, char)> = text.char_indices().map(|(at, c)| (at, fold(c))).collect();
    let byte = |at: usize| letters.get(at).map_or(text.len(), |letter| letter.0);
    let mut found = Vec::new();
    let mut before: Option<Angle> = None;
    let mut at = 0;
    while at < letters.len() {
        let Some(angle) = angle(&letters, at) else {
            at += 1;
            continue;
        };
        at = angle.end;
        let pair = before.take().and_then(|first| pair(&letters, &first, &angle));
        match pair {
            Some(mut point) => {
                point.span = (byte(point.span.0), byte(point.span.1));
                found.push(point);
            }
            None => before = Some(angle),
        }
    }
    found
}

/// Two angles as one point; its span still in characters.
fn pair(letters: &[(usize, char)], first: &Angle, second: &Angle) -> Option<WrittenPoint> {
    let between = letters.get(first.end..second.start)?;
    let separates =
        |c: char| !c.is_ascii_digit() && (!c.is_alphabetic() || "和与经纬度".contains(c));
    if between.len() > MOST_BETWEEN || !between.iter().all(|letter| separates(letter.1)) {
        return None;
    }
    let is_lng = |angle: &Angle| (73.0..=136.0).contains(&angle.degrees);
    let is_lat = |angle: &Angle| (3.0..=54.0).contains(&angle.degrees);
    let (lng, lat, latitude_first) = match (is_lng(first), is_lat(second)) {
        (true, true) => (first, second, false),
        _ if is_lat(first) && is_lng(second) => (second, first, true),
        _ => return None,
    };
    let exact =
        |angle: &Angle| angle.decimals >= LEAST_DECIMALS || angle.notation != Notation::Decimal;
    let named = first.axis.is_some() && second.axis.is_some();
    // Two longitudes are no point; numbers without a name must be exact.
    let says_enough = if named { first.axis != second.axis } else { exact(first) && exact(second) };
    if !says_enough {
        return None;
    }
    // Half of the last digit of the coarser of the two.
    let unit = lng.unit_deg.max(lat.unit_deg);
    let (_, north_m) = step_m((lat.degrees * UNITS_PER_DEGREE) as i32);
    Some(WrittenPoint {
        lng: lng.degrees,
        lat: lat.degrees,
        span: (first.start, second.end),
        notation: lng.notation.max(lat.notation),
        latitude_first,
        misnamed: lng.axis == Some(Axis::Lat) || lat.axis == Some(Axis::Lng),
        accuracy_m: unit / 2.0 * UNITS_PER_DEGREE * north_m,
    })
}

#[cfg(test)]
#[path = "written_tests.rs"]
mod tests;
