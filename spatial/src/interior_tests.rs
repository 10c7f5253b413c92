use proptest::prelude::*;

use super::*;
use crate::locate::rule::contains;
use crate::test_maps::{at, mosaic, rectangle, ring, solid};

proptest! {
    #[test]
    fn the_point_is_inside_and_none_means_there_is_none(mosaic in mosaic()) {
        for (id, shape) in mosaic.triangles.iter().chain(&mosaic.faces()) {
            match interior_point(shape) {
                Some(point) => prop_assert!(contains(shape, point), "face {}", id),
                None => prop_assert!(!mosaic.points().any(|point| contains(shape, point))),
            }
        }
    }
}

#[test]
fn the_label_of_a_horseshoe_is_in_the_horseshoe() {
    let horseshoe = solid(&[
        (0, 0),
        (900, 0),
        (900, 900),
        (800, 900),
        (800, 100),
        (100, 100),
        (100, 900),
        (0, 900),
    ]);
    assert!(contains(&horseshoe, interior_point(&horseshoe).unwrap()));
}

#[test]
fn the_label_avoids_holes_and_prefers_room() {
    let mut shape = rectangle(0, 0, 1000, 1000);
    shape.0[0].holes.push(ring(&[(100, 100), (100, 900), (700, 900), (700, 100)]));
    let label = interior_point(&shape).unwrap();
    assert!(label.x > 750 && label.x < 950, "{label:?}");
}

#[test]
fn shapes_without_a_lattice_point_have_no_label() {
    assert_eq!(interior_point(&solid(&[(0, 0), (1, 1), (0, 1)])), None);
    assert_eq!(interior_point(&LatticeMultiPolygon::default()), None);
    assert_eq!(interior_point(&rectangle(4, 4, 5, 5)), Some(at(4, 4)));
}

#[test]
fn a_needle_far_from_every_cut_is_still_entered() {
    // Two steps high at its west end only, and 10° long.
    let needle = solid(&[(0, 0), (100_000_000, 1), (0, 2)]);
    let label = interior_point(&needle).unwrap();
    assert!(contains(&needle, label));
}
