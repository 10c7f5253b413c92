//! `wangge geocode`: a file of addresses to places, without a running server.
//!
//! Rows stream: pieces are read, understood on several threads and written in order; every row of the input comes out again
//! with its place or with the reason why it has none. Memory does not grow with the file.
//!
//! Reading order: `table` (rows and which column is what), `asker` (a gazetteer and grids), `answers` (what is added).

mod answers;
mod asker;
mod table;

#[cfg(test)]
mod tests;

use std::io::Write;
use std::path::PathBuf;

use serde::Serialize;
use spatial::crs::Crs;
use spatial::geocode::Verdict;

use self::answers::Answered;
pub use self::asker::Asker;
use super::error::ImportError;
pub use super::locate_file::OutputFormat;
use super::locate_file::order::in_order;
use super::locate_file::sink::{Prepared, Sink};
use super::report::Refusal;
use super::source::OpenOptions;

/// Bad rows that are named; the others are counted.
const MOST_NAMED: usize = 100_000;

/// What to geocode, and how to write it.
#[derive(Clone, Debug)]
pub struct GeocodeFile {
    /// The addresses; `-` is standard input.
    pub addresses: PathBuf,
    /// How to read them.
    pub open: OpenOptions,
    /// Columns by field: `text`, or the elements `district` … `room`.
    pub columns: Vec<(String, String)>,
    /// The system of the coordinates that are written.
    pub crs: Crs,
    /// The system of coordinates inside the texts; where none is declared, they are not read.
    pub text_crs: Option<Crs>,
    /// What to write.
    pub output: OutputFormat,
    /// Threads that understand; reading and writing have one each besides.
    pub threads: usize,
}

/// The account of a run.
#[derive(Clone, Debug, Default, Serialize)]
pub struct GeocodeReport {
    /// The system of the coordinates that were written.
    pub crs: String,
    /// Which column was read as what.
    pub columns: Vec<(String, String)>,
    /// Rows of the file.
    pub rows: u64,
    /// Rows whose first candidate may be taken without a second look.
    pub accepted: u64,
    /// Rows that fit several places.
    pub ambiguous: u64,
    /// Rows whose first candidate needs a second look.
    pub doubtful: u64,
    /// Rows that fit nothing.
    pub not_found: u64,
    /// Rows that could not be asked.
    pub invalid: u64,
    /// The first 100,000 of those, with the reason.
    pub refused: Vec<Refusal>,
    /// Things worth knowing.
    pub notes: Vec<String>,
}

/// What became of the rows of a piece.
#[derive(Clone, Debug, Default)]
struct Tally {
    verdicts: [u64; 4],
    refused: Vec<Refusal>,
}

impl Tally {
    fn count(&mut self, line: u64, answer: &Result<Answered, String>) {
        match answer {
            Ok(answered) => self.verdicts[place_of(answered.verdict)] += 1,
            Err(why) => self.refused.push(Refusal::new(line, None, why)),
        }
    }
}

const fn place_of(verdict: Verdict) -> usize {
    match verdict {
        Verdict::Accepted => 0,
        Verdict::Ambiguous => 1,
        Verdict::Doubtful => 2,
        Verdict::NotFound => 3,
    }
}

impl GeocodeReport {
    fn add(&mut self, tally: Tally) {
        let [accepted, ambiguous, doubtful, not_found] = tally.verdicts;
        let invalid = tally.refused.len() as u64;
        self.rows += accepted + ambiguous + doubtful + not_found + invalid;
        self.accepted += accepted;
        self.ambiguous += ambiguous;
        self.doubtful += doubtful;
        self.not_found += not_found;
        self.invalid += invalid;
        let room = MOST_NAMED.saturating_sub(self.refused.len());
        self.refused.extend(tally.refused.into_iter().take(room));
    }
}

/// Geocodes every row of a file and writes it with its place to `out`; `progress` is told rows and bytes.
///
/// # Errors
/// If the file cannot be read, no column of it is an address, or `out` cannot be written.
pub fn run(
    options: &GeocodeFile,
    asker: &Asker,
    out: impl Write + Send,
    mut progress: impl FnMut(u64, u64),
) -> Result<GeocodeReport, ImportError> {
    let mut table = table::Table::open(options)?;
    let mut report = GeocodeReport {
        crs: options.crs.to_string(),
        columns: table.told_columns(),
        notes: table.notes(),
        ..GeocodeReport::default()
    };
    let schema = table.schema();
    let mut sink = Sink::open_widened(options.output, out, answers::widened(&schema))?;
    let columns = table.columns().clone();
    let work = |piece: table::Piece| {
        let texts = columns.texts(&piece)?;
        let answers: Vec<_> = texts
            .into_iter()
            .map(|text| text.and_then(|text| asker.ask(&text, options.crs, options.text_crs)))
            .collect();
        let mut tally = Tally::default();
        for (line, answer) in piece.lines.iter().zip(&answers) {
            tally.count(*line, answer);
        }
        let batch = answers::with_answers(&piece.batch, &answers)?;
        Ok((Prepared::of(options.output, batch)?, tally))
    };
    let bytes = table.bytes();
    in_order(
        options.threads,
        || table.piece(),
        work,
        |(piece, tally): (Prepared, Tally)| {
            sink.write(piece)?;
            report.add(tally);
            progress(report.rows, bytes.now(report.rows));
            Ok(())
        },
    )?;
    sink.finish()?;
    Ok(report)
}
