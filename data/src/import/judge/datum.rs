//! Whether the numbers of a file were probably meant in another coordinate system than they were read in.
//!
//! GCJ-02 lies some 500 m and BD-09 some 900 m beside WGS 84, so a wrong declaration is a shift of everything: what was
//! read fits nothing that is known, and the same numbers read in the other system fit. Only a suspicion is reported;
//! the numbers are never changed.

use geo_types::Coord;
use rstar::primitives::Line;
use rstar::{AABB, PointDistance, RTree};
use spatial::coverage::LatticeMultiPolygon;
use spatial::crs::Crs;
use spatial::lattice::LatticePoint;

use crate::import::report::{Place, Problem};

/// Fewer places than this prove nothing.
const LEAST_SAMPLE: usize = 20;
/// More than this prove nothing more.
const LARGEST_SAMPLE: usize = 4000;
/// How near a corner must lie to a known border to count as lying on it, in metres: exact copies first, then other
/// digitisations of the same border.
const NEAR_M: [f64; 3] = [2.0, 20.0, 100.0];
const METRES_PER_DEGREE: f64 = 111_195.0;

/// The systems that a file of degrees can be confused with.
fn others(crs: Crs) -> impl Iterator<Item = Crs> {
    // CGCS2000 and WGS 84 are the same within centimetres.
    let same = move |other: Crs| {
        other == crs || (matches!(crs, Crs::Cgcs2000) && matches!(other, Crs::Wgs84))
    };
    [Crs::Wgs84, Crs::Gcj02, Crs::Bd09]
        .into_iter()
        .filter(move |&other| crs.is_geographic() && !same(other))
}

/// The place that the file's numbers mean in `other`, given the place they mean in `crs`.
fn reread(point: LatticePoint, crs: Crs, other: Crs) -> Option<LatticePoint> {
    let (x, y) = crs.from_wgs84(point.lng_lat()).ok()?;
    other.to_wgs84(x, y).ok().map(LatticePoint::nearest)
}

fn sample<T: Copy>(all: &[T]) -> Vec<T> {
    let step = all.len().div_ceil(LARGEST_SAMPLE).max(1);
    all.iter().step_by(step).copied().collect()
}

/// A sample of places as they were read, and as the same numbers would be read in each system they could be confused
/// with; empty if that proves nothing.
pub fn rereadings(places: &[LatticePoint], crs: Crs) -> Vec<(Crs, Vec<LatticePoint>)> {
    let places = sample(places);
    if places.len() < LEAST_SAMPLE || others(crs).next().is_none() {
        return Vec::new();
    }
    let again =
        |other| (other, places.iter().filter_map(|&place| reread(place, crs, other)).collect());
    std::iter::once((crs, places.clone())).chain(others(crs).map(again)).collect()
}

/// A suspicion if clearly more of the places fall where they should when read otherwise: `hits` tells how many did in
/// each of the [`rereadings`], `areas` in what.
pub fn suspect_places(
    readings: &[(Crs, Vec<LatticePoint>)],
    hits: &[usize],
    areas: &str,
) -> Option<Problem> {
    let ((crs, places), as_read) = (readings.first()?, *hits.first()?);
    let others = readings.iter().zip(hits).skip(1);
    let ((other, _), hits) = others.max_by_key(|(_, hits)| **hits)?;
    let clearly = *hits >= 2 * as_read && (*hits).saturating_sub(as_read) * 4 >= places.len();
    let at = *places.first()?;
    clearly.then(|| {
        problem(
            format!(
                "of {} places, {as_read} lie in {areas} when read as {crs}, {hits} would as {other}: \
                 is the file in {other}?",
                places.len()
            ),
            at,
        )
    })
}

/// A suspicion about areas, whose corners should lie on borders that are known.
pub fn suspect_areas(
    shapes: &[&LatticeMultiPolygon],
    crs: Crs,
    known: &[&LatticeMultiPolygon],
) -> Option<Problem> {
    let corners: Vec<LatticePoint> = shapes
        .iter()
        .flat_map(|shape| shape.rings().flat_map(|ring| ring.0.iter().copied()))
        .collect();
    let corners = sample(&corners);
    let plane = Plane::around(*corners.first()?);
    let borders = plane.borders(known);
    if corners.len() < LEAST_SAMPLE || borders.size() == 0 {
        return None;
    }
    let as_read = near(&borders, corners.iter().map(|&corner| plane.coord(corner)));
    let mut best: Option<(Crs, usize, usize, f64)> = None;
    for other in others(crs) {
        let there = corners.iter().filter_map(|&corner| reread(corner, crs, other));
        let hits = near(&borders, there.map(|corner| plane.coord(corner)));
        for (at, near_m) in NEAR_M.into_iter().enumerate() {
            let clearly = hits[at] * 10 >= corners.len() * 3 && hits[at] >= 3 * as_read[at];
            if clearly && best.is_none_or(|(_, most, ..)| hits[at] > most) {
                best = Some((other, hits[at], as_read[at], near_m));
            }
        }
    }
    best.map(|(other, hits, as_read, near_m)| {
        problem(
            format!(
                "of {} corners, {as_read} lie within {near_m} m of a known border when read as {crs}, \
                 {hits} would as {other}: is the file in {other}?",
                corners.len()
            ),
            corners[0],
        )
    })
}

/// How many of the corners lie near a border, for each meaning of near.
fn near(borders: &RTree<Line<[f64; 2]>>, corners: impl Iterator<Item = [f64; 2]>) -> [usize; 3] {
    let mut hits = [0; 3];
    for corner in corners {
        let reach = NEAR_M[2];
        let around = AABB::from_corners(
            [corner[0] - reach, corner[1] - reach],
            [corner[0] + reach, corner[1] + reach],
        );
        let apart_m = borders
            .locate_in_envelope_intersecting(&around)
            .map(|border| border.distance_2(&corner).sqrt())
            .fold(f64::INFINITY, f64::min);
        for (hit, near_m) in hits.iter_mut().zip(NEAR_M) {
            *hit += usize::from(apart_m <= near_m);
        }
    }
    hits
}

/// Metres around a place; good enough to tell 2 m from 500 m within a city.
struct Plane {
    origin: Coord<f64>,
    shrink: f64,
}

impl Plane {
    fn around(point: LatticePoint) -> Self {
        let place = point.lng_lat();
        Self {
            origin: Coord { x: place.lng(), y: place.lat() },
            shrink: place.lat().to_radians().cos(),
        }
    }

    fn coord(&self, point: LatticePoint) -> [f64; 2] {
        let place = point.lng_lat();
        [
            (place.lng() - self.origin.x) * self.shrink * METRES_PER_DEGREE,
            (place.lat() - self.origin.y) * METRES_PER_DEGREE,
        ]
    }

    fn borders(&self, shapes: &[&LatticeMultiPolygon]) -> RTree<Line<[f64; 2]>> {
        let edges = shapes.iter().flat_map(|shape| shape.edges());
        RTree::bulk_load(edges.map(|(a, b)| Line::new(self.coord(a), self.coord(b))).collect())
    }
}

fn problem(what: String, at: LatticePoint) -> Problem {
    Problem {
        kind: "wrong_datum".to_owned(),
        what,
        codes: Vec::new(),
        place: Some(Place::from(at.lng_lat())),
        area_m2: 0.0,
    }
}
