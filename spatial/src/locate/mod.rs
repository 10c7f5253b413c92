//! Which face a point lies in: exactly one, also on a border.
//!
//! [`rule`] decides on which side of a border a point lies; [`Locator`] finds the few borders to
//! ask: it is the router of record. [`CellIndex`] is made from it and put in front of it for
//! speed. Both answer through [`Locate`], and agree on every point.

mod around;
mod cells;
mod edit;
mod locator;
mod nearest;
pub mod rule;
mod stripes;

pub use self::cells::{BuildError, CellIndex, Key, OpenError, PatchError, Progress};
pub use self::edit::Edit;
pub use self::locator::Locator;

use crate::lattice::LatticePoint;

/// Answers which face of a partition holds a point.
pub trait Locate {
    /// The id of the face that holds `point` by the half-open [`rule`], or `None` outside all.
    fn locate(&self, point: LatticePoint) -> Option<u32>;

    /// Locates many points; `found[i]` is the answer for `points[i]`.
    ///
    /// # Panics
    /// When the two slices differ in length.
    fn locate_batch(&self, points: &[LatticePoint], found: &mut [Option<u32>]) {
        assert_eq!(points.len(), found.len(), "one answer per point");
        for (point, answer) in points.iter().zip(found) {
            *answer = self.locate(*point);
        }
    }
}
