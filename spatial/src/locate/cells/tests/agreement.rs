//! The index, the locator and a walk over all edges say the same.

use proptest::prelude::*;

use super::super::*;
use crate::coverage::LatticeMultiPolygon;
use crate::locate::{Locator, rule};
use crate::test_maps::{Mosaic, at, mosaic, rectangle, solid};

fn brute_force(faces: &[(u32, LatticeMultiPolygon)], point: LatticePoint) -> Option<u32> {
    let mut holders = faces.iter().filter(|(_, shape)| rule::contains(shape, point));
    let holder = holders.next().map(|(id, _)| *id);
    assert_eq!(holders.next(), None, "{point:?} is in two faces");
    holder
}

/// The mosaic with all its coordinates multiplied: larger cells, longer edges.
fn enlarged(mosaic: &Mosaic, by: i32) -> Vec<(u32, LatticeMultiPolygon)> {
    let mut faces = mosaic.faces();
    for point in faces.iter_mut().flat_map(|(_, shape)| &mut shape.0).flat_map(|part| {
        std::iter::once(&mut part.exterior).chain(&mut part.holes).flat_map(|ring| &mut ring.0)
    }) {
        *point = at(point.x * by, point.y * by);
    }
    faces
}

proptest! {
    #[test]
    fn every_lattice_point_of_a_small_map_has_the_face_that_brute_force_finds(mosaic in mosaic()) {
        for faces in [mosaic.triangles.clone(), mosaic.faces()] {
            let locator = Locator::new(faces.clone());
            let index = CellIndex::build(&locator, Key::default()).unwrap();
            let points: Vec<_> = mosaic.points().collect();
            let mut batch = vec![None; points.len()];
            index.locate_batch(&points, &mut batch);
            for (point, answer) in points.into_iter().zip(batch) {
                prop_assert_eq!(index.locate(point), brute_force(&faces, point), "{:?}", point);
                prop_assert_eq!(answer, index.locate(point));
            }
        }
    }

    #[test]
    fn points_on_and_beside_the_borders_of_a_large_map_have_the_locators_face(
        mosaic in mosaic(),
        by in prop::sample::select(vec![37, 1000, 30_011, 1_000_003, 10_000_019]),
        shares in prop::collection::vec(0.0..1.0f64, 16),
    ) {
        let faces = enlarged(&mosaic, by);
        let locator = Locator::new(faces.clone());
        let index = CellIndex::build(&locator, Key::default()).unwrap();
        for (a, b) in faces.iter().flat_map(|(_, shape)| shape.edges()) {
            for share in &shares {
                let between = |from: i32, to: i32| {
                    (f64::from(from) + share * (f64::from(to) - f64::from(from))).round() as i32
                };
                let middle = at(between(a.x, b.x), between(a.y, b.y));
                for place in [a, middle] {
                    for (dx, dy) in (-1..=1).flat_map(|dx| (-1..=1).map(move |dy| (dx, dy))) {
                        let place = at(place.x + dx, place.y + dy);
                        prop_assert_eq!(index.locate(place), locator.locate(place), "{:?}", place);
                    }
                }
            }
        }
    }
}

#[test]
fn faces_that_span_the_globe_do_not_overflow() {
    let (west, east, south, north) = (-1_800_000_000, 1_800_000_000, -900_000_000, 900_000_000);
    let below = solid(&[(west, south), (east, south), (east, north)]);
    let above = solid(&[(west, south), (east, north), (west, north)]);
    let locator = Locator::new((0..).zip([below, above]));
    let index = CellIndex::build(&locator, Key::default()).unwrap();
    for x in (west..east).step_by(17_000_001) {
        for y in (south..north).step_by(9_000_007) {
            assert_eq!(index.locate(at(x, y)), locator.locate(at(x, y)), "{x} {y}");
        }
        for y in [x / 2 - 1, x / 2, x / 2 + 1].into_iter().filter(|y| (south..north).contains(y)) {
            assert_eq!(index.locate(at(x, y)), locator.locate(at(x, y)), "{x} {y}");
        }
    }
    assert_eq!(index.locate(at(i32::MAX, i32::MAX)), None);
    assert_eq!(index.locate(at(i32::MIN, i32::MIN)), None);
}

#[test]
fn an_empty_index_finds_nothing() {
    let locator = Locator::new([]);
    let index = CellIndex::build(&locator, Key::default()).unwrap();
    assert_eq!(index.locate(at(0, 0)), None);
}

#[test]
fn overlapping_faces_are_refused_and_named() {
    let locator = Locator::new([(7, rectangle(0, 0, 100, 100)), (3, rectangle(50, 50, 150, 150))]);
    let refused = CellIndex::build(&locator, Key::default()).unwrap_err();
    let BuildError::Overlap { place, faces } = refused else { panic!("{refused:?}") };
    assert_eq!(faces, [3, 7]);
    assert_eq!(locator.locate_all(place), [3, 7]);
}
