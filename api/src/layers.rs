//! What happens around every request: an id, a log line, figures, a time limit, headers that protect the browser.

use std::any::Any;
use std::time::{Duration, Instant};

use axum::extract::{MatchedPath, Request};
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY};
use axum::http::header::{X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use tracing::Instrument;

use crate::error::ApiError;
use crate::{metrics, problem};

static REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// MapLibre makes its workers from blobs; charts and MapLibre set styles by script; nothing comes from other hosts.
const POLICY: &str = "default-src 'self'; script-src 'self'; worker-src 'self' blob:; child-src 'self' blob:; \
                      style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; \
                      connect-src 'self'; object-src 'none'; base-uri 'self'; form-action 'self'; \
                      frame-ancestors 'self'";

/// Longest request id taken over from a caller.
const REQUEST_ID_BYTES: usize = 64;

/// Gives the request an id (the caller's own, when it is a plain word), logs it and counts it.
pub async fn observe(mut request: Request, next: Next) -> Response {
    let started = Instant::now();
    let id = request_id(request.headers());
    let method = request.method().clone();
    let path = request.uri().path().to_owned();
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map_or_else(|| "unmatched".to_owned(), |matched| matched.as_str().to_owned());
    request.headers_mut().insert(REQUEST_ID.clone(), id.clone());
    let shown = id.to_str().unwrap_or_default().to_owned();
    let span = tracing::info_span!("request", id = shown, %method, path);

    let mut response = next.run(request).instrument(span.clone()).await;

    let took = started.elapsed();
    let status = response.status();
    response.headers_mut().insert(REQUEST_ID.clone(), id);
    metrics::request(&method, route, status, took);
    span.in_scope(|| log(status, took));
    response
}

/// Readable and filterable: `RUST_LOG=info,wangge::access=debug` shows every request.
fn log(status: StatusCode, took: Duration) {
    let duration_ms = took.as_secs_f64() * 1e3;
    let status = status.as_u16();
    match status {
        500.. => tracing::warn!(target: "wangge::access", status, duration_ms, "failed {status}"),
        400.. => tracing::info!(target: "wangge::access", status, duration_ms, "refused {status}"),
        _ => tracing::debug!(target: "wangge::access", status, duration_ms, "answered {status}"),
    }
}

fn request_id(headers: &HeaderMap) -> HeaderValue {
    let is_plain = |value: &&HeaderValue| {
        let bytes = value.as_bytes();
        (1..=REQUEST_ID_BYTES).contains(&bytes.len())
            && bytes.iter().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(b))
    };
    headers.get(&REQUEST_ID).filter(is_plain).cloned().unwrap_or_else(|| {
        let id = hex::encode(rand::random::<[u8; 8]>());
        HeaderValue::try_from(id).expect("hex digits make a header value")
    })
}

/// Answers `timeout` when the rest takes longer than `limit`; a stream that has begun is not cut.
pub async fn limit_time(limit: Duration, request: Request, next: Next) -> Response {
    tokio::time::timeout(limit, next.run(request)).await.unwrap_or_else(|_| {
        let detail = format!("no answer within {} s", limit.as_secs());
        ApiError::new(&problem::TIMEOUT, detail).into_response()
    })
}

/// Adds the headers that keep a browser from doing more than the page needs.
pub async fn protect(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let is_problem = response
        .headers()
        .get(CONTENT_TYPE)
        .is_some_and(|value| value == "application/problem+json");
    let headers = response.headers_mut();
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(X_FRAME_OPTIONS, HeaderValue::from_static("SAMEORIGIN"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    if is_problem {
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    } else {
        headers.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-cache"));
    }
    response
}

/// A panic is a defect: it is logged and answered like any other.
#[expect(clippy::needless_pass_by_value, reason = "the signature is that of the layer")]
pub fn panicked(panic: Box<dyn Any + Send>) -> Response {
    let text = panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("no message");
    tracing::error!("a route panicked: {text}");
    ApiError::new(&problem::INTERNAL, "an unexpected error; it has been logged").into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plain_request_id_is_kept_and_any_other_replaced() {
        let with = |text: &str| {
            HeaderMap::from_iter([(REQUEST_ID.clone(), HeaderValue::try_from(text).unwrap())])
        };
        assert_eq!(request_id(&with("desk-7.a_B")), "desk-7.a_B");
        for odd in ["", "a b", "x\ty", "\"quoted\"", &"a".repeat(65)] {
            assert_ne!(request_id(&with(odd)), odd);
        }
        assert_eq!(request_id(&HeaderMap::new()).len(), 16);
    }
}
