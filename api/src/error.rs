//! The one way a request fails: an RFC 9457 problem document.
//!
//! Routes return `Result<_, ApiError>`. An [`ApiError`] is an entry of the [catalogue](crate::problem) with what is
//! special about this request. Whatever goes wrong inside is logged once, here, with its whole chain of causes.

use axum::Json;
use axum::http::header::{CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use data::DataError;
use data::error::Fault;

use crate::problem::{self, Problem};
use crate::view::problem::{FieldErrorView, ProblemView};

/// Seconds after which a caller should try again when the service cannot answer.
const RETRY_AFTER_S: u32 = 2;

/// Why a request is refused.
#[derive(Debug)]
pub struct ApiError {
    problem: &'static Problem,
    detail: String,
    faults: Vec<Fault>,
    current_version: Option<u32>,
}

/// Shorthand for what routes return.
pub type Result<T, E = ApiError> = std::result::Result<T, E>;

impl ApiError {
    /// A problem of the catalogue, with what is special about this request.
    pub fn new(problem: &'static Problem, detail: impl Into<String>) -> Self {
        Self { problem, detail: detail.into(), faults: Vec::new(), current_version: None }
    }

    /// A body that breaks rules, each at its place.
    pub fn invalid(faults: Vec<Fault>) -> Self {
        let detail = match faults.as_slice() {
            [only] => only.to_string(),
            many => format!("{} members are invalid", many.len()),
        };
        Self { faults, ..Self::new(&problem::INVALID_REQUEST, detail) }
    }

    /// A body with one broken rule at a JSON pointer.
    pub fn invalid_at(pointer: impl Into<String>, detail: impl Into<String>) -> Self {
        Self::invalid(vec![Fault::at(pointer, detail)])
    }

    /// A query, path or header parameter that cannot be used.
    pub fn parameter(name: &str, why: impl std::fmt::Display) -> Self {
        Self::new(&problem::INVALID_PARAMETER, format!("{name}: {why}"))
    }

    /// Something that does not exist, or is out of the asker's sight.
    pub fn not_found(what: &str, id: impl std::fmt::Display) -> Self {
        Self::new(&problem::NOT_FOUND, format!("{what} {id} does not exist"))
    }

    /// A defect of ours; the chain is logged and not shown.
    pub fn internal(error: &dyn std::error::Error) -> Self {
        tracing::error!(error.chain = chain(error), "request failed: {error}");
        Self::new(&problem::INTERNAL, "an unexpected error; it has been logged")
    }

    /// An answer that cannot be given now.
    pub fn unavailable(detail: impl Into<String>) -> Self {
        Self::new(&problem::UNAVAILABLE, detail)
    }

    /// Names the version of the map now in force.
    #[must_use]
    pub fn with_current_version(mut self, version: u32) -> Self {
        self.current_version = Some(version);
        self
    }

    /// The HTTP status it is answered with.
    pub fn status(&self) -> StatusCode {
        self.problem.status
    }

    /// The document the caller gets.
    pub fn view(&self) -> ProblemView {
        ProblemView {
            r#type: self.problem.uri(),
            title: self.problem.title.to_owned(),
            title_zh: self.problem.title_zh.to_owned(),
            status: self.problem.status.as_u16(),
            detail: self.detail.clone(),
            errors: self
                .faults
                .iter()
                .map(|fault| FieldErrorView {
                    pointer: fault.pointer.clone(),
                    detail: fault.detail.clone(),
                })
                .collect(),
            current_version: self.current_version,
        }
    }
}

impl From<DataError> for ApiError {
    fn from(error: DataError) -> Self {
        match error {
            DataError::NotFound { what, id } => Self::not_found(what, id),
            DataError::Invalid(faults) => Self::invalid(faults),
            DataError::KeyReused { .. } => {
                Self::new(&problem::IDEMPOTENCY_KEY_REUSED, error.to_string())
            }
            DataError::Stale { .. } => Self::new(&problem::STALE_VERSION, error.to_string()),
            DataError::Conflict(why) => Self::new(&problem::CONFLICT, why),
            DataError::Forbidden(why) => Self::new(&problem::FORBIDDEN, why),
            DataError::NoBoundaries => Self::new(&problem::NO_BOUNDARIES, error.to_string()),
            DataError::NotReady { .. } => Self::new(&problem::NOT_READY, error.to_string()),
            error if error.is_unavailable() => {
                tracing::warn!(error.chain = chain(&error), "the database is not available");
                Self::unavailable("the database cannot be reached")
            }
            error => Self::internal(&error),
        }
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let status = self.status();
        let mut response = (status, Json(self.view())).into_response();
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if status == StatusCode::SERVICE_UNAVAILABLE {
            headers.insert(RETRY_AFTER, HeaderValue::from(RETRY_AFTER_S));
        }
        if status == StatusCode::UNAUTHORIZED {
            headers.insert(
                WWW_AUTHENTICATE,
                HeaderValue::from_static("Bearer realm=\"wangge\", error=\"invalid_token\""),
            );
        }
        response
    }
}

/// An error and its causes on one line, outermost first.
pub fn chain(error: &dyn std::error::Error) -> String {
    std::iter::successors(Some(error), |error| error.source())
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join(": ")
}
