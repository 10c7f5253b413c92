//! Boundary versions: which there are, what each changed, and publishing a new one.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::LOCATION;
use axum::response::{IntoResponse, Response};
use chrono::Utc;
use data::actions::boundary::edits::{self, GivenEdit, MOST_GRIDS};
use data::actions::boundary::publish::{Publication, publish};
use data::actions::boundary::reroute::reroute;
use data::domain::boundary::Edits;
use data::domain::id::BoundaryVersionId;
use data::error::Fault;

use crate::auth::{Publisher, Reader};
use crate::error::{ApiError, Result};
use crate::extract::{JsonBody, Path, Query};
use crate::state::AppState;
use crate::view::boundary::{
    BoundaryDetailView, BoundaryVersionListView, DiffQuery, PublishBody, PublishedView,
    ReroutedView,
};
use crate::view::problem::ProblemView;

/// Boundary versions
///
/// All of them, in the order in which they come into force, those to come too.
#[utoipa::path(
    get, path = "/v1/boundaries", tag = "borders",
    responses(
        (status = 200, description = "The versions", body = BoundaryVersionListView),
        (status = "4XX", description = "Refused", body = ProblemView, content_type = "application/problem+json"),
        (status = "5XX", description = "Not now", body = ProblemView, content_type = "application/problem+json"),
    )
)]
pub async fn boundary_list(
    State(state): State<AppState>,
    Reader(_caller): Reader,
) -> Result<Json<BoundaryVersionListView>> {
    let records = state.store().boundary_records().await?;
    let boundary_versions = records.into_iter().map(Into::into).collect();
    Ok(Json(BoundaryVersionListView { boundary_versions }))
}

/// One boundary version
///
/// With the grids that differ from the version before, or from another one.
#[utoipa::path(
    get, path = "/v1/boundaries/{version}", tag = "borders",
    params(("version" = i32, Path, description = "Number of the version"), DiffQuery),
    responses(
        (status = 200, description = "The version", body = BoundaryDetailView),
        (status = "4XX", description = "Refused", body = ProblemView, content_type = "application/problem+json"),
        (status = "5XX", description = "Not now", body = ProblemView, content_type = "application/problem+json"),
    )
)]
pub async fn boundary_view(
    State(state): State<AppState>,
    Reader(_caller): Reader,
    Path(version): Path<i32>,
    Query(query): Query<DiffQuery>,
) -> Result<Json<BoundaryDetailView>> {
    let records = state.store().boundary_records().await?;
    let at = |id: i32| records.iter().position(|record| record.id.0 == id);
    let unknown = |id: i32| ApiError::not_found("boundary version", id.to_string());
    let place = at(version).ok_or_else(|| unknown(version))?;
    let from = match query.from {
        Some(from) => Some(at(from).ok_or_else(|| unknown(from)).map(|_| BoundaryVersionId(from))?),
        None => place.checked_sub(1).and_then(|before| records.get(before)).map(|record| record.id),
    };
    let record = records.get(place).cloned().ok_or_else(|| unknown(version))?;
    let grids = match from {
        Some(from) => state.store().boundary_diff(from, record.id).await?,
        None => Vec::new(),
    };
    Ok(Json(BoundaryDetailView {
        version: record.into(),
        compared_with: from.map(|from| from.0),
        grids: grids.into_iter().map(Into::into).collect(),
    }))
}

/// Publish borders
///
/// Edited grids become a new boundary version, in one transaction or not at all. They may leave no gap and make no overlap;
/// every place where they would is named. Needs a key that may publish.
#[utoipa::path(
    post, path = "/v1/boundaries", tag = "borders", request_body = PublishBody,
    responses(
        (status = 201, description = "Published", body = PublishedView,
            headers(("Location" = String, description = "Where the version is read"))),
        (status = 200, description = "Nothing was published: `dry_run`, or nothing differs", body = PublishedView),
        (status = "4XX", description = "Refused; nothing was written", body = ProblemView, content_type = "application/problem+json"),
        (status = "5XX", description = "Not now", body = ProblemView, content_type = "application/problem+json"),
    )
)]
pub async fn boundary_publish(
    State(state): State<AppState>,
    Publisher(caller): Publisher,
    JsonBody(body): JsonBody<PublishBody>,
) -> Result<Response> {
    if MOST_GRIDS < body.grids.len() {
        let detail = format!("got {} grids, at most {MOST_GRIDS} at once", body.grids.len());
        return Err(ApiError::invalid_at("/grids", detail));
    }
    if 1_000 < body.note.chars().count() || body.note.contains('\0') {
        return Err(ApiError::invalid_at("/note", "more than 1,000 characters, or U+0000 in it"));
    }
    let given: Vec<GivenEdit> = body.grids.into_iter().map(Into::into).collect();
    let changed = tokio::task::spawn_blocking(move || read_all(given))
        .await
        .map_err(|stopped| ApiError::internal(&stopped))?
        .map_err(ApiError::invalid)?;
    let publication = Publication {
        edits: Edits { changed, ended: body.ended },
        base: body.base_version.map(BoundaryVersionId),
        effective_at: body.effective_at,
        note: body.note,
        by: format!("api_key:{}", caller.api_key),
        move_divisions: body.move_divisions,
        dry_run: body.dry_run,
        scope: caller.scope,
    };
    let published = publish(state.store(), publication, Utc::now()).await?;
    let version = published.boundary_version;
    let answer = Json(PublishedView::from(published));
    let Some(version) = version else { return Ok(answer.into_response()) };
    // Whoever was told of it and asks this node gets it; the others follow the stream.
    state.stream().committed().notify_one();
    state.routing().reload_if_older_than(state.store().newest_versions().await?).await?;
    let location = format!("/v1/boundaries/{version}");
    Ok((StatusCode::CREATED, [(LOCATION, location)], answer).into_response())
}

fn read_all(given: Vec<GivenEdit>) -> Result<Vec<data::domain::boundary::GridEdit>, Vec<Fault>> {
    let mut faults = Vec::new();
    let mut changed = Vec::with_capacity(given.len());
    for (at, edit) in given.into_iter().enumerate() {
        match edits::read(at, edit) {
            Ok(edit) => changed.push(edit),
            Err(more) => faults.extend(more),
        }
    }
    if faults.is_empty() { Ok(changed) } else { Err(faults) }
}

/// Re-route cases by the borders in force
///
/// Cases nobody works on yet, whose place lies in another grid now than when they were given to somebody, are given to
/// whoever is responsible now, each with a line in its log. The grid of their event time stays with them. At most 1,000 at
/// once, in the area of the key. Needs a key that may publish.
#[utoipa::path(
    post, path = "/v1/boundaries/reroute", tag = "borders",
    responses(
        (status = 200, description = "What was re-routed", body = ReroutedView),
        (status = "4XX", description = "Refused", body = ProblemView, content_type = "application/problem+json"),
        (status = "5XX", description = "Not now", body = ProblemView, content_type = "application/problem+json"),
    )
)]
pub async fn boundary_reroute(
    State(state): State<AppState>,
    Publisher(caller): Publisher,
) -> Result<Json<ReroutedView>> {
    let actor = format!("api_key:{}", caller.api_key);
    let rerouted =
        reroute(state.store(), state.routing(), &caller.scope, &actor, Utc::now()).await?;
    state.stream().committed().notify_one();
    Ok(Json(rerouted.into()))
}
