//! Grid borders for answers; everything else about grids is in the routing view.

use super::Store;
use crate::domain::id::GridId;
use crate::error::{DataError, Result};

impl Store {
    /// The border of a grid's shape as GeoJSON text (RFC 7946, lng then lat, 7 decimals).
    ///
    /// # Errors
    /// [`DataError::NotFound`] when there is no such shape.
    pub async fn grid_geometry(&self, grid_id: GridId) -> Result<String> {
        sqlx::query_scalar(
            "select st_asgeojson(st_forcepolygonccw(geom), 7)
             from grid
             where grid_id = $1",
        )
        .bind(grid_id.0)
        .fetch_optional(&self.pool)
        .await?
        .ok_or_else(|| DataError::NotFound { what: "grid", id: grid_id.to_string() })
    }
}
