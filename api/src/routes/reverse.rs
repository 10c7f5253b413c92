//! What is there?

use axum::Json;
use axum::extract::State;
use data::actions::geocode::reverse::{
    COARSEST_M, FARTHEST_M, NearPlace, ReverseQuery, Reversed, reverse,
};
use data::domain::grid::GridRef;
use spatial::crs::Crs;
use spatial::geocode::{PlaceKind, Precision};
use spatial::lattice::LatticePoint;
use spatial::measure::tenths;

use super::geocode::{crs_of, snapshots};
use crate::auth::Reader;
use crate::error::{ApiError, Result, chain};
use crate::extract::{JsonBody, Query};
use crate::state::AppState;
use crate::view::geocode::{ElementsView, PointGeometryView};
use crate::view::geocoded::{coordinates, geocode_json};
use crate::view::place::NamedView;
use crate::view::problem::ProblemView;
use crate::view::reverse::{
    AlsoGridView, NearFeatureView, NearPlaceView, ReverseBody, ReverseView, ReversedView,
};

const WITHIN_M: f64 = 500.0;
const PLACES: usize = 5;
const MOST_PLACES: usize = 50;
/// How far a building reaches from its middle, as a rule.
const BUILDING_M: f64 = 25.0;

/// Find the places near a point
///
/// From a point to the nearest addresses, places by name and crossings, with distance and direction, and to the grid it lies in. With
/// `accuracy_m` also to the other grids it may lie in.
#[utoipa::path(
    post, path = "/v1/reverse", tag = "geocoding", request_body = ReverseBody,
    responses(
        (status = 200, description = "The places", body = ReversedView),
        (status = "4XX", description = "Refused", body = ProblemView, content_type = "application/problem+json"),
        (status = "5XX", description = "Not now", body = ProblemView, content_type = "application/problem+json"),
    )
)]
pub async fn reverse_point(
    State(state): State<AppState>,
    Reader(_caller): Reader,
    JsonBody(body): JsonBody<ReverseBody>,
) -> Result<Json<ReversedView>> {
    answer(&state, body).await
}

/// Find the places near a point, by query
///
/// The same as the POST, for links and simple clients.
#[utoipa::path(
    get, path = "/v1/reverse", tag = "geocoding", params(ReverseBody),
    responses(
        (status = 200, description = "The places", body = ReversedView),
        (status = "4XX", description = "Refused", body = ProblemView, content_type = "application/problem+json"),
        (status = "5XX", description = "Not now", body = ProblemView, content_type = "application/problem+json"),
    )
)]
pub async fn reverse_query(
    State(state): State<AppState>,
    Reader(_caller): Reader,
    Query(query): Query<ReverseBody>,
) -> Result<Json<ReversedView>> {
    answer(&state, query).await
}

async fn answer(state: &AppState, body: ReverseBody) -> Result<Json<ReversedView>> {
    let crs = crs_of(body.crs.as_deref())?;
    let query = query(&body, crs)?;
    let (gazetteer, view) = snapshots(state, body.as_of).await?;
    Ok(Json(shown(reverse(&gazetteer, &view, &query), crs)?))
}

fn query(body: &ReverseBody, crs: Crs) -> Result<ReverseQuery> {
    let place = crs
        .to_wgs84(body.lng, body.lat)
        .map_err(|error| ApiError::invalid_at("", chain(&error)))?;
    let within = |pointer: &str, given: Option<f64>, default: f64, most: f64| {
        let value = given.unwrap_or(default);
        if (0.0..=most).contains(&value) {
            return Ok(value);
        }
        Err(ApiError::invalid_at(pointer, format!("got {value}, it is 0 to {most} metres")))
    };
    let limit = body.limit.unwrap_or(PLACES);
    if !(1..=MOST_PLACES).contains(&limit) {
        let detail = format!("got {limit}, it is 1 to {MOST_PLACES}");
        return Err(ApiError::invalid_at("/limit", detail));
    }
    let kinds: Result<Vec<PlaceKind>> = match body.kinds.as_deref() {
        None => Ok(PlaceKind::ALL.to_vec()),
        Some(kinds) => kinds.split(',').map(|kind| kind_named(kind.trim())).collect(),
    };
    Ok(ReverseQuery {
        point: LatticePoint::nearest(place),
        accuracy_m: within("/accuracy_m", body.accuracy_m, 0.0, COARSEST_M)?,
        within_m: within("/within_m", body.within_m, WITHIN_M, FARTHEST_M)?,
        limit,
        kinds: kinds?,
    })
}

fn kind_named(name: &str) -> Result<PlaceKind> {
    PlaceKind::ALL.into_iter().find(|kind| kind_name(*kind) == name).ok_or_else(|| {
        let known = PlaceKind::ALL.map(kind_name).join(", ");
        ApiError::invalid_at("/kinds", format!("got {name:?}, the kinds are {known}"))
    })
}

const fn kind_name(kind: PlaceKind) -> &'static str {
    match kind {
        PlaceKind::Building => "address",
        PlaceKind::Poi => "poi",
        PlaceKind::Crossing => "crossing",
    }
}

fn shown(answer: Reversed, crs: Crs) -> Result<ReversedView> {
    let summary = summary(&answer);
    let features: Result<Vec<NearFeatureView>> =
        answer.places.into_iter().map(|place| feature(place, crs)).collect();
    let also = |(grid, apart_m): (GridRef, f64)| AlsoGridView {
        code: grid.code,
        name: grid.name,
        distance_m: tenths(apart_m),
    };
    Ok(ReversedView {
        r#type: "FeatureCollection".to_owned(),
        geocoding: ReverseView {
            version: "0.1.0".to_owned(),
            attribution: "wangge".to_owned(),
            crs: crs.to_string(),
            summary,
            grid: answer.grid.map(named),
            also_grids: answer.also_grids.into_iter().map(also).collect(),
            boundary_version: answer.boundary_version.0,
            gazetteer_version: answer.gazetteer_version.0,
        },
        features: features?,
    })
}

/// Where it is, as a colleague would say it.
fn summary(answer: &Reversed) -> String {
    let grid = match &answer.grid {
        Some(grid) => format!("位于{}({})", grid.name, grid.code),
        None => "不在任何网格内".to_owned(),
    };
    match answer.places.first() {
        Some(place) => {
            let (side, metres) = (place.near.compass.opposite().word(), place.near.distance_m);
            if metres < 1.0 {
                format!("{}处,{grid}。", place.label())
            } else {
                format!("{}{side}约{metres:.0}米,{grid}。", place.label())
            }
        }
        None => format!("附近没有已知地址,{grid}。"),
    }
}

fn named(grid: GridRef) -> NamedView {
    NamedView { code: grid.code, name: grid.name }
}

fn feature(place: NearPlace, crs: Crs) -> Result<NearFeatureView> {
    let precision = match place.known.kind {
        PlaceKind::Crossing => Precision::Crossing,
        PlaceKind::Building | PlaceKind::Poi if place.known.record.is_some() => Precision::Room,
        PlaceKind::Building | PlaceKind::Poi => Precision::Building,
    };
    let mut geocoding = geocode_json(place.elements(), precision, BUILDING_M);
    geocoding.label = place.label();
    Ok(NearFeatureView {
        r#type: "Feature".to_owned(),
        geometry: PointGeometryView {
            r#type: "Point".to_owned(),
            coordinates: coordinates(place.near.point, crs)?,
        },
        properties: NearPlaceView {
            geocoding,
            kind: kind_name(place.known.kind).to_owned(),
            name: place.known.name.clone(),
            id: place.known.record,
            addresses: place.known.addresses,
            distance_m: tenths(place.near.distance_m),
            bearing_deg: tenths(place.near.bearing_deg),
            bearing: place.near.compass.word().to_owned(),
            elements: ElementsView::from(place.elements()),
            grid: place.grid.map(named),
            community: place.community.map(NamedView::from),
            township: place.township.map(NamedView::from),
            district: place.district.map(NamedView::from),
        },
    })
}
