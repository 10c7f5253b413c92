//! `wangge locate` in bulk: whatever the container, every row comes out once, in order, with the same answer.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::array::{
    Array as _, ArrayRef, AsArray as _, BinaryArray, Float64Array, Int64Array, RecordBatch,
    StringArray,
};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Field, Schema};
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use proptest::prelude::*;

use crate::import::locate_file::{Areas, LocateFile, LocateReport, OutputFormat, run};
use crate::import::source::OpenOptions;

const GRIDS: &str = r#"{"type":"FeatureCollection","features":[
 {"type":"Feature","properties":{"code":"W","name":"西, \"老\"街"},"geometry":{"type":"Polygon","coordinates":[[[103.80,36.00],[103.81,36.00],[103.81,36.02],[103.80,36.02],[103.80,36.00]]]}},
 {"type":"Feature","properties":{"code":"E","name":"东"},"geometry":{"type":"Polygon","coordinates":[[[103.81,36.00],[103.82,36.00],[103.82,36.02],[103.81,36.02],[103.81,36.00]]]}}]}"#;

fn options(folder: &Path, points: PathBuf, output: OutputFormat) -> LocateFile {
    let grids = folder.join("grids.geojson");
    if !grids.exists() {
        fs::write(&grids, GRIDS).unwrap();
    }
    LocateFile {
        grids,
        grids_crs: None,
        grids_open: OpenOptions::default(),
        grids_map: Vec::new(),
        points,
        points_crs: None,
        points_open: OpenOptions::default(),
        output,
        threads: 2,
    }
}

fn located(folder: &Path, points: PathBuf, output: OutputFormat) -> (Vec<u8>, LocateReport) {
    let options = options(folder, points, output);
    let (areas, grids) = Areas::read(&options).unwrap();
    let mut out = Vec::new();
    let report = run(&options, &areas, grids, &mut out, |_, _| {}).unwrap();
    (out, report)
}

/// Id, grid code and status of each row.
type Answers = Vec<(String, String, String)>;

fn of_csv(bytes: &[u8]) -> Answers {
    let mut reader = csv::Reader::from_reader(bytes);
    let columns = reader.headers().unwrap().clone();
    let at = |name: &str| columns.iter().position(|column| column == name).unwrap();
    let (id, code, status) = (at("id"), at("grid_code"), at("status"));
    let text = |row: &csv::StringRecord, at: usize| row.get(at).unwrap().to_owned();
    reader
        .records()
        .map(|row| row.unwrap())
        .map(|row| (text(&row, id), text(&row, code), text(&row, status)))
        .collect()
}

fn of_parquet(folder: &Path, bytes: &[u8]) -> Answers {
    let file = folder.join("out.parquet");
    fs::write(&file, bytes).unwrap();
    let reader = ParquetRecordBatchReaderBuilder::try_new(fs::File::open(file).unwrap())
        .unwrap()
        .build()
        .unwrap();
    let mut answers = Vec::new();
    for batch in reader {
        let batch = batch.unwrap();
        let text = |name: &str| cast(batch.column_by_name(name).unwrap(), &DataType::Utf8).unwrap();
        let (ids, codes, states) = (text("id"), text("grid_code"), text("status"));
        let at = |array: &ArrayRef, row: usize| {
            let array = array.as_string::<i32>();
            if array.is_valid(row) { array.value(row).to_owned() } else { String::new() }
        };
        answers.extend(
            (0..batch.num_rows()).map(|row| (at(&ids, row), at(&codes, row), at(&states, row))),
        );
    }
    answers
}

/// A row: a place, or none.
type Given = Option<(f64, f64)>;

/// By plain comparison: a square holds its west and south rim.
fn expected(rows: &[Given]) -> Answers {
    (0..)
        .zip(rows)
        .map(|(id, given): (usize, _)| {
            let answer = match given {
                None => ("", "invalid"),
                Some((lng, lat)) if lng.abs() > 180.0 || lat.abs() > 90.0 => ("", "invalid"),
                Some((lng, lat)) => {
                    let on = |degrees: f64| (degrees * 1e7).round() as i64;
                    let (x, y) = (on(*lng), on(*lat));
                    let is_high = (360_000_000..360_200_000).contains(&y);
                    if is_high && (1_038_000_000..1_038_100_000).contains(&x) {
                        ("W", "inside")
                    } else if is_high && (1_038_100_000..1_038_200_000).contains(&x) {
                        ("E", "inside")
                    } else {
                        ("", "outside")
                    }
                }
            };
            (id.to_string(), answer.0.to_owned(), answer.1.to_owned())
        })
        .collect()
}

fn csv_file(rows: &[Given], separator: char) -> String {
    let s = separator;
    let mut text = format!("id{s}text{s}lng{s}lat\n");
    for (id, given) in rows.iter().enumerate() {
        // Quotes, separators and line ends inside a field every now and then.
        let field = if id % 3 == 0 { format!("\"a{s}b \"\"c\"\"\nd\"") } else { format!("t{id}") };
        let place = given.map_or_else(|| s.to_string(), |(lng, lat)| format!("{lng}{s}{lat}"));
        let end = if id % 5 == 0 { "\r\n" } else { "\n" };
        text += &[id.to_string(), field, place].join(&s.to_string());
        text += end;
    }
    text
}

fn columns(rows: &[Given], wkb: bool) -> RecordBatch {
    let ids: ArrayRef = Arc::new((0..rows.len() as i64).collect::<Int64Array>());
    let text: ArrayRef =
        Arc::new((0..rows.len()).map(|id| Some(format!("t{id}"))).collect::<StringArray>());
    let mut fields =
        vec![Field::new("id", DataType::Int64, false), Field::new("text", DataType::Utf8, true)];
    let mut arrays = vec![ids, text];
    let mut metadata = std::collections::HashMap::new();
    if wkb {
        let point = |(lng, lat): (f64, f64)| {
            [&[1, 1, 0, 0, 0][..], &lng.to_le_bytes(), &lat.to_le_bytes()].concat()
        };
        let points: Vec<Option<Vec<u8>>> = rows.iter().map(|given| given.map(point)).collect();
        fields.push(Field::new("geometry", DataType::Binary, true));
        arrays.push(Arc::new(points.iter().map(Option::as_deref).collect::<BinaryArray>()));
        let geo = r#"{"version":"1.1.0","primary_column":"geometry","columns":{"geometry":{"encoding":"WKB","geometry_types":["Point"]}}}"#;
        metadata.insert("geo".to_owned(), geo.to_owned());
    } else {
        fields.extend(["lng", "lat"].map(|name| Field::new(name, DataType::Float64, true)));
        arrays.push(Arc::new(
            rows.iter().map(|given| given.map(|(lng, _)| lng)).collect::<Float64Array>(),
        ));
        arrays.push(Arc::new(
            rows.iter().map(|given| given.map(|(_, lat)| lat)).collect::<Float64Array>(),
        ));
    }
    RecordBatch::try_new(Arc::new(Schema::new_with_metadata(fields, metadata)), arrays).unwrap()
}

fn parquet_file(path: &Path, batch: &RecordBatch) {
    let mut writer =
        ArrowWriter::try_new(fs::File::create(path).unwrap(), batch.schema(), None).unwrap();
    writer.write(batch).unwrap();
    writer.close().unwrap();
}

fn given() -> impl Strategy<Value = Given> {
    // On the lattice, so that rounding is nobody's question; on borders and beyond the world, too.
    let near = (1_037_990_000i64..1_038_210_000, 359_990_000i64..360_210_000);
    let on_border = (
        prop::sample::select(vec![1_038_000_000i64, 1_038_100_000, 1_038_200_000]),
        359_999_000i64..360_201_000,
    );
    let degrees = |(x, y): (i64, i64)| Some((x as f64 / 1e7, y as f64 / 1e7));
    prop_oneof![
        6 => near.prop_map(degrees),
        3 => on_border.prop_map(degrees),
        1 => Just(None),
        1 => Just(Some((500.0, 36.0))),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn every_container_gives_the_same_answers_in_the_same_order(rows in prop::collection::vec(given(), 1..400)) {
        let folder = tempfile::tempdir().unwrap();
        let wanted = expected(&rows);
        let file = |name: &str| folder.path().join(name);
        fs::write(file("points.csv"), csv_file(&rows, ',')).unwrap();
        fs::write(file("points.tsv"), csv_file(&rows, '\t')).unwrap();
        parquet_file(&file("points.parquet"), &columns(&rows, false));
        parquet_file(&file("geo.parquet"), &columns(&rows, true));
        let mut writer = arrow::ipc::writer::FileWriter::try_new(fs::File::create(file("points.arrow")).unwrap(), &columns(&rows, false).schema()).unwrap();
        writer.write(&columns(&rows, false)).unwrap();
        writer.finish().unwrap();
        let invalid = wanted.iter().filter(|(.., status)| status == "invalid").count();
        for name in ["points.csv", "points.tsv", "points.parquet", "geo.parquet", "points.arrow"] {
            let (out, report) = located(folder.path(), file(name), OutputFormat::Csv);
            prop_assert_eq!(&of_csv(&out), &wanted, "{} to CSV", name);
            prop_assert_eq!((report.rows as usize, report.invalid as usize, report.refused.len()), (rows.len(), invalid, invalid));
            let (out, _) = located(folder.path(), file(name), OutputFormat::Parquet);
            prop_assert_eq!(&of_parquet(folder.path(), &out), &wanted, "{} to Parquet", name);
        }
    }
}

#[test]
fn a_table_longer_than_a_piece_keeps_its_rows_whole_and_names_the_bad_ones_by_line() {
    let folder = tempfile::tempdir().unwrap();
    let points = folder.path().join("points.csv");
    let mut text = "\u{feff}id,text,lng,lat\r\n".to_owned();
    let rows = 120_000;
    for id in 0..rows {
        let lng = if id % 2 == 0 { "103.805" } else { "103.815" };
        match id {
            70_000 => text.push_str("70000,too,few\r\n"),
            70_001 => text.push_str("70001,x,east,36.01\r\n"),
            70_002 => text.push_str("\r\n70002,x,103.805,36.01,one more\r\n"),
            _ => write!(text, "{id},\"一\n二\",{lng},36.01\r\n").unwrap(),
        }
    }
    fs::write(&points, &text).unwrap();
    let (out, report) = located(folder.path(), points.clone(), OutputFormat::Csv);
    let answers = of_csv(&out);
    assert_eq!(answers.len(), rows);
    for (id, (told, code, status)) in answers.iter().enumerate() {
        assert_eq!(told, &id.to_string());
        match id {
            70_000..=70_002 => assert_eq!((code.as_str(), status.as_str()), ("", "invalid")),
            _ => assert_eq!(
                (code.as_str(), status.as_str()),
                (if id % 2 == 0 { "W" } else { "E" }, "inside")
            ),
        }
    }
    assert_eq!((report.rows, report.invalid), (rows as u64, 3));
    // The header is line 1, a row before those has two lines, and a blank one lies between.
    let named: Vec<(u64, &str, &str)> = report
        .refused
        .iter()
        .map(|one| (one.row, one.id.as_deref().unwrap(), one.reason.as_str()))
        .collect();
    assert_eq!(
        named,
        [
            (140_002, "70000", "the row has 3 fields, the header has 4"),
            (140_003, "70001", "column \"lng\": \"east\" is not a number"),
            (140_005, "70002", "the row has 5 fields, the header has 4"),
        ]
    );
    let lines: Vec<&str> = text.lines().collect();
    assert!(lines[140_001].starts_with("70000") && lines[140_004].starts_with("70002"));
}

#[test]
fn a_columnar_file_that_is_cut_off_or_has_no_position_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let whole = folder.path().join("whole.parquet");
    parquet_file(&whole, &columns(&[Some((103.805, 36.01)); 50], false));
    let bytes = fs::read(&whole).unwrap();
    let refused = |points: PathBuf| {
        let options = options(folder.path(), points, OutputFormat::Csv);
        let (areas, grids) = Areas::read(&options).unwrap();
        run(&options, &areas, grids, Vec::new(), |_, _| {}).unwrap_err().to_string()
    };
    for cut in [9, bytes.len() / 2, bytes.len() - 1] {
        let torn = folder.path().join("torn.parquet");
        fs::write(&torn, &bytes[..cut]).unwrap();
        assert!(refused(torn).contains("torn.parquet"));
    }
    let nowhere = folder.path().join("nowhere.parquet");
    let batch = columns(&[None], false).project(&[0, 1]).unwrap();
    parquet_file(&nowhere, &batch);
    let why = refused(nowhere);
    assert!(why.contains("recognised in id, text") && why.contains("--lng"), "{why}");
}
