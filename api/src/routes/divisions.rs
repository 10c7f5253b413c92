//! Divisions: the city, its districts, townships and communities.

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use data::domain::division::{Division, Level, level_name, level_named};

use crate::auth::WallReader;
use crate::error::{ApiError, Result};
use crate::extract::{Path, Query};
use crate::page::{check_code, unless_current};
use crate::state::AppState;
use crate::view::division::{
    DivisionListView, DivisionQuery, DivisionView, FeatureView, ShapeQuery,
};
use crate::view::problem::ProblemView;

/// Divisions
///
/// All of a level, the children of one, or all. Not in pages: a city has some thousand.
#[utoipa::path(
    get, path = "/v1/divisions", tag = "places", params(DivisionQuery),
    responses(
        (status = 200, description = "The divisions, sorted by code", body = DivisionListView),
        (status = 304, description = "As you have it"),
        (status = "4XX", description = "Refused", body = ProblemView, content_type = "application/problem+json"),
        (status = "5XX", description = "Not now", body = ProblemView, content_type = "application/problem+json"),
    )
)]
pub async fn division_list(
    State(state): State<AppState>,
    _caller: WallReader,
    headers: HeaderMap,
    Query(query): Query<DivisionQuery>,
) -> Result<Response> {
    let level = query.level.as_deref().map(parse_level).transpose()?;
    check_code("parent", query.parent.as_deref())?;
    let view = state.routing().now().await?;
    let boundary_version = view.boundary_version().0;
    Ok(unless_current(&headers, boundary_version, || {
        let is_asked = |division: &&Division| {
            level.is_none_or(|level| division.level == level)
                && query
                    .parent
                    .as_ref()
                    .is_none_or(|code| division.parent_code.as_ref() == Some(code))
        };
        let mut divisions: Vec<_> =
            view.borders.divisions().iter().filter(is_asked).map(DivisionView::from).collect();
        divisions.sort_by(|a, b| a.code.cmp(&b.code));
        Json(DivisionListView { divisions, boundary_version }).into_response()
    }))
}

/// One division
///
/// With `geometry=true` as a GeoJSON Feature.
#[utoipa::path(
    get, path = "/v1/divisions/{code}", tag = "places", params(("code" = String, Path, description = "Code"), ShapeQuery),
    responses(
        (status = 200, description = "The division, or the Feature", body = DivisionView),
        (status = "4XX", description = "Refused", body = ProblemView, content_type = "application/problem+json"),
        (status = "5XX", description = "Not now", body = ProblemView, content_type = "application/problem+json"),
    )
)]
pub async fn division_view(
    State(state): State<AppState>,
    _caller: WallReader,
    Path(code): Path<String>,
    Query(shape): Query<ShapeQuery>,
) -> Result<Response> {
    check_code("code", Some(&code))?;
    let view = state.routing().now().await?;
    let division =
        view.borders.division(&code).ok_or_else(|| ApiError::not_found("division", &code))?;
    let properties = DivisionView::from(division);
    if !shape.geometry {
        return Ok(Json(properties).into_response());
    }
    let geometry = state.store().division_geometry(&code, view.boundary_version()).await?;
    let feature = FeatureView::new(code, division.bbox, geometry, properties)
        .map_err(|error| ApiError::internal(&error))?;
    Ok(Json(feature).into_response())
}

fn parse_level(name: &str) -> Result<Level> {
    level_named(name).ok_or_else(|| {
        let known = Level::ALL.map(level_name).join(", ");
        ApiError::parameter("level", format!("got {name:?}, the levels are {known}"))
    })
}
