//! Whose is it: a report comes in, is kept, and has a holder.

mod batch;
mod idempotency;
mod intake;
mod keys;
mod reading;

use anyhow::Result;
use tests::app::App;
use tests::cluster::Database;

/// The town with a service in front of it.
async fn town_app() -> Result<(Database, App)> {
    let database = Database::with_town().await?;
    let app = App::start(&database.url).await?;
    Ok((database, app))
}
