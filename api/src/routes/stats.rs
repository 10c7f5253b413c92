//! The figures of a wall.

use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use chrono::{SubsecRound, Utc};
use data::actions::wall::wall_stats;

use crate::auth::WallReader;
use crate::error::{ApiError, Result};
use crate::state::AppState;
use crate::view::problem::ProblemView;
use crate::view::wall::WallStatsView;

/// Figures of today and what is open
///
/// Exact for the place `seq` in the stream: follow the stream from there and count on. Counted at most once a second for
/// each area in sight, however many ask.
#[utoipa::path(
    get, path = "/v1/stats/wall", tag = "wall",
    responses(
        (status = 200, description = "The figures", body = WallStatsView),
        (status = "4XX", description = "Refused", body = ProblemView, content_type = "application/problem+json"),
        (status = "5XX", description = "Not now", body = ProblemView, content_type = "application/problem+json"),
    )
)]
pub async fn wall_view(State(state): State<AppState>, caller: WallReader) -> Result<Response> {
    let counted = async {
        let now = Utc::now().trunc_subsecs(3);
        let figures = wall_stats(state.store(), state.routing(), &caller.scope, now).await?;
        let view = WallStatsView::new(figures, &state.routing().duty())?;
        serde_json::to_vec(&view).map_err(|error| ApiError::internal(&error))
    };
    let body = state.wall_figures().read(caller.scope.code(), counted).await?;
    Ok(([(CONTENT_TYPE, "application/json")], body).into_response())
}
