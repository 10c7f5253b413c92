use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

use super::super::tests::city;
use super::*;

fn made(form: Form, beside: Beside, name: &str) -> (tempfile::TempDir, std::path::PathBuf, u64) {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join(name);
    let life = Life::of_people(city(), 6, 40_000).unwrap();
    let stretch = ("2026-07-18".parse().unwrap(), "2026-07-25".parse().unwrap());
    let (stop, silent) = (AtomicBool::new(false), Progress::silent());
    let count = write(&life, stretch, &out, (form, beside), &stop, &silent).unwrap();
    assert!(100 < count);
    (folder, out, count)
}

#[test]
fn all_forms_hold_the_same_and_the_truth_only_if_asked() {
    let (_a, csv_file, count) = made(Form::Csv, Beside::Truth, "life.csv");
    let mut reader = ::csv::Reader::from_path(&csv_file).unwrap();
    let names: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
    assert_eq!(names, columns(Beside::Truth).collect::<Vec<_>>());
    let records: Vec<::csv::StringRecord> = reader.records().collect::<Result<_, _>>().unwrap();
    assert_eq!(records.len() as u64, count);

    let (_b, ndjson, _) = made(Form::Ndjson, Beside::Truth, "life.ndjson");
    let text = std::fs::read_to_string(ndjson).unwrap();
    for (line, record) in text.lines().zip(&records) {
        let object: Map<String, Value> = serde_json::from_str(line).unwrap();
        for (name, value) in names.iter().zip(record) {
            match object.get(name) {
                Some(Value::Number(number)) => {
                    assert_eq!(format!("{:.7}", number.as_f64().unwrap()), value, "{name}");
                }
                Some(Value::String(told)) => assert_eq!(told, value, "{name}"),
                other => assert!(other.is_none() && value.is_empty(), "{name}: {other:?} {value}"),
            }
        }
    }

    let (_c, parquet, _) = made(Form::Parquet, Beside::Truth, "life.parquet");
    let file = std::fs::File::open(parquet).unwrap();
    let reader = ParquetRecordBatchReaderBuilder::try_new(file).unwrap().build().unwrap();
    let mut row = 0;
    for batch in reader {
        let batch = batch.unwrap();
        for (name, column) in names.iter().zip(batch.columns()) {
            if let Some(texts) = column.as_any().downcast_ref::<StringArray>() {
                let at = names.iter().position(|one| one == name).unwrap();
                for (offset, told) in texts.iter().enumerate() {
                    assert_eq!(told.unwrap_or(""), &records[row + offset][at], "{name}");
                }
            }
        }
        row += batch.num_rows();
    }
    assert_eq!(row as u64, count);

    let (_d, plain, _) = made(Form::Csv, Beside::Nothing, "told.csv");
    let first = std::fs::read_to_string(plain).unwrap();
    assert!(!first.contains("true_address") && first.starts_with("source_id,reported_at"));
}

#[test]
fn the_same_stretch_is_the_same_file_to_the_byte() {
    for (form, name) in [(Form::Csv, "a.csv"), (Form::Parquet, "a.parquet")] {
        let (_a, first, _) = made(form, Beside::Nothing, name);
        let (_b, again, _) = made(form, Beside::Nothing, name);
        assert_eq!(std::fs::read(first).unwrap(), std::fs::read(again).unwrap(), "{name}");
    }
}

#[test]
fn interrupted_leaves_no_file() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("never.csv");
    let life = Life::of_people(city(), 6, 40_000).unwrap();
    let stretch = ("2026-07-18".parse().unwrap(), "2026-07-25".parse().unwrap());
    let stop = AtomicBool::new(true);
    let failed =
        write(&life, stretch, &out, (Form::Csv, Beside::Nothing), &stop, &Progress::silent());
    assert!(failed.unwrap_err().to_string().contains("interrupted"));
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn a_name_promises_its_form() {
    let of = |name: &str| Form::by_name(Path::new(name));
    assert_eq!(of("year.csv.gz"), Some(Form::Csv));
    assert_eq!(of("a/b.PARQUET"), Some(Form::Parquet));
    assert_eq!(of("x.jsonl"), Some(Form::Ndjson));
    assert_eq!(of("x.gpkg"), None);
}
