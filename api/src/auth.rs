//! Who asks, and what they may do. Five kinds of routes: for keys that may publish borders, for keys that may approve aliases, for keys that may write, for any key, and for walls, which a
//! service with `--public-wall` also shows without a key.

use axum::extract::FromRequestParts;
use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use data::store::{Principal, Scope};

use crate::error::{ApiError, Result};
use crate::problem;
use crate::state::AppState;

/// A caller whose key may write.
pub struct Writer(pub Principal);

/// A caller whose key may publish borders.
pub struct Publisher(pub Principal);

/// A caller whose key may approve aliases.
pub struct Approver(pub Principal);

/// A caller with any key.
pub struct Reader(pub Principal);

/// A caller who reads what a wall shows: with a key, or anyone when the wall is public.
pub struct WallReader {
    /// What is in their sight. Without a key the whole city, since a wall carries no words of reporters.
    pub scope: Scope,
}

impl FromRequestParts<AppState> for Writer {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self> {
        let Reader(principal) = Reader::from_request_parts(parts, state).await?;
        if principal.may_write {
            return Ok(Self(principal));
        }
        tracing::info!(api_key.id = principal.api_key.0, "a key that may only read tried to write");
        Err(ApiError::new(&problem::FORBIDDEN, "this key may only read"))
    }
}

impl FromRequestParts<AppState> for Publisher {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self> {
        let Reader(principal) = Reader::from_request_parts(parts, state).await?;
        if principal.may_publish {
            return Ok(Self(principal));
        }
        tracing::info!(api_key.id = principal.api_key.0, "a key that may not publish tried to");
        Err(ApiError::new(&problem::FORBIDDEN, "this key may not publish borders"))
    }
}

impl FromRequestParts<AppState> for Approver {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self> {
        let Reader(principal) = Reader::from_request_parts(parts, state).await?;
        if principal.may_approve {
            return Ok(Self(principal));
        }
        tracing::info!(api_key.id = principal.api_key.0, "a key that may not approve tried to");
        Err(ApiError::new(&problem::FORBIDDEN, "this key may not approve aliases"))
    }
}

impl FromRequestParts<AppState> for Reader {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self> {
        let Some(key) = presented_key(&parts.headers)? else {
            return Err(ApiError::new(&problem::UNAUTHENTICATED, "no key was sent"));
        };
        verify(state, key).await.map(Self)
    }
}

impl FromRequestParts<AppState> for WallReader {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self> {
        match presented_key(&parts.headers)? {
            Some(key) => verify(state, key).await.map(|principal| Self { scope: principal.scope }),
            None if state.config().public_wall => Ok(Self { scope: Scope::whole() }),
            None => Err(ApiError::new(
                &problem::UNAUTHENTICATED,
                "no key was sent, and this service shows its wall only with one",
            )),
        }
    }
}

async fn verify(state: &AppState, key: &str) -> Result<Principal> {
    state.store().api_key_verify(key).await?.ok_or_else(|| {
        ApiError::new(&problem::UNAUTHENTICATED, "this key was never made here or has been revoked")
    })
}

/// The key in the headers; a header that is there but holds no key is an error, never "nobody".
fn presented_key(headers: &HeaderMap) -> Result<Option<&str>> {
    let refuse = |detail| Err(ApiError::new(&problem::UNAUTHENTICATED, detail));
    if let Some(value) = headers.get(AUTHORIZATION) {
        let Ok(text) = value.to_str() else { return refuse("the Authorization header is no text") };
        let Some((scheme, key)) = text.split_once(' ') else {
            return refuse("the Authorization header has the form Bearer wg_…");
        };
        if !scheme.eq_ignore_ascii_case("bearer") {
            return refuse("the Authorization header has the form Bearer wg_…");
        }
        return Ok(Some(key.trim()));
    }
    match headers.get("x-api-key").map(|value| value.to_str()) {
        None => Ok(None),
        Some(Ok(key)) => Ok(Some(key.trim())),
        Some(Err(_)) => refuse("the X-Api-Key header is no text"),
    }
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderName, HeaderValue};

    use super::*;

    fn key_in(name: &'static str, value: &'static str) -> Result<Option<String>> {
        let headers = HeaderMap::from_iter([(
            HeaderName::from_static(name),
            HeaderValue::from_static(value),
        )]);
        presented_key(&headers).map(|key| key.map(ToOwned::to_owned))
    }

    #[test]
    fn a_key_comes_in_either_header() {
        assert_eq!(key_in("authorization", "Bearer wg_a_b").unwrap().unwrap(), "wg_a_b");
        assert_eq!(key_in("authorization", "bearer  wg_a_b ").unwrap().unwrap(), "wg_a_b");
        assert_eq!(key_in("x-api-key", "wg_a_b").unwrap().unwrap(), "wg_a_b");
        assert_eq!(presented_key(&HeaderMap::new()).unwrap(), None);
    }

    #[test]
    fn a_header_without_a_key_is_refused_and_not_taken_for_nobody() {
        for value in ["", "Basic YTpi", "wg_a_b", "Bearer"] {
            assert_eq!(key_in("authorization", value).unwrap_err().status(), 401, "{value:?}");
        }
        let no_text = HeaderValue::from_bytes(b"\xff").unwrap();
        let name = HeaderName::from_static("x-api-key");
        assert!(presented_key(&HeaderMap::from_iter([(name, no_text)])).is_err());
    }
}
