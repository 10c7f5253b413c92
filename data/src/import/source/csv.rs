//! Tables: comma, semicolon or tab separated, UTF-8 or GB18030, with positions in two columns or well-known text in one.
//!
//! Records are cut as bytes and decoded field by field: no lead or trail byte of GB18030 is a separator, a quote or a
//! line end, so cutting first is safe, and undecodable bytes refuse one row instead of shifting all that follow.

use std::io::BufRead;
use std::path::{Path, PathBuf};

use ::csv::{ByteRecord, Reader, ReaderBuilder};
use serde_json::{Map, Value};

use super::detect::{Detected, Format, Input};
use super::shape::{Position, Shape, from_wkt, shorten};
use super::{DeclaredCrs, Encoding, Feature, OpenOptions, PlainTable, Row, Source};
use crate::import::error::ImportError;
use crate::import::mapping;
use crate::import::report::Refusal;

pub(crate) struct Csv {
    path: PathBuf,
    reader: Reader<Input>,
    encoding: Encoding,
    columns: Vec<String>,
    place: Place,
    record: ByteRecord,
    notes: Vec<String>,
}

/// A row of a table with every field, decoded as far as that is possible, and what its position is or why it has none.
pub(crate) struct TableRow {
    pub line: u64,
    pub fields: Vec<String>,
    pub shape: Result<Option<Shape>, String>,
    /// Why not even its fields can be trusted.
    pub torn: Option<String>,
}

/// Where a row's geometry stands, by column number.
#[derive(Clone, Copy)]
enum Place {
    Nowhere,
    LngLat(usize, usize),
    Wkt(usize),
}

impl Csv {
    pub(super) fn open(
        path: &Path,
        mut input: Input,
        format: Format,
        options: &OpenOptions,
    ) -> Result<Self, ImportError> {
        let mut notes = Vec::new();
        let head = input.fill_buf().map_err(|source| ImportError::io(path, source))?;
        let sniffed = Encoding::sniff(head);
        let encoding = options.encoding.or(sniffed).unwrap_or(Encoding::Utf8);
        if options.encoding.is_none() && encoding == Encoding::Gb18030 {
            notes.push(
                "the text is not UTF-8 and reads cleanly as GB18030: read as GB18030".to_owned(),
            );
        }
        let mark = if head.starts_with(b"\xEF\xBB\xBF") { 3 } else { 0 };
        let delimiter = delimiter(head, format);
        input.consume(mark);
        let mut reader =
            ReaderBuilder::new().delimiter(delimiter).flexible(true).from_reader(input);
        let header = reader
            .byte_headers()
            .map_err(|error| csv_error(path, error))?
            .iter()
            .map(|name| encoding.decode(name).map(|name| name.trim().to_owned()))
            .collect::<Result<Vec<_>, _>>()
            .map_err(|why| {
                ImportError::unreadable(path, format!("the header cannot be read: {why}"))
            })?;
        if header.iter().all(String::is_empty) {
            return Err(ImportError::unreadable(path, "the header line is empty"));
        }
        let columns = distinct(header, &mut notes);
        let place = place(path, &columns, options)?;
        Ok(Self {
            path: path.to_owned(),
            reader,
            encoding,
            columns,
            place,
            record: ByteRecord::new(),
            notes,
        })
    }

    /// The next row with its fields as they stand, also when something is wrong with it.
    pub(crate) fn next_table_row(&mut self) -> Result<Option<TableRow>, ImportError> {
        loop {
            let more = self
                .reader
                .read_byte_record(&mut self.record)
                .map_err(|error| csv_error(&self.path, error))?;
            if !more {
                return Ok(None);
            }
            // Spreadsheets like to leave lines of separators at the end.
            if self.record.iter().all(<[u8]>::is_empty) {
                continue;
            }
            let line = self.record.position().map_or(0, ::csv::Position::line);
            return Ok(Some(self.table_row(line)));
        }
    }

    fn table_row(&self, line: u64) -> TableRow {
        let mut fault = None;
        let mut fields = Vec::with_capacity(self.record.len());
        for (index, bytes) in self.record.iter().enumerate() {
            fields.push(match self.encoding.decode(bytes) {
                Ok(text) => text.into_owned(),
                Err(why) => {
                    fault = fault.or_else(|| Some(self.undecodable(index, &why)));
                    self.encoding.decode_lossy(bytes)
                }
            });
        }
        if fields.len() != self.columns.len() {
            fault = Some(format!(
                "the row has {} fields, the header has {}",
                fields.len(),
                self.columns.len()
            ));
        }
        let shape = match &fault {
            Some(fault) => Err(fault.clone()),
            None => self.shape(&fields),
        };
        TableRow { line, fields, shape, torn: fault }
    }

    fn undecodable(&self, index: usize, why: &str) -> String {
        let column = self.columns.get(index).map_or("beyond the header", String::as_str);
        let hint = match self.encoding {
            Encoding::Utf8 => "; is it --encoding gb18030?",
            Encoding::Gb18030 => "",
        };
        format!("column {column:?}: {why}{hint}")
    }

    fn shape(&self, fields: &[String]) -> Result<Option<Shape>, String> {
        match self.place {
            Place::Nowhere => Ok(None),
            Place::LngLat(lng, lat) => match (fields[lng].trim(), fields[lat].trim()) {
                ("", "") => Ok(None),
                (x, y) => Ok(Some(Shape::Point(Position {
                    x: number(&self.columns[lng], x)?,
                    y: number(&self.columns[lat], y)?,
                }))),
            },
            Place::Wkt(column) => from_wkt(&fields[column]),
        }
    }

    fn feature(&self, row: TableRow) -> Row {
        let TableRow { line, fields, shape, .. } = row;
        let shape = shape.map_err(|why| Refusal::new(line, fields.first().cloned(), why))?;
        let wkt = if let Place::Wkt(column) = self.place { Some(column) } else { None };
        let mut properties = Map::with_capacity(fields.len());
        for (index, (name, text)) in self.columns.iter().zip(fields).enumerate() {
            if Some(index) != wkt {
                properties.insert(name.clone(), Value::String(text));
            }
        }
        Ok(Feature { row: line, shape, properties })
    }
}

impl Source for Csv {
    fn next_row(&mut self) -> Result<Option<Row>, ImportError> {
        Ok(self.next_table_row()?.map(|row| self.feature(row)))
    }

    fn declared_crs(&self) -> Option<DeclaredCrs> {
        None
    }

    fn has_positions(&self) -> bool {
        !matches!(self.place, Place::Nowhere)
    }

    fn columns(&self) -> Vec<String> {
        self.columns.clone()
    }

    fn notes(&self) -> Vec<String> {
        self.notes.clone()
    }
}

fn number(column: &str, text: &str) -> Result<f64, String> {
    text.parse().map_err(|_| format!("column {column:?}: {:?} is not a number", shorten(text, 40)))
}

/// The table behind `detected` if it is plain: then it is cut into records elsewhere.
pub(super) fn plain(
    path: &Path,
    detected: Detected,
    options: &OpenOptions,
) -> Result<Option<PlainTable>, ImportError> {
    let Detected { format, mut input, consumed_bytes, mut notes, .. } = detected;
    let head = input.fill_buf().map_err(|source| ImportError::io(path, source))?;
    let encoding = options.encoding.or(Encoding::sniff(head)).unwrap_or(Encoding::Utf8);
    if format != Format::Csv || encoding != Encoding::Utf8 || delimiter(head, format) != b',' {
        return Ok(None);
    }
    let head = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head).to_vec();
    let mut reader = ReaderBuilder::new().has_headers(false).flexible(true).from_reader(&head[..]);
    let mut header = ByteRecord::new();
    if !reader.read_byte_record(&mut header).map_err(|error| csv_error(path, error))? {
        return Ok(None);
    }
    let end = reader.position().byte() as usize;
    // A header that does not end in the first bytes is no plain one.
    if end == head.len() && !head.ends_with(b"\n") {
        return Ok(None);
    }
    let names = header.iter().map(|name| String::from_utf8_lossy(name).trim().to_owned()).collect();
    let columns = distinct(names, &mut notes);
    let Place::LngLat(lng, lat) = place(path, &columns, options)? else { return Ok(None) };
    let header_lines = memchr::memchr_iter(b'\n', &head[..end]).count() as u64;
    let mut rest = head[end..].to_vec();
    // The reader stops before the second half of a line end.
    if rest.first() == Some(&b'\n') && head[..end].ends_with(b"\r") {
        rest.remove(0);
    }
    let filled = input.buffer().len();
    input.consume(filled);
    let place = (lng, lat);
    let input = Box::new(input);
    Ok(Some(PlainTable {
        columns,
        place,
        input,
        rest,
        header_lines: header_lines.max(1),
        consumed_bytes,
        notes,
    }))
}

/// Tab for TSV; for CSV whichever separator the header has most of.
fn delimiter(head: &[u8], format: Format) -> u8 {
    if format == Format::Tsv {
        return b'\t';
    }
    let header = head.split(|&byte| byte == b'\n').next().unwrap_or_default();
    let count = |delimiter: u8| header.split(|&byte| byte == delimiter).count();
    [b',', b'\t', b';'].into_iter().rev().max_by_key(|&delimiter| count(delimiter)).unwrap_or(b',')
}

/// Column names made distinct, because properties are kept by name.
fn distinct(header: Vec<String>, notes: &mut Vec<String>) -> Vec<String> {
    let mut columns: Vec<String> = Vec::with_capacity(header.len());
    for (index, name) in header.into_iter().enumerate() {
        if columns.contains(&name) {
            let renamed = format!("{name}#{}", index + 1);
            notes.push(format!("two columns are called {name:?}: the later one is {renamed:?}"));
            columns.push(renamed);
        } else {
            columns.push(name);
        }
    }
    columns
}

fn place(path: &Path, columns: &[String], options: &OpenOptions) -> Result<Place, ImportError> {
    let find = |field: &str, aliases: &[&str]| -> Result<Option<usize>, ImportError> {
        let given = options.position_columns.iter().find(|(name, _)| name == field);
        if let Some((_, column)) = given {
            return columns.iter().position(|name| name == column).map(Some).ok_or_else(|| {
                ImportError::unreadable(
                    path,
                    format!(
                        "there is no column {column:?} for {field}; the header has {}",
                        columns.join(", ")
                    ),
                )
            });
        }
        Ok(aliases.iter().find_map(|alias| {
            columns.iter().position(|name| mapping::normal(name) == mapping::normal(alias))
        }))
    };
    let lng = find("lng", mapping::LNG)?;
    let lat = find("lat", mapping::LAT)?;
    let wkt = find("wkt", mapping::WKT)?;
    match (wkt, lng, lat) {
        (_, Some(lng), Some(lat)) => Ok(Place::LngLat(lng, lat)),
        (Some(wkt), _, _) => Ok(Place::Wkt(wkt)),
        (None, Some(_), None) => {
            Err(ImportError::unreadable(path, "there is a column for lng but none for lat"))
        }
        (None, None, Some(_)) => {
            Err(ImportError::unreadable(path, "there is a column for lat but none for lng"))
        }
        (None, None, None) => Ok(Place::Nowhere),
    }
}

fn csv_error(path: &Path, error: ::csv::Error) -> ImportError {
    match error.into_kind() {
        ::csv::ErrorKind::Io(source) => ImportError::io(path, source),
        other => ImportError::unreadable(path, format!("not a table: {other:?}")),
    }
}
