//! A file arrives: it is read as a whole, and kept row by row, or refused with the place of what is wrong.

use chrono::{DateTime, Utc};
use spatial::crs::Crs;

use super::{JobLimits, MOST_KEPT, UNSTARTED_KEPT};
use crate::domain::geocode_job::{GeocodeJob, Mapping};
use crate::domain::id::ApiKeyId;
use crate::error::{DataError, Result};
use crate::sheet::{Declared, Sheet, SheetRow, propose};
use crate::store::{JobViewer, Store};

/// Rows that are shown with the answer.
const SHOWN: usize = 20;

/// A file that was kept, with what it may mean.
#[derive(Clone, Debug)]
pub struct Uploaded {
    /// The job.
    pub job: GeocodeJob,
    /// What its columns may mean.
    pub proposed: Mapping,
    /// Its first rows.
    pub first_rows: Vec<SheetRow>,
}

/// What is told of a file.
#[derive(Clone, Debug)]
pub struct Upload {
    /// The key that sends it.
    pub api_key: ApiKeyId,
    /// Its name.
    pub file_name: String,
    /// The system of the answers.
    pub crs: Crs,
    /// What is said about how to read it.
    pub declared: Declared,
}

/// Reads and keeps a file.
///
/// # Errors
/// [`DataError::Invalid`] at `/file` with row and column; [`DataError::Conflict`] when the key has too many files kept.
pub async fn upload(
    store: &Store,
    upload: Upload,
    bytes: impl AsRef<[u8]> + Send + 'static,
    limits: JobLimits,
    now: DateTime<Utc>,
) -> Result<Uploaded> {
    let Upload { api_key, file_name, crs, mut declared } = upload;
    if MOST_KEPT <= store.geocode_jobs_kept(api_key).await? {
        let why =
            format!("this key keeps {MOST_KEPT} files already: delete one that is not needed");
        return Err(DataError::Conflict(why));
    }
    declared.most_rows = limits.most_rows;
    // Texts repeat themselves: a workbook unpacks to about eight times its size, a hundred is an attack.
    declared.most_unpacked_bytes = 16 * limits.most_bytes as u64;
    let read = tokio::task::spawn_blocking(move || Sheet::read(bytes.as_ref(), &declared));
    let sheet = read
        .await
        .map_err(|error| DataError::Broken { what: "reading of a file", why: error.to_string() })?
        .map_err(|fault| DataError::Invalid(vec![fault]))?;
    let file_name: String = file_name.chars().filter(|c| !c.is_control()).take(200).collect();
    let expires_at = now + UNSTARTED_KEPT.min(limits.kept);
    let crs = crs.to_string();
    let id = store.geocode_job_insert(api_key, &file_name, &crs, &sheet, expires_at).await?;
    let job = store.geocode_job_view(id, JobViewer { api_key, sees_all: false }).await?;
    let proposed = propose(&sheet);
    let first_rows = sheet.rows.into_iter().take(SHOWN).collect();
    Ok(Uploaded { job, proposed, first_rows })
}
