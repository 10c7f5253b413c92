//! Boundary versions and the shapes that hold in one.

use chrono::{DateTime, Utc};
use spatial::coverage::LatticeMultiPolygon;
use sqlx::PgExecutor;

use super::{Store, broken, wkb};
use crate::domain::boundary::{ChangeKind, GridChange};
use crate::domain::division::{Division, level_named};
use crate::domain::grid::{Grid, GridKind};
use crate::domain::id::{BoundaryVersionId, GridId};
use crate::error::Result;

/// A published state of all borders.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BoundaryVersion {
    /// Its id.
    pub id: BoundaryVersionId,
    /// From when on it is in force.
    pub effective_at: DateTime<Utc>,
}

/// A boundary version with what is told about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BoundaryRecord {
    /// Its id.
    pub id: BoundaryVersionId,
    /// From when on it is in force.
    pub effective_at: DateTime<Utc>,
    /// When it was published.
    pub published_at: DateTime<Utc>,
    /// Who published it.
    pub published_by: String,
    /// Why.
    pub note: String,
    /// Whether it is in force now.
    pub in_force: bool,
}

/// A grid with its borders.
pub type GridShape = (Grid, LatticeMultiPolygon);

impl Store {
    /// All boundary versions in the order in which they come into force; the later id wins at the same time.
    pub async fn boundary_versions(&self) -> Result<Vec<BoundaryVersion>> {
        let rows: Vec<(i32, DateTime<Utc>)> = sqlx::query_as(
            "select boundary_version_id, effective_at
             from boundary_version
             order by effective_at, boundary_version_id",
        )
        .fetch_all(&self.pool)
        .await?;
        let version =
            |(id, effective_at)| BoundaryVersion { id: BoundaryVersionId(id), effective_at };
        Ok(rows.into_iter().map(version).collect())
    }

    /// All boundary versions with what is told about them, in the order in which they come into force.
    pub async fn boundary_records(&self) -> Result<Vec<BoundaryRecord>> {
        type Row = (i32, DateTime<Utc>, DateTime<Utc>, String, String, bool);
        let rows: Vec<Row> = sqlx::query_as(
            "select boundary_version_id, effective_at, published_at, published_by, note,
                    coalesce(boundary_version_id = boundary_version_at(now()), false)
             from boundary_version
             order by effective_at, boundary_version_id",
        )
        .fetch_all(&self.pool)
        .await?;
        let record =
            |(id, effective_at, published_at, published_by, note, in_force)| BoundaryRecord {
                id: BoundaryVersionId(id),
                effective_at,
                published_at,
                published_by,
                note,
                in_force,
            };
        Ok(rows.into_iter().map(record).collect())
    }

    /// The grids in which two versions differ, in order of code.
    pub async fn boundary_diff(
        &self,
        from: BoundaryVersionId,
        to: BoundaryVersionId,
    ) -> Result<Vec<GridChange>> {
        let rows: Vec<(String, Option<f64>, Option<f64>)> = sqlx::query_as(
            "select coalesce(a.code, b.code), a.area_m2, b.area_m2
             from (select grid_id, code, area_m2 from grid where valid @> $1) a
             full join (select grid_id, code, area_m2 from grid where valid @> $2) b on b.code = a.code
             where a.grid_id is distinct from b.grid_id
             order by 1",
        )
        .bind(from.0)
        .bind(to.0)
        .fetch_all(&self.pool)
        .await?;
        let change = |(code, area_before_m2, area_after_m2): (String, Option<f64>, Option<f64>)| {
            let kind = match (area_before_m2, area_after_m2) {
                (None, _) => ChangeKind::Added,
                (_, None) => ChangeKind::Ended,
                _ => ChangeKind::Changed,
            };
            GridChange { code, kind, area_before_m2, area_after_m2 }
        };
        Ok(rows.into_iter().map(change).collect())
    }

    /// All grids of a boundary version with their borders, in order of id.
    pub async fn boundary_grids(&self, version: BoundaryVersionId) -> Result<Vec<GridShape>> {
        grid_shapes(&self.pool, "valid @> $1", &[version.0]).await
    }

    /// The grids that `version` has and `before` had not, in order of id: new ones, and new shapes of old ones.
    pub async fn boundary_grids_new(
        &self,
        before: BoundaryVersionId,
        version: BoundaryVersionId,
    ) -> Result<Vec<GridShape>> {
        let versions = [version.0, before.0];
        grid_shapes(&self.pool, "valid @> $1 and not valid @> $2", &versions).await
    }

    /// The ids of all grids of a boundary version.
    pub async fn boundary_grid_ids(&self, version: BoundaryVersionId) -> Result<Vec<GridId>> {
        let query = "select grid_id from grid where valid @> $1";
        let ids: Vec<i32> = sqlx::query_scalar(query).bind(version.0).fetch_all(&self.pool).await?;
        Ok(ids.into_iter().map(GridId).collect())
    }

    /// All divisions of a boundary version, the widest first, without borders.
    pub async fn boundary_divisions(&self, version: BoundaryVersionId) -> Result<Vec<Division>> {
        divisions(&self.pool, version).await
    }
}

/// The same for whoever has a transaction open.
pub(super) async fn divisions(
    executor: impl PgExecutor<'_>,
    version: BoundaryVersionId,
) -> Result<Vec<Division>> {
    type Row = (String, String, String, String, Option<String>, i32, [f64; 6]);
    let rows: Vec<Row> = sqlx::query_as(
            "select code, level, kind, name, parent_code, people,
                    array[st_x(label), st_y(label), st_xmin(geom), st_ymin(geom), st_xmax(geom), st_ymax(geom)]
             from division
             where valid @> $1
             order by array_position(array['city', 'district', 'township', 'community'], level), code",
        )
        .bind(version.0)
        .fetch_all(executor)
        .await?;
    rows.into_iter()
        .map(|(code, level, kind, name, parent_code, people, numbers)| {
            let [label_lng, label_lat, west, south, east, north] = numbers;
            let level = level_named(&level).ok_or_else(|| broken("level", &level))?;
            let (label, bbox) = ([label_lng, label_lat], [west, south, east, north]);
            Ok(Division { code, level, kind, name, parent_code, people, label, bbox })
        })
        .collect()
}
type GridRow = (i32, String, String, String, Option<String>, i32, f64, [f64; 6], Vec<u8>);

/// Grids with their borders by a condition on up to two versions.
pub(super) async fn grid_shapes(
    executor: impl PgExecutor<'_>,
    condition: &'static str,
    versions: &[i32],
) -> Result<Vec<GridShape>> {
    let sql = format!(
        "select grid_id, code, kind, name, community_code, people, area_m2,
                array[st_x(label), st_y(label), st_xmin(geom), st_ymin(geom), st_xmax(geom), st_ymax(geom)],
                st_asbinary(geom, 'NDR')
         from grid
         where {condition}
         order by grid_id"
    );
    let query = versions.iter().fold(sqlx::query_as(&sql), sqlx::query::QueryAs::bind);
    let rows: Vec<GridRow> = query.fetch_all(executor).await?;
    rows.into_iter()
        .map(|(id, code, kind, name, community_code, people, area_m2, numbers, bytes)| {
            let [label_lng, label_lat, west, south, east, north] = numbers;
            let grid = Grid {
                grid_id: GridId(id),
                code,
                kind: GridKind::named(&kind).ok_or_else(|| broken("grid kind", &kind))?,
                name,
                community_code,
                people,
                area_m2,
                label: [label_lng, label_lat],
                bbox: [west, south, east, north],
            };
            Ok((grid, wkb::multi_polygon(&bytes)?))
        })
        .collect()
}
