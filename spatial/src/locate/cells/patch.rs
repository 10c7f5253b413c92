//! Cells rebuilt after an edit, laid over those that did not change.
//!
//! Only top cells that a moved edge meets, or whose corner changed its owner, are rebuilt. Each has
//! memory of its own, shared by all indices since: readers of an older one keep theirs, and what
//! nobody reads is freed.

use std::sync::Arc;

use thiserror::Error;

use super::build::merged;
use super::edge::{Edge, Owner};
use super::grow::Growth;
use super::image::{Image, Parts, relocated};
use super::word::{BLOCK, BLOCK_WORDS, HEAD_WORDS, LIMIT, LONG_WORDS, SHORT_WORDS, Word};
use super::word::{SHORT, WHOLE, read, rest, tag, word};
use super::{BuildError, CellIndex, Key};
use crate::lattice::{LatticeBox, LatticePoint};
use crate::locate::edit::Edit;

/// Top cells to a page.
const PAGE: usize = 512;
/// Entries in a leaf.
const CAPACITY: usize = 4;

/// Why an index could not be patched.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum PatchError {
    /// The faces are no partition any more, or an id is too large.
    #[error(transparent)]
    Build(#[from] BuildError),
    /// The edit reaches beyond the area of the index, which has to be built anew.
    #[error("the edit reaches beyond the area of the index: build it anew")]
    BeyondFrame,
}

/// One rebuilt top cell.
#[derive(Debug)]
pub(super) struct Patch {
    pub(super) top: u32,
    pub(super) grown: Box<[Word]>,
}

type Page = Vec<Option<Arc<Patch>>>;

/// All rebuilt cells, by page.
#[derive(Clone, Debug, Default)]
pub(super) struct Patches(Vec<Option<Arc<Page>>>);

impl Patches {
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    #[inline]
    pub(super) fn of(&self, cell: u32) -> Option<&Patch> {
        let page = self.0.get(cell as usize / PAGE)?.as_deref()?;
        page.get(cell as usize % PAGE)?.as_deref()
    }

    fn set(&mut self, cell: u32, cells: usize, patch: Patch) {
        if self.0.is_empty() {
            self.0 = vec![None; cells.div_ceil(PAGE)];
        }
        let page = self.0[cell as usize / PAGE].get_or_insert_with(|| Arc::new(vec![None; PAGE]));
        Arc::make_mut(page)[cell as usize % PAGE] = Some(Arc::new(patch));
    }

    pub(super) fn size_bytes(&self) -> usize {
        let patches = self.0.iter().flatten().flat_map(|page| page.iter().flatten());
        patches.map(|patch| 4 * patch.grown.len() + size_of::<Patch>()).sum()
    }
}

impl CellIndex {
    /// The index after an edit, which costs what the edit touched; this one stays as it is.
    ///
    /// It agrees with the locator of the edit on every point, as if built anew from it.
    ///
    /// # Errors
    /// [`PatchError`] when faces overlap after the edit, or it reaches beyond the area of the
    /// index. The index is then to be built anew, if it can be.
    pub fn patched(&self, edit: &Edit, key: Key) -> Result<Self, PatchError> {
        let after = edit.locator();
        if let Some(id) = edit.ids().iter().find(|id| **id > LIMIT - 2) {
            return Err(BuildError::LargeId { id: *id }.into());
        }
        let Some(area) = edit.area() else {
            return Ok(Self { image: self.image.with_key(key), patches: self.patches.clone() });
        };
        let frame = self.image.frame;
        if !frame.holds(area) {
            return Err(PatchError::BeyondFrame);
        }
        let mut patches = self.patches.clone();
        let mut growth = Growth::new(CAPACITY);
        for at in self.dirty(edit) {
            let cell = frame.cell(at % frame.columns, at / frame.columns);
            let min = LatticePoint::new(cell.x as i32, cell.y as i32);
            let far = |last: i64| last.min(i64::from(i32::MAX)) as i32;
            let max = LatticePoint::new(far(cell.last_x()), far(cell.last_y()));
            let (mut corner, mut edges) = (Owner::default(), Vec::new());
            for leaf in after.meeting(LatticeBox { min, max }) {
                let code = leaf.id + 1;
                if leaf.holds(min) {
                    corner.toggle(Owner::of(code));
                }
                let all = leaf.face.shape().edges().filter(|(a, b)| a != b);
                let all = all.map(|(a, b)| Edge::between(a, b, code));
                edges.extend(all.filter(|edge| edge.meets(&cell)));
            }
            growth.blocks.clear();
            growth.leaves.clear();
            let top =
                growth.cell(cell, corner, merged(edges)).map_err(|place| after.contest(place))?;
            patches.set(at, frame.cells(), Patch::new(top, &growth));
        }
        Ok(Self { image: self.image.with_key(key), patches })
    }

    /// The top cells that an edit changes, ascending.
    fn dirty(&self, edit: &Edit) -> Vec<u32> {
        let frame = self.image.frame;
        let edges: Vec<Edge> =
            edit.moved().iter().map(|(a, b, id)| Edge::between(*a, *b, *id + 1)).collect();
        let mut dirty = Vec::new();
        for edge in &edges {
            frame.met_by(edge, 0..frame.rows, |cell| dirty.push(cell));
        }
        let lows = edges.iter().map(|edge| i64::from(edge.lo.y)).min();
        let highs = edges.iter().map(|edge| i64::from(edge.hi.y)).max();
        if let (Some(low), Some(high)) = (lows, highs) {
            for row in frame.row(low)..=frame.row(high) {
                // Between the old border and the new one, whole cells change hands.
                let mut owner = Owner::default();
                let mut from = 0;
                for (column, flip) in frame.changes(&edges, row) {
                    if !owner.is_nothing() {
                        dirty.extend((from..column).map(|column| row * frame.columns + column));
                    }
                    owner.toggle(flip);
                    from = column;
                }
                if !owner.is_nothing() {
                    let rest = from..frame.columns;
                    dirty.extend(rest.map(|column| row * frame.columns + column));
                }
            }
        }
        dirty.sort_unstable();
        dirty.dedup();
        dirty
    }

    /// The index in one piece, as if built anew.
    #[must_use]
    pub fn compacted(&self) -> Self {
        if self.patches.is_empty() {
            return self.clone();
        }
        let frame = self.image.frame;
        let mut copy = Copy::default();
        let top: Vec<u32> = (0..frame.cells() as u32)
            .map(|cell| match self.patches.of(cell) {
                Some(patch) => copy.word(&patch.grown, patch.top),
                None => copy.word(self.image.grown(), read(self.image.top(), cell as usize)),
            })
            .collect();
        let parts = Parts { frame, top: vec![&top], grown: vec![(&copy.blocks, &copy.leaves)] };
        Self::over(Image::from_parts(&parts, self.image.key))
    }
}

impl Patch {
    fn new(top: u32, growth: &Growth) -> Self {
        let leaves = growth.blocks.len() as u32;
        let blocks = growth.blocks.iter().map(|value| relocated(*value, 0, leaves));
        let all = blocks.chain(growth.leaves.iter().copied());
        Self { top: relocated(top, 0, leaves), grown: all.map(u32::to_le_bytes).collect() }
    }
}

/// Blocks and leaves copied one by one.
#[derive(Default)]
struct Copy {
    blocks: Vec<u32>,
    leaves: Vec<u32>,
}

impl Copy {
    /// Copies what a word points to; the word that points to the copy.
    fn word(&mut self, from: &[Word], value: u32) -> u32 {
        let at = rest(value);
        match tag(value) {
            WHOLE => value,
            BLOCK => {
                let copy = self.blocks.len();
                self.blocks.resize(copy + BLOCK_WORDS, 0);
                for part in 0..BLOCK_WORDS {
                    self.blocks[copy + part] = self.word(from, read(from, at + part));
                }
                word(BLOCK, copy as u32)
            }
            kind => {
                let size = if kind == SHORT { SHORT_WORDS } else { LONG_WORDS };
                let words = HEAD_WORDS + size * read(from, at + 1) as usize;
                let words = words.min(from.len().saturating_sub(at));
                let over = self.leaves.len() % BLOCK_WORDS;
                if words <= BLOCK_WORDS && over + words > BLOCK_WORDS {
                    self.leaves.resize(self.leaves.len() + BLOCK_WORDS - over, 0);
                }
                let copy = self.leaves.len();
                self.leaves.extend((at..at + words).map(|at| read(from, at)));
                word(kind, copy as u32)
            }
        }
    }
}
