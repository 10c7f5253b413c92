//! A stretch of the stream as a file: one table, one row a report, for whoever wants to measure with it.
//!
//! Columns: `source_id`, `reported_at` (RFC 3339, city time), `channel`, `category`, `description`, `address`, `lng`, `lat`
//! (what was told, as WGS 84 degrees), `sender_crs` (the system it was told in). With the truth also `true_address`,
//! `true_lng`, `true_lat`, `grid_code`, `slips`, `repeats` (the `source_id` of the earlier report about the same matter)
//! and `surge`. `wangge import incidents` reads the CSV as it is.

use std::io::Write;
use std::path::Path;
use std::str::FromStr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use arrow::array::{ArrayRef, Float64Array, RecordBatch, StringArray, TimestampMicrosecondArray};
use arrow::datatypes::{DataType, Field, Schema, TimeUnit};
use chrono::NaiveDate;
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::WriterProperties;
use serde_json::{Map, Value};

use super::surge::SurgeKind;
use super::{Life, Report};
use crate::domain::grid_worker::CITY_TIME;
use crate::export::sink::{ExportError, Output};
use crate::progress::Progress;

/// How the rows are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Comma separated, with a header.
    Csv,
    /// One JSON object a line.
    Ndjson,
    /// Apache Parquet, packed with Zstandard.
    Parquet,
}

impl FromStr for Form {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        match name.to_ascii_lowercase().as_str() {
            "csv" => Ok(Self::Csv),
            "ndjson" | "jsonl" => Ok(Self::Ndjson),
            "parquet" | "pq" => Ok(Self::Parquet),
            _ => Err(format!("{name:?} is none of csv, ndjson, parquet")),
        }
    }
}

impl Form {
    /// The form that a file name promises, looking through `.gz`.
    pub fn by_name(path: &Path) -> Option<Self> {
        let name = path.file_name()?.to_str()?.to_ascii_lowercase();
        name.strip_suffix(".gz").unwrap_or(&name).rsplit_once('.')?.1.parse().ok()
    }
}

/// Whether the truth is written beside what is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Beside {
    /// Only what is told.
    Nothing,
    /// What is true as well.
    Truth,
}

const TOLD: [&str; 9] = [
    "source_id",
    "reported_at",
    "channel",
    "category",
    "description",
    "address",
    "lng",
    "lat",
    "sender_crs",
];
const TRUE: [&str; 7] =
    ["true_address", "true_lng", "true_lat", "grid_code", "slips", "repeats", "surge"];

/// Writes the reports from a day until before another; the file appears under its name when it is whole.
///
/// # Errors
/// When the file cannot be written, or `stop` was set.
pub fn write(
    life: &Life<'_>,
    (from, until): (NaiveDate, NaiveDate),
    out: &Path,
    (form, beside): (Form, Beside),
    stop: &AtomicBool,
    progress: &Progress,
) -> Result<u64, ExportError> {
    let output = Output::create(out)?;
    let mut table: Box<dyn Table> = match form {
        Form::Csv => Box::new(Csv::begin(output, beside)?),
        Form::Ndjson => Box::new(Ndjson(output)),
        Form::Parquet => Box::new(Parquet::begin(output, beside)?),
    };
    let stage = progress.stage("days", (until - from).num_days().max(0) as u64);
    let mut count = 0;
    for (_, reports) in life.days(from, until) {
        if stop.load(Ordering::Relaxed) {
            return Err(ExportError::Option("interrupted: nothing was written".to_owned()));
        }
        let rows: Vec<Row> =
            reports.iter().map(|one| Row::of(life, one, &reports, beside)).collect();
        table.day(&rows)?;
        count += rows.len() as u64;
        stage.inc(1);
    }
    table.end()?;
    Ok(count)
}

/// A report as it stands in the table.
struct Row {
    micros: i64,
    /// Texts in the order of the columns, where they are texts.
    texts: Vec<Option<String>>,
    told: Option<(f64, f64)>,
    truth: Option<(f64, f64)>,
}

impl Row {
    fn of(life: &Life<'_>, report: &Report, day: &[Report], beside: Beside) -> Self {
        let text = |text: &str| Some(text.to_owned());
        let told = report.location.and_then(|(x, y, crs)| crs.to_wgs84(x, y).ok());
        let mut texts = vec![
            text(&report.source_id),
            Some(report.at.with_timezone(&CITY_TIME).to_rfc3339()),
            text(report.channel.name()),
            text(report.category),
            text(&report.description),
            report.address.clone(),
            report.location.map(|(_, _, crs)| crs.to_string()),
        ];
        let truth = (beside == Beside::Truth).then(|| {
            let (city, truth) = (life.city(), &report.truth);
            let address = city.address_text(&city.addresses[truth.address as usize]);
            let repeated = truth.repeats.map(|number| day[number as usize].source_id.clone());
            texts.extend([
                Some(address.full_text),
                text(&city.grids[truth.grid as usize].code),
                Some(truth.slips.names()),
                repeated,
                truth.surge.map(|kind| kind.name().to_owned()),
            ]);
            let place = truth.point.lng_lat();
            (place.lng(), place.lat())
        });
        let told = told.map(|place| (place.lng(), place.lat()));
        Self { micros: report.at.timestamp_micros(), texts, told, truth }
    }

    /// All values by column, as text.
    fn values(&self) -> Vec<Option<String>> {
        let degrees = |place: Option<(f64, f64)>| {
            let one = |degrees: f64| Some(format!("{degrees:.7}"));
            place.map_or([None, None], |(lng, lat)| [one(lng), one(lat)])
        };
        let mut values = self.texts[..6].to_vec();
        values.extend(degrees(self.told));
        values.push(self.texts[6].clone());
        if self.truth.is_some() {
            values.push(self.texts[7].clone());
            values.extend(degrees(self.truth));
            values.extend_from_slice(&self.texts[8..]);
        }
        values
    }
}

impl SurgeKind {
    /// Its name in files.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Rainstorm => "rainstorm",
            Self::DustStorm => "dust_storm",
            Self::Snow => "snow",
            Self::PowerCut => "power_cut",
            Self::WaterCut => "water_cut",
            Self::HeatingFailure => "heating_failure",
        }
    }
}

fn columns(beside: Beside) -> impl Iterator<Item = &'static str> {
    let truth: &[&str] = if beside == Beside::Truth { &TRUE } else { &[] };
    TOLD.iter().chain(truth).copied()
}

trait Table {
    fn day(&mut self, rows: &[Row]) -> Result<(), ExportError>;
    fn end(self: Box<Self>) -> Result<(), ExportError>;
}

struct Csv(::csv::Writer<Output>);

impl Csv {
    fn begin(output: Output, beside: Beside) -> Result<Self, ExportError> {
        let mut writer = ::csv::Writer::from_writer(output);
        writer.write_record(columns(beside)).map_err(refused)?;
        Ok(Self(writer))
    }
}

fn refused(error: impl std::fmt::Display) -> ExportError {
    ExportError::Stopped(error.to_string())
}

impl Table for Csv {
    fn day(&mut self, rows: &[Row]) -> Result<(), ExportError> {
        rows.iter().try_for_each(|row| {
            self.0
                .write_record(row.values().iter().map(|v| v.as_deref().unwrap_or("")))
                .map_err(refused)
        })
    }

    fn end(self: Box<Self>) -> Result<(), ExportError> {
        self.0.into_inner().map_err(refused)?.finish()
    }
}

struct Ndjson(Output);

impl Table for Ndjson {
    fn day(&mut self, rows: &[Row]) -> Result<(), ExportError> {
        for row in rows {
            let beside = if row.truth.is_some() { Beside::Truth } else { Beside::Nothing };
            let mut object: Map<String, Value> = columns(beside)
                .zip(row.values())
                .filter_map(|(name, value)| Some((name.to_owned(), Value::from(value?))))
                .collect();
            let pairs = [("lng", "lat", row.told), ("true_lng", "true_lat", row.truth)];
            for (east, north, place) in pairs {
                if let Some((lng, lat)) = place {
                    object.insert(east.to_owned(), lng.into());
                    object.insert(north.to_owned(), lat.into());
                }
            }
            writeln!(self.0, "{}", Value::Object(object)).map_err(refused)?;
        }
        Ok(())
    }

    fn end(self: Box<Self>) -> Result<(), ExportError> {
        self.0.finish()
    }
}

struct Parquet {
    writer: ArrowWriter<Output>,
    schema: Arc<Schema>,
    beside: Beside,
}

impl Parquet {
    fn begin(output: Output, beside: Beside) -> Result<Self, ExportError> {
        let field = |name: &'static str| match name {
            "reported_at" => Field::new(
                name,
                DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into())),
                false,
            ),
            "lng" | "lat" | "true_lng" | "true_lat" => Field::new(name, DataType::Float64, true),
            _ => Field::new(name, DataType::Utf8, true),
        };
        let schema = Arc::new(Schema::new(columns(beside).map(field).collect::<Vec<_>>()));
        let level = ZstdLevel::try_new(3).map_err(refused)?;
        let properties = WriterProperties::builder()
            .set_compression(Compression::ZSTD(level))
            .set_max_row_group_row_count(Some(65_536))
            .build();
        let writer =
            ArrowWriter::try_new(output, Arc::clone(&schema), Some(properties)).map_err(refused)?;
        Ok(Self { writer, schema, beside })
    }
}

impl Table for Parquet {
    fn day(&mut self, rows: &[Row]) -> Result<(), ExportError> {
        let text = |at: usize| -> ArrayRef {
            Arc::new(rows.iter().map(|row| row.texts[at].as_deref()).collect::<StringArray>())
        };
        let degrees = |value: &dyn Fn(&Row) -> Option<f64>| -> ArrayRef {
            Arc::new(rows.iter().map(value).collect::<Float64Array>())
        };
        let times = TimestampMicrosecondArray::from_iter_values(rows.iter().map(|row| row.micros));
        let mut arrays: Vec<ArrayRef> = vec![text(0), Arc::new(times.with_timezone("UTC"))];
        arrays.extend((2..6).map(text));
        arrays.push(degrees(&|row| row.told.map(|place| place.0)));
        arrays.push(degrees(&|row| row.told.map(|place| place.1)));
        arrays.push(text(6));
        if self.beside == Beside::Truth {
            arrays.push(text(7));
            arrays.push(degrees(&|row| row.truth.map(|place| place.0)));
            arrays.push(degrees(&|row| row.truth.map(|place| place.1)));
            arrays.extend((8..12).map(text));
        }
        let batch = RecordBatch::try_new(Arc::clone(&self.schema), arrays).map_err(refused)?;
        self.writer.write(&batch).map_err(refused)
    }

    fn end(self: Box<Self>) -> Result<(), ExportError> {
        self.writer.into_inner().map_err(refused)?.finish()
    }
}

#[cfg(test)]
#[path = "file_tests.rs"]
mod tests;
