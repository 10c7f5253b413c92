//! From columns to fields: names in common use, `--map`, and what cannot be a field.

use serde_json::{Map, Value, json};
use spatial::code::Level;
use spatial::crs::Crs;

use crate::import::mapping::{Mapping, Spec};
use crate::import::source::{Feature, Position, RawPolygon, Shape};
use crate::import::{divisions, grids};

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(members) => members,
        _ => unreachable!("tests give objects"),
    }
}

fn feature(properties: Value) -> Feature {
    let corner = |x, y| Position { x, y };
    let ring =
        vec![corner(103.0, 36.0), corner(104.0, 36.0), corner(104.0, 37.0), corner(103.0, 36.0)];
    let shape = Some(Shape::Area(vec![RawPolygon { rings: vec![ring] }]));
    Feature { row: 7, shape, properties: object(properties) }
}

static SPECS: &[Spec] =
    &[Spec::required("code", &["code", "adcode", "id"]), Spec::optional("name", &["name", "名称"])];

#[test]
fn the_better_name_wins_whatever_the_order_of_columns() {
    let mut mapping = Mapping::new(SPECS, &[]).unwrap();
    for row in [json!({"id": 1, "AD_Code": "620102"}), json!({"AD_Code": "620102", "id": 1})] {
        assert_eq!(mapping.apply(&object(row)).unwrap().text("code"), Some("620102"));
    }
}

#[test]
fn a_given_column_goes_before_all_names() {
    let given = [("code".to_owned(), "本地编号".to_owned())];
    let mut mapping = Mapping::new(SPECS, &given).unwrap();
    let row = object(json!({"code": "wrong", "本地编号": " right ", "名称": ""}));
    let fields = mapping.apply(&row).unwrap();
    assert_eq!((fields.text("code"), fields.text("name")), (Some("right"), None));
}

#[test]
fn what_cannot_be_mapped_is_told_once_and_by_name() {
    let told = |given: &[(&str, &str)], columns: &[&str]| -> String {
        let given: Vec<_> = given.iter().map(|(f, c)| ((*f).to_owned(), (*c).to_owned())).collect();
        let columns: Vec<_> = columns.iter().map(|&column| column.to_owned()).collect();
        match Mapping::new(SPECS, &given) {
            Ok(mut mapping) => mapping.check_columns(&columns).unwrap_err().to_string(),
            Err(error) => error.to_string(),
        }
    };
    assert!(told(&[("kode", "x")], &[]).contains("there is no field \"kode\""));
    assert!(told(&[("code", "x")], &["y"]).contains("there is no column \"x\"; the file has y"));
    assert!(told(&[], &["名称", "面积"]).contains("no column gives code; the file has 名称, 面积"));
}

#[test]
fn values_of_every_kind_become_the_text_a_person_would_write() {
    let mut mapping = Mapping::new(SPECS, &[]).unwrap();
    for (value, text) in [
        (json!(620_102), "620102"),
        (json!(620_102.0), "620102"),
        (json!("  620102 "), "620102"),
        (json!({"adcode": 620_100}), "620100"),
    ] {
        let fields = mapping.apply(&object(json!({ "code": value }))).unwrap();
        assert_eq!(fields.text("code"), Some(text));
    }
    for nothing in [json!(null), json!(""), json!("   "), json!([1])] {
        let error = mapping.apply(&object(json!({ "code": nothing }))).unwrap_err();
        assert_eq!(error, "code is missing or empty");
    }
    for bytes in ["a\0b", "a\u{fffd}b"] {
        assert!(mapping.apply(&object(json!({ "code": bytes }))).is_err());
    }
}

#[test]
fn divisions_get_level_kind_and_parent_from_what_there_is() {
    let mut mapping = Mapping::new(divisions::FIELDS, &[]).unwrap();
    let mut read = |properties: Value, level: Option<Level>| {
        divisions::read(Ok(feature(properties)), Crs::Wgs84, &mut mapping, level)
            .map(|(border, _)| (border.code, border.level, border.kind, border.parent))
            .map_err(|refusal| refusal.reason)
    };
    let row = |code: &str, level: &str, kind: &str, parent: Option<&str>| {
        Ok((code.to_owned(), level.to_owned(), kind.to_owned(), parent.map(str::to_owned)))
    };
    assert_eq!(
        read(json!({"adcode": 620_102, "name": "城关区"}), None),
        row("620102", "district", "district", Some("6201"))
    );
    assert_eq!(
        read(
            json!({"adcode": 620_121, "name": "永登县", "level": "district", "parent": {"adcode": 620_100}}),
            None
        ),
        row("620121", "district", "county", Some("6201"))
    );
    assert_eq!(
        read(json!({"code12": "620102001000", "name": "酒泉路街道"}), None),
        row("620102001", "township", "subdistrict", Some("620102"))
    );
    assert_eq!(
        read(json!({"fips": "04015", "name": "Mohave"}), Some(Level::District)),
        row("04015", "district", "district", None)
    );
    assert!(
        read(json!({"fips": "04015", "name": "Mohave"}), None)
            .unwrap_err()
            .contains("give --level")
    );
    assert!(
        read(json!({"code": "6201 02", "name": "x"}), None)
            .unwrap_err()
            .contains("letters, digits")
    );
    assert!(
        read(json!({"code": "620102", "name": "x", "people": -1}), None)
            .unwrap_err()
            .contains("not a count")
    );
}

#[test]
fn grids_know_their_community_by_code_and_refuse_a_contradiction() {
    let mut mapping = Mapping::new(grids::FIELDS, &[]).unwrap();
    let mut read = |properties: Value| {
        grids::read(Ok(feature(properties)), Crs::Wgs84, &mut mapping)
            .map(|(border, _)| (border.code, border.kind, border.name, border.parent))
            .map_err(|refusal| refusal.reason)
    };
    let (code, kind, name, parent) = read(json!({"网格编码": "620102001001007"})).unwrap();
    assert_eq!(
        (code.as_str(), kind.as_str(), name.as_str()),
        ("620102001001007", "basic", "620102001001007")
    );
    assert_eq!(parent.as_deref(), Some("620102001001"));
    let (_, kind, _, parent) = read(json!({"code": "W-7", "网格类型": "专属网格"})).unwrap();
    assert_eq!((kind.as_str(), parent), ("special", None));
    let why =
        read(json!({"code": "620102001001007", "community_code": "620102001002"})).unwrap_err();
    assert!(why.contains("the code says community 620102001001"), "{why}");
    assert!(
        read(json!({"code": "a", "kind": "round"}))
            .unwrap_err()
            .contains("neither basic nor special")
    );
}
