//! What is there? The nearest known places of a point, with distance and bearing, and the grids it may lie in.

use spatial::geocode::{Elements, KnownPlace, Nearby, PlaceKind, nearby};
use spatial::lattice::LatticePoint;
use spatial::nearest::Wanted;

use crate::domain::division::{Division, DivisionRef};
use crate::domain::grid::{Grid, GridRef};
use crate::domain::id::{BoundaryVersionId, GazetteerVersion};
use crate::geocode::Gazetteer;
use crate::routing::{Chain, RoutingView, Spot};

/// Farthest that places are looked for, in metres.
pub const FARTHEST_M: f64 = 5_000.0;
/// Least exact that a point may be, in metres.
pub const COARSEST_M: f64 = 1_000.0;

/// A question about a point.
#[derive(Clone, Debug, PartialEq)]
pub struct ReverseQuery {
    /// The point.
    pub point: LatticePoint,
    /// How exactly it is known, in metres: grids that come so near are told too.
    pub accuracy_m: f64,
    /// Places farther away are not told.
    pub within_m: f64,
    /// Most places.
    pub limit: usize,
    /// What is looked for.
    pub kinds: Vec<PlaceKind>,
}

/// A known place near a point.
#[derive(Clone, Debug, PartialEq)]
pub struct NearPlace {
    /// What it is.
    pub known: KnownPlace,
    /// How far it is and in which direction it lies, as seen from the point.
    pub near: Nearby,
    /// The basic grid at the place.
    pub grid: Option<GridRef>,
    /// The community of that grid.
    pub community: Option<DivisionRef>,
    /// Its township.
    pub township: Option<DivisionRef>,
    /// Its district.
    pub district: Option<DivisionRef>,
}

/// The answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Reversed {
    /// The nearest first.
    pub places: Vec<NearPlace>,
    /// The grid that the point itself lies in.
    pub grid: Option<GridRef>,
    /// Other grids that it may lie in, with the distance to each in metres.
    pub also_grids: Vec<(GridRef, f64)>,
    /// The borders that grids were looked up in.
    pub boundary_version: BoundaryVersionId,
    /// The gazetteer that was asked.
    pub gazetteer_version: GazetteerVersion,
}

/// Answers a question about a point.
pub fn reverse(gazetteer: &Gazetteer, view: &RoutingView, query: &ReverseQuery) -> Reversed {
    let wanted = Wanted {
        count: query.limit,
        within_m: query.within_m,
        kinds: PlaceKind::set(&query.kinds),
    };
    let places = found(gazetteer, query.point, &wanted).into_iter();
    let places = places.map(|(known, near)| placed(view, known, near)).collect();
    let grid = grid_at(view, query.point);
    let own = grid.map(|grid| grid.grid_id);
    let also = view.borders.around(query.point, query.accuracy_m).into_iter();
    Reversed {
        places,
        grid: grid.map(Grid::to_ref),
        also_grids: also
            .filter(|(grid, _)| Some(grid.grid_id) != own)
            .map(|(grid, apart_m)| (grid.to_ref(), apart_m))
            .collect(),
        boundary_version: view.boundary_version(),
        gazetteer_version: gazetteer.version(),
    }
}

/// The nearest places, with what has changed since the snapshot was built.
fn found(gazetteer: &Gazetteer, point: LatticePoint, wanted: &Wanted) -> Vec<(KnownPlace, Nearby)> {
    let mut asked = *wanted;
    let mut all: Vec<(KnownPlace, Nearby)> = loop {
        let near = nearby(gazetteer.places(), point, &asked);
        let is_all = near.len() < asked.count;
        let known = near.into_iter().filter_map(|near| {
            let known = gazetteer.snapshot().place(near.id)?;
            gazetteer.is_there(&known).then_some((known, near))
        });
        let known: Vec<_> = known.collect();
        if is_all || wanted.count <= known.len() {
            break known;
        }
        // Some are no longer where they were.
        asked.count *= 2;
    };
    if let Some((snapshot, places)) = gazetteer.new_places() {
        for near in nearby(places, point, wanted) {
            let Some(known) = snapshot.place(near.id) else { continue };
            // A new door of a building that is known there.
            let is_known = |one: &(KnownPlace, Nearby)| {
                known.building.is_some()
                    && one.0.building == known.building
                    && one.1.point == near.point
            };
            if !all.iter().any(is_known) {
                all.push((known, near));
            }
        }
        all.sort_by(|one, other| one.1.distance_m.total_cmp(&other.1.distance_m));
    }
    all.truncate(wanted.count);
    all
}

impl NearPlace {
    /// Its address in one line, with its own name in front where it has one.
    pub fn label(&self) -> String {
        let label = self.known.elements.label();
        match (&self.known.name, self.known.kind) {
            (Some(name), PlaceKind::Crossing) => format!("{label}与{name}交叉口"),
            (Some(name), _) => format!("{label}{name}"),
            (None, _) => label,
        }
    }

    /// Its address by elements.
    pub fn elements(&self) -> &Elements {
        &self.known.elements
    }
}

fn grid_at(view: &RoutingView, point: LatticePoint) -> Option<&Grid> {
    match view.borders.locate(point) {
        Spot::Inside { grid, .. } => Some(grid),
        Spot::Outside { .. } => None,
    }
}

fn placed(view: &RoutingView, known: KnownPlace, near: Nearby) -> NearPlace {
    let grid = grid_at(view, near.point);
    let chain = grid.map_or_else(Chain::default, |grid| view.borders.chain_of(grid));
    NearPlace {
        known,
        near,
        grid: grid.map(Grid::to_ref),
        community: chain.community.map(Division::to_ref),
        township: chain.township.map(Division::to_ref),
        district: chain.district.map(Division::to_ref),
    }
}
