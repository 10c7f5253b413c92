//! `wangge locate`: a file of points against a file of grids, without server or database.
//!
//! Points stream: pieces are read, located on several threads and written in order; every row of the input comes out again,
//! with its grid or with the reason why it has none. Memory does not grow with the file.
//!
//! Reading order: `areas` (where a point lies), `order` (the stream), then what a piece is: `lines` of a plain table, whose
//! bytes go through as they are; `columns` of Parquet and Arrow; `rows` of everything else.

mod areas;
pub(in crate::import) mod columns;
mod lines;
pub(in crate::import) mod order;
mod rows;
pub(in crate::import) mod sink;

use std::io::Write;
use std::path::{Path, PathBuf};

use serde::Serialize;
use spatial::crs::Crs;

pub use self::areas::{Areas, FIELDS, Found};
pub use self::sink::OutputFormat;
use super::error::ImportError;
use super::report::{Refusal, Report};
use super::source::OpenOptions;

/// The columns that are added to those of the input.
const ADDED: [&str; 5] = ["grid_code", "grid_name", "status", "distance_m", "note"];
/// Bad rows that are named; the others are counted.
const MOST_NAMED: usize = 100_000;

/// What to locate, and in what.
#[derive(Clone, Debug)]
pub struct LocateFile {
    /// The grids (or any other areas).
    pub grids: PathBuf,
    /// Their coordinate system, if the file does not declare it.
    pub grids_crs: Option<Crs>,
    /// How to read the grids.
    pub grids_open: OpenOptions,
    /// Columns of the grids by field: `code`, `name`.
    pub grids_map: Vec<(String, String)>,
    /// The points; `-` is standard input.
    pub points: PathBuf,
    /// Their coordinate system; WGS 84 if absent and not declared.
    pub points_crs: Option<Crs>,
    /// How to read the points.
    pub points_open: OpenOptions,
    /// What to write.
    pub output: OutputFormat,
    /// Threads that locate; reading and writing have one each besides.
    pub threads: usize,
}

/// The account of a run.
#[derive(Clone, Debug, Default, Serialize)]
pub struct LocateReport {
    /// How the grids were read, and what is wrong with them.
    pub grids: Report,
    /// The coordinate system that the points were read in.
    pub points_crs: String,
    /// Rows of the points file.
    pub rows: u64,
    /// Rows inside a grid.
    pub inside: u64,
    /// Rows with a place outside all grids.
    pub outside: u64,
    /// Rows without a usable place.
    pub invalid: u64,
    /// The first 100,000 of those rows, with the reason.
    pub refused: Vec<Refusal>,
    /// Things worth knowing.
    pub notes: Vec<String>,
}

/// What became of the rows of a piece.
#[derive(Clone, Debug, Default)]
struct Tally {
    inside: u64,
    outside: u64,
    refused: Vec<Refusal>,
}

impl Tally {
    fn count(&mut self, found: &Found, refusal: impl FnOnce(&str) -> Refusal) {
        match found {
            Found::Inside(_) => self.inside += 1,
            Found::Outside(_) => self.outside += 1,
            Found::Invalid(why) => self.refused.push(refusal(why)),
        }
    }
}

impl LocateReport {
    /// Adds a piece whose rows are numbered from `first` on.
    fn add(&mut self, tally: Tally, first: u64) {
        let invalid = tally.refused.len() as u64;
        self.rows += tally.inside + tally.outside + invalid;
        self.inside += tally.inside;
        self.outside += tally.outside;
        self.invalid += invalid;
        let room = MOST_NAMED.saturating_sub(self.refused.len());
        let named = tally.refused.into_iter().take(room);
        self.refused.extend(named.map(|refusal| Refusal { row: refusal.row + first, ..refusal }));
    }
}

/// Locates every row of the points and writes it with its grid to `out`.
///
/// # Errors
/// If a file cannot be read, or `out` not written.
pub fn run(
    options: &LocateFile,
    areas: &Areas,
    grids: Report,
    out: impl Write + Send,
    mut progress: impl FnMut(u64, u64),
) -> Result<LocateReport, ImportError> {
    let mut report = LocateReport { grids, ..LocateReport::default() };
    if let Some(columns) = columns::Columns::open(options)? {
        columns.run(options, areas, out, &mut report, &mut progress)?;
        return Ok(report);
    }
    match lines::Lines::open(options)? {
        Some(lines) => lines.run(options, areas, out, &mut report, &mut progress)?,
        None => rows::run(options, areas, out, &mut report, &mut progress)?,
    }
    Ok(report)
}

/// The size of a points file for a progress bar; 0 if unknown.
pub fn size_of(path: &Path) -> u64 {
    std::fs::metadata(path).map_or(0, |metadata| metadata.len())
}

/// A write that failed.
pub(in crate::import) fn unwritten(source: std::io::Error) -> ImportError {
    ImportError::Io { path: "output".into(), source }
}
