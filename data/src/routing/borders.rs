//! Where a point lies, in one boundary version.

use std::collections::HashMap;
use std::fmt;

use spatial::code::Level;
use spatial::lattice::LatticePoint;
use spatial::locate::{Locate as _, Locator};

use crate::domain::division::{Division, DivisionRef};
use crate::domain::grid::{Grid, GridKind, GridRef};
use crate::domain::id::{BoundaryVersionId, GridId};
use crate::store::GridShape;

/// All grids and divisions of one boundary version.
pub struct Borders {
    version: BoundaryVersionId,
    basic: Locator,
    special: Locator,
    /// Face ids of both locators are indices into this.
    grids: Vec<Grid>,
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
        let (mut grids, mut basic, mut special) = (Vec::new(), Vec::new(), Vec::new());
        for (face, (grid, shape)) in (0u32..).zip(shapes) {
            match grid.kind {
                GridKind::Basic => basic.push((face, shape)),
                GridKind::Special => special.push((face, shape)),
            }
            grids.push(grid);
        }
        let index = |codes: Vec<&String>| {
            (0u32..).zip(codes).map(|(at, code)| (code.clone(), at)).collect()
        };
        Self {
            version,
            basic: Locator::new(basic),
            special: Locator::new(special),
            grid_by_code: index(grids.iter().map(|grid| &grid.code).collect()),
            grid_by_id: (0u32..).zip(&grids).map(|(at, grid)| (grid.grid_id, at)).collect(),
            division_by_code: index(divisions.iter().map(|division| &division.code).collect()),
            grids,
            divisions,
        }
    }

    /// The version.
    pub const fn version(&self) -> BoundaryVersionId {
        self.version
    }

    /// Where `point` lies.
    pub fn locate(&self, point: LatticePoint) -> Spot<'_> {
        match self.basic.locate(point) {
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
        self.grid_by_code.get(code).map(|face| self.face(*face))
    }

    /// The grid of this id, if its shape holds in this version.
    pub fn grid_of_id(&self, id: GridId) -> Option<&Grid> {
        self.grid_by_id.get(&id).map(|face| self.face(*face))
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
        self.grids.get(face as usize).expect("face ids are indices of grids")
    }
}

impl fmt::Debug for Borders {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Borders")
            .field("version", &self.version)
            .field("grids", &self.grids.len())
            .field("divisions", &self.divisions.len())
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
