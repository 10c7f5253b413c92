//! One import from beginning to end.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Instant;

use super::declare::{self, Chosen};
use super::error::ImportError;
use super::report::{Refusal, Report};
use super::source::{Opened, Row, open};
use super::target::{ImportOptions, Target};
use super::{addresses, borders, incidents, workers};
use crate::Store;
use crate::domain::boundary::GridEdit;

/// Somebody who watches an import go on.
pub trait Watch: Send + Sync {
    /// So many rows and bytes (of so many in the file, 0 if unknown) were read.
    fn read(&self, rows: u64, bytes: u64, of_bytes: u64);
}

/// Nobody watches.
impl Watch for () {
    fn read(&self, _rows: u64, _bytes: u64, _of_bytes: u64) {}
}

/// A file that is being imported.
pub(super) struct Begun {
    pub opened: Opened,
    pub crs: Chosen,
    pub report: Report,
}

impl Begun {
    fn open(options: &ImportOptions) -> Result<Self, ImportError> {
        let mut open_options = options.open.clone();
        let position =
            |(field, _): &&(String, String)| matches!(field.as_str(), "lng" | "lat" | "wkt");
        open_options.position_columns.extend(options.map.iter().filter(position).cloned());
        let mut opened = open(&options.file, &open_options)?;
        let crs = if opened.source.has_positions() {
            declare::choose(&options.file, &*opened.source, options.crs)?
        } else {
            Chosen::none()
        };
        let report = Report {
            target: options.target.to_string(),
            file: options.file.display().to_string(),
            format: opened.format.to_string(),
            crs: crs.told.clone(),
            dry_run: options.dry_run,
            notes: std::mem::take(&mut opened.notes),
            ..Report::default()
        };
        Ok(Self { opened, crs, report })
    }

    /// The next row, counted and shown to the watcher.
    pub fn next_row(&mut self, watch: &dyn Watch) -> Result<Option<Row>, ImportError> {
        let row = self.opened.source.next_row()?;
        if row.is_some() {
            self.report.rows_read += 1;
        } else {
            self.report.notes.extend(declare::contradiction(&*self.opened.source, &self.crs));
        }
        if row.is_none() || self.report.rows_read.is_multiple_of(256) {
            let bytes = self.opened.consumed_bytes.load(Ordering::Relaxed);
            watch.read(self.report.rows_read, bytes, self.opened.size_bytes);
        }
        Ok(row)
    }

    /// Notes a refusal, which ends a strict import.
    pub fn refuse(&mut self, refusal: Refusal, strict: bool) -> Result<(), ImportError> {
        if strict {
            return Err(ImportError::Strict { row: refusal.row, reason: refusal.reason });
        }
        self.report.refuse(refusal);
        Ok(())
    }
}

/// Imports a file; without a store it is read and judged by itself.
///
/// # Errors
/// If the file cannot be read, an option contradicts it, a row is refused in a strict import, or the database fails. In
/// each case nothing was written.
pub async fn import(
    store: Option<&Store>,
    options: ImportOptions,
    watch: Arc<dyn Watch>,
) -> Result<Report, ImportError> {
    let begun_at = Instant::now();
    let mut report = match options.target {
        Target::Divisions | Target::Grids => import_borders(store, options, watch).await?,
        Target::Addresses => addresses::import(store, options, watch).await?,
        Target::Workers => workers::import(store, options, watch).await?,
        Target::Incidents => incidents::import(store, options, watch).await?,
    };
    report.seconds = begun_at.elapsed().as_secs_f64();
    Ok(report)
}

/// Reads edited grids for a publication; what they make of the borders that stand is judged there.
///
/// # Errors
/// If the file cannot be read, or a row is refused in a strict import.
pub async fn grid_edits(options: ImportOptions) -> Result<(Vec<GridEdit>, Report), ImportError> {
    blocking(move || {
        let mut begun = Begun::open(&options)?;
        let borders = borders::read(&options, &mut begun, &())?;
        begun.report.rows_written = borders.len() as u64;
        Ok((borders.into_iter().map(GridEdit::from).collect(), begun.report))
    })
    .await
}

async fn import_borders(
    store: Option<&Store>,
    options: ImportOptions,
    watch: Arc<dyn Watch>,
) -> Result<Report, ImportError> {
    let reading = options.clone();
    let read = move || {
        let mut begun = Begun::open(&reading)?;
        let borders = borders::read(&reading, &mut begun, &*watch)?;
        Ok::<_, ImportError>((borders, begun.report, begun.crs.crs))
    };
    let (borders, mut report, crs) = blocking(read).await?;
    borders::write(store, &options, borders, &mut report, crs).await?;
    Ok(report)
}

/// Runs what reads files on a thread of its own; a defect there becomes an error here.
pub(super) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, ImportError> + Send + 'static,
) -> Result<T, ImportError> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|error| ImportError::Stopped(error.to_string()))?
}

/// Opens a file for import on the thread that reads it.
pub(super) fn begin(options: &ImportOptions) -> Result<Begun, ImportError> {
    Begun::open(options)
}
