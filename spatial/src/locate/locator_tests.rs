use proptest::prelude::*;

use super::super::rule;
use super::*;
use crate::coverage::Coverage;
use crate::crs::{LngLat, Wgs84};
use crate::interior::interior_point;
use crate::measure::distance_m;
use crate::test_maps::{at, features, mosaic, rectangle, solid};

/// What a walk over all faces and all edges answers.
fn brute_force(faces: &[(u32, LatticeMultiPolygon)], point: LatticePoint) -> Option<u32> {
    let mut holders = faces.iter().filter(|(_, shape)| rule::contains(shape, point));
    let holder = holders.next().map(|(id, _)| *id);
    assert_eq!(holders.next(), None, "{point:?} is in two faces");
    holder
}

proptest! {
    #[test]
    fn the_locator_agrees_with_brute_force_everywhere(mosaic in mosaic()) {
        for faces in [mosaic.triangles.clone(), mosaic.faces()] {
            let locator = Locator::new(faces.clone());
            let points: Vec<_> = mosaic.points().collect();
            let mut answers = vec![None; points.len()];
            locator.locate_batch(&points, &mut answers);
            for (point, answer) in points.into_iter().zip(answers) {
                prop_assert_eq!(answer, brute_force(&faces, point), "{:?}", point);
                prop_assert_eq!(locator.locate_all(point), answer.into_iter().collect::<Vec<_>>());
            }
        }
    }

    #[test]
    fn joined_faces_answer_with_the_owner_of_the_triangle(mosaic in mosaic()) {
        let (triangles, faces) = (Locator::new(mosaic.triangles.clone()), Locator::new(mosaic.faces()));
        for point in mosaic.points() {
            let owner = triangles.locate(point).map(|id| mosaic.owners[id as usize]);
            prop_assert_eq!(faces.locate(point), owner);
        }
    }

    #[test]
    fn the_nearest_face_is_no_farther_than_any_vertex(
        mosaic in mosaic(),
        x in -400..400i32,
        y in -400..400i32,
    ) {
        let locator = Locator::new(mosaic.faces());
        let (id, apart_m) = locator.nearest(at(x, y)).unwrap();
        let mut vertices = mosaic.triangles.iter().flat_map(|(_, shape)| shape.edges());
        if locator.locate(at(x, y)).is_some() {
            prop_assert_eq!((Some(id), apart_m), (locator.locate(at(x, y)), 0.0));
        } else {
            let here = at(x, y).lng_lat();
            prop_assert!(vertices.all(|(a, _)| apart_m <= distance_m(here, a.lng_lat()) * 1.000_001 + 1e-6));
        }
    }
}

#[test]
fn overlapping_faces_are_all_named() {
    let faces = [(7, rectangle(0, 0, 10, 10)), (3, rectangle(5, 5, 15, 15))];
    let locator = Locator::new(faces);
    assert_eq!(locator.locate_all(at(6, 6)), [3, 7]);
    assert_eq!(locator.locate_all(at(1, 1)), [7]);
    assert!(locator.locate_all(at(20, 1)).is_empty());
}

#[test]
fn an_empty_locator_finds_nothing() {
    let locator = Locator::new([(1, LatticeMultiPolygon::default())]);
    assert!(locator.is_empty());
    assert_eq!(locator.locate(at(0, 0)), None);
    assert_eq!(locator.nearest(at(0, 0)), None);
    assert_eq!(locator.bounds(), None);
}

#[test]
fn faces_that_span_the_globe_do_not_overflow() {
    let (west, east, south, north) = (-1_800_000_000, 1_800_000_000, -900_000_000, 900_000_000);
    let below = solid(&[(west, south), (east, south), (east, north)]);
    let above = solid(&[(west, south), (east, north), (west, north)]);
    let locator = Locator::new((0..).zip([below, above]));
    assert_eq!(locator.locate(at(1_700_000_000, -800_000_000)), Some(0));
    assert_eq!(locator.locate(at(-1_700_000_000, 800_000_000)), Some(1));
    assert_eq!(locator.locate(at(i32::MAX, i32::MAX)), None);
    let far = Locator::new([(5, rectangle(1_799_000_000, 0, east, 10))]);
    let (id, apart_m) = far.nearest(at(west, north)).unwrap();
    assert_eq!(id, 5);
    assert!((apart_m - 10_001_965.0).abs() < 2.0, "{apart_m}");
}

#[test]
fn a_point_east_of_the_city_finds_its_nearest_face_and_the_metres() {
    let city =
        [(1, rectangle(0, 0, 100_000, 100_000)), (2, rectangle(100_000, 0, 200_000, 100_000))];
    let locator = Locator::new(city);
    let (id, apart_m) = locator.nearest(at(210_000, 50_000)).unwrap();
    let rim = LngLat::<Wgs84>::new(0.02, 0.005).unwrap();
    assert_eq!(id, 2);
    assert!((apart_m - distance_m(at(210_000, 50_000).lng_lat(), rim)).abs() < 1e-6);
    // From inside, the border is as far as the middle of the nearest side.
    let (id, apart_m) = locator.nearest_border(at(40_000, 1000)).unwrap();
    let below = distance_m(at(40_000, 1000).lng_lat(), at(40_000, 0).lng_lat());
    assert_eq!(id, 1);
    assert!((apart_m - below).abs() < 1e-6);
    // On the east rim itself: outside by the rule, no distance away.
    let (id, apart_m) = locator.nearest(at(200_000, 50_000)).unwrap();
    assert_eq!((id, apart_m < 1e-6), (2, true));
}

#[test]
fn every_county_of_the_united_states_is_found_at_its_interior_point() {
    let counties = features("coverage-us-counties/counties.geojson.gz", "fips");
    let cleaned =
        counties.iter().map(|(_, shape)| LatticeMultiPolygon::clean(shape).unwrap().shape);
    let faces: Vec<_> = (0..).zip(cleaned).collect();
    let (coverage, _) = Coverage::build(faces);
    let locator = coverage.locator();
    assert_eq!(locator.len(), 3230);
    for face in coverage.faces() {
        let point = interior_point(&face.shape).unwrap();
        assert_eq!(locator.locate_all(point), [face.id], "{}", counties[face.id as usize].0);
    }
    // Vertices and points near them, against the walk over everything.
    let vertices: Vec<_> = coverage.faces().iter().flat_map(|face| face.shape.edges()).collect();
    for (a, b) in vertices.iter().step_by(997) {
        for point in [*a, at(i32::midpoint(a.x, b.x), i32::midpoint(a.y, b.y)), at(a.x - 1, a.y)] {
            let holders = coverage.faces().iter().filter(|face| rule::contains(&face.shape, point));
            let holders: Vec<_> = holders.map(|face| face.id).collect();
            assert_eq!(locator.locate_all(point), holders, "{point:?}");
        }
    }
}
