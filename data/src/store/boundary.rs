//! Boundary versions and the shapes that hold in one.

use chrono::{DateTime, Utc};
use spatial::coverage::LatticeMultiPolygon;

use super::{Store, broken, wkb};
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

    /// All grids of a boundary version with their borders, in order of id.
    pub async fn boundary_grids(&self, version: BoundaryVersionId) -> Result<Vec<GridShape>> {
        type Row = (i32, String, String, String, Option<String>, i32, f64, [f64; 6], Vec<u8>);
        let rows: Vec<Row> = sqlx::query_as(
            "select grid_id, code, kind, name, community_code, people, area_m2,
                    array[st_x(label), st_y(label), st_xmin(geom), st_ymin(geom), st_xmax(geom), st_ymax(geom)],
                    st_asbinary(geom, 'NDR')
             from grid
             where valid @> $1
             order by grid_id",
        )
        .bind(version.0)
        .fetch_all(&self.pool)
        .await?;
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

    /// All divisions of a boundary version, the widest first, without borders.
    pub async fn boundary_divisions(&self, version: BoundaryVersionId) -> Result<Vec<Division>> {
        type Row = (String, String, String, String, Option<String>, i32, [f64; 6]);
        let rows: Vec<Row> = sqlx::query_as(
            "select code, level, kind, name, parent_code, people,
                    array[st_x(label), st_y(label), st_xmin(geom), st_ymin(geom), st_xmax(geom), st_ymax(geom)]
             from division
             where valid @> $1
             order by array_position(array['city', 'district', 'township', 'community'], level), code",
        )
        .bind(version.0)
        .fetch_all(&self.pool)
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
}
