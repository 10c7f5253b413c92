//! Short leaves: up to four edges, all asked at once.
//!
//! A short leaf is a head, `base << 2 | count - 1`, and for each of its edges a word of three runs:
//! where it begins (`x | y << 16`, in steps from the cell's corner), how it runs (`dy | -dx << 16`),
//! and its flip. Halves of words are signed. A point's code is the base with the flips of all edges
//! that its leftward ray meets.
//!
//! Edges are so near that all differences fit into 16 bits and all products into 32. So four edges
//! are settled by two dozen instructions that every machine has, without a branch to be guessed.

use std::array;

use wide::{i16x8, i32x4};

use super::word::{OUTSIDE, Word};

/// Edges in a short leaf at most.
pub(super) const SHORT_MOST: usize = 4;
/// Cells up to this shift may have short leaves.
pub(super) const SHORT_SHIFT: u32 = 14;
/// Where an edge of a short leaf may begin, in steps from the cell's corner: a point of the cell is
/// then less than 2^15 steps away.
const FROM: std::ops::RangeInclusive<i64> = -(1 << 14)..=i16::MAX as i64;
/// How far an edge of a short leaf may run.
const RUN: std::ops::RangeInclusive<i64> = -(i16::MAX as i64)..=i16::MAX as i64;

/// Words of a short leaf.
pub(super) const fn short_words(count: usize) -> usize {
    1 + 3 * count
}

/// Words from a short leaf's first to the last that is read: flips are read by fours.
pub(super) const fn short_reach(count: usize) -> usize {
    1 + 2 * count + SHORT_MOST
}

/// Words that a short leaf can reach over.
const REACH: usize = short_reach(SHORT_MOST);

/// An edge of a short leaf.
pub(super) type ShortEntry = [u32; 3];

/// The entry of an edge that begins and runs so, in steps; `None` when it is too far or too long.
pub(super) fn short_entry(from: (i64, i64), run: (i64, i64), flip: u32) -> Option<ShortEntry> {
    let fits = [from.0, from.1].iter().all(|step| FROM.contains(step))
        && [run.0, run.1].iter().all(|step| RUN.contains(step));
    let pair = |low: i64, high: i64| u32::from(low as u16) | u32::from(high as u16) << 16;
    fits.then(|| [pair(from.0, from.1), pair(run.1, -run.0), flip])
}

/// The entry that changes the whole width of a cell from a height on, in steps from its corner.
pub(super) fn short_step(north: i64, flip: u32) -> ShortEntry {
    // West of the cell and as high as any: met by every ray from its height on.
    let from = 0xFFFF | u32::from(north as u16) << 16;
    [from, i16::MAX as u32, flip]
}

/// The words of a short leaf of one to [`SHORT_MOST`] entries.
pub(super) fn short_leaf(base: u32, entries: &[ShortEntry]) -> impl Iterator<Item = u32> + '_ {
    let head = base << 2 | (entries.len() as u32).wrapping_sub(1) & 3;
    let runs = (0..3).flat_map(|word| entries.iter().map(move |entry| entry[word]));
    std::iter::once(head).chain(runs)
}

/// How many entries the short leaf of a head has.
#[inline]
pub(super) const fn short_count(head: u32) -> usize {
    (head & 3) as usize + 1
}

/// The code of a point, `x | y << 16` in steps from the corner of its cell, by the leaf at a place.
#[inline]
pub(super) fn short(words: &[Word], at: usize, point: u32) -> u32 {
    let Some(leaf) = words.get(at..).and_then(|words| words.first_chunk::<REACH>()) else {
        return OUTSIDE;
    };
    let head = u32::from_le_bytes(leaf[0]);
    let count = short_count(head);
    let four = |from: usize| array::from_fn(|lane| u32::from_le_bytes(leaf[from + lane]));
    (head >> 2) ^ flips(point, four(1), four(1 + count), four(1 + 2 * count), count)
}

/// The flips of those of the first `count` edges that the leftward ray from a point meets.
#[inline]
fn flips(point: u32, from: [u32; 4], run: [u32; 4], flip: [u32; 4], count: usize) -> u32 {
    let halves = |words: [u32; 4]| {
        let [a, b, c, d] = words.map(|word| [word as i16, (word >> 16) as i16]);
        i16x8::new([a[0], a[1], b[0], b[1], c[0], c[1], d[0], d[1]])
    };
    let words = |words: [u32; 4]| i32x4::new(words.map(|word| word as i32));
    // East times dy less north times dx: not negative on and right of the edge.
    let right = (halves([point; 4]) - halves(from)).dot(halves(run));
    let north = (words([point; 4]) >> 16u32) - (words(from) >> 16u32);
    let height = (words(run) << 16u32) >> 16u32;
    let misses = (right | north) >> 31u32;
    let meets = height.simd_gt(north) & i32x4::splat(count as i32).simd_gt(LANES);
    let [a, b, c, d] = (meets & !misses & words(flip)).to_array();
    (a ^ b ^ c ^ d) as u32
}

const LANES: i32x4 = i32x4::new([0, 1, 2, 3]);

#[cfg(test)]
#[path = "leaf_tests.rs"]
mod tests;
