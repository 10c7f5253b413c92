//! Division borders for answers; everything else about divisions is in the routing view.

use super::Store;
use crate::domain::id::BoundaryVersionId;
use crate::error::{DataError, Result};

impl Store {
    /// The border of a division in a boundary version as GeoJSON text (RFC 7946, lng then lat, 7 decimals).
    ///
    /// # Errors
    /// [`DataError::NotFound`] when the version has no such division.
    pub async fn division_geometry(
        &self,
        code: &str,
        version: BoundaryVersionId,
    ) -> Result<String> {
        sqlx::query_scalar(
            "select st_asgeojson(st_forcepolygonccw(geom), 7)
             from division
             where code = $1 and valid @> $2
             limit 1",
        )
        .bind(code)
        .bind(version.0)
        .fetch_optional(&self.pool)
        .await?
        .ok_or_else(|| DataError::NotFound { what: "division", id: code.to_owned() })
    }
}
