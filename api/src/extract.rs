//! What routes take from a request, each refusal as a problem: JSON bodies, queries and paths.

use axum::body::Bytes;
use axum::extract::rejection::{BytesRejection, PathRejection};
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::header::CONTENT_TYPE;
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use serde::de::DeserializeOwned;
use serde_path_to_error::{Path as FaultPath, Segment};

use crate::error::{ApiError, Result};
use crate::problem;

/// A body of JSON.
pub struct JsonBody<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for JsonBody<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self> {
        require_json(request.headers())?;
        let bytes = Bytes::from_request(request, state).await.map_err(|e| refuse_bytes(&e))?;
        parse_json(&bytes).map(Self)
    }
}

/// The query of a request.
pub struct Query<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Query<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self> {
        axum::extract::Query::try_from_uri(&parts.uri)
            .map(|axum::extract::Query(value)| Self(value))
            .map_err(|rejection| {
                let text = rejection.body_text();
                let why = text.trim_start_matches("Failed to deserialize query string: ");
                ApiError::parameter("query", why)
            })
    }
}

/// The variable parts of the path.
pub struct Path<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for Path<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self> {
        match axum::extract::Path::from_request_parts(parts, state).await {
            Ok(axum::extract::Path(value)) => Ok(Self(value)),
            Err(PathRejection::FailedToDeserializePathParams(rejection)) => {
                let text = rejection.body_text();
                Err(ApiError::parameter("path", text.trim_start_matches("Invalid URL: ")))
            }
            Err(rejection) => Err(ApiError::internal(&rejection)),
        }
    }
}

/// Reads JSON; a fault of form is `malformed-json`, a fault of content `invalid-request` with its pointer.
///
/// # Errors
/// As said.
pub fn parse_json<T: DeserializeOwned>(bytes: &[u8]) -> Result<T> {
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut reader).map_err(|error| refuse(&error))?;
    reader.end().map_err(|error| ApiError::new(&problem::MALFORMED_JSON, error.to_string()))?;
    Ok(value)
}

/// Reads a value that is JSON already, such as one member of a batch.
///
/// # Errors
/// `invalid-request` with the pointer within the value.
pub fn parse_value<T: DeserializeOwned>(value: serde_json::Value) -> Result<T> {
    serde_path_to_error::deserialize(value).map_err(|error| refuse(&error))
}

fn refuse(error: &serde_path_to_error::Error<serde_json::Error>) -> ApiError {
    if error.inner().is_data() {
        // The pointer says where; the position in the text would say it again.
        let detail = error.inner().to_string();
        let detail = detail.split(" at line ").next().unwrap_or_default();
        ApiError::invalid_at(pointer(error.path()), detail)
    } else {
        ApiError::new(&problem::MALFORMED_JSON, error.inner().to_string())
    }
}

/// The JSON pointer (RFC 6901) of a place in a body.
fn pointer(path: &FaultPath) -> String {
    let mut pointer = String::new();
    for segment in path {
        match segment {
            Segment::Seq { index } => {
                pointer.push('/');
                pointer.push_str(&index.to_string());
            }
            Segment::Map { key } => {
                pointer.push('/');
                pointer.push_str(&key.replace('~', "~0").replace('/', "~1"));
            }
            Segment::Enum { .. } | Segment::Unknown => {}
        }
    }
    pointer
}

fn require_json(headers: &HeaderMap) -> Result<()> {
    let content_type =
        headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or("");
    let essence = content_type.split(';').next().unwrap_or("").trim().to_ascii_lowercase();
    let is_json = essence == "application/json"
        || (essence.starts_with("application/") && essence.ends_with("+json"));
    if is_json {
        return Ok(());
    }
    let detail = format!("got content type {content_type:?}, this path takes application/json");
    Err(ApiError::new(&problem::UNSUPPORTED_MEDIA_TYPE, detail))
}

fn refuse_bytes(rejection: &BytesRejection) -> ApiError {
    if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
        return ApiError::new(&problem::BODY_TOO_LARGE, "the body has more than 8 MiB");
    }
    ApiError::new(&problem::MALFORMED_JSON, "the body ended before it was complete")
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize)]
    struct Report {
        #[expect(dead_code, reason = "only its reading is tested")]
        points: Vec<Point>,
    }

    #[derive(Debug, Deserialize)]
    struct Point {
        #[expect(dead_code, reason = "only its reading is tested")]
        lng: f64,
    }

    fn refusal(text: &str) -> (String, String) {
        let view = parse_json::<Report>(text.as_bytes()).unwrap_err().view();
        let pointer = view.errors.first().map(|fault| fault.pointer.clone()).unwrap_or_default();
        (view.r#type, pointer)
    }

    #[test]
    fn a_fault_of_content_names_its_place() {
        let faulty = r#"{"points":[{"lng":1},{"lng":"east"}]}"#;
        assert_eq!(refusal(faulty), ("/problems/invalid-request".into(), "/points/1/lng".into()));
        assert_eq!(refusal("{}").0, "/problems/invalid-request");
    }

    #[test]
    fn a_fault_of_form_is_malformed_json() {
        for text in ["", "{", "nul", "{\"points\":[]} x", "{\"points\":[{\"lng\":NaN}]}", "\u{0}"] {
            assert_eq!(refusal(text).0, "/problems/malformed-json", "{text}");
        }
        assert!(parse_json::<Report>(b"\xff\xfe{}").is_err());
    }

    #[test]
    fn pointers_escape_what_json_pointer_reserves() {
        let error = parse_json::<std::collections::BTreeMap<String, u8>>(br#"{"a/b~c":"x"}"#);
        assert_eq!(error.unwrap_err().view().errors[0].pointer, "/a~1b~0c");
    }
}
