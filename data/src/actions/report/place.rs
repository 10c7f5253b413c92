//! Where a report belongs: the coordinate if there is one, else the address, else nowhere.

use chrono::{DateTime, Utc};
use spatial::lattice::LatticePoint;
use spatial::measure::distance_m;

use crate::domain::assign::{Candidate, Desk};
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
    /// Workers of the grid on shift.
    pub(super) candidates: Vec<Candidate>,
    /// Who takes it if none of them does, and why.
    pub(super) desks: Vec<Desk>,
    pub(super) why_desk: String,
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
        candidates: Vec::new(),
        desks: view.duty.city_desk(&view.borders).into_iter().collect(),
        why_desk: "the address is not known and no coordinate was given".to_owned(),
        note,
        boundary_version: view.boundary_version(),
        roster_version: view.roster_version(),
    };
    let Some(taken) = taken else { return nowhere };
    match view.borders.locate(taken) {
        Spot::Inside { grid, .. } => inside(view, grid, nowhere, now),
        Spot::Outside { nearest: Some((grid, apart_m)) } => outside(view, grid, apart_m, nowhere),
        Spot::Outside { nearest: None } => {
            Placed { why_desk: "no grid is known".to_owned(), ..nowhere }
        }
    }
}

fn inside(view: &RoutingView, grid: &Grid, placed: Placed, now: DateTime<Utc>) -> Placed {
    let code = &grid.code;
    let why_desk = if view.duty.has_roster(code) {
        format!("nobody of grid {code} is on shift")
    } else {
        format!("grid {code} has nobody on its roster")
    };
    let candidates = view.duty.candidates(code, now);
    let placed = in_area_of(view, grid, placed);
    Placed { grid: Some(grid.to_ref()), candidates, why_desk, ..placed }
}

fn outside(view: &RoutingView, grid: &Grid, apart_m: f64, placed: Placed) -> Placed {
    let why_desk = format!("{apart_m:.0} m outside the nearest grid, {}", grid.code);
    let placed = if apart_m <= NEAR_M { in_area_of(view, grid, placed) } else { placed };
    Placed { why_desk, ..placed }
}

fn in_area_of(view: &RoutingView, grid: &Grid, placed: Placed) -> Placed {
    let chain = view.borders.chain_of(grid);
    Placed {
        community: chain.community.map(Division::to_ref),
        township: chain.township.map(Division::to_ref),
        district: chain.district.map(Division::to_ref),
        area_path: chain.area_path(),
        desks: view.duty.desks(&view.borders, &chain),
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
