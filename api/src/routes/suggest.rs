//! Suggestions per keystroke.

use axum::Json;
use axum::extract::State;
use data::actions::geocode::suggest::{LONGEST_TYPED, MOST_SUGGESTIONS, suggest};
use spatial::crs::Crs;
use spatial::geocode::Suggestion;

use super::geocode::crs_of;
use crate::auth::Reader;
use crate::error::{ApiError, Result};
use crate::extract::Query;
use crate::state::AppState;
use crate::view::geocoded::{coordinates, word};
use crate::view::problem::ProblemView;
use crate::view::suggest::{SuggestParams, SuggestionView, SuggestionsView};

const SUGGESTIONS: usize = 8;

/// Suggest what is being typed
///
/// For each keystroke: names by characters, pinyin or initials (`jqlu` for 酒泉路), and the next element after them: the numbers a road
/// has, the buildings of a compound, its units and rooms.
#[utoipa::path(
    get, path = "/v1/suggest", tag = "geocoding", params(SuggestParams),
    responses(
        (status = 200, description = "What may be meant, the likeliest first", body = SuggestionsView),
        (status = "4XX", description = "Refused", body = ProblemView, content_type = "application/problem+json"),
        (status = "5XX", description = "Not now", body = ProblemView, content_type = "application/problem+json"),
    )
)]
pub async fn suggest_typed(
    State(state): State<AppState>,
    Reader(caller): Reader,
    Query(params): Query<SuggestParams>,
) -> Result<Json<SuggestionsView>> {
    let crs = crs_of(params.crs.as_deref())?;
    let typed = params.q.ok_or_else(|| ApiError::parameter("q", "missing: what was typed"))?;
    if LONGEST_TYPED < typed.chars().count() {
        let why = format!("{} characters are more than {LONGEST_TYPED}", typed.chars().count());
        return Err(ApiError::parameter("q", why));
    }
    let limit = params.limit.unwrap_or(SUGGESTIONS);
    if !(1..=MOST_SUGGESTIONS).contains(&limit) {
        return Err(ApiError::parameter(
            "limit",
            format!("got {limit}, it is 1 to {MOST_SUGGESTIONS}"),
        ));
    }
    let area = params.area.or_else(|| caller.scope.code().map(str::to_owned));
    let gazetteer = state.geocoder().now()?;
    let view = state.routing().now().await?;
    let found = suggest(&gazetteer, &view, &typed, area.as_deref(), limit);
    let shown: Result<Vec<SuggestionView>> =
        found.into_iter().map(|one| shown(one, &typed, crs)).collect();
    Ok(Json(SuggestionsView { suggestions: shown?, crs: crs.to_string(), query: typed }))
}

fn shown(suggestion: Suggestion, typed: &str, crs: Crs) -> Result<SuggestionView> {
    let characters = |bytes: usize| typed.get(..bytes).map_or(0, |part| part.chars().count());
    let place = suggestion.point.map(|point| coordinates(point, crs)).transpose()?;
    let (from, to) = suggestion.completes;
    Ok(SuggestionView {
        label: suggestion.label,
        text: suggestion.text,
        element: word(&suggestion.element),
        completes: [characters(from), characters(to)],
        count: (suggestion.count > 0).then_some(suggestion.count),
        lng: place.map(|[lng, _]| lng),
        lat: place.map(|[_, lat]| lat),
    })
}
