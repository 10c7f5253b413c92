//! Pairs of sounds: the keys of the index of names, and counting which names share how many with a text.

use super::letter::Letter;
use super::reading::readings;

/// Keys of all pairs of sounds that begin before `core`, with at most one letter between, and whether both letters do.
pub(super) fn keys(letters: &[Letter], core: usize) -> Vec<(u32, bool)> {
    let mut keys = Vec::new();
    for start in 0..core.min(letters.len()) {
        for end in [start + 1, start + 2] {
            if let Some(second) = letters.get(end) {
                pair(&letters[start], second, |key| keys.push((key, end < core)));
            }
        }
    }
    keys
}

pub(super) fn pair(first: &Letter, second: &Letter, mut take: impl FnMut(u32)) {
    let classes = readings().weak_classes() as u32;
    for a in first.reading().weak_classes() {
        for b in second.reading().weak_classes() {
            take(u32::from(a) * classes + u32::from(b));
        }
    }
}

/// Number of pairs of a name, whatever its readings.
pub(super) fn pairs_of(letters: usize, core: usize) -> u32 {
    (0..core.min(letters))
        .map(|start| u32::from(start + 1 < letters) + u32::from(start + 2 < letters))
        .sum()
}

/// Pairs of a name that were met, by runs: pairs further apart than a name is long do not belong together.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Votes {
    /// The run that is being counted.
    pub(super) count: u16,
    pub(super) first: u16,
    pub(super) last: u16,
    /// The best run before it.
    pub(super) best_count: u16,
    pub(super) best_first: u16,
    pub(super) best_last: u16,
    /// How rare the pairs of the run are, and of the best run.
    pub(super) rarity: u16,
    pub(super) best_rarity: u16,
    /// Pairs of the run with both letters in the core, and of the best run.
    pub(super) core: u16,
    pub(super) best_core: u16,
    /// The pair that was counted last: a pair with several readings counts once.
    pub(super) pair: u16,
}

/// Marks a name in the index whose core has both letters of the pair.
pub(super) const IN_CORE: u32 = 1 << 31;
/// A run ends where this many letters bring nothing.
const APART: u16 = 7;

impl Votes {
    pub(super) fn add(&mut self, at: u16, pair: u16, rarity: u16, in_core: bool) {
        if self.pair == pair {
            return;
        }
        self.pair = pair;
        if self.count > 0 && at > self.last + APART {
            self.close();
        }
        if self.count == 0 {
            self.first = at;
        }
        self.count += 1;
        self.rarity += rarity;
        self.core += u16::from(in_core);
        self.last = at;
    }

    /// Keeps the run if it is the best so far; of two alike the later.
    pub(super) fn close(&mut self) {
        if (self.best_count, self.best_rarity) <= (self.count, self.rarity) {
            (self.best_count, self.best_first, self.best_last) =
                (self.count, self.first, self.last);
            (self.best_rarity, self.best_core) = (self.rarity, self.core);
        }
        (self.count, self.rarity, self.core) = (0, 0, 0);
    }
}
