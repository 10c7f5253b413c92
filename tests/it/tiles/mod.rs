//! What map clients get: tiles of every layer, drawn by a real database and taken apart by a reader of our own.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "what reads tiles here is a test as a whole"
)]

mod mesh;
mod mvt;

mod drawing;
mod generalised;
mod versions;

use std::path::Path;
use std::time::Duration;

use anyhow::Result;
use tests::cluster::Database;
use tiles::{TileAnswer, TileOptions, TileService};

/// A drawn mesh with `addresses` addresses, and a service on it.
async fn mesh(addresses: i32) -> Result<(Database, TileService)> {
    let database = Database::empty().await?;
    mesh::load(&database, addresses).await?;
    let service = service(&database).await?;
    Ok((database, service))
}

async fn service(database: &Database) -> Result<TileService> {
    let options =
        TileOptions { statement_timeout: Duration::from_secs(20), ..TileOptions::default() };
    Ok(TileService::connect_with(&database.url, Path::new("/nonexistent"), options).await?)
}

/// The one layer of a tile; none where the tile is empty.
fn layer(answer: &TileAnswer) -> Option<mvt::Layer> {
    let mut layers = mvt::decode(&answer.drawn()?.decode());
    assert_eq!(layers.len(), 1);
    layers.pop()
}

/// Column and row of the tile that holds a place given in degrees.
fn tile_at(lng: f64, lat: f64, z: u8) -> (u32, u32) {
    let tiles = f64::from(1u32 << z);
    let mercator = lat.to_radians().tan().asinh() / std::f64::consts::PI;
    (((lng + 180.0) / 360.0 * tiles) as u32, ((1.0 - mercator) / 2.0 * tiles) as u32)
}

/// All tiles of a zoom level that the mesh touches.
fn tiles_of_mesh(z: u8) -> impl Iterator<Item = (u32, u32)> {
    let [west, south, east, north] = mesh::BOUNDS;
    let ((left, bottom), (right, top)) = (tile_at(west, south, z), tile_at(east, north, z));
    (left..=right).flat_map(move |x| (top..=bottom).map(move |y| (x, y)))
}
