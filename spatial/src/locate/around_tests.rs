use proptest::prelude::*;

use crate::coverage::{LatticePolygon, LatticeRing};
use crate::lattice::LatticePoint;
use crate::locate::{Locate as _, Locator};
use crate::measure::distance_m;

const SIDE: i32 = 20_000;
const WEST: i32 = 1_038_000_000;
const SOUTH: i32 = 360_000_000;

/// A chessboard of eight by eight fields, numbered from the south-west.
fn board() -> Locator {
    let at = LatticePoint::new;
    let field = |id: u32| {
        let (x, y) = (WEST + (id as i32 % 8) * SIDE, SOUTH + (id as i32 / 8) * SIDE);
        let ring = [at(x, y), at(x + SIDE, y), at(x + SIDE, y + SIDE), at(x, y + SIDE)];
        (id, LatticePolygon::solid(LatticeRing(ring.to_vec())).into())
    };
    Locator::new((0..64).map(field))
}

/// The geodesic to the nearest spot of a field, by clamping to its box.
fn brute(id: u32, point: LatticePoint) -> f64 {
    let (x, y) = (WEST + (id as i32 % 8) * SIDE, SOUTH + (id as i32 / 8) * SIDE);
    let spot = LatticePoint::new(point.x.clamp(x, x + SIDE), point.y.clamp(y, y + SIDE));
    distance_m(point.lng_lat(), spot.lng_lat())
}

proptest! {
    #[test]
    fn within_a_circle_are_the_fields_that_a_look_at_all_finds(
        x in WEST - 30_000..WEST + 190_000, y in SOUTH - 30_000..SOUTH + 190_000, radius in 0.0..500.0f64,
    ) {
        let point = LatticePoint::new(x, y);
        let near = board().around(point, radius);
        for id in 0..64 {
            let truth = brute(id, point);
            match near.iter().find(|near| near.0 == id) {
                Some(found) => prop_assert!((found.1 - truth).abs() < 0.01 + truth * 0.001),
                None => prop_assert!(truth > radius * 0.999 - 0.01, "{} at {} m of {}", id, truth, radius),
            }
        }
        prop_assert!(near.is_sorted_by(|one, other| one.1 <= other.1));
    }

    #[test]
    fn the_field_that_holds_a_point_is_always_among_them(x in WEST..WEST + 160_000, y in SOUTH..SOUTH + 160_000) {
        let (board, point) = (board(), LatticePoint::new(x, y));
        let near = board.around(point, 0.0);
        prop_assert!(near.iter().any(|near| Some(near.0) == board.locate(point) && near.1 == 0.0));
    }
}
