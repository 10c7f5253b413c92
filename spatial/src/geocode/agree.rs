//! Text and point together: do the two speak of one place, and if not, does another coordinate system explain it.
//!
//! Whoever sends GCJ-02 for WGS 84 is 144–272 m off in Lanzhou: about one grid, and nothing looks broken. Coordinates
//! are never changed for that; what is said here is for a person to judge.

use serde::Serialize;

use super::answer::{Answer, Candidate, Fault};
use super::compass::{Compass, bearing_deg};
use crate::crs::{Crs, CrsError, LngLat, Wgs84};
use crate::lattice::LatticePoint;
use crate::measure::distance_m;

/// How far a phone's position is off on a bad day, in metres.
const POSITION_M: f64 = 50.0;
/// A text that is only placed so well tells nothing of coordinate systems, in metres.
const TELLING_M: f64 = 60.0;
/// How many times nearer another system must bring the point.
const TIMES_NEARER: f64 = 3.0;
/// The heaviest fault.
const WORST: f64 = 6.0;

/// Systems that clients mix up.
pub(super) const SYSTEMS: [Crs; 3] = [Crs::Wgs84, Crs::Gcj02, Crs::Bd09];

/// What a point says of an answer.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PointCheck {
    /// Metres from the first candidate to the point as it was declared.
    pub distance_m: f64,
    /// Metres up to which the two agree: one and a half times the candidate's accuracy and 50.
    pub limit_m: f64,
    /// Where the point lies, seen from the candidate.
    pub compass: Compass,
    /// Whether they agree.
    pub agrees: bool,
    /// `point.conflict` where they do not; its penalty is log₂(distance ÷ limit) + 1, at most 6.
    pub fault: Option<Fault>,
    /// The system under which they would agree: at least three times nearer than declared, and only where the text is
    /// placed to 60 m or better. One report is no proof, see [`CrsWitness`](super::CrsWitness).
    pub likely: Option<Crs>,
    /// Metres to the point under each system, the nearest first.
    pub by_system: Vec<(Crs, f64)>,
    /// Which candidate is nearest to the point, as a place in the list.
    pub nearest: usize,
}

/// Compares an answer with the numbers `x` (longitude or easting) and `y` of the declared system; `None` where the
/// answer has no candidate.
///
/// # Errors
/// [`CrsError`] where the numbers are no place of the declared system.
///
/// # Example
/// ```
/// use spatial::crs::Crs;
/// use spatial::geocode::{AddressRow, Scratch, Snapshot, SnapshotBuilder, check_point};
/// use spatial::lattice::LatticePoint;
/// let mut builder = SnapshotBuilder::new("甘肃省", "兰州市");
/// let point = LatticePoint::new(1_038_343_000, 360_611_000);
/// builder.address(&AddressRow { road: "庆阳路", house_no: "97号", point, ..AddressRow::default() });
/// let gazetteer = Snapshot::open(builder.finish()).unwrap();
/// let answer = gazetteer.geocode("庆阳路97号", 1, &mut Scratch::default());
/// // The same place in GCJ-02, said to be WGS 84.
/// let (x, y) = Crs::Gcj02.from_wgs84(point.lng_lat())?;
/// let check = check_point(&answer, x, y, Crs::Wgs84)?.unwrap();
/// assert!(!check.agrees && check.distance_m > 140.0);
/// assert_eq!(check.likely, Some(Crs::Gcj02));
/// # Ok::<(), spatial::crs::CrsError>(())
/// ```
pub fn check_point(
    answer: &Answer,
    x: f64,
    y: f64,
    declared: Crs,
) -> Result<Option<PointCheck>, CrsError> {
    let given = declared.to_wgs84(x, y)?;
    let Some(first) = answer.candidates.first() else { return Ok(None) };
    let point = LatticePoint::nearest(given);
    let apart = |candidate: &Candidate| distance_m(candidate.point.lng_lat(), given);
    let (distance, limit_m) = (apart(first), 1.5 * first.accuracy_m + POSITION_M);
    let agrees = distance <= limit_m;
    let by_system = by_system(x, y, declared, first.point.lng_lat());
    let likely = by_system
        .first()
        .filter(|(system, nearest)| {
            let explains = *nearest <= limit_m && nearest * TIMES_NEARER <= distance;
            !agrees && first.accuracy_m <= TELLING_M && explains && !same(*system, declared)
        })
        .map(|best| best.0);
    let penalty = ((distance / limit_m).log2() + 1.0).clamp(0.0, WORST);
    let penalty = ((penalty * 10.0).round() / 10.0) as f32;
    let nearest = answer.candidates.iter().enumerate();
    let nearest = nearest.min_by(|one, other| apart(one.1).total_cmp(&apart(other.1)));
    Ok(Some(PointCheck {
        distance_m: distance,
        limit_m,
        compass: Compass::of_deg(bearing_deg(first.point, point)),
        agrees,
        fault: (!agrees).then(|| Fault { fault: "point.conflict".to_owned(), penalty }),
        likely,
        by_system,
        nearest: nearest.map_or(0, |nearest| nearest.0),
    }))
}

/// Metres from the truth to the point under each system that clients mix up, the nearest first; the declared one wins
/// among equals.
pub(super) fn by_system(x: f64, y: f64, declared: Crs, truth: LngLat<Wgs84>) -> Vec<(Crs, f64)> {
    // Metres of a projection are taken for nothing else.
    let systems = if declared.is_geographic() { SYSTEMS.as_slice() } else { &[] };
    let others = systems.iter().copied().filter(|system| !same(*system, declared));
    let mut all: Vec<(Crs, f64)> = std::iter::once(declared)
        .chain(others)
        .filter_map(|system| Some((system, distance_m(system.to_wgs84(x, y).ok()?, truth))))
        .collect();
    all.sort_by(|one, other| one.1.total_cmp(&other.1));
    all
}

/// Whether two systems have the same numbers.
pub(super) fn same(one: Crs, other: Crs) -> bool {
    let folded = |system| if system == Crs::Cgcs2000 { Crs::Wgs84 } else { system };
    folded(one) == folded(other)
}

#[cfg(test)]
#[path = "agree_tests.rs"]
mod tests;
