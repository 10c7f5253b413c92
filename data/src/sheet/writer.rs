//! Tables written back: all columns of the file in their order, and ours beside them.

use rust_xlsxwriter::{Workbook, XlsxError};

use super::SheetRow;

/// Rows of a sheet, the header among them, as the format has it.
pub const XLSX_MOST_ROWS: usize = 1_048_576;

/// A cell of ours.
#[derive(Clone, Debug, PartialEq)]
pub enum NewCell {
    /// Words.
    Text(String),
    /// A number.
    Number(f64),
    /// Nothing.
    Empty,
}

impl From<Option<f64>> for NewCell {
    fn from(number: Option<f64>) -> Self {
        number.map_or(Self::Empty, Self::Number)
    }
}

impl From<&str> for NewCell {
    fn from(text: &str) -> Self {
        if text.is_empty() { Self::Empty } else { Self::Text(text.to_owned()) }
    }
}

/// CSV as Excel opens it: UTF-8 with its mark, commas, lines that end in CR LF.
#[derive(Debug)]
pub struct CsvWriter {
    writer: csv::Writer<Vec<u8>>,
}

impl Default for CsvWriter {
    fn default() -> Self {
        let writer = csv::WriterBuilder::new()
            .terminator(csv::Terminator::CRLF)
            .flexible(true)
            .from_writer("\u{feff}".as_bytes().to_vec());
        Self { writer }
    }
}

impl CsvWriter {
    /// One that goes on behind what was written before: without the mark.
    pub fn going_on() -> Self {
        let writer = csv::WriterBuilder::new()
            .terminator(csv::Terminator::CRLF)
            .flexible(true)
            .from_writer(Vec::new());
        Self { writer }
    }

    /// Adds a row.
    ///
    /// # Errors
    /// Never but for want of memory.
    pub fn row(&mut self, cells: &[String], new: &[NewCell]) -> Result<(), csv::Error> {
        for cell in cells {
            self.writer.write_field(cell)?;
        }
        for cell in new {
            match cell {
                NewCell::Text(text) => self.writer.write_field(text)?,
                NewCell::Number(number) => self.writer.write_field(number.to_string())?,
                NewCell::Empty => self.writer.write_field("")?,
            }
        }
        self.writer.write_record(None::<&[u8]>)
    }

    /// What was written.
    ///
    /// # Errors
    /// Never but for want of memory.
    pub fn take(self) -> Result<Vec<u8>, String> {
        self.writer.into_inner().map_err(|error| error.to_string())
    }
}

/// A workbook of one sheet; finished rows wait in a nameless file, not in memory.
pub struct XlsxWriter {
    book: Workbook,
    next_row: u32,
}

impl std::fmt::Debug for XlsxWriter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("XlsxWriter").field("next_row", &self.next_row).finish_non_exhaustive()
    }
}

impl XlsxWriter {
    /// A workbook with one sheet.
    ///
    /// # Errors
    /// When the sheet cannot be named so.
    pub fn new(sheet: &str) -> Result<Self, XlsxError> {
        let mut book = Workbook::new();
        book.add_worksheet_with_constant_memory()?.set_name(sheet)?;
        Ok(Self { book, next_row: 0 })
    }

    /// Adds a row; cells that were numbers or booleans in a spreadsheet are so again.
    ///
    /// # Errors
    /// Beyond the limits of the format.
    pub fn row(&mut self, row: &SheetRow, new: &[NewCell]) -> Result<(), XlsxError> {
        let sheet = self.book.worksheet_from_index(0)?;
        let at = self.next_row;
        let mut kinds = row.kinds.chars();
        for (column, cell) in (0u16..).zip(&row.cells) {
            match (kinds.next(), cell.parse::<f64>()) {
                (Some('n'), Ok(number)) => sheet.write_number(at, column, number)?,
                (Some('b'), _) => sheet.write_boolean(at, column, cell == "TRUE")?,
                _ if cell.is_empty() => continue,
                _ => sheet.write_string(at, column, cell)?,
            };
        }
        for (column, cell) in (row.cells.len() as u16..).zip(new) {
            match cell {
                NewCell::Text(text) => sheet.write_string(at, column, text)?,
                NewCell::Number(number) => sheet.write_number(at, column, *number)?,
                NewCell::Empty => continue,
            };
        }
        self.next_row += 1;
        Ok(())
    }

    /// The finished workbook.
    ///
    /// # Errors
    /// When the nameless file cannot be read.
    pub fn finish(mut self) -> Result<Vec<u8>, XlsxError> {
        self.book.save_to_buffer()
    }
}
