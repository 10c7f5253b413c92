//! A finished file is gone through again: rows whose borders, gazetteer or aliases are others by now are answered anew,
//! and those that come out otherwise say what they were.

use chrono::{DateTime, Utc};

use super::JobLimits;
use crate::domain::geocode_job::GeocodeJob;
use crate::domain::id::GeocodeJobId;
use crate::error::Result;
use crate::store::{JobViewer, Store};

/// Asks for another run.
///
/// # Errors
/// [`crate::DataError::Conflict`] when the job is not finished.
pub async fn rerun(
    store: &Store,
    id: GeocodeJobId,
    viewer: JobViewer,
    limits: JobLimits,
    now: DateTime<Utc>,
) -> Result<GeocodeJob> {
    store.geocode_job_view(id, viewer).await?;
    store.geocode_job_rerun(id, now + limits.kept).await?;
    store.geocode_job_view(id, viewer).await
}
