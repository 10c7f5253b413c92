//! There and back: what the export writes the import reads as the same, in every format and coordinate system.

use proptest::prelude::*;
use serde_json::Value;
use spatial::coverage::{LatticeMultiPolygon, LatticePolygon};
use spatial::crs::Crs;

use super::{folder, read, rectangle};
use crate::export::sink::{self, Column, Kind, Outgoing, Plan, Where};
use crate::import::boundary::is_same_shape;
use crate::import::source::{Format, OpenOptions, open};
use crate::import::{clean, declare};

static COLUMNS: [Column; 4] = [
    Column::text("code", "code"),
    Column::text("name", "name"),
    Column::text("parent_code", "parent"),
    Column::whole("people", "people"),
];

const FORMATS: [(Format, &str); 8] = [
    (Format::GeoJson, "a.geojson"),
    (Format::GeoJson, "a.geojson.gz"),
    (Format::FlatGeobuf, "a.fgb"),
    (Format::FlatGeobuf, "a.fgb.gz"),
    (Format::GeoPackage, "a.gpkg"),
    (Format::Shapefile, "a.shp"),
    (Format::Csv, "a.csv"),
    (Format::Tsv, "a.tsv.gz"),
];
const SYSTEMS: [&str; 7] =
    ["wgs84", "cgcs2000", "gcj02", "bd09", "EPSG:3857", "EPSG:4544", "EPSG:4523"];

/// Two parts, the first with a hole, somewhere around the middle of Lanzhou.
fn shape() -> impl Strategy<Value = LatticeMultiPolygon> {
    (-1_000_000..1_000_000i32, -1_000_000..1_000_000i32, 40..90_000i32, any::<bool>()).prop_map(
        |(x, y, size, two)| {
            let mut hole = rectangle(x + size / 4, y + size / 4, x + size / 2, y + size / 2);
            hole.0.reverse();
            let first =
                LatticePolygon { exterior: rectangle(x, y, x + size, y + size), holes: vec![hole] };
            let second = rectangle(x + size + 7, y, x + size + 19, y + 11);
            let mut parts = vec![first];
            if two {
                parts.push(LatticePolygon::solid(second));
            }
            LatticeMultiPolygon(parts)
        },
    )
}

/// Texts that separators, quotes and encodings stumble over; trimmed, as the import trims.
fn text() -> impl Strategy<Value = String> {
    prop::collection::vec(
        prop::sample::select(vec![
            "网格", "一", "\"", ",", ";", "'", "\\", "é", "𠀀", "a b", "\n", "0",
        ]),
        1..8,
    )
    .prop_map(|parts| parts.concat().trim().to_owned())
    .prop_filter("not empty", |text| !text.is_empty())
}

fn options(crs: Crs, format: Format) -> Option<Crs> {
    // Tables declare nothing.
    matches!(format, Format::Csv | Format::Tsv).then_some(crs)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn areas_come_back_as_they_went(
        rows in prop::collection::vec((shape(), text(), prop::option::of(0..9_000_000i64)), 1..5),
        system in prop::sample::select(SYSTEMS.to_vec()),
        (format, name) in prop::sample::select(FORMATS.to_vec()),
    ) {
        let crs: Crs = system.parse().unwrap();
        let folder = folder();
        let path = folder.path().join(name);
        let plan = Plan { layer: "grid".to_owned(), kind: Kind::Areas, columns: &COLUMNS, crs };
        let mut sink = sink::create(&path, format, plan).unwrap();
        for (at, (shape, text, people)) in rows.iter().enumerate() {
            let values = vec![format!("{at:015}").into(), text.clone().into(), Value::Null, (*people).into()];
            sink.write(&Outgoing { place: Where::Area(shape.clone()), values }).unwrap();
        }
        sink.finish().unwrap();

        let mut opened = open(&path, &OpenOptions::default()).unwrap();
        let chosen = declare::choose(&path, &*opened.source, options(crs, format)).unwrap();
        let same = chosen.crs == crs || (chosen.crs.is_geographic() && system == "cgcs2000");
        prop_assert!(same, "{} was read as {}", system, chosen.told);
        let (features, refusals) = super::rows(&mut opened).unwrap();
        prop_assert!(refusals.is_empty(), "{refusals:?}");
        prop_assert_eq!(features.len(), rows.len());
        for feature in features {
            let field = |name: &str| feature.properties.get(name).cloned().unwrap_or_default();
            let at: usize = crate::import::source::text_of(&field("code")).parse().unwrap();
            let (shape, text, people) = &rows[at];
            let (read, repairs) = clean::area_of(crs, feature.shape.as_ref()).unwrap();
            prop_assert!(clean::repairs(1, "", &repairs).is_empty(), "{repairs:?}");
            prop_assert!(is_same_shape(&read, shape), "{read:?} was {shape:?}");
            let name = field("name");
            prop_assert_eq!(name.as_str(), Some(text.as_str()));
            let told = crate::import::source::text_of(&field("people"));
            let told = Some(told).filter(|told| told != "null" && !told.is_empty());
            prop_assert_eq!(told, people.map(|people| people.to_string()));
        }
    }

    #[test]
    fn places_come_back_as_they_went(
        points in prop::collection::vec((1_020_000_000..1_050_000_000i32, 350_000_000..370_000_000i32), 1..20),
        system in prop::sample::select(SYSTEMS.to_vec()),
        (format, name) in prop::sample::select(FORMATS.to_vec()),
    ) {
        let crs: Crs = system.parse().unwrap();
        let folder = folder();
        let path = folder.path().join(name);
        let plan = Plan { layer: "address".to_owned(), kind: Kind::Places, columns: &COLUMNS[..2], crs };
        let mut sink = sink::create(&path, format, plan).unwrap();
        let points: Vec<_> =
            points.into_iter().map(|(x, y)| spatial::lattice::LatticePoint::new(x, y)).collect();
        for (at, point) in points.iter().enumerate() {
            let values = vec![at.to_string().into(), "甲".into()];
            sink.write(&Outgoing { place: Where::Place(*point), values }).unwrap();
        }
        sink.finish().unwrap();
        let (features, refusals, _) = read(&path, &OpenOptions::default()).unwrap();
        prop_assert!(refusals.is_empty(), "{refusals:?}");
        prop_assert_eq!(features.len(), points.len());
        for feature in features {
            let at: usize = crate::import::source::text_of(&feature.properties["code"]).parse().unwrap();
            let place = clean::place_of(crs, feature.shape.as_ref()).unwrap();
            prop_assert_eq!(place, Some(points[at]));
        }
    }
}

#[test]
fn a_shapefile_without_its_index_is_walked() {
    let folder = folder();
    let path = folder.path().join("a.shp");
    let plan = Plan {
        layer: "grid".to_owned(),
        kind: Kind::Areas,
        columns: &COLUMNS[..1],
        crs: Crs::Wgs84,
    };
    let mut sink = sink::create(&path, Format::Shapefile, plan).unwrap();
    for at in 0..5 {
        let shape = super::solid(rectangle(at * 100, 0, at * 100 + 90, 90));
        sink.write(&Outgoing { place: Where::Area(shape), values: vec![at.to_string().into()] })
            .unwrap();
    }
    sink.finish().unwrap();
    std::fs::remove_file(path.with_extension("shx")).unwrap();
    let (features, refusals, notes) = read(&path, &OpenOptions::default()).unwrap();
    assert_eq!((features.len(), refusals.len()), (5, 0));
    assert!(notes[0].contains(".shx"), "{notes:?}");
}

#[test]
fn a_table_entry_marked_as_deleted_takes_its_shape_with_it() {
    let folder = folder();
    let path = folder.path().join("a.shp");
    let plan = Plan {
        layer: "grid".to_owned(),
        kind: Kind::Areas,
        columns: &COLUMNS[..1],
        crs: Crs::Wgs84,
    };
    let mut sink = sink::create(&path, Format::Shapefile, plan).unwrap();
    for at in 0..3 {
        let shape = super::solid(rectangle(at * 100, 0, at * 100 + 90, 90));
        sink.write(&Outgoing { place: Where::Area(shape), values: vec![format!("g{at}").into()] })
            .unwrap();
    }
    sink.finish().unwrap();
    let table = path.with_extension("dbf");
    let mut bytes = std::fs::read(&table).unwrap();
    let header = usize::from(u16::from_le_bytes([bytes[8], bytes[9]]));
    let record = usize::from(u16::from_le_bytes([bytes[10], bytes[11]]));
    bytes[header + record] = b'*';
    std::fs::write(&table, bytes).unwrap();
    let (features, ..) = read(&path, &OpenOptions::default()).unwrap();
    let codes: Vec<_> = features.iter().map(|feature| &feature.properties["code"]).collect();
    assert_eq!(codes, ["g0", "g2"]);
    let (third, _) = clean::area_of(Crs::Wgs84, features[1].shape.as_ref()).unwrap();
    assert!(is_same_shape(&third, &super::solid(rectangle(200, 0, 290, 90))));
}
