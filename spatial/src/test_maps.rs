//! Invented and real maps for the tests of this crate.

use std::io::Read;
use std::path::PathBuf;

use geo_types::{LineString, MultiPolygon, Polygon};
use proptest::prelude::*;
use serde_json::Value;

use crate::coverage::{Coverage, LatticeMultiPolygon, LatticePolygon, LatticeRing};
use crate::lattice::LatticePoint;

pub fn at(x: i32, y: i32) -> LatticePoint {
    LatticePoint::new(x, y)
}

pub fn ring(corners: &[(i32, i32)]) -> LatticeRing {
    LatticeRing(corners.iter().map(|(x, y)| at(*x, *y)).collect())
}

pub fn solid(corners: &[(i32, i32)]) -> LatticeMultiPolygon {
    LatticePolygon::solid(ring(corners)).into()
}

/// A rectangle from its south-west to its north-east corner.
pub fn rectangle(west: i32, south: i32, east: i32, north: i32) -> LatticeMultiPolygon {
    solid(&[(west, south), (east, south), (east, north), (west, north)])
}

/// A plane cut into triangles, and an owner for each.
#[derive(Clone, Debug)]
pub struct Mosaic {
    pub triangles: Vec<(u32, LatticeMultiPolygon)>,
    pub owners: Vec<u32>,
    pub east: i32,
    pub north: i32,
}

impl Mosaic {
    /// The triangles joined by owner: faces of many parts, with holes.
    pub fn faces(&self) -> Vec<(u32, LatticeMultiPolygon)> {
        let (coverage, defects) = Coverage::build(self.triangles.clone());
        assert_eq!(defects, []);
        coverage.dissolved(|id| Some(self.owners[id as usize]))
    }

    /// Every lattice point of the map and one beyond on each side.
    pub fn points(&self) -> impl Iterator<Item = LatticePoint> + use<> {
        let (east, north) = (self.east, self.north);
        (-2..=north + 2).flat_map(move |y| (-2..=east + 2).map(move |x| at(x, y)))
    }
}

/// Jittered quadrilaterals cut along a diagonal, owned by up to five owners.
pub fn mosaic() -> impl Strategy<Value = Mosaic> {
    (1usize..6, 1usize..6, 6i32..24).prop_flat_map(|(columns, rows, side)| {
        let corners = (columns + 1) * (rows + 1);
        // Less than a quarter of a side, so that every quadrilateral stays convex.
        let jitter = (side - 1) / 5;
        (
            prop::collection::vec((-jitter..=jitter, -jitter..=jitter), corners),
            prop::collection::vec(0u32..5, 2 * columns * rows),
            prop::collection::vec(any::<bool>(), columns * rows),
        )
            .prop_map(move |(jitters, owners, diagonals)| {
                cut(columns, rows, side, &jitters, owners, &diagonals)
            })
    })
}

fn cut(
    columns: usize,
    rows: usize,
    side: i32,
    jitters: &[(i32, i32)],
    owners: Vec<u32>,
    diagonals: &[bool],
) -> Mosaic {
    let corner = |column: usize, row: usize| {
        let (dx, dy) = jitters[row * (columns + 1) + column];
        (column as i32 * side + dx, row as i32 * side + dy)
    };
    let mut triangles = Vec::new();
    for row in 0..rows {
        for column in 0..columns {
            let (a, b) = (corner(column, row), corner(column + 1, row));
            let (c, d) = (corner(column + 1, row + 1), corner(column, row + 1));
            let halves = if diagonals[row * columns + column] {
                [[a, b, c], [a, c, d]]
            } else {
                [[a, b, d], [b, c, d]]
            };
            triangles.extend(halves.map(|half| solid(&half)));
        }
    }
    let triangles = (0..).zip(triangles).collect();
    let (east, north) = (columns as i32 * side, rows as i32 * side);
    Mosaic { triangles, owners, east, north }
}

/// A file of the shared test data.
pub fn shared(path: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared/data").join(path)
}

/// Name and shape of each feature of a GeoJSON file, gzipped or not.
pub fn features(path: &str, name: &str) -> Vec<(String, MultiPolygon<f64>)> {
    let bytes = std::fs::read(shared(path)).unwrap();
    let mut text = String::new();
    if bytes.starts_with(&[0x1f, 0x8b]) {
        flate2::read::GzDecoder::new(&bytes[..]).read_to_string(&mut text).unwrap();
    } else {
        text = String::from_utf8(bytes).unwrap();
    }
    let collection: Value = serde_json::from_str(&text).unwrap();
    let features = collection["features"].as_array().unwrap();
    let read = |feature: &Value| {
        let name = feature["properties"][name].as_str().unwrap().to_owned();
        (name, shape(&feature["geometry"]))
    };
    features.iter().map(read).collect()
}

fn shape(geometry: &Value) -> MultiPolygon<f64> {
    let coordinates = &geometry["coordinates"];
    match geometry["type"].as_str().unwrap() {
        "Polygon" => MultiPolygon(vec![polygon(coordinates)]),
        _ => MultiPolygon(coordinates.as_array().unwrap().iter().map(polygon).collect()),
    }
}

fn polygon(rings: &Value) -> Polygon<f64> {
    let line = |ring: &Value| -> LineString<f64> {
        let pair = |p: &Value| (p[0].as_f64().unwrap(), p[1].as_f64().unwrap());
        ring.as_array().unwrap().iter().map(pair).collect()
    };
    let mut lines = rings.as_array().unwrap().iter().map(line);
    Polygon::new(lines.next().unwrap(), lines.collect())
}
