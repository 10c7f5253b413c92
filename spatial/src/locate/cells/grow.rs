//! One top cell made into words: whole, cut into blocks, or a leaf.

use super::edge::{Edge, Heights, Owner};
use super::frame::Cell;
use super::leaf::{SHORT_MOST, SHORT_SHIFT, ShortEntry, short_entry, short_leaf, short_step};
use super::word::{BLOCK, BLOCK_WORDS, LIMIT, LONG, LONG_WORDS, SHORT, WHOLE, make_room, word};
use crate::lattice::LatticePoint;

/// Below this shift (70 cm) cells are not cut for a few edges more: a vertex where many meet.
const TINY_SHIFT: u32 = 6;
/// How many times as many entries a leaf of a tiny cell may have.
const TINY_FACTOR: usize = 4;

/// Blocks and leaves as they grow. Places in words count from the beginning of either.
#[derive(Clone, Debug, Default)]
pub(super) struct Growth {
    pub(super) blocks: Vec<u32>,
    pub(super) leaves: Vec<u32>,
    /// Entries that a leaf should hold at most.
    capacity: usize,
    /// Edges of the cells being cut, one cell's after its parent's.
    stack: Vec<Edge>,
    entries: Vec<Entry>,
    /// What the western side of a cell adds to the base, from a height on.
    steps: Vec<(i64, Owner)>,
}

/// An edge that a leaf lists, and the heights at which it cuts the cell.
#[derive(Clone, Copy, Debug)]
struct Entry {
    edge: Edge,
    within: Heights,
}

/// A lattice point in several faces at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Contested {
    pub(super) x: i64,
    pub(super) y: i64,
}

impl Growth {
    pub(super) fn new(capacity: usize) -> Self {
        Self { capacity, ..Self::default() }
    }

    /// The word of a cell, given the owner of its south-west corner and all edges that meet it.
    pub(super) fn cell(
        &mut self,
        cell: Cell,
        corner: Owner,
        edges: impl IntoIterator<Item = Edge>,
    ) -> Result<u32, Contested> {
        self.stack.clear();
        self.stack.extend(edges);
        self.grown(cell, corner, 0)
    }

    /// The word of the cell whose edges are on the stack from `first` on.
    fn grown(&mut self, cell: Cell, corner: Owner, first: usize) -> Result<u32, Contested> {
        if !corner.is_single() {
            return Err(Contested { x: cell.x, y: cell.y });
        }
        if first == self.stack.len() {
            return Ok(word(WHOLE, corner.code));
        }
        let most = match cell.shift {
            0 | 1 => usize::MAX,
            2..=TINY_SHIFT => self.capacity * TINY_FACTOR,
            _ => self.capacity,
        };
        // Edges that meet the cell without cutting it make no entries, so look a little further.
        if self.stack.len() - first <= most.saturating_add(4) {
            let base = self.list(&cell, corner, first);
            if self.entries.is_empty() && self.steps.is_empty() {
                return Ok(word(WHOLE, corner.code));
            }
            if self.entries.len() + self.steps.len() <= most {
                self.judge(&cell, base)?;
                return Ok(self.leaf(&cell, base));
            }
        }
        self.cut(cell, corner, first)
    }

    /// Fills `entries` and `steps`; the base that goes with them.
    ///
    /// Entries are whole edges, not clipped: on the cell's western side, too, an edge toggles what
    /// lies right of it. So the base is what the south-west corner has without the entries, and
    /// `steps` are where that changes on the way up the western side.
    fn list(&mut self, cell: &Cell, corner: Owner, first: usize) -> Owner {
        self.entries.clear();
        self.steps.clear();
        let mut base = corner;
        let top = cell.last_y();
        for edge in &self.stack[first..] {
            let crossed = edge.crossed_at(cell.x).filter(|y| cell.y < *y && *y <= top);
            self.steps.extend(crossed.map(|y| (y, edge.flip)));
            let (west, within) = edge.heights(cell);
            if within.0 >= within.1 {
                continue;
            }
            self.entries.push(Entry { edge: *edge, within });
            if west.0 < west.1 {
                if west.0 == cell.y {
                    base.toggle(edge.flip);
                } else {
                    self.steps.push((west.0, edge.flip));
                }
                if west.1 <= top {
                    self.steps.push((west.1, edge.flip));
                }
            }
        }
        self.steps.sort_unstable_by_key(|(y, _)| *y);
        self.steps.dedup_by(|next, kept| {
            let same = next.0 == kept.0;
            if same {
                kept.1.toggle(next.1);
            }
            same
        });
        self.steps.retain(|(_, flip)| !flip.is_nothing());
        base
    }

    /// Makes sure that no lattice point of a leaf lies in two faces, where that could begin: beside
    /// each entry at its lowest and highest in the cell, and where the western side changes.
    fn judge(&self, cell: &Cell, base: Owner) -> Result<(), Contested> {
        let beside = |entry: &Entry| {
            let edge = entry.edge;
            [entry.within.0, entry.within.1 - 1].map(|y| (edge.first_x(y), y))
        };
        let places = self.entries.iter().flat_map(beside).flat_map(|(x, y)| [(x - 1, y), (x, y)]);
        let western = self.steps.iter().map(|(y, _)| (cell.x, *y));
        for (x, y) in places.chain(western) {
            let mut owner = base;
            for (_, flip) in self.steps.iter().filter(|(from, _)| *from <= y) {
                owner.toggle(*flip);
            }
            for entry in self.entries.iter().filter(|entry| entry.edge.toggles(x, y)) {
                owner.toggle(entry.edge.flip);
            }
            if !owner.is_single() {
                return Err(Contested { x, y });
            }
        }
        Ok(())
    }

    /// Writes down what [`list`](Self::list) found.
    fn leaf(&mut self, cell: &Cell, base: Owner) -> u32 {
        let short = self.short_entries(cell);
        if !short.is_empty() {
            make_room(&mut self.leaves, short.len());
            let at = self.leaves.len();
            self.leaves.extend(short_leaf(base.code, &short));
            return word(SHORT, at as u32);
        }
        let at = self.leaves.len();
        let count = self.entries.len() + self.steps.len();
        self.leaves.extend([base.code, count as u32]);
        for Entry { edge, .. } in &self.entries {
            self.leaves.extend(long_entry(edge.lo, edge.hi, edge.flip));
        }
        for (y, flip) in &self.steps {
            let western = |y: i64| LatticePoint::new(cell.x as i32, y as i32);
            self.leaves.extend(long_entry(western(*y), western(cell.last_y() + 1), *flip));
        }
        word(LONG, at as u32)
    }

    /// The entries of a short leaf; none if it would not be one.
    fn short_entries(&self, cell: &Cell) -> Vec<ShortEntry> {
        if cell.shift > SHORT_SHIFT || self.entries.len() + self.steps.len() > SHORT_MOST {
            return Vec::new();
        }
        let edges = self.entries.iter().map(|Entry { edge, .. }| {
            let (lo_x, lo_y) = (i64::from(edge.lo.x), i64::from(edge.lo.y));
            let run = (i64::from(edge.hi.x) - lo_x, i64::from(edge.hi.y) - lo_y);
            short_entry((lo_x - cell.x, lo_y - cell.y), run, edge.flip.code)
        });
        let steps = self.steps.iter().map(|(y, flip)| Some(short_step(y - cell.y, flip.code)));
        edges.chain(steps).collect::<Option<_>>().unwrap_or_default()
    }

    /// Cuts a cell into sixteen.
    fn cut(&mut self, cell: Cell, corner: Owner, first: usize) -> Result<u32, Contested> {
        let corners = self.corners(&cell, corner, first);
        let at = self.blocks.len();
        self.blocks.resize(at + BLOCK_WORDS, 0);
        let end = self.stack.len();
        for row in 0..4 {
            for column in 0..4 {
                let child = cell.child(column, row);
                for index in first..end {
                    if self.stack[index].meets(&child) {
                        self.stack.push(self.stack[index]);
                    }
                }
                let part = (row * 4 + column) as usize;
                self.blocks[at + part] = self.grown(child, corners[part], end)?;
                self.stack.truncate(end);
            }
        }
        Ok(word(BLOCK, at as u32))
    }

    /// The owners of the south-west corners of a cell's parts: up its western side, then east.
    fn corners(&self, cell: &Cell, corner: Owner, first: usize) -> [Owner; BLOCK_WORDS] {
        let mut owners = [Owner::default(); BLOCK_WORDS];
        owners[0] = corner;
        let side = 1i64 << (cell.shift - 2);
        // First what changes on the step to each corner, then the sums.
        for edge in &self.stack[first..] {
            if let Some(y) = edge.crossed_at(cell.x).filter(|y| *y > cell.y) {
                let row = (y - cell.y + side - 1) >> (cell.shift - 2);
                if row < 4 {
                    owners[row as usize * 4].toggle(edge.flip);
                }
            }
            for row in 0..4 {
                let y = cell.y + row * side;
                if edge.is_at(y) {
                    let east = edge.first_x(y) - cell.x;
                    let column = (east + side - 1) >> (cell.shift - 2);
                    if east > 0 && column < 4 {
                        owners[(row * 4 + column) as usize].toggle(edge.flip);
                    }
                }
            }
        }
        for at in 1..BLOCK_WORDS {
            let before = if at % 4 == 0 { at - 4 } else { at - 1 };
            let owner = owners[before];
            owners[at].toggle(owner);
        }
        owners
    }

    /// Words in use.
    pub(super) fn words(&self) -> usize {
        self.blocks.len() + self.leaves.len()
    }

    /// Whether every place can be written in a word.
    pub(super) fn fits(words: usize) -> bool {
        words < LIMIT as usize
    }
}

fn long_entry(lo: LatticePoint, hi: LatticePoint, flip: Owner) -> [u32; LONG_WORDS] {
    [lo.x as u32, lo.y as u32, hi.x as u32, hi.y as u32, flip.code]
}
