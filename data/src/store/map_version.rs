//! Which versions there are.

use super::Store;
use crate::domain::id::{BoundaryVersionId, MapVersionId, RosterVersionId};
use crate::error::Result;

/// The highest ids given out so far; 0 where there is none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Newest {
    /// Of boundary versions, in force or not.
    pub boundary: i32,
    /// Of roster versions.
    pub roster: i32,
}

/// What a map is drawn from now; absent before the first city.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MapVersions {
    /// For tile urls.
    pub map: Option<MapVersionId>,
    /// The borders in force.
    pub boundary: Option<BoundaryVersionId>,
}

impl Store {
    /// The highest boundary and roster version.
    pub async fn newest_versions(&self) -> Result<Newest> {
        let (boundary, roster): (i32, i32) = sqlx::query_as(
            "select coalesce((select max(boundary_version_id) from boundary_version), 0),
                    coalesce((select max(roster_version_id) from roster_version), 0)",
        )
        .fetch_one(&self.pool)
        .await?;
        Ok(Newest { boundary, roster })
    }

    /// The newest map version and the borders in force.
    pub async fn map_versions(&self) -> Result<MapVersions> {
        let (map, boundary): (Option<i32>, Option<i32>) = sqlx::query_as(
            "select (select max(map_version_id) from map_version), boundary_version_at(now())",
        )
        .fetch_one(&self.pool)
        .await?;
        Ok(MapVersions { map: map.map(MapVersionId), boundary: boundary.map(BoundaryVersionId) })
    }

    /// The highest roster version.
    pub async fn roster_version(&self) -> Result<RosterVersionId> {
        Ok(RosterVersionId(self.newest_versions().await?.roster))
    }

    /// Whether everything in the database was made up.
    pub async fn is_synthetic(&self) -> Result<bool> {
        Ok(sqlx::query_scalar("select coalesce(bool_or(synthetic), false) from dataset")
            .fetch_one(&self.pool)
            .await?)
    }
}
