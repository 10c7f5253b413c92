//! What changed in the gazetteer since a version of it: addresses, and what people call places.

use std::collections::HashMap;

use sqlx::Row as _;
use sqlx::postgres::PgRow;

use super::gazetteer::STATE;
use super::{GazetteerReader, GazetteerState, Store};
use crate::domain::alias_book::Reading;
use crate::domain::id::{AddressId, GazetteerVersion};
use crate::error::Result;

/// Most changed addresses that are read: above that a snapshot is built anew.
pub const MOST_CHANGES: usize = 5_000;

/// An address that was added, rewritten, moved or removed.
#[derive(Clone, Debug, PartialEq)]
pub struct AddressChange {
    /// Which.
    pub address_id: AddressId,
    /// How it was in the version asked for; none for one that is new since.
    pub was: Option<FormerAddress>,
    /// How it is; none for one that is there no longer.
    pub now: Option<ChangedAddress>,
}

/// What an address was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormerAddress {
    /// Its elements, joined by U+001F.
    pub elements: String,
    /// Its building, and how many addresses that has now.
    pub building: Option<(i32, i64)>,
}

/// What an address is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangedAddress {
    /// Its building.
    pub building_id: Option<i32>,
    /// Its grid, when it was last looked up.
    pub grid_id: Option<i32>,
    /// Where, in steps of the lattice.
    pub point: (i32, i32),
    /// District, township, community, road, house number, compound, building, unit, room.
    pub elements: [String; 9],
}

/// Everything that changed since a version, of one state of the database.
#[derive(Clone, Debug, PartialEq)]
pub struct GazetteerChanges {
    /// The state of the database.
    pub state: GazetteerState,
    /// The addresses; none where more changed than can be told, and a snapshot must be built.
    pub addresses: Option<Vec<AddressChange>>,
    /// The aliases that are read, or will be.
    pub readings: Vec<Reading>,
}

impl Store {
    /// What changed since `version`.
    pub async fn gazetteer_changes(&self, version: GazetteerVersion) -> Result<GazetteerChanges> {
        self.gazetteer_read().await?.changes(version).await
    }

    /// The numbers of those of some states that this database has been in, by their stamps.
    pub async fn gazetteer_versions_of(
        &self,
        stamps: &[String],
    ) -> Result<HashMap<String, GazetteerVersion>> {
        let rows: Vec<(String, i32)> = sqlx::query_as(
            "select stamp::text, number from gazetteer_version where stamp::text = any($1) and number is not null",
        )
        .bind(stamps)
        .fetch_all(&self.pool)
        .await?;
        Ok(rows.into_iter().map(|(stamp, number)| (stamp, GazetteerVersion(number))).collect())
    }
}

impl GazetteerReader {
    async fn changes(mut self, version: GazetteerVersion) -> Result<GazetteerChanges> {
        let state =
            super::gazetteer::state(sqlx::query_as(STATE).fetch_one(&mut *self.transaction).await?);
        let is_whole: bool = sqlx::query_scalar(
            "select exists (select from gazetteer_version where $1 < number and is_whole)",
        )
        .bind(version.0)
        .fetch_one(&mut *self.transaction)
        .await?;
        let rows = if is_whole {
            Vec::new()
        } else {
            sqlx::query(include_str!("sql/gazetteer_changes.sql"))
                .bind(version.0)
                .bind(MOST_CHANGES as i64 + 1)
                .fetch_all(&mut *self.transaction)
                .await?
        };
        let is_told = !is_whole && rows.len() <= MOST_CHANGES;
        let addresses = is_told.then(|| rows.iter().map(read).collect()).transpose()?;
        let readings = super::alias::readings(&mut self.transaction).await?;
        Ok(GazetteerChanges { state, addresses, readings })
    }
}

fn read(row: &PgRow) -> Result<AddressChange> {
    let was = row.try_get::<Option<String>, _>("old_text")?;
    let building: Option<i32> = row.try_get("old_building_id")?;
    let left: i64 = row.try_get("left_in_building")?;
    let was =
        was.map(|elements| FormerAddress { elements, building: building.map(|id| (id, left)) });
    let now = if row.try_get::<bool, _>("is_there")? {
        let mut elements: [String; 9] = Default::default();
        for (at, element) in elements.iter_mut().enumerate() {
            *element = row.try_get(at)?;
        }
        Some(ChangedAddress {
            building_id: row.try_get("building_id")?,
            grid_id: row.try_get("grid_id")?,
            point: (row.try_get("x")?, row.try_get("y")?),
            elements,
        })
    } else {
        None
    };
    Ok(AddressChange { address_id: AddressId(row.try_get("address_id")?), was, now })
}
