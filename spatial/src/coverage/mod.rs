//! Borders on the lattice: faces in, one judged and noded coverage out.
//!
//! Reading order: [`LatticeRing`] and its polygons (`shape`), [`clean`](LatticeMultiPolygon::clean)
//! which makes a valid shape of a hostile one, [`Defect`] which tells what was wrong, and
//! [`Coverage`] which pairs every edge with its neighbour's.

mod clean;
mod cross;
mod defect;
mod flat;
mod shape;
//mod edges;
//mod node;
//mod judge;
//mod build;
//mod arcs;

//pub use self::arcs::Arc;
//pub use self::build::{Coverage, Face};
pub use self::clean::{Cleaned, RefusedShape};
pub use self::defect::{Defect, DefectKind};
pub use self::shape::{LatticeMultiPolygon, LatticePolygon, LatticeRing};
