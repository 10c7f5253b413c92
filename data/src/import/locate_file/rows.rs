//! Everything that is read feature by feature: map formats, tables in other encodings or with other separators.

use std::io::Write;

use arrow::array::{ArrayRef, RecordBatch, StringArray};
use arrow::datatypes::{DataType, Field, Schema};
use serde_json::Value;
use spatial::crs::Crs;

use super::order::in_order;
use super::sink::{Sink, with_answers};
use super::{Areas, LocateFile, LocateReport, Tally};
use crate::import::declare;
use crate::import::error::ImportError;
use crate::import::report::Refusal;
use crate::import::source::{
    Opened, Position, Row, Shape, Source as _, Table, TableRow, open_table, text_of,
};

/// Rows located together.
const PIECE_ROWS: usize = 8192;

/// Locates row by row.
pub(super) fn run(
    options: &LocateFile,
    areas: &Areas,
    out: impl Write + Send,
    report: &mut LocateReport,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<(), ImportError> {
    let mut points = Points::open(options, report)?;
    let (crs, columns) = (points.crs, points.columns.clone());
    let fields = columns.iter().map(|name| Field::new(name, DataType::Utf8, true));
    let schema = std::sync::Arc::new(Schema::new(fields.collect::<Vec<_>>()));
    let mut sink = Sink::open(options.output, out, &schema)?;
    let consumed = points.consumed();
    let work = |rows: Vec<TableRow>| -> Result<_, ImportError> {
        let found = areas.find(crs, rows.iter().map(|row| position(&row.shape)).collect());
        let mut tally = Tally::default();
        for (row, found) in rows.iter().zip(&found) {
            tally.count(found, |why| Refusal::new(row.line, row.fields.first().cloned(), why));
        }
        let column = |at: usize| -> ArrayRef {
            let texts = rows.iter().map(|row| row.fields.get(at).map(String::as_str));
            std::sync::Arc::new(texts.collect::<StringArray>())
        };
        let batch = RecordBatch::try_new(
            std::sync::Arc::clone(&schema),
            (0..columns.len()).map(column).collect(),
        );
        let batch = with_answers(&batch.map_err(|error| unusable(&error))?, areas, &found)?;
        Ok((sink_bytes(options, batch)?, tally))
    };
    in_order(
        options.threads,
        || points.piece(),
        work,
        |(piece, tally)| {
            sink.write(piece)?;
            report.add(tally, 0);
            progress(report.rows, consumed.load(std::sync::atomic::Ordering::Relaxed));
            Ok(())
        },
    )?;
    sink.finish()
}

fn sink_bytes(
    options: &LocateFile,
    batch: RecordBatch,
) -> Result<super::sink::Prepared, ImportError> {
    super::sink::Prepared::of(options.output, batch)
}

fn unusable(error: &arrow::error::ArrowError) -> ImportError {
    ImportError::Stopped(error.to_string())
}

fn position(shape: &Result<Option<Shape>, String>) -> Result<Position, String> {
    match shape {
        Ok(Some(Shape::Point(position))) => Ok(*position),
        Ok(Some(Shape::Area(_))) => Err("it is an area where a point is needed".to_owned()),
        Ok(None) => Err("there is no position".to_owned()),
        Err(why) => Err(why.clone()),
    }
}

/// The points file: its own columns, and rows in pieces.
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
                while ahead.len() < PIECE_ROWS {
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

    fn consumed(&self) -> std::sync::Arc<std::sync::atomic::AtomicU64> {
        std::sync::Arc::clone(match &self.table {
            Table::Rows(_, consumed, ..) => consumed,
            Table::Features(Opened { consumed_bytes, .. }) => consumed_bytes,
        })
    }

    fn piece(&mut self) -> Result<Option<Vec<TableRow>>, ImportError> {
        let mut piece = Vec::new();
        while piece.len() < PIECE_ROWS {
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
            piece.push(row);
        }
        Ok((!piece.is_empty()).then_some(piece))
    }
}

fn table_row(row: Row, columns: &[String]) -> TableRow {
    match row {
        Err(refusal) => TableRow {
            line: refusal.row,
            fields: vec![refusal.id.unwrap_or_default()],
            torn: Some(refusal.reason.clone()),
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
                torn: None,
            }
        }
    }
}
