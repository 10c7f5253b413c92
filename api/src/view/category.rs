//! Categories as clients see them.

use data::domain::category::Category;
use serde::Serialize;
use utoipa::ToSchema;

/// What an incident is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = Category)]
pub struct CategoryView {
    /// Two digits for a major, four for a minor one in the list that is shipped.
    #[schema(example = "0203")]
    pub code: String,
    /// Name.
    #[schema(example = "井盖缺失")]
    pub name: String,
    /// The major category of a minor one.
    pub parent_code: Option<String>,
    /// Within how many minutes of the report it must be handled.
    pub handle_minutes: i32,
    /// Whether the workers of a special grid over the place are asked first.
    pub special_first: bool,
}

/// All categories.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = CategoryList)]
pub struct CategoryListView {
    /// Sorted by code.
    pub categories: Vec<CategoryView>,
}

impl From<&Category> for CategoryView {
    fn from(category: &Category) -> Self {
        let Category { code, name, parent_code, handle_minutes, special_first, .. } =
            category.clone();
        Self { code, name, parent_code, handle_minutes, special_first }
    }
}
