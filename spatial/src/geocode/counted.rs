//! Numbers that count or name other things than doors.

use super::figure::{Counts, Run, word};
use super::numeral::{Numeral, numeral};
use super::text::{DASH, Text, is_digit};

/// The end of what is written like a telephone number, a post code, or a number of a form: an area code before seven
/// digits, seven numerals read out one by one, six digits with nothing behind.
pub(super) fn telephone(text: &Text, from: usize, run: &Run) -> Option<usize> {
    let digits_from =
        |at: usize| (at..text.len()).take_while(|&at| is_digit(text.unit(at))).count();
    if run.spelled {
        let read = |at: &usize| matches!(numeral(text.unit(*at)), Some(Numeral::Digit(_)));
        let end = from + (from..text.len()).take_while(read).count();
        return (end - from >= 7).then_some(end);
    }
    let length = run.end - from;
    let dash = usize::from(text.unit(run.end) == DASH || text.unit(run.end) == u16::from(b' '));
    let behind = digits_from(run.end + dash);
    if dash > 0 && matches!(length, 3 | 4) && text.unit(from) == 0x30 && behind >= 7 {
        return Some(run.end + dash + behind);
    }
    let bare = word(text, run.end).0 == Counts::Nothing && text.unit(run.end) != DASH;
    (length == 6 && bare).then_some(run.end)
}

/// Whether a unit is a word that counts things of which there are few.
pub(super) fn is_thing(unit: u16) -> bool {
    const THINGS: &str = "块斤吨度亩只条名位件台棵头根袋箱桶趟遍场种";
    THINGS.encode_utf16().any(|thing| thing == unit)
}
