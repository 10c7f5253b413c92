//! Numbers that count or name other things than doors.

use super::figure::{Counts, Run};
use super::numeral::{Numeral, numeral};
use super::text::{COLON, DASH, Text, is_digit};
use super::word::word;

/// 转.
const EXTENSION: u16 = 0x8f6c;

/// The end of what is written like a telephone number, a post code, a number of a form, a time or a date: an area code
/// before seven digits, digits in groups as they are read out, seven numerals one by one, six digits with nothing behind,
/// 10:30, 2026-11-24.
pub(super) fn other(text: &Text, from: usize, run: &Run) -> Option<usize> {
    if run.spelled {
        let read = |at: &usize| matches!(numeral(text.unit(*at)), Some(Numeral::Digit(_)));
        let end = from + (from..text.len()).take_while(read).count();
        return (end - from >= 7).then_some(end);
    }
    if text.unit(run.end) == COLON {
        let of_clock = |at: &usize| is_digit(text.unit(*at)) || text.unit(*at) == COLON;
        return Some(run.end + (run.end..text.len()).take_while(of_clock).count());
    }
    if let Some(end) = telephone(text, from, run).or_else(|| date(text, run)) {
        return Some(end);
    }
    let bare = word(text, run.end).0 == Counts::Nothing && text.unit(run.end) != DASH;
    (run.end - from == 6 && bare).then_some(run.end)
}

/// 400-123-4567, 0931-888 8888, 139 1987 6543, 86-139-1987-6543, with 转 and an extension.
fn telephone(text: &Text, from: usize, run: &Run) -> Option<usize> {
    let (lengths, ends) = groups(text, run.end, run.end - from);
    // The place at which the groups behind `first` have as many digits, each at least three.
    let close = |first: usize, digits: &[usize]| {
        let mut sum = 0;
        (first + 1..lengths.len()).take_while(|&at| lengths[at] >= 3).find_map(|at| {
            sum += lengths[at];
            digits.contains(&sum).then_some(ends[at])
        })
    };
    let starts = |at: usize, second: std::ops::RangeInclusive<u16>| {
        text.unit(at) == 0x31 && second.contains(&text.unit(at + 1))
    };
    let mobile = 0x33..=0x39;
    let end = match (lengths[0], run.digits) {
        (3, 400 | 800) => close(0, &[7]),
        (3 | 4, _) if text.unit(from) == 0x30 => close(0, &[7, 8]).or_else(|| {
            // Whatever is longer is no door either.
            (lengths[1] > 8).then_some(ends[1])
        }),
        (3, _) if starts(from, mobile.clone()) => close(0, &[8]),
        (2, 86) if lengths[1] == 11 => Some(ends[1]),
        (2, 86) if lengths[1] == 3 && starts(run.end + 1, mobile) => close(1, &[8]),
        _ => None,
    }?;
    let digits = (end + 1..text.len()).take_while(|&at| is_digit(text.unit(at))).count();
    let extended = text.unit(end) == EXTENSION && digits > 0;
    Some(if extended { end + 1 + digits } else { end })
}

/// Lengths and ends of the groups of digits from one that ends at `end`, with one dash or space between them.
fn groups(text: &Text, end: usize, length: usize) -> ([usize; 5], [usize; 5]) {
    let (mut lengths, mut ends) = ([0; 5], [end; 5]);
    lengths[0] = length;
    let mut at = end;
    for (length, end) in lengths.iter_mut().zip(&mut ends).skip(1) {
        let dash = text.unit(at) == DASH || text.unit(at) == u16::from(b' ');
        let digits = (at + 1..text.len()).take_while(|&at| is_digit(text.unit(at))).count();
        if !dash || digits == 0 {
            break;
        }
        at += 1 + digits;
        (*length, *end) = (digits, at);
    }
    (lengths, ends)
}

/// A year, a month and a day, with dashes or what separates between them.
fn date(text: &Text, run: &Run) -> Option<usize> {
    let mark = text.unit(run.end);
    if !(1900..2100).contains(&run.digits) || !(mark == DASH || mark == u16::from(b',')) {
        return None;
    }
    let part = |at: usize, most: u32| {
        let digits = (at..text.len()).take_while(|&at| is_digit(text.unit(at))).count();
        let value = (at..at + digits).fold(0, |sum, at| sum * 10 + u32::from(text.unit(at) - 0x30));
        (matches!(digits, 1 | 2) && (1..=most).contains(&value)).then_some(at + digits)
    };
    let month = part(run.end + 1, 12)?;
    let day = if text.unit(month) == mark { part(month + 1, 31) } else { None }?;
    // 2012-1-12-3 is a chain of doors.
    (text.unit(day) != DASH && word(text, day).0 == Counts::Nothing).then_some(day)
}

/// Behind 8点: the minutes, where they are not the number of a door.
pub(super) fn minutes(text: &Text, end: usize) -> usize {
    let digits = (end..text.len()).take_while(|&at| is_digit(text.unit(at))).count();
    let alone = matches!(word(text, end + digits).0, Counts::Nothing | Counts::Other)
        && text.unit(end + digits) != DASH;
    if matches!(digits, 1 | 2) && alone { end + digits } else { end }
}

/// Whether a month stands right before `start`: 11月24号.
pub(super) fn is_day(text: &Text, start: usize, digits: u32) -> bool {
    let month = start.checked_sub(1).filter(|&at| text.unit(at) == 0x6708);
    let number = |at: usize| is_digit(text.unit(at)) || numeral(text.unit(at)).is_some();
    digits <= 31 && month.and_then(|at| at.checked_sub(1)).is_some_and(number)
}

/// Whether a unit is a word that counts things of which there are few.
pub(super) fn is_thing(unit: u16) -> bool {
    const THINGS: &str = "块斤吨度亩只条名位件台棵头根袋箱桶趟遍场种";
    THINGS.encode_utf16().any(|thing| thing == unit)
}
