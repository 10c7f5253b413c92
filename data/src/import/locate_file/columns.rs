//! Columnar files: Parquet (`GeoParquet` too) and Arrow IPC, batch by batch.

use std::fs::File;
use std::io::{BufReader, Read as _, Seek as _, Write};
use std::path::Path;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray as _, RecordBatch};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Float64Type, Schema};
use arrow::error::ArrowError;
use arrow::ipc::reader::{FileReader, StreamReader};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use spatial::crs::Crs;

use super::order::in_order;
use super::sink::{Prepared, Sink, with_answers};
use super::{Areas, LocateFile, LocateReport, Tally};
use crate::import::error::ImportError;
use crate::import::mapping;
use crate::import::report::Refusal;
use crate::import::source::Position;

/// Rows located together.
const PIECE_ROWS: usize = 1 << 16;

pub(in crate::import) type Batches =
    Box<dyn Iterator<Item = Result<RecordBatch, ArrowError>> + Send>;

/// A columnar file that has been opened.
pub(super) struct Columns {
    schema: Arc<Schema>,
    batches: Batches,
    rows: u64,
    size_bytes: u64,
    place: Place,
    crs: Crs,
    told_crs: String,
}

/// A columnar file, batch by batch.
pub(in crate::import) struct Columnar {
    pub(in crate::import) schema: Arc<Schema>,
    pub(in crate::import) batches: Batches,
    /// How many rows it says it has; 0 if it does not.
    pub(in crate::import) rows: u64,
    pub(in crate::import) size_bytes: u64,
}

impl Columnar {
    /// Opens a file if it is columnar, by its first bytes.
    pub(in crate::import) fn open(path: &Path) -> Result<Option<Self>, ImportError> {
        if path.as_os_str() == "-" || !path.is_file() {
            return Ok(None);
        }
        let mut file = File::open(path).map_err(|source| ImportError::io(path, source))?;
        let size_bytes = super::size_of(path);
        let mut head = [0; 8];
        let count = file.read(&mut head).map_err(|source| ImportError::io(path, source))?;
        file.rewind().map_err(|source| ImportError::io(path, source))?;
        let unreadable =
            |error: &dyn std::fmt::Display| ImportError::unreadable(path, error.to_string());
        let (schema, batches, rows): (Arc<Schema>, Batches, u64) = match head.get(..count) {
            Some([b'P', b'A', b'R', b'1', ..]) => {
                let builder =
                    ParquetRecordBatchReaderBuilder::try_new(file).map_err(|e| unreadable(&e))?;
                let rows = builder.metadata().file_metadata().num_rows().max(0) as u64;
                let schema = Arc::clone(builder.schema());
                let reader =
                    builder.with_batch_size(PIECE_ROWS).build().map_err(|e| unreadable(&e))?;
                (schema, Box::new(reader), rows)
            }
            Some(b"ARROW1\0\0") => {
                let reader =
                    FileReader::try_new_buffered(file, None).map_err(|e| unreadable(&e))?;
                (reader.schema(), Box::new(reader), 0)
            }
            Some([0xFF, 0xFF, 0xFF, 0xFF, ..]) => {
                let reader = StreamReader::try_new(BufReader::new(file), None);
                let reader = reader.map_err(|e| unreadable(&e))?;
                (reader.schema(), Box::new(reader), 0)
            }
            _ => return Ok(None),
        };
        Ok(Some(Self { schema, batches, rows, size_bytes }))
    }
}

/// Where the position of a row stands, by column number.
#[derive(Clone, Copy, Debug)]
enum Place {
    LngLat(usize, usize),
    /// Well-known binary, as `GeoParquet` has it.
    Wkb(usize),
    /// A structure of `x` and `y`, as `GeoArrow` has it.
    Pair(usize),
}

impl Columns {
    /// Opens the points if they are columnar, by their first bytes.
    pub(super) fn open(options: &LocateFile) -> Result<Option<Self>, ImportError> {
        let path = &options.points;
        let Some(Columnar { schema, batches, rows, size_bytes }) = Columnar::open(path)? else {
            return Ok(None);
        };
        let place = place(path, &schema, options)?;
        let (crs, told_crs) = choose_crs(path, &schema, place, options.points_crs)?;
        Ok(Some(Self { schema, batches, rows, size_bytes, place, crs, told_crs }))
    }

    pub(super) fn run(
        mut self,
        options: &LocateFile,
        areas: &Areas,
        out: impl Write + Send,
        report: &mut LocateReport,
        progress: &mut dyn FnMut(u64, u64),
    ) -> Result<(), ImportError> {
        report.points_crs.clone_from(&self.told_crs);
        let mut sink = Sink::open(options.output, out, &self.schema)?;
        let (place, crs, path) = (self.place, self.crs, &options.points);
        let (rows, size_bytes) = (self.rows.max(1), self.size_bytes);
        let batches = &mut self.batches;
        let mut next = || match batches.next() {
            None => Ok(None),
            Some(Ok(batch)) => Ok(Some(batch)),
            Some(Err(error)) => Err(ImportError::unreadable(path, error.to_string())),
        };
        let work = |batch: RecordBatch| {
            let positions = positions(&batch, place)
                .map_err(|error| ImportError::unreadable(path, error.to_string()))?;
            let found = areas.find(crs, positions);
            let mut tally = Tally::default();
            for (row, found) in (1..).zip(&found) {
                tally.count(found, |why| Refusal::new(row, None, why));
            }
            let located = with_answers(&batch, areas, &found)?;
            Ok((Prepared::of(options.output, located)?, tally))
        };
        in_order(options.threads, &mut next, work, |(piece, tally): (Prepared, Tally)| {
            sink.write(piece)?;
            let first = report.rows;
            report.add(tally, first);
            progress(report.rows, size_bytes * report.rows.min(rows) / rows);
            Ok(())
        })?;
        sink.finish()
    }
}

fn place(path: &Path, schema: &Schema, options: &LocateFile) -> Result<Place, ImportError> {
    let column_of = |name: &str| schema.fields().iter().position(|field| field.name() == name);
    let find = |field: &str, aliases: &[&str]| -> Result<Option<usize>, ImportError> {
        let given = options.points_open.position_columns.iter().find(|(name, _)| name == field);
        if let Some((_, column)) = given {
            return column_of(column).map(Some).ok_or_else(|| {
                let names: Vec<&str> =
                    schema.fields().iter().map(|field| field.name().as_str()).collect();
                let why = format!(
                    "there is no column {column:?} for {field}; there are {}",
                    names.join(", ")
                );
                ImportError::unreadable(path, why)
            });
        }
        let is_alias = |name: &String| {
            aliases.iter().any(|alias| mapping::normal(alias) == mapping::normal(name))
        };
        Ok(schema.fields().iter().position(|field| is_alias(field.name())))
    };
    if let (Some(lng), Some(lat)) = (find("lng", mapping::LNG)?, find("lat", mapping::LAT)?) {
        return Ok(Place::LngLat(lng, lat));
    }
    let declared =
        geo_metadata(schema).and_then(|geo| geo["primary_column"].as_str().and_then(column_of));
    let geometry = declared.or_else(|| mapping::WKT.iter().find_map(|name| column_of(name)));
    match geometry.map(|at| (at, schema.field(at).data_type())) {
        Some((at, DataType::Binary | DataType::LargeBinary | DataType::BinaryView)) => {
            Ok(Place::Wkb(at))
        }
        Some((at, DataType::Struct(fields)))
            if fields.find("x").is_some() && fields.find("y").is_some() =>
        {
            Ok(Place::Pair(at))
        }
        _ => {
            let names: Vec<&str> =
                schema.fields().iter().map(|field| field.name().as_str()).collect();
            let why = format!(
                "neither columns for longitude and latitude nor a column of points were recognised in {}: \
                 name them by --lng and --lat",
                names.join(", ")
            );
            Err(ImportError::unreadable(path, why))
        }
    }
}

/// What `GeoParquet` says about its columns.
fn geo_metadata(schema: &Schema) -> Option<serde_json::Value> {
    serde_json::from_str(schema.metadata().get("geo")?).ok()
}

fn choose_crs(
    path: &Path,
    schema: &Schema,
    place: Place,
    given: Option<Crs>,
) -> Result<(Crs, String), ImportError> {
    if let Some(crs) = given {
        return Ok((crs, format!("{crs} as given")));
    }
    let column = match place {
        Place::LngLat(..) => None,
        Place::Wkb(at) | Place::Pair(at) => Some(schema.field(at).name()),
    };
    let geo = column.and_then(|column| Some((column, geo_metadata(schema)?)));
    let Some((column, geo)) = geo else {
        return Ok((Crs::Wgs84, "wgs84 as nothing was given; --crs names another".to_owned()));
    };
    let declared = &geo["columns"][column]["crs"];
    if declared.is_null() {
        return Ok((Crs::Wgs84, "wgs84 as the format fixes".to_owned()));
    }
    let (authority, code) = (&declared["id"]["authority"], &declared["id"]["code"]);
    let name = match (authority.as_str(), code) {
        (Some("OGC"), code) if code == "CRS84" => "wgs84".to_owned(),
        (Some(authority), code) => format!("{authority}:{}", code.to_string().trim_matches('"')),
        (None, _) => declared["name"].as_str().unwrap_or("one without a name").to_owned(),
    };
    name.parse().map(|crs: Crs| (crs, format!("{crs} as the file declares"))).map_err(|_| {
        let why = format!(
            "it declares the coordinate system {name}, which is not read here: name it by --crs"
        );
        ImportError::unreadable(path, why)
    })
}

/// The positions of a batch, row by row.
fn positions(
    batch: &RecordBatch,
    place: Place,
) -> Result<Vec<Result<Position, String>>, ArrowError> {
    let numbers = |array: &ArrayRef| cast(array, &DataType::Float64);
    let (xs, ys) = match place {
        Place::LngLat(lng, lat) => (numbers(batch.column(lng))?, numbers(batch.column(lat))?),
        Place::Pair(at) => {
            let pair = batch.column(at).as_struct();
            let part = |name| pair.column_by_name(name).map(numbers);
            match (part("x"), part("y")) {
                (Some(xs), Some(ys)) => (xs?, ys?),
                _ => return Err(ArrowError::SchemaError("a point without x or y".to_owned())),
            }
        }
        Place::Wkb(at) => {
            let bytes = cast(batch.column(at), &DataType::LargeBinary)?;
            let bytes = bytes.as_binary::<i64>();
            return Ok(bytes.iter().map(|bytes| bytes.map_or_else(nowhere, point)).collect());
        }
    };
    let (xs, ys) = (xs.as_primitive::<Float64Type>(), ys.as_primitive::<Float64Type>());
    let given = match place {
        Place::LngLat(lng, lat) => Some((batch.column(lng), batch.column(lat))),
        _ => None,
    };
    Ok((0..batch.num_rows())
        .map(|row| {
            if xs.is_valid(row) && ys.is_valid(row) {
                return Ok(Position { x: xs.value(row), y: ys.value(row) });
            }
            // What was there and is no number any more was none.
            let was_there = |array: &ArrayRef| array.is_valid(row);
            match given {
                Some((lng, _)) if was_there(lng) && xs.is_null(row) => {
                    Err("the longitude is not a number".to_owned())
                }
                Some((_, lat)) if was_there(lat) && ys.is_null(row) => {
                    Err("the latitude is not a number".to_owned())
                }
                _ => nowhere(),
            }
        })
        .collect())
}

fn nowhere() -> Result<Position, String> {
    Err("there is no position".to_owned())
}

/// A point in well-known binary, of either byte order, also with heights.
fn point(bytes: &[u8]) -> Result<Position, String> {
    let odd = || format!("{} bytes are no point in well-known binary", bytes.len());
    let (order, rest) = bytes.split_first().ok_or_else(odd)?;
    let is_little = match order {
        0 => false,
        1 => true,
        _ => return Err(odd()),
    };
    let (kind, rest) = rest.split_first_chunk::<4>().ok_or_else(odd)?;
    let kind = if is_little { u32::from_le_bytes(*kind) } else { u32::from_be_bytes(*kind) };
    // With heights or measures: 1001, 2001, 3001, or flags in the highest bits.
    let plain = kind & 0x0FFF_FFFF;
    if plain % 1000 != 1 {
        return Err("it is not a point".to_owned());
    }
    let rest = if kind & 0x2000_0000 == 0 { rest } else { rest.get(4..).ok_or_else(odd)? };
    let number = |bytes: &[u8; 8]| {
        if is_little { f64::from_le_bytes(*bytes) } else { f64::from_be_bytes(*bytes) }
    };
    let (x, rest) = rest.split_first_chunk::<8>().ok_or_else(odd)?;
    let (y, _) = rest.split_first_chunk::<8>().ok_or_else(odd)?;
    let (x, y) = (number(x), number(y));
    // An empty point is written as two that are no numbers.
    if x.is_nan() && y.is_nan() { nowhere() } else { Ok(Position { x, y }) }
}
