//! The transaction of a publication: one at a time in the whole installation, and no case is decided while it commits.

use chrono::{DateTime, Utc};
use spatial::coverage::LatticeMultiPolygon;
use spatial::crs::{LngLat, Wgs84};
use spatial::lattice::LatticePoint;
use sqlx::{PgConnection, Postgres, Transaction};

use super::{BoundaryVersion, GridShape, Store, boundary, tile_table};
use crate::domain::division::Division;
use crate::domain::id::{BoundaryVersionId, MapVersionId};
use crate::error::{DataError, Fault, Result};
use crate::import::boundary::{Border, Standing};
use crate::import::tables::boundary::{self as tables, Layer, Tenant};

/// The open transaction; dropped without commit it leaves no trace.
#[derive(Debug)]
pub struct PublishTransaction(pub(super) Transaction<'static, Postgres>);

impl Store {
    /// Begins a publication; waits for another one that is under way.
    pub async fn publish_begin(&self) -> Result<PublishTransaction> {
        const BEGIN: &str = "begin; lock table boundary_version in share row exclusive mode";
        Ok(PublishTransaction(self.pool.begin_with(BEGIN).await?))
    }

    /// The version that is drawn and the one that is in force, when those are two; none before the first map.
    pub async fn overdue_version(&self) -> Result<Option<(BoundaryVersionId, BoundaryVersionId)>> {
        let row: Option<(i32, i32)> = sqlx::query_as(
            "select boundary_version_id, boundary_version_at(clock_timestamp())
             from tile_version
             where boundary_version_id <> boundary_version_at(clock_timestamp())",
        )
        .fetch_optional(&self.pool)
        .await?;
        Ok(row.map(|(drawn, in_force)| (BoundaryVersionId(drawn), BoundaryVersionId(in_force))))
    }

    /// Begins to bring things up to the borders in force; `None` when another node is at it.
    pub async fn settle_begin(&self) -> Result<Option<PublishTransaction>> {
        let mut transaction = self.pool.begin().await?;
        let ours: bool = sqlx::query_scalar(
            "select pg_try_advisory_xact_lock(hashtext('borders_come_into_force'))",
        )
        .fetch_one(&mut *transaction)
        .await?;
        Ok(ours.then_some(PublishTransaction(transaction)))
    }
}

impl PublishTransaction {
    pub(super) fn connection(&mut self) -> &mut PgConnection {
        &mut self.0
    }

    /// The newest version, in force or not: the one the next is made from.
    ///
    /// # Errors
    /// [`DataError::NoBoundaries`] before the first city is loaded.
    pub async fn newest(&mut self) -> Result<BoundaryVersion> {
        let row: Option<(i32, DateTime<Utc>)> = sqlx::query_as(
            "select boundary_version_id, effective_at
             from boundary_version
             order by boundary_version_id desc
             limit 1",
        )
        .fetch_optional(self.connection())
        .await?;
        let (id, effective_at) = row.ok_or(DataError::NoBoundaries)?;
        Ok(BoundaryVersion { id: BoundaryVersionId(id), effective_at })
    }

    /// What an edit concerns: the grids of these codes, those that meet one of these shapes, and all grids of the
    /// communities of all of them, or of these communities.
    pub async fn grids_around(
        &mut self,
        version: BoundaryVersionId,
        codes: &[String],
        communities: &[String],
        shapes: &[&LatticeMultiPolygon],
    ) -> Result<Vec<Standing>> {
        let mut corners: [Vec<f64>; 4] = Default::default();
        for bounds in shapes.iter().filter_map(|shape| shape.bounds()) {
            let (low, high) = (bounds.min.lng_lat(), bounds.max.lng_lat());
            let degrees = [low.lng(), low.lat(), high.lng(), high.lat()];
            corners.iter_mut().zip(degrees).for_each(|(side, degree)| side.push(degree));
        }
        let [west, south, east, north] = corners;
        let ids: Vec<i32> = sqlx::query_scalar(
            "with near as (
                 select grid_id, community_code
                 from grid
                 where valid @> $1 and code = any($2)
                 union
                 select g.grid_id, g.community_code
                 from unnest($4::float8[], $5::float8[], $6::float8[], $7::float8[]) as b (west, south, east, north)
                 join grid g on g.geom && st_makeenvelope(b.west, b.south, b.east, b.north, 4326)
                 where g.valid @> $1
             )
             select grid_id from near
             union
             select grid_id
             from grid
             where valid @> $1
               and (community_code = any($3) or community_code in (select community_code from near))",
        )
        .bind(version.0)
        .bind(codes)
        .bind(communities)
        .bind(west)
        .bind(south)
        .bind(east)
        .bind(north)
        .fetch_all(self.connection())
        .await?;
        Ok(tables::standing_of(self.connection(), Layer::Grids, &ids).await?)
    }

    /// All grids with their borders, also of the version that is being written.
    pub async fn grids(&mut self, version: BoundaryVersionId) -> Result<Vec<GridShape>> {
        boundary::grid_shapes(self.connection(), "valid @> $1", &[version.0]).await
    }

    /// The grids of one version that another has not.
    pub async fn grids_gone(
        &mut self,
        before: BoundaryVersionId,
        version: BoundaryVersionId,
    ) -> Result<Vec<i32>> {
        let query = "select grid_id from grid where valid @> $1 and not valid @> $2";
        let ids = sqlx::query_scalar(query).bind(before.0).bind(version.0);
        Ok(ids.fetch_all(self.connection()).await?)
    }

    /// All divisions with their borders.
    pub async fn divisions(&mut self, version: BoundaryVersionId) -> Result<Vec<Standing>> {
        Ok(tables::standing(self.connection(), Layer::Divisions, version.0).await?)
    }

    /// All divisions without their borders.
    pub async fn division_list(&mut self, version: BoundaryVersionId) -> Result<Vec<Division>> {
        boundary::divisions(self.connection(), version).await
    }

    /// Writes a new version; in force at the commit when no time is given.
    pub async fn version_insert(
        &mut self,
        effective_at: Option<DateTime<Utc>>,
        by: &str,
        note: &str,
    ) -> Result<BoundaryVersionId> {
        let id: i32 = sqlx::query_scalar(
            "insert into boundary_version (effective_at, published_by, note)
             values (coalesce($1, now()), $2, $3)
             returning boundary_version_id",
        )
        .bind(effective_at)
        .bind(by)
        .bind(note)
        .fetch_one(self.connection())
        .await?;
        Ok(BoundaryVersionId(id))
    }

    /// Ends grids and writes their successors; gives back the ids of the new ones in order.
    pub async fn grids_replace(
        &mut self,
        version: BoundaryVersionId,
        close: &[i32],
        insert: &[Border],
    ) -> Result<Vec<i32>> {
        tables::close(self.connection(), Layer::Grids, close, version.0).await?;
        Ok(tables::insert(self.connection(), Layer::Grids, insert, version.0).await?)
    }

    /// The same for divisions.
    pub async fn divisions_replace(
        &mut self,
        version: BoundaryVersionId,
        close: &[i32],
        insert: &[Border],
    ) -> Result<()> {
        tables::close(self.connection(), Layer::Divisions, close, version.0).await?;
        tables::insert(self.connection(), Layer::Divisions, insert, version.0).await?;
        Ok(())
    }

    /// Addresses and buildings in grids that ended or in none; with the place that decides.
    pub async fn homeless(
        &mut self,
        tenant: Tenant,
        closed: &[i32],
    ) -> Result<Vec<(i32, LatticePoint)>> {
        Ok(tables::homeless(self.connection(), tenant, closed).await?)
    }

    /// Writes the grids found for them; gives back how many of them are other ones.
    pub async fn house(&mut self, tenant: Tenant, found: &[(i32, Option<i32>)]) -> Result<u64> {
        Ok(tables::house(self.connection(), tenant, found).await?)
    }

    /// Draws the borders in force anew: a new map version.
    pub async fn map_refresh(&mut self) -> Result<MapVersionId> {
        Ok(MapVersionId(tile_table::refresh_borders(self.connection()).await?))
    }

    /// Makes it durable, and waits before that for every intake under way. Gives back the time at which the version came
    /// or comes into force.
    ///
    /// # Errors
    /// [`DataError::Invalid`] when that time is before that of another version or leaves cases in grids of another time.
    pub async fn commit(mut self, version: BoundaryVersionId) -> Result<DateTime<Utc>> {
        // The rules of the commit run here already, so that what they found can be read.
        sqlx::query("set constraints all immediate")
            .execute(self.connection())
            .await
            .map_err(refused)?;
        let effective_at = sqlx::query_scalar(
            "select effective_at
             from boundary_version
             where boundary_version_id = $1",
        )
        .bind(version.0)
        .fetch_one(self.connection())
        .await?;
        self.0.commit().await.map_err(refused)?;
        Ok(effective_at)
    }
}

impl PublishTransaction {
    /// Makes durable what was begun with [`Store::settle_begin`].
    pub async fn settle_commit(self) -> Result<()> {
        Ok(self.0.commit().await?)
    }
}

/// The refusals of the schema, in the words of a request.
fn refused(error: sqlx::Error) -> DataError {
    match error.as_database_error() {
        Some(said) if said.code().is_some_and(|code| code == "WG002" || code == "WG003") => {
            DataError::Invalid(vec![Fault::at("/effective_at", said.message())])
        }
        _ => error.into(),
    }
}

/// The lattice point of stored degrees.
pub(super) fn stored_point(lng: f64, lat: f64) -> Result<LatticePoint> {
    LngLat::<Wgs84>::new(lng, lat)
        .map(LatticePoint::nearest)
        .map_err(|error| DataError::Broken { what: "place", why: error.to_string() })
}
