//! Rings and polygons on the lattice.

use geo_types::{Coord, LineString, MultiPolygon, Polygon};

use crate::crs::{InvalidLngLat, LngLat, Wgs84};
use crate::lattice::{LatticeBox, LatticePoint};

/// A closed walk through lattice points; the last joins the first and does not repeat it.
///
/// Nothing else is promised: [`LatticeMultiPolygon::clean`] makes rings simple and oriented.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct LatticeRing(pub Vec<LatticePoint>);

impl LatticeRing {
    /// The edges in walking order, the closing one last.
    pub fn edges(&self) -> impl Iterator<Item = (LatticePoint, LatticePoint)> + Clone + '_ {
        let next = self.0.iter().skip(1).chain(self.0.first());
        self.0.iter().copied().zip(next.copied())
    }

    /// Twice the signed area in square lattice units: positive when counter-clockwise.
    pub fn double_area(&self) -> i128 {
        let Some(&origin) = self.0.first() else { return 0 };
        self.edges().map(|(a, b)| crate::lattice::turn(origin, a, b)).sum()
    }

    /// The smallest box around the ring, or `None` when it has no points.
    pub fn bounds(&self) -> Option<LatticeBox> {
        LatticeBox::around(self.0.iter().copied())
    }

    /// The ring in degrees with its first point repeated at the end, as other software wants it.
    pub fn to_degrees(&self) -> LineString<f64> {
        let closed = self.0.iter().chain(self.0.first());
        closed.map(|point| coord(*point)).collect()
    }

    fn from_degrees(line: &LineString<f64>) -> Result<Self, InvalidLngLat> {
        let mut points = Vec::with_capacity(line.0.len());
        for coord in &line.0 {
            let point = LatticePoint::nearest(LngLat::<Wgs84>::new(coord.x, coord.y)?);
            if points.last() != Some(&point) {
                points.push(point);
            }
        }
        while points.len() > 1 && points.first() == points.last() {
            points.pop();
        }
        Ok(Self(points))
    }
}

/// One part of a shape: a ring and the holes in it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct LatticePolygon {
    /// The outer ring; counter-clockwise once cleaned.
    pub exterior: LatticeRing,
    /// Holes in it; clockwise once cleaned.
    pub holes: Vec<LatticeRing>,
}

impl LatticePolygon {
    /// A polygon without holes.
    pub fn solid(exterior: LatticeRing) -> Self {
        Self { exterior, holes: Vec::new() }
    }

    /// All rings, the exterior first.
    pub fn rings(&self) -> impl Iterator<Item = &LatticeRing> + Clone {
        std::iter::once(&self.exterior).chain(&self.holes)
    }

    /// The polygon in degrees, longitude first.
    pub fn to_degrees(&self) -> Polygon<f64> {
        let holes = self.holes.iter().map(LatticeRing::to_degrees).collect();
        Polygon::new(self.exterior.to_degrees(), holes)
    }

    /// The polygon rounded to the lattice; see [`LatticeMultiPolygon::from_degrees`].
    ///
    /// # Errors
    /// [`InvalidLngLat`] on the first coordinate that is not on the globe.
    pub fn from_degrees(polygon: &Polygon<f64>) -> Result<Self, InvalidLngLat> {
        Ok(Self {
            exterior: LatticeRing::from_degrees(polygon.exterior())?,
            holes: polygon
                .interiors()
                .iter()
                .map(LatticeRing::from_degrees)
                .collect::<Result<_, _>>()?,
        })
    }
}

/// A shape of any number of parts: the territory of one grid or division.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct LatticeMultiPolygon(pub Vec<LatticePolygon>);

impl LatticeMultiPolygon {
    /// All rings of all parts.
    pub fn rings(&self) -> impl Iterator<Item = &LatticeRing> + Clone {
        self.0.iter().flat_map(LatticePolygon::rings)
    }

    /// All edges of all rings.
    pub fn edges(&self) -> impl Iterator<Item = (LatticePoint, LatticePoint)> + Clone + '_ {
        self.rings().flat_map(LatticeRing::edges)
    }

    /// The smallest box around the shape, or `None` when it is empty.
    pub fn bounds(&self) -> Option<LatticeBox> {
        self.rings().filter_map(LatticeRing::bounds).reduce(LatticeBox::joined)
    }

    /// Whether there is no part.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Number of vertices of all rings.
    pub fn vertex_count(&self) -> usize {
        self.rings().map(|ring| ring.0.len()).sum()
    }

    /// The shape in degrees, longitude first.
    pub fn to_degrees(&self) -> MultiPolygon<f64> {
        MultiPolygon(self.0.iter().map(LatticePolygon::to_degrees).collect())
    }

    /// The shape rounded to the lattice, repeated and closing vertices dropped, nothing repaired.
    ///
    /// For input known to be valid; [`LatticeMultiPolygon::clean`] is for anything else.
    ///
    /// # Errors
    /// [`InvalidLngLat`] on the first coordinate that is not on the globe.
    pub fn from_degrees(shape: &MultiPolygon<f64>) -> Result<Self, InvalidLngLat> {
        shape.0.iter().map(LatticePolygon::from_degrees).collect::<Result<_, _>>().map(Self)
    }
}

impl From<LatticePolygon> for LatticeMultiPolygon {
    fn from(polygon: LatticePolygon) -> Self {
        Self(vec![polygon])
    }
}

fn coord(point: LatticePoint) -> Coord<f64> {
    let place = point.lng_lat();
    Coord { x: place.lng(), y: place.lat() }
}

#[cfg(test)]
#[path = "shape_tests.rs"]
mod tests;
