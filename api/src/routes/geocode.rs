//! What place does a text mean?

use std::sync::Arc;
use std::time::Instant;

use axum::Json;
use axum::extract::State;
use chrono::{DateTime, Utc};
use data::actions::geocode::{
    Asked, Geocoded, LONGEST_QUERY, MOST_CANDIDATES, MOST_ROWS, Query as Question, geocode,
    geocode_batch,
};
use data::domain::incident::GivenPoint;
use data::error::Fault;
use data::geocode::Gazetteer;
use data::routing::RoutingView;
use data::store::Principal;
use spatial::crs::Crs;
use spatial::geocode::Elements;

use crate::auth::Reader;
use crate::error::{ApiError, Result};
use crate::extract::{JsonBody, Query};
use crate::metrics;
use crate::state::AppState;
use crate::view::geocode::{
    CrsFindingView, GeocodedBatchView, GeocodedRowView, GeocodedView, VerdictCountsView,
};
use crate::view::geocode_ask::{
    AddressBody, GeocodeBatchBody, GeocodeBody, GeocodeQuery, GivenPointBody,
};
use crate::view::geocoded::word;
use crate::view::incident::HolderView;
use crate::view::problem::ProblemView;
use crate::view::reason::ReasonView;

const CANDIDATES: usize = 5;
/// Above this many rows the work leaves the threads that answer requests.
const MANY_ROWS: usize = 8;

/// Find the place of a text
///
/// From anything somebody wrote to the place it means, its grid and who is responsible there, with a trace of every element, the chance
/// of every candidate, and the one question that tells them apart. Send `text` or `address`; with `point`, whether the two
/// agree is told.
#[utoipa::path(
    post, path = "/v1/geocode", tag = "geocoding", request_body = GeocodeBody,
    responses(
        (status = 200, description = "The candidates", body = GeocodedView),
        (status = "4XX", description = "Refused", body = ProblemView, content_type = "application/problem+json"),
        (status = "5XX", description = "Not now", body = ProblemView, content_type = "application/problem+json"),
    )
)]
pub async fn geocode_text(
    State(state): State<AppState>,
    Reader(caller): Reader,
    JsonBody(body): JsonBody<GeocodeBody>,
) -> Result<Json<GeocodedView>> {
    answer(&state, &caller, body).await
}

/// Find the place of a text, by query
///
/// The same as the POST, for links and simple clients.
#[utoipa::path(
    get, path = "/v1/geocode", tag = "geocoding", params(GeocodeQuery),
    responses(
        (status = 200, description = "The candidates", body = GeocodedView),
        (status = "4XX", description = "Refused", body = ProblemView, content_type = "application/problem+json"),
        (status = "5XX", description = "Not now", body = ProblemView, content_type = "application/problem+json"),
    )
)]
pub async fn geocode_query(
    State(state): State<AppState>,
    Reader(caller): Reader,
    Query(query): Query<GeocodeQuery>,
) -> Result<Json<GeocodedView>> {
    let GeocodeQuery { q, crs, area, category, limit, as_of } = query;
    if q.is_none() {
        return Err(ApiError::parameter("q", "missing: the text to find"));
    }
    let body = GeocodeBody { crs, text: q, area, category, limit, as_of, ..GeocodeBody::default() };
    answer(&state, &caller, body).await
}

async fn answer(
    state: &AppState,
    caller: &Principal,
    body: GeocodeBody,
) -> Result<Json<GeocodedView>> {
    let begun = Instant::now();
    let crs = crs_of(body.crs.as_deref())?;
    let limit = body.limit.unwrap_or(CANDIDATES);
    if !(1..=MOST_CANDIDATES).contains(&limit) {
        let detail = format!("got {limit}, it is 1 to {MOST_CANDIDATES}");
        return Err(ApiError::invalid_at("/limit", detail));
    }
    let asked = asked(body.text, body.address).map_err(|fault| ApiError::invalid(vec![fault]))?;
    let (gazetteer, view) = snapshots(state, body.as_of).await?;
    let category = match body.category.as_deref() {
        None => None,
        Some(code) => Some(view.duty.category(code).cloned().ok_or_else(|| {
            ApiError::invalid_at("/category", format!("there is no category {code:?}"))
        })?),
    };
    let area = body.area.or_else(|| caller.scope.code().map(str::to_owned));
    let question = Question { asked, area, limit, text_crs: Some(crs) };
    let mut found = geocode(&gazetteer, &view, &question);
    let point = body.point.map(|point| given(&point, crs)).transpose()?;
    if let Some(point) = point {
        found.compare(&view, point).map_err(|why| ApiError::invalid_at("/point", why))?;
    }
    let caller_sends = point.zip(found.accepted()).and_then(|(point, sure)| {
        state.geocoder().witness(caller.api_key, point, sure.found.point)
    });
    let choice =
        found.candidates.first().map(|first| first.choose(&view, category.as_ref(), Utc::now()));
    metrics::geocoded(&word(&found.verdict), begun.elapsed());
    let mut shown = GeocodedView::new(found, crs)?;
    if let Some(point) = &mut shown.geocoding.point {
        point.caller = caller_sends.map(CrsFindingView::from);
    }
    if let (Some(choice), Some(first)) = (choice, shown.features.first_mut()) {
        let cases = state.store().open_cases(&choice).await?;
        let decided = choice.decide(|worker| cases.get(&worker).copied().unwrap_or(0));
        let why = decided.as_ref().map(|decided| ReasonView::from(&decided.why));
        first.properties.responsible_because = why;
        first.properties.responsible = decided.map(|decided| HolderView::from(decided.holder));
    }
    Ok(Json(shown))
}

/// Find the places of many texts
///
/// At most 1,000 rows; larger files go to `/v1/geocode/csv`. A row that cannot be asked is told and sinks no other.
#[utoipa::path(
    post, path = "/v1/geocode/batch", tag = "geocoding", request_body = GeocodeBatchBody,
    responses(
        (status = 200, description = "What became of each row", body = GeocodedBatchView),
        (status = "4XX", description = "Refused", body = ProblemView, content_type = "application/problem+json"),
        (status = "5XX", description = "Not now", body = ProblemView, content_type = "application/problem+json"),
    )
)]
pub async fn geocode_rows(
    State(state): State<AppState>,
    Reader(caller): Reader,
    JsonBody(body): JsonBody<GeocodeBatchBody>,
) -> Result<Json<GeocodedBatchView>> {
    let crs = crs_of(body.crs.as_deref())?;
    if body.rows.len() > MOST_ROWS {
        let detail = format!("got {} rows, at most {MOST_ROWS} at once", body.rows.len());
        return Err(ApiError::invalid_at("/rows", detail));
    }
    let (gazetteer, view) = snapshots(&state, body.as_of).await?;
    let area = body.area.or_else(|| caller.scope.code().map(str::to_owned));
    let (mut rows, mut questions, mut asked_rows) = (Vec::new(), Vec::new(), Vec::new());
    for (index, row) in body.rows.into_iter().enumerate() {
        let point = row.point.map(|point| row_point(&point, crs)).transpose();
        match asked(row.text, row.address).and_then(|asked| Ok((asked, point?))) {
            Ok((asked, point)) => {
                let (area, text_crs) = (area.clone(), Some(crs));
                questions.push(Question { asked, area, limit: CANDIDATES, text_crs });
                asked_rows.push((index, point));
                rows.push(GeocodedRowView { id: row.id, ..GeocodedRowView::default() });
            }
            Err(fault) => rows.push(GeocodedRowView {
                id: row.id,
                status: "invalid".to_owned(),
                fault: Some(fault.detail),
                ..GeocodedRowView::default()
            }),
        }
    }
    let begun = Instant::now();
    let (boundary_version, gazetteer_version) = (view.boundary_version().0, gazetteer.version().0);
    let mut answers = if questions.len() < MANY_ROWS {
        geocode_batch(&gazetteer, &view, &questions)
    } else {
        let view = view.clone();
        tokio::task::spawn_blocking(move || geocode_batch(&gazetteer, &view, &questions))
            .await
            .map_err(|stopped| ApiError::internal(&stopped))?
    };
    let each = begun.elapsed() / answers.len().max(1) as u32;
    let invalid = (rows.len() - answers.len()) as u64;
    let mut counts = VerdictCountsView { invalid, ..VerdictCountsView::default() };
    for ((index, point), answer) in asked_rows.into_iter().zip(&mut answers) {
        if let Some(point) = point {
            // It was read in its system before.
            answer.compare(&view, point).ok();
            if let Some(sure) = answer.accepted() {
                state.geocoder().witness(caller.api_key, point, sure.found.point);
            }
        }
        metrics::geocoded(&word(&answer.verdict), each);
        counts.add(answer);
        if let Some(row) = rows.get_mut(index) {
            *row = GeocodedRowView::new(row.id.take(), answer, crs)?;
        }
    }
    Ok(Json(GeocodedBatchView {
        rows,
        counts,
        crs: crs.to_string(),
        boundary_version,
        gazetteer_version,
    }))
}

impl VerdictCountsView {
    fn add(&mut self, answer: &Geocoded) {
        use spatial::geocode::Verdict;
        let count = match answer.verdict {
            Verdict::Accepted => &mut self.accepted,
            Verdict::Ambiguous => &mut self.ambiguous,
            Verdict::Doubtful => &mut self.doubtful,
            Verdict::NotFound => &mut self.not_found,
        };
        *count += 1;
    }
}

/// The gazetteer of now and the borders of the asked time.
pub(super) async fn snapshots(
    state: &AppState,
    as_of: Option<DateTime<Utc>>,
) -> Result<(Arc<Gazetteer>, RoutingView)> {
    let view = match as_of {
        None => state.routing().now().await?,
        Some(at) if state.routing().since().is_some_and(|since| at < since) => {
            let detail = format!("got {at}, there are no borders from before the first version");
            return Err(ApiError::invalid_at("/as_of", detail));
        }
        Some(at) => state.routing().at(at).await?,
    };
    Ok((state.geocoder().now()?, view))
}

/// A point beside a text; its system is that of the request unless it names one.
fn given(point: &GivenPointBody, crs: Crs) -> Result<GivenPoint> {
    let crs = match point.crs.as_deref() {
        None => crs,
        Some(name) => name.parse().map_err(|error: spatial::crs::UnknownCrs| {
            ApiError::invalid_at("/point/crs", error.to_string())
        })?,
    };
    Ok(GivenPoint { lng: point.lng, lat: point.lat, crs })
}

/// The point of a row, if its numbers are a place of its system.
fn row_point(point: &GivenPointBody, crs: Crs) -> Result<GivenPoint, Fault> {
    let refused = |detail: String| Fault::at("/point", detail);
    let crs = match point.crs.as_deref() {
        None => crs,
        Some(name) => {
            name.parse().map_err(|error: spatial::crs::UnknownCrs| refused(error.to_string()))?
        }
    };
    let given = GivenPoint { lng: point.lng, lat: point.lat, crs };
    crs.to_wgs84(given.lng, given.lat).map_err(|error| refused(error.to_string()))?;
    Ok(given)
}

/// The declared system; there is none that is meant silently.
pub(super) fn crs_of(name: Option<&str>) -> Result<Crs> {
    let Some(name) = name else {
        let detail =
            "missing: name the system of the coordinates, such as wgs84, cgcs2000, gcj02 or bd09";
        return Err(ApiError::invalid_at("/crs", detail));
    };
    name.parse()
        .map_err(|error: spatial::crs::UnknownCrs| ApiError::invalid_at("/crs", error.to_string()))
}

fn asked(text: Option<String>, address: Option<AddressBody>) -> Result<Asked, Fault> {
    let too_long = |text: &str| LONGEST_QUERY < text.chars().count();
    match (text, address) {
        (Some(_), Some(_)) => Err(Fault::at("/address", "got both text and address")),
        (None, None) => Err(Fault::at("", "got neither text nor address")),
        (Some(text), None) if text.trim().is_empty() => {
            Err(Fault::at("/text", format!("{text:?} is blank")))
        }
        (Some(text), None) if too_long(&text) => {
            let detail =
                format!("{} characters are more than {LONGEST_QUERY}", text.chars().count());
            Err(Fault::at("/text", detail))
        }
        (Some(text), None) => Ok(Asked::Text(text)),
        (None, Some(address)) => {
            let elements = Elements::from(address);
            let label = elements.label();
            if label.trim().is_empty() {
                return Err(Fault::at("/address", "all elements are blank"));
            }
            if too_long(&label) {
                let detail = format!("the elements have more than {LONGEST_QUERY} characters");
                return Err(Fault::at("/address", detail));
            }
            Ok(Asked::Elements(Box::new(elements)))
        }
    }
}

impl From<AddressBody> for Elements {
    fn from(body: AddressBody) -> Self {
        let AddressBody {
            district,
            township,
            community,
            road,
            number,
            compound,
            building,
            unit,
            room,
        } = body;
        Self {
            district,
            township,
            community,
            road,
            number,
            compound,
            building,
            unit,
            room,
            ..Self::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_or_an_address_is_asked_and_nothing_blank_or_endless() {
        let address =
            |road: &str| Some(AddressBody { road: road.to_owned(), ..AddressBody::default() });
        assert!(matches!(asked(Some("x".to_owned()), None), Ok(Asked::Text(_))));
        assert!(matches!(asked(None, address("庆阳路")), Ok(Asked::Elements(_))));
        let refused = [
            (None, None, ""),
            (Some("x".to_owned()), address("y"), "/address"),
            (Some(" \u{3000}".to_owned()), None, "/text"),
            (Some("路".repeat(LONGEST_QUERY + 1)), None, "/text"),
            (None, address(" "), "/address"),
        ];
        for (text, address, pointer) in refused {
            assert_eq!(asked(text, address).unwrap_err().pointer, pointer);
        }
    }

    #[test]
    fn a_system_is_declared_and_never_guessed() {
        assert_eq!(crs_of(Some("GCJ-02")).unwrap(), Crs::Gcj02);
        for wrong in [None, Some("mars")] {
            let view = crs_of(wrong).unwrap_err().view();
            assert_eq!((view.status, view.errors[0].pointer.as_str()), (422, "/crs"));
        }
    }
}
