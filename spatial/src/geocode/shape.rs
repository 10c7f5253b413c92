//! What is known of a name before its letters are looked at, in one word.

use super::level::Level;
use super::pairs::pairs_of;

/// Longest name that is compared; of longer ones the first letters are.
pub(super) const LONGEST_NAME: usize = 40;

/// Kind and measures of a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Shape {
    pub(super) level: Level,
    /// Letters, of a name too long as many as are compared.
    pub(super) letters: usize,
    /// Letters before its common end.
    pub(super) core: usize,
    /// Pairs that begin in the core, and those of them that end there.
    pub(super) pairs: u32,
    pub(super) core_pairs: u32,
}

impl Shape {
    pub(super) fn new(level: Level, letters: usize, core: usize) -> Self {
        let letters = letters.min(LONGEST_NAME);
        let core = core.min(letters);
        let (pairs, core_pairs) = (pairs_of(letters, core), pairs_of(core, core));
        Self { level, letters, core, pairs, core_pairs }
    }

    /// From the low bits: level 4, letters 7, core 7, pairs 7, pairs in the core 7.
    pub(super) fn pack(self) -> u32 {
        self.level.index() as u32
            | ((self.letters as u32) << 4)
            | ((self.core as u32) << 11)
            | (self.pairs << 18)
            | (self.core_pairs << 25)
    }

    /// `None` for what [`Shape::pack`] does not give.
    #[inline]
    pub(super) fn unpack(packed: u32) -> Option<Self> {
        let part = |at: u32| (packed >> at) & 0x7f;
        Some(Self {
            level: Level::from_index(packed as u16 & 15)?,
            letters: part(4) as usize,
            core: part(11) as usize,
            pairs: part(18),
            core_pairs: part(25),
        })
    }
}
