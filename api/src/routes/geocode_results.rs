//! What was found for a file: how far it is, as it happens, and the file given back.

use std::convert::Infallible;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::http::{HeaderName, HeaderValue};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use data::actions::geocode_job::result::JobResult;
use data::domain::geocode_job::GeocodeJob;
use data::store::JobViewer;
use tokio::sync::{Semaphore, SemaphorePermit};

use super::geocode_jobs::{job, viewer};
use crate::auth::Reader;
use crate::error::{ApiError, Result, chain};
use crate::extract::{Path, Query};
use crate::metrics::OpenStream;
use crate::problem;
use crate::state::AppState;
use crate::view::geocode_job::{ProgressView, ResultQuery};
use crate::view::problem::ProblemView;

/// How often the place of a job is looked up for whoever watches it: any node may be at work.
const LOOK_EVERY: Duration = Duration::from_millis(200);
/// A client that hears nothing for longer takes the line for dead.
const ALIVE_EVERY: Duration = Duration::from_secs(5);
/// A result keeps a connection of the database as long as it is read.
static RESULTS: Semaphore = Semaphore::const_new(4);
const RESULT_PATIENCE: Duration = Duration::from_secs(10);
const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// Follow a job
///
/// Server-sent events: `progress` (a `GeocodeJobProgress`) whenever it has come further, and `end` with the same data when it
/// is at rest; then the stream ends. Asked again, it begins with where the job stands.
#[utoipa::path(
    get, path = "/v1/geocode/csv/{id}/events", tag = "geocoding", params(("id" = String, Path, description = "Id of the job")),
    responses(
        (status = 200, description = "Events; this is their data", body = ProgressView, content_type = "text/event-stream"),
        (status = "4XX", description = "Refused", body = ProblemView, content_type = "application/problem+json"),
        (status = "5XX", description = "Not now", body = ProblemView, content_type = "application/problem+json"),
    )
)]
pub async fn geocode_job_events(
    State(state): State<AppState>,
    Reader(caller): Reader,
    Path(id): Path<String>,
) -> Result<Response> {
    let open = OpenStream::begin(state.config().max_streams).ok_or_else(|| {
        ApiError::new(&problem::TOO_MANY_STREAMS, "this node serves as many streams as it may")
    })?;
    let known = job(&state, &caller, &id).await?;
    let watch = Watch { viewer: viewer(&caller), state, job: Some(known), told: None, _open: open };
    let events = futures::stream::unfold(watch, |mut watch| async move {
        let event = watch.next().await?;
        Some((Ok::<_, Infallible>(event), watch))
    });
    let unbuffered = (HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no"));
    Ok(([unbuffered], Sse::new(events).keep_alive(KeepAlive::new().interval(ALIVE_EVERY)))
        .into_response())
}

/// One client that watches a job.
struct Watch {
    state: AppState,
    viewer: JobViewer,
    /// The job as it was looked up last; none after the end was told.
    job: Option<GeocodeJob>,
    told: Option<ProgressView>,
    _open: OpenStream,
}

impl Watch {
    /// The next thing to send; `None` ends the stream.
    async fn next(&mut self) -> Option<Event> {
        loop {
            let job = self.job.as_ref()?;
            let view = ProgressView::from(job);
            if job.state.is_at_rest() {
                self.job = None;
                return event("end", &view);
            }
            if self.told.as_ref() != Some(&view) {
                self.told = Some(view.clone());
                return event("progress", &view);
            }
            let id = job.id;
            let stopping = self.state.stopping().clone();
            tokio::select! {
                () = stopping.cancelled() => return None,
                () = tokio::time::sleep(LOOK_EVERY) => {}
            }
            match self.state.store().geocode_job_view(id, self.viewer).await {
                Ok(job) => self.job = Some(job),
                Err(error) => {
                    tracing::warn!(
                        error.chain = chain(&error),
                        "the progress of a file is not known"
                    );
                    return None;
                }
            }
        }
    }
}

fn event(name: &str, view: &ProgressView) -> Option<Event> {
    Event::default().event(name).json_data(view).ok()
}

/// The file with what was found
///
/// All its columns in their order, ours (`wg_…`) behind them. CSV is UTF-8 with the mark that Excel wants; XLSX keeps numbers as
/// numbers. An unfinished job gives `409 conflict`, unless what there is so far is asked for.
#[utoipa::path(
    get, path = "/v1/geocode/csv/{id}/result", tag = "geocoding",
    params(("id" = String, Path, description = "Id of the job"), ResultQuery),
    responses(
        (status = 200, description = "The file", body = Vec<u8>, content_type = "text/csv"),
        (status = "4XX", description = "Refused", body = ProblemView, content_type = "application/problem+json"),
        (status = "5XX", description = "Not now", body = ProblemView, content_type = "application/problem+json"),
    )
)]
pub async fn geocode_job_result(
    State(state): State<AppState>,
    Reader(caller): Reader,
    Path(id): Path<String>,
    Query(query): Query<ResultQuery>,
) -> Result<Response> {
    let known = job(&state, &caller, &id).await?;
    let is_xlsx = match query.format.as_deref().unwrap_or(&known.format) {
        "csv" => false,
        "xlsx" => true,
        other => {
            return Err(ApiError::parameter("format", format!("got {other:?}, it is csv or xlsx")));
        }
    };
    let place = tokio::time::timeout(RESULT_PATIENCE, RESULTS.acquire()).await;
    let place = place
        .map_err(|_| ApiError::unavailable("this node gives as many results as it may"))?
        .map_err(|closed| ApiError::internal(&closed))?;
    let partial = query.partial.unwrap_or(false);
    let result = JobResult::open(state.store(), &known, partial).await?;
    let complete =
        if result.job().state.is_at_rest() && result.job().done_rows == result.job().row_count {
            "true"
        } else {
            "false"
        };
    let (kind, ending) = if is_xlsx { (XLSX, "xlsx") } else { ("text/csv; charset=utf-8", "csv") };
    let part = if complete == "true" { "" } else { "-incomplete" };
    let name = format!("attachment; filename=\"geocoded-{}{part}.{ending}\"", known.id);
    let body = if is_xlsx {
        let bytes = result.xlsx().await?;
        drop(place);
        Body::from(bytes)
    } else {
        csv_body(result, place)
    };
    let headers = [
        (CONTENT_TYPE, HeaderValue::from_static(kind)),
        (CONTENT_DISPOSITION, HeaderValue::try_from(name).map_err(|e| ApiError::internal(&e))?),
        (CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (HeaderName::from_static("x-complete"), HeaderValue::from_static(complete)),
    ];
    Ok((headers, body).into_response())
}

/// Piece by piece, as the client reads. What cannot be read ends the body with an error, never as if it were complete.
fn csv_body(result: JobResult, place: SemaphorePermit<'static>) -> Body {
    let pieces = futures::stream::try_unfold(
        (result, place, true),
        |(mut result, place, is_first)| async move {
            let piece = result.csv_piece(is_first).await.inspect_err(|error| {
                tracing::error!(error.chain = chain(error), "a result was cut");
            })?;
            Ok::<_, data::DataError>(
                piece.map(|bytes| (Bytes::from(bytes), (result, place, false))),
            )
        },
    );
    Body::from_stream(pieces)
}
