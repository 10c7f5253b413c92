use proptest::prelude::*;

use super::{Notation, written_points};
use crate::crs::Crs;

#[test]
fn all_that_people_write_is_read() {
    // Text, longitude, latitude, whether the latitude comes first.
    let rows = [
        ("103.8343,36.0611", 103.8343, 36.0611, false),
        ("坐标 103.8343 36.0611 附近井盖破损", 103.8343, 36.0611, false),
        ("（36.061123，103.834312）", 103.834_312, 36.061_123, true),
        ("１０３．８３４３，３６．０６１１", 103.8343, 36.0611, false),
        ("lng=103.8343&lat=36.0611", 103.8343, 36.0611, false),
        ("经度：103.8343，纬度：36.0611", 103.8343, 36.0611, false),
        ("北纬36.06°，东经103.83°", 103.83, 36.06, true),
        ("东经103°50′3.5″北纬36°3′40″", 103.834_305_556, 36.061_111_111, false),
        ("东经103度50分3.5秒，北纬36度3分40秒", 103.834_305_556, 36.061_111_111, false),
        ("103°50'03.5\"E 36°03'40.0\"N", 103.834_305_556, 36.061_111_111, false),
        ("36°03'40.0\"N 103°50'03.5\"E", 103.834_305_556, 36.061_111_111, true),
        ("103°50.058′,36°3.666′", 103.8343, 36.0611, false),
        ("E103.8343 N36.0611", 103.8343, 36.0611, false),
        ("36.0611N, 103.8343E", 103.8343, 36.0611, true),
        ("酒泉路123号(103.8343,36.0611)漏水", 103.8343, 36.0611, false),
        ("{\"lat\":36.0611,\"lng\":103.8343}", 103.8343, 36.0611, true),
        ("东经103°50′，北纬36°3′", 103.833_333_333, 36.05, false),
    ];
    for (text, lng, lat, latitude_first) in rows {
        let found = written_points(text);
        assert_eq!(found.len(), 1, "{text}: {found:?}");
        let found = &found[0];
        assert!(
            (found.lng - lng).abs() < 1e-8 && (found.lat - lat).abs() < 1e-8,
            "{text}: {found:?}"
        );
        assert_eq!(found.latitude_first, latitude_first, "{text}");
        assert!(!found.misnamed, "{text}");
    }
}

#[test]
fn what_is_no_coordinate_is_not_read() {
    for text in [
        "酒泉路123号3-2-501",
        "电话13800000000，0931-8888888",
        "面积105.5平方米，层高36.5",
        "203.8343,36.0611",
        "103.8343,66.0611",
        "103.8343 电话 36.0611",
        "2026.11.24 36.0611",
        "103.8343",
        "",
        "东经，北纬",
        "1103.8343,36.0611",
        "北纬36.0611，北纬103.8343",
    ] {
        assert_eq!(written_points(text), [], "{text}");
    }
}

#[test]
fn a_longitude_that_is_called_latitude_is_put_right_and_told() {
    let found = &written_points("纬度103.8343经度36.0611")[0];
    assert_eq!((found.lng, found.lat), (103.8343, 36.0611));
    assert!(found.misnamed && !found.latitude_first);
}

#[test]
fn the_span_is_what_was_read() {
    let text = "我在东经103°50′3.5″北纬36°3′40″等";
    let found = &written_points(text)[0];
    assert_eq!(text.get(found.span.0..found.span.1), Some("东经103°50′3.5″北纬36°3′40″"));
    assert_eq!(found.notation, Notation::Seconds);
}

#[test]
fn the_last_digit_tells_how_exact_it_is() {
    let metres = |text: &str| written_points(text)[0].accuracy_m;
    assert!((metres("103.834312,36.061123") - 0.055).abs() < 0.01);
    assert!((metres("东经103.83北纬36.06") - 555.0).abs() < 10.0);
    assert!((metres("东经103°50′北纬36°3′") - 925.0).abs() < 10.0);
}

#[test]
fn whose_numbers_they_are_is_for_the_caller_to_say() {
    let found = &written_points("103.8343,36.0611")[0];
    let plain = found.in_system(Crs::Wgs84).unwrap();
    let moved = found.in_system(Crs::Gcj02).unwrap();
    assert_eq!((plain.lng(), plain.lat()), (103.8343, 36.0611));
    assert!((plain.lng() - moved.lng()).abs() > 1e-4);
    assert_eq!(found.in_system("EPSG:4544".parse().unwrap()).unwrap(), plain);
}

proptest! {
    #[test]
    fn every_coordinate_of_the_city_comes_back(lng in 102.0..105.0f64, lat in 35.0..37.0f64, swap: bool, form in 0..3u8) {
        let dms = |deg: f64| {
            let seconds = (deg * 3600.0 * 100.0).round() / 100.0;
            let (whole, rest) = ((seconds / 3600.0).floor(), seconds % 3600.0);
            format!("{whole}°{}′{:.2}″", (rest / 60.0).floor(), rest % 60.0)
        };
        let (one, other) = match form {
            0 => (format!("{lng:.6}"), format!("{lat:.6}")),
            1 => (format!("东经{lng:.6}°"), format!("北纬{lat:.6}°")),
            _ => (dms(lng), dms(lat)),
        };
        prop_assume!(!one.contains("60.00") && !other.contains("60.00"));
        let text = if swap { format!("请到{other}，{one}") } else { format!("请到{one}，{other}") };
        let found = written_points(&text);
        prop_assert_eq!(found.len(), 1, "{}", text);
        prop_assert!((found[0].lng - lng).abs() < 2e-6 && (found[0].lat - lat).abs() < 2e-6, "{}: {:?}", text, found);
        prop_assert_eq!(found[0].latitude_first, swap);
    }

    #[test]
    fn any_text_is_read_without_harm(text in "[0-9.°′″东经北纬度分秒EN, a-z]{0,40}") {
        for found in written_points(&text) {
            prop_assert!(text.get(found.span.0..found.span.1).is_some());
            prop_assert!((73.0..=136.0).contains(&found.lng) && (3.0..=54.0).contains(&found.lat));
        }
    }
}
