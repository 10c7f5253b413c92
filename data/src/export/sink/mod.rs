//! Writing files: one module per format, all fed by the same [`Outgoing`] rows.
//!
//! A file appears under its name only when it is complete (a Shapefile, being several files, is the exception).

mod csv;
mod flatgeobuf;
mod geojson;
mod geopackage;
pub(crate) mod prj;
mod shapefile;

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::Value;
use spatial::coverage::LatticeMultiPolygon;
use spatial::crs::{Crs, CrsError};
use spatial::lattice::LatticePoint;

use crate::import::source::Format;

/// Why a file could not be written.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The file cannot be created or written.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the operating system says.
        source: std::io::Error,
    },
    /// The format cannot hold what it should.
    #[error("{}: {why}", path.display())]
    Format {
        /// The file.
        path: PathBuf,
        /// What it cannot hold.
        why: String,
    },
    /// A place cannot be told in the wanted coordinate system.
    #[error(transparent)]
    Crs(#[from] CrsError),
    /// An option is missing or contradicts another.
    #[error("{0}")]
    Option(String),
    /// The database refused or did not answer.
    #[error("the database failed")]
    Database(#[from] sqlx::Error),
    /// A stored shape cannot be read back.
    #[error("stored {what} is broken: {why}")]
    Broken {
        /// What was read.
        what: String,
        /// Why it cannot be.
        why: String,
    },
    /// The writer failed in a way that it should not; a defect of this program.
    #[error("the writer stopped: {0}")]
    Stopped(String),
}

/// A column of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its name; the import knows it again.
    pub name: &'static str,
    /// Its name where only ten letters fit (Shapefile).
    pub short: &'static str,
    /// Whether it holds whole numbers rather than text.
    pub whole: bool,
}

impl Column {
    /// A text column.
    pub const fn text(name: &'static str, short: &'static str) -> Self {
        Self { name, short, whole: false }
    }

    /// A column of whole numbers.
    pub const fn whole(name: &'static str, short: &'static str) -> Self {
        Self { name, short, whole: true }
    }
}

/// Whether a file holds places or areas.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Points.
    Places,
    /// Multipolygons.
    Areas,
}

/// Where a row is.
#[derive(Clone, Debug, PartialEq)]
pub enum Where {
    /// A point.
    Place(LatticePoint),
    /// A shape.
    Area(LatticeMultiPolygon),
    /// Unknown.
    Nowhere,
}

/// One row on its way out.
#[derive(Clone, Debug, PartialEq)]
pub struct Outgoing {
    /// Where it is.
    pub place: Where,
    /// One value per column: a text, a whole number or null.
    pub values: Vec<Value>,
}

/// A file being written.
pub trait Sink {
    /// Writes one row.
    ///
    /// # Errors
    /// If the file or its format refuses it.
    fn write(&mut self, row: &Outgoing) -> Result<(), ExportError>;

    /// Completes the file.
    ///
    /// # Errors
    /// If that fails; nothing stands under the file's name then.
    fn finish(self: Box<Self>) -> Result<(), ExportError>;
}

/// What a file is to hold.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Name of the layer.
    pub layer: String,
    /// Points or areas.
    pub kind: Kind,
    /// The columns, in order.
    pub columns: &'static [Column],
    /// The coordinate system of the numbers.
    pub crs: Crs,
}

/// Begins the file `path` in `format`.
///
/// # Errors
/// If it cannot be created.
pub fn create(path: &Path, format: Format, plan: Plan) -> Result<Box<dyn Sink>, ExportError> {
    Ok(match format {
        Format::GeoJson => Box::new(geojson::GeoJson::create(path, plan)?),
        Format::FlatGeobuf => Box::new(flatgeobuf::FlatGeobuf::create(path, plan)?),
        Format::GeoPackage => Box::new(geopackage::GeoPackage::create(path, plan)?),
        Format::Shapefile => Box::new(shapefile::Shapefile::create(path, &plan)?),
        Format::Csv => Box::new(csv::Csv::create(path, b',', plan)?),
        Format::Tsv => Box::new(csv::Csv::create(path, b'\t', plan)?),
    })
}

/// The geometry of a row in the coordinate system of the file.
fn geometry(place: &Where, crs: Crs) -> Result<Option<geo_types::Geometry<f64>>, ExportError> {
    use geo::MapCoords;
    let there = |coord: geo_types::Coord<f64>| -> Result<geo_types::Coord<f64>, ExportError> {
        if crs == Crs::Wgs84 {
            return Ok(coord);
        }
        let place = spatial::crs::LngLat::new(coord.x, coord.y).map_err(CrsError::from)?;
        let (x, y) = crs.from_wgs84(place)?;
        Ok(geo_types::Coord { x, y })
    };
    Ok(match place {
        Where::Nowhere => None,
        Where::Place(point) => {
            let place = point.lng_lat();
            let coord = there(geo_types::Coord { x: place.lng(), y: place.lat() })?;
            Some(geo_types::Geometry::Point(coord.into()))
        }
        Where::Area(shape) => {
            let shape = shape.to_degrees().try_map_coords(there)?;
            Some(geo_types::Geometry::MultiPolygon(shape))
        }
    })
}

/// A stream into a file that appears under its name when it is finished; packed if the name ends in `.gz`.
pub(crate) struct Output {
    path: PathBuf,
    to: To,
}

enum To {
    Plain(BufWriter<tempfile::NamedTempFile>),
    Packed(Box<GzEncoder<BufWriter<tempfile::NamedTempFile>>>),
    Standard(BufWriter<std::io::Stdout>),
}

impl Output {
    pub(crate) fn create(path: &Path) -> Result<Self, ExportError> {
        let to = if path.as_os_str() == "-" {
            To::Standard(BufWriter::new(std::io::stdout()))
        } else {
            let file = BufWriter::with_capacity(1 << 18, temporary(path)?);
            if path.extension().is_some_and(|end| end == "gz") {
                To::Packed(Box::new(GzEncoder::new(file, Compression::default())))
            } else {
                To::Plain(file)
            }
        };
        Ok(Self { path: path.to_owned(), to })
    }

    pub(crate) fn finish(self) -> Result<(), ExportError> {
        let path = self.path;
        let io = |source| ExportError::Io { path: path.clone(), source };
        let file = match self.to {
            To::Standard(mut out) => return out.flush().map_err(io),
            To::Plain(file) => file,
            To::Packed(packed) => packed.finish().map_err(io)?,
        };
        let file = file.into_inner().map_err(|error| io(error.into_error()))?;
        persist(file, &path)
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        match &mut self.to {
            To::Plain(file) => file.write(bytes),
            To::Packed(file) => file.write(bytes),
            To::Standard(out) => out.write(bytes),
        }
    }

    fn flush(&mut self) -> std::io::Result<()> {
        match &mut self.to {
            To::Plain(file) => file.flush(),
            To::Packed(file) => file.flush(),
            To::Standard(out) => out.flush(),
        }
    }
}

/// A temporary file beside `path`, so that it can be renamed.
pub(crate) fn temporary(path: &Path) -> Result<tempfile::NamedTempFile, ExportError> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new("."));
    tempfile::Builder::new()
        .prefix(".wangge-export-")
        .tempfile_in(folder)
        .map_err(|source| ExportError::Io { path: path.to_owned(), source })
}

pub(crate) fn persist(file: tempfile::NamedTempFile, path: &Path) -> Result<(), ExportError> {
    let io = |source| ExportError::Io { path: path.to_owned(), source };
    let kept = file.persist(path).map_err(|error| io(error.error))?;
    readable_by_all(&kept).map_err(io)?;
    kept.sync_all().map_err(io)
}

/// Temporary files are private; an export is a file like any other.
fn readable_by_all(file: &File) -> std::io::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        file.set_permissions(std::fs::Permissions::from_mode(0o644))?;
    }
    Ok(())
}

fn text_of(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
