//! Aliases: what people call a place, proposed by whoever writes, decided by whoever may approve.

use axum::Json;
use axum::extract::{OriginalUri, State};
use axum::http::StatusCode;
use axum::http::header::LOCATION;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use data::actions::alias::approve::approve;
use data::actions::alias::expire::expire;
use data::actions::alias::propose::propose;
use data::actions::alias::reject::reject;
use data::actions::alias::{Actor, is_in_sight};
use data::domain::alias::{Alias, AliasState, LONGEST_REASON};
use data::domain::id::AliasId;
use data::store::{AliasFilter, Principal};
use data::{DataError, Store};

use crate::auth::{Approver, Reader, Writer};
use crate::cursor;
use crate::error::{ApiError, Result};
use crate::extract::{JsonBody, Path, Query};
use crate::page::{self, Link};
use crate::state::AppState;
use crate::view::alias::{
    AliasBody, AliasDecisionBody, AliasDetailView, AliasListView, AliasQuery, AliasView,
};
use crate::view::problem::ProblemView;

/// Aliases on a page when nothing is said, and at most.
const PAGE: (u32, u32) = (50, 500);

/// Aliases, newest first
///
/// Those said in the area of the key, around it, and in the whole city. In pages: the Link header leads to the next one.
#[utoipa::path(
    get, path = "/v1/aliases", tag = "geocoding", params(AliasQuery),
    responses(
        (status = 200, description = "A page", body = AliasListView,
            headers(("Link" = String, description = "`<…>; rel=\"next\"` (RFC 8288), absent on the last page"))),
        (status = "4XX", description = "Refused", body = ProblemView, content_type = "application/problem+json"),
        (status = "5XX", description = "Not now", body = ProblemView, content_type = "application/problem+json"),
    )
)]
pub async fn alias_list(
    State(state): State<AppState>,
    Reader(caller): Reader,
    OriginalUri(uri): OriginalUri,
    Query(query): Query<AliasQuery>,
) -> Result<(Option<Link>, Json<AliasListView>)> {
    let limit = page::limit(query.limit, PAGE)?;
    let sealed = page::filters(&uri);
    page::check_code("scope", query.scope.as_deref())?;
    if query.text.as_ref().is_some_and(|text| text.contains('\0') || 200 < text.chars().count()) {
        return Err(ApiError::parameter("text", "more than 200 characters, or U+0000 in it"));
    }
    let filter = AliasFilter {
        state: query.state.as_deref().map(alias_state).transpose()?,
        text: query.text,
        scope_code: query.scope,
        area: caller.scope.code().map(ToOwned::to_owned),
        before: query.cursor.as_deref().map(|token| cursor::open(&sealed, token)).transpose()?,
        limit: i64::from(limit) + 1,
    };
    let mut aliases = state.store().alias_list(&filter).await?;
    let is_last = aliases.len() <= limit as usize;
    aliases.truncate(limit as usize);
    let last = aliases.last().filter(|_| !is_last);
    let next_cursor = last.map(|last| cursor::seal(&sealed, &last.alias_id.0));
    let link = next_cursor.as_deref().map(|cursor| Link::next(&uri, cursor));
    let aliases = aliases.into_iter().map(AliasView::from).collect();
    Ok((link, Json(AliasListView { aliases, next_cursor })))
}

/// One alias
///
/// With everything that was done to it, and by which key.
#[utoipa::path(
    get, path = "/v1/aliases/{id}", tag = "geocoding", params(("id" = i32, Path, description = "Number of the alias")),
    responses(
        (status = 200, description = "The alias", body = AliasDetailView),
        (status = "4XX", description = "Refused", body = ProblemView, content_type = "application/problem+json"),
        (status = "5XX", description = "Not now", body = ProblemView, content_type = "application/problem+json"),
    )
)]
pub async fn alias_view(
    State(state): State<AppState>,
    Reader(caller): Reader,
    Path(id): Path<i32>,
) -> Result<Json<AliasDetailView>> {
    let alias = state.store().alias_view(AliasId(id)).await?;
    if !is_in_sight(&caller.scope, &alias) {
        return Err(ApiError::not_found("alias", id));
    }
    detail(&state, alias).await
}

/// Propose an alias
///
/// Nothing is read differently until it is approved. An official name is refused, and so is a word that has another
/// meaning in the same division and time; the detail says which. Needs a key that may write.
#[utoipa::path(
    post, path = "/v1/aliases", tag = "geocoding", request_body = AliasBody,
    responses(
        (status = 201, description = "Proposed", body = AliasView,
            headers(("Location" = String, description = "Where the alias is read"))),
        (status = "4XX", description = "Refused; nothing was written", body = ProblemView, content_type = "application/problem+json"),
        (status = "5XX", description = "Not now", body = ProblemView, content_type = "application/problem+json"),
    )
)]
pub async fn alias_propose(
    State(state): State<AppState>,
    Writer(caller): Writer,
    JsonBody(body): JsonBody<AliasBody>,
) -> Result<Response> {
    let proposal = body.into_proposal().map_err(|fault| ApiError::invalid(vec![fault]))?;
    let actor = actor(&caller);
    let alias = propose(state.store(), state.routing(), proposal, &actor, Utc::now()).await?;
    state.stream().committed().notify_one();
    let location = format!("/v1/aliases/{}", alias.alias_id);
    Ok((StatusCode::CREATED, [(LOCATION, location)], Json(AliasView::from(alias))).into_response())
}

/// Approve an alias
///
/// It is read from now on, or from its `valid_from` on, by all nodes within a second. Needs a key that may approve.
#[utoipa::path(
    post, path = "/v1/aliases/{id}/approve", tag = "geocoding", request_body = AliasDecisionBody,
    params(("id" = i32, Path, description = "Number of the alias")),
    responses(
        (status = 200, description = "Approved", body = AliasDetailView),
        (status = "4XX", description = "Refused; nothing was written", body = ProblemView, content_type = "application/problem+json"),
        (status = "5XX", description = "Not now", body = ProblemView, content_type = "application/problem+json"),
    )
)]
pub async fn alias_approve(
    State(state): State<AppState>,
    Approver(caller): Approver,
    Path(id): Path<i32>,
    JsonBody(body): JsonBody<AliasDecisionBody>,
) -> Result<Json<AliasDetailView>> {
    decide(&state, &caller, id, &body, approve).await
}

/// Reject an alias
///
/// A proposed one is never read. Needs a key that may approve.
#[utoipa::path(
    post, path = "/v1/aliases/{id}/reject", tag = "geocoding", request_body = AliasDecisionBody,
    params(("id" = i32, Path, description = "Number of the alias")),
    responses(
        (status = 200, description = "Rejected", body = AliasDetailView),
        (status = "4XX", description = "Refused; nothing was written", body = ProblemView, content_type = "application/problem+json"),
        (status = "5XX", description = "Not now", body = ProblemView, content_type = "application/problem+json"),
    )
)]
pub async fn alias_reject(
    State(state): State<AppState>,
    Approver(caller): Approver,
    Path(id): Path<i32>,
    JsonBody(body): JsonBody<AliasDecisionBody>,
) -> Result<Json<AliasDetailView>> {
    decide(&state, &caller, id, &body, reject).await
}

/// End an alias
///
/// It is read no more, on all nodes within a second. Needs a key that may approve.
#[utoipa::path(
    post, path = "/v1/aliases/{id}/expire", tag = "geocoding", request_body = AliasDecisionBody,
    params(("id" = i32, Path, description = "Number of the alias")),
    responses(
        (status = 200, description = "Ended", body = AliasDetailView),
        (status = "4XX", description = "Refused; nothing was written", body = ProblemView, content_type = "application/problem+json"),
        (status = "5XX", description = "Not now", body = ProblemView, content_type = "application/problem+json"),
    )
)]
pub async fn alias_expire(
    State(state): State<AppState>,
    Approver(caller): Approver,
    Path(id): Path<i32>,
    JsonBody(body): JsonBody<AliasDecisionBody>,
) -> Result<Json<AliasDetailView>> {
    decide(&state, &caller, id, &body, expire).await
}

/// Decides on an alias by `act`. Whoever was told of it and asks this node finds it; the others follow the stream.
async fn decide(
    state: &AppState,
    caller: &Principal,
    id: i32,
    body: &AliasDecisionBody,
    act: impl AsyncFnOnce(&Store, AliasId, &Actor, &str, DateTime<Utc>) -> Result<Alias, DataError>,
) -> Result<Json<AliasDetailView>> {
    let reason = reason(body)?;
    let alias = act(state.store(), AliasId(id), &actor(caller), reason, Utc::now()).await?;
    state.stream().committed().notify_one();
    state.geocoder().catch_up().await?;
    detail(state, alias).await
}

async fn detail(state: &AppState, alias: Alias) -> Result<Json<AliasDetailView>> {
    let log = state.store().alias_events(alias.alias_id).await?;
    Ok(Json(AliasDetailView::new(alias, log)))
}

fn actor(caller: &Principal) -> Actor {
    Actor { name: format!("api_key:{}", caller.api_key), scope: caller.scope.clone() }
}

fn reason(body: &AliasDecisionBody) -> Result<&str> {
    let reason = body.reason.trim();
    if LONGEST_REASON < reason.chars().count() || reason.contains('\0') {
        let why = format!("more than {LONGEST_REASON} characters, or U+0000 in it");
        return Err(ApiError::invalid_at("/reason", why));
    }
    Ok(reason)
}

fn alias_state(name: &str) -> Result<AliasState> {
    AliasState::named(name).ok_or_else(|| {
        let known = AliasState::ALL.iter().map(|state| state.name()).collect::<Vec<_>>();
        ApiError::parameter("state", format!("got {name:?}, it is one of {}", known.join(", ")))
    })
}
