use proptest::prelude::*;

use super::*;
use crate::test_maps::shared;

proptest! {
    #[test]
    fn there_and_back_is_within_a_billionth_of_a_degree(lng in -180.0..180.0, lat in -85.05..85.05) {
        let place = LngLat::<Wgs84>::new(lng, lat).unwrap();
        let back = place.to_web_mercator().unwrap().to_wgs84();
        prop_assert!((back.lng() - lng).abs() < 1e-9 && (back.lat() - lat).abs() < 1e-9);
    }
}

#[test]
fn the_vectors_are_met_to_the_millimetre() {
    let path = shared("crs-vectors/gcoord_china_cities.csv");
    let mut reader = csv::Reader::from_path(path).unwrap();
    for row in reader.records() {
        let row = row.unwrap();
        let number = |at: usize| row[at].parse::<f64>().unwrap();
        let flat = LngLat::<Wgs84>::new(number(2), number(3)).unwrap().to_web_mercator().unwrap();
        assert!((flat.x_m() - number(10)).abs() < 2e-3, "{}: {}", &row[0], flat.x_m());
        assert!((flat.y_m() - number(11)).abs() < 2e-3, "{}: {}", &row[0], flat.y_m());
    }
}

#[test]
fn the_poles_are_not_in_the_square_world() {
    let pole = LngLat::<Wgs84>::new(0.0, 90.0).unwrap();
    assert!(pole.to_web_mercator().is_err());
    assert!(WebMercator::new(f64::NAN, 0.0).is_err());
    assert!(WebMercator::new(2.1e7, 0.0).is_err());
    assert!(WebMercator::new(HALF_WORLD_M, -HALF_WORLD_M).is_ok());
}
