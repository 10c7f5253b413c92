//! Tables that people have: CSV in whatever encoding and with whatever separator, and XLSX, read whole with limits, and
//! written back with all their columns and more beside them.
//!
//! Rows are numbered as a spreadsheet shows them: the header is row 1.

mod csv_reader;
mod guess;
mod text;
mod writer;
mod xlsx_reader;

#[cfg(test)]
mod sheet_tests;

use serde_json::json;

pub use self::guess::propose;
pub use self::text::{CsvEncoding, decode};
pub use self::writer::{CsvWriter, NewCell, XLSX_MOST_ROWS, XlsxWriter};
use crate::error::Fault;

/// Most columns of a file.
pub const MOST_COLUMNS: usize = 200;
/// Longest cell, in characters: what a cell of Excel holds.
pub const LONGEST_CELL: usize = 32_767;

/// A file as a table of texts.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sheet {
    /// `csv` or `xlsx`.
    pub format: &'static str,
    /// How it was read: encoding and separator, or the name of the sheet; whether it has a header.
    pub reading: serde_json::Value,
    /// Header cells as they stand in the file.
    pub header: Vec<String>,
    /// The same made distinct, by which a mapping names them.
    pub columns: Vec<String>,
    /// The rows below, each as long as the header.
    pub rows: Vec<SheetRow>,
}

/// A row with the kinds of its cells, a letter each: `s` text, `n` number, `b` boolean. CSV has texts only and says nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SheetRow {
    /// Cells as text.
    pub cells: Vec<String>,
    /// Letters, or nothing.
    pub kinds: String,
}

/// What the sender says about a file; what is not said is found out.
#[derive(Clone, Debug, Default)]
pub struct Declared {
    /// Its encoding.
    pub encoding: Option<CsvEncoding>,
    /// Its separator.
    pub separator: Option<u8>,
    /// Name of the sheet that is meant.
    pub sheet: Option<String>,
    /// Whether the first row names the columns.
    pub has_header: Option<bool>,
    /// Most rows taken.
    pub most_rows: usize,
    /// Most bytes of a spreadsheet once it is unpacked.
    pub most_unpacked_bytes: u64,
}

impl Sheet {
    /// Reads a file: a spreadsheet by its first bytes, else a text.
    ///
    /// # Errors
    /// A [`Fault`] that names row and column.
    pub fn read(bytes: &[u8], declared: &Declared) -> Result<Self, Fault> {
        let (format, mut rows, mut reading) = if bytes.starts_with(b"PK\x03\x04") {
            let (rows, name) = xlsx_reader::read(bytes, declared)?;
            ("xlsx", rows, json!({"sheet": name}))
        } else if bytes.starts_with(b"\xD0\xCF\x11\xE0") {
            let why = "this is a workbook of Excel 97 (.xls) or one with a password: save it as .xlsx without one";
            return Err(fault(why));
        } else {
            let (rows, reading) = csv_reader::read(bytes, declared)?;
            ("csv", rows, reading)
        };
        let is_blank = |row: &SheetRow| row.cells.iter().all(|cell| cell.trim().is_empty());
        while rows.last().is_some_and(is_blank) {
            rows.pop();
        }
        let Some(first) = rows.first() else { return Err(fault("the file has no rows")) };
        let has_header = declared.has_header.unwrap_or_else(|| guess::is_header(&first.cells));
        let width = rows.iter().map(|row| filled(&row.cells)).max().unwrap_or(0);
        if width == 0 {
            return Err(fault("all cells of the file are empty"));
        }
        let header: Vec<String> = if has_header {
            let first = rows.remove(0);
            let named = filled(&first.cells);
            if let Some(at) = rows.iter().position(|row| named < filled(&row.cells)) {
                let cells = rows.get(at).map_or(0, |row| filled(&row.cells));
                let why = format!(
                    "row {}: it has {cells} cells, the header has {named} names; is a separator inside a text without quotation marks?",
                    at + 2
                );
                return Err(fault(why));
            }
            first.cells.into_iter().take(named).collect()
        } else {
            (1..=width).map(|n| format!("列{n}")).collect()
        };
        if MOST_COLUMNS < header.len() {
            let why =
                format!("the file has {} columns, {MOST_COLUMNS} are the limit", header.len());
            return Err(fault(why));
        }
        if rows.is_empty() {
            return Err(fault("the file has a header and no rows"));
        }
        let columns = distinct(&header);
        level(&mut rows, &columns, if has_header { 2 } else { 1 })?;
        if let Some(reading) = reading.as_object_mut() {
            reading.insert("has_header".to_owned(), has_header.into());
        }
        Ok(Self { format, reading, header, columns, rows })
    }

    /// Row number, as the file shows it, of the first row below the header.
    pub fn first_row(reading: &serde_json::Value) -> i32 {
        if reading["has_header"] == false { 1 } else { 2 }
    }
}

/// Makes rows as long as the header, and looks at each cell; the first is row number `first`.
fn level(rows: &mut [SheetRow], columns: &[String], first: usize) -> Result<(), Fault> {
    for (at, row) in rows.iter_mut().enumerate() {
        row.cells.resize(columns.len(), String::new());
        if row.kinds.len() > columns.len() {
            row.kinds.truncate(columns.len());
        }
        let odd = row.cells.iter().position(|cell| {
            cell.contains('\0')
                || (LONGEST_CELL < cell.len() && LONGEST_CELL < cell.chars().count())
        });
        if let Some(column) = odd {
            let name = columns.get(column).map_or("", String::as_str);
            let row = at + first;
            let why = format!(
                "row {row}, column {name:?}: a cell holds at most {LONGEST_CELL} characters and no U+0000"
            );
            return Err(fault(why));
        }
    }
    Ok(())
}

/// Cells up to the last that is not empty.
fn filled(cells: &[String]) -> usize {
    cells.iter().rposition(|cell| !cell.trim().is_empty()).map_or(0, |last| last + 1)
}

/// Column names made distinct: a mapping names columns by them.
fn distinct(header: &[String]) -> Vec<String> {
    let mut columns: Vec<String> = Vec::with_capacity(header.len());
    for (index, name) in header.iter().enumerate() {
        let name = name.trim();
        let mut own = if name.is_empty() { format!("列{}", index + 1) } else { name.to_owned() };
        while columns.contains(&own) {
            own = format!("{own}#{}", index + 1);
        }
        columns.push(own);
    }
    columns
}

/// A fault of the file as a whole.
fn fault(why: impl Into<String>) -> Fault {
    Fault::at("/file", why)
}
