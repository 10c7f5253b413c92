use proptest::prelude::*;

use super::*;
use crate::measure::distance_m;
use crate::test_maps::shared;

fn wgs84(lng: f64, lat: f64) -> LngLat<Wgs84> {
    LngLat::new(lng, lat).unwrap()
}

/// Rows of a CSV file of the vectors, cells by position.
fn rows(file: &str) -> Vec<Vec<String>> {
    let mut reader = csv::Reader::from_path(shared("crs-vectors").join(file)).unwrap();
    let cells = |row: csv::StringRecord| row.iter().map(str::to_owned).collect();
    reader.records().map(|row| cells(row.unwrap())).collect()
}

proptest! {
    #[test]
    fn there_and_back_is_within_a_billionth_of_a_degree(lng in 72.1..137.8, lat in 0.9..55.8) {
        let place = wgs84(lng, lat);
        let back = place.to_gcj02().to_wgs84();
        prop_assert!((back.lng() - lng).abs() < 1e-9 && (back.lat() - lat).abs() < 1e-9);
        prop_assert!(distance_m(place, back) < 1e-4);
    }

    #[test]
    fn the_shift_in_china_is_some_hundred_metres(lng in 73.5..135.0, lat in 18.0..53.5) {
        let place = wgs84(lng, lat);
        let shifted = place.to_gcj02();
        let apart_m = distance_m(place, wgs84(shifted.lng(), shifted.lat()));
        prop_assert!((10.0..1500.0).contains(&apart_m), "{apart_m} m");
    }

    #[test]
    fn the_world_outside_passes_through(lng in -180.0..71.0, lat in -90.0..90.0) {
        let place = wgs84(lng, lat);
        prop_assert_eq!(place.to_gcj02(), place.relabelled());
        prop_assert_eq!(place.to_gcj02().to_wgs84(), place);
    }

    #[test]
    fn across_the_rim_the_inverse_never_invents(lng in 71.9..72.1, lat in 0.8..55.9) {
        let given = LngLat::<Gcj02>::new(lng, lat).unwrap();
        let place = given.to_wgs84();
        let again = place.to_gcj02();
        let is_inverse = (again.lng() - lng).abs() < 1e-9 && (again.lat() - lat).abs() < 1e-9;
        let passed_through = place == given.relabelled();
        prop_assert!(is_inverse || passed_through);
    }
}

#[test]
fn the_map_services_own_numbers_are_met_within_a_metre() {
    let cities = rows("gcoord_china_cities.csv");
    assert!(cities.len() > 300);
    for row in cities {
        let number = |at: usize| row[at].parse::<f64>().unwrap();
        let (place, shifted) = (wgs84(number(2), number(3)), wgs84(number(4), number(5)));
        let ours = place.to_gcj02();
        let off = (ours.lng() - shifted.lng()).abs().max((ours.lat() - shifted.lat()).abs());
        assert!(off < 1e-5, "{} is off by {off}°", row[0]);
        // And back: the library that carries these vectors asks for four decimals.
        let back = LngLat::<Gcj02>::new(shifted.lng(), shifted.lat()).unwrap().to_wgs84();
        assert!(
            distance_m(back, place) < 1.2,
            "{} is off by {} m",
            row[0],
            distance_m(back, place)
        );
    }
}

#[test]
fn the_reference_vectors_are_met_within_their_tolerances() {
    let mut checked = 0;
    for row in rows("reference_vectors.csv") {
        let number = |at: usize| row[at].parse::<f64>().unwrap();
        let (from, to) = ((number(2), number(3)), (number(4), number(5)));
        let got = match row[1].as_str() {
            "wgs84->gcj02" => {
                let got = wgs84(from.0, from.1).to_gcj02();
                (got.lng(), got.lat())
            }
            "gcj02->wgs84 (exact)" => {
                let got = LngLat::<Gcj02>::new(from.0, from.1).unwrap().to_wgs84();
                (got.lng(), got.lat())
            }
            // BD-09 has its own test; the one-step approximation is what we do not do.
            _ => continue,
        };
        checked += 1;
        let tolerance: f64 = match row[6].as_str() {
            "0.5 m" => 0.5 / 111_000.0,
            degrees => degrees.trim_end_matches(" deg").parse().unwrap(),
        };
        let off = (got.0 - to.0).abs().max((got.1 - to.1).abs());
        assert!(off <= tolerance, "{row:?} is off by {off}°");
    }
    assert_eq!(checked, 7);
}
