//! Files of addresses are worked on chunk by chunk: the job that has waited longest goes next, on whichever node is free.
//! A chunk is one transaction that holds the job's row, so that two never work on one job at once, and what dies in the
//! middle leaves the job where the last chunk ended. Texts are never logged.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use chrono::Utc;
use spatial::crs::Crs;
use tokio::sync::Notify;

use crate::actions::geocode_job::answer::{Sources, refused};
use crate::domain::geocode_job::{Columns, GeocodeJob, JobState, RowAnswer, RowQuery, Versions};
use crate::domain::id::GeocodeJobId;
use crate::error::{DataError, Result};
use crate::geocode::Geocoder;
use crate::routing::Routing;
use crate::store::{ChunkAnswer, ChunkRow, Store};

/// Rows of a transaction: a fraction of a second, also on a busy machine.
const CHUNK: i64 = 500;
/// How long another node's word that there is work can take.
const LOOK_EVERY: Duration = Duration::from_millis(500);
const TRY_AGAIN_AFTER: Duration = Duration::from_secs(1);
const DELETE_EVERY: Duration = Duration::from_mins(10);
/// Different questions whose answers are remembered while a file is worked on.
const MOST_REMEMBERED: usize = 100_000;

/// Works on files; one per process.
#[derive(Debug)]
pub struct GeocodeJobs {
    store: Store,
    routing: Arc<Routing>,
    geocoder: Geocoder,
    wake: Notify,
    remembered: Mutex<Remembered>,
}

/// Answers of the file that is worked on: the same question is answered once.
#[derive(Debug, Default)]
struct Remembered {
    of: Option<(GeocodeJobId, Versions)>,
    answers: HashMap<String, RowAnswer>,
}

/// A chunk that has been answered.
struct Answered {
    job: GeocodeJob,
    versions: Versions,
    answers: Vec<ChunkAnswer>,
    remembered: Remembered,
}

impl GeocodeJobs {
    /// A worker that is at rest until it [runs](Self::run).
    pub fn new(store: Store, routing: Arc<Routing>, geocoder: Geocoder) -> Arc<Self> {
        let (wake, remembered) = (Notify::new(), Mutex::default());
        Arc::new(Self { store, routing, geocoder, wake, remembered })
    }

    /// Says that there is work.
    pub fn wake(&self) {
        self.wake.notify_one();
    }

    /// Works until the task is aborted; nothing is lost then.
    pub async fn run(self: Arc<Self>) {
        loop {
            match self.chunk().await {
                Ok(true) => {}
                Ok(false) => {
                    tokio::select! {
                        () = self.wake.notified() => {}
                        () = tokio::time::sleep(LOOK_EVERY) => {}
                    }
                }
                Err(error) => {
                    tracing::warn!(%error, "a file is not worked on, trying again");
                    tokio::time::sleep(TRY_AGAIN_AFTER).await;
                }
            }
        }
    }

    /// Deletes what was kept long enough, until the task is aborted.
    pub async fn forget(self: Arc<Self>) {
        loop {
            if let Err(error) = self.forget_overdue().await {
                tracing::warn!(%error, "uploaded texts whose time is over are not deleted yet");
            }
            tokio::time::sleep(DELETE_EVERY).await;
        }
    }

    /// Deletes the texts of jobs whose time is over; gives back how many jobs.
    ///
    /// # Errors
    /// [`DataError::Database`].
    pub async fn forget_overdue(&self) -> Result<usize> {
        let overdue = self.store.geocode_jobs_overdue().await?;
        for id in &overdue {
            self.store.geocode_job_delete(*id).await?;
            tracing::info!(geocode_job.id = id.0, "uploaded texts deleted: their time is over");
        }
        Ok(overdue.len())
    }

    /// Answers the next rows of the job that has waited longest; false when there are none, or no gazetteer yet.
    ///
    /// # Errors
    /// [`DataError::Database`]; then nothing was written.
    pub async fn chunk(&self) -> Result<bool> {
        let Ok(gazetteer) = self.geocoder.now() else { return Ok(false) };
        let Some((mut transaction, job, rows)) = self.store.geocode_chunk_begin(CHUNK).await?
        else {
            return Ok(false);
        };
        let view = self.routing.now().await?;
        let remembered = {
            let mut remembered = self.remembered.lock().unwrap_or_else(PoisonError::into_inner);
            std::mem::take(&mut *remembered)
        };
        let answered = tokio::task::spawn_blocking(move || {
            let sources = Sources { gazetteer: &gazetteer, view: &view, now: Utc::now() };
            work(&sources, job, rows, remembered)
        });
        let broken = |why: String| DataError::Broken { what: "file job", why };
        let Answered { job, versions, answers, remembered } =
            answered.await.map_err(|error| broken(error.to_string()))?.map_err(broken)?;
        *self.remembered.lock().unwrap_or_else(PoisonError::into_inner) = remembered;
        let mut job = job;
        if !answers.is_empty() {
            job.changed_rows += transaction.write(&job, versions, &answers).await?;
            job.computed_rows += answers.len() as i32;
        }
        if job.state == JobState::Done {
            self.remembered.lock().unwrap_or_else(PoisonError::into_inner).answers = HashMap::new();
            tracing::info!(
                geocode_job.id = job.id.0,
                rows = job.row_count,
                run = job.run,
                "file done"
            );
        }
        transaction.commit(&job).await?;
        Ok(true)
    }
}

/// Answers rows; those that have an answer of these versions are passed over.
fn work(
    sources: &Sources<'_>,
    mut job: GeocodeJob,
    rows: Vec<ChunkRow>,
    mut remembered: Remembered,
) -> Result<Answered, String> {
    let versions = sources.versions();
    if remembered.of != Some((job.id, versions)) || MOST_REMEMBERED < remembered.answers.len() {
        remembered = Remembered { of: Some((job.id, versions)), ..Remembered::default() };
    }
    let crs: Crs = job.crs.parse().map_err(|_| format!("stored crs {:?}", job.crs))?;
    let mapping = job.mapping.clone().unwrap_or_default();
    let columns = mapping.resolve(&job.columns).map_err(|faults| format!("mapping: {faults:?}"))?;
    let mut answers = Vec::new();
    for row in rows {
        job.done_rows = row.row_no;
        let status = match row.known {
            Some((status, known)) if known == versions => status,
            _ => {
                let answer = answer(sources, &columns, &row.cells, crs, &mut remembered);
                let status = answer.status.clone();
                answers.push(ChunkAnswer { row_no: row.row_no, answer });
                status
            }
        };
        *job.outcomes.entry(status).or_default() += 1;
    }
    job.versions = Some(versions);
    job.state = if job.done_rows < job.row_count { JobState::Running } else { JobState::Done };
    Ok(Answered { job, versions, answers, remembered })
}

fn answer(
    sources: &Sources<'_>,
    columns: &Columns,
    cells: &[String],
    crs: Crs,
    remembered: &mut Remembered,
) -> RowAnswer {
    let query = match columns.query(cells) {
        Ok(query) => query,
        Err(why) => return refused(why),
    };
    let key = key(&query);
    if let Some(known) = remembered.answers.get(&key) {
        return known.clone();
    }
    // A defect of ours costs one row its answer, not the file.
    let answer = catch_unwind(AssertUnwindSafe(|| sources.answer(&query, crs)));
    let answer = answer.unwrap_or_else(|_| {
        tracing::error!("a row of a file made the geocoder fail");
        refused("an unexpected error; it has been logged".to_owned())
    });
    remembered.answers.insert(key, answer.clone());
    answer
}

/// Equal for questions with the same answer.
fn key(query: &RowQuery) -> String {
    let mut key = query.text.clone();
    for (name, part) in &query.elements {
        key.push('\0');
        key.push_str(name);
        key.push('=');
        key.push_str(part);
    }
    if let Some(point) = query.point {
        let _ = write!(key, "\0{} {} {}", point.lng, point.lat, point.crs);
    }
    key
}
