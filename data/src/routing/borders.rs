//! Where a point lies, in one boundary version.

use std::collections::{HashMap, HashSet};
use std::fmt;
use std::path::Path;
use std::sync::OnceLock;

use rstar::RTree;
use spatial::code::Level;
use spatial::lattice::{LatticePoint, UNITS_PER_DEGREE};
use spatial::locate::{CellIndex, Locate as _, Locator};

use super::cells;
use super::near::{Spoke, near};
use crate::domain::division::{Division, DivisionRef};
use crate::domain::grid::{Grid, GridKind, GridRef};
use crate::domain::id::{BoundaryVersionId, GridId};
use crate::store::GridShape;

/// All grids and divisions of one boundary version.
pub struct Borders {
    version: BoundaryVersionId,
    basic: Locator,
    special: Locator,
    /// Answers for `basic` from when it is ready.
    cells: OnceLock<CellIndex>,
    /// In order of id; face ids of the locators are ids of grids.
    grids: Vec<Grid>,
    /// Labels of basic grids: where workers set out from who have no base point of their own.
    labels: RTree<Spoke<u32>>,
    grid_by_code: HashMap<String, u32>,
    grid_by_id: HashMap<GridId, u32>,
    divisions: Vec<Division>,
    division_by_code: HashMap<String, u32>,
}

/// Where a point lies.
#[derive(Clone, Copy, Debug)]
pub enum Spot<'a> {
    /// In a grid.
    Inside {
        /// The basic grid.
        grid: &'a Grid,
        /// A special grid that lies over it there.
        special: Option<&'a Grid>,
    },
    /// In none.
    Outside {
        /// The nearest basic grid and its distance in metres; none only if there are no grids.
        nearest: Option<(&'a Grid, f64)>,
    },
}

/// The divisions around a place, as far as they are known.
#[derive(Clone, Copy, Debug, Default)]
pub struct Chain<'a> {
    /// 社区.
    pub community: Option<&'a Division>,
    /// 街道.
    pub township: Option<&'a Division>,
    /// 区县.
    pub district: Option<&'a Division>,
    /// 市.
    pub city: Option<&'a Division>,
}

impl Borders {
    /// Builds the indices over what the store holds of a version.
    pub fn new(
        version: BoundaryVersionId,
        shapes: Vec<GridShape>,
        divisions: Vec<Division>,
    ) -> Self {
        let faces = |kind: GridKind| {
            let of_kind = shapes.iter().filter(move |(grid, _)| grid.kind == kind);
            Locator::new(of_kind.map(|(grid, shape)| (face_of(grid), shape.clone())))
        };
        let (basic, special) = (faces(GridKind::Basic), faces(GridKind::Special));
        let grids = shapes.into_iter().map(|(grid, _)| grid).collect();
        Self::over(version, (basic, special), grids, divisions, None)
    }

    /// The next version: these borders without the grids that are not in `ids`, with those that are new. Costs what they
    /// cost, also for the cell index: what did not move is shared.
    #[must_use]
    pub fn next(
        &self,
        version: BoundaryVersionId,
        ids: &HashSet<GridId>,
        new: &[GridShape],
        divisions: Vec<Division>,
    ) -> Self {
        let gone = self.grids.iter().filter(|grid| !ids.contains(&grid.grid_id));
        let changes = |kind: GridKind| {
            let gone = gone.clone().filter(move |grid| grid.kind == kind);
            let come = new.iter().filter(move |(grid, _)| grid.kind == kind);
            let come = come.map(|(grid, shape)| (face_of(grid), Some(shape.clone())));
            gone.map(|grid| (face_of(grid), None)).chain(come).collect::<Vec<_>>()
        };
        let basic = self.basic.edited(changes(GridKind::Basic));
        let special = self.special.edited(changes(GridKind::Special)).into_locator();
        let cells = self
            .cells
            .get()
            .and_then(|cells| cells.patched(&basic, cells::key(version, basic.locator())).ok());
        let kept = self.grids.iter().filter(|grid| ids.contains(&grid.grid_id)).cloned();
        let mut grids: Vec<Grid> = kept.chain(new.iter().map(|(grid, _)| grid.clone())).collect();
        grids.sort_by_key(|grid| grid.grid_id);
        Self::over(version, (basic.into_locator(), special), grids, divisions, cells)
    }

    fn over(
        version: BoundaryVersionId,
        (basic, special): (Locator, Locator),
        grids: Vec<Grid>,
        divisions: Vec<Division>,
        cells: Option<CellIndex>,
    ) -> Self {
        let labels = (0u32..).zip(&grids).filter(|(_, grid)| grid.kind == GridKind::Basic);
        let labels =
            RTree::bulk_load(labels.map(|(at, grid)| Spoke::new(label_of(grid), at)).collect());
        let index = |codes: Vec<&String>| {
            (0u32..).zip(codes).map(|(at, code)| (code.clone(), at)).collect()
        };
        Self {
            version,
            basic,
            special,
            cells: cells.map_or_else(OnceLock::new, OnceLock::from),
            labels,
            grid_by_code: index(grids.iter().map(|grid| &grid.code).collect()),
            grid_by_id: (0u32..).zip(&grids).map(|(at, grid)| (grid.grid_id, at)).collect(),
            division_by_code: index(divisions.iter().map(|division| &division.code).collect()),
            grids,
            divisions,
        }
    }

    /// Puts the cell index in front, from the node's `cache` or built anew: seconds of work for a large city, while the
    /// router answers.
    pub(super) fn hasten(&self, cache: Option<&Path>) {
        if self.cells.get().is_none() && !self.basic.is_empty() {
            let key = cells::key(self.version, &self.basic);
            if let Some(cells) = cells::index_of(&self.basic, key, cache) {
                // Another one that was faster has the same answers.
                self.cells.set(cells).ok();
            }
        }
    }

    /// Whether the cell index answers already.
    pub fn is_hastened(&self) -> bool {
        self.cells.get().is_some()
    }

    /// The version.
    pub const fn version(&self) -> BoundaryVersionId {
        self.version
    }

    /// Where `point` lies.
    pub fn locate(&self, point: LatticePoint) -> Spot<'_> {
        let face = match self.cells.get() {
            Some(cells) => cells.locate(point),
            None => self.basic.locate(point),
        };
        match face {
            Some(face) => Spot::Inside {
                grid: self.face(face),
                special: self.special.locate(point).map(|face| self.face(face)),
            },
            None => Spot::Outside {
                nearest: self
                    .basic
                    .nearest(point)
                    .map(|(face, apart_m)| (self.face(face), apart_m)),
            },
        }
    }

    /// The basic grids that hold `point` or come within `radius_m` metres of it, the nearest first, with the distance to each.
    pub fn around(&self, point: LatticePoint, radius_m: f64) -> Vec<(&Grid, f64)> {
        let near = self.basic.around(point, radius_m).into_iter();
        near.map(|(face, apart_m)| (self.face(face), apart_m)).collect()
    }

    /// The basic grids by how near their label is to `point`, the nearest first, with that label.
    pub(super) fn by_label(
        &self,
        point: LatticePoint,
    ) -> impl Iterator<Item = (f64, LatticePoint, &Grid)> {
        let grid = |at: u32| self.grids.get(at as usize).expect("labels are of these grids");
        near(&self.labels, point).map(move |(apart, label, at)| (apart, label, grid(at)))
    }

    /// The divisions around a grid.
    pub fn chain_of(&self, grid: &Grid) -> Chain<'_> {
        grid.community_code.as_deref().map_or_else(Chain::default, |code| self.chain(code))
    }

    /// The division of this code and those around it.
    pub fn chain(&self, code: &str) -> Chain<'_> {
        let mut chain = Chain::default();
        let mut next = self.division(code);
        while let Some(division) = next {
            let slot = match division.level {
                Level::Community => &mut chain.community,
                Level::Township => &mut chain.township,
                Level::District => &mut chain.district,
                Level::City => &mut chain.city,
            };
            // A parent of the same level (or a circle) in foreign data ends the walk.
            if slot.replace(division).is_some() {
                break;
            }
            next = division.parent_code.as_deref().and_then(|parent| self.division(parent));
        }
        chain
    }

    /// All grids, special ones too, in order of id.
    pub fn grids(&self) -> &[Grid] {
        &self.grids
    }

    /// All divisions, the widest first.
    pub fn divisions(&self) -> &[Division] {
        &self.divisions
    }

    /// The grid of this code.
    pub fn grid(&self, code: &str) -> Option<&Grid> {
        self.grid_by_code.get(code).and_then(|at| self.grids.get(*at as usize))
    }

    /// The grid of this id, if its shape holds in this version.
    pub fn grid_of_id(&self, id: GridId) -> Option<&Grid> {
        self.grid_by_id.get(&id).and_then(|at| self.grids.get(*at as usize))
    }

    /// The division of this code.
    pub fn division(&self, code: &str) -> Option<&Division> {
        self.division_by_code.get(code).and_then(|at| self.divisions.get(*at as usize))
    }

    /// How many people live in the divisions that have no parent here.
    pub fn people(&self) -> i64 {
        let is_root = |division: &&Division| {
            division.parent_code.as_deref().is_none_or(|parent| self.division(parent).is_none())
        };
        self.divisions.iter().filter(is_root).map(|division| i64::from(division.people)).sum()
    }

    fn face(&self, face: u32) -> &Grid {
        self.grid_of_id(GridId(face as i32)).expect("face ids are ids of grids")
    }
}

/// A grid's face in the locators: its id, which no other shape ever has.
fn face_of(grid: &Grid) -> u32 {
    grid.grid_id.0 as u32
}

/// Labels are stored on the lattice, like everything else.
fn label_of(grid: &Grid) -> LatticePoint {
    let [lng, lat] = grid.label.map(|degrees| (degrees * UNITS_PER_DEGREE).round() as i32);
    LatticePoint::new(lng, lat)
}

impl fmt::Debug for Borders {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Borders")
            .field("version", &self.version)
            .field("grids", &self.grids.len())
            .field("divisions", &self.divisions.len())
            .field("is_hastened", &self.is_hastened())
            .finish_non_exhaustive()
    }
}

impl<'a> Chain<'a> {
    /// The known divisions, the nearest first.
    pub fn nearest_first(&self) -> impl Iterator<Item = &'a Division> {
        [self.community, self.township, self.district, self.city].into_iter().flatten()
    }

    /// Codes from the city down, joined by `/`: what scopes are compared with.
    pub fn area_path(&self) -> String {
        let wide_first = [self.city, self.district, self.township, self.community];
        let codes: Vec<&str> =
            wide_first.into_iter().flatten().map(|division| division.code.as_str()).collect();
        codes.join("/")
    }
}

impl Division {
    /// Code and name.
    pub fn to_ref(&self) -> DivisionRef {
        DivisionRef { code: self.code.clone(), name: self.name.clone() }
    }
}

impl Grid {
    /// Id, code, name and kind.
    pub fn to_ref(&self) -> GridRef {
        GridRef {
            grid_id: self.grid_id,
            code: self.code.clone(),
            name: self.name.clone(),
            kind: self.kind,
        }
    }
}
