//! All query SQL of the service, one file per family of tables.

use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};

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

    /// Brings the schema up to date; a rerun does nothing.
    ///
    /// # Errors
    /// [`DataError::Migration`] when a migration fails or one that was applied has been changed since.
    pub async fn migrate(&self) -> Result<(), DataError> {
        Ok(MIGRATIONS.run(&self.pool).await?)
    }
}
