//! Where a report belongs: the coordinate if there is one, else the address, else nowhere.

use chrono::{DateTime, Utc};
use spatial::lattice::LatticePoint;
use spatial::measure::distance_m;

use crate::domain::assign::Choice;
use crate::domain::category::Category;
use crate::domain::division::{Division, DivisionRef};
use crate::domain::grid::{Grid, GridRef};
use crate::domain::id::{BoundaryVersionId, RosterVersionId};
use crate::domain::incident::{AddressRef, LocatedBy};
use crate::routing::{RoutingView, Spot};
use crate::store::AddressHit;

/// From this far outside the city a report still belongs to whoever is nearest.
const NEAR_M: f64 = 500.0;

/// Where a report belongs and who could take it, from one view.
#[derive(Clone, Debug)]
pub(super) struct Placed {
    pub(super) point: Option<LatticePoint>,
    pub(super) located_by: LocatedBy,
    pub(super) address: Option<AddressRef>,
    pub(super) grid: Option<GridRef>,
    pub(super) community: Option<DivisionRef>,
    pub(super) township: Option<DivisionRef>,
    pub(super) district: Option<DivisionRef>,
    pub(super) area_path: String,
    /// A special grid over the place.
    pub(super) special_grid: Option<GridRef>,
    /// Who could take it.
    pub(super) choice: Choice,
    /// What else is to be said about the choice.
    pub(super) note: Option<String>,
    pub(super) boundary_version: BoundaryVersionId,
    pub(super) roster_version: RosterVersionId,
}

impl Placed {
    /// Whether it belongs to an area; otherwise a seat must first find out where it is.
    pub(super) fn has_area(&self) -> bool {
        self.grid.is_some() || !self.area_path.is_empty()
    }
}

/// Places a report by its `point` and the address that was found for its text.
pub(super) fn place(
    view: &RoutingView,
    point: Option<LatticePoint>,
    hit: Option<AddressHit>,
    category: &Category,
    now: DateTime<Utc>,
) -> Placed {
    let note = match (point, &hit) {
        (Some(point), Some(hit)) => disagreement(view, point, hit),
        _ => None,
    };
    let (located_by, taken) = match (point, &hit) {
        (Some(point), _) => (LocatedBy::Coordinate, Some(point)),
        (None, Some(hit)) => (LocatedBy::Address, Some(hit.place)),
        (None, None) => (LocatedBy::None, None),
    };
    let address = hit
        .filter(|_| note.is_none())
        .map(|hit| AddressRef { address_id: hit.address_id, full_text: hit.full_text });
    let nowhere = Placed {
        point: taken,
        located_by,
        address,
        grid: None,
        community: None,
        township: None,
        district: None,
        area_path: String::new(),
        special_grid: None,
        choice: Choice {
            pool: None,
            passed: vec!["the address is not known and no coordinate was given".to_owned()],
            desks: view.duty.city_desk(&view.borders).into_iter().collect(),
        },
        note,
        boundary_version: view.boundary_version(),
        roster_version: view.roster_version(),
    };
    let Some(taken) = taken else { return nowhere };
    match view.borders.locate(taken) {
        Spot::Inside { grid, special } => Placed {
            grid: Some(grid.to_ref()),
            special_grid: special.map(Grid::to_ref),
            choice: view.choose(taken, category, now),
            ..in_area_of(view, grid, nowhere)
        },
        Spot::Outside { nearest: Some((grid, apart_m)) } => outside(view, grid, apart_m, nowhere),
        Spot::Outside { nearest: None } => passed(nowhere, "no grid is known".to_owned()),
    }
}

fn outside(view: &RoutingView, grid: &Grid, apart_m: f64, placed: Placed) -> Placed {
    let placed = if apart_m <= NEAR_M { in_area_of(view, grid, placed) } else { placed };
    passed(placed, format!("{apart_m:.0} m outside the nearest grid, {}", grid.code))
}

/// Nobody but a desk can take it, and why.
fn passed(placed: Placed, why: String) -> Placed {
    let choice = Choice { passed: vec![why], ..placed.choice };
    Placed { choice, ..placed }
}

fn in_area_of(view: &RoutingView, grid: &Grid, placed: Placed) -> Placed {
    let chain = view.borders.chain_of(grid);
    Placed {
        community: chain.community.map(Division::to_ref),
        township: chain.township.map(Division::to_ref),
        district: chain.district.map(Division::to_ref),
        area_path: chain.area_path(),
        choice: Choice { desks: view.duty.desks(&view.borders, &chain), ..placed.choice },
        ..placed
    }
}

/// What to say when the address lies in another grid than the coordinate.
fn disagreement(view: &RoutingView, point: LatticePoint, hit: &AddressHit) -> Option<String> {
    let grid_at = |at| match view.borders.locate(at) {
        Spot::Inside { grid, .. } => Some(grid),
        Spot::Outside { .. } => None,
    };
    let (here, there) = (grid_at(point), grid_at(hit.place));
    if here.map(|grid| grid.grid_id) == there.map(|grid| grid.grid_id) {
        return None;
    }
    let apart_m = distance_m(point.lng_lat(), hit.place.lng_lat());
    let there = there
        .map_or_else(|| "outside all grids".to_owned(), |grid| format!("in grid {}", grid.code));
    Some(format!("the address lies {there}, {apart_m:.0} m from the coordinate, which was taken"))
}
