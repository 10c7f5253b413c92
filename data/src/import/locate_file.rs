//! `wangge locate`: a file of points against a file of grids, without server or database.
//!
//! Points stream: a batch is read, located on all cores, written in order; every row of the input comes out again, with
//! its grid or with the reason why it has none.

use std::io::Write;
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use serde::Serialize;
use serde_json::Value;
use spatial::coverage::LatticeMultiPolygon;
use spatial::crs::Crs;
use spatial::locate::{Locate, Locator};

use super::error::ImportError;
use super::mapping::{Mapping, Spec};
use super::report::{Refusal, Report};
use super::source::{
    OpenOptions, Opened, Row, Shape, Source as _, Table, TableRow, open, open_table, text_of,
};
use super::{clean, declare, judge};
use crate::import::grids;

/// Rows located together.
const BATCH_ROWS: usize = 8192;

/// The columns that are added to those of the input.
const ADDED: [&str; 5] = ["grid_code", "grid_name", "status", "distance_m", "note"];

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
    /// Those rows, with the reason.
    pub refused: Vec<Refusal>,
    /// Things worth knowing.
    pub notes: Vec<String>,
}

/// The areas that points are looked up in.
pub struct Areas {
    locator: Locator,
    /// Code and name by face id.
    names: Vec<(String, String)>,
}

/// Fields of a file of areas; both may be missing.
pub static FIELDS: &[Spec] =
    &[Spec::optional("code", grids::CODE), Spec::optional("name", grids::NAME)];

impl Areas {
    /// Reads, cleans and indexes the grids of a file.
    ///
    /// # Errors
    /// If the file cannot be read or has no area at all.
    pub fn read(options: &LocateFile) -> Result<(Self, Report), ImportError> {
        let mut opened = open(&options.grids, &options.grids_open)?;
        let mut report = Report {
            target: "areas".to_owned(),
            file: options.grids.display().to_string(),
            format: opened.format.to_string(),
            notes: std::mem::take(&mut opened.notes),
            ..Report::default()
        };
        let crs = declare::choose(&options.grids, &*opened.source, options.grids_crs)?;
        report.crs.clone_from(&crs.told);
        let mut mapping = Mapping::new(FIELDS, &options.grids_map)?;
        mapping.check_columns(&opened.source.columns())?;
        let mut faces: Vec<(u32, LatticeMultiPolygon)> = Vec::new();
        let mut names = Vec::new();
        while let Some(row) = opened.source.next_row()? {
            report.rows_read += 1;
            match face(row, crs.crs, &mut mapping) {
                Ok((row, code, name, shape, defects)) => {
                    report.repair(clean::repairs(row, &code, &defects));
                    faces.push((names.len() as u32, shape));
                    names.push((code, name));
                }
                Err(refusal) => report.refuse(refusal),
            }
        }
        report.notes.extend(declare::contradiction(&*opened.source, &crs));
        if faces.is_empty() {
            return Err(ImportError::unreadable(
                &options.grids,
                match report.refused.first() {
                    Some(first) => format!(
                        "none of its {} rows is a usable area; row {}: {}",
                        report.rows_read, first.row, first.reason
                    ),
                    None => "it has no rows".to_owned(),
                },
            ));
        }
        report.rows_written = faces.len() as u64;
        let codes: Vec<&str> = names.iter().map(|(code, _)| code.as_str()).collect();
        let faces = judge::coverage(faces, &codes, 0, 0.0, &mut report);
        Ok((Self { locator: Locator::new(faces), names }, report))
    }

    /// How many areas there are.
    pub fn len(&self) -> usize {
        self.names.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }
}

type Face = (u64, String, String, LatticeMultiPolygon, Vec<spatial::coverage::Defect>);

fn face(row: Row, crs: Crs, mapping: &mut Mapping) -> Result<Face, Refusal> {
    let feature = row?;
    let fields =
        mapping.apply(&feature.properties).map_err(|why| Refusal::new(feature.row, None, why))?;
    let name = fields.text_or_empty("name");
    let code = fields.text("code").map_or_else(|| feature.row.to_string(), str::to_owned);
    let (shape, defects) = clean::area_of(crs, feature.shape.as_ref())
        .map_err(|why| Refusal::new(feature.row, Some(code.clone()), why))?;
    Ok((feature.row, code, name, shape, defects))
}

/// Locates every row of the points and writes it with its grid to `out` as CSV.
///
/// # Errors
/// If a file cannot be read, or `out` not written.
pub fn run(
    options: &LocateFile,
    areas: &Areas,
    grids: Report,
    out: impl Write,
    mut progress: impl FnMut(u64, u64),
) -> Result<LocateReport, ImportError> {
    let mut report = LocateReport { grids, ..LocateReport::default() };
    let mut points = Points::open(options, &mut report)?;
    let mut writer = csv::Writer::from_writer(out);
    let write_failed = |error: csv::Error| match error.into_kind() {
        csv::ErrorKind::Io(source) => ImportError::Io { path: "output".into(), source },
        other => ImportError::Stopped(format!("{other:?}")),
    };
    writer
        .write_record(points.columns.iter().map(String::as_str).chain(ADDED))
        .map_err(write_failed)?;
    loop {
        let batch = points.batch()?;
        if batch.is_empty() {
            break;
        }
        let found: Vec<Answer> =
            batch.par_iter().map(|row| areas.answer(points.crs, &row.shape)).collect();
        for (row, answer) in batch.iter().zip(&found) {
            report.count(row, answer);
            let fields = row.fields.iter().map(String::as_str).chain(answer.fields());
            writer.write_record(fields).map_err(write_failed)?;
        }
        progress(report.rows, points.consumed());
    }
    writer.flush().map_err(|source| ImportError::Io { path: "output".into(), source })?;
    Ok(report)
}

struct Answer {
    code: String,
    name: String,
    status: &'static str,
    distance_m: String,
    note: String,
}

impl Answer {
    fn fields(&self) -> impl Iterator<Item = &str> {
        [&self.code, &self.name].into_iter().map(String::as_str).chain([
            self.status,
            &self.distance_m,
            &self.note,
        ])
    }

    fn invalid(note: String) -> Self {
        Self {
            code: String::new(),
            name: String::new(),
            status: "invalid",
            distance_m: String::new(),
            note,
        }
    }
}

impl Areas {
    fn answer(&self, crs: Crs, shape: &Result<Option<Shape>, String>) -> Answer {
        let place = match shape {
            Ok(shape) => clean::place_of(crs, shape.as_ref()),
            Err(why) => Err(why.clone()),
        };
        let point = match place {
            Ok(Some(point)) => point,
            Ok(None) => return Answer::invalid("there is no position".to_owned()),
            Err(why) => return Answer::invalid(why),
        };
        let name = |id: u32| self.names.get(id as usize).cloned().unwrap_or_default();
        if let Some(id) = self.locator.locate(point) {
            let (code, name) = name(id);
            return Answer {
                code,
                name,
                status: "inside",
                distance_m: String::new(),
                note: String::new(),
            };
        }
        let nearest = self.locator.nearest(point);
        let (note, distance_m) = nearest.map_or_else(Default::default, |(id, distance_m)| {
            let (code, name) = name(id);
            (format!("nearest is {code} {name}").trim_end().to_owned(), format!("{distance_m:.1}"))
        });
        Answer { code: String::new(), name: String::new(), status: "outside", distance_m, note }
    }
}

impl LocateReport {
    fn count(&mut self, row: &TableRow, answer: &Answer) {
        self.rows += 1;
        match answer.status {
            "inside" => self.inside += 1,
            "outside" => self.outside += 1,
            _ => {
                self.invalid += 1;
                let id = row.fields.first().cloned();
                self.refused.push(Refusal::new(row.line, id, answer.note.clone()));
            }
        }
    }
}

/// The points file: its own columns, and rows in batches.
struct Points {
    table: Table,
    columns: Vec<String>,
    crs: Crs,
    /// Rows read ahead to learn the columns of a file without a header.
    ahead: Vec<Row>,
}

impl Points {
    fn open(options: &LocateFile, report: &mut LocateReport) -> Result<Self, ImportError> {
        let table = open_table(&options.points, &options.points_open)?;
        match table {
            Table::Rows(csv, consumed, size, notes) => {
                if !csv.has_positions() {
                    return Err(ImportError::unreadable(
                        &options.points,
                        format!(
                            "no columns for longitude and latitude were recognised in {}: \
                             name them by --lng and --lat",
                            csv.columns().join(", ")
                        ),
                    ));
                }
                report.notes.extend(notes.iter().cloned());
                let crs = options.points_crs.unwrap_or(Crs::Wgs84);
                report.points_crs = match options.points_crs {
                    Some(crs) => format!("{crs} as given"),
                    None => "wgs84 as nothing was given; --crs names another".to_owned(),
                };
                let columns = csv.columns();
                let table = Table::Rows(csv, consumed, size, notes);
                Ok(Self { table, columns, crs, ahead: Vec::new() })
            }
            Table::Features(mut opened) => {
                report.notes.append(&mut opened.notes);
                let mut ahead = Vec::new();
                while ahead.len() < BATCH_ROWS {
                    let Some(row) = opened.source.next_row()? else { break };
                    ahead.push(row);
                }
                let crs = declare::choose(&options.points, &*opened.source, options.points_crs)?;
                report.points_crs.clone_from(&crs.told);
                report.notes.extend(declare::contradiction(&*opened.source, &crs));
                let mut columns = opened.source.columns();
                for feature in ahead.iter().flatten() {
                    for name in feature.properties.keys() {
                        if !columns.contains(name) {
                            columns.push(name.clone());
                        }
                    }
                }
                ahead.reverse();
                Ok(Self { table: Table::Features(opened), columns, crs: crs.crs, ahead })
            }
        }
    }

    fn consumed(&self) -> u64 {
        let consumed = match &self.table {
            Table::Rows(_, consumed, ..) => consumed,
            Table::Features(Opened { consumed_bytes, .. }) => consumed_bytes,
        };
        consumed.load(std::sync::atomic::Ordering::Relaxed)
    }

    fn batch(&mut self) -> Result<Vec<TableRow>, ImportError> {
        let mut batch = Vec::new();
        while batch.len() < BATCH_ROWS {
            let row = match &mut self.table {
                Table::Rows(csv, ..) => csv.next_table_row()?,
                Table::Features(opened) => match self.ahead.pop() {
                    Some(row) => Some(row),
                    None => opened.source.next_row()?,
                }
                .map(|row| table_row(row, &self.columns)),
            };
            let Some(mut row) = row else { break };
            // Every line of the output has the columns of the header, whatever the row had.
            row.fields.resize(self.columns.len(), String::new());
            batch.push(row);
        }
        Ok(batch)
    }
}

fn table_row(row: Row, columns: &[String]) -> TableRow {
    match row {
        Err(refusal) => TableRow {
            line: refusal.row,
            fields: vec![refusal.id.unwrap_or_default()],
            shape: Err(refusal.reason),
        },
        Ok(feature) => {
            let field = |name: &String| match feature.properties.get(name) {
                None | Some(Value::Null) => String::new(),
                Some(value) => text_of(value),
            };
            TableRow {
                line: feature.row,
                fields: columns.iter().map(field).collect(),
                shape: Ok(feature.shape),
            }
        }
    }
}

/// The size of a points file for a progress bar; 0 if unknown.
pub fn size_of(path: &Path) -> u64 {
    std::fs::metadata(path).map_or(0, |metadata| metadata.len())
}
