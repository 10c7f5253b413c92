//! Files of addresses against a gazetteer of two roads.

use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;

use arrow::array::{Array as _, ArrayRef, AsArray as _, Int32Array, RecordBatch, StringArray};
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use spatial::geocode::{AddressRow, SnapshotBuilder};
use spatial::lattice::LatticePoint;

use super::*;
use crate::domain::id::GazetteerVersion;
use crate::geocode::Gazetteer;
use crate::store::GazetteerState;

fn asker() -> Asker {
    let mut builder = SnapshotBuilder::new("甘肃省", "兰州市");
    for (record, number) in (1..).zip(1..40) {
        for (road, y) in [("庆阳路", 360_600_000), ("酒泉路", 360_700_000)] {
            builder.address(&AddressRow {
                record: if road == "庆阳路" { record } else { record + 1000 },
                point: LatticePoint::new(1_038_000_000 + number * 2000, y),
                district: "城关区",
                road,
                house_no: &format!("{number}号"),
                ..AddressRow::default()
            });
        }
    }
    let state = GazetteerState {
        version: GazetteerVersion(1),
        stamp: "x".to_owned(),
        boundary_version: None,
        divisions: String::new(),
    };
    let gazetteer = Gazetteer::of_bytes(builder.finish(), state).unwrap();
    Asker::with_areas(Arc::new(gazetteer), None)
}

fn options(path: &Path, output: OutputFormat) -> GeocodeFile {
    GeocodeFile {
        addresses: path.to_owned(),
        open: OpenOptions::default(),
        columns: Vec::new(),
        crs: Crs::Wgs84,
        text_crs: None,
        output,
        threads: 3,
    }
}

#[test]
fn every_row_comes_out_in_order_with_its_place_or_the_reason() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("in.csv");
    let mut text = "id,事发地址,note\n".to_owned();
    for n in 0..5000 {
        let road = if n % 2 == 0 { "庆阳路" } else { "酒泉路" };
        writeln!(text, "{n},\"兰州市城关区{road}{}号\n门口\",x", n % 39 + 1).unwrap();
    }
    text.push_str("blank,,x\nshort\n");
    std::fs::write(&path, text).unwrap();
    let mut out = Vec::new();
    let report = run(&options(&path, OutputFormat::Csv), &asker(), &mut out, |_, _| {}).unwrap();
    assert_eq!((report.rows, report.accepted, report.invalid), (5002, 5000, 2));
    assert_eq!(report.columns, [("text".to_owned(), "事发地址".to_owned())]);
    let mut reader = csv::Reader::from_reader(out.as_slice());
    assert_eq!(reader.headers().unwrap().get(3), Some("verdict"));
    // A column that the input has already keeps its name.
    assert_eq!(reader.headers().unwrap().iter().filter(|name| *name == "note").count(), 1);
    for (n, row) in reader.records().enumerate() {
        let row = row.unwrap();
        match n {
            0..5000 => {
                assert_eq!(row.get(0), Some(n.to_string().as_str()));
                let record = n % 39 + 1 + if n % 2 == 0 { 0 } else { 1000 };
                assert_eq!(row.get(4), Some(record.to_string().as_str()), "{row:?}");
                let lng: f64 = row.get(8).unwrap().parse().unwrap();
                assert!((lng - (103.8 + (n % 39 + 1) as f64 * 0.0002)).abs() < 1e-9, "{row:?}");
            }
            5000 => assert_eq!(
                (row.get(3), row.get(14)),
                (Some("invalid"), Some("there is no address"))
            ),
            _ => assert!(row.get(14).unwrap().contains("has 1 fields"), "{row:?}"),
        }
    }
}

#[test]
fn a_columnar_file_keeps_its_columns_and_their_types() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("in.parquet");
    let columns: [(&str, ArrayRef); 3] = [
        ("row", Arc::new(Int32Array::from(vec![Some(7), None]))),
        ("路名", Arc::new(StringArray::from(vec!["轻阳路", "酒泉路"]))),
        ("门牌号", Arc::new(StringArray::from(vec![Some("12"), Some("13号")]))),
    ];
    let batch = RecordBatch::try_from_iter(columns).unwrap();
    let mut writer =
        ArrowWriter::try_new(std::fs::File::create(&path).unwrap(), batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    let mut out = Vec::new();
    let report =
        run(&options(&path, OutputFormat::Parquet), &asker(), &mut out, |_, _| {}).unwrap();
    assert_eq!((report.rows, report.accepted), (2, 2), "{report:?}");
    let reader = ParquetRecordBatchReaderBuilder::try_new(bytes_of(&folder, &out)).unwrap();
    let batch = reader.build().unwrap().next().unwrap().unwrap();
    assert_eq!(batch.column(0).as_primitive::<arrow::datatypes::Int32Type>().value(0), 7);
    assert!(batch.column(0).is_null(1));
    let ids = batch.column_by_name("address_id").unwrap();
    let ids = ids.as_primitive::<arrow::datatypes::Int64Type>();
    assert_eq!((ids.value(0), ids.value(1)), (12, 1013));
}

fn bytes_of(folder: &tempfile::TempDir, bytes: &[u8]) -> std::fs::File {
    let path = folder.path().join("out");
    std::fs::write(&path, bytes).unwrap();
    std::fs::File::open(path).unwrap()
}

#[test]
fn a_file_without_addresses_and_a_column_that_is_not_there_are_told_with_the_columns_there_are() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("in.csv");
    std::fs::write(&path, "a,b\n1,2\n").unwrap();
    let mut file = options(&path, OutputFormat::Csv);
    let told =
        |file: &GeocodeFile| run(file, &asker(), Vec::new(), |_, _| {}).unwrap_err().to_string();
    assert!(told(&file).contains("a, b") && told(&file).contains("--text"), "{}", told(&file));
    file.columns = vec![("text".to_owned(), "c".to_owned())];
    assert!(told(&file).contains("no column \"c\""), "{}", told(&file));
    file.columns = vec![("street".to_owned(), "a".to_owned())];
    assert!(told(&file).contains("no field \"street\""), "{}", told(&file));
}
