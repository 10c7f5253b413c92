//! The snapshot every decision is taken on: one boundary version and one state of rosters, in memory, never a mix.
//!
//! Reading order: [`Borders`] (where), [`Duty`] (who), [`RoutingView`] (both, for one answer), [`Routing`] (which one).

mod borders;
mod cells;
mod choose;
mod duty;
mod holder;
mod near;

#[cfg(test)]
mod choose_tests;
#[cfg(test)]
mod routing_tests;

use std::sync::Arc;

pub use self::borders::{Borders, Chain, Spot};
pub use self::duty::Duty;
pub use self::holder::Routing;
use crate::domain::id::{BoundaryVersionId, RosterVersionId};

/// What one answer is computed from; cheap to clone, immutable.
#[derive(Clone, Debug)]
pub struct RoutingView {
    /// The borders of one version.
    pub borders: Arc<Borders>,
    /// Rosters, shifts, desks and categories of one version.
    pub duty: Arc<Duty>,
}

impl RoutingView {
    /// The borders' version.
    pub fn boundary_version(&self) -> BoundaryVersionId {
        self.borders.version()
    }

    /// The rosters' version.
    pub fn roster_version(&self) -> RosterVersionId {
        self.duty.version()
    }
}
