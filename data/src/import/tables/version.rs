//! Publishing: what an import tells the rest of the city about itself, in its own transaction. The tables wake the other
//! nodes themselves.

use sqlx::PgConnection;

use crate::error::DataError;
use crate::store::tile_table;

/// Locks out other publications until the end of the transaction, and tells the newest boundary version; 0 for none.
pub async fn lock_boundaries(connection: &mut PgConnection) -> Result<i32, sqlx::Error> {
    sqlx::query("lock table boundary_version in share row exclusive mode")
        .execute(&mut *connection)
        .await?;
    newest(connection).await
}

/// Lets nobody publish until the end of the transaction, and tells the newest boundary version; 0 for none. For whoever
/// writes cases; to be called last, since publications and all intakes behind them wait for it.
pub async fn hold_boundaries(connection: &mut PgConnection) -> Result<i32, sqlx::Error> {
    sqlx::query("lock table boundary_version in row share mode").execute(&mut *connection).await?;
    newest(connection).await
}

/// The newest boundary version, in force or not; 0 for none.
pub async fn newest(connection: &mut PgConnection) -> Result<i32, sqlx::Error> {
    sqlx::query_scalar("select coalesce(max(boundary_version_id), 0) from boundary_version")
        .fetch_one(connection)
        .await
}

/// The time at which a published boundary version will come into force, if one is still to come.
pub async fn scheduled(connection: &mut PgConnection) -> Result<Option<String>, sqlx::Error> {
    sqlx::query_scalar(
        "select to_char(max(effective_at), 'YYYY-MM-DD HH24:MI:SSOF')
         from boundary_version
         where effective_at > now()",
    )
    .fetch_one(connection)
    .await
}

/// A new boundary version, in force from now on.
pub async fn publish_boundaries(
    connection: &mut PgConnection,
    note: &str,
) -> Result<i32, sqlx::Error> {
    sqlx::query_scalar(
        "insert into boundary_version (effective_at, published_by, note)
         values (now(), 'import', $1)
         returning boundary_version_id",
    )
    .bind(note)
    .fetch_one(connection)
    .await
}

/// A new roster version.
pub async fn publish_rosters(
    connection: &mut PgConnection,
    reason: &str,
) -> Result<i32, sqlx::Error> {
    sqlx::query_scalar(
        "insert into roster_version (reason)
         values ($1)
         returning roster_version_id",
    )
    .bind(reason)
    .fetch_one(connection)
    .await
}

/// A new version of the maps, with the tile tables filled anew.
pub async fn publish_map(connection: &mut PgConnection, reason: &str) -> Result<i32, DataError> {
    tile_table::refresh(connection).await?;
    let version = sqlx::query_scalar(
        "insert into map_version (reason)
         values ($1)
         returning map_version_id",
    )
    .bind(reason)
    .fetch_one(connection)
    .await?;
    Ok(version)
}
