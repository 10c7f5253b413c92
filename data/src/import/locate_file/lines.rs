//! Plain tables: UTF-8, commas, positions in two columns. Bytes of a row go through as they are, only what is added is made.

use std::io::{Read as _, Write};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use csv::{ByteRecord, ReaderBuilder};
use spatial::crs::Crs;

use super::order::in_order;
use super::{ADDED, Areas, Found, LocateFile, LocateReport, OutputFormat, Tally, unwritten};
use crate::import::error::ImportError;
use crate::import::report::Refusal;
use crate::import::source::{PlainTable, Position, plain_table, shorten};

/// Bytes of a piece: large enough that handing it on costs nothing, small enough that a few fit the cache.
const PIECE_BYTES: usize = 1 << 20;

/// A plain table whose header has been read.
pub(super) struct Lines {
    path: PathBuf,
    table: PlainTable,
    crs: Crs,
    told_crs: String,
}

/// Whole records, and the number of the line that the first begins on.
struct Piece {
    bytes: Vec<u8>,
    first_line: u64,
}

/// Records with what was added, ready to be written.
struct Done {
    bytes: Vec<u8>,
    tally: Tally,
    first_line: u64,
}

impl Lines {
    /// Opens the points if they are a plain table and come out as one.
    pub(super) fn open(options: &LocateFile) -> Result<Option<Self>, ImportError> {
        if options.output != OutputFormat::Csv {
            return Ok(None);
        }
        let Some(table) = plain_table(&options.points, &options.points_open)? else {
            return Ok(None);
        };
        let crs = options.points_crs.unwrap_or(Crs::Wgs84);
        let told_crs = match options.points_crs {
            Some(crs) => format!("{crs} as given"),
            None => "wgs84 as nothing was given; --crs names another".to_owned(),
        };
        Ok(Some(Self { path: options.points.clone(), table, crs, told_crs }))
    }

    pub(super) fn run(
        self,
        options: &LocateFile,
        areas: &Areas,
        mut out: impl Write,
        report: &mut LocateReport,
        progress: &mut dyn FnMut(u64, u64),
    ) -> Result<(), ImportError> {
        let Self { path, table, crs, told_crs } = self;
        report.points_crs = told_crs;
        report.notes.extend(table.notes.iter().cloned());
        let PlainTable { columns, place, input, rest, header_lines, consumed_bytes, .. } = table;
        let mut header = csv::Writer::from_writer(&mut out);
        header
            .write_record(columns.iter().map(String::as_str).chain(ADDED))
            .and_then(|()| header.flush().map_err(Into::into))
            .map_err(|error| unwritten(error.into()))?;
        drop(header);
        let consumed: Arc<AtomicU64> = consumed_bytes;
        let mut pieces = Pieces { path, input, rest, line: header_lines + 1, is_done: false };
        let endings = Endings::of(areas);
        let work = |piece: Piece| Ok(located(&piece, (areas, &endings), crs, &columns, place));
        in_order(
            options.threads,
            || pieces.next(),
            work,
            |done: Done| {
                out.write_all(&done.bytes).map_err(unwritten)?;
                report.add(done.tally, done.first_line);
                progress(report.rows, consumed.load(Ordering::Relaxed));
                Ok(())
            },
        )?;
        out.flush().map_err(unwritten)
    }
}

/// Cuts the input where a record ends.
struct Pieces {
    path: PathBuf,
    input: Box<dyn std::io::Read + Send>,
    /// What came after the last whole record.
    rest: Vec<u8>,
    line: u64,
    is_done: bool,
}

impl Pieces {
    fn next(&mut self) -> Result<Option<Piece>, ImportError> {
        let mut bytes = std::mem::take(&mut self.rest);
        // A quoted field may hold line ends: a record ends at one outside quotes.
        let mut seen = 0;
        let mut quotes = Quotes::default();
        loop {
            let wanted = PIECE_BYTES.saturating_sub(bytes.len()).max(PIECE_BYTES / 4);
            let read = if self.is_done {
                0
            } else {
                let mut part = (&mut self.input).take(wanted as u64);
                part.read_to_end(&mut bytes)
                    .map_err(|source| ImportError::io(&self.path, source))?
            };
            self.is_done |= read == 0;
            for at in memchr::memchr2_iter(b'"', b'\n', bytes.get(seen..).unwrap_or_default()) {
                quotes.step(&bytes, seen + at);
            }
            seen = bytes.len();
            if self.is_done || (quotes.end.is_some() && PIECE_BYTES <= bytes.len()) {
                break;
            }
        }
        if !self.is_done
            && let Some(end) = quotes.end
        {
            self.rest = bytes.split_off(end);
        }
        if bytes.is_empty() {
            return Ok(None);
        }
        let first_line = self.line;
        self.line += memchr::memchr_iter(b'\n', &bytes).count() as u64;
        Ok(Some(Piece { bytes, first_line }))
    }
}

/// Which line ends are those of records. As the reader sees it: a quote opens at the beginning of a field only, any other
/// is a character of an unquoted field.
#[derive(Default)]
struct Quotes {
    is_open: bool,
    closed_at: Option<usize>,
    /// Where the last whole record ends.
    end: Option<usize>,
}

impl Quotes {
    /// Takes the quote or line end at `at`.
    fn step(&mut self, bytes: &[u8], at: usize) {
        let before = at.checked_sub(1);
        let byte_before = before.and_then(|before| bytes.get(before));
        if bytes.get(at) == Some(&b'\n') {
            if !self.is_open {
                self.end = Some(at + 1);
            }
        } else if self.is_open {
            self.is_open = false;
            self.closed_at = Some(at);
        } else if matches!(byte_before, None | Some(b',' | b'\n' | b'\r'))
            || (before.is_some() && self.closed_at == before)
        {
            self.is_open = true;
        }
    }
}

/// What is added to a row inside each area, made once.
struct Endings(Vec<Vec<u8>>);

impl Endings {
    fn of(areas: &Areas) -> Self {
        Self(
            areas
                .names()
                .iter()
                .map(|(code, name)| added([code, name, "inside", "", ""]))
                .collect(),
        )
    }
}

/// Fields as they follow those of a row: a comma before each, quotes where needed, a line end.
fn added(fields: [&str; 5]) -> Vec<u8> {
    let mut writer = csv::Writer::from_writer(vec![b',']);
    // Memory does not refuse.
    writer.write_record(fields).ok();
    writer.into_inner().unwrap_or_default()
}

fn located(
    piece: &Piece,
    (areas, endings): (&Areas, &Endings),
    crs: Crs,
    columns: &[String],
    place: (usize, usize),
) -> Done {
    let is_utf8 = std::str::from_utf8(&piece.bytes).is_ok();
    let mut reader =
        ReaderBuilder::new().has_headers(false).flexible(true).from_reader(piece.bytes.as_slice());
    let mut record = ByteRecord::new();
    let (mut positions, mut rows) = (Vec::new(), Vec::new());
    // Reading from memory fails only at its end.
    while reader.read_byte_record(&mut record).unwrap_or(false) {
        if record.iter().all(<[u8]>::is_empty) {
            continue;
        }
        let (start, line) = record.position().map_or((0, 1), |at| (at.byte() as usize, at.line()));
        let end = reader.position().byte() as usize;
        positions.push(position(&record, columns, place, is_utf8));
        let is_ragged = record.len() != columns.len();
        let (bytes, before) = trimmed(piece.bytes.get(start..end).unwrap_or_default());
        rows.push((bytes, line + before, is_ragged));
    }
    let found = areas.find(crs, positions);
    let mut done =
        Done { bytes: Vec::new(), tally: Tally::default(), first_line: piece.first_line - 1 };
    done.bytes.reserve(piece.bytes.len() + rows.len() * 48);
    for ((bytes, line, is_ragged), found) in rows.into_iter().zip(&found) {
        if is_ragged {
            done.bytes.extend(as_wide_as_the_header(bytes, columns.len()));
        } else {
            done.bytes.extend(bytes);
        }
        match found {
            Found::Inside(face) => {
                done.bytes.extend(endings.0.get(*face as usize).map_or(&[][..], Vec::as_slice));
            }
            other => {
                let distance_m = match other {
                    Found::Outside(Some((_, distance_m))) => format!("{distance_m:.1}"),
                    _ => String::new(),
                };
                let note = areas.note(other);
                done.bytes.extend(added(["", "", other.status(), &distance_m, &note]));
            }
        }
        done.tally.count(found, |why| Refusal::new(line, first_field(bytes), why));
    }
    done
}

/// A record without line ends, and how many of them came before it: the reader may begin with those of blank lines, or with
/// the second half of one.
fn trimmed(bytes: &[u8]) -> (&[u8], u64) {
    let is_end = |byte: &u8| matches!(byte, b'\r' | b'\n');
    let begin = bytes.iter().position(|byte| !is_end(byte)).unwrap_or(bytes.len());
    let end = bytes.iter().rposition(|byte| !is_end(byte)).map_or(begin, |last| last + 1);
    let before = memchr::memchr_iter(b'\n', bytes.get(..begin).unwrap_or_default()).count() as u64;
    (bytes.get(begin..end).unwrap_or_default(), before)
}

fn position(
    record: &ByteRecord,
    columns: &[String],
    (lng, lat): (usize, usize),
    is_utf8: bool,
) -> Result<Position, String> {
    if record.len() != columns.len() {
        let (has, wanted) = (record.len(), columns.len());
        return Err(format!("the row has {has} fields, the header has {wanted}"));
    }
    if !is_utf8
        && let Some(at) = record.iter().position(|field| std::str::from_utf8(field).is_err())
    {
        let name = columns.get(at).map_or("", String::as_str);
        return Err(format!("column {name:?}: it is not UTF-8; is it --encoding gb18030?"));
    }
    let field = |at: usize| {
        record.get(at).map_or("", |field| std::str::from_utf8(field).unwrap_or_default().trim())
    };
    if field(lng).is_empty() && field(lat).is_empty() {
        return Err("there is no position".to_owned());
    }
    let number = |at: usize| {
        let name = columns.get(at).map_or("", String::as_str);
        let text = field(at);
        text.parse()
            .map_err(|_| format!("column {name:?}: {:?} is not a number", shorten(text, 40)))
    };
    Ok(Position { x: number(lng)?, y: number(lat)? })
}

/// A row with as many fields as the header has.
fn as_wide_as_the_header(bytes: &[u8], width: usize) -> Vec<u8> {
    let mut reader = ReaderBuilder::new().has_headers(false).flexible(true).from_reader(bytes);
    let mut record = ByteRecord::new();
    reader.read_byte_record(&mut record).ok();
    let fields = record.iter().chain(std::iter::repeat(&b""[..])).take(width);
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(fields).ok();
    let mut bytes = writer.into_inner().unwrap_or_default();
    bytes.truncate(trimmed(&bytes).0.len());
    bytes
}

fn first_field(bytes: &[u8]) -> Option<String> {
    let mut reader = ReaderBuilder::new().has_headers(false).flexible(true).from_reader(bytes);
    let mut record = ByteRecord::new();
    reader.read_byte_record(&mut record).ok()?;
    record.get(0).map(|field| String::from_utf8_lossy(field).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The reader itself is the oracle: a cut is right where it would begin a record.
    #[test]
    fn records_are_cut_where_the_reader_ends_them() {
        for text in [
            "a,b\nc,d\n",
            "\"a\nb\",c\nd,e\n",
            "5\" pipe,x\n6\" pipe,\"y\nz\"\n7,8\n",
            "\"say \"\"no\"\"\n\",x\r\n\"\",y\r\n1,2\r\n",
            "\"a\"b\"c,d\n\"e\",f\n",
        ] {
            let mut quotes = Quotes::default();
            let mut ends = Vec::new();
            for at in memchr::memchr2_iter(b'"', b'\n', text.as_bytes()) {
                quotes.step(text.as_bytes(), at);
                ends.extend(quotes.end.filter(|end| ends.last() != Some(end)));
            }
            let reader =
                ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
            let records = reader.into_byte_records().map(Result::unwrap);
            // Every record but the first begins at a cut, and there are no other cuts.
            let begins: Vec<usize> = records
                .skip(1)
                .map(|record| {
                    let begin = record.position().unwrap().byte() as usize;
                    begin + usize::from(text.as_bytes()[begin] == b'\n')
                })
                .chain([text.len()])
                .collect();
            assert_eq!(ends, begins, "{text:?}");
        }
    }
}
