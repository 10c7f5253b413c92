use proptest::prelude::*;

use super::super::cross::contacts;
use super::*;
use crate::locate::rule;
use crate::test_maps::{at, mosaic, ring};

fn edges(rings: &[&[(i32, i32)]]) -> Vec<(LatticePoint, LatticePoint)> {
    rings.iter().flat_map(|corners| ring(corners).edges().collect::<Vec<_>>()).collect()
}

#[test]
fn squares_that_touch_at_a_corner_stay_two() {
    let rings =
        joined(edges(&[&[(0, 0), (1, 0), (1, 1), (0, 1)], &[(1, 1), (2, 1), (2, 2), (1, 2)]]));
    assert_eq!(rings.len(), 2);
    assert!(rings.iter().all(|ring| ring.double_area() == 2));
}

#[test]
fn a_hole_that_touches_the_rim_stays_a_hole() {
    let rings =
        joined(edges(&[&[(0, 0), (2, 0), (4, 0), (4, 4), (0, 4)], &[(2, 0), (1, 2), (3, 2)]]));
    let shape = nested(rings);
    assert_eq!((shape.0.len(), shape.0[0].holes.len()), (1, 1));
    assert!(!rule::contains(&shape, at(2, 1)));
}

#[test]
fn an_island_in_a_lake_is_a_part_of_its_own() {
    let rings = joined(edges(&[
        &[(0, 0), (9, 0), (9, 9), (0, 9)],
        &[(2, 2), (2, 7), (7, 7), (7, 2)],
        &[(4, 4), (5, 4), (5, 5), (4, 5)],
    ]));
    let shape = nested(rings);
    assert_eq!(shape.0.len(), 2);
    assert_eq!(shape.0.iter().map(|part| part.holes.len()).sum::<usize>(), 1);
    assert!(rule::contains(&shape, at(4, 4)) && !rule::contains(&shape, at(3, 3)));
}

proptest! {
    #[test]
    fn joined_faces_are_simple_and_lose_no_area(mosaic in mosaic()) {
        let faces = mosaic.faces();
        let area = |shapes: &[(u32, LatticeMultiPolygon)]| -> i128 {
            shapes.iter().flat_map(|(_, shape)| shape.rings()).map(LatticeRing::double_area).sum()
        };
        prop_assert_eq!(area(&faces), area(&mosaic.triangles));
        for (_, shape) in &faces {
            prop_assert_eq!(contacts(shape.rings()).flaws, 0);
            prop_assert!(shape.clean_lattice().unwrap().repairs.is_empty());
        }
    }
}
