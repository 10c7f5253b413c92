//! Grids, in pages.

use axum::Json;
use axum::extract::{OriginalUri, State};
use axum::response::{IntoResponse, Response};
use data::domain::grid::Grid;
use data::routing::Borders;

use crate::auth::WallReader;
use crate::cursor;
use crate::error::{ApiError, Result};
use crate::extract::{Path, Query};
use crate::page::{self, Link, check_code};
use crate::state::AppState;
use crate::view::division::{FeatureView, GridListView, GridQuery, GridView, ShapeQuery};
use crate::view::problem::ProblemView;

/// Grids on a page when nothing is said, and at most.
const PAGE: (u32, u32) = (1_000, 5_000);

/// Grids
///
/// Of a division or in a box, sorted by code, in pages: the Link header leads to the next one.
#[utoipa::path(
    get, path = "/v1/grids", tag = "places", params(GridQuery),
    responses(
        (status = 200, description = "A page", body = GridListView,
            headers(("Link" = String, description = "`<…>; rel=\"next\"` (RFC 8288), absent on the last page"))),
        (status = "4XX", description = "Refused", body = ProblemView, content_type = "application/problem+json"),
        (status = "5XX", description = "Not now", body = ProblemView, content_type = "application/problem+json"),
    )
)]
pub async fn grid_list(
    State(state): State<AppState>,
    _caller: WallReader,
    OriginalUri(uri): OriginalUri,
    Query(query): Query<GridQuery>,
) -> Result<(Option<Link>, Json<GridListView>)> {
    let limit = page::limit(query.limit, PAGE)? as usize;
    check_code("community", query.community.as_deref())?;
    let bbox = query.bbox.as_deref().map(parse_bbox).transpose()?;
    let sealed = page::filters(&uri);
    let after: Option<String> =
        query.cursor.as_deref().map(|token| cursor::open(&sealed, token)).transpose()?;

    let view = state.routing().now().await?;
    let mut grids: Vec<&Grid> = view
        .borders
        .grids()
        .iter()
        .filter(|grid| after.as_ref().is_none_or(|after| *after < grid.code))
        .filter(|grid| bbox.is_none_or(|bbox| boxes_meet(bbox, grid.bbox)))
        .filter(|grid| {
            query.community.as_ref().is_none_or(|code| lies_in(&view.borders, grid, code))
        })
        .collect();
    grids.sort_unstable_by(|a, b| a.code.cmp(&b.code));
    let is_last = grids.len() <= limit;
    grids.truncate(limit);

    let next_cursor =
        grids.last().filter(|_| !is_last).map(|last| cursor::seal(&sealed, &last.code));
    let link = next_cursor.as_deref().map(|cursor| Link::next(&uri, cursor));
    let grids = grids.into_iter().map(GridView::from).collect();
    let boundary_version = view.boundary_version().0;
    Ok((link, Json(GridListView { grids, boundary_version, next_cursor })))
}

/// One grid
///
/// With `geometry=true` as a GeoJSON Feature.
#[utoipa::path(
    get, path = "/v1/grids/{code}", tag = "places", params(("code" = String, Path, description = "Code"), ShapeQuery),
    responses(
        (status = 200, description = "The grid, or the Feature", body = GridView),
        (status = "4XX", description = "Refused", body = ProblemView, content_type = "application/problem+json"),
        (status = "5XX", description = "Not now", body = ProblemView, content_type = "application/problem+json"),
    )
)]
pub async fn grid_view(
    State(state): State<AppState>,
    _caller: WallReader,
    Path(code): Path<String>,
    Query(shape): Query<ShapeQuery>,
) -> Result<Response> {
    check_code("code", Some(&code))?;
    let view = state.routing().now().await?;
    let grid = view.borders.grid(&code).ok_or_else(|| ApiError::not_found("grid", &code))?;
    let properties = GridView::from(grid);
    if !shape.geometry {
        return Ok(Json(properties).into_response());
    }
    let geometry = state.store().grid_geometry(grid.grid_id).await?;
    let feature = FeatureView::new(code, grid.bbox, geometry, properties)
        .map_err(|error| ApiError::internal(&error))?;
    Ok(Json(feature).into_response())
}

fn lies_in(borders: &Borders, grid: &Grid, code: &str) -> bool {
    borders.chain_of(grid).nearest_first().any(|division| division.code == code)
}

fn boxes_meet(one: [f64; 4], other: [f64; 4]) -> bool {
    let [west, south, east, north] = one;
    let [other_west, other_south, other_east, other_north] = other;
    west <= other_east && other_west <= east && south <= other_north && other_south <= north
}

fn parse_bbox(text: &str) -> Result<[f64; 4]> {
    let refuse = |why: &str| {
        let detail =
            format!("got {text:?}, {why}; it has the form west,south,east,north in degrees");
        ApiError::parameter("bbox", detail)
    };
    let numbers: Vec<f64> = text
        .split(',')
        .map(|number| number.trim().parse::<f64>())
        .collect::<Result<_, _>>()
        .map_err(|_| refuse("not all of it are numbers"))?;
    let bbox: [f64; 4] = numbers.try_into().map_err(|_| refuse("not four numbers"))?;
    let [west, south, east, north] = bbox;
    let is_on_earth = -180.0 <= west && east <= 180.0 && -90.0 <= south && north <= 90.0;
    if !(is_on_earth && west <= east && south <= north) {
        return Err(refuse("not a box on the earth"));
    }
    Ok(bbox)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_box_is_four_numbers_in_order() {
        let bbox = parse_bbox("103.8, 36.0,103.9,36.1").unwrap();
        assert_eq!(bbox.map(|degrees| degrees.to_string()), ["103.8", "36", "103.9", "36.1"]);
        for text in
            ["", "1,2,3", "a,b,c,d", "2,0,1,1", "0,2,1,1", "0,0,200,1", "nan,0,1,1", "0,0,1,1,1"]
        {
            assert!(parse_bbox(text).is_err(), "{text}");
        }
    }

    #[test]
    fn boxes_that_touch_meet() {
        assert!(boxes_meet([0.0, 0.0, 1.0, 1.0], [1.0, 1.0, 2.0, 2.0]));
        assert!(!boxes_meet([0.0, 0.0, 1.0, 1.0], [1.1, 0.0, 2.0, 1.0]));
    }
}
