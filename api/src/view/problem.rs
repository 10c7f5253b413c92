//! The problem document.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Why a request failed (RFC 9457, `application/problem+json`).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = Problem)]
pub struct ProblemView {
    /// Stable name of the kind of problem; the page at this address explains it.
    #[schema(example = "/problems/invalid-request")]
    pub r#type: String,
    /// Title in English.
    #[schema(example = "The request breaks a rule")]
    pub title: String,
    /// Title in Chinese.
    #[schema(example = "请求内容不符合要求")]
    pub title_zh: String,
    /// HTTP status.
    #[schema(example = 422)]
    pub status: u16,
    /// What is wrong with this request.
    #[schema(example = "/location/lng: got 200.0, a longitude lies in -180..=180")]
    pub detail: String,
    /// The members of the body at fault.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldErrorView>,
    /// The map version now in force, when an older tile was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub current_version: Option<u32>,
}

/// One member at fault.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = FieldError)]
pub struct FieldErrorView {
    /// JSON pointer into the body; empty for the whole.
    #[schema(example = "/location/lng")]
    pub pointer: String,
    /// What was got and why it is wrong.
    #[schema(example = "got 200.0, a longitude lies in -180..=180")]
    pub detail: String,
}
