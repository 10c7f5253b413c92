//! Grids 网格: the smallest areas somebody is responsible for.

use serde::{Deserialize, Serialize};

use super::id::GridId;

/// A basic grid is part of the partition of its community; a special one (a market, a tower) lies over basic ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GridKind {
    /// 基础网格.
    Basic,
    /// 专属网格.
    Special,
}

impl GridKind {
    /// The name in the database and on the wire.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Basic => "basic",
            Self::Special => "special",
        }
    }

    /// The kind of that name.
    pub fn named(name: &str) -> Option<Self> {
        [Self::Basic, Self::Special].into_iter().find(|kind| kind.name() == name)
    }
}

/// Id, code and name of a grid, as answers carry it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GridRef {
    /// The shape it was decided with.
    pub grid_id: GridId,
    /// 15 digits, or a foreign file's own code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Basic or special.
    pub kind: GridKind,
}

/// A grid in one boundary version, without its geometry.
#[derive(Clone, Debug, PartialEq)]
pub struct Grid {
    /// This shape of it.
    pub grid_id: GridId,
    /// 15 digits, or a foreign file's own code.
    pub code: String,
    /// Basic or special.
    pub kind: GridKind,
    /// Its name.
    pub name: String,
    /// The community it is part of, where that is known.
    pub community_code: Option<String>,
    /// How many people live in it.
    pub people: i32,
    /// Its area in square metres.
    pub area_m2: f64,
    /// Where its label stands, WGS 84 degrees, lng then lat; inside it.
    pub label: [f64; 2],
    /// West, south, east, north in WGS 84 degrees.
    pub bbox: [f64; 4],
}
