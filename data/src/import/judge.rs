//! What is wrong with borders taken together: gaps, overlaps, slivers, children beyond their parents, a wrong datum.

mod coverage;
mod datum;
mod parents;

pub use coverage::coverage;
pub use datum::{rereadings, suspect_areas, suspect_places};
pub use parents::{Parents, children};
