//! The demo city: a synthetic Lanzhou, the same for the same seed, to the byte.
//!
//! The repository ships no map of others. This module draws one: real names and codes ([`divisions`]), everything else
//! invented. Reading order is the order of the work: the land (`terrain`), its use (`zones`), the street plan (`plan` on a
//! `mesh`), the plan rounded to the lattice (`blocks`) and cut along the `borders` of districts, which are given or drawn
//! (`ridges`), who is responsible where (`territory` by `regions`), named streets (`roads`), what is looked after as a whole
//! (`specials`), what stands there (`buildings` by `layout` on `sites`), `addresses` and `workers`. [`load()`] puts it into a
//! database, [`life`] invents what happens in it.
//!
//! Borders nest and tile exactly because they are built so: a grid is a set of blocks, a community a set of grids, a
//! township a set of communities, and two neighbouring blocks share the very same polyline of lattice points.
//!
//! Generation knows no database, no clock and no file; it uses no function of a maths library, so that every machine
//! computes the same.

mod dice;
mod noise;

mod country;
mod frame;
mod islands;
mod land;
mod mesh;
mod plan;
mod polygon;
mod terrain;
mod trunks;
mod zones;

mod blocks;
mod borders;
mod bridges;
mod cells;
mod noding;
mod outline;
mod ridges;
mod slivers;
mod untangle;
mod walks;

mod anchors;
mod districts;
pub mod divisions;
pub mod given;
mod regions;
mod territory;

mod addresses;
mod buildings;
mod doors;
mod entrances;
mod firms;
mod forms;
mod frontage;
mod layout;
mod names;
mod places;
mod railways;
mod road_names;
mod roads;
mod shares;
mod sites;
mod specials;
mod workers;

mod generate;
mod growth;
mod hash;

pub mod check;
mod fill;
pub mod load;

pub mod life;

use spatial::coverage::LatticeMultiPolygon;
use spatial::lattice::LatticePoint;

pub use self::addresses::{Address, AddressText};
pub use self::buildings::{Building, Compound, Entrance};
pub use self::districts::DistrictBorder;
pub use self::divisions::{DivisionRow, InvalidDivisions};
pub use self::generate::{generate, generate_within};
pub use self::growth::MOST_CITIES;
pub use self::layout::BuildingKind;
pub use self::load::{LoadError, Loaded, Present, Recipe, is_there, load};
pub use self::places::{LegalEntity, Poi};
pub use self::workers::{Role, Unit, Worker};

/// How much of the city is drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CityScale {
    /// One community, the same as in the whole district; its township and district have its outline.
    Community,
    /// One township with all its communities.
    Township,
    /// All of 城关区.
    #[default]
    District,
    /// All eight districts.
    City,
}

impl std::fmt::Display for CityScale {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Community => "community",
            Self::Township => "township",
            Self::District => "district",
            Self::City => "city",
        })
    }
}

/// What city to draw.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CityOptions {
    /// Another seed, another city.
    pub seed: u64,
    /// How much of it.
    pub scale: CityScale,
}

impl Default for CityOptions {
    fn default() -> Self {
        Self { seed: 620_102, scale: CityScale::District }
    }
}

/// A city. Everything refers to everything by index.
#[derive(Clone, Debug, PartialEq)]
pub struct City {
    /// What it was drawn from.
    pub options: CityOptions,
    /// City, district, townships, communities, in this order; parents come before children.
    pub divisions: Vec<CityDivision>,
    /// Basic grids: they tile the communities.
    pub grids: Vec<CityGrid>,
    /// Special grids, laid over the basic ones.
    pub specials: Vec<CityGrid>,
    /// Streets in pieces of one class, then railways.
    pub roads: Vec<CityRoad>,
    /// The river.
    pub waters: Vec<CityWater>,
    /// Compounds.
    pub compounds: Vec<Compound>,
    /// Buildings; none is cut by a border.
    pub buildings: Vec<Building>,
    /// Addresses, in the order of their buildings.
    pub addresses: Vec<Address>,
    /// Service points.
    pub pois: Vec<Poi>,
    /// Firms and shops as places.
    pub entities: Vec<LegalEntity>,
    /// Grid workers.
    pub workers: Vec<Worker>,
    /// Area centres and departments.
    pub units: Vec<Unit>,
}

impl City {
    /// The grid that a roster names: basic ones first, special ones after their end.
    pub fn roster_grid(&self, index: u32) -> &CityGrid {
        let index = index as usize;
        self.grids.get(index).unwrap_or_else(|| &self.specials[index - self.grids.len()])
    }

    /// Code of the district in which a grid lies.
    pub fn district_code(&self, grid: &CityGrid) -> &str {
        let mut at = grid.community;
        while let Some(division) = self.divisions.get(at as usize).filter(|d| d.level != "district")
        {
            let Some(parent) = division.parent else { break };
            at = parent;
        }
        &self.divisions[at as usize].code
    }

    /// What a building is called by itself: its own name, or its number in its compound.
    pub fn building_name(&self, building: &Building) -> String {
        match building.entrance {
            Entrance::Compound { number, .. } => format!("{number}号楼"),
            _ => building.name.clone(),
        }
    }

    /// The compound of a building, empty for none.
    pub fn compound_name(&self, building: &Building) -> &str {
        match building.entrance {
            Entrance::Compound { compound, .. } => &self.compounds[compound as usize].name,
            _ => "",
        }
    }
}

/// A division with its outline.
#[derive(Clone, Debug, PartialEq)]
pub struct CityDivision {
    /// 4, 6, 9 or 12 digits.
    pub code: String,
    /// `city`, `district`, `township` or `community`.
    pub level: &'static str,
    /// Such as `subdistrict` or `village`.
    pub kind: &'static str,
    /// Such as `酒泉路街道`.
    pub name: String,
    /// Index of the parent.
    pub parent: Option<u32>,
    /// How many live there.
    pub people: u32,
    /// Its outline.
    pub shape: LatticeMultiPolygon,
    /// A point inside for its name.
    pub label: LatticePoint,
}

/// A grid with its outline.
#[derive(Clone, Debug, PartialEq)]
pub struct CityGrid {
    /// Community code and three digits; special grids count from 901.
    pub code: String,
    /// Index of its community among the divisions.
    pub community: u32,
    /// Such as `陇西路社区第3网格`.
    pub name: String,
    /// How many live there; nought in special grids, whose people are counted in the basic grid.
    pub people: u32,
    /// Geodesic area.
    pub area_m2: f64,
    /// Its outline.
    pub shape: LatticeMultiPolygon,
    /// A point inside for its name.
    pub label: LatticePoint,
}

/// A street or a piece of one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CityRoad {
    /// Such as `庆阳路`.
    pub name: String,
    /// `expressway`, `arterial`, `collector`, `local`, `lane`, `bridge` or `railway`.
    pub class: &'static str,
    /// Its middle line.
    pub line: Vec<LatticePoint>,
}

/// A piece of water.
#[derive(Clone, Debug, PartialEq)]
pub struct CityWater {
    /// Such as `黄河`.
    pub name: String,
    /// Its outline; islands are holes.
    pub shape: LatticeMultiPolygon,
}

#[cfg(test)]
#[path = "city_tests.rs"]
mod tests;
