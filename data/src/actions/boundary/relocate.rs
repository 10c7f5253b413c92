//! A correction of borders for a time that is past: the cases since then get the grid that is right for their event time.
//! Whoever holds them keeps them; that is another act.

use chrono::{DateTime, Utc};

use crate::domain::division::Division;
use crate::domain::event::Event;
use crate::domain::id::BoundaryVersionId;
use crate::domain::lifecycle::{Action, ActorRole, after};
use crate::error::{DataError, Result};
use crate::routing::{Borders, Spot};
use crate::store::{Misplaced, PublishTransaction, Relocated};

/// Relocates the cases reported since `at` in grids that ended; gives back how many.
pub(super) async fn relocate(
    transaction: &mut PublishTransaction,
    version: BoundaryVersionId,
    at: DateTime<Utc>,
    closed: &[i32],
    now: DateTime<Utc>,
) -> Result<u64> {
    let misplaced = transaction.misplaced(at, closed).await?;
    if misplaced.is_empty() {
        return Ok(0);
    }
    let grids = transaction.grids(version).await?;
    let borders = Borders::new(version, grids, transaction.division_list(version).await?);
    let found: Vec<Option<Relocated>> =
        misplaced.iter().map(|one| relocated(&borders, one, now)).collect::<Result<_>>()?;
    let found: Vec<Relocated> = found.into_iter().flatten().collect();
    transaction.relocate(version, &found).await?;
    Ok(found.len() as u64)
}

/// Where a case belongs by the corrected borders; `None` for one that lies outside them as before.
fn relocated(borders: &Borders, one: &Misplaced, now: DateTime<Utc>) -> Result<Option<Relocated>> {
    let grid = match borders.locate(one.place) {
        Spot::Inside { grid, .. } => Some(grid),
        Spot::Outside { .. } => None,
    };
    let Some(grid) = grid else {
        // A publication keeps the land of the city: what was in a grid stays in one.
        return Ok(None);
    };
    let chain = borders.chain_of(grid);
    let code = |division: Option<&Division>| division.map(|division| division.code.clone());
    let to_state = after(Some(one.state), Action::Relocate, ActorRole::Rule)
        .map_err(|error| DataError::Broken { what: "state table", why: error.to_string() })?;
    let event = Event {
        incident_id: one.incident_id,
        ordinal: one.events + 1,
        action: Action::Relocate,
        from_state: Some(one.state),
        to_state,
        actor: "rule".to_owned(),
        reason: format!("in grid {} by boundary version {}", grid.code, borders.version()),
        occurred_at: now,
    };
    let hash = event.hash(Some(&one.last_hash));
    Ok(Some(Relocated {
        key: (one.incident_id, one.reported_at),
        grid: Some((grid.grid_id.0, grid.code.clone())),
        areas: [code(chain.community), code(chain.township), code(chain.district)],
        event: (event, hash),
    }))
}
