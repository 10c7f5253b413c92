//! Every URL on one page, grouped by who calls it.

use std::time::Duration;

use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn;
use axum::routing::{get, post};
use axum::{Router, middleware};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;

use crate::layers;
use crate::routes::{
    aliases, boundaries, categories, crs, divisions, docs, geocode, geocode_jobs, geocode_results,
    grids, health, incidents, locate, pages, reports, reverse, stats, stream, suggest, tiles,
};
use crate::state::AppState;

/// Largest body taken: 10,000 points or 1,000 incidents with room to spare.
const BODY_LIMIT_BYTES: usize = 8 * 1024 * 1024;

/// The whole service.
pub fn app(state: AppState) -> Router {
    let limit = Duration::from_secs(state.config().request_timeout_s);
    urls(state.config().job_limits().most_bytes)
        .fallback(pages::page_view)
        .method_not_allowed_fallback(pages::method_refused)
        .layer(CompressionLayer::new())
        .layer(DefaultBodyLimit::max(BODY_LIMIT_BYTES))
        .layer(from_fn(move |request, next| layers::limit_time(limit, request, next)))
        .layer(CatchPanicLayer::custom(layers::panicked))
        .layer(middleware::from_fn(layers::protect))
        .layer(middleware::from_fn(layers::observe))
        .with_state(state)
}

fn urls(largest_file_bytes: usize) -> Router<AppState> {
    let file = DefaultBodyLimit::max(largest_file_bytes);
    Router::new()
        // API clients: hotline desks, mini-programs, department systems.
        .route("/v1/incidents", post(reports::incident_report).get(incidents::incident_list))
        .route("/v1/incidents/batch", post(reports::incident_report_batch))
        .route("/v1/incidents/{id}", get(incidents::incident_view))
        .route("/v1/locate", post(locate::locate))
        // Texts to places.
        .route("/v1/geocode", post(geocode::geocode_text).get(geocode::geocode_query))
        .route("/v1/geocode/batch", post(geocode::geocode_rows))
        .route("/v1/suggest", get(suggest::suggest_typed))
        .route("/v1/reverse", post(reverse::reverse_point).get(reverse::reverse_query))
        .route("/v1/crs", post(crs::crs_convert).get(crs::crs_list))
        // Files of addresses.
        .route(
            "/v1/geocode/csv",
            get(geocode_jobs::geocode_job_list).post(geocode_jobs::geocode_job_upload).layer(file),
        )
        .route(
            "/v1/geocode/csv/{id}",
            get(geocode_jobs::geocode_job_view).delete(geocode_jobs::geocode_job_cancel),
        )
        .route("/v1/geocode/csv/{id}/start", post(geocode_jobs::geocode_job_start))
        .route("/v1/geocode/csv/{id}/rerun", post(geocode_jobs::geocode_job_rerun))
        .route("/v1/geocode/csv/{id}/rows", get(geocode_jobs::geocode_job_rows))
        .route("/v1/geocode/csv/{id}/events", get(geocode_results::geocode_job_events))
        .route("/v1/geocode/csv/{id}/result", get(geocode_results::geocode_job_result))
        // Desks that know what people call a place.
        .route("/v1/aliases", get(aliases::alias_list).post(aliases::alias_propose))
        .route("/v1/aliases/{id}", get(aliases::alias_view))
        .route("/v1/aliases/{id}/approve", post(aliases::alias_approve))
        .route("/v1/aliases/{id}/reject", post(aliases::alias_reject))
        .route("/v1/aliases/{id}/expire", post(aliases::alias_expire))
        // Planners.
        .route("/v1/boundaries", get(boundaries::boundary_list).post(boundaries::boundary_publish))
        .route("/v1/boundaries/reroute", post(boundaries::boundary_reroute))
        .route("/v1/boundaries/{version}", get(boundaries::boundary_view))
        // The wall, and clients that show the city.
        .route("/v1/divisions", get(divisions::division_list))
        .route("/v1/divisions/{code}", get(divisions::division_view))
        .route("/v1/categories", get(categories::category_list))
        .route("/v1/grids", get(grids::grid_list))
        .route("/v1/grids/{code}", get(grids::grid_view))
        .route("/v1/stats/wall", get(stats::wall_view))
        .route("/v1/stream", get(stream::stream_view))
        // The map of the wall, the planner and any other map client.
        .route("/tiles", get(tiles::layer_list))
        .route("/tiles/{layer}", get(tiles::tilejson_view))
        .route("/tiles/{layer}/{version}/{z}/{x}/{y}", get(tiles::tile_view))
        .route("/fonts/{stack}/{range}", get(tiles::font_view))
        // Operation: probes, scraper, client generators.
        .route("/healthz", get(health::health_view))
        .route("/readyz", get(health::ready_view))
        .route("/metrics", get(health::metrics_view))
        .route("/openapi.json", get(health::openapi_view))
        // People; whatever else the browser build holds is served by the fallback.
        .route("/problems", get(pages::problem_list))
        .route("/problems/{slug}", get(pages::problem_view))
        .merge(docs::pages())
}
