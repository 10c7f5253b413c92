//! Pairs of sounds: the keys of the index of names, and counting which names share how many with a text.

use super::letter::Letter;
use super::reading::readings;

/// Keys of all pairs of sounds that begin before `core`, with at most one letter between, each with where it begins and
/// whether both letters lie before `core`, as [`IN_CORE`] and [`OFFSET`] mark it.
pub(super) fn keys(letters: &[Letter], core: usize) -> Vec<(u32, u32)> {
    let mut keys = Vec::new();
    for start in 0..core.min(letters.len()) {
        for end in [start + 1, start + 2] {
            if let Some(second) = letters.get(end) {
                let mark = if end < core { IN_CORE } else { 0 };
                let offset = (start as u32).min(LAST_OFFSET) << OFFSET;
                pair(&letters[start], second, |key| keys.push((key, mark | offset)));
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

/// What was met of a name in one part of the text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Run {
    pub(super) count: u8,
    /// How rare the pairs are.
    pub(super) rarity: u8,
    /// Pairs with both letters in the core.
    pub(super) core: u8,
    /// Where the name would begin, at the earliest and at the latest, counted from [`BEFORE`] units before the text.
    pub(super) low: u16,
    pub(super) high: u16,
}

/// Pairs of a name that were met, by runs: pairs further apart than a name is long do not belong together.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Votes {
    run: Run,
    pub(super) best: Run,
    last: u8,
    /// The pair that was counted last, 0 for none: a pair with several readings counts once.
    pub(super) pair: u16,
}

/// Marks a name in the index whose core has both letters of the pair.
pub(super) const IN_CORE: u32 = 1 << 31;
/// Where in a posting the place of the pair in the name stands.
pub(super) const OFFSET: u32 = 26;
const LAST_OFFSET: u32 = 31;
/// The bits of a posting that are the name.
pub(super) const NAME: u32 = (1 << OFFSET) - 1;
/// Units before the text at which a name may begin.
pub(super) const BEFORE: u16 = LAST_OFFSET as u16;
/// A run ends where this many letters bring nothing.
const APART: u16 = 7;

impl Run {
    /// The run of a name of which one pair was met.
    pub(super) fn once(at: u16, rarity: u8, posting: u32) -> Self {
        let start = start(at, posting);
        let core = u8::from(posting & IN_CORE != 0);
        Self { count: 1, rarity, core, low: start, high: start }
    }
}

/// Where a name begins that has a pair of the text, counted from [`BEFORE`] units before it.
#[inline]
fn start(at: u16, posting: u32) -> u16 {
    at + BEFORE - ((posting >> OFFSET) & LAST_OFFSET) as u16
}

impl Votes {
    /// Counts a posting for the pair `pair` (from 1), which begins at the unit `at`.
    #[inline]
    pub(super) fn add(&mut self, at: u16, pair: u16, rarity: u8, posting: u32) {
        if self.pair == pair {
            return;
        }
        self.pair = pair;
        if self.run.count > 0 && at > u16::from(self.last) + APART {
            self.close();
        }
        let start = start(at, posting);
        let run = &mut self.run;
        if run.count == 0 {
            (run.low, run.high) = (start, start);
        }
        run.count = run.count.saturating_add(1);
        run.rarity = run.rarity.saturating_add(rarity);
        run.core += u8::from(posting & IN_CORE != 0 && run.core < u8::MAX);
        run.low = run.low.min(start);
        run.high = run.high.max(start);
        self.last = at as u8;
    }

    /// Keeps the run if it is the best so far; of two alike the later.
    pub(super) fn close(&mut self) {
        if (self.best.count, self.best.rarity) <= (self.run.count, self.run.rarity) {
            self.best = self.run;
        }
        self.run = Run::default();
    }
}
