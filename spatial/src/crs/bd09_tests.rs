use proptest::prelude::*;

use super::*;
use crate::measure::distance_m;
use crate::test_maps::shared;

proptest! {
    #[test]
    fn there_and_back_is_within_a_billionth_of_a_degree(lng in 72.1..137.8, lat in 0.9..55.8) {
        let place = LngLat::<Wgs84>::new(lng, lat).unwrap();
        let back = place.to_bd09().to_wgs84();
        prop_assert!((back.lng() - lng).abs() < 1e-9 && (back.lat() - lat).abs() < 1e-9);
        prop_assert!(distance_m(place, back) < 1e-4);
    }
}

#[test]
fn the_libraries_numbers_are_met_to_twelve_decimals() {
    let got = LngLat::<Gcj02>::new(116.404, 39.915).unwrap().to_bd09();
    assert!((got.lng() - 116.410_369_493_710_29).abs() < 1e-12);
    assert!((got.lat() - 39.921_336_993_510_21).abs() < 1e-12);
    // Theirs is a one-step inverse; the exact one agrees to their ripple.
    let got = LngLat::<Bd09>::new(116.404, 39.915).unwrap().to_gcj02();
    assert!((got.lng() - 116.397_627_291_193_15).abs() < 1e-5);
    assert!((got.lat() - 39.908_656_739_576_31).abs() < 1e-5);
}

#[test]
fn the_map_services_own_numbers_are_met_within_two_metres() {
    let path = shared("crs-vectors/gcoord_china_cities.csv");
    let mut reader = csv::Reader::from_path(path).unwrap();
    for row in reader.records() {
        let row = row.unwrap();
        let number = |at: usize| row[at].parse::<f64>().unwrap();
        let gcj02 = LngLat::<Gcj02>::new(number(4), number(5)).unwrap();
        let bd09 = gcj02.to_bd09();
        let off = (bd09.lng() - number(6)).abs().max((bd09.lat() - number(7)).abs());
        assert!(off < 2e-5, "{} is off by {off}°", &row[0]);
    }
}
