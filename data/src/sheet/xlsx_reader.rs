//! XLSX: one sheet, cell by cell. How much is unpacked is limited before anything is built of it: a small file can hold
//! gigabytes of the same letter.

use std::fmt::Write as _;
use std::io::{Cursor, Read as _};

use calamine::{Data, DataRef, ExcelDateTime, Reader as _, SheetVisible, Xlsx, XlsxError};

use super::{Declared, MOST_COLUMNS, SheetRow, fault};
use crate::error::Fault;

/// All rows of a sheet, the header among them, and its name.
pub(super) fn read(bytes: &[u8], declared: &Declared) -> Result<(Vec<SheetRow>, String), Fault> {
    check_size(bytes, declared.most_unpacked_bytes)?;
    let unreadable = |error: XlsxError| fault(format!("the workbook cannot be read: {error}"));
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(unreadable)?;
    let names = book.sheet_names();
    let visible: Vec<String> = book
        .sheets_metadata()
        .iter()
        .filter(|sheet| sheet.visible == SheetVisible::Visible)
        .map(|sheet| sheet.name.clone())
        .collect();
    let wanted: Vec<String> = match &declared.sheet {
        Some(name) if names.contains(name) => vec![name.clone()],
        Some(name) => {
            let why = format!("there is no sheet {name:?}; there are {}", names.join(", "));
            return Err(fault(why));
        }
        None => visible,
    };
    let mut last = None;
    // The first sheet with anything on it.
    for name in wanted {
        let rows = sheet(&mut book, &name, declared)?;
        let some = !rows.is_empty();
        last = Some((rows, name));
        if some {
            break;
        }
    }
    last.ok_or_else(|| fault("the workbook has no visible sheet of cells"))
}

/// Unpacks every part to nowhere, with a limit: what the archive says of itself may be a lie.
fn check_size(bytes: &[u8], most: u64) -> Result<(), Fault> {
    let unreadable =
        |error: &dyn std::fmt::Display| fault(format!("the file is no workbook: {error}"));
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|e| unreadable(&e))?;
    if archive.index_for_name("xl/workbook.xml").is_none() {
        return Err(fault("the file is a zip archive and no .xlsx workbook"));
    }
    let mut left = most;
    for index in 0..archive.len() {
        let part = archive.by_index(index).map_err(|e| unreadable(&e))?;
        let read = std::io::copy(&mut part.take(left + 1), &mut std::io::sink());
        let read = read.map_err(|e| unreadable(&e))?;
        if left < read {
            let why = format!("the workbook has more than {} MiB once it is unpacked", most >> 20);
            return Err(fault(why));
        }
        left -= read;
    }
    Ok(())
}

fn sheet(
    book: &mut Xlsx<Cursor<&[u8]>>,
    name: &str,
    declared: &Declared,
) -> Result<Vec<SheetRow>, Fault> {
    let unreadable = |error: XlsxError| fault(format!("sheet {name:?} cannot be read: {error}"));
    let mut cells = match book.worksheet_cells_reader(name) {
        Ok(cells) => cells,
        // A sheet of charts has no cells.
        Err(XlsxError::NotAWorksheet(_)) => return Ok(Vec::new()),
        Err(error) => return Err(unreadable(error)),
    };
    let mut rows: Vec<SheetRow> = Vec::new();
    while let Some(cell) = cells.next_cell().map_err(unreadable)? {
        let (row, column) = cell.get_position();
        let (row, column) = (row as usize, column as usize);
        let Some((text, kind)) = shown(cell.get_value()) else { continue };
        if declared.most_rows < row {
            let why =
                format!("the sheet has more than {} rows: send it in parts", declared.most_rows);
            return Err(fault(why));
        }
        if MOST_COLUMNS <= column {
            let why = format!(
                "row {}: it has a cell in column {}, {MOST_COLUMNS} are the limit",
                row + 1,
                column + 1
            );
            return Err(fault(why));
        }
        if rows.len() <= row {
            rows.resize_with(row + 1, SheetRow::default);
        }
        let Some(there) = rows.get_mut(row) else { continue };
        if there.cells.len() <= column {
            there.cells.resize(column + 1, String::new());
        }
        while there.kinds.len() <= column {
            there.kinds.push('s');
        }
        if let Some(cell) = there.cells.get_mut(column) {
            *cell = text;
        }
        there.kinds.replace_range(column..=column, kind);
    }
    Ok(rows)
}

/// A cell as a person reads it, and its kind; none for an empty one.
fn shown(cell: &DataRef<'_>) -> Option<(String, &'static str)> {
    match Data::from(cell.clone()) {
        Data::Empty => None,
        Data::Int(number) => Some((number.to_string(), "n")),
        // Without an exponent: a telephone number is a number, too.
        Data::Float(number) => Some((format!("{number}"), "n")),
        Data::Bool(yes) => Some((if yes { "TRUE" } else { "FALSE" }.to_owned(), "b")),
        Data::DateTime(time) => Some((time_text(&time), "s")),
        Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => Some((text, "s")),
        Data::Error(error) => Some((error.to_string(), "s")),
    }
}

fn time_text(time: &ExcelDateTime) -> String {
    if time.is_duration() {
        let seconds = (time.as_f64() * 86_400.0).round() as i64;
        return format!("{}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
    }
    let (year, month, day, hour, minute, second, milli) = time.to_ymd_hms_milli();
    let mut text = format!("{year:04}-{month:02}-{day:02}");
    if (hour, minute, second, milli) != (0, 0, 0, 0) {
        let _ = write!(text, " {hour:02}:{minute:02}:{second:02}");
    }
    text
}
