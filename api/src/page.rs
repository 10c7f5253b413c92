//! Pages of a list: how long, where the next one is, and what the filters were.

use std::convert::Infallible;

use axum::http::header::ETAG;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, Uri};
use axum::response::{IntoResponse, IntoResponseParts, Response, ResponseParts};

use crate::assets::is_match;
use crate::error::{ApiError, Result};

/// The length of a page: what was asked for, within `1..=most`.
///
/// # Errors
/// `invalid-parameter` outside of that.
pub fn limit(asked: Option<u32>, (default, most): (u32, u32)) -> Result<u32> {
    match asked {
        None => Ok(default),
        Some(limit) if (1..=most).contains(&limit) => Ok(limit),
        Some(limit) => {
            Err(ApiError::parameter("limit", format!("got {limit}, a page has 1 to {most}")))
        }
    }
}

/// Path and query without cursor and limit: what a cursor is bound to.
pub fn filters(uri: &Uri) -> String {
    let mut pairs: Vec<&str> = uri
        .query()
        .unwrap_or_default()
        .split('&')
        .filter(|pair| !pair.is_empty())
        .filter(|pair| !pair.starts_with("cursor=") && !pair.starts_with("limit="))
        .collect();
    pairs.sort_unstable();
    format!("{}?{}", uri.path(), pairs.join("&"))
}

/// A code as a filter takes it.
///
/// # Errors
/// `invalid-parameter` when it can be no code at all.
pub fn check_code(name: &str, code: Option<&str>) -> Result<()> {
    let Some(code) = code else { return Ok(()) };
    let fits = (1..=32).contains(&code.len())
        && code.bytes().all(|b| b.is_ascii_alphanumeric() || b"_.:-".contains(&b));
    if fits {
        return Ok(());
    }
    Err(ApiError::parameter(
        name,
        format!("got {code:?}, a code has 1 to 32 letters, digits or _.:-"),
    ))
}

/// Answers with an `ETag` that changes with the boundary version; 304 when the caller has that version.
pub fn unless_current(
    headers: &HeaderMap,
    boundary_version: i32,
    answer: impl FnOnce() -> Response,
) -> Response {
    let etag = format!("\"b{boundary_version}\"");
    let mut response =
        if is_match(headers, &etag) { StatusCode::NOT_MODIFIED.into_response() } else { answer() };
    if let Ok(value) = HeaderValue::try_from(etag) {
        response.headers_mut().insert(ETAG, value);
    }
    response
}

/// A `Link` header to the next page (RFC 8288).
pub struct Link(String);

impl Link {
    /// The same list from `cursor` on.
    pub fn next(uri: &Uri, cursor: &str) -> Self {
        let kept = uri
            .query()
            .unwrap_or_default()
            .split('&')
            .filter(|pair| !pair.is_empty() && !pair.starts_with("cursor="));
        let added = format!("cursor={cursor}");
        let query: Vec<&str> = kept.chain([added.as_str()]).collect();
        Self(format!("<{}?{}>; rel=\"next\"", uri.path(), query.join("&")))
    }
}

impl IntoResponseParts for Link {
    type Error = Infallible;

    fn into_response_parts(self, mut parts: ResponseParts) -> Result<ResponseParts, Infallible> {
        // A uri has no characters that a header does not take.
        if let Ok(value) = HeaderValue::try_from(self.0) {
            parts.headers_mut().insert(const { HeaderName::from_static("link") }, value);
        }
        Ok(parts)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_has_at_least_one_and_at_most_the_most() {
        assert_eq!(limit(None, (50, 500)).unwrap(), 50);
        assert_eq!(limit(Some(500), (50, 500)).unwrap(), 500);
        assert!(limit(Some(0), (50, 500)).is_err());
        assert!(limit(Some(501), (50, 500)).is_err());
    }

    #[test]
    fn the_next_page_keeps_the_filters_and_changes_the_cursor() {
        let uri: Uri = "/v1/incidents?state=open&cursor=old&limit=2".parse().unwrap();
        assert_eq!(
            Link::next(&uri, "new").0,
            "</v1/incidents?state=open&limit=2&cursor=new>; rel=\"next\""
        );
    }

    #[test]
    fn filters_are_the_same_in_any_order_and_for_any_page() {
        let one: Uri = "/v1/incidents?state=open&grid=1&limit=2".parse().unwrap();
        let two: Uri = "/v1/incidents?grid=1&cursor=x&state=open&limit=9".parse().unwrap();
        assert_eq!(filters(&one), filters(&two));
        assert_ne!(filters(&one), filters(&"/v1/incidents?state=open".parse().unwrap()));
    }

    #[test]
    fn a_code_that_can_be_none_is_refused() {
        for code in ["", "a b", "620102'--", "\0", &"1".repeat(33)] {
            assert!(check_code("grid", Some(code)).is_err(), "{code:?}");
        }
        assert!(check_code("grid", Some("620102001001003")).is_ok());
    }
}
