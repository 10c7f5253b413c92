//! The cell index: the router's answers, laid out to be found in a cache line or two.
//!
//! # Rule
//! The index answers as [`Locator`](super::Locator) does, by the same half-open
//! [`rule`](super::rule), on every lattice point. Faces must not overlap; where they do it is not
//! built, and a place in the overlap is named. What lies in no face, gaps included, is outside.
//!
//! # Layout
//! The plane is cut into square top cells, and those into sixteen parts each, until a cell lies in
//! one face altogether or few edges cut it. A whole cell is answered at once; that is so for seven
//! of ten points of a city. Else the cell's leaf has the face of one corner and the few edges; each
//! edge that the point's leftward ray meets changes the face by XOR, so that no edge has to be told
//! apart from another. `word` has the details, `grow` the cutting, `image` the bytes.
//!
//! # Why it is never wrong
//! Cells are cut and edges assigned by whole numbers only. While building, every change of owner is
//! counted twice, once as a code and once as a mark of 64 bits, and the two are compared at every
//! corner and beside every edge: a place in two faces cannot pass for a face of its own.
//!
//! # Limits
//! Ids of faces up to 2^30 - 2. An index holds 4 GiB, enough for a million grids; a country is
//! better indexed city by city. An image guards against damage, not against forgery: it is checked
//! with a checksum anybody can compute. A forged one gives wrong answers, but no panic.

mod batch;
mod build;
mod edge;
mod frame;
mod grow;
mod image;
mod leaf;
mod patch;
mod word;

use std::fmt;
use std::io::{self, Write};
use std::sync::Arc;

pub use self::build::{BuildError, Progress};
pub use self::image::{Key, OpenError};
pub use self::patch::PatchError;

use self::image::Image;
use self::patch::Patches;
use super::Locate;
use crate::lattice::LatticePoint;

/// Finds the face that holds a point, faster than the [`Locator`](super::Locator) it is made from.
///
/// Cheap to clone: clones share their memory. An [edit](CellIndex::patched) gives a new index and
/// leaves this one as it is, so readers keep what they have.
///
/// # Example
/// ```
/// use spatial::coverage::{LatticePolygon, LatticeRing};
/// use spatial::lattice::LatticePoint;
/// use spatial::locate::{CellIndex, Key, Locate, Locator};
/// let at = LatticePoint::new;
/// let west = LatticeRing(vec![at(0, 0), at(5, 0), at(5, 9), at(0, 9)]);
/// let east = LatticeRing(vec![at(5, 0), at(9, 0), at(9, 9), at(5, 9)]);
/// let faces = [west, east].map(|ring| LatticePolygon::solid(ring).into());
/// let locator = Locator::new((1..).zip(faces));
/// let key = Key { version: 7, borders: locator.digest() };
/// let index = CellIndex::build(&locator, key)?;
/// assert_eq!(index.locate(at(5, 4)), Some(2));
///
/// let mut file = Vec::new();
/// index.write_to(&mut file)?;
/// let opened = CellIndex::open(file, key)?;
/// assert_eq!(opened.locate(at(4, 4)), Some(1));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct CellIndex {
    image: Image,
    patches: Patches,
}

impl CellIndex {
    fn over(image: Image) -> Self {
        Self { image, patches: Patches::default() }
    }

    /// Takes an index from bytes that [`write_to`](Self::write_to) wrote, without copying them:
    /// memory, or a file mapped into it. Reads them once, to check them.
    ///
    /// Best if the bytes begin at a multiple of 64, as mapped files do.
    ///
    /// # Errors
    /// [`OpenError`] when the bytes are foreign, torn, damaged, or index something else.
    pub fn open(
        bytes: impl AsRef<[u8]> + Send + Sync + 'static,
        wanted: Key,
    ) -> Result<Self, OpenError> {
        Image::open(Arc::new(bytes), wanted).map(Self::over)
    }

    /// Writes the index so that [`open`](Self::open) can take it.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn write_to(&self, out: impl Write) -> io::Result<()> {
        self.compacted().image.write_to(out)
    }

    /// What the index was built from.
    pub fn key(&self) -> Key {
        self.image.key
    }

    /// Bytes of memory, those of patches included.
    pub fn size_bytes(&self) -> usize {
        self.image.bytes().len() + self.patches.size_bytes()
    }

    /// The code of a point's face, 0 outside.
    #[inline]
    fn code(&self, point: LatticePoint) -> u32 {
        let Frame { shift, .. } = self.image.frame;
        let Some(place) = self.image.frame.place(point) else { return word::OUTSIDE };
        let (top, grown) = match self.patches.of(place.cell) {
            Some(patch) => (patch.top, &patch.grown[..]),
            None => (word::read(self.image.top(), place.cell as usize), self.image.grown()),
        };
        let (leaf, shift) = word::descend(grown, top, place, shift);
        word::settle(grown, leaf, point, place, shift)
    }
}

use self::frame::Frame;

impl Locate for CellIndex {
    #[inline]
    fn locate(&self, point: LatticePoint) -> Option<u32> {
        self.code(point).checked_sub(1)
    }

    fn locate_batch(&self, points: &[LatticePoint], found: &mut [Option<u32>]) {
        assert_eq!(points.len(), found.len(), "one answer per point");
        self.locate_staged(points, found);
    }
}

impl fmt::Debug for CellIndex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CellIndex")
            .field("key", &self.key())
            .field("size_bytes", &self.size_bytes())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
