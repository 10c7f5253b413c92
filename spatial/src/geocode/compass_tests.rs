use geo::{Bearing, Destination, Geodesic, Point};
use proptest::prelude::*;

use super::{Compass, bearing_deg, moved};
use crate::lattice::LatticePoint;
use crate::measure::distance_m;

fn geodesic(point: LatticePoint) -> Point<f64> {
    let place = point.lng_lat();
    Point::new(place.lng(), place.lat())
}

proptest! {
    #[test]
    fn a_step_ends_where_the_geodesic_of_karney_ends(
        x in 736_000_000..1_350_000_000i32, y in 180_000_000..530_000_000i32,
        bearing in 0.0..360.0f64, metres in 1.0..5000.0f64,
    ) {
        let from = LatticePoint::new(x, y);
        let end = moved(from, bearing, metres);
        let truth = Geodesic.destination(geodesic(from), bearing, metres);
        let end = geodesic(end);
        let miss = distance_m(
            LatticePoint::new((end.x() * 1e7) as i32, (end.y() * 1e7) as i32).lng_lat(),
            LatticePoint::new((truth.x() * 1e7) as i32, (truth.y() * 1e7) as i32).lng_lat(),
        );
        prop_assert!(miss < 0.05 + metres * 0.002, "{} m off after {} m", miss, metres);
    }

    #[test]
    fn the_bearing_is_that_of_the_geodesic(
        x in 1_000_000_000..1_050_000_000i32, y in 350_000_000..370_000_000i32,
        dx in -500_000..500_000i32, dy in -500_000..500_000i32,
    ) {
        prop_assume!(dx.abs() + dy.abs() > 1000);
        let (from, to) = (LatticePoint::new(x, y), LatticePoint::new(x + dx, y + dy));
        let truth = Geodesic.bearing(geodesic(from), geodesic(to)).rem_euclid(360.0);
        let apart = (bearing_deg(from, to) - truth).abs();
        prop_assert!(apart.min(360.0 - apart) < 0.05, "{} instead of {}", bearing_deg(from, to), truth);
    }

    #[test]
    fn a_bearing_is_at_most_an_eighth_from_its_point(bearing in -720.0..720.0f64) {
        let apart = (Compass::of_deg(bearing).bearing_deg() - bearing).rem_euclid(360.0);
        prop_assert!(apart.min(360.0 - apart) <= 22.5 + 1e-9);
    }
}

#[test]
fn opposite_points_lie_half_a_circle_apart() {
    for point in Compass::ALL {
        assert_eq!(point.opposite().opposite(), point);
        let apart = (point.bearing_deg() - point.opposite().bearing_deg()).abs();
        assert!((apart - 180.0).abs() < 1e-9);
    }
}
