//! A file given back: all its columns in their order, and beside them what was found. A result is whole, or says in each
//! row that it is not.

use serde_json::Value;

use crate::domain::geocode_job::{GeocodeJob, JobState, RowAnswer};
use crate::error::{DataError, Result};
use crate::sheet::{CsvWriter, NewCell, SheetRow, XLSX_MOST_ROWS, XlsxWriter};
use crate::store::{AnsweredRow, ResultReader, Store};

/// Rows read at once.
const PAGE: i64 = 2_000;

/// Names of our columns.
pub const ADDED: [&str; 22] = [
    "wg_status",
    "wg_confidence",
    "wg_level",
    "wg_label",
    "wg_lng",
    "wg_lat",
    "wg_crs",
    "wg_accuracy_m",
    "wg_grid_code",
    "wg_grid_name",
    "wg_grid_confidence",
    "wg_community_code",
    "wg_community",
    "wg_township",
    "wg_district",
    "wg_question",
    "wg_fault",
    "wg_note",
    "wg_boundary_version",
    "wg_gazetteer_version",
    "wg_changed",
    "wg_before",
];

/// A result that is read page by page, all of one moment.
#[derive(Debug)]
pub struct JobResult {
    reader: ResultReader,
    job: GeocodeJob,
    after: i32,
}

impl JobResult {
    /// Opens the result of a job.
    ///
    /// # Errors
    /// [`DataError::Conflict`] when it is not finished and `partial` was not asked for, or its texts are deleted.
    pub async fn open(store: &Store, job: &GeocodeJob, partial: bool) -> Result<Self> {
        let (reader, job) = store.result_begin(job.id).await?;
        let conflict = |why: &str| Err(DataError::Conflict(format!("file job {}: {why}", job.id)));
        match job.state {
            JobState::Deleted => return conflict("its texts are deleted"),
            JobState::Done => {}
            state if !partial => {
                let why = format!(
                    "it is {}, {} of {} rows are done; partial=true gives what there is",
                    state.name(),
                    job.done_rows,
                    job.row_count
                );
                return conflict(&why);
            }
            _ => {}
        }
        Ok(Self { reader, job, after: 0 })
    }

    /// The job as it was in that moment.
    pub fn job(&self) -> &GeocodeJob {
        &self.job
    }

    /// The header: the file's own names, then ours.
    pub fn header(&self) -> (Vec<String>, Vec<NewCell>) {
        (self.job.header.clone(), ADDED.iter().map(|name| NewCell::from(*name)).collect())
    }

    /// The next rows; none at the end.
    ///
    /// # Errors
    /// [`DataError::Database`].
    pub async fn page(&mut self) -> Result<Vec<AnsweredRow>> {
        let rows = self.reader.rows(self.job.id, self.after, PAGE).await?;
        self.after = rows.last().map_or(self.after, |last| last.row_no);
        Ok(rows)
    }

    /// What stands beside a row.
    pub fn added(&self, row: &AnsweredRow) -> Vec<NewCell> {
        let pending = RowAnswer { status: "pending".to_owned(), ..RowAnswer::default() };
        let answer = row.answer.as_ref().unwrap_or(&pending);
        let crs = if answer.lng.is_some() { self.job.crs.as_str() } else { "" };
        let version = |number: Option<i64>| NewCell::from(number.map(|number| number as f64));
        let versions = row.versions;
        let before = row.before.as_ref();
        let was = |one: &RowAnswer| format!("{} {} {}", one.status, one.label, one.grid_code);
        vec![
            NewCell::from(answer.status.as_str()),
            answer.confidence.into(),
            NewCell::from(answer.level.as_str()),
            NewCell::from(answer.label.as_str()),
            answer.lng.into(),
            answer.lat.into(),
            NewCell::from(crs),
            answer.accuracy_m.into(),
            NewCell::from(answer.grid_code.as_str()),
            NewCell::from(answer.grid_name.as_str()),
            answer.grid_confidence.into(),
            NewCell::from(answer.community_code.as_str()),
            NewCell::from(answer.community.as_str()),
            NewCell::from(answer.township.as_str()),
            NewCell::from(answer.district.as_str()),
            NewCell::from(answer.question.as_str()),
            NewCell::from(answer.fault.as_str()),
            NewCell::from(answer.note.as_str()),
            version(versions.map(|one| i64::from(one.boundary))),
            version(versions.map(|one| one.gazetteer)),
            NewCell::from(if before.is_some() { "yes" } else { "" }),
            NewCell::from(before.map(was).unwrap_or_default().trim()),
        ]
    }

    /// The next piece of it as CSV; none at the end. The first one begins with the header.
    ///
    /// # Errors
    /// [`DataError::Database`].
    pub async fn csv_piece(&mut self, is_first: bool) -> Result<Option<Vec<u8>>> {
        let mut writer = if is_first { CsvWriter::default() } else { CsvWriter::going_on() };
        let broken = |error: &dyn std::fmt::Display| DataError::Broken {
            what: "result of a file job",
            why: error.to_string(),
        };
        if is_first {
            let (header, added) = self.header();
            writer.row(&header, &added).map_err(|error| broken(&error))?;
        }
        let rows = self.page().await?;
        if rows.is_empty() && !is_first {
            return Ok(None);
        }
        for row in &rows {
            writer.row(&row.row.cells, &self.added(row)).map_err(|error| broken(&error))?;
        }
        writer.take().map(Some).map_err(|why| broken(&why))
    }

    /// The whole of it as a workbook.
    ///
    /// # Errors
    /// [`DataError::Database`], and [`DataError::Conflict`] for more rows than a sheet has.
    pub async fn xlsx(mut self) -> Result<Vec<u8>> {
        if XLSX_MOST_ROWS <= self.job.row_count as usize {
            let why = format!("{} rows are more than a sheet has: ask for csv", self.job.row_count);
            return Err(DataError::Conflict(why));
        }
        let broken = |why: String| DataError::Broken { what: "result of a file job", why };
        let name = match self.job.reading.get("sheet") {
            Some(Value::String(name)) => name.clone(),
            _ => "结果".to_owned(),
        };
        let mut writer = XlsxWriter::new(&name)
            .or_else(|_| XlsxWriter::new("结果"))
            .map_err(|error| broken(error.to_string()))?;
        let (cells, added) = self.header();
        let header = SheetRow { cells, kinds: String::new() };
        writer.row(&header, &added).map_err(|error| broken(error.to_string()))?;
        loop {
            let rows = self.page().await?;
            if rows.is_empty() {
                break;
            }
            let lines: Vec<(SheetRow, Vec<NewCell>)> = rows
                .into_iter()
                .map(|row| {
                    let added = self.added(&row);
                    (row.row, added)
                })
                .collect();
            let written = tokio::task::spawn_blocking(move || {
                for (row, added) in &lines {
                    writer.row(row, added).map_err(|error| error.to_string())?;
                }
                Ok::<_, String>(writer)
            });
            writer = written.await.map_err(|error| broken(error.to_string()))?.map_err(broken)?;
        }
        let finished = tokio::task::spawn_blocking(move || writer.finish());
        finished
            .await
            .map_err(|error| broken(error.to_string()))?
            .map_err(|error| broken(error.to_string()))
    }
}
