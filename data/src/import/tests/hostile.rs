//! Files as they arrive: damaged, mislabelled, in the wrong encoding. Each is refused with a sentence, none panics.

use std::io::Write;

use proptest::prelude::*;
use spatial::crs::Crs;

use super::{file, folder, read};
use crate::export::sink::{self, Column, Kind, Outgoing, Plan, Where};
use crate::import::clean;
use crate::import::source::{Encoding, Format, OpenOptions, Shape, from_wkt};

fn refused(name: &str, bytes: impl AsRef<[u8]>) -> String {
    let folder = folder();
    let path = file(&folder, name, bytes);
    read(&path, &OpenOptions::default()).expect_err("this file cannot be read").to_string()
}

/// Rows read, and the refusals as `row: reason`.
fn told(name: &str, bytes: impl AsRef<[u8]>, options: &OpenOptions) -> (usize, Vec<String>) {
    let folder = folder();
    let path = file(&folder, name, bytes);
    let (features, refusals, _) = read(&path, options).expect("the file as a whole is readable");
    let lines = refusals.iter().map(|one| format!("{}: {}", one.row, one.reason)).collect();
    (features.len(), lines)
}

fn square_feature(name: &str) -> String {
    format!(
        "{{\"type\":\"Feature\",\"properties\":{{\"name\":\"{name}\"}},\"geometry\":{{\"type\":\"Polygon\",\
         \"coordinates\":[[[103,36],[104,36],[104,37],[103,36]]]}}}}"
    )
}

fn collection(features: &[String]) -> String {
    format!("{{\"type\":\"FeatureCollection\",\"features\":[{}]}}", features.join(",\n"))
}

#[test]
fn files_that_are_not_what_they_say_are_refused_with_the_reason() {
    for (name, bytes, reason) in [
        ("a.geojson", b"".as_slice(), "the file is empty"),
        ("a.csv", b"PK\x03\x04rest", "zip archive"),
        ("a.csv", b"\xFF\xFEn\0a\0", "UTF-16"),
        ("a.geojson", b"code,name\n1,2\n", "the content is not GeoJSON"),
        ("a.shp", b"what is this", "the content is not Shapefile"),
        ("a.dat", b"what is this", "give --format"),
        ("a.json", b"{\"type\":\"Topology\",\"objects\":{}}", "TopoJSON"),
        ("a.json", b"{\"a\":1}", "without \"type\""),
        ("a.json", b"{\"type\":\"Feature\"", "cut off"),
        ("a.fgb", b"fgb\x03fgb\x00\x10\0\0\0", "not FlatGeobuf"),
        ("a.gpkg", b"SQLite format 3\0 and nothing more", "GeoPackage"),
        ("a.csv", b"\n\n", "header"),
        ("a.csv", b"name,lng\nx,1\n", "none for lat"),
    ] {
        let error = refused(name, bytes);
        assert!(error.contains(reason), "{name} {bytes:?}: {error}");
    }
}

#[test]
fn a_missing_file_and_a_folder_are_refused() {
    let folder = folder();
    let missing = read(&folder.path().join("none.csv"), &OpenOptions::default());
    assert!(missing.is_err());
    let error = read(folder.path(), &OpenOptions::default()).expect_err("a folder is no file");
    assert!(error.to_string().contains("folder"), "{error}");
}

#[test]
fn content_goes_before_the_name_and_the_note_says_so() {
    let folder = folder();
    let path = file(&folder, "grids.csv", collection(&[square_feature("a")]));
    let (features, _, notes) = read(&path, &OpenOptions::default()).unwrap();
    assert_eq!(features.len(), 1);
    assert_eq!(notes, ["the name says CSV, the content is GeoJSON: read as GeoJSON"]);
}

#[test]
fn a_gzip_that_ends_early_is_no_half_import() {
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(collection(&vec![square_feature("a"); 500]).as_bytes()).unwrap();
    let whole = packed.finish().unwrap();
    let folder = folder();
    let path = file(&folder, "a.geojson.gz", &whole);
    assert_eq!(read(&path, &OpenOptions::default()).unwrap().0.len(), 500);
    let error = refused("a.geojson.gz", &whole[..whole.len() * 2 / 3]);
    assert!(error.contains("cut off") || error.contains("damaged"), "{error}");
}

#[test]
fn a_collection_that_ends_early_names_the_feature_it_ends_in() {
    let whole = collection(&[square_feature("a"), square_feature("b"), square_feature("c")]);
    let error = refused("a.geojson", &whole.as_bytes()[..whole.len() - 40]);
    assert!(error.contains("inside feature 3"), "{error}");
}

#[test]
fn a_broken_feature_is_refused_alone() {
    let broken = [
        ("[[[NaN,36],[104,36],[104,37],[103,36]]]", "not a GeoJSON feature"),
        ("[[[103],[104,36],[104,37],[103,36]]]", "needs two numbers"),
        ("[[[\"103\",36],[104,36],[104,37],[103,36]]]", "invalid type"),
        ("[[[1e999,36],[104,36],[104,37],[103,36]]]", "number out of range"),
        ("[[103,36],[104,36]]", "a ring must be a list"),
        ("[103,36]", "must be a list"),
    ];
    let mut features = vec![square_feature("good")];
    for (coordinates, _) in broken {
        features.push(format!(
            "{{\"type\":\"Feature\",\"properties\":{{}},\"geometry\":{{\"type\":\"Polygon\",\"coordinates\":{coordinates}}}}}"
        ));
    }
    for geometry in [
        "{\"type\":\"LineString\",\"coordinates\":[[103,36],[104,37]]}",
        "{\"type\":\"GeometryCollection\",\"geometries\":[]}",
    ] {
        features
            .push(format!("{{\"type\":\"Feature\",\"properties\":{{}},\"geometry\":{geometry}}}"));
    }
    features.push("null".to_owned());
    features.push(square_feature("good too"));
    let (read, refusals) = told("a.geojson", collection(&features), &OpenOptions::default());
    assert_eq!(read, 2);
    assert_eq!(refusals.len(), broken.len() + 3, "{refusals:#?}");
    for ((_, reason), refusal) in broken.iter().zip(&refusals) {
        assert!(refusal.contains(reason), "{refusal} does not say {reason:?}");
    }
}

#[test]
fn lines_of_features_survive_a_broken_line() {
    let lines =
        format!("{}\n{{\"type\":\"Feature\",\n{}\n\n", square_feature("a"), square_feature("b"));
    let (read, refusals) = told("a.geojsonl", lines, &OpenOptions::default());
    assert_eq!((read, refusals.len()), (2, 1));
}

#[test]
fn depth_without_end_is_refused_and_exhausts_no_stack() {
    let deep = "[".repeat(100_000);
    let feature = format!(
        "{{\"type\":\"Feature\",\"properties\":{{}},\"geometry\":{{\"type\":\"Polygon\",\"coordinates\":{deep}{}}}}}",
        "]".repeat(100_000)
    );
    let (read, refusals) = told("a.geojson", collection(&[feature]), &OpenOptions::default());
    assert_eq!((read, refusals.len()), (0, 1));
    assert!(from_wkt(&"GEOMETRYCOLLECTION(".repeat(100_000)).is_err());
}

#[test]
fn gb18030_tables_are_recognised_and_bad_bytes_refuse_their_row() {
    let text = "编码,名称,经度,纬度\n1,城关区,103.8,36.1\n2,\u{e000}\u{20000}丂,103.9,36.2\n";
    let (bytes, ..) = encoding_rs::GB18030.encode(text);
    let folder = folder();
    let path = file(&folder, "a.csv", &bytes);
    let (features, refusals, notes) = read(&path, &OpenOptions::default()).unwrap();
    assert_eq!((features.len(), refusals.len()), (2, 0));
    assert_eq!(features[0].properties["名称"], "城关区");
    assert_eq!(features[1].properties["名称"], "\u{e000}\u{20000}丂");
    assert!(notes[0].contains("GB18030"), "{notes:?}");

    let mut damaged = bytes.into_owned();
    let at = damaged.len() - 18;
    damaged[at] = 0xFF;
    let options = OpenOptions { encoding: Some(Encoding::Gb18030), ..OpenOptions::default() };
    let (read, refusals) = told("a.csv", damaged, &options);
    assert_eq!((read, refusals.len()), (1, 1));
    assert!(refusals[0].starts_with("3: column \"名称\""), "{refusals:?}");
}

#[test]
fn invalid_utf8_refuses_its_row_and_hints_at_the_encoding() {
    let mut bytes = "name,lng,lat\n城关,103,36\n".as_bytes().to_vec();
    bytes.extend(b"\xB3\xC7\xB9\xD8,103,36\n");
    let options = OpenOptions { encoding: Some(Encoding::Utf8), ..OpenOptions::default() };
    let (read, refusals) = told("a.csv", bytes, &options);
    assert_eq!(read, 1);
    assert_eq!(
        refusals,
        ["3: column \"name\": byte 0xB3 at position 1 is not UTF-8; is it --encoding gb18030?"]
    );
}

#[test]
fn tables_with_a_mark_other_separators_short_rows_and_bad_numbers() {
    let text = "\u{feff}name;经度;纬度\na;103.8;36.1\nb;103.8\nc;east;36\n;;\nd;;\ne;NaN;36\nf;1e308;36\ng;36.1;103.8\n";
    let (read, refusals) = told("a.csv", text, &OpenOptions::default());
    assert_eq!(read, 5, "NaN and the like are numbers to the reader");
    assert_eq!(
        refusals,
        [
            "3: the row has 2 fields, the header has 3",
            "4: column \"经度\": \"east\" is not a number"
        ]
    );
}

#[test]
fn numbers_that_are_no_place_say_why() {
    use crate::import::source::Position;
    for (crs, x, y, reason) in [
        (Crs::Wgs84, f64::NAN, 36.0, "not a finite number"),
        (Crs::Wgs84, 1e308, 36.0, "no place"),
        (Crs::Gcj02, 36.1, 103.8, "swapped"),
        (Crs::Wgs84, 404_512.0, 3_992_377.0, "metres"),
        ("EPSG:4544".parse().unwrap(), 103.8, 36.1, "degrees"),
    ] {
        let why = clean::place(crs, Position { x, y }).unwrap_err();
        assert!(why.contains(reason), "{why} does not say {reason:?}");
    }
}

#[test]
fn unclosed_repeated_and_collapsed_rings_are_repaired_and_told() {
    let ring = |text: &str| match from_wkt(text).unwrap().unwrap() {
        Shape::Area(polygons) => clean::area(Crs::Wgs84, &polygons),
        Shape::Point(_) => unreachable!("polygons only"),
    };
    let kinds = |text: &str| -> Vec<String> {
        let (_, defects) = ring(text).unwrap();
        clean::repairs(1, "x", &defects).into_iter().map(|repair| repair.kind).collect()
    };
    assert_eq!(kinds("POLYGON((103 36,104 36,104 37,103 37))"), ["unclosed_ring"]);
    assert_eq!(kinds("POLYGON((103 36,104 36,104 36,104 37,103 37,103 36))"), ["duplicate_vertex"]);
    assert_eq!(kinds("POLYGON((103 36,104 37,104 36,103 37,103 36))"), ["self_intersection"]);
    assert_eq!(ring("POLYGON((103 36,104 36,103 36))").unwrap_err(), "the shape has no area");
}

#[test]
fn the_binary_of_postgis_is_a_geometry_too() {
    // select st_geomfromtext('POINT(103.8 36.1)', 4326)
    let point = "0101000020E61000003333333333F35940CDCCCCCCCC0C4240";
    let Shape::Point(place) = from_wkt(point).unwrap().unwrap() else { unreachable!("a point") };
    assert_eq!((place.x, place.y), (103.8, 36.1));
    assert!(from_wkt(point.get(..30).unwrap()).is_err());
    assert!(from_wkt("0107000020E61000003333333333F35940").is_err());
}

static COLUMNS: [Column; 2] = [Column::text("code", "code"), Column::text("name", "name")];

/// A healthy little file of each format.
fn healthy(format: Format) -> (tempfile::TempDir, std::path::PathBuf) {
    let folder = folder();
    let name = match format {
        Format::GeoJson => "a.geojson",
        Format::FlatGeobuf => "a.fgb",
        Format::GeoPackage => "a.gpkg",
        Format::Shapefile => "a.shp",
        Format::Csv => "a.csv",
        Format::Tsv => "a.tsv",
    };
    let path = folder.path().join(name);
    let plan =
        Plan { layer: "grid".to_owned(), kind: Kind::Areas, columns: &COLUMNS, crs: Crs::Wgs84 };
    let mut sink = sink::create(&path, format, plan).unwrap();
    for at in 0..4 {
        let shape = super::solid(super::rectangle(at * 1000, 0, at * 1000 + 900, 900));
        let values = vec![format!("g{at}").into(), "网格".into()];
        sink.write(&Outgoing { place: Where::Area(shape), values }).unwrap();
    }
    sink.finish().unwrap();
    (folder, path)
}

fn format() -> impl Strategy<Value = Format> {
    prop::sample::select(vec![
        Format::GeoJson,
        Format::FlatGeobuf,
        Format::GeoPackage,
        Format::Shapefile,
        Format::Csv,
        Format::Tsv,
    ])
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// Whatever happens to a file on its way, reading it ends: with rows, refusals or an error, never with a panic.
    #[test]
    fn no_damage_makes_a_reader_panic(
        format in format(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..12),
        cut in prop::option::of(any::<prop::sample::Index>()),
        table in any::<bool>(),
    ) {
        let (folder, path) = healthy(format);
        let victim = if table && format == Format::Shapefile { path.with_extension("dbf") } else { path.clone() };
        let mut bytes = std::fs::read(&victim).unwrap();
        for (at, byte) in &changes {
            let at = at.index(bytes.len());
            bytes[at] = *byte;
        }
        if let Some(cut) = cut {
            bytes.truncate(cut.index(bytes.len()));
        }
        std::fs::write(&victim, &bytes).unwrap();
        let options = OpenOptions { format: Some(format), ..OpenOptions::default() };
        if let Ok((features, ..)) = read(&path, &options) {
            for feature in features {
                let _ = clean::area_of(Crs::Wgs84, feature.shape.as_ref());
            }
        }
        drop(folder);
    }
}
