//! CSV: separator and quotation as they come, rows as they stand.

use std::borrow::Cow;

use csv::{ByteRecord, ReaderBuilder, StringRecord};
use serde_json::{Value, json};

use super::text::{CsvEncoding, decode};
use super::{Declared, MOST_COLUMNS, SheetRow, fault};
use crate::error::Fault;

/// Records that show what the separator is.
const SHOWN: usize = 50;
const SEPARATORS: [(u8, &str); 4] = [(b',', ","), (b'\t', "tab"), (b';', ";"), (b'|', "|")];

/// All records, the header among them, and how they were read.
pub(super) fn read(bytes: &[u8], declared: &Declared) -> Result<(Vec<SheetRow>, Value), Fault> {
    if bytes.is_empty() {
        return Err(fault("the file is empty"));
    }
    let (text, encoding) =
        decode(bytes, declared.encoding).map_err(|tried| undecodable(bytes, tried, declared))?;
    if text.contains('\0') {
        return Err(fault("the file has U+0000 in it: it is no text, or UTF-16 without its mark"));
    }
    let separator = declared.separator.unwrap_or_else(|| separator(&text));
    let mut reader = ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(separator)
        .from_reader(text.as_bytes());
    let (mut rows, mut record) = (Vec::new(), StringRecord::new());
    loop {
        let more = reader
            .read_record(&mut record)
            .map_err(|error| fault(format!("row {}: {error}", rows.len() + 1)))?;
        if !more {
            break;
        }
        if declared.most_rows < rows.len() {
            let why =
                format!("the file has more than {} rows: send it in parts", declared.most_rows);
            return Err(fault(why));
        }
        if MOST_COLUMNS * 2 < record.len() {
            let why = format!(
                "row {}: it has {} columns, {MOST_COLUMNS} are the limit",
                rows.len() + 1,
                record.len()
            );
            return Err(fault(why));
        }
        rows.push(SheetRow {
            cells: record.iter().map(str::to_owned).collect(),
            kinds: String::new(),
        });
    }
    if !quotes_are_closed(&text, separator) {
        let why = format!("row {}: a quotation mark is opened and never closed", rows.len());
        return Err(fault(why));
    }
    let name = SEPARATORS.iter().find(|(byte, _)| *byte == separator).map_or("?", |(_, name)| name);
    Ok((rows, json!({"encoding": encoding.name(), "separator": name})))
}

/// Inside and outside of quotation change with every mark; a mark inside quotation is written twice. A mark that stands in
/// the middle of a plain cell is a letter and changes nothing.
fn quotes_are_closed(text: &str, separator: u8) -> bool {
    let (mut open, mut cell_begins) = (false, true);
    let mut bytes = text.bytes().peekable();
    while let Some(byte) = bytes.next() {
        match (open, byte) {
            (true, b'"') if bytes.peek() == Some(&b'"') => {
                bytes.next();
            }
            (true, b'"') => open = false,
            (false, b'"') if cell_begins => open = true,
            _ => {}
        }
        cell_begins = !open && (byte == separator || byte == b'\n' || byte == b'\r');
    }
    !open
}

/// The one that cuts the first records into the same number of cells, and into most.
fn separator(text: &str) -> u8 {
    let score = |separator: u8| {
        let mut reader = ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(separator)
            .from_reader(text.as_bytes());
        let (mut record, mut widths) = (ByteRecord::new(), Vec::new());
        while widths.len() < SHOWN && reader.read_byte_record(&mut record).unwrap_or(false) {
            widths.push(record.len());
        }
        let first = widths.first().copied().unwrap_or(0);
        let alike = widths.iter().filter(|width| **width == first).count();
        // One column is what any text has.
        (first > 1, alike * 100 / widths.len().max(1), first)
    };
    SEPARATORS
        .map(|(byte, _)| byte)
        .into_iter()
        .rev()
        .max_by_key(|&byte| score(byte))
        .unwrap_or(b',')
}

/// Which cell cannot be read, and why.
fn undecodable(bytes: &[u8], tried: CsvEncoding, declared: &Declared) -> Fault {
    let name = tried.name();
    let hint = if declared.encoding.is_some() {
        ""
    } else {
        "; declare its encoding if it has another one"
    };
    if matches!(tried, CsvEncoding::Utf16Le | CsvEncoding::Utf16Be) {
        return fault(format!("the file is not {name} throughout{hint}"));
    }
    let shown: Cow<'_, str> = String::from_utf8_lossy(bytes);
    let separator = declared.separator.unwrap_or_else(|| separator(&shown));
    let mut reader = ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(separator)
        .from_reader(bytes);
    let (mut record, mut row) = (ByteRecord::new(), 0);
    while reader.read_byte_record(&mut record).unwrap_or(false) {
        row += 1;
        let odd = record.iter().enumerate().find(|(_, cell)| tried.strict(cell).is_none());
        if let Some((column, cell)) = odd {
            let at = match std::str::from_utf8(cell) {
                Err(error) if tried == CsvEncoding::Utf8 => {
                    let at = error.valid_up_to();
                    format!(" (byte 0x{:02X})", cell.get(at).copied().unwrap_or_default())
                }
                _ => String::new(),
            };
            let column = column + 1;
            return fault(format!("row {row}, column {column}: the text is not {name}{at}{hint}"));
        }
    }
    fault(format!("the file is not {name} throughout{hint}"))
}
