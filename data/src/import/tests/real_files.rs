//! Real files, if they lie beside the repository.

use std::path::PathBuf;
use std::sync::Arc;

use spatial::code::Level;
use spatial::crs::Crs;

use super::{file, folder};
use crate::import::import;
use crate::import::locate_file::{Areas, LocateFile, OutputFormat, run};
use crate::import::report::Report;
use crate::import::source::OpenOptions;
use crate::import::target::{ImportOptions, Target};

/// A file of the shared data; `None` where there is none.
fn shared(name: &str) -> Option<PathBuf> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared/data").join(name);
    path.is_file().then_some(path)
}

async fn imported(name: &str, crs: Option<Crs>, level: Option<Level>) -> Option<Report> {
    let options =
        ImportOptions { crs, level, ..ImportOptions::new(Target::Divisions, shared(name)?) };
    Some(import(None, options, Arc::new(())).await.expect("a real file is readable"))
}

#[tokio::test]
async fn the_counties_are_all_read_and_their_flaws_told() {
    let name = "coverage-us-counties/counties.geojson.gz";
    let Some(report) = imported(name, None, Some(Level::District)).await else { return };
    assert_eq!((report.rows_read, report.rows_written, report.rows_refused), (3230, 3230, 0));
    assert_eq!(report.rows_repaired, 51);
    let overlaps = report.problems.iter().filter(|problem| problem.kind == "overlap").count();
    assert_eq!((overlaps, report.problems.len()), (6, 6));
}

#[tokio::test]
async fn all_districts_are_read_in_their_own_datum() {
    for (name, crs, repaired) in [
        ("districts_amap2025_wgs84.geojson", Crs::Wgs84, 0),
        ("districts_tianditu_cgcs2000.geojson", Crs::Cgcs2000, 0),
        ("districts_amap2021_gcj02.geojson", Crs::Gcj02, 0),
        ("districts_datav2021_gcj02.geojson", Crs::Gcj02, 1),
    ] {
        let Some(report) = imported(&format!("lanzhou-districts/{name}"), Some(crs), None).await
        else {
            return;
        };
        assert_eq!((report.rows_written, report.rows_repaired), (8, repaired), "{report}");
        for problem in &report.problems {
            assert_eq!(problem.kind, "gap", "{report}");
            assert!((2.0e6..2.2e6).contains(&problem.area_m2), "{report}");
        }
    }
}

#[tokio::test]
async fn metro_stations_lie_in_the_districts_they_are_known_for() {
    let (Some(grids), Some(points)) = (
        shared("lanzhou-districts/districts_amap2025_wgs84.geojson"),
        shared("lanzhou-places/metro_stations.csv"),
    ) else {
        return;
    };
    let options = locate(grids, points, Some(Crs::Gcj02));
    let (areas, report) = Areas::read(&options).unwrap();
    let mut out = Vec::new();
    let report = run(&options, &areas, report, &mut out, |_, _| {}).unwrap();
    assert_eq!((report.rows, report.inside), (27, 27));
    let text = String::from_utf8(out).unwrap();
    for (station, district) in [
        ("陈官营", "西固区"),
        ("兰州海关", "安宁区"),
        ("七里河", "七里河区"),
        ("兰州大学", "城关区"),
        ("东岗", "城关区"),
    ] {
        let row = text.lines().find(|line| line.contains(&format!(",{station},"))).unwrap();
        assert!(row.contains(district), "{row}");
    }
}

fn locate(grids: PathBuf, points: PathBuf, points_crs: Option<Crs>) -> LocateFile {
    LocateFile {
        grids,
        grids_crs: None,
        grids_open: OpenOptions::default(),
        grids_map: Vec::new(),
        points,
        points_crs,
        points_open: OpenOptions::default(),
        output: OutputFormat::Csv,
        threads: 2,
    }
}

#[test]
fn every_row_of_a_points_file_comes_out_again_in_order() {
    let folder = folder();
    let grids = file(
        &folder,
        "grids.csv",
        "code,name,wkt\n\
         a,甲,\"POLYGON((103 36,104 36,104 37,103 37,103 36))\"\n\
         b,乙,\"POLYGON((104 36,105 36,105 37,104 37,104 36))\"\n",
    );
    let points = file(
        &folder,
        "points.csv",
        "id,x,y\n1,103.5,36.5\n2,104,36.5\n3,36.5,103.5\n4\n5,,\n6,105.5,36.5\n",
    );
    let options = LocateFile { grids_crs: Some(Crs::Wgs84), ..locate(grids, points, None) };
    let (areas, report) = Areas::read(&options).unwrap();
    assert_eq!(areas.len(), 2);
    let mut out = Vec::new();
    let report = run(&options, &areas, report, &mut out, |_, _| {}).unwrap();
    assert_eq!((report.rows, report.inside, report.outside, report.invalid), (6, 2, 1, 3));
    let text = String::from_utf8(out).unwrap();
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let rows: Vec<Vec<String>> =
        reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect();
    let seen: Vec<_> =
        rows.iter().map(|row| (row[0].as_str(), row[3].as_str(), row[5].as_str())).collect();
    assert_eq!(
        seen,
        [
            ("1", "a", "inside"),
            ("2", "b", "inside"),
            ("3", "", "invalid"),
            ("4", "", "invalid"),
            ("5", "", "invalid"),
            ("6", "", "outside"),
        ]
    );
    let distance_m: f64 = rows[5][6].parse().unwrap();
    assert!((44_000.0..45_500.0).contains(&distance_m), "{distance_m}");
    assert_eq!(rows[5][7], "nearest is b 乙");
}
