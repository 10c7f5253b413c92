//! Reporting incidents, one or many. The answer leaves when the incident is on disk.

use axum::Json;
use axum::extract::State;
use axum::http::header::LOCATION;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use chrono::Utc;
use data::actions::report::{MOST_REPORTS, Reported, Told};
use data::error::Fault;
use serde_json::Value;

use crate::auth::Writer;
use crate::error::{ApiError, Result};
use crate::extract::{JsonBody, parse_value};
use crate::state::AppState;
use crate::view::incident::IncidentView;
use crate::view::problem::ProblemView;
use crate::view::report::{BatchBody, BatchEntryView, BatchResultView, ReportBody};
use crate::{metrics, problem};

static REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");

/// Report an incident
///
/// It is located, given a holder and a deadline, and stored before the answer leaves. The same request again (same
/// Idempotency-Key, same body) gets the same answer and writes nothing.
#[utoipa::path(
    post, path = "/v1/incidents", tag = "incidents", request_body = ReportBody,
    params(("Idempotency-Key" = String, Header, description = "Your own key for this report, 1 to 255 characters")),
    responses(
        (status = 201, description = "Stored", body = IncidentView, headers(
            ("Location" = String, description = "Where it is read"),
            ("Idempotency-Replayed" = Option<String>, description = "`true` when this is the answer to an earlier request"),
        )),
        (status = "4XX", description = "Refused; nothing was written", body = ProblemView, content_type = "application/problem+json"),
        (status = "5XX", description = "Not now; repeat it with the same key", body = ProblemView, content_type = "application/problem+json"),
    )
)]
pub async fn incident_report(
    State(state): State<AppState>,
    Writer(caller): Writer,
    headers: HeaderMap,
    JsonBody(body): JsonBody<ReportBody>,
) -> Result<Response> {
    let key = idempotency_key(&headers)?;
    let report = body.into_report().map_err(ApiError::invalid)?;
    let told = Told { key, report };
    let Reported { incident, replayed } =
        state.intake().report(caller.api_key, told, Utc::now()).await?;
    count(&incident, replayed);
    let location = format!("/v1/incidents/{}", incident.incident_id);
    let mut response =
        (StatusCode::CREATED, [(LOCATION, location)], Json(IncidentView::from(incident)))
            .into_response();
    if replayed {
        response.headers_mut().insert(REPLAYED.clone(), HeaderValue::from_static("true"));
    }
    Ok(response)
}

/// Report many incidents
///
/// At most 1,000. Each stands for itself: one that is refused does not touch the others.
#[utoipa::path(
    post, path = "/v1/incidents/batch", tag = "incidents", request_body = BatchBody,
    responses(
        (status = 200, description = "What became of each", body = BatchResultView),
        (status = "4XX", description = "Refused as a whole; nothing was written", body = ProblemView, content_type = "application/problem+json"),
        (status = "5XX", description = "Not now; repeat it with the same keys", body = ProblemView, content_type = "application/problem+json"),
    )
)]
pub async fn incident_report_batch(
    State(state): State<AppState>,
    Writer(caller): Writer,
    JsonBody(BatchBody { incidents }): JsonBody<BatchBody>,
) -> Result<Json<BatchResultView>> {
    if incidents.len() > MOST_REPORTS {
        let detail = format!("got {} reports, at most {MOST_REPORTS} at once", incidents.len());
        return Err(ApiError::invalid_at("/incidents", detail));
    }
    let read: Vec<Result<Told>> = incidents.into_iter().map(told).collect();
    let (told, at): (Vec<Told>, Vec<usize>) = read
        .iter()
        .enumerate()
        .filter_map(|(index, one)| one.as_ref().ok().map(|told| (told.clone(), index)))
        .unzip();
    let answers = state.intake().report_batch(caller.api_key, told, Utc::now()).await?;

    let mut results: Vec<BatchEntryView> = (0..)
        .zip(read)
        .filter_map(|(index, one)| one.err().map(|error| refused(index, &error)))
        .collect();
    results.extend(at.into_iter().zip(answers).map(|(index, answer)| match answer {
        Ok(Reported { incident, replayed }) => {
            count(&incident, replayed);
            let incident = Some(IncidentView::from(incident));
            let status = StatusCode::CREATED.as_u16();
            BatchEntryView { index, status, replayed, incident, problem: None }
        }
        Err(error) => refused(index, &ApiError::from(error)),
    }));
    results.sort_by_key(|entry| entry.index);
    Ok(Json(BatchResultView { results }))
}

/// One member of a batch: a report with its key.
fn told(mut member: Value) -> Result<Told> {
    let key = member.as_object_mut().and_then(|object| object.remove("idempotency_key"));
    let Some(Value::String(key)) = key else {
        let detail = "each report needs an idempotency_key of its own, as text";
        return Err(ApiError::invalid_at("/idempotency_key", detail));
    };
    let report = parse_value::<ReportBody>(member)?.into_report().map_err(ApiError::invalid)?;
    Ok(Told { key, report })
}

fn refused(index: usize, error: &ApiError) -> BatchEntryView {
    let status = error.status().as_u16();
    let problem = Some(error.view());
    BatchEntryView { index, status, replayed: false, incident: None, problem }
}

fn count(incident: &data::domain::incident::Incident, replayed: bool) {
    if replayed {
        metrics::incident_replayed();
    } else {
        metrics::incident_accepted(incident.channel.name());
    }
}

fn idempotency_key(headers: &HeaderMap) -> Result<String> {
    let missing = |detail| ApiError::new(&problem::IDEMPOTENCY_KEY_MISSING, detail);
    let value = headers.get("idempotency-key").ok_or_else(|| missing("no key was sent"))?;
    let key =
        std::str::from_utf8(value.as_bytes()).map_err(|_| missing("the key is not UTF-8"))?.trim();
    if key.is_empty() {
        return Err(missing("the key is empty"));
    }
    if key.chars().count() > 255 {
        let detail = "the key has more than 255 characters";
        return Err(ApiError::invalid(vec![Fault::at("/idempotency_key", detail)]));
    }
    Ok(key.to_owned())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_member_of_a_batch_is_a_report_with_its_key() {
        let member = json!({"idempotency_key": "k", "channel": "web", "category": "0201", "description": "坑"});
        assert_eq!(told(member).unwrap().key, "k");
    }

    #[test]
    fn what_is_wrong_with_a_member_is_said_within_the_member() {
        let pointers = |member: Value| -> Vec<String> {
            told(member).unwrap_err().view().errors.into_iter().map(|fault| fault.pointer).collect()
        };
        assert_eq!(pointers(json!({"channel": "web"})), ["/idempotency_key"]);
        assert_eq!(pointers(json!("x")), ["/idempotency_key"]);
        let mut member = json!({"idempotency_key": "k", "channel": "fax", "category": "0201", "description": "坑"});
        assert_eq!(pointers(member.clone()), ["/channel"]);
        member["location"] = json!({"lng": "east", "lat": 1, "crs": "wgs84"});
        assert_eq!(pointers(member), ["/location/lng"]);
    }

    #[test]
    fn a_key_is_one_to_255_characters_of_text() {
        let with = |bytes: &[u8]| {
            let value = HeaderValue::from_bytes(bytes).unwrap();
            idempotency_key(&HeaderMap::from_iter([(
                HeaderName::from_static("idempotency-key"),
                value,
            )]))
        };
        assert_eq!(with(b" 2026-1 ").unwrap(), "2026-1");
        assert_eq!(with("事件一".as_bytes()).unwrap(), "事件一");
        assert!(with(b"").is_err());
        assert!(with(b"\xff\xfe").is_err());
        assert!(with(&[b'k'; 256]).is_err());
        assert!(idempotency_key(&HeaderMap::new()).is_err());
    }
}
