use proptest::prelude::*;

use super::*;

fn every_crs() -> Vec<Crs> {
    let zones = (4491..=4554).map(|epsg| Crs::GaussKruger(Zone::from_epsg(epsg).unwrap()));
    [Crs::Wgs84, Crs::Cgcs2000, Crs::Gcj02, Crs::Bd09, Crs::WebMercator]
        .into_iter()
        .chain(zones)
        .collect()
}

#[test]
fn every_system_parses_what_it_displays() {
    for crs in every_crs() {
        assert_eq!(crs.to_string().parse(), Ok(crs));
        let json = serde_json::to_string(&crs).unwrap();
        assert_eq!(serde_json::from_str::<Crs>(&json).unwrap(), crs);
    }
}

#[test]
fn names_are_read_as_people_write_them() {
    for (text, crs) in [
        ("GCJ-02", Crs::Gcj02),
        ("bd_09", Crs::Bd09),
        ("WGS 84", Crs::Wgs84),
        ("epsg:4326", Crs::Wgs84),
        ("EPSG:4490", Crs::Cgcs2000),
        ("EPSG:3857", Crs::WebMercator),
    ] {
        assert_eq!(text.parse(), Ok(crs), "{text}");
    }
    for text in ["", "wgs", "EPSG:", "EPSG:4555", "EPSG:99999", "EPSG:-1", "4326", "兰州"] {
        let error = text.parse::<Crs>().unwrap_err();
        assert!(error.to_string().starts_with("unknown coordinate system"), "{text}");
    }
}

proptest! {
    #[test]
    fn every_system_gives_back_the_place(
        at in 0usize..69,
        lng in 101.0..107.0,
        lat in 30.0..40.0,
    ) {
        let crs = every_crs()[at];
        let place = LngLat::<Wgs84>::new(lng, lat).unwrap();
        if let Ok((x, y)) = crs.from_wgs84(place) {
            let back = crs.to_wgs84(x, y).unwrap();
            prop_assert!((back.lng() - lng).abs() < 1e-9 && (back.lat() - lat).abs() < 1e-9);
        } else {
            prop_assert!(!crs.is_geographic(), "{crs} refused {place}");
        }
    }

    #[test]
    fn no_numbers_make_it_panic(at in 0usize..69, x in any::<f64>(), y in any::<f64>()) {
        if let Ok(place) = every_crs()[at].to_wgs84(x, y) {
            prop_assert!(place.lng().abs() <= 181.0 && place.lat().abs() <= 90.0);
        }
    }
}
