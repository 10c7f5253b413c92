//! Words and leaves as they lie in memory, and how a point is settled with them.
//!
//! A word is 32 bits, little-endian. Its lowest two bits say what the rest is: the *code* of the
//! face that holds the whole cell, or the place of a block or a leaf, counted in words.
//!
//! - A block is sixteen words, one for each part of a cell, row by row from the south-west.
//! - A short leaf is up to four edges near by: see [`leaf`](super::leaf).
//! - A long leaf is its base code, the number of its entries, and the entries, each an edge from its
//!   lower end in lattice units: `lo.x`, `lo.y`, `hi.x`, `hi.y`, `flip`. A point's code is the base
//!   with the `flip` of each entry that its leftward ray meets.
//! - No short leaf lies, with what is read behind it, in two cache lines of sixteen words.
//!
//! Whatever the words say, reading them neither panics nor runs on: what points nowhere counts as
//! outside.

use super::frame::Place;
use super::leaf::{short, short_reach};
use crate::lattice::LatticePoint;

/// A word as it is stored.
pub(super) type Word = [u8; 4];

/// The whole cell lies in one face, or in none.
pub(super) const WHOLE: u32 = 0;
/// The cell is cut into sixteen.
pub(super) const BLOCK: u32 = 1;
/// A short leaf.
pub(super) const SHORT: u32 = 2;
/// A long leaf.
pub(super) const LONG: u32 = 3;

pub(super) const BLOCK_WORDS: usize = 16;
/// Words of a long leaf before its entries, and of each entry.
pub(super) const HEAD_WORDS: usize = 2;
pub(super) const LONG_WORDS: usize = 5;

/// Codes and places are below this.
pub(super) const LIMIT: u32 = 1 << 30;
/// The code of what lies in no face.
pub(super) const OUTSIDE: u32 = 0;

pub(super) const fn word(tag: u32, rest: u32) -> u32 {
    rest << 2 | tag
}

pub(super) const fn tag(word: u32) -> u32 {
    word & 3
}

pub(super) const fn rest(word: u32) -> usize {
    (word >> 2) as usize
}

#[inline]
pub(super) fn read(words: &[Word], at: usize) -> u32 {
    words.get(at).map_or(WHOLE, |word| u32::from_le_bytes(*word))
}

/// Goes down from a cell's word to one that is no block, and says how wide that cell is.
#[inline]
pub(super) fn descend(words: &[Word], word: u32, place: Place, shift: u32) -> (u32, u32) {
    let (mut word, mut shift) = (word, shift);
    while tag(word) == BLOCK {
        let Some(narrower) = shift.checked_sub(2) else { return (WHOLE, 0) };
        shift = narrower;
        word = step_down(words, word, place, shift);
    }
    (word, shift)
}

/// The word of the part of a block that holds a place; parts are 2^`shift` wide.
#[inline]
pub(super) fn step_down(words: &[Word], block: u32, place: Place, shift: u32) -> u32 {
    let part = (place.north >> shift & 3) << 2 | (place.east >> shift & 3);
    read(words, rest(block) + part as usize)
}

/// The code of a point whose cell's word is no block.
#[inline]
pub(super) fn settle(
    words: &[Word],
    word: u32,
    point: LatticePoint,
    place: Place,
    shift: u32,
) -> u32 {
    match tag(word) {
        WHOLE => word >> 2,
        SHORT => {
            let mask = (1u32 << shift) - 1;
            short(words, rest(word), place.east & mask | (place.north & mask) << 16)
        }
        LONG => long(words, rest(word), point),
        _ => OUTSIDE,
    }
}

#[inline]
pub(super) fn long(words: &[Word], at: usize, point: LatticePoint) -> u32 {
    let (mut code, count) = (read(words, at), read(words, at + 1) as usize);
    let from = at + HEAD_WORDS;
    let entries = words.get(from..from + LONG_WORDS * count).unwrap_or_default();
    for entry in entries.as_chunks::<LONG_WORDS>().0 {
        let [lo_x, lo_y, hi_x, hi_y, flip] = entry.map(u32::from_le_bytes);
        let step = |to: i32, from: u32| i64::from(to) - i64::from(from as i32);
        let level = lo_y as i32 <= point.y && point.y < hi_y as i32;
        let right = step(point.x, lo_x).wrapping_mul(step(hi_y as i32, lo_y))
            >= step(point.y, lo_y).wrapping_mul(step(hi_x as i32, lo_x));
        code ^= flip & (u32::from(level & right)).wrapping_neg();
    }
    code
}

/// Makes room for a short leaf of so many entries at the end of leaves.
pub(super) fn make_room(leaves: &mut Vec<u32>, count: usize) {
    let over = leaves.len() % BLOCK_WORDS;
    if over + short_reach(count) > BLOCK_WORDS {
        leaves.resize(leaves.len() + BLOCK_WORDS - over, 0);
    }
}
