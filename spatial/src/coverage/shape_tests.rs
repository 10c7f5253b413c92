use proptest::prelude::*;

use super::*;
use crate::test_maps::{mosaic, rectangle, ring};

proptest! {
    #[test]
    fn shapes_come_back_from_degrees_unchanged(mosaic in mosaic()) {
        for (_, shape) in mosaic.faces() {
            prop_assert_eq!(LatticeMultiPolygon::from_degrees(&shape.to_degrees()).unwrap(), shape);
        }
    }
}

#[test]
fn degrees_are_closed_and_longitude_first() {
    let line = ring(&[
        (1_038_300_000, 360_600_000),
        (1_038_400_000, 360_600_000),
        (1_038_400_000, 360_700_000),
    ])
    .to_degrees();
    assert_eq!(line.0.len(), 4);
    assert_eq!(line.0[0], line.0[3]);
    assert_eq!((line.0[0].x, line.0[0].y), (103.83, 36.06));
}

#[test]
fn a_coordinate_off_the_globe_is_refused() {
    let mut shape = rectangle(0, 0, 10, 10).to_degrees();
    shape.0[0].exterior_mut(|line| line.0[1].y = 95.0);
    assert!(LatticeMultiPolygon::from_degrees(&shape).is_err());
}

#[test]
fn bounds_and_counts_cover_all_rings() {
    let mut shape = rectangle(0, 0, 10, 10);
    shape.0.push(rectangle(20, -5, 30, 5).0.remove(0));
    shape.0[0].holes.push(ring(&[(3, 3), (3, 6), (6, 6)]));
    assert_eq!(shape.vertex_count(), 11);
    let bounds = shape.bounds().unwrap();
    assert_eq!((bounds.min, bounds.max), (LatticePoint::new(0, -5), LatticePoint::new(30, 10)));
}
