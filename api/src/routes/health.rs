//! How the service is, and what it can do.

use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};

use tokio::time::timeout;

use crate::state::AppState;
use crate::view::health::{HealthView, ReadyView};
use crate::{metrics, openapi};

/// A probe must not wait for a database that is away.
const PATIENCE: Duration = Duration::from_millis(900);

/// Whether the process lives
///
/// Says nothing about the database: a process that answers here need not be restarted.
#[utoipa::path(
    get, path = "/healthz", tag = "operation", security(()),
    responses((status = 200, description = "It lives", body = HealthView))
)]
pub async fn health_view() -> Json<HealthView> {
    Json(HealthView { status: "ok", version: env!("CARGO_PKG_VERSION") })
}

/// The description of this API
///
/// OpenAPI 3.1.
#[utoipa::path(
    get, path = "/openapi.json", tag = "operation", security(()),
    responses((status = 200, description = "The description", body = Object))
)]
pub async fn openapi_view() -> impl IntoResponse {
    static TEXT: std::sync::LazyLock<String> = std::sync::LazyLock::new(openapi::text);
    ([(CONTENT_TYPE, "application/json")], TEXT.as_str())
}

/// Whether it can do its work
///
/// The database answers and a city is loaded. 503 with the same body otherwise.
#[utoipa::path(
    get, path = "/readyz", tag = "operation", security(()),
    responses(
        (status = 200, description = "It can", body = ReadyView),
        (status = 503, description = "Not yet, or not now", body = ReadyView),
    )
)]
pub async fn ready_view(State(state): State<AppState>) -> Response {
    let view = ready(&state).await;
    let status = if view.ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Json(view)).into_response()
}

async fn ready(state: &AppState) -> ReadyView {
    let database = matches!(timeout(PATIENCE, state.store().ping()).await, Ok(Ok(())));
    let routing = state.routing().now().await.ok();
    ReadyView {
        ready: database && routing.is_some(),
        database,
        boundary_version: routing.as_ref().map(|view| view.boundary_version().0),
        roster_version: routing.as_ref().map(|view| view.roster_version().0),
        map_version: state.tiles().version(),
        grids: routing.map_or(0, |view| view.borders.grids().len()),
    }
}

/// What was counted
///
/// Prometheus text format.
#[utoipa::path(
    get, path = "/metrics", tag = "operation", security(()),
    responses((status = 200, description = "The figures", body = String, content_type = "text/plain"))
)]
pub async fn metrics_view(State(state): State<AppState>) -> impl IntoResponse {
    let tiles = state.tiles().tile_figures();
    metrics::tile_cache(tiles.hits, tiles.misses, tiles.size_bytes);
    if let Ok(Ok(waiting)) = timeout(PATIENCE, state.store().outbox_waiting()).await {
        metrics::outbox_lag(waiting);
    }
    state.metrics().run_upkeep();
    ([(CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], state.metrics().render())
}
