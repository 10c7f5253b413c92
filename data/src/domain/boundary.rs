//! Publishing borders 网格调整: what a planner hands in, and what came of it.

use chrono::{DateTime, Utc};
use spatial::coverage::LatticeMultiPolygon;

use super::grid::GridKind;
use super::id::{BoundaryVersionId, MapVersionId};

/// One grid as it shall be: a new one, or a known one with other borders or another name.
#[derive(Clone, Debug, PartialEq)]
pub struct GridEdit {
    /// Its code.
    pub code: String,
    /// As it was if absent; the code for a new one.
    pub name: Option<String>,
    /// As it was if absent; basic for a new one.
    pub kind: Option<GridKind>,
    /// As it was if absent; the one that the code names for a new one.
    pub community_code: Option<String>,
    /// As it was if absent; nobody for a new one.
    pub people: Option<i32>,
    /// Its whole territory, valid and on the lattice.
    pub shape: LatticeMultiPolygon,
}

/// Everything a publication changes. Together the edited grids must cover exactly what they covered before.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Edits {
    /// New grids and new states of known ones.
    pub changed: Vec<GridEdit>,
    /// Codes of grids that end.
    pub ended: Vec<String>,
}

/// What became of a grid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ChangeKind {
    /// It is new.
    Added,
    /// Its borders or its particulars are others.
    Changed,
    /// It is no more.
    Ended,
    /// It was not edited, but got a corner of a neighbour's new border, within 2 cm of its own.
    Joined,
}

impl ChangeKind {
    /// The name on the wire.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Changed => "changed",
            Self::Ended => "ended",
            Self::Joined => "joined",
        }
    }
}

/// One grid that differs between two boundary versions.
#[derive(Clone, Debug, PartialEq)]
pub struct GridChange {
    /// Its code.
    pub code: String,
    /// What became of it.
    pub kind: ChangeKind,
    /// Its area before, square metres.
    pub area_before_m2: Option<f64>,
    /// Its area after.
    pub area_after_m2: Option<f64>,
}

/// What a publication did, or in a dry run would do.
#[derive(Clone, Debug, PartialEq)]
pub struct Published {
    /// The new version; none in a dry run, and when nothing differed.
    pub boundary_version: Option<BoundaryVersionId>,
    /// The version it was made from.
    pub base: BoundaryVersionId,
    /// From when on it is in force; none where there is no new version.
    pub effective_at: Option<DateTime<Utc>>,
    /// The grids that differ, in order of code.
    pub grids: Vec<GridChange>,
    /// Codes of divisions whose outlines moved along.
    pub divisions: Vec<String>,
    /// How many addresses and buildings were given another grid; 0 while the version is still to come.
    pub rehoused: u64,
    /// How many known cases were given the grid of their event time anew; only where the version was backdated.
    pub relocated: u64,
    /// The map that shows it; none while the version is still to come.
    pub map_version: Option<MapVersionId>,
}
