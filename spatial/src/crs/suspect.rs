//! Coordinates that carry the wrong label: which other reading explains them.
//!
//! GCJ-02 taken for WGS 84 is off by 100–700 m in China, BD-09 by up to 1.3 km, a double
//! conversion by the same the other way. Nothing here changes a coordinate: it only weighs
//! [`Reading`]s, for a person to declare the right one.

use std::fmt;

use super::{Bd09, Gcj02, LngLat, Wgs84};
use crate::measure::distance_m;

/// What coordinates declared to be WGS 84 may really be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reading {
    /// What they are said to be.
    AsDeclared,
    /// GCJ-02 that nobody converted.
    Gcj02,
    /// BD-09 that nobody converted.
    Bd09,
    /// WGS 84 once more converted from GCJ-02.
    ConvertedTwice,
    /// Latitude first.
    Swapped,
}

impl Reading {
    /// All readings, the declared one first.
    pub const ALL: [Self; 5] =
        [Self::AsDeclared, Self::Gcj02, Self::Bd09, Self::ConvertedTwice, Self::Swapped];

    /// The WGS 84 place of a coordinate under this reading; `None` where it makes no sense.
    pub fn of(self, place: LngLat<Wgs84>) -> Option<LngLat<Wgs84>> {
        match self {
            Self::AsDeclared => Some(place),
            Self::Gcj02 => Some(place.relabelled::<Gcj02>().to_wgs84()),
            Self::Bd09 => Some(place.relabelled::<Bd09>().to_wgs84()),
            Self::ConvertedTwice => Some(place.to_gcj02().relabelled()),
            Self::Swapped => LngLat::new(place.lat(), place.lng()).ok(),
        }
    }
}

impl fmt::Display for Reading {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::AsDeclared => "as declared",
            Self::Gcj02 => "gcj02, not converted",
            Self::Bd09 => "bd09, not converted",
            Self::ConvertedTwice => "converted from gcj02 twice",
            Self::Swapped => "latitude before longitude",
        })
    }
}

/// How far GCJ-02 numbers taken for WGS 84 would be off at a place, in metres.
pub fn gcj02_offset_m(place: LngLat<Wgs84>) -> f64 {
    distance_m(place, place.to_gcj02().relabelled())
}

/// How far BD-09 numbers taken for WGS 84 would be off at a place, in metres.
pub fn bd09_offset_m(place: LngLat<Wgs84>) -> f64 {
    distance_m(place, place.to_bd09().relabelled())
}

/// How many points lie where they should under one reading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tally {
    /// The reading.
    pub reading: Reading,
    /// Points that are where they should be.
    pub fitting: usize,
}

/// Counts for each reading the points for which `fits` holds; the best first, ties in the order of
/// [`Reading::ALL`].
///
/// `fits` is typically "lies in the city" or "lies in the district its row names". Readings are
/// told apart only by points near borders: trust a lead of several per cent, not a single point.
pub fn tally(points: &[LngLat<Wgs84>], fits: impl Fn(usize, LngLat<Wgs84>) -> bool) -> Vec<Tally> {
    let count = |reading: Reading| {
        let read = points.iter().enumerate().filter_map(|(at, p)| Some((at, reading.of(*p)?)));
        read.filter(|(at, place)| fits(*at, *place)).count()
    };
    let mut tallies: Vec<_> =
        Reading::ALL.map(|reading| Tally { reading, fitting: count(reading) }).into();
    tallies.sort_by_key(|tally| std::cmp::Reverse(tally.fitting));
    tallies
}

/// How far points are from where they should be under one reading.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Misfit {
    /// The reading.
    pub reading: Reading,
    /// Median distance in metres to the true places.
    pub median_m: f64,
}

/// The median misfit of each reading for points whose true places are known; the best first.
///
/// Empty without pairs. A datum explains an error only when its misfit is several times smaller
/// than the declared one's, see [`explanation`].
pub fn misfits(pairs: &[(LngLat<Wgs84>, LngLat<Wgs84>)]) -> Vec<Misfit> {
    let median = |reading: Reading| {
        let read = pairs.iter().filter_map(|(given, truth)| Some((reading.of(*given)?, truth)));
        let mut apart_m: Vec<f64> = read.map(|(place, truth)| distance_m(place, *truth)).collect();
        apart_m.sort_unstable_by(f64::total_cmp);
        let median_m = *apart_m.get(apart_m.len() / 2)?;
        Some(Misfit { reading, median_m })
    };
    let mut misfits: Vec<_> = Reading::ALL.into_iter().filter_map(median).collect();
    misfits.sort_by(|one, other| one.median_m.total_cmp(&other.median_m));
    misfits
}

/// The reading that explains an error: at least three times nearer than the declared one, which
/// itself must be off by more than 50 m. `None` when there is no such reading.
pub fn explanation(misfits: &[Misfit]) -> Option<Misfit> {
    let best = misfits.first()?;
    let declared = misfits.iter().find(|misfit| misfit.reading == Reading::AsDeclared)?;
    (declared.median_m > 50.0 && best.median_m * 3.0 < declared.median_m).then_some(*best)
}

#[cfg(test)]
#[path = "suspect_tests.rs"]
mod tests;
