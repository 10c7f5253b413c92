use proptest::prelude::*;

use super::*;

fn place(lng: f64, lat: f64) -> LngLat<Cgcs2000> {
    LngLat::new(lng, lat).unwrap()
}

#[test]
fn proj_is_met_to_the_micrometre_in_every_zone() {
    let table = include_str!("gauss_kruger_expected.csv");
    let mut zones = std::collections::BTreeSet::new();
    for line in table.lines().skip(2) {
        let cells: Vec<f64> = line.split(',').map(|cell| cell.parse().unwrap()).collect();
        let zone = Zone::from_epsg(cells[0] as u16).unwrap();
        zones.insert(zone.epsg());
        let (x, y) = zone.project(place(cells[1], cells[2])).unwrap();
        assert!((x - cells[3]).abs() < 2e-6, "{line}: easting {x}");
        assert!((y - cells[4]).abs() < 2e-6, "{line}: northing {y}");
        let back = zone.unproject(cells[3], cells[4]).unwrap();
        assert!((back.lng() - cells[1]).abs() < 1e-10 && (back.lat() - cells[2]).abs() < 1e-10);
    }
    assert_eq!(zones.len(), 64);
}

#[test]
fn families_agree_on_meridian_prefix_and_width() {
    let zone = |epsg| Zone::from_epsg(epsg).unwrap();
    let told = |epsg| (zone(epsg).central_meridian(), zone(epsg).prefix(), zone(epsg).width());
    assert_eq!(told(4491), (75, Some(13), Width::Six));
    assert_eq!(told(4501), (135, Some(23), Width::Six));
    assert_eq!(told(4502), (75, None, Width::Six));
    assert_eq!(told(4512), (135, None, Width::Six));
    assert_eq!(told(4513), (75, Some(25), Width::Three));
    assert_eq!(told(4533), (135, Some(45), Width::Three));
    assert_eq!(told(4534), (75, None, Width::Three));
    assert_eq!(told(4554), (135, None, Width::Three));
    assert_eq!((Zone::from_epsg(4490), Zone::from_epsg(4555)), (None, None));
    for epsg in 4491..=4554 {
        let (meridian, prefix, width) = told(epsg);
        match (prefix, width) {
            (Some(prefix), Width::Six) => assert_eq!(meridian, 6 * prefix - 3),
            (Some(prefix), Width::Three) => assert_eq!(meridian, 3 * prefix),
            (None, _) => assert_eq!(meridian % 3, 0),
        }
    }
}

proptest! {
    #[test]
    fn there_and_back_is_within_a_micrometre(
        epsg in 4491u16..=4554,
        dlng in -4.0..4.0,
        lat in -80.0..80.0,
    ) {
        let zone = Zone::from_epsg(epsg).unwrap();
        let given = place(f64::from(zone.central_meridian()) + dlng, lat);
        let (x, y) = zone.project(given).unwrap();
        let back = zone.unproject(x, y).unwrap();
        prop_assert!((back.lng() - given.lng()).abs() < 1e-9);
        prop_assert!((back.lat() - lat).abs() < 1e-9);
        let (x_again, y_again) = zone.project(back).unwrap();
        prop_assert!((x - x_again).abs() < 1e-6 && (y - y_again).abs() < 1e-6);
    }
}

#[test]
fn a_foreign_easting_is_refused_with_a_hint() {
    let reason = |epsg, x, y| match Zone::from_epsg(epsg).unwrap().unproject(x, y) {
        Err(CrsError::OutsideSystem { reason, .. }) => reason,
        other => panic!("{other:?}"),
    };
    assert!(reason(4523, 404_497.0, 3_992_720.0).contains("no zone prefix"));
    assert!(reason(4544, 35_404_497.0, 3_992_720.0).contains("carries a zone prefix"));
    assert!(reason(4523, 36_404_497.0, 3_992_720.0).contains("another zone"));
    assert!(reason(4544, 3_992_720.0, 404_497.0).contains("swapped"));
    assert!(reason(4544, f64::NAN, 1.0).contains("finite"));
    assert!(Zone::from_epsg(4544).unwrap().project(place(120.0, 36.0)).is_err());
}
