//! Reading files: one module per format, all yielding the same [`Feature`] stream with a result for each row.
//!
//! [`open`] looks at the first bytes, not only at the name, unpacks gzip, and finds the declared coordinate system. A
//! fault of a row is a [`Refusal`] and reading goes on; a fault of the file (cut off, not this format) ends it with an
//! [`ImportError`], because half a file must not become a whole import.

mod declared;
mod detect;
mod encoding;
mod shape;

mod csv;
mod dbf;
mod flatgeobuf;
mod geojson;
mod geojson_scan;
mod geopackage;
mod shapefile;

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use serde_json::{Map, Value};

use super::error::ImportError;
use super::report::Refusal;

pub use declared::DeclaredCrs;
pub use detect::Format;
pub use encoding::{Encoding, UnknownEncoding};
pub use shape::{Position, RawPolygon, RawRing, Shape, ShapeBuilder};

pub(crate) use csv::{Csv, TableRow};
pub(crate) use geopackage::quoted;
#[cfg(test)]
pub(crate) use shape::from_wkt;
pub(crate) use shape::shorten;

/// One row or feature as the file told it.
#[derive(Clone, Debug, PartialEq)]
pub struct Feature {
    /// Where it stands: the line for tables (the header is line 1), the ordinal from 1 for everything else.
    pub row: u64,
    /// Its geometry in the file's coordinate system; `None` if it has none.
    pub shape: Option<Shape>,
    /// Its columns by name.
    pub properties: Map<String, Value>,
}

/// A row that was read, or the reason why it cannot be.
pub type Row = Result<Feature, Refusal>;

/// A file being read, row by row.
pub trait Source: Send {
    /// The next row; `None` at the end.
    ///
    /// # Errors
    /// If the file itself cannot be read any further.
    fn next_row(&mut self) -> Result<Option<Row>, ImportError>;

    /// The coordinate system that the file declares. One that GeoJSON declares after its features is known only at the end.
    fn declared_crs(&self) -> Option<DeclaredCrs>;

    /// Whether the format fixes the coordinate system where the file says nothing (GeoJSON: WGS 84 by RFC 7946).
    fn default_crs(&self) -> Option<spatial::crs::Crs> {
        None
    }

    /// Whether rows can have a position at all; without one no coordinate system is needed.
    fn has_positions(&self) -> bool {
        true
    }

    /// The names of the columns where the format has a header; empty where every feature brings its own.
    fn columns(&self) -> Vec<String> {
        Vec::new()
    }

    /// Things worth telling that are no fault of a row.
    fn notes(&self) -> Vec<String> {
        Vec::new()
    }
}

/// How to read, as far as the caller knows better than the file.
#[derive(Clone, Debug, Default)]
pub struct OpenOptions {
    /// Read as this format whatever the name and the first bytes say.
    pub format: Option<Format>,
    /// The encoding of tables; found out if absent.
    pub encoding: Option<Encoding>,
    /// The layer of a GeoPackage; needed if it has several.
    pub layer: Option<String>,
    /// The columns with longitude, latitude or well-known text, if they have unusual names: `lng`, `lat`, `wkt`.
    pub position_columns: Vec<(String, String)>,
}

/// An opened file.
pub struct Opened {
    /// The rows.
    pub source: Box<dyn Source>,
    /// What it is read as.
    pub format: Format,
    /// Size of the file in bytes as it lies on disk; 0 if unknown.
    pub size_bytes: u64,
    /// How many of those bytes have been read, for a progress bar.
    pub consumed_bytes: Arc<AtomicU64>,
    /// What was noticed while opening.
    pub notes: Vec<String>,
}

/// Opens `path` (or standard input for `-`).
///
/// # Errors
/// If the file cannot be opened, is empty, or is in no format that is read here.
pub fn open(path: &Path, options: &OpenOptions) -> Result<Opened, ImportError> {
    let detected = detect::detect(path, options.format)?;
    open_detected(path, detected, options)
}

fn open_detected(
    path: &Path,
    detected: detect::Detected,
    options: &OpenOptions,
) -> Result<Opened, ImportError> {
    let detect::Detected { format, input, size_bytes, consumed_bytes, mut notes, streamed } =
        detected;
    let source: Box<dyn Source> = match format {
        Format::GeoJson => Box::new(geojson::GeoJson::open(path, input, options)?),
        Format::FlatGeobuf => Box::new(flatgeobuf::FlatGeobuf::open(path, input)?),
        Format::Csv | Format::Tsv => Box::new(csv::Csv::open(path, input, format, options)?),
        Format::GeoPackage => {
            Box::new(geopackage::GeoPackage::open(path, input, streamed, options)?)
        }
        Format::Shapefile => Box::new(shapefile::Shapefile::open(path, streamed, options)?),
    };
    notes.extend(source.notes());
    Ok(Opened { source, format, size_bytes, consumed_bytes, notes })
}

/// A table in UTF-8 with commas and positions in two columns, its header read.
pub(crate) struct PlainTable {
    /// Names of the columns.
    pub columns: Vec<String>,
    /// Which of them hold longitude and latitude.
    pub place: (usize, usize),
    /// What follows what is in `rest`.
    pub input: Box<dyn std::io::Read + Send>,
    /// What was read beyond the header.
    pub rest: Vec<u8>,
    /// Lines of the header.
    pub header_lines: u64,
    /// How many bytes of the file have been read, for a progress bar.
    pub consumed_bytes: Arc<AtomicU64>,
    /// What was noticed while opening.
    pub notes: Vec<String>,
}

/// Opens `path` if it is such a table; standard input is not looked into, since what is read from it is gone.
///
/// # Errors
/// As [`open`].
pub(crate) fn plain_table(
    path: &Path,
    options: &OpenOptions,
) -> Result<Option<PlainTable>, ImportError> {
    let detected = detect::detect(path, options.format)?;
    csv::plain(path, detected, options)
}

/// A table that is copied through with its own columns, or any other file of features.
pub(crate) enum Table {
    /// CSV or TSV.
    Rows(Box<csv::Csv>, Arc<AtomicU64>, u64, Vec<String>),
    /// Everything else.
    Features(Opened),
}

/// Opens `path` for copying through.
///
/// # Errors
/// As [`open`].
pub(crate) fn open_table(path: &Path, options: &OpenOptions) -> Result<Table, ImportError> {
    let detected = detect::detect(path, options.format)?;
    match detected.format {
        Format::Csv | Format::Tsv => {
            let mut notes = detected.notes;
            let csv = csv::Csv::open(path, detected.input, detected.format, options)?;
            notes.extend(csv.notes());
            Ok(Table::Rows(Box::new(csv), detected.consumed_bytes, detected.size_bytes, notes))
        }
        _ => open_detected(path, detected, options).map(Table::Features),
    }
}

/// A value as a person would write it.
pub(crate) fn text_of(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
