use super::*;

#[test]
fn the_rims_of_the_globe_are_on_it() {
    for (lng, lat) in [(180.0, 90.0), (-180.0, -90.0), (0.0, 0.0)] {
        assert!(LngLat::<Wgs84>::new(lng, lat).is_ok());
    }
}

#[test]
fn each_refusal_names_its_reason() {
    let reason = |lng, lat| LngLat::<Gcj02>::new(lng, lat).unwrap_err().reason;
    assert_eq!(reason(f64::NAN, 0.0), "not a finite number");
    assert_eq!(reason(0.0, f64::NEG_INFINITY), "not a finite number");
    assert_eq!(reason(180.000_001, 0.0), "longitude is beyond ±180");
    assert_eq!(reason(120.0, 91.0), "latitude is beyond ±90");
    assert_eq!(reason(36.0, 103.8), "latitude is beyond ±90; longitude and latitude look swapped");
    assert!(reason(404_497.0, 3_992_720.0).contains("metres"));
}

#[test]
fn cgcs2000_keeps_the_numbers() {
    let place = LngLat::<Wgs84>::new(103.83, 36.06).unwrap();
    assert_eq!(place.to_cgcs2000().to_wgs84(), place);
}
