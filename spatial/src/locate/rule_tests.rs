use proptest::prelude::*;

use super::*;
use crate::test_maps::{at, mosaic, rectangle, ring, solid};

/// The rule said in other words: the point moved right by 2^-20 and up by 2^-35 of a step, then
/// tested in plain exact arithmetic. Nothing of a map of this size lies so near, and the move up
/// is too small to matter against the move right, so the moved point is on no line and level with
/// no vertex.
fn moved_is_inside(shape: &LatticeMultiPolygon, point: LatticePoint) -> bool {
    let scale = |at: i32| i128::from(at) << 40;
    let (px, py) = (scale(point.x) + (1 << 20), scale(point.y) + (1 << 5));
    let mut met = 0;
    for (a, b) in shape.edges() {
        let ((ax, ay), (bx, by)) = ((scale(a.x), scale(a.y)), (scale(b.x), scale(b.y)));
        if (ay < py) == (by < py) {
            continue;
        }
        // x of the edge at the point's height is left of the point; multiplied by by - ay.
        let left = (px - ax) * (by - ay) - (py - ay) * (bx - ax);
        assert_ne!(left, 0);
        met += usize::from((left > 0) == (by > ay));
    }
    met % 2 == 1
}

proptest! {
    #[test]
    fn the_rule_equals_moving_right_then_up(mosaic in mosaic()) {
        for (id, shape) in mosaic.triangles.iter().chain(&mosaic.faces()) {
            for point in mosaic.points() {
                let (ruled, moved) = (contains(shape, point), moved_is_inside(shape, point));
                prop_assert_eq!(ruled, moved, "face {} at {:?}", id, point);
            }
        }
    }

    #[test]
    fn a_point_between_faces_is_in_exactly_one(mosaic in mosaic()) {
        let outline = mosaic.triangles.iter().flat_map(|(_, shape)| shape.0.clone()).collect();
        let outline = LatticeMultiPolygon(outline);
        for point in mosaic.points() {
            let holders = mosaic.triangles.iter().filter(|(_, shape)| contains(shape, point));
            prop_assert_eq!(holders.count(), usize::from(contains(&outline, point)));
        }
    }

    #[test]
    fn neither_the_direction_nor_the_start_of_a_ring_matters(mosaic in mosaic(), start in 0usize..9) {
        let (_, shape) = &mosaic.faces()[0];
        let mut turned = shape.clone();
        for part in &mut turned.0 {
            part.exterior.0.reverse();
            let length = part.exterior.0.len();
            part.exterior.0.rotate_left(start % length);
        }
        for point in mosaic.points() {
            prop_assert_eq!(contains(shape, point), contains(&turned, point));
        }
    }
}

#[test]
fn four_squares_around_a_vertex_share_it_out_once() {
    let squares = [
        rectangle(0, 0, 5, 5),
        rectangle(5, 0, 9, 5),
        rectangle(0, 5, 5, 9),
        rectangle(5, 5, 9, 9),
    ];
    let holders: Vec<bool> = squares.iter().map(|square| contains(square, at(5, 5))).collect();
    assert_eq!(holders, [false, false, false, true]);
}

#[test]
fn a_hole_is_outside_and_its_west_rim_is_in_it() {
    let mut shape = rectangle(0, 0, 10, 10);
    shape.0[0].holes.push(ring(&[(3, 3), (3, 6), (6, 6), (6, 3)]));
    assert!(!contains(&shape, at(3, 3)), "the hole's south-west corner is in the hole");
    assert!(contains(&shape, at(6, 4)), "the hole's east rim is not");
}

#[test]
fn the_rule_is_exact_across_the_whole_globe() {
    let (west, east, south, north) = (-1_800_000_000, 1_800_000_000, -900_000_000, 900_000_000);
    let below = solid(&[(west, south), (east, south), (east, north)]);
    let above = solid(&[(west, south), (east, north), (west, north)]);
    for (point, in_below) in [
        (at(0, 0), true),
        (at(0, 1), false),
        (at(1, 0), true),
        (at(1_799_999_998, 899_999_999), true),
        (at(1_799_999_997, 899_999_999), false),
        (at(-1_800_000_000, -900_000_000), true),
    ] {
        assert_eq!((contains(&below, point), contains(&above, point)), (in_below, !in_below));
    }
}
