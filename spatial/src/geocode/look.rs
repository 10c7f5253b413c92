//! A rough look at a name where its pairs put it, letter against letter, before anything is aligned.

use super::letter::Sounds;
use super::level::Level;
use super::pairs::{BEFORE, Run};
use super::shape::{LONGEST_NAME, Shape};
use super::snapshot::View;
use super::text::Text;

/// What a letter too many or too few costs at a rough look, and a letter of a common end that is not there.
const ROUGH_SLIP: u32 = 90;
const ROUGH_END: u32 = 14;
/// Least share of a name's pairs, in 256ths.
const LEAST_SHARE: u32 = 60;

/// A letter of the text.
#[derive(Clone, Copy, Debug, Default)]
struct Seen {
    sounds: u64,
    unit: u16,
}

/// The text as names are held against it, with room before and behind for names that only begin or end there.
#[derive(Debug, Default)]
pub(super) struct Looker {
    seen: Vec<Seen>,
}

/// What is wrong, in the upper half, and the letters that are there: the less the better, whatever is there.
type Look = u32;
const WRONG: u32 = 16;

impl Looker {
    /// Takes a text.
    pub(super) fn fill(&mut self, text: &Text) {
        self.seen.clear();
        self.seen.resize(usize::from(BEFORE), Seen::default());
        let seen =
            |letter: &super::letter::Letter| Seen { sounds: letter.sounds, unit: letter.unit };
        self.seen.extend(text.letters.iter().map(seen));
        self.seen.resize(self.seen.len() + LONGEST_NAME, Seen::default());
    }

    /// The level of a name and its place in the order of what is aligned, least first; its low twelve bits are what it
    /// costs per letter. `None` for a name of which too little is there.
    pub(super) fn look(&self, view: &View<'_>, name: u32, best: Run) -> Option<(Level, u32)> {
        let shape = view.shape(name)?;
        let share_is_low = u32::from(best.count) * 256 < LEAST_SHARE * shape.pairs.max(1);
        // A core that is there whole stands for the name without its common end.
        let has_core = u32::from(best.core) >= shape.core_pairs.max(1);
        if share_is_low && !has_core {
            return None;
        }
        // What it explains of the text, less what is wrong with it: names that explain most come first.
        let look = self.rough(view, name, shape, best);
        let (wrong, found) = (look >> WRONG, look & 0xffff);
        let gain = (found * 100).saturating_sub(wrong);
        let per_letter = wrong / (shape.letters as u32).max(1);
        Some((shape.level, ((0xfff - gain.min(0xfff)) << 12) | per_letter.min(0xfff)))
    }

    /// What a name costs where its pairs put it, and how many letters of it stand there: what aligning will find, but for
    /// letters too many or too few.
    fn rough(&self, view: &View<'_>, name: u32, shape: Shape, run: Run) -> Look {
        let sounds = Sounds::all();
        let units = || view.name_units(name).take(shape.letters).enumerate();
        let at = |start: u16| self.seen.get(usize::from(start)..).unwrap_or_default();
        let (low, high) = (at(run.low), at(run.high));
        let price = |seen: &Seen, at: usize, unit: u16| {
            let same = seen.unit == unit;
            let near = seen.sounds & sounds.of(unit) != 0;
            let other = if at >= shape.core {
                ROUGH_END << WRONG
            } else if near {
                (20 << WRONG) | 1
            } else {
                100 << WRONG
            };
            if same { 1 } else { other }
        };
        if run.high == run.low {
            return units().zip(low).map(|((at, unit), seen)| price(seen, at, unit)).sum();
        }
        let mut looks = [0, 0, ROUGH_SLIP << WRONG];
        for ((at, unit), (low, high)) in units().zip(low.iter().zip(high)) {
            let (low, high) = (price(low, at, unit), price(high, at, unit));
            looks = [looks[0] + low, looks[1] + high, looks[2] + low.min(high)];
        }
        looks.into_iter().min().unwrap_or_default()
    }
}
