//! What was found wrong with borders, where, and how large.

use std::fmt;

use crate::crs::{LngLat, Wgs84};

/// One finding about a shape or a coverage.
#[derive(Clone, Debug, PartialEq)]
pub struct Defect {
    /// What is wrong.
    pub kind: DefectKind,
    /// A place on or in it.
    pub location: LngLat<Wgs84>,
    /// Its extent in square metres; zero for defects of lines and points.
    pub area_m2: f64,
    /// How often it occurs in the shape: vertices dropped, crossings found, edges split.
    pub count: u32,
    /// The faces concerned, ascending; empty while a shape is looked at alone.
    pub faces: Vec<u32>,
}

/// The kinds of defects, those of one shape first, then those between shapes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DefectKind {
    /// A ring did not end where it began; it was closed.
    UnclosedRing,
    /// A vertex was repeated; it was dropped.
    DuplicateVertex,
    /// A border went out and came back on itself; the excursion was dropped.
    Spike,
    /// A ring ran the wrong way round; it was reversed.
    WrongOrientation,
    /// A border crossed itself, touched itself or ran along itself; the shape was rebuilt.
    SelfIntersection,
    /// Parts of one shape covered each other; they were united.
    OverlappingParts,
    /// A ring had no area left on the lattice; it was dropped.
    Collapsed,
    /// A vertex lay on a neighbour's edge that had none there; the edge got one.
    TJunction,
    /// Vertices within the tolerance of each other were moved together.
    Snapped,
    /// A gap within the tolerance asked for was given to the face with the longest border to it.
    ClosedGap,
    /// An overlap within the tolerance asked for was left to the face with the lower id.
    DividedOverlap,
    /// A place enclosed by faces belongs to none.
    Gap,
    /// A place belongs to more than one face.
    Overlap,
    /// A gap narrower than [`Coverage::SLIVER_WIDTH_M`](super::Coverage::SLIVER_WIDTH_M).
    SliverGap,
    /// An overlap narrower than [`Coverage::SLIVER_WIDTH_M`](super::Coverage::SLIVER_WIDTH_M).
    SliverOverlap,
    /// A child reaches beyond its parent.
    OutsideParent,
    /// A place of the parent belongs to no child.
    Uncovered,
}

impl DefectKind {
    /// Whether the finding has already been put right in the result.
    pub const fn is_repaired(self) -> bool {
        matches!(
            self,
            Self::UnclosedRing
                | Self::DuplicateVertex
                | Self::Spike
                | Self::WrongOrientation
                | Self::SelfIntersection
                | Self::OverlappingParts
                | Self::Collapsed
                | Self::TJunction
                | Self::Snapped
                | Self::ClosedGap
                | Self::DividedOverlap
        )
    }

    /// The kind as a word for reports, snake case.
    pub const fn name(self) -> &'static str {
        match self {
            Self::UnclosedRing => "unclosed_ring",
            Self::DuplicateVertex => "duplicate_vertex",
            Self::Spike => "spike",
            Self::WrongOrientation => "wrong_orientation",
            Self::SelfIntersection => "self_intersection",
            Self::OverlappingParts => "overlapping_parts",
            Self::Collapsed => "collapsed",
            Self::TJunction => "t_junction",
            Self::Snapped => "snapped",
            Self::ClosedGap => "closed_gap",
            Self::DividedOverlap => "divided_overlap",
            Self::Gap => "gap",
            Self::Overlap => "overlap",
            Self::SliverGap => "sliver_gap",
            Self::SliverOverlap => "sliver_overlap",
            Self::OutsideParent => "outside_parent",
            Self::Uncovered => "uncovered",
        }
    }
}

impl fmt::Display for DefectKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}
