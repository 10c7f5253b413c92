//! Many points at once: every step is made for a whole stage of points before the next.
//!
//! No step asks a question of a point that another step's memory has to answer: which points go on
//! is told by where they are put, not by a branch. So the processor runs ahead and has the memory
//! of many points on its way at the same time, and has nothing to guess wrong.

use rayon::prelude::*;

use super::CellIndex;
use super::word::{self, BLOCK, OUTSIDE, SHORT, WHOLE};
use crate::lattice::LatticePoint;

/// Points under way at once.
const STAGE: usize = 128;
/// Points that one core takes at a time.
const SHARE: usize = 1 << 14;

/// A point, by its number in the stage, and the word it has come to.
#[derive(Clone, Copy, Default)]
struct Traveller {
    word: u32,
    point: u16,
    /// Log2 of the side of the word's cell.
    shift: u16,
}

/// Points that go on.
struct Travellers {
    count: usize,
    of: [Traveller; STAGE],
}

impl Travellers {
    /// Puts a point at the end, and keeps it there if it is to go on. At most [`STAGE`] are kept.
    #[inline]
    fn keep_if(&mut self, goes_on: bool, traveller: Traveller) {
        self.of[self.count % STAGE] = traveller;
        self.count += usize::from(goes_on);
    }
}

/// Points under way and what is known of them.
struct Stage {
    points: [LatticePoint; STAGE],
    codes: [u32; STAGE],
    /// Those at a block, and those at a leaf.
    at_block: Travellers,
    at_leaf: Travellers,
}

impl CellIndex {
    /// As [`locate_batch`](crate::locate::Locate::locate_batch), on all cores of the current
    /// thread pool.
    ///
    /// # Panics
    /// When the two slices differ in length.
    pub fn locate_parallel(&self, points: &[LatticePoint], found: &mut [Option<u32>]) {
        assert_eq!(points.len(), found.len(), "one answer per point");
        let shares = points.par_chunks(SHARE).zip(found.par_chunks_mut(SHARE));
        shares.for_each(|(points, found)| self.locate_staged(points, found));
    }

    /// As [`locate_batch`](crate::locate::Locate::locate_batch), on this thread.
    pub(super) fn locate_staged(&self, points: &[LatticePoint], found: &mut [Option<u32>]) {
        let none = || Travellers { count: 0, of: [Traveller::default(); STAGE] };
        let mut stage = Stage {
            points: [LatticePoint::default(); STAGE],
            codes: [OUTSIDE; STAGE],
            at_block: none(),
            at_leaf: none(),
        };
        for (points, found) in points.chunks(STAGE).zip(found.chunks_mut(STAGE)) {
            stage.points[..points.len()].copy_from_slice(points);
            self.enter(&mut stage, points.len());
            self.go_down(&mut stage);
            self.settle(&mut stage);
            if !self.patches.is_empty() {
                self.correct(points, &mut stage.codes);
            }
            for (found, code) in found.iter_mut().zip(&stage.codes) {
                *found = code.checked_sub(1);
            }
        }
    }

    /// From points to the words of their top cells.
    #[inline]
    fn enter(&self, stage: &mut Stage, count: usize) {
        let (frame, top) = (self.image.frame, self.image.top());
        (stage.at_block.count, stage.at_leaf.count) = (0, 0);
        for number in 0..count.min(STAGE) {
            let place = frame.place(stage.points[number]);
            let word = match place {
                Some(place) => word::read(top, place.cell as usize),
                None => word::word(WHOLE, OUTSIDE),
            };
            let (point, shift) = (number as u16, frame.shift as u16);
            Self::arrive(stage, Traveller { word, point, shift });
        }
    }

    #[inline]
    fn arrive(stage: &mut Stage, traveller: Traveller) {
        let tag = word::tag(traveller.word);
        stage.codes[usize::from(traveller.point) % STAGE] = traveller.word >> 2;
        stage.at_block.keep_if(tag == BLOCK, traveller);
        stage.at_leaf.keep_if(tag >= SHORT, traveller);
    }

    /// From blocks to leaves and whole cells.
    #[inline]
    fn go_down(&self, stage: &mut Stage) {
        let (frame, grown) = (self.image.frame, self.image.grown());
        while stage.at_block.count > 0 {
            let count = std::mem::take(&mut stage.at_block.count);
            for at in 0..count.min(STAGE) {
                let Traveller { word, point, shift } = stage.at_block.of[at];
                let Some(shift) = shift.checked_sub(2) else {
                    // No block that was built lies so deep.
                    stage.codes[usize::from(point) % STAGE] = OUTSIDE;
                    continue;
                };
                let place = frame.steps(stage.points[usize::from(point) % STAGE]);
                let word = word::step_down(grown, word, place, u32::from(shift));
                Self::arrive(stage, Traveller { word, point, shift });
            }
        }
    }

    /// From leaves to codes.
    #[inline]
    fn settle(&self, stage: &mut Stage) {
        let (frame, grown) = (self.image.frame, self.image.grown());
        for traveller in &stage.at_leaf.of[..stage.at_leaf.count.min(STAGE)] {
            let at = usize::from(traveller.point) % STAGE;
            let point = stage.points[at];
            let place = frame.steps(point);
            stage.codes[at] =
                word::settle(grown, traveller.word, point, place, u32::from(traveller.shift));
        }
    }

    /// Settles those points anew whose cells were rebuilt by an edit.
    fn correct(&self, points: &[LatticePoint], codes: &mut [u32; STAGE]) {
        for (point, code) in points.iter().zip(codes) {
            let place = self.image.frame.place(*point);
            if place.is_some_and(|place| self.patches.holds(place.cell)) {
                *code = self.code(*point);
            }
        }
    }
}
