//! Categories and their limits.

use super::Store;
use crate::domain::category::Category;
use crate::error::Result;

impl Store {
    /// All categories in order of code.
    pub async fn category_list(&self) -> Result<Vec<Category>> {
        type Row = (String, String, Option<String>, i32, i32, bool, bool);
        let rows: Vec<Row> = sqlx::query_as(
            "select category_code, name, parent_code, accept_minutes, handle_minutes, counted_only, special_first
             from category
             order by category_code",
        )
        .fetch_all(&self.pool)
        .await?;
        let category = |row: Row| {
            let (
                code,
                name,
                parent_code,
                accept_minutes,
                handle_minutes,
                counted_only,
                special_first,
            ) = row;
            Category {
                code,
                name,
                parent_code,
                accept_minutes,
                handle_minutes,
                counted_only,
                special_first,
            }
        };
        Ok(rows.into_iter().map(category).collect())
    }
}
