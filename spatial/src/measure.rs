//! Metres and square metres: the only file that knows the size of the earth.
//!
//! Distances follow the geodesic (Karney 2013, through `geo`). Areas are those of the shape we
//! store, whose edges are straight in longitude and latitude, on the WGS 84 ellipsoid: the areas
//! of the children of a division add up to its own, whatever their shapes.

use geo::{Distance, Geodesic, Point};

use crate::coverage::{LatticeMultiPolygon, LatticePolygon, LatticeRing};
use crate::crs::{LngLat, Wgs84};
use crate::lattice::{LatticePoint, UNITS_PER_DEGREE};

/// Semi-major axis of WGS 84 in metres (NGA.STND.0036).
pub const WGS84_A_M: f64 = 6_378_137.0;
/// Flattening of WGS 84.
pub const WGS84_F: f64 = 1.0 / 298.257_223_563;
/// Semi-major axis of CGCS2000 in metres (GB 22021-2008).
pub const CGCS2000_A_M: f64 = 6_378_137.0;
/// Flattening of CGCS2000.
pub const CGCS2000_F: f64 = 1.0 / 298.257_222_101;

/// Length in metres of the geodesic between two places, good to nanometres.
pub fn distance_m(from: LngLat<Wgs84>, to: LngLat<Wgs84>) -> f64 {
    Geodesic.distance(Point::new(from.lng(), from.lat()), Point::new(to.lng(), to.lat()))
}

/// Metres of one lattice step east and north at a latitude given in lattice units.
pub(crate) fn step_m(y: i32) -> (f64, f64) {
    // Radii of curvature along the parallel and the meridian.
    let e2 = WGS84_F * (2.0 - WGS84_F);
    let (sine, cosine) = (f64::from(y) / UNITS_PER_DEGREE).to_radians().sin_cos();
    let square = 1.0 - e2 * sine * sine;
    let across_m = WGS84_A_M / square.sqrt();
    let along_m = across_m * (1.0 - e2) / square;
    let step = (1.0 / UNITS_PER_DEGREE).to_radians();
    (across_m * cosine.max(0.0) * step, along_m * step)
}

/// Metres as they are told: with one decimal.
pub fn tenths(metres: f64) -> f64 {
    (metres * 10.0).round() / 10.0
}

/// Area in square metres of a polygon: its exterior less its holes.
///
/// Exact for edges straight in longitude and latitude up to rounding (about 1e-8 of the area plus
/// 1e-6 m²); a shape that crosses itself counts each loop with its sign.
pub fn area_m2(polygon: &LatticePolygon) -> f64 {
    let holes: f64 = polygon.holes.iter().map(|hole| signed_area_m2(hole).abs()).sum();
    signed_area_m2(&polygon.exterior).abs() - holes
}

/// Area in square metres of all parts together.
pub fn multi_area_m2(shape: &LatticeMultiPolygon) -> f64 {
    shape.0.iter().map(area_m2).sum()
}

/// Area in square metres inside a ring, positive when it runs counter-clockwise.
pub fn signed_area_m2(ring: &LatticeRing) -> f64 {
    // Reference latitude: the band area below it cancels around a closed ring, so subtracting it
    // keeps the sums small.
    let Some(first) = ring.0.first() else { return 0.0 };
    let base = band_m2(first.y);
    -ring.edges().map(|(a, b)| under_edge_m2(a, b, base)).sum::<f64>()
}

/// Length in metres of a ring, its edges measured flat at their middles.
pub(crate) fn perimeter_m(ring: &LatticeRing) -> f64 {
    let length = |(a, b): (LatticePoint, LatticePoint)| {
        let (east, north) = step_m(i32::midpoint(a.y, b.y));
        let dx = (f64::from(b.x) - f64::from(a.x)) * east;
        let dy = (f64::from(b.y) - f64::from(a.y)) * north;
        dx.hypot(dy)
    };
    ring.edges().map(length).sum()
}

/// Signed area between an edge and the latitude whose band area is `base`, in m².
fn under_edge_m2(a: LatticePoint, b: LatticePoint, base: f64) -> f64 {
    let dlng = (f64::from(b.x) - f64::from(a.x)) / UNITS_PER_DEGREE;
    if a.x == b.x {
        return 0.0;
    }
    if a.y == b.y {
        return dlng.to_radians() * (band_m2(a.y) - base);
    }
    // Simpson's rule per quarter degree of latitude: the error is below 1e-12 of the band.
    let dlat = (f64::from(b.y) - f64::from(a.y)) / UNITS_PER_DEGREE;
    let pieces = (dlat.abs() * 4.0).ceil().max(1.0);
    let start = f64::from(a.y) / UNITS_PER_DEGREE;
    let at = |share: f64| band_of_deg_m2(start + dlat * share) - base;
    let mut sum = 0.0;
    for piece in 0..pieces as u32 {
        let from = f64::from(piece) / pieces;
        let step = 1.0 / pieces;
        sum += (at(from) + 4.0 * at(from + step / 2.0) + at(from + step)) / 6.0 * step;
    }
    dlng.to_radians() * sum
}

fn band_m2(y: i32) -> f64 {
    band_of_deg_m2(f64::from(y) / UNITS_PER_DEGREE)
}

/// Area of the ellipsoid between the equator and a latitude, per radian of longitude, in m².
///
/// Snyder, "Map Projections: A Working Manual" (1987), equation 3-12, times b²/2.
fn band_of_deg_m2(lat: f64) -> f64 {
    let e2 = WGS84_F * (2.0 - WGS84_F);
    let e = e2.sqrt();
    let sine = lat.to_radians().sin();
    let b2 = WGS84_A_M * WGS84_A_M * (1.0 - e2);
    b2 / 2.0 * (sine / (1.0 - e2 * sine * sine) + (e * sine).atanh() / e)
}

#[cfg(test)]
#[path = "measure_tests.rs"]
mod tests;
