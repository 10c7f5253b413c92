//! Typed numbers: each number of a text with the word that says what it counts.

use super::counted::{is_day, is_thing, minutes, other};
use super::label::{Beside, LARGEST, Label, stem};
use super::numeral::{Numeral, heard, numeral, value};
use super::text::{DASH, Text, is_digit, is_latin};
use super::word::word;

/// What a number counts, by the word after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Counts {
    /// No word: 501.
    Nothing,
    /// 号: a house, a building or a room.
    Door,
    /// 号院, 号大院.
    Yard,
    /// 弄.
    Lane,
    /// 号楼, 栋, 幢, 座, #.
    Building,
    /// 楼: a building or a storey.
    House,
    /// 层, F.
    Storey,
    /// 单元, 门, 梯.
    Unit,
    /// 室, 房, 户.
    Room,
    /// 组, 社, 队.
    Group,
    /// 区, 期, 路: part of a name.
    Part,
    /// 米: a distance.
    Metres,
    /// A telephone number, a date, a sum: nothing of an address.
    Other,
}

/// One number of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Figure {
    /// First unit and the one behind the last, the word included.
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) label: Label,
    pub(super) counts: Counts,
    /// Written in Chinese numerals.
    pub(super) spelled: bool,
    /// A homophone stood for one of its numerals.
    pub(super) repaired: bool,
    /// A dash stands right before it.
    pub(super) dashed: bool,
    /// The label it makes together with the figure before: 5-7号.
    pub(super) merged: Label,
}

/// All numbers of a text in their order.
pub(super) fn figures(text: &Text, into: &mut Vec<Figure>) {
    into.clear();
    let mut at = 0;
    while at < text.len() {
        match figure(text, at, into.last()) {
            Some(figure) => {
                at = figure.end;
                into.push(figure);
            }
            None => at = skip(text, at),
        }
    }
}

/// The next place where a number may begin: Latin words are skipped whole.
fn skip(text: &Text, at: usize) -> usize {
    let mut next = at + 1;
    if is_latin(text.unit(at)) {
        while is_latin(text.unit(next)) {
            next += 1;
        }
    }
    next
}

/// A run of digits or numerals.
pub(super) struct Run {
    pub(super) end: usize,
    pub(super) digits: u32,
    pub(super) spelled: bool,
    pub(super) repaired: bool,
}

fn figure(text: &Text, start: usize, before: Option<&Figure>) -> Option<Figure> {
    let unit = text.unit(start);
    let first = if is_latin(unit) && !is_latin(text.unit(start + 1)) {
        Some(Beside::Before(unit - 0x41))
    } else {
        stem(unit).map(Beside::Stem)
    };
    let from = start + usize::from(first.is_some());
    let Some(run) = run(text, from) else {
        return letter_alone(text, start, first);
    };
    // 甲五号 is a door; 丁三 without it is a name.
    if matches!(first, Some(Beside::Stem(_))) && run.spelled && text.unit(run.end) != HAO {
        return None;
    }
    let touches = before.is_some_and(|f| f.end == start);
    let dashed = before.is_some_and(|f| f.end + 1 == start) && text.unit(start - 1) == DASH;
    let length = run.end - from;
    if !run.spelled && (length >= 7 || text.unit(run.end) == u16::from(b'.')) {
        let end = decimal_end(text, run.end);
        return Some(plain(start, end, Label::NONE, Counts::Other));
    }
    if let Some(end) = other(text, from, &run) {
        return Some(plain(start, end, Label::NONE, Counts::Other));
    }
    let (beside, end) = right_behind(text, first, run.end);
    let (counts, end) = word(text, end);
    if counts == Counts::Other && text.unit(end - 1) == HOUR {
        return Some(plain(start, minutes(text, end), Label::NONE, Counts::Other));
    }
    if counts == Counts::Door && is_day(text, start, run.digits) {
        return Some(plain(start, end, Label::NONE, Counts::Other));
    }
    // Things are counted by few; 501 before such a word is a room.
    let few = counts == Counts::Nothing && run.digits < 100 && is_thing(text.unit(end));
    let (counts, end) = if few { (Counts::Other, end + 1) } else { (counts, end) };
    // Numerals are numbers only beside a word or another number: 三里店 is a name.
    let joined = touches || dashed;
    let (counts, end) = if counts == Counts::Group && run.digits > 60 {
        // 1001队 is a room and the beginning of another word.
        (Counts::Nothing, end - 1)
    } else {
        (counts, end)
    };
    let spoken = length >= 3 && (from..run.end).any(|at| matches!(text.unit(at), 0x96f6 | 0x3007));
    let loose = counts == Counts::Nothing && !(joined && length >= 2) && !spoken;
    if run.spelled && (loose || matches!(counts, Counts::Part | Counts::Other)) {
        return None;
    }
    let (beside, end) = after_door(text, beside, counts, end);
    let label = Label::new(run.digits, beside)?;
    let merged = before
        .filter(|_| dashed && counts == Counts::Door)
        .map_or(Label::NONE, |f| merge(f, run.digits));
    Some(Figure {
        start,
        end,
        label,
        counts,
        spelled: run.spelled,
        repaired: run.repaired,
        dashed,
        merged,
    })
}

pub(super) const HAO: u16 = 0x53f7;
/// 点.
const HOUR: u16 = 0x70b9;

/// 15A, 5甲号: what stands right behind the digits.
fn right_behind(text: &Text, first: Option<Beside>, end: usize) -> (Beside, usize) {
    let mut end = end;
    let mut beside = first.unwrap_or(Beside::Nothing);
    if beside == Beside::Nothing
        && is_latin(text.unit(end))
        && !is_latin(text.unit(end + 1))
        && text.unit(end) != u16::from(b'F')
    {
        beside = Beside::After(text.unit(end) - 0x41);
        end += 1;
    } else if beside == Beside::Nothing
        && let Some(at) = stem(text.unit(end))
        && text.unit(end + 1) == HAO
    {
        beside = Beside::Stem(at);
        end += 1;
    }
    (beside, end)
}

fn plain(start: usize, end: usize, label: Label, counts: Counts) -> Figure {
    Figure {
        start,
        end,
        label,
        counts,
        spelled: false,
        repaired: false,
        dashed: false,
        merged: Label::NONE,
    }
}

/// A座, B栋, C#: a letter that is a building by itself; B区 is part of a name.
fn letter_alone(text: &Text, start: usize, first: Option<Beside>) -> Option<Figure> {
    let Some(Beside::Before(letter)) = first else { return None };
    let (counts, end) = word(text, start + 1);
    let fits = matches!(counts, Counts::Building | Counts::House | Counts::Unit | Counts::Part);
    let label = Label::new(0, Beside::Before(letter))?;
    fits.then(|| plain(start, end, label, counts))
}

/// 5-7: a range where it rises, a branch where it does not.
fn merge(first: &Figure, last: u32) -> Label {
    if first.counts != Counts::Nothing || first.label.beside() != Beside::Nothing {
        return Label::NONE;
    }
    let from = first.label.digits();
    let beside = match last.checked_sub(from) {
        Some(reach) if reach > 0 => Beside::UpTo(reach.min(2047) as u16),
        _ => Beside::Branch(last.min(2047) as u16),
    };
    Label::new(from, beside).unwrap_or_default()
}

/// 号附2号, 号之2, 号甲.
fn after_door(text: &Text, beside: Beside, counts: Counts, end: usize) -> (Beside, usize) {
    if counts != Counts::Door || beside != Beside::Nothing {
        return (beside, end);
    }
    if let Some(at) = stem(text.unit(end)) {
        return (Beside::Stem(at), end + 1);
    }
    let make: fn(u16) -> Beside = match text.unit(end) {
        0x9644 => Beside::Annex,
        0x4e4b => Beside::Branch,
        _ => return (beside, end),
    };
    match run(text, end + 1) {
        Some(run) if run.digits <= 2047 => {
            let close = run.end + usize::from(text.unit(run.end) == HAO);
            (make(run.digits as u16), close)
        }
        _ => (beside, end),
    }
}

fn run(text: &Text, start: usize) -> Option<Run> {
    let mut end = start;
    while is_digit(text.unit(end)) {
        end += 1;
    }
    if end > start {
        let digits = (start..end).try_fold(0u32, |total, at| {
            total.checked_mul(10)?.checked_add(u32::from(text.unit(at) - 0x30))
        });
        // 二十3 is not written; a hundred behind digits is no number of a house.
        let digits = digits.filter(|&digits| digits <= LARGEST).unwrap_or(LARGEST);
        return Some(Run { end, digits, spelled: false, repaired: false });
    }
    spelled(text, start)
}

fn spelled(text: &Text, start: usize) -> Option<Run> {
    let mut numerals = [Numeral::Digit(0); 10];
    let (mut count, mut end, mut repaired) = (0, start, false);
    while count < numerals.len() {
        let unit = text.unit(end);
        let read = numeral(unit).or_else(|| {
            let between =
                count > 0 && (numeral(text.unit(end + 1)).is_some() || opens_word(text, end + 1));
            let leads = count == 0 && matches!(numeral(text.unit(end + 1)), Some(Numeral::Ten(_)));
            let found = (between || leads).then(|| text.letters.get(end).and_then(heard)).flatten();
            repaired |= found.is_some();
            found
        });
        // 三零一一带: the last 一 begins a word.
        let word = count > 0
            && text.unit(end) == 0x4e00
            && "带片直个下共样起定些家".encode_utf16().any(|u| u == text.unit(end + 1));
        let Some(read) = read.filter(|_| !word) else { break };
        numerals[count] = read;
        count += 1;
        end += 1;
    }
    let digits = value(&numerals[..count])?;
    Some(Run { end, digits, spelled: true, repaired })
}

/// Whether a word that counts doors, buildings, units or rooms begins here.
fn opens_word(text: &Text, at: usize) -> bool {
    let (counts, _) = word(text, at);
    matches!(counts, Counts::Door | Counts::Building | Counts::Unit | Counts::Room | Counts::Storey)
}

fn decimal_end(text: &Text, end: usize) -> usize {
    let mut end = end;
    while is_digit(text.unit(end)) || text.unit(end) == u16::from(b'.') {
        end += 1;
    }
    end
}

#[cfg(test)]
#[path = "figure_tests.rs"]
mod tests;
