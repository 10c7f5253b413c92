//! Suggestions per keystroke: request and answer of `/v1/suggest`.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// What somebody is typing.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct SuggestParams {
    /// What stands in the box, up to the cursor: characters, pinyin or initials.
    #[param(required = true, example = "jqlu12")]
    pub q: Option<String>,
    /// The system of the coordinates of the answer: `wgs84`, `cgcs2000`, `gcj02`, `bd09` or `EPSG:n`.
    #[param(required = true)]
    pub crs: Option<String>,
    /// Code of the caller's area, whose places come first; the area of the key if it is not given.
    pub area: Option<String>,
    /// Most suggestions, 1 to 20; 8 if not given.
    pub limit: Option<usize>,
}

/// What may be meant, the likeliest first.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = Suggestions)]
pub struct SuggestionsView {
    /// What was typed.
    pub query: String,
    /// The system of the coordinates.
    pub crs: String,
    /// The suggestions.
    pub suggestions: Vec<SuggestionView>,
}

/// A suggestion.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = Suggestion)]
pub struct SuggestionView {
    /// What is meant, from the district down.
    pub label: String,
    /// What the box becomes.
    pub text: String,
    /// The element that is completed.
    pub element: String,
    /// The characters of the query that are replaced: from, up to but not at.
    pub completes: [usize; 2],
    /// How many addresses there are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub count: Option<u32>,
    /// Longitude or easting, roughly for a road or a division.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lng: Option<f64>,
    /// Latitude or northing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lat: Option<f64>,
}
