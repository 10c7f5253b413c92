//! What comes out: the columns of the input and those that are added, as CSV, Parquet or Arrow.

use std::io::{BufWriter, Write};
use std::path::Path;
use std::str::FromStr;
use std::sync::Arc;

use arrow::array::{
    Array as _, ArrayRef, DictionaryArray, Float64Array, Int32Array, RecordBatch, StringArray,
};
use arrow::datatypes::{DataType, Field, Int32Type, Schema};
use arrow::error::ArrowError;
use arrow::ipc::writer::FileWriter;
use arrow::util::display::{ArrayFormatter, FormatOptions};
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;

use super::{ADDED, Areas, Found, unwritten};
use crate::import::error::ImportError;

/// A format that located points are written in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OutputFormat {
    /// Comma separated, UTF-8.
    #[default]
    Csv,
    /// Apache Parquet, zstd.
    Parquet,
    /// Arrow IPC file.
    Arrow,
}

impl OutputFormat {
    /// The format that a file name promises; CSV for any other name.
    pub fn by_name(path: &Path) -> Self {
        let extension = path.extension().and_then(|one| one.to_str()).unwrap_or_default();
        extension.parse().unwrap_or_default()
    }
}

impl FromStr for OutputFormat {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        match name.to_ascii_lowercase().as_str() {
            "csv" => Ok(Self::Csv),
            "parquet" | "geoparquet" | "pq" => Ok(Self::Parquet),
            "arrow" | "feather" | "ipc" => Ok(Self::Arrow),
            _ => Err(format!("{name:?} is none of csv, parquet, arrow")),
        }
    }
}

/// Rows in a row group: enough to compress well, few enough that only some megabytes wait for the next write.
const GROUP_ROWS: usize = 1 << 18;

/// Where pieces go, in order.
pub(in crate::import) enum Sink<W: Write + Send> {
    Csv(W),
    Parquet(Box<ArrowWriter<W>>),
    Arrow(Box<FileWriter<BufWriter<W>>>),
}

/// A piece made ready on the thread that located it.
pub(in crate::import) enum Prepared {
    Text(Vec<u8>),
    Batch(RecordBatch),
}

impl Prepared {
    pub(in crate::import) fn of(
        output: OutputFormat,
        batch: RecordBatch,
    ) -> Result<Self, ImportError> {
        match output {
            OutputFormat::Csv => text(&batch).map(Self::Text),
            OutputFormat::Parquet | OutputFormat::Arrow => Ok(Self::Batch(batch)),
        }
    }
}

impl<W: Write + Send> Sink<W> {
    /// Begins the output for pieces with the columns of `schema`, before anything is added.
    pub(in crate::import) fn open(
        output: OutputFormat,
        out: W,
        schema: &Schema,
    ) -> Result<Self, ImportError> {
        Self::open_widened(output, out, Arc::new(widened(schema)))
    }

    /// Begins the output for pieces with the columns of `widened`, those that are added included.
    pub(in crate::import) fn open_widened(
        output: OutputFormat,
        mut out: W,
        widened: Arc<Schema>,
    ) -> Result<Self, ImportError> {
        match output {
            OutputFormat::Csv => {
                let mut header = csv::Writer::from_writer(&mut out);
                header
                    .write_record(widened.fields().iter().map(|field| field.name().as_str()))
                    .and_then(|()| header.flush().map_err(Into::into))
                    .map_err(|error| unwritten(error.into()))?;
                drop(header);
                Ok(Self::Csv(out))
            }
            OutputFormat::Parquet => {
                let level = ZstdLevel::try_new(1).map_err(|error| parquet(&error))?;
                let properties = WriterProperties::builder()
                    .set_compression(Compression::ZSTD(level))
                    .set_max_row_group_row_count(Some(GROUP_ROWS))
                    .build();
                let writer = ArrowWriter::try_new(out, widened, Some(properties));
                Ok(Self::Parquet(Box::new(writer.map_err(|error| parquet(&error))?)))
            }
            OutputFormat::Arrow => {
                let writer = FileWriter::try_new_buffered(out, &widened);
                Ok(Self::Arrow(Box::new(writer.map_err(|error| arrow(&error))?)))
            }
        }
    }

    pub(in crate::import) fn write(&mut self, piece: Prepared) -> Result<(), ImportError> {
        match (self, piece) {
            (Self::Csv(out), Prepared::Text(text)) => out.write_all(&text).map_err(unwritten),
            (Self::Parquet(writer), Prepared::Batch(batch)) => {
                writer.write(&batch).map_err(|error| parquet(&error))
            }
            (Self::Arrow(writer), Prepared::Batch(batch)) => {
                writer.write(&batch).map_err(|error| arrow(&error))
            }
            _ => Err(ImportError::Stopped("a piece of another format".to_owned())),
        }
    }

    pub(in crate::import) fn finish(self) -> Result<(), ImportError> {
        match self {
            Self::Csv(mut out) => out.flush().map_err(unwritten),
            Self::Parquet(writer) => {
                let mut out = writer.into_inner().map_err(|error| parquet(&error))?;
                out.flush().map_err(unwritten)
            }
            Self::Arrow(mut writer) => {
                writer.finish().map_err(|error| arrow(&error))?;
                writer.get_mut().flush().map_err(unwritten)
            }
        }
    }
}

fn parquet(error: &ParquetError) -> ImportError {
    ImportError::Stopped(format!("Parquet cannot be written: {error}"))
}

fn arrow(error: &ArrowError) -> ImportError {
    ImportError::Stopped(format!("Arrow cannot be written: {error}"))
}

fn words() -> DataType {
    DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8))
}

/// The columns of the input and those that are added.
fn widened(schema: &Schema) -> Schema {
    let types = [words(), words(), words(), DataType::Float64, DataType::Utf8];
    let added = ADDED.iter().zip(types).map(|(name, of)| Arc::new(Field::new(*name, of, true)));
    let fields: Vec<_> = schema.fields().iter().cloned().chain(added).collect();
    Schema::new_with_metadata(fields, schema.metadata().clone())
}

/// A batch with the answers for its rows.
pub(in crate::import) fn with_answers(
    batch: &RecordBatch,
    areas: &Areas,
    found: &[Found],
) -> Result<RecordBatch, ImportError> {
    let face = |one: &Found| match one {
        Found::Inside(face) => Some(*face as i32),
        _ => None,
    };
    let faces: Int32Array = found.iter().map(face).collect();
    let names = |of: fn(&(String, String)) -> &str| -> ArrayRef {
        Arc::new(areas.names().iter().map(|one| Some(of(one))).collect::<StringArray>())
    };
    let states: ArrayRef = Arc::new(StringArray::from(vec!["inside", "outside", "invalid"]));
    let state = |one: &Found| match one {
        Found::Inside(_) => 0,
        Found::Outside(_) => 1,
        Found::Invalid(_) => 2,
    };
    let chosen = |keys: Int32Array, values: ArrayRef| {
        DictionaryArray::<Int32Type>::try_new(keys, values).map(|array| Arc::new(array) as ArrayRef)
    };
    let distance_m = |one: &Found| match one {
        Found::Outside(Some((_, distance_m))) => Some(*distance_m),
        _ => None,
    };
    let note = |one: &Found| Some(areas.note(one)).filter(|note| !note.is_empty());
    let made = || -> Result<RecordBatch, ArrowError> {
        let mut columns = batch.columns().to_vec();
        columns.push(chosen(faces.clone(), names(|(code, _)| code))?);
        columns.push(chosen(faces, names(|(_, name)| name))?);
        columns.push(chosen(found.iter().map(state).collect::<Vec<i32>>().into(), states)?);
        columns.push(Arc::new(found.iter().map(distance_m).collect::<Float64Array>()));
        columns.push(Arc::new(found.iter().map(note).collect::<StringArray>()));
        RecordBatch::try_new(Arc::new(widened(&batch.schema())), columns)
    };
    made().map_err(|error| arrow(&error))
}

/// A batch as lines of CSV; nothing is empty, a distance has one decimal.
fn text(batch: &RecordBatch) -> Result<Vec<u8>, ImportError> {
    let options = FormatOptions::default();
    let columns = batch
        .columns()
        .iter()
        .map(|column| ArrayFormatter::try_new(column, &options))
        .collect::<Result<Vec<_>, _>>()
        .map_err(|error| arrow(&error))?;
    let distance_at = batch.num_columns().saturating_sub(2);
    let distances = batch.column(distance_at).as_any().downcast_ref::<Float64Array>();
    let mut writer = csv::Writer::from_writer(Vec::new());
    let mut field = String::new();
    for row in 0..batch.num_rows() {
        for (at, column) in columns.iter().enumerate() {
            field.clear();
            let distance_m =
                distances.filter(|_| at == distance_at).map(|all| (all.is_valid(row), all));
            let written = match distance_m {
                Some((true, all)) => {
                    std::fmt::Write::write_fmt(&mut field, format_args!("{:.1}", all.value(row)))
                }
                Some((false, _)) => Ok(()),
                None => {
                    std::fmt::Write::write_fmt(&mut field, format_args!("{}", column.value(row)))
                }
            };
            written
                .map_err(|_| ImportError::Stopped(format!("row {row} of a batch is no text")))?;
            writer.write_field(&field).map_err(|error| unwritten(error.into()))?;
        }
        writer.write_record(None::<&[u8]>).map_err(|error| unwritten(error.into()))?;
    }
    writer.into_inner().map_err(|error| ImportError::Stopped(error.to_string()))
}
