//! What stands in grids follows them: addresses and buildings are looked up again where, and only where, grids changed.

use std::sync::Arc;

use spatial::coverage::LatticeMultiPolygon;
use spatial::lattice::LatticePoint;
use spatial::locate::{Locate as _, Locator};

use crate::domain::grid::GridKind;
use crate::domain::id::BoundaryVersionId;
use crate::error::{DataError, Result};
use crate::import::boundary::Border;
use crate::import::tables::boundary::Tenant;
use crate::store::{PublishTransaction, Store};

/// What it took to bring what is drawn and what is housed up to the borders in force.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settled {
    /// The borders that are in force and now drawn.
    pub version: BoundaryVersionId,
    /// How many addresses and buildings were given another grid.
    pub rehoused: u64,
}

/// Brings addresses, buildings and the map up to the borders in force, when a version that was published for later has
/// come into force. `None` when there is nothing to do, or another node does it.
///
/// # Errors
/// [`DataError::Database`].
pub async fn settle(store: &Store) -> Result<Option<Settled>> {
    let Some((drawn, version)) = store.overdue_version().await? else { return Ok(None) };
    let Some(mut transaction) = store.settle_begin().await? else { return Ok(None) };
    // Another node may have done it just before we got the lock.
    if store.overdue_version().await? != Some((drawn, version)) {
        return Ok(None);
    }
    let closed = transaction.grids_gone(drawn, version).await?;
    let new = store.boundary_grids_new(drawn, version).await?;
    let basic = new.into_iter().filter(|(grid, _)| grid.kind == GridKind::Basic);
    let faces = basic.map(|(grid, shape)| (grid.grid_id.0, shape)).collect();
    let rehoused = house(&mut transaction, &closed, faces).await?;
    transaction.map_refresh().await?;
    transaction.settle_commit().await?;
    Ok(Some(Settled { version, rehoused }))
}

/// Looks up again what stood in grids that ended, among their successors (with their new ids).
pub(super) async fn rehouse(
    transaction: &mut PublishTransaction,
    ended: &[i32],
    successors: &[Border],
    ids: &[i32],
) -> Result<u64> {
    let basic =
        ids.iter().zip(successors).filter(|(_, border)| border.kind == GridKind::Basic.name());
    let faces = basic.map(|(id, border)| (*id, border.shape.clone())).collect();
    house(transaction, ended, faces).await
}

async fn house(
    transaction: &mut PublishTransaction,
    ended: &[i32],
    faces: Vec<(i32, LatticeMultiPolygon)>,
) -> Result<u64> {
    let faces = faces.into_iter().map(|(id, shape)| (id as u32, shape));
    let locator = Arc::new(Locator::new(faces));
    let mut rehoused = 0;
    for tenant in [Tenant::Address, Tenant::Building] {
        let homeless = transaction.homeless(tenant, ended).await?;
        let (locator, find) = (Arc::clone(&locator), homeless);
        let found = tokio::task::spawn_blocking(move || find_all(&locator, find))
            .await
            .map_err(|error| DataError::Broken { what: "lookup", why: error.to_string() })?;
        rehoused += transaction.house(tenant, &found).await?;
    }
    Ok(rehoused)
}

fn find_all(locator: &Locator, places: Vec<(i32, LatticePoint)>) -> Vec<(i32, Option<i32>)> {
    let find = |(id, place)| (id, locator.locate(place).map(|grid| grid as i32));
    places.into_iter().map(find).collect()
}
