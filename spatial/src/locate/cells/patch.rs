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
use super::leaf::{short_count, short_words};
use super::word::{BLOCK, BLOCK_WORDS, HEAD_WORDS, LIMIT, LONG_WORDS, SHORT, WHOLE, Word};
use super::word::{make_room, read, rest, tag, word};
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
pub(super) struct Patches {
    pages: Vec<Option<Arc<Page>>>,
    /// A bit for each cell: set for those rebuilt.
    marks: Vec<u64>,
}

impl Patches {
    pub(super) fn is_empty(&self) -> bool {
        self.pages.is_empty()
    }

    #[inline]
    pub(super) fn of(&self, cell: u32) -> Option<&Patch> {
        let page = self.pages.get(cell as usize / PAGE)?.as_deref()?;
        page.get(cell as usize % PAGE)?.as_deref()
    }

    /// Whether a cell was rebuilt: asked before [`of`](Self::of) where most were not.
    #[inline]
    pub(super) fn holds(&self, cell: u32) -> bool {
        self.marks.get(cell as usize / 64).is_some_and(|marks| marks >> (cell % 64) & 1 == 1)
    }

    fn set(&mut self, cell: u32, cells: usize, patch: Patch) {
        if self.pages.is_empty() {
            self.pages = vec![None; cells.div_ceil(PAGE)];
            self.marks = vec![0; cells.div_ceil(64)];
        }
        self.marks[cell as usize / 64] |= 1 << (cell % 64);
        let page =
            self.pages[cell as usize / PAGE].get_or_insert_with(|| Arc::new(vec![None; PAGE]));
        Arc::make_mut(page)[cell as usize % PAGE] = Some(Arc::new(patch));
    }

    pub(super) fn size_bytes(&self) -> usize {
        let patches = self.pages.iter().flatten().flat_map(|page| page.iter().flatten());
        let patches: usize = patches.map(|patch| 4 * patch.grown.len() + size_of::<Patch>()).sum();
        patches + 8 * (self.pages.len() + self.marks.len())
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
        let behind = std::iter::repeat_n(0, BLOCK_WORDS);
        let all = blocks.chain(growth.leaves.iter().copied()).chain(behind);
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
                let words = if kind == SHORT {
                    let count = short_count(read(from, at));
                    make_room(&mut self.leaves, count);
                    short_words(count)
                } else {
                    HEAD_WORDS + LONG_WORDS * read(from, at + 1) as usize
                };
                let words = words.min(from.len().saturating_sub(at));
                let copy = self.leaves.len();
                self.leaves.extend((at..at + words).map(|at| read(from, at)));
                word(kind, copy as u32)
            }
        }
    }
}
