//! What an import found and did: everything as JSON, the gist of it for a person at a terminal.

use std::collections::BTreeMap;
use std::fmt;

use serde::Serialize;
use spatial::crs::{LngLat, Wgs84};

/// Lists keep this many entries; beyond it only the counts grow.
const LONGEST_LIST: usize = 100_000;

/// A row that was not taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Refusal {
    /// Line of a table, ordinal from 1 of anything else.
    pub row: u64,
    /// What the row calls itself, if that can be read.
    pub id: Option<String>,
    /// What was got and why it is wrong.
    pub reason: String,
}

impl Refusal {
    /// A refusal of `row`.
    pub fn new(row: u64, id: Option<String>, reason: impl Into<String>) -> Self {
        Self { row, id, reason: reason.into() }
    }
}

/// Something in a row that was put right.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Repair {
    /// Line of a table, ordinal from 1 of anything else.
    pub row: u64,
    /// The row's code or name.
    pub id: Option<String>,
    /// What was wrong, snake case.
    pub kind: String,
    /// What was wrong and what became of it.
    pub what: String,
    /// Where.
    #[serde(flatten)]
    pub place: Option<Place>,
    /// How much area changed hands, square metres.
    pub area_m2: f64,
}

/// Something wrong that was left as it is.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Problem {
    /// What is wrong, snake case.
    pub kind: String,
    /// A sentence about it.
    pub what: String,
    /// Codes of the rows concerned.
    pub codes: Vec<String>,
    /// Where, if it is somewhere.
    #[serde(flatten)]
    pub place: Option<Place>,
    /// How large, square metres.
    pub area_m2: f64,
}

/// A place in WGS 84 degrees.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Place {
    /// Longitude.
    pub lng: f64,
    /// Latitude.
    pub lat: f64,
}

impl From<LngLat<Wgs84>> for Place {
    fn from(place: LngLat<Wgs84>) -> Self {
        Self { lng: place.lng(), lat: place.lat() }
    }
}

/// The whole account of one import.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Report {
    /// What was imported: `divisions`, `grids`, …
    pub target: String,
    /// The file.
    pub file: String,
    /// The format it was read as.
    pub format: String,
    /// The coordinate system its numbers were read in, and who said so.
    pub crs: String,
    /// Nothing was written.
    pub dry_run: bool,
    /// Rows in the file.
    pub rows_read: u64,
    /// Rows that became new rows of the database (or would, in a dry run).
    pub rows_written: u64,
    /// Rows that the database has exactly so already.
    pub rows_unchanged: u64,
    /// Rows with at least one repair.
    pub rows_repaired: u64,
    /// Rows that were not taken.
    pub rows_refused: u64,
    /// Rows of the database that ended because the file replaces them.
    pub rows_ended: u64,
    /// The boundary version that was published.
    pub boundary_version: Option<i32>,
    /// The version of the maps from now on.
    pub map_version: Option<i32>,
    /// Things worth knowing that are no fault of a row.
    pub notes: Vec<String>,
    /// What was put right, row by row.
    pub repaired: Vec<Repair>,
    /// What was not taken, row by row.
    pub refused: Vec<Refusal>,
    /// What is wrong and was left so.
    pub problems: Vec<Problem>,
    /// How long it took.
    pub seconds: f64,
}

impl Report {
    /// Notes a refusal.
    pub fn refuse(&mut self, refusal: Refusal) {
        self.rows_refused += 1;
        if self.refused.len() < LONGEST_LIST {
            self.refused.push(refusal);
        }
    }

    /// Notes the repairs of one row.
    pub fn repair(&mut self, repairs: Vec<Repair>) {
        if repairs.is_empty() {
            return;
        }
        self.rows_repaired += 1;
        if self.repaired.len() < LONGEST_LIST {
            self.repaired.extend(repairs);
        }
    }

    /// Notes something wrong that stays.
    pub fn problem(&mut self, problem: Problem) {
        if self.problems.len() < LONGEST_LIST {
            self.problems.push(problem);
        }
    }

    /// Notes something worth knowing.
    pub fn note(&mut self, note: impl Into<String>) {
        self.notes.push(note.into());
    }

    /// Whether nothing was refused and nothing is wrong.
    pub fn is_clean(&self) -> bool {
        self.rows_refused == 0 && self.problems.is_empty()
    }
}

const SHOWN: usize = 8;

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} from {} ({}, {})", self.target, self.file, self.format, self.crs)?;
        for note in &self.notes {
            writeln!(f, "  note: {note}")?;
        }
        self.write_counts(f)?;
        write_grouped(
            f,
            "repaired",
            self.repaired.iter().map(|r| (r.kind.as_str(), repair_line(r))),
        )?;
        write_list(f, "refused", self.refused.len(), self.refused.iter().map(refusal_line))?;
        write_grouped(
            f,
            "problem",
            self.problems.iter().map(|p| (p.kind.as_str(), problem_line(p))),
        )?;
        if let Some(version) = self.boundary_version {
            writeln!(f, "  boundary version {version} is in force")?;
        }
        write!(f, "  {:.1} s", self.seconds)
    }
}

impl Report {
    fn write_counts(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let written = match (self.target.as_str(), self.dry_run) {
            ("areas", _) => "usable",
            (_, true) => "would be written",
            (_, false) => "written",
        };
        write!(
            f,
            "  {} read, {} {written}, {} unchanged, {} repaired, {} refused",
            self.rows_read,
            self.rows_written,
            self.rows_unchanged,
            self.rows_repaired,
            self.rows_refused
        )?;
        if self.rows_ended > 0 {
            write!(f, ", {} ended", self.rows_ended)?;
        }
        writeln!(f)
    }
}

/// The first lines of each kind, and how many there are.
fn write_grouped<'a>(
    f: &mut fmt::Formatter<'_>,
    title: &str,
    lines: impl Iterator<Item = (&'a str, String)>,
) -> fmt::Result {
    let mut groups: BTreeMap<&str, (usize, Vec<String>)> = BTreeMap::new();
    for (kind, line) in lines {
        let (count, shown) = groups.entry(kind).or_default();
        *count += 1;
        if shown.len() < SHOWN {
            shown.push(line);
        }
    }
    for (kind, (count, shown)) in groups {
        write_list(f, &format!("{title}: {kind}"), count, shown.into_iter())?;
    }
    Ok(())
}

fn write_list(
    f: &mut fmt::Formatter<'_>,
    title: &str,
    count: usize,
    lines: impl Iterator<Item = String>,
) -> fmt::Result {
    if count == 0 {
        return Ok(());
    }
    writeln!(f, "  {title} ({count})")?;
    for line in lines.take(SHOWN) {
        writeln!(f, "    {line}")?;
    }
    if count > SHOWN {
        writeln!(f, "    … and {} more (all of them by --report FILE.json)", count - SHOWN)?;
    }
    Ok(())
}

fn row_name(row: u64, id: Option<&str>) -> String {
    id.map_or_else(|| format!("row {row}"), |id| format!("row {row} ({id})"))
}

fn refusal_line(refusal: &Refusal) -> String {
    format!("{}: {}", row_name(refusal.row, refusal.id.as_deref()), refusal.reason)
}

fn repair_line(repair: &Repair) -> String {
    let place = place_text(repair.place, repair.area_m2);
    format!("{}: {}{place}", row_name(repair.row, repair.id.as_deref()), repair.what)
}

fn problem_line(problem: &Problem) -> String {
    format!("{}{}", problem.what, place_text(problem.place, problem.area_m2))
}

fn place_text(place: Option<Place>, area_m2: f64) -> String {
    let at = place.map(|at| format!(" at {:.6},{:.6}", at.lng, at.lat)).unwrap_or_default();
    if area_m2 >= 1e5 {
        format!("{at}, {:.2} km²", area_m2 / 1e6)
    } else if area_m2 >= 0.05 {
        format!("{at}, {area_m2:.1} m²")
    } else {
        at
    }
}
