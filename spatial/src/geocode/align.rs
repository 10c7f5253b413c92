//! Finding a name in a text though letters of it are wrong, missing or too many.

use super::letter::{Edit, Letter, NEVER};
use super::level::Level;
use super::suffix::{ends, may_begin};

/// Cost per letter of a common end that is left out: 锦绣 for 锦绣家园.
const ENDLESS: u16 = 14;
/// The same for a letter that must not be overlooked: 锦绣家园 for 锦绣家园东区.
const ENDLESS_MARKED: u16 = 45;
/// Cost of another common end in its place.
const OTHER_END: u16 = 90;

/// Letters of a name by how they stand in the text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Tally {
    pub(super) same: u8,
    pub(super) homophones: u8,
    pub(super) shapes: u8,
    pub(super) dialect: u8,
    pub(super) others: u8,
    /// Letters missing or too many.
    pub(super) slips: u8,
    /// Letters of the common end that were left out.
    pub(super) left_out: u8,
}

impl Tally {
    /// Whether every letter stands as it is.
    pub(super) fn is_exact(self) -> bool {
        self == Self { same: self.same, ..Self::default() }
    }
}

/// Where and how a name stands in a text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Alignment {
    pub(super) start: u16,
    pub(super) end: u16,
    /// In hundredths of a wrong letter.
    pub(super) cost: u16,
    pub(super) tally: Tally,
}

/// A cell of the table: cost, start and tally packed into one word, so that a step is one addition.
///
/// From the top: cost 16 bits, start 12, same 6, then homophones, shapes, dialect, others, slips 6 each.
#[derive(Clone, Copy, Debug, Default)]
struct Cell(u64);

const COST: u32 = 48;
const START: u32 = 36;
const SAME: u32 = 30;
const HOMOPHONE: u32 = 24;
const SHAPE: u32 = 18;
const DIALECT: u32 = 12;
const OTHER: u32 = 6;

impl Cell {
    fn at(start: usize) -> Self {
        Self((start as u64) << START)
    }

    fn cost(self) -> u16 {
        (self.0 >> COST) as u16
    }

    fn stepped(self, step: u64) -> Self {
        Self(self.0 + step)
    }

    fn open(self, end: usize) -> Alignment {
        let field = |at: u32| (self.0 >> at) as u8 & 63;
        Alignment {
            start: (self.0 >> START) as u16 & 0xfff,
            end: end as u16,
            cost: self.cost(),
            tally: Tally {
                same: field(SAME),
                homophones: field(HOMOPHONE),
                shapes: field(SHAPE),
                dialect: field(DIALECT),
                others: field(OTHER),
                slips: field(0),
                left_out: 0,
            },
        }
    }
}

/// What a letter too many or too few adds to a cell.
#[inline]
fn slip(letter: &Letter) -> u64 {
    (u64::from(letter.slip()) << COST) + 1
}

/// What reading `seen` as `letter` adds to a cell.
#[inline]
fn read(seen: &Letter, letter: &Letter) -> u64 {
    let (cost, field) = match seen.edit(letter) {
        None => (NEVER, OTHER),
        Some(Edit::Same) => (0, SAME),
        Some(Edit::Homophone) => (Edit::Homophone.cost(), HOMOPHONE),
        Some(Edit::Shape) => (Edit::Shape.cost(), SHAPE),
        Some(Edit::Dialect) => (Edit::Dialect.cost(), DIALECT),
        Some(Edit::Other) => (Edit::Other.cost(), OTHER),
    };
    (u64::from(cost) << COST) + (1 << field)
}

/// Rows of the table, kept between calls.
#[derive(Debug, Default)]
pub(super) struct Rows {
    above: Vec<Cell>,
    below: Vec<Cell>,
}

/// The cheapest place of `name` in `text[from..to]`, of all its letters or of all but some of its common end.
///
/// A semi-global alignment: before and behind the place the text is free. `core` letters of the name must be there.
/// Once the cost is sure to be above `limit` it is not followed further.
pub(super) fn align(
    text: &[Letter],
    (from, to): (usize, usize),
    name: &[Letter],
    core: usize,
    level: Level,
    limit: u16,
    rows: &mut Rows,
) -> Alignment {
    let window = &text[from..to];
    rows.above.clear();
    rows.above.extend((from..=to).map(Cell::at));
    let mut found = Alignment { cost: u16::MAX, ..Alignment::default() };
    let mut missing: u16 =
        name.iter().map(|l| if l.is_marked() { ENDLESS_MARKED } else { ENDLESS }).sum();
    for (row, letter) in name.iter().enumerate() {
        let least = fill(&rows.above, &mut rows.below, window, letter);
        if least > limit.min(found.cost) {
            break;
        }
        std::mem::swap(&mut rows.above, &mut rows.below);
        missing -= if letter.is_marked() { ENDLESS_MARKED } else { ENDLESS };
        let taken = row + 1;
        if taken < core {
            continue;
        }
        for (at, cell) in rows.above.iter().enumerate() {
            let mut cost = cell.cost() + missing;
            // Of two alike the later: 张掖路街道张掖路 names the road behind the township.
            if cost > found.cost {
                continue;
            }
            let other = taken < name.len() && other_end(text, from + at, level);
            if other {
                cost += OTHER_END;
            }
            if cost <= found.cost {
                found = cell.open(from + at);
                found.cost = cost;
                found.tally.left_out = (name.len() - taken) as u8;
                found.tally.others += u8::from(other);
            }
        }
    }
    found
}

/// The last place in `text[from..to]` where `name` stands letter by letter: aligning would find the same.
pub(super) fn exact(
    text: &[Letter],
    (from, to): (usize, usize),
    name: &[Letter],
) -> Option<Alignment> {
    let last = name.last()?;
    let window = &text[from..to];
    let at = (name.len()..=window.len()).rev().find(|&end| {
        window[end - 1].is(last)
            && window[end - name.len()..end].iter().zip(name).all(|(seen, letter)| seen.is(letter))
    })?;
    Some(Alignment {
        start: (from + at - name.len()) as u16,
        end: (from + at) as u16,
        cost: 0,
        tally: Tally { same: name.len() as u8, ..Tally::default() },
    })
}

/// Whether so many letters of the core have nothing like them in the window that no alignment can be within the limit.
pub(super) fn is_hopeless(window: &[Letter], core: &[Letter], limit: u16) -> bool {
    let (sounds, shapes) = window
        .iter()
        .fold((0, 0), |(sounds, shapes), letter| (sounds | letter.sounds, shapes | letter.shapes));
    // A letter that nobody can read, or a numeral, may stand there all the same.
    let is_heard = |letter: &Letter| letter.sounds != 0 && !letter.is_marked();
    let lacks = |letter: &&Letter| {
        is_heard(letter) && letter.sounds & sounds == 0 && letter.shapes & shapes == 0
    };
    core.iter().filter(lacks).count() * usize::from(Edit::Other.cost()) > usize::from(limit)
}

/// One row: `letter` of the name against the whole window; the least cost in it.
fn fill(above: &[Cell], below: &mut Vec<Cell>, window: &[Letter], letter: &Letter) -> u16 {
    below.clear();
    let missed = slip(letter);
    let mut left = above[0].stepped(missed);
    let mut least = left.cost();
    below.push(left);
    below.extend(window.iter().zip(above).zip(&above[1..]).map(|((seen, corner), over)| {
        let mut best = corner.stepped(read(seen, letter));
        let missing = over.stepped(missed);
        let extra = left.stepped(slip(seen));
        if missing.cost() < best.cost() {
            best = missing;
        }
        if extra.cost() < best.cost() {
            best = extra;
        }
        least = least.min(best.cost());
        left = best;
        best
    }));
    least
}

/// Whether another common end stands in the place of the one left out: 锦绣花园 is not 锦绣家园.
fn other_end(text: &[Letter], at: usize, level: Level) -> bool {
    let begins = text.get(at).is_some_and(|letter| may_begin(level, letter.unit));
    let stands = |end: &str| {
        end.encode_utf16()
            .enumerate()
            .all(|(i, unit)| text.get(at + i).is_some_and(|l| l.unit == unit))
    };
    begins && ends(level).iter().any(|end| stands(end))
}

#[cfg(test)]
#[path = "align_tests.rs"]
mod tests;
