//! What a file is: by its first bytes, helped by its name; gzip is unpacked on the way.

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::str::FromStr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use serde::Serialize;

use crate::import::error::ImportError;

/// A format of files that is read and written here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// GeoJSON: a feature collection, or one feature per line.
    GeoJson,
    /// FlatGeobuf.
    FlatGeobuf,
    /// GeoPackage (SQLite).
    GeoPackage,
    /// ESRI Shapefile with its neighbours `.dbf`, `.shx`, `.prj`, `.cpg`.
    Shapefile,
    /// Comma (or semicolon) separated table with positions or well-known text.
    Csv,
    /// Tab separated table.
    Tsv,
}

impl FromStr for Format {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        match name.to_ascii_lowercase().as_str() {
            "geojson" | "json" | "geojsonl" | "geojsonseq" | "ndjson" | "jsonl" => {
                Ok(Self::GeoJson)
            }
            "flatgeobuf" | "fgb" => Ok(Self::FlatGeobuf),
            "geopackage" | "gpkg" => Ok(Self::GeoPackage),
            "shapefile" | "shp" => Ok(Self::Shapefile),
            "csv" => Ok(Self::Csv),
            "tsv" | "tab" => Ok(Self::Tsv),
            _ => Err(format!(
                "{name:?} is not a format we know: geojson, flatgeobuf, geopackage, shapefile, csv and tsv are"
            )),
        }
    }
}

impl std::fmt::Display for Format {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::GeoJson => "GeoJSON",
            Self::FlatGeobuf => "FlatGeobuf",
            Self::GeoPackage => "GeoPackage",
            Self::Shapefile => "Shapefile",
            Self::Csv => "CSV",
            Self::Tsv => "TSV",
        })
    }
}

impl Format {
    /// The format that a file name promises, looking through `.gz`.
    pub fn by_name(path: &Path) -> Option<Self> {
        let name = path.file_name()?.to_str()?.to_ascii_lowercase();
        let name = name.strip_suffix(".gz").unwrap_or(&name);
        name.rsplit_once('.')?.1.parse().ok()
    }

    fn by_content(head: &[u8]) -> Option<Self> {
        let text = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head);
        let first = text.iter().find(|byte| !byte.is_ascii_whitespace() && **byte != 0x1E);
        if head.starts_with(b"fgb") {
            Some(Self::FlatGeobuf)
        } else if head.starts_with(b"SQLite format 3\0") {
            Some(Self::GeoPackage)
        } else if head.starts_with(&[0, 0, 0x27, 0x0A]) {
            Some(Self::Shapefile)
        } else if first == Some(&b'{') {
            Some(Self::GeoJson)
        } else {
            None
        }
    }
}

/// A readable stream of the (unpacked) bytes.
pub(super) type Input = BufReader<Box<dyn Read + Send>>;

pub(super) struct Detected {
    pub format: Format,
    pub input: Input,
    pub size_bytes: u64,
    pub consumed_bytes: Arc<AtomicU64>,
    pub notes: Vec<String>,
    /// Whether the bytes were unpacked from gzip (or piped in), so that the file itself cannot be opened again.
    pub streamed: bool,
}

const BUFFER_BYTES: usize = 256 * 1024;

pub(super) fn detect(path: &Path, wanted: Option<Format>) -> Result<Detected, ImportError> {
    let consumed_bytes = Arc::new(AtomicU64::new(0));
    let (raw, size_bytes): (Box<dyn Read + Send>, u64) = if path.as_os_str() == "-" {
        (Box::new(std::io::stdin()), 0)
    } else {
        let file = File::open(path).map_err(|source| ImportError::io(path, source))?;
        let metadata = file.metadata().map_err(|source| ImportError::io(path, source))?;
        if metadata.is_dir() {
            return Err(ImportError::unreadable(path, "this is a folder, not a file"));
        }
        (Box::new(file), metadata.len())
    };
    let counted = Counted { inner: raw, consumed_bytes: Arc::clone(&consumed_bytes) };
    let mut input =
        BufReader::with_capacity(BUFFER_BYTES, Box::new(counted) as Box<dyn Read + Send>);
    let mut notes = Vec::new();
    let mut streamed = path.as_os_str() == "-";
    if peek(path, &mut input)?.starts_with(&[0x1F, 0x8B]) {
        let unpacked = flate2::bufread::MultiGzDecoder::new(input);
        input = BufReader::with_capacity(BUFFER_BYTES, Box::new(unpacked));
        streamed = true;
    }
    let head = peek(path, &mut input)?;
    if head.is_empty() {
        return Err(ImportError::unreadable(path, "the file is empty"));
    }
    if head.starts_with(b"PK\x03\x04") {
        return Err(ImportError::unreadable(
            path,
            "this is a zip archive (or a spreadsheet): unpack it, or save the sheet as CSV",
        ));
    }
    if head.starts_with(&[0xFF, 0xFE]) || head.starts_with(&[0xFE, 0xFF]) {
        return Err(ImportError::unreadable(path, "the text is UTF-16: save it as UTF-8"));
    }
    let content = Format::by_content(head);
    let name = Format::by_name(path);
    let format = choose(path, wanted, name, content, &mut notes)?;
    Ok(Detected { format, input, size_bytes, consumed_bytes, notes, streamed })
}

fn choose(
    path: &Path,
    wanted: Option<Format>,
    name: Option<Format>,
    content: Option<Format>,
    notes: &mut Vec<String>,
) -> Result<Format, ImportError> {
    match (wanted, name, content) {
        (Some(wanted), _, Some(content)) if wanted != content => Err(ImportError::unreadable(
            path,
            format!("--format says {wanted}, but the content is {content}"),
        )),
        (Some(wanted), _, _) => Ok(wanted),
        (None, Some(name), Some(content)) if name != content => {
            notes
                .push(format!("the name says {name}, the content is {content}: read as {content}"));
            Ok(content)
        }
        (None, _, Some(content)) => Ok(content),
        (None, Some(name @ (Format::Csv | Format::Tsv)), None) => Ok(name),
        (None, Some(name), None) => Err(ImportError::unreadable(
            path,
            format!("the name says {name}, but the content is not {name}"),
        )),
        (None, None, None) if path.as_os_str() == "-" => Ok(Format::Csv),
        (None, None, None) => Err(ImportError::unreadable(
            path,
            "neither the name nor the content shows the format: give --format",
        )),
    }
}

fn peek<'a>(path: &Path, input: &'a mut Input) -> Result<&'a [u8], ImportError> {
    input.fill_buf().map_err(|source| ImportError::io(path, source))
}

struct Counted<R> {
    inner: R,
    consumed_bytes: Arc<AtomicU64>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.consumed_bytes.fetch_add(count as u64, Ordering::Relaxed);
        Ok(count)
    }
}
