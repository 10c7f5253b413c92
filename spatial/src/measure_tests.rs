use geo::GeodesicArea;
use proptest::prelude::*;

use super::*;
use crate::test_maps::{mosaic, rectangle, ring};

#[test]
fn a_distance_agrees_with_geographiclib() {
    let place = |lng, lat| LngLat::<Wgs84>::new(lng, lat).unwrap();
    // pyproj.Geod(ellps="WGS84").inv(103.83, 36.06, 104.2, 35.9)[2]
    let apart_m = distance_m(place(103.83, 36.06), place(104.2, 35.9));
    assert!((apart_m - 37_797.732_028_692_98).abs() < 1e-6, "{apart_m}");
    assert!(distance_m(place(179.999, 0.0), place(-179.999, 0.0)) < 300.0);
}

#[test]
fn the_whole_globe_has_its_known_area() {
    let world = ring(&[
        (-1_800_000_000, -900_000_000),
        (1_800_000_000, -900_000_000),
        (1_800_000_000, 900_000_000),
        (-1_800_000_000, 900_000_000),
    ]);
    // 510,065,621.724 km² is the surface of the WGS 84 ellipsoid.
    let area = signed_area_m2(&world);
    assert!((area / 510_065_621_724_088.0 - 1.0).abs() < 1e-12, "{area}");
}

proptest! {
    #[test]
    fn small_shapes_have_their_geodesic_area(
        x in 1_020_000_000..1_050_000_000i32,
        y in 355_000_000..370_000_000i32,
        offsets in prop::collection::vec((-90_000..90_000i32, -90_000..90_000i32), 3),
    ) {
        let corners: Vec<_> = offsets.iter().map(|(dx, dy)| (x + dx, y + dy)).collect();
        let polygon = LatticePolygon::solid(ring(&corners));
        let ours = signed_area_m2(&polygon.exterior);
        let theirs = polygon.to_degrees().geodesic_area_signed();
        // A geodesic bows away from the straight line; the lune of one of length L has the area
        // L³ tan(lat) / 12 R.
        let slack_m2 = perimeter_m(&polygon.exterior).powi(3) / (12.0 * WGS84_A_M);
        let slack_m2 = slack_m2 + 1e-6 * theirs.abs();
        prop_assert!((ours - theirs).abs() < slack_m2, "{ours} {theirs}");
    }

    #[test]
    fn the_areas_of_parts_add_up(mosaic in mosaic()) {
        let parts: f64 = mosaic.triangles.iter().map(|(_, shape)| multi_area_m2(shape)).sum();
        let faces: f64 = mosaic.faces().iter().map(|(_, shape)| multi_area_m2(shape)).sum();
        prop_assert!((parts - faces).abs() <= 1e-9 + 1e-7 * parts);
    }
}

#[test]
fn one_step_is_about_a_centimetre() {
    let square = rectangle(1_038_300_000, 360_600_000, 1_038_300_001, 360_600_001);
    let area = multi_area_m2(&square);
    assert!((area - 1.0e-4).abs() < 1e-5, "{area}");
    let (east, north) = step_m(360_600_000);
    assert!((area - east * north).abs() < 1e-6);
}
