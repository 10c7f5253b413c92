//! Where is this?

use axum::Json;
use axum::extract::State;
use data::actions::locate::{MOST_POINTS, locate_point};
use data::domain::incident::GivenPoint;
use data::error::Fault;
use data::routing::RoutingView;
use spatial::crs::Crs;

use crate::auth::Reader;
use crate::error::{ApiError, Result};
use crate::extract::JsonBody;
use crate::metrics;
use crate::state::AppState;
use crate::view::locate::{LocateAnswer, LocateBody, LocatedListView, LocatedView, PointId};
use crate::view::problem::ProblemView;

/// Above this many points the work leaves the threads that answer requests.
const MANY_POINTS: usize = 256;
/// A request with more bad points than this is told about the first ones only.
const MOST_FAULTS: usize = 100;

/// What is to be located.
enum Asked {
    One(GivenPoint),
    Many(Vec<(Option<PointId>, GivenPoint)>),
}

/// Locate one point or many
///
/// From a coordinate in any declared system to the grid it lies in and everything around it. A point on a border lies in
/// exactly one grid. Send `lng` and `lat`, or `points`.
#[utoipa::path(
    post, path = "/v1/locate", tag = "places", request_body = LocateBody,
    responses(
        (status = 200, description = "Where it lies: for one point a Located, for many a LocatedList", body = LocateAnswer),
        (status = "4XX", description = "Refused", body = ProblemView, content_type = "application/problem+json"),
        (status = "5XX", description = "Not now", body = ProblemView, content_type = "application/problem+json"),
    )
)]
pub async fn locate(
    State(state): State<AppState>,
    Reader(_caller): Reader,
    JsonBody(body): JsonBody<LocateBody>,
) -> Result<Json<LocateAnswer>> {
    let as_of = body.as_of;
    let asked = asked(body)?;
    let view = match as_of {
        None => state.routing().now().await?,
        Some(at) if state.routing().since().is_some_and(|since| at < since) => {
            let detail = format!("got {at}, there are no borders from before the first version");
            return Err(ApiError::invalid_at("/as_of", detail));
        }
        Some(at) => state.routing().at(at).await?,
    };
    let answer = match asked {
        Asked::One(point) => located(&view, None, point).map(Box::new).map(LocateAnswer::One),
        Asked::Many(points) if points.len() < MANY_POINTS => many(&view, points),
        Asked::Many(points) => tokio::task::spawn_blocking(move || many(&view, points))
            .await
            .map_err(|stopped| ApiError::internal(&stopped))?,
    };
    let answer = answer?;
    let (inside, all) = match &answer {
        LocateAnswer::One(one) => (u64::from(one.inside), 1),
        LocateAnswer::Many(many) => (many.inside as u64, many.points.len() as u64),
    };
    metrics::located(inside, all - inside);
    Ok(Json(answer))
}

fn many(view: &RoutingView, points: Vec<(Option<PointId>, GivenPoint)>) -> Result<LocateAnswer> {
    let mut located_points = Vec::with_capacity(points.len());
    let mut faults = Vec::new();
    for (index, (id, point)) in points.into_iter().enumerate() {
        match locate_point(&view.borders, point) {
            Ok(located) => located_points.push(LocatedView::new(id, located, view)),
            Err(fault) if faults.len() < MOST_FAULTS => {
                faults.push(Fault::at(format!("/points/{index}{}", fault.pointer), fault.detail));
            }
            Err(_) => {}
        }
    }
    if !faults.is_empty() {
        return Err(ApiError::invalid(faults));
    }
    let inside = located_points.iter().filter(|point| point.inside).count();
    let boundary_version = view.boundary_version().0;
    Ok(LocateAnswer::Many(LocatedListView { points: located_points, inside, boundary_version }))
}

fn located(view: &RoutingView, id: Option<PointId>, point: GivenPoint) -> Result<LocatedView> {
    let located =
        locate_point(&view.borders, point).map_err(|fault| ApiError::invalid(vec![fault]))?;
    Ok(LocatedView::new(id, located, view))
}

fn asked(body: LocateBody) -> Result<Asked> {
    let crs: Crs = body.crs.parse().map_err(|error: spatial::crs::UnknownCrs| {
        ApiError::invalid_at("/crs", error.to_string())
    })?;
    match (body.lng, body.lat, body.points) {
        (Some(lng), Some(lat), None) => Ok(Asked::One(GivenPoint { lng, lat, crs })),
        (None, None, Some(points)) if points.len() <= MOST_POINTS => {
            let given = |lng, lat| GivenPoint { lng, lat, crs };
            let points = points.into_iter().map(|point| (point.id, given(point.lng, point.lat)));
            Ok(Asked::Many(points.collect()))
        }
        (None, None, Some(points)) => Err(ApiError::invalid_at(
            "/points",
            format!("got {} points, at most {MOST_POINTS} are located at once", points.len()),
        )),
        (None, None, None) => Err(ApiError::invalid_at("", "got neither lng and lat nor points")),
        (_, _, Some(_)) => Err(ApiError::invalid_at("/points", "got both lng or lat and points")),
        (None, Some(_), None) => Err(ApiError::invalid_at("/lng", "got lat without lng")),
        (Some(_), None, None) => Err(ApiError::invalid_at("/lat", "got lng without lat")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::locate::PointBody;

    fn body(lng: Option<f64>, lat: Option<f64>, points: Option<usize>) -> LocateBody {
        let point = PointBody { id: None, lng: 103.8, lat: 36.0 };
        let points = points.map(|count| vec![point; count]);
        LocateBody { crs: "wgs84".to_owned(), lng, lat, points, as_of: None }
    }

    #[test]
    fn a_request_asks_for_one_point_or_for_many_and_for_nothing_else() {
        assert!(matches!(asked(body(Some(1.0), Some(2.0), None)), Ok(Asked::One(_))));
        assert!(matches!(asked(body(None, None, Some(MOST_POINTS))), Ok(Asked::Many(_))));
        for refused in [
            body(None, None, None),
            body(Some(1.0), None, None),
            body(None, Some(1.0), None),
            body(Some(1.0), Some(1.0), Some(1)),
            body(None, None, Some(MOST_POINTS + 1)),
        ] {
            assert_eq!(asked(refused).err().map(|error| error.status().as_u16()), Some(422));
        }
    }
}
