//! Somebody says what the columns mean, and the work begins.

use chrono::{DateTime, Utc};

use super::JobLimits;
use crate::domain::geocode_job::{GeocodeJob, Mapping};
use crate::domain::id::GeocodeJobId;
use crate::error::{DataError, Result};
use crate::store::{JobViewer, Store};

/// Starts a job that was uploaded, or one that was cancelled, from its first row.
///
/// # Errors
/// [`DataError::Invalid`] for a mapping that does not fit, [`DataError::Conflict`] when the job stands otherwise.
pub async fn start(
    store: &Store,
    id: GeocodeJobId,
    viewer: JobViewer,
    mapping: &Mapping,
    limits: JobLimits,
    now: DateTime<Utc>,
) -> Result<GeocodeJob> {
    let job = store.geocode_job_view(id, viewer).await?;
    mapping.resolve(&job.columns).map_err(DataError::Invalid)?;
    store.geocode_job_start(id, mapping, now + limits.kept).await?;
    store.geocode_job_view(id, viewer).await
}
