//! Borders on the lattice: faces in, one judged and noded coverage out.
//!
//! Reading order: [`LatticeRing`] and its polygons (`shape`), [`clean`](LatticeMultiPolygon::clean)
//! which makes a valid shape of a hostile one, [`Defect`] which tells what was wrong, and
//! [`Coverage`] which pairs every edge with its neighbour's. [`Coverage::snapped`] makes a partition of
//! what is one only within a tolerance.

mod arcs;
mod build;
mod clean;
mod cross;
mod defect;
pub(crate) mod edges;
pub(crate) mod flat;
mod generalise;
pub(crate) mod judge;
pub(crate) mod node;
pub(crate) mod prepare;
pub(crate) mod rings;
mod shape;
mod snap;

pub use self::arcs::Arc;
pub use self::build::{Coverage, Face};
pub use self::clean::{Cleaned, RefusedShape};
pub use self::defect::{Defect, DefectKind};
pub use self::generalise::Generalisation;
pub use self::shape::{LatticeMultiPolygon, LatticePolygon, LatticeRing};

#[cfg(test)]
mod scale_tests;
