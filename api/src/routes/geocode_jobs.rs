//! Files of addresses: uploaded, started, watched, run again, ended. Their results are in `geocode_results`.

use std::time::Duration;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{FromRequest as _, Multipart, OriginalUri, Request, State};
use axum::http::header::{CONTENT_TYPE, LOCATION};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use chrono::Utc;
use data::actions::geocode_job::rerun::rerun;
use data::actions::geocode_job::start::start;
use data::actions::geocode_job::upload::{Upload, upload};
use data::domain::geocode_job::{GeocodeJob, Mapping};
use data::domain::id::GeocodeJobId;
use data::sheet::{CsvEncoding, Declared};
use data::store::{JobViewer, Principal, RowFilter};
use tokio::sync::Semaphore;

use crate::auth::{Reader, Writer};
use crate::cursor;
use crate::error::{ApiError, Result};
use crate::extract::{JsonBody, Path, Query};
use crate::page::{self, Link};
use crate::problem;
use crate::state::AppState;
use crate::view::geocode_job::{
    DeleteQuery, GeocodeJobListView, GeocodeJobView, JobListQuery, JobRowView, JobRowsQuery,
    JobRowsView, StartBody, UploadQuery, UploadedView,
};
use crate::view::problem::ProblemView;

const PAGE: (u32, u32) = (50, 200);
const ROWS: (u32, u32) = (100, 1_000);
/// A file is in memory several times over while it is read.
static UPLOADS: Semaphore = Semaphore::const_new(2);
const UPLOAD_PATIENCE: Duration = Duration::from_secs(10);

/// Send a file of addresses
///
/// CSV (UTF-8, UTF-16 with its mark, or GB18030; separated by comma, semicolon, tab or bar) or XLSX, as the body or as the
/// first file of a form. It is read as a whole or refused with row and column. The answer proposes what the columns mean;
/// nothing is worked on before the start. Needs a key that may write; only that key sees the file.
#[utoipa::path(
    post, path = "/v1/geocode/csv", tag = "geocoding", params(UploadQuery),
    request_body(content = Vec<u8>, content_type = "application/octet-stream", description = "The file"),
    responses(
        (status = 201, description = "Taken", body = UploadedView,
            headers(("Location" = String, description = "Where the job is read"))),
        (status = "4XX", description = "Refused; nothing was kept", body = ProblemView, content_type = "application/problem+json"),
        (status = "5XX", description = "Not now", body = ProblemView, content_type = "application/problem+json"),
    )
)]
pub async fn geocode_job_upload(
    State(state): State<AppState>,
    Writer(caller): Writer,
    Query(query): Query<UploadQuery>,
    headers: HeaderMap,
    request: Request,
) -> Result<Response> {
    let told = declared(&query)?;
    let crs = query
        .crs
        .parse()
        .map_err(|why: spatial::crs::UnknownCrs| ApiError::parameter("crs", why))?;
    let limits = state.config().job_limits();
    let place = tokio::time::timeout(UPLOAD_PATIENCE, UPLOADS.acquire()).await;
    let _place = place
        .map_err(|_| ApiError::unavailable("this node reads as many files as it may"))?
        .map_err(|closed| ApiError::internal(&closed))?;
    let (bytes, name) = file(request, &headers, limits.most_bytes, &state).await?;
    let file_name = query.file_name.or(name).unwrap_or_default();
    let told = Upload { api_key: caller.api_key, file_name, crs, declared: told };
    let uploaded = upload(state.store(), told, bytes, limits, Utc::now()).await?;
    let location = format!("/v1/geocode/csv/{}", uploaded.job.id);
    let answer = Json(UploadedView::from(uploaded));
    Ok((StatusCode::CREATED, [(LOCATION, location)], answer).into_response())
}

/// The bytes of the file, and its name where a form tells it.
async fn file(
    request: Request,
    headers: &HeaderMap,
    most_bytes: usize,
    state: &AppState,
) -> Result<(Bytes, Option<String>)> {
    let told = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or("");
    let too_large = || {
        let why = format!("the file has more than {} MiB", most_bytes >> 20);
        ApiError::new(&problem::BODY_TOO_LARGE, why)
    };
    let is_too_large = |status: StatusCode| status == StatusCode::PAYLOAD_TOO_LARGE;
    if told.starts_with("application/json") {
        let why = format!(
            "got content type {told:?}, this path takes a file: text/csv, a workbook, or a form"
        );
        return Err(ApiError::new(&problem::UNSUPPORTED_MEDIA_TYPE, why));
    }
    if !told.starts_with("multipart/form-data") {
        let bytes = Bytes::from_request(request, state).await.map_err(|rejection| {
            if is_too_large(rejection.status()) {
                too_large()
            } else {
                ApiError::invalid_at("/file", "the body ended before it was complete")
            }
        })?;
        return Ok((bytes, None));
    }
    let broken = |why: &dyn std::fmt::Display| {
        ApiError::invalid_at("/file", format!("the form cannot be read: {why}"))
    };
    let mut form = Multipart::from_request(request, state).await.map_err(|e| broken(&e))?;
    while let Some(part) = form.next_field().await.map_err(|e| broken(&e))? {
        let Some(name) = part.file_name().map(ToOwned::to_owned) else { continue };
        let bytes = part.bytes().await;
        let bytes =
            bytes.map_err(|e| if is_too_large(e.status()) { too_large() } else { broken(&e) })?;
        return Ok((bytes, Some(name)));
    }
    Err(ApiError::invalid_at("/file", "the form has no part with a file name"))
}

fn declared(query: &UploadQuery) -> Result<Declared> {
    let encoding = match query.encoding.as_deref() {
        None => None,
        Some(name) => Some(CsvEncoding::named(name).ok_or_else(|| {
            let why = format!("got {name:?}, it is one of utf-8, gb18030, utf-16le, utf-16be");
            ApiError::parameter("encoding", why)
        })?),
    };
    let separator = match query.separator.as_deref() {
        None => None,
        Some(",") => Some(b','),
        Some(";") => Some(b';'),
        Some("|") => Some(b'|'),
        Some("tab" | "\t") => Some(b'\t'),
        Some(other) => {
            let why = format!("got {other:?}, it is one of , ; | and tab");
            return Err(ApiError::parameter("separator", why));
        }
    };
    let sheet = query.sheet.clone();
    Ok(Declared { encoding, separator, sheet, has_header: query.header, ..Declared::default() })
}

/// Jobs of the key, newest first
///
/// A key that may administer sees those of all keys. In pages: the Link header leads to the next one.
#[utoipa::path(
    get, path = "/v1/geocode/csv", tag = "geocoding", params(JobListQuery),
    responses(
        (status = 200, description = "A page", body = GeocodeJobListView,
            headers(("Link" = String, description = "`<…>; rel=\"next\"` (RFC 8288), absent on the last page"))),
        (status = "4XX", description = "Refused", body = ProblemView, content_type = "application/problem+json"),
        (status = "5XX", description = "Not now", body = ProblemView, content_type = "application/problem+json"),
    )
)]
pub async fn geocode_job_list(
    State(state): State<AppState>,
    Reader(caller): Reader,
    OriginalUri(uri): OriginalUri,
    Query(query): Query<JobListQuery>,
) -> Result<(Option<Link>, Json<GeocodeJobListView>)> {
    let limit = page::limit(query.limit, PAGE)?;
    let sealed = page::filters(&uri);
    let before = query.cursor.as_deref().map(|token| cursor::open(&sealed, token)).transpose()?;
    let viewer = viewer(&caller);
    let mut jobs = state.store().geocode_job_list(viewer, before, i64::from(limit) + 1).await?;
    let is_last = jobs.len() <= limit as usize;
    jobs.truncate(limit as usize);
    let next_cursor =
        jobs.last().filter(|_| !is_last).map(|last| cursor::seal(&sealed, &last.id.0));
    let link = next_cursor.as_deref().map(|cursor| Link::next(&uri, cursor));
    let jobs = jobs.into_iter().map(GeocodeJobView::from).collect();
    Ok((link, Json(GeocodeJobListView { jobs, next_cursor })))
}

/// One job
///
/// Where it stands. `/events` tells the same as it changes.
#[utoipa::path(
    get, path = "/v1/geocode/csv/{id}", tag = "geocoding", params(("id" = String, Path, description = "Id of the job")),
    responses(
        (status = 200, description = "The job", body = GeocodeJobView),
        (status = "4XX", description = "Refused", body = ProblemView, content_type = "application/problem+json"),
        (status = "5XX", description = "Not now", body = ProblemView, content_type = "application/problem+json"),
    )
)]
pub async fn geocode_job_view(
    State(state): State<AppState>,
    Reader(caller): Reader,
    Path(id): Path<String>,
) -> Result<Json<GeocodeJobView>> {
    Ok(Json(job(&state, &caller, &id).await?.into()))
}

/// Start a job
///
/// With what its columns mean. Also starts a cancelled one again, from its first row.
#[utoipa::path(
    post, path = "/v1/geocode/csv/{id}/start", tag = "geocoding", request_body = StartBody,
    params(("id" = String, Path, description = "Id of the job")),
    responses(
        (status = 202, description = "It is worked on", body = GeocodeJobView),
        (status = "4XX", description = "Refused", body = ProblemView, content_type = "application/problem+json"),
        (status = "5XX", description = "Not now", body = ProblemView, content_type = "application/problem+json"),
    )
)]
pub async fn geocode_job_start(
    State(state): State<AppState>,
    Writer(caller): Writer,
    Path(id): Path<String>,
    JsonBody(body): JsonBody<StartBody>,
) -> Result<Response> {
    let (id, mapping) = (parse_id(&id)?, Mapping::from(body.mapping));
    let limits = state.config().job_limits();
    let viewer = viewer(&caller);
    let job = start(state.store(), id, viewer, &mapping, limits, Utc::now()).await?;
    state.geocode_jobs().wake();
    Ok((StatusCode::ACCEPTED, Json(GeocodeJobView::from(job))).into_response())
}

/// Run a finished job again
///
/// Rows whose borders, gazetteer or aliases are others by now are answered anew. `changed` counts those that come out
/// otherwise, `/rows?changed=true` shows them with both answers.
#[utoipa::path(
    post, path = "/v1/geocode/csv/{id}/rerun", tag = "geocoding", params(("id" = String, Path, description = "Id of the job")),
    responses(
        (status = 202, description = "It is worked on", body = GeocodeJobView),
        (status = "4XX", description = "Refused", body = ProblemView, content_type = "application/problem+json"),
        (status = "5XX", description = "Not now", body = ProblemView, content_type = "application/problem+json"),
    )
)]
pub async fn geocode_job_rerun(
    State(state): State<AppState>,
    Writer(caller): Writer,
    Path(id): Path<String>,
) -> Result<Response> {
    let limits = state.config().job_limits();
    let viewer = viewer(&caller);
    let job = rerun(state.store(), parse_id(&id)?, viewer, limits, Utc::now()).await?;
    state.geocode_jobs().wake();
    Ok((StatusCode::ACCEPTED, Json(GeocodeJobView::from(job))).into_response())
}

/// End a job
///
/// One that is not finished is cancelled; its answers so far stay until their time is over. With `purge` its texts are
/// deleted now, whatever state it is in.
#[utoipa::path(
    delete, path = "/v1/geocode/csv/{id}", tag = "geocoding",
    params(("id" = String, Path, description = "Id of the job"), DeleteQuery),
    responses(
        (status = 200, description = "Where it stands now", body = GeocodeJobView),
        (status = "4XX", description = "Refused", body = ProblemView, content_type = "application/problem+json"),
        (status = "5XX", description = "Not now", body = ProblemView, content_type = "application/problem+json"),
    )
)]
pub async fn geocode_job_cancel(
    State(state): State<AppState>,
    Writer(caller): Writer,
    Path(id): Path<String>,
    Query(query): Query<DeleteQuery>,
) -> Result<Json<GeocodeJobView>> {
    let known = job(&state, &caller, &id).await?;
    if query.purge == Some(true) {
        state.store().geocode_job_delete(known.id).await?;
    } else {
        state.store().geocode_job_cancel(known.id).await?;
    }
    Ok(Json(state.store().geocode_job_view(known.id, viewer(&caller)).await?.into()))
}

/// Rows of a job
///
/// In the order of the file, with what was found for each. In pages: the Link header leads to the next one.
#[utoipa::path(
    get, path = "/v1/geocode/csv/{id}/rows", tag = "geocoding",
    params(("id" = String, Path, description = "Id of the job"), JobRowsQuery),
    responses(
        (status = 200, description = "A page", body = JobRowsView,
            headers(("Link" = String, description = "`<…>; rel=\"next\"` (RFC 8288), absent on the last page"))),
        (status = "4XX", description = "Refused", body = ProblemView, content_type = "application/problem+json"),
        (status = "5XX", description = "Not now", body = ProblemView, content_type = "application/problem+json"),
    )
)]
pub async fn geocode_job_rows(
    State(state): State<AppState>,
    Reader(caller): Reader,
    Path(id): Path<String>,
    OriginalUri(uri): OriginalUri,
    Query(query): Query<JobRowsQuery>,
) -> Result<(Option<Link>, Json<JobRowsView>)> {
    let limit = page::limit(query.limit, ROWS)?;
    let sealed = page::filters(&uri);
    let after = query.cursor.as_deref().map(|token| cursor::open(&sealed, token)).transpose()?;
    if query.status.as_ref().is_some_and(|status| status.contains('\0')) {
        return Err(ApiError::parameter("status", "U+0000 in it"));
    }
    let known = job(&state, &caller, &id).await?;
    let filter = RowFilter {
        status: query.status,
        changed: query.changed.unwrap_or(false),
        after: after.unwrap_or(0),
        limit: i64::from(limit) + 1,
    };
    let mut rows = state.store().geocode_job_rows(known.id, &filter).await?;
    let is_last = rows.len() <= limit as usize;
    rows.truncate(limit as usize);
    let next_cursor =
        rows.last().filter(|_| !is_last).map(|last| cursor::seal(&sealed, &last.row_no));
    let link = next_cursor.as_deref().map(|cursor| Link::next(&uri, cursor));
    let rows = rows.into_iter().map(|row| JobRowView::new(&known, row)).collect();
    Ok((link, Json(JobRowsView { rows, next_cursor })))
}

/// The job of this id, if the caller may see it.
pub(super) async fn job(state: &AppState, caller: &Principal, id: &str) -> Result<GeocodeJob> {
    Ok(state.store().geocode_job_view(parse_id(id)?, viewer(caller)).await?)
}

pub(super) fn viewer(caller: &Principal) -> JobViewer {
    JobViewer { api_key: caller.api_key, sees_all: caller.may_administer }
}

fn parse_id(text: &str) -> Result<GeocodeJobId> {
    text.parse().map(GeocodeJobId).map_err(|_| ApiError::not_found("file job", text))
}
