//! What the geocoder's snapshot is built from, read in one snapshot of the database.

use futures::{Stream, StreamExt as _};
use sqlx::{Postgres, Transaction};

use super::Store;
use crate::domain::id::{BoundaryVersionId, GazetteerVersion};
use crate::error::{DataError, Result};

/// Which gazetteer the database holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GazetteerState {
    /// Its number.
    pub version: GazetteerVersion,
    /// The name of this state, the same wherever the database is restored.
    pub stamp: String,
    /// The borders whose divisions are named in it; none before the first.
    pub boundary_version: Option<BoundaryVersionId>,
    /// A fingerprint of the names and places of these divisions.
    pub divisions: String,
}

/// A division with the names above it.
#[derive(Clone, Debug)]
pub struct NamedDivision {
    /// Digits.
    pub code: String,
    /// `city`, `district`, `township` or `community`.
    pub level: String,
    /// Names of the district, township and community, as far down as it is one; the rest empty.
    pub chain: [String; 3],
    /// Its own name.
    pub name: String,
    /// Where its name stands, in steps of the lattice.
    pub label: (i32, i32),
}

/// A place by name inside a building.
#[derive(Clone, Debug)]
pub struct NamedPlace {
    /// Its id.
    pub poi_id: i32,
    /// Its name.
    pub name: String,
    /// The building.
    pub building_id: i32,
}

/// Where roads of two names meet.
#[derive(Clone, Debug)]
pub struct RoadCrossing {
    /// Their names.
    pub names: (String, String),
    /// Where, in steps of the lattice.
    pub point: (i32, i32),
}

/// Everything of one state of the database, and of nothing later.
#[derive(Debug)]
pub struct GazetteerReader {
    pub(super) transaction: Transaction<'static, Postgres>,
}

pub(super) const STATE: &str = "select g.number, g.stamp::text, boundary_version_at(now()),
        (select coalesce(md5(string_agg(d.code || d.name || coalesce(d.parent_code, '') || st_astext(d.label), ',' order by d.code)), '')
         from division d
         where d.valid @> boundary_version_at(now()))
    from gazetteer_version g
    where g.number = (select max(number) from gazetteer_version)";

pub(super) type StateRow = (i32, String, Option<i32>, String);

pub(super) fn state((number, stamp, boundary, divisions): StateRow) -> GazetteerState {
    GazetteerState {
        version: GazetteerVersion(number),
        stamp,
        boundary_version: boundary.map(BoundaryVersionId),
        divisions,
    }
}

impl Store {
    /// Which gazetteer the database holds now.
    pub async fn gazetteer_state(&self) -> Result<GazetteerState> {
        Ok(state(sqlx::query_as(STATE).fetch_one(&self.pool).await?))
    }

    /// Begins to read the gazetteer.
    pub async fn gazetteer_read(&self) -> Result<GazetteerReader> {
        let mut transaction = self.pool.begin().await?;
        sqlx::query("set transaction isolation level repeatable read, read only")
            .execute(&mut *transaction)
            .await?;
        Ok(GazetteerReader { transaction })
    }
}

impl GazetteerReader {
    /// Which gazetteer it is.
    pub async fn state(&mut self) -> Result<GazetteerState> {
        Ok(state(sqlx::query_as(STATE).fetch_one(&mut *self.transaction).await?))
    }

    /// The divisions in force, parents first.
    pub async fn divisions(&mut self) -> Result<Vec<NamedDivision>> {
        type Row = (String, String, Vec<String>, String, i32, i32);
        let rows: Vec<Row> = sqlx::query_as(
            "with recursive inside as (
                 select code, level, name, array[]::text[] as above, label, 0 as depth
                 from division
                 where valid @> boundary_version_at(now()) and level in ('city', 'district')
                 union all
                 select d.code, d.level, d.name, i.above || i.name, d.label, i.depth + 1
                 from division d
                 join inside i on d.parent_code = i.code
                 where d.valid @> boundary_version_at(now()) and d.level in ('township', 'community') and i.level <> 'city'
             )
             select code, level, above, name, round(st_x(label) * 1e7)::int, round(st_y(label) * 1e7)::int
             from inside
             order by depth, code",
        )
        .fetch_all(&mut *self.transaction)
        .await?;
        let division = |(code, level, above, name, x, y): Row| {
            let mut chain: [String; 3] = Default::default();
            let own = match level.as_str() {
                "district" => Some(0),
                "township" => Some(1),
                "community" => Some(2),
                _ => None,
            };
            for (slot, text) in chain.iter_mut().zip(above) {
                *slot = text;
            }
            if let Some(slot) = own.and_then(|own: usize| chain.get_mut(own)) {
                slot.clone_from(&name);
            }
            NamedDivision { code, level, chain, name, label: (x, y) }
        };
        Ok(rows.into_iter().map(division).collect())
    }

    /// The places by name that are in a building.
    pub async fn places(&mut self) -> Result<Vec<NamedPlace>> {
        let rows: Vec<(i32, String, i32)> = sqlx::query_as(
            "select poi_id, name, building_id from poi where building_id is not null order by poi_id",
        )
        .fetch_all(&mut *self.transaction)
        .await?;
        let place = |(poi_id, name, building_id)| NamedPlace { poi_id, name, building_id };
        Ok(rows.into_iter().map(place).collect())
    }

    /// Where roads of two names meet.
    pub async fn crossings(&mut self) -> Result<Vec<RoadCrossing>> {
        let rows: Vec<(String, String, i32, i32)> = sqlx::query_as(
            "select distinct least(a.name, b.name), greatest(a.name, b.name),
                    round(st_x(p.geom) * 1e7)::int, round(st_y(p.geom) * 1e7)::int
             from road a
             join road b on a.geom && b.geom and a.road_id < b.road_id and a.name <> b.name and st_intersects(a.geom, b.geom)
             cross join lateral st_dumppoints(st_intersection(a.geom, b.geom)) p
             where a.name <> '' and b.name <> ''
             order by 1, 2, 3, 4",
        )
        .fetch_all(&mut *self.transaction)
        .await?;
        let crossing = |(one, other, x, y)| RoadCrossing { names: (one, other), point: (x, y) };
        Ok(rows.into_iter().map(crossing).collect())
    }

    /// About how many addresses there are.
    pub async fn addresses_about(&mut self) -> Result<u64> {
        let rows: f32 =
            sqlx::query_scalar("select reltuples from pg_class where oid = 'address'::regclass")
                .fetch_one(&mut *self.transaction)
                .await?;
        Ok(rows.max(0.0) as u64)
    }

    /// All addresses as lines in the text form of `copy`: id, building, grid, x and y in steps of the lattice, district,
    /// township, community, road, house number, compound, building, unit, room.
    pub async fn addresses(&mut self) -> Result<impl Stream<Item = Result<impl AsRef<[u8]>>>> {
        let lines = self
            .transaction
            .copy_out_raw(
                "copy (
                     select address_id, building_id, grid_id, round(st_x(geom) * 1e7)::int, round(st_y(geom) * 1e7)::int,
                            district, township, community, road, house_no, compound, building_no, unit, room
                     from address
                 ) to stdout",
            )
            .await?;
        Ok(lines.map(|line| line.map_err(DataError::from)))
    }
}
