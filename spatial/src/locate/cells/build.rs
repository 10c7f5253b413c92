//! All top cells at once, on all cores.

use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use rayon::prelude::*;
use thiserror::Error;

use super::edge::{Edge, Owner};
use super::frame::Frame;
use super::grow::{Contested, Growth};
use super::image::{Image, Parts};
use super::word::LIMIT;
use super::{CellIndex, Key};
use crate::lattice::LatticePoint;
use crate::locate::Locator;

/// Bands of rows that are built one by one; progress is told by them.
const BANDS: u32 = 128;
/// Entries in a leaf at first; doubled when the index would grow too large.
const CAPACITY: usize = 4;
/// Cells with so many edges are not worth an index.
const LARGEST_CAPACITY: usize = 1 << 16;
/// Words an index may have for every edge, and at least.
const WORDS_PER_EDGE: usize = 128;
const FEWEST_WORDS: usize = 1 << 22;

/// Why no index could be built.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum BuildError {
    /// The faces are no partition: a place belongs to several.
    #[error("{place} lies in {} faces at once: {faces:?}", faces.len())]
    Overlap {
        /// A place where they overlap.
        place: LatticePoint,
        /// The ids of the faces there, ascending.
        faces: Vec<u32>,
    },
    /// A face's id is too large for the index.
    #[error("face {id} cannot be indexed: ids end at {}", LIMIT - 2)]
    LargeId {
        /// The id.
        id: u32,
    },
    /// The index would not fit into the numbers it is made of.
    #[error("{words} words are more than one index can hold ({LIMIT}): index parts of the area")]
    TooLarge {
        /// How many there would be.
        words: usize,
    },
}

/// How far a build has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Bands of the area finished, in no order.
    pub done: usize,
    /// Bands altogether.
    pub total: usize,
}

/// What a band of rows grew into.
struct Band {
    top: Vec<u32>,
    growth: Growth,
}

/// Why a band was given up.
enum Stop {
    Contested(Contested),
    Large,
}

impl CellIndex {
    /// Builds the index over the faces of a locator, on all cores of the current thread pool.
    ///
    /// The two then agree on every point; `key` says what they were built from.
    ///
    /// # Errors
    /// [`BuildError`] when faces overlap, ids are too large or the index would be.
    pub fn build(locator: &Locator, key: Key) -> Result<Self, BuildError> {
        Self::build_with(locator, key, |_| {})
    }

    /// Builds the index and tells how far it is, from any thread.
    ///
    /// # Errors
    /// As [`build`](Self::build).
    pub fn build_with(
        locator: &Locator,
        key: Key,
        progress: impl Fn(Progress) + Sync,
    ) -> Result<Self, BuildError> {
        let large = |leaf: &&crate::locate::locator::Leaf| leaf.id > LIMIT - 2;
        if let Some(leaf) = locator.leaves().find(large) {
            return Err(BuildError::LargeId { id: leaf.id });
        }
        let Some(bounds) = locator.bounds() else {
            return Ok(Self::over(Image::from_parts(&Parts::default(), key)));
        };
        let count = locator.leaves().map(|leaf| leaf.face.shape().vertex_count()).sum::<usize>();
        let frame = Frame::around(bounds, count / 2);
        let bands = Bands::new(frame);
        let edges = bands.edges(locator);
        let unique = edges.iter().map(Vec::len).sum::<usize>();
        let most = (WORDS_PER_EDGE * unique).max(FEWEST_WORDS);
        let edges = bands.spread(edges);
        let mut capacity = CAPACITY;
        loop {
            match bands.grow(&edges, capacity, most, &progress) {
                Ok(grown) => return assembled(frame, &grown, key),
                Err(Stop::Large) if capacity < LARGEST_CAPACITY => capacity *= 2,
                Err(Stop::Large) => return Err(BuildError::TooLarge { words: most }),
                Err(Stop::Contested(place)) => return Err(locator.contest(place)),
            }
        }
    }
}

impl Locator {
    /// Names the faces at a place that lies in several.
    pub(super) fn contest(&self, at: Contested) -> BuildError {
        let place = LatticePoint::new(at.x as i32, at.y as i32);
        BuildError::Overlap { place, faces: self.locate_all(place) }
    }
}

/// The rows of a frame in bands.
#[derive(Clone, Copy)]
struct Bands {
    frame: Frame,
    rows: u32,
    count: u32,
}

impl Bands {
    fn new(frame: Frame) -> Self {
        let rows = frame.rows.div_ceil(BANDS).max(1);
        Self { frame, rows, count: frame.rows.div_ceil(rows) }
    }

    fn of(&self, y: i32) -> usize {
        (self.frame.row(i64::from(y)) / self.rows) as usize
    }

    /// Each edge once, with the difference it makes, in the band of its lower end.
    fn edges(&self, locator: &Locator) -> Vec<Vec<Edge>> {
        let leaves: Vec<_> = locator.leaves().collect();
        let empty = || vec![Vec::new(); self.count as usize];
        let halves = leaves
            .par_iter()
            .fold(empty, |mut bands, leaf| {
                for (a, b) in leaf.face.shape().edges().filter(|(a, b)| a != b) {
                    let edge = Edge::between(a, b, leaf.id + 1);
                    bands[self.of(edge.lo.y)].push(edge);
                }
                bands
            })
            .reduce(empty, |mut bands, more| {
                for (band, mut more) in bands.iter_mut().zip(more) {
                    band.append(&mut more);
                }
                bands
            });
        halves.into_par_iter().map(merged).collect()
    }

    /// Gives each band all edges that reach into it.
    fn spread(&self, bands: Vec<Vec<Edge>>) -> Vec<Vec<Edge>> {
        let mut spread = bands.clone();
        for (own, edges) in bands.into_iter().enumerate() {
            for edge in edges {
                for band in &mut spread[own + 1..=self.of(edge.hi.y)] {
                    band.push(edge);
                }
            }
        }
        spread
    }

    fn grow(
        &self,
        edges: &[Vec<Edge>],
        capacity: usize,
        most: usize,
        progress: &(impl Fn(Progress) + Sync),
    ) -> Result<Vec<Band>, Stop> {
        let (done, words) = (AtomicUsize::new(0), AtomicUsize::new(0));
        let total = edges.len();
        let grow = |(band, edges): (usize, &Vec<Edge>)| {
            let grown = self.band(band as u32, edges, Growth::new(capacity), &words, most)?;
            progress(Progress { done: done.fetch_add(1, Relaxed) + 1, total });
            Ok(grown)
        };
        edges.par_iter().enumerate().map(grow).collect()
    }

    fn band(
        &self,
        band: u32,
        edges: &[Edge],
        mut growth: Growth,
        words: &AtomicUsize,
        most: usize,
    ) -> Result<Band, Stop> {
        let frame = &self.frame;
        let rows = band * self.rows..((band + 1) * self.rows).min(frame.rows);
        let mut met: Vec<(u32, u32)> = Vec::with_capacity(edges.len() * 5 / 4);
        for (index, edge) in (0..).zip(edges) {
            frame.met_by(edge, rows.clone(), |cell| met.push((cell, index)));
        }
        met.sort_unstable();
        let mut met = &met[..];
        let mut top = Vec::with_capacity(rows.len() * frame.columns as usize);
        for row in rows {
            let mut owner = Owner::default();
            let changes = frame.changes(edges, row);
            let mut changes = changes.iter().peekable();
            for column in 0..frame.columns {
                while let Some((_, flip)) = changes.next_if(|(from, _)| *from <= column) {
                    owner.toggle(*flip);
                }
                let cell = row * frame.columns + column;
                let count = met.iter().take_while(|(at, _)| *at == cell).count();
                let (here, rest) = met.split_at(count);
                met = rest;
                let before = growth.words();
                let edges = here.iter().map(|(_, index)| edges[*index as usize]);
                let grown = growth.cell(frame.cell(column, row), owner, edges);
                top.push(grown.map_err(Stop::Contested)?);
                let more = growth.words() - before;
                if more > 0 && words.fetch_add(more, Relaxed) + more > most {
                    return Err(Stop::Large);
                }
            }
        }
        Ok(Band { top, growth })
    }
}

/// Edges with the same ends made one.
pub(super) fn merged(mut edges: Vec<Edge>) -> Vec<Edge> {
    let ends = |edge: &Edge| (edge.lo.y, edge.lo.x, edge.hi.y, edge.hi.x);
    edges.sort_unstable_by_key(ends);
    edges.dedup_by(|next, kept| {
        let same = ends(next) == ends(kept);
        if same {
            kept.flip.toggle(next.flip);
        }
        same
    });
    edges.retain(|edge| !edge.flip.is_nothing());
    edges
}

impl Frame {
    /// Names the top cells of some rows that an edge may meet.
    pub(super) fn met_by(&self, edge: &Edge, rows: std::ops::Range<u32>, mut met: impl FnMut(u32)) {
        let (lo, hi) = (i64::from(edge.lo.y), i64::from(edge.hi.y));
        for row in self.row(lo).max(rows.start)..=self.row(hi).min(rows.end - 1) {
            let cell = self.cell(0, row);
            let (from, to) = (lo.max(cell.y), hi.min(cell.last_y()));
            if from > to {
                continue;
            }
            let (mut west, mut east) =
                (i64::from(edge.lo.x.min(edge.hi.x)), i64::from(edge.lo.x.max(edge.hi.x)));
            if lo < hi {
                // The lattice points right of the edge at both heights, and one more to the west.
                let (one, other) = (edge.first_x(from), edge.first_x(to));
                (west, east) = (west.max(one.min(other) - 1), east.min(one.max(other)));
            }
            for column in self.column(west)..=self.column(east) {
                met(row * self.columns + column);
            }
        }
    }

    /// Where the owner changes along the corners of a row of cells: the column from which on, and
    /// by what; in order.
    pub(super) fn changes(&self, edges: &[Edge], row: u32) -> Vec<(u32, Owner)> {
        let y = self.cell(0, row).y;
        let at = edges.iter().filter(|edge| edge.is_at(y));
        let change = |edge: &Edge| {
            let column = self.column_from(edge.first_x(y)).max(0);
            (column < i64::from(self.columns)).then_some((column as u32, edge.flip))
        };
        let mut changes: Vec<_> = at.filter_map(change).collect();
        changes.sort_unstable_by_key(|(column, _)| *column);
        changes
    }
}

/// Puts the bands together: top words, then all blocks, then all leaves.
fn assembled(frame: Frame, bands: &[Band], key: Key) -> Result<CellIndex, BuildError> {
    let parts = Parts {
        frame,
        top: bands.iter().map(|band| &band.top[..]).collect(),
        grown: bands
            .iter()
            .map(|band| (&band.growth.blocks[..], &band.growth.leaves[..]))
            .collect(),
    };
    let words = parts.words();
    if !Growth::fits(words) {
        return Err(BuildError::TooLarge { words });
    }
    Ok(CellIndex::over(Image::from_parts(&parts, key)))
}
