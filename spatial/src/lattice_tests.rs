use proptest::prelude::*;

use super::*;
use crate::test_maps::at;

proptest! {
    #[test]
    fn a_lattice_point_is_the_nearest_to_its_own_degrees(
        x in -1_800_000_000..=1_800_000_000i32,
        y in -900_000_000..=900_000_000i32,
    ) {
        prop_assert_eq!(LatticePoint::nearest(at(x, y).lng_lat()), at(x, y));
    }

    #[test]
    fn rounding_moves_no_place_by_more_than_half_a_step(lng in -180.0..=180.0, lat in -90.0..=90.0) {
        let place = LngLat::<Wgs84>::new(lng, lat).unwrap();
        let rounded = LatticePoint::nearest(place).lng_lat();
        prop_assert!((rounded.lng() - lng).abs() <= 0.5001e-7);
        prop_assert!((rounded.lat() - lat).abs() <= 0.5001e-7);
    }

    #[test]
    fn a_box_holds_the_points_it_was_made_of(points in prop::collection::vec((any::<i32>(), any::<i32>()), 1..20)) {
        let points: Vec<_> = points.into_iter().map(|(x, y)| at(x, y)).collect();
        let bounds = LatticeBox::around(points.iter().copied()).unwrap();
        prop_assert!(points.iter().all(|point| bounds.contains(*point)));
        prop_assert!(bounds.width() >= 0 && bounds.height() >= 0);
    }

    #[test]
    fn turning_left_and_right_are_opposite(a in any::<(i32, i32)>(), b in any::<(i32, i32)>(), c in any::<(i32, i32)>()) {
        let [a, b, c] = [a, b, c].map(|(x, y)| at(x, y));
        prop_assert_eq!(turn(a, b, c), -turn(a, c, b));
        prop_assert_eq!(turn(a, b, c), turn(b, c, a));
    }
}

#[test]
fn boxes_meet_when_they_share_an_edge_or_a_corner() {
    let unit = LatticeBox { min: at(0, 0), max: at(1, 1) };
    assert!(unit.meets(&LatticeBox { min: at(1, 1), max: at(2, 2) }));
    assert!(!unit.meets(&LatticeBox { min: at(2, 0), max: at(3, 1) }));
    assert_eq!(LatticeBox::around([]), None);
}
