//! The figures of a wall.

use axum::Json;
use axum::extract::State;
use chrono::{SubsecRound, Utc};
use data::actions::wall::wall_stats;

use crate::auth::WallReader;
use crate::error::Result;
use crate::state::AppState;
use crate::view::problem::ProblemView;
use crate::view::wall::WallStatsView;

/// Figures of today and what is open
///
/// Exact for the place `seq` in the stream: follow the stream from there and count on.
#[utoipa::path(
    get, path = "/v1/stats/wall", tag = "wall",
    responses(
        (status = 200, description = "The figures", body = WallStatsView),
        (status = "4XX", description = "Refused", body = ProblemView, content_type = "application/problem+json"),
        (status = "5XX", description = "Not now", body = ProblemView, content_type = "application/problem+json"),
    )
)]
pub async fn wall_view(
    State(state): State<AppState>,
    caller: WallReader,
) -> Result<Json<WallStatsView>> {
    let now = Utc::now().trunc_subsecs(3);
    let figures = wall_stats(state.store(), state.routing(), &caller.scope, now).await?;
    Ok(Json(WallStatsView::new(figures, &state.routing().duty())?))
}
