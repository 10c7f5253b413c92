//! Incidents: reported, read one by one and in pages.

use axum::Json;
use axum::extract::{OriginalUri, State};
use axum::http::header::ETAG;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use data::domain::id::IncidentId;
use data::domain::incident::Channel;
use data::domain::lifecycle::{OPEN_STATES, State as IncidentState};
use data::store::{IncidentCursor, IncidentFilter};

use crate::assets::is_match;
use crate::auth::Reader;
use crate::cursor;
use crate::error::{ApiError, Result};
use crate::extract::{Path, Query};
use crate::page::{self, Link};
use crate::state::AppState;
use crate::view::incident::{IncidentListView, IncidentQuery, IncidentView};
use crate::view::problem::ProblemView;

/// Incidents on a page when nothing is said, and at most.
const PAGE: (u32, u32) = (50, 500);

/// One incident
///
/// With an `ETag`: send it as If-None-Match and get 304 when nothing changed.
#[utoipa::path(
    get, path = "/v1/incidents/{id}", tag = "incidents",
    params(("id" = String, Path, description = "Id of the incident", example = "123")),
    responses(
        (status = 200, description = "The incident", body = IncidentView,
            headers(("ETag" = String, description = "Changes with every change of the incident"))),
        (status = 304, description = "As you have it"),
        (status = "4XX", description = "Refused", body = ProblemView, content_type = "application/problem+json"),
        (status = "5XX", description = "Not now", body = ProblemView, content_type = "application/problem+json"),
    )
)]
pub async fn incident_view(
    State(state): State<AppState>,
    Reader(caller): Reader,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Response> {
    let incident = state.store().incident_view(parse_id(&id)?, &caller.scope).await?;
    let etag = format!("\"{}\"", incident.row_version);
    if is_match(&headers, &etag) {
        return Ok((StatusCode::NOT_MODIFIED, [(ETAG, etag)]).into_response());
    }
    Ok(([(ETAG, etag)], Json(IncidentView::from(incident))).into_response())
}

/// Incidents, newest first
///
/// In pages: the Link header leads to the next one.
#[utoipa::path(
    get, path = "/v1/incidents", tag = "incidents", params(IncidentQuery),
    responses(
        (status = 200, description = "A page", body = IncidentListView,
            headers(("Link" = String, description = "`<…>; rel=\"next\"` (RFC 8288), absent on the last page"))),
        (status = "4XX", description = "Refused", body = ProblemView, content_type = "application/problem+json"),
        (status = "5XX", description = "Not now", body = ProblemView, content_type = "application/problem+json"),
    )
)]
pub async fn incident_list(
    State(state): State<AppState>,
    Reader(caller): Reader,
    OriginalUri(uri): OriginalUri,
    Query(query): Query<IncidentQuery>,
) -> Result<(Option<Link>, Json<IncidentListView>)> {
    let limit = page::limit(query.limit, PAGE)?;
    let sealed = page::filters(&uri);
    let filter = filter(query, &sealed, limit)?;
    let mut incidents = state.store().incident_list(&filter, &caller.scope).await?;
    let is_last = incidents.len() <= limit as usize;
    incidents.truncate(limit as usize);
    let next_cursor = incidents
        .last()
        .filter(|_| !is_last)
        .map(|last| cursor::seal(&sealed, &IncidentCursor::after(last).to_string()));
    let link = next_cursor.as_deref().map(|cursor| Link::next(&uri, cursor));
    let incidents = incidents.into_iter().map(IncidentView::from).collect();
    Ok((link, Json(IncidentListView { incidents, next_cursor })))
}

/// The words of the query as the store understands them; one row more than the page shows whether there is a next one.
fn filter(query: IncidentQuery, sealed: &str, limit: u32) -> Result<IncidentFilter> {
    let states = match query.state.as_deref() {
        None => Vec::new(),
        Some("open") => OPEN_STATES.to_vec(),
        Some(name) => vec![IncidentState::named(name).ok_or_else(|| {
            let known = IncidentState::ALL.iter().map(|state| state.name()).collect::<Vec<_>>();
            ApiError::parameter(
                "state",
                format!("got {name:?}, it is open or one of {}", known.join(", ")),
            )
        })?],
    };
    let channel = match query.channel.as_deref() {
        None => None,
        Some(name) => Some(Channel::named(name).ok_or_else(|| {
            let known = Channel::ALL.map(Channel::name).join(", ");
            ApiError::parameter("channel", format!("got {name:?}, it is one of {known}"))
        })?),
    };
    let cursor = match query.cursor.as_deref() {
        None => None,
        Some(token) => {
            let place: String = cursor::open(sealed, token)?;
            Some(place.parse::<IncidentCursor>()?)
        }
    };
    for (name, code) in [
        ("category", &query.category),
        ("district", &query.district),
        ("township", &query.township),
        ("community", &query.community),
        ("grid", &query.grid),
    ] {
        page::check_code(name, code.as_deref())?;
    }
    Ok(IncidentFilter {
        states,
        channel,
        category: query.category,
        district: query.district,
        township: query.township,
        community: query.community,
        grid: query.grid,
        reported_after: query.reported_after,
        reported_before: query.reported_before,
        cursor,
        limit: limit + 1,
    })
}

fn parse_id(text: &str) -> Result<IncidentId> {
    match text.parse::<i64>() {
        Ok(id) if 0 < id => Ok(IncidentId(id)),
        _ => Err(ApiError::parameter("id", format!("got {text:?}, an id is a positive number"))),
    }
}
