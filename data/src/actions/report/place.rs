//! Where a report belongs: the coordinate if there is one, else the address, else nowhere.

use chrono::{DateTime, Utc};
use spatial::lattice::LatticePoint;
use spatial::measure::distance_m;

use super::understand::Understood;
use crate::domain::assign::Choice;
use crate::domain::category::Category;
use crate::domain::division::{Division, DivisionRef};
use crate::domain::grid::{Grid, GridRef};
use crate::domain::id::{BoundaryVersionId, RosterVersionId};
use crate::domain::incident::{AddressMatch, AddressRef, LocatedBy, PointConflict};
use crate::domain::why::Passed;
use crate::routing::{Chain, RoutingView, Spot};

/// From this far outside the city a report still belongs to whoever is nearest.
const NEAR_M: f64 = 500.0;

/// Where a report belongs and who could take it, from one view.
#[derive(Clone, Debug)]
pub(super) struct Placed {
    pub(super) point: Option<LatticePoint>,
    pub(super) located_by: LocatedBy,
    pub(super) address: Option<AddressRef>,
    pub(super) address_match: Option<AddressMatch>,
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

/// Places a report by its `point` and what its address means.
pub(super) fn place(
    view: &RoutingView,
    point: Option<LatticePoint>,
    understood: Understood,
    category: &Category,
    now: DateTime<Utc>,
) -> Placed {
    let (nowhere, area) = unplaced(view, point, understood);
    let Some(taken) = nowhere.point else {
        let chain = area.map(|code| view.borders.chain(&code));
        return match chain {
            Some(chain) => in_chain(view, &chain, nowhere),
            None => nowhere,
        };
    };
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

/// What is known before any border is looked at, and the area of an address without a place. A point wins over an address
/// that lies elsewhere.
fn unplaced(
    view: &RoutingView,
    point: Option<LatticePoint>,
    understood: Understood,
) -> (Placed, Option<String>) {
    let Understood {
        place,
        accuracy_m,
        mut address,
        mut address_match,
        likely_crs,
        note,
        area,
        why,
    } = understood;
    let conflict = point.zip(place).and_then(|(point, place)| {
        let note = disagreement(view, point, place, accuracy_m)?;
        Some((note, distance_m(point.lng_lat(), place.lng_lat())))
    });
    let (located_by, taken) = match (point, place) {
        (Some(point), _) => (LocatedBy::Coordinate, Some(point)),
        (None, Some(place)) => (LocatedBy::Address, Some(place)),
        (None, None) => (LocatedBy::None, None),
    };
    // Of the place of an address that was not taken nothing needs to be said but that it lies elsewhere.
    let mut note = note.filter(|_| point.is_none());
    if let Some((why, apart_m)) = conflict {
        note = Some(why);
        address = None;
        if let Some(found) = &mut address_match {
            found.conflict = Some(PointConflict { apart_m: apart_m.round(), likely_crs });
        }
    }
    let why = why.unwrap_or_else(|| "the address is not known".to_owned());
    let placed = Placed {
        point: taken,
        located_by,
        address,
        address_match,
        grid: None,
        community: None,
        township: None,
        district: None,
        area_path: String::new(),
        special_grid: None,
        choice: Choice {
            pool: None,
            passed: vec![Passed::Said(format!("{why} and no coordinate was given"))],
            desks: view.duty.city_desk(&view.borders).into_iter().collect(),
        },
        note,
        boundary_version: view.boundary_version(),
        roster_version: view.roster_version(),
    };
    (placed, area)
}

fn outside(view: &RoutingView, grid: &Grid, apart_m: f64, placed: Placed) -> Placed {
    let placed = if apart_m <= NEAR_M { in_area_of(view, grid, placed) } else { placed };
    passed(placed, format!("{apart_m:.0} m outside the nearest grid, {}", grid.code))
}

/// Nobody but a desk can take it, and why.
fn passed(placed: Placed, why: String) -> Placed {
    let choice = Choice { passed: vec![Passed::Said(why)], ..placed.choice };
    Placed { choice, ..placed }
}

fn in_area_of(view: &RoutingView, grid: &Grid, placed: Placed) -> Placed {
    in_chain(view, &view.borders.chain_of(grid), placed)
}

fn in_chain(view: &RoutingView, chain: &Chain<'_>, placed: Placed) -> Placed {
    Placed {
        community: chain.community.map(Division::to_ref),
        township: chain.township.map(Division::to_ref),
        district: chain.district.map(Division::to_ref),
        area_path: chain.area_path(),
        choice: Choice { desks: view.duty.desks(&view.borders, chain), ..placed.choice },
        ..placed
    }
}

/// What to say when the address lies in another grid than the coordinate, farther off than both may be.
fn disagreement(
    view: &RoutingView,
    point: LatticePoint,
    place: LatticePoint,
    accuracy_m: f64,
) -> Option<String> {
    let grid_at = |at| match view.borders.locate(at) {
        Spot::Inside { grid, .. } => Some(grid),
        Spot::Outside { .. } => None,
    };
    let (here, there) = (grid_at(point), grid_at(place));
    let apart_m = distance_m(point.lng_lat(), place.lng_lat());
    if here.map(|grid| grid.grid_id) == there.map(|grid| grid.grid_id) || apart_m <= accuracy_m {
        return None;
    }
    let there = there
        .map_or_else(|| "outside all grids".to_owned(), |grid| format!("in grid {}", grid.code));
    Some(format!("the address lies {there}, {apart_m:.0} m from the coordinate, which was taken"))
}
