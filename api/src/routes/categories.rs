//! Categories: what incidents are about.

use axum::Json;
use axum::extract::State;

use crate::auth::WallReader;
use crate::state::AppState;
use crate::view::category::{CategoryListView, CategoryView};
use crate::view::problem::ProblemView;

/// Categories
///
/// All of them, sorted by code; a minor one names its major.
#[utoipa::path(
    get, path = "/v1/categories", tag = "places",
    responses(
        (status = 200, description = "The categories", body = CategoryListView),
        (status = "4XX", description = "Refused", body = ProblemView, content_type = "application/problem+json"),
        (status = "5XX", description = "Not now", body = ProblemView, content_type = "application/problem+json"),
    )
)]
pub async fn category_list(
    State(state): State<AppState>,
    _caller: WallReader,
) -> Json<CategoryListView> {
    let duty = state.routing().duty();
    let categories = duty.categories().into_iter().map(CategoryView::from).collect();
    Json(CategoryListView { categories })
}
