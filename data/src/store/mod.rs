//! All query SQL of the service, one file per family of tables.
//!
//! Everything here takes and gives domain types. Statements of more than a screen are files in `sql/`.

mod address;
mod alias;
mod api_key;
mod boundary;
mod category;
pub(crate) mod copy;
mod division;
mod event;
mod gazetteer;
mod gazetteer_change;
mod geocode_chunk;
mod geocode_job;
mod geocode_result;
mod grid;
mod grid_worker;
mod idempotency;
mod incident;
mod incident_insert;
mod map_version;
mod publish;
mod relocate;
mod reroute;
mod scope;
mod stats;
mod stream;
pub(crate) mod tile_table;
mod wkb;

use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};

pub use self::address::AddressHit;
pub use self::alias::{AliasFilter, AliasTransaction};
pub use self::api_key::{ApiKey, NewApiKey, Principal};
pub use self::boundary::{BoundaryRecord, BoundaryVersion, GridShape};
pub use self::gazetteer::{
    GazetteerReader, GazetteerState, NamedDivision, NamedPlace, RoadCrossing,
};
pub use self::gazetteer_change::{
    AddressChange, ChangedAddress, FormerAddress, GazetteerChanges, MOST_CHANGES,
};
pub use self::geocode_chunk::{ChunkAnswer, ChunkRow, ChunkTransaction};
pub use self::geocode_job::{AnsweredRow, JobViewer, RowFilter};
pub use self::geocode_result::ResultReader;
pub use self::grid_worker::{RosterLine, ShiftLine, UnitLine, WorkerLine};
pub use self::idempotency::KeptAnswer;
pub use self::incident::{IncidentCursor, IncidentFilter};
pub use self::incident_insert::{Decided, IntakeTransaction, Prepared};
pub use self::map_version::{MapVersions, Newest};
pub use self::publish::PublishTransaction;
pub use self::relocate::{Misplaced, Relocated};
pub use self::reroute::{NewHolder, RerouteTransaction, Routable};
pub use self::scope::Scope;
pub use self::stats::{OpenPoint, WallCounts};
pub use self::stream::StreamEvent;

use crate::error::DataError;

static MIGRATIONS: sqlx::migrate::Migrator = sqlx::migrate!("./migrations");

/// The database, as the rest of the service sees it.
#[derive(Clone, Debug)]
pub struct Store {
    /// The pool every query goes through.
    pub pool: PgPool,
}

impl Store {
    /// Connects to the database at `url`, at most 24 connections.
    ///
    /// # Errors
    /// [`DataError::Database`] when the url cannot be read or nobody answers there.
    pub async fn connect(url: &str) -> Result<Self, DataError> {
        Self::connect_with(url, 24).await
    }

    /// Connects to the database at `url` with at most `connections` connections.
    ///
    /// # Errors
    /// [`DataError::Database`] when the url cannot be read or nobody answers there.
    pub async fn connect_with(url: &str, connections: u32) -> Result<Self, DataError> {
        let options: PgConnectOptions = url.parse()?;
        let pool = PgPoolOptions::new()
            .max_connections(connections)
            .acquire_timeout(std::time::Duration::from_secs(5))
            .connect_with(options.application_name("wangge"))
            .await?;
        Ok(Self { pool })
    }

    /// Connects for answering requests: waits half a minute for a database that is starting, but lets no request wait
    /// longer than 0.8 s for a connection afterwards, so that a caller soon hears that the database is away.
    ///
    /// # Errors
    /// [`DataError::Database`] when the url cannot be read or nobody answers there.
    pub async fn connect_serving(url: &str, connections: u32) -> Result<Self, DataError> {
        let options: PgConnectOptions = url.parse()?;
        let pool = PgPoolOptions::new()
            .max_connections(connections)
            .acquire_timeout(std::time::Duration::from_millis(800))
            .connect_lazy_with(options.application_name("wangge"));
        let store = Self { pool };
        let begun = std::time::Instant::now();
        loop {
            match store.ping().await {
                Err(error) if error.is_unavailable() && begun.elapsed().as_secs() < 30 => {
                    tokio::time::sleep(std::time::Duration::from_millis(100)).await;
                }
                answer => return answer.map(|()| store),
            }
        }
    }

    /// Brings the schema up to date; a rerun does nothing.
    ///
    /// # Errors
    /// [`DataError::Migration`] when a migration fails or one that was applied has been changed since.
    pub async fn migrate(&self) -> Result<(), DataError> {
        Ok(MIGRATIONS.run(&self.pool).await?)
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// [`DataError::Database`] when it does not.
    pub async fn ping(&self) -> Result<(), DataError> {
        sqlx::query("select 1").execute(&self.pool).await?;
        Ok(())
    }
}

/// An error for a stored word that no version of this program wrote.
fn broken(what: &'static str, word: &str) -> DataError {
    DataError::Broken { what, why: format!("unknown word {word:?}") }
}
