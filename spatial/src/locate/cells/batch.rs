//! Many points at once: every step is made for a whole stage of points before the next, so that
//! the memory they ask for is on its way at the same time.

use rayon::prelude::*;

use super::CellIndex;
use super::frame::Place;
use super::word::{self, BLOCK, OUTSIDE, SHORT, WHOLE};
use crate::lattice::LatticePoint;

/// Points under way at once.
const STAGE: usize = 64;

/// A point on its way down.
#[derive(Clone, Copy, Default)]
struct Traveller {
    place: Place,
    word: u32,
    shift: u32,
}

/// Points that one core takes at a time.
const SHARE: usize = 1 << 14;

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
        if self.patches.is_empty() {
            let mut travellers = [Traveller::default(); STAGE];
            for (points, found) in points.chunks(STAGE).zip(found.chunks_mut(STAGE)) {
                self.stage(points, found, &mut travellers);
            }
        } else {
            for (point, found) in points.iter().zip(found) {
                *found = self.code(*point).checked_sub(1);
            }
        }
    }

    fn stage(
        &self,
        points: &[LatticePoint],
        found: &mut [Option<u32>],
        travellers: &mut [Traveller; STAGE],
    ) {
        let (frame, top, grown) = (self.image.frame, self.image.top(), self.image.grown());
        let mut deepest = false;
        for (point, traveller) in points.iter().zip(&mut *travellers) {
            let shift = frame.shift;
            *traveller = match frame.place(*point) {
                Some(place) => {
                    Traveller { place, word: word::read(top, place.cell as usize), shift }
                }
                None => Traveller { place: Place::default(), word: OUTSIDE, shift },
            };
            deepest |= word::tag(traveller.word) == BLOCK;
        }
        let travellers = &mut travellers[..points.len()];
        while deepest {
            deepest = false;
            for traveller in &mut *travellers {
                if word::tag(traveller.word) == BLOCK {
                    traveller.shift = traveller.shift.saturating_sub(2);
                    traveller.word =
                        word::step_down(grown, traveller.word, traveller.place, traveller.shift);
                    deepest |= word::tag(traveller.word) == BLOCK && traveller.shift >= 2;
                }
            }
        }
        // Only asks for the leaves, so that they are here when they are read.
        let mut touched = 0;
        for traveller in &*travellers {
            if word::tag(traveller.word) >= SHORT {
                touched ^= word::read(grown, word::rest(traveller.word) + 1);
            }
        }
        std::hint::black_box(touched);
        for ((point, traveller), found) in points.iter().zip(travellers).zip(found) {
            let Traveller { place, word, shift } = *traveller;
            let code = if word::tag(word) == WHOLE {
                word >> 2
            } else {
                word::settle(grown, word, *point, place, shift)
            };
            *found = code.checked_sub(1);
        }
    }
}
