//! One angle of a coordinate as people write it: decimal, in minutes, in seconds, with or without its name.

use super::written::Notation;

/// Which of the two it is said to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Axis {
    Lng,
    Lat,
}

/// An angle in a text of characters.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Angle {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) degrees: f64,
    /// The last digit's unit in degrees.
    pub(super) unit_deg: f64,
    /// Decimals of the degrees.
    pub(super) decimals: u32,
    pub(super) axis: Option<Axis>,
    pub(super) notation: Notation,
}

const NAMES: [(&str, Axis); 12] = [
    ("longitude", Axis::Lng),
    ("latitude", Axis::Lat),
    ("东经", Axis::Lng),
    ("北纬", Axis::Lat),
    ("经度", Axis::Lng),
    ("纬度", Axis::Lat),
    ("lng", Axis::Lng),
    ("lon", Axis::Lng),
    ("lat", Axis::Lat),
    ("e", Axis::Lng),
    ("n", Axis::Lat),
    ("x", Axis::Lng),
];

/// One way of writing: full width and kinds of marks undone, letters small.
pub(super) fn fold(character: char) -> char {
    match character {
        '０'..='９' | 'Ａ'..='Ｚ' | 'ａ'..='ｚ' => {
            let plain = character as u32 - 0xfee0;
            char::from_u32(plain).map_or(character, |c| c.to_ascii_lowercase())
        }
        '．' => '.',
        '，' | '、' | '；' | ';' => ',',
        '：' => ':',
        '度' | 'º' | '˚' => '°',
        '分' | '\'' | '’' | '‘' | '＇' => '′',
        '秒' | '"' | '”' | '“' | '＂' => '″',
        '－' | '−' => '-',
        '　' => ' ',
        _ => character.to_ascii_lowercase(),
    }
}

type Letters<'a> = &'a [(usize, char)];

fn at(letters: Letters<'_>, place: usize) -> Option<char> {
    letters.get(place).map(|letter| letter.1)
}

/// A decimal number of at most twelve digits: value, decimals, end. `None` within a longer number or word.
fn number(letters: Letters<'_>, start: usize) -> Option<(f64, u32, usize)> {
    let digits = |from: usize| {
        let run = letters.iter().skip(from).take_while(|letter| letter.1.is_ascii_digit());
        from + run.count()
    };
    let whole = digits(start);
    let has_point = at(letters, whole) == Some('.');
    let end = if has_point { digits(whole + 1) } else { whole };
    let (end, decimals) = if end > whole + 1 { (end, end - whole - 1) } else { (whole, 0) };
    if whole == start || whole - start > 3 || decimals > 12 {
        return None;
    }
    let text: String = letters[start..end].iter().map(|letter| letter.1).collect();
    Some((text.parse().ok()?, decimals as u32, end))
}

fn name(letters: Letters<'_>, start: usize) -> Option<(Axis, usize)> {
    let stands = |word: &str| {
        word.chars().enumerate().all(|(offset, c)| at(letters, start + offset) == Some(fold(c)))
    };
    let (word, axis) = NAMES.into_iter().find(|(word, _)| stands(word))?;
    Some((axis, start + word.chars().count()))
}

/// The angle that begins at `start`, its name before it included.
pub(super) fn angle(letters: Letters<'_>, start: usize) -> Option<Angle> {
    let before = start.checked_sub(1).and_then(|place| at(letters, place));
    let glued = |c: char| c.is_ascii_alphanumeric() || c == '.' || c == '-';
    let (mut axis, mut from) = (None, start);
    if let Some((found, end)) = name(letters, start) {
        // The letter e may end another word.
        if before.is_some_and(|c| c.is_ascii_alphabetic()) {
            return None;
        }
        axis = Some(found);
        from = end;
        while at(letters, from).is_some_and(|c| matches!(c, ' ' | ':' | '=' | '″' | '为' | '是'))
        {
            from += 1;
        }
    } else if before.is_some_and(glued) {
        return None;
    }
    let (value, decimals, end) = number(letters, from)?;
    let mut angle = Angle {
        start,
        end,
        degrees: value,
        unit_deg: 0.1f64.powi(decimals as i32),
        decimals,
        axis,
        notation: Notation::Decimal,
    };
    if at(letters, end) == Some('°') {
        angle.end = end + 1;
        if decimals == 0 {
            sixtieths(letters, &mut angle);
        }
    } else if at(letters, end).is_some_and(|c| c.is_ascii_digit() || c == '.') {
        return None;
    }
    if axis.is_none() {
        name_behind(letters, &mut angle);
    }
    Some(angle)
}

/// Minutes and seconds behind the degrees.
fn sixtieths(letters: Letters<'_>, angle: &mut Angle) {
    let steps = [('′', 60.0, Notation::Minutes), ('″', 3600.0, Notation::Seconds)];
    let mut from = angle.end;
    for (mark, parts, notation) in steps {
        while at(letters, from) == Some(' ') {
            from += 1;
        }
        let Some((value, decimals, end)) = number(letters, from).filter(|n| n.0 < 60.0) else {
            return;
        };
        // '' is a second too; the mark of the last part may be missing.
        let double =
            mark == '″' && at(letters, end) == Some('′') && at(letters, end + 1) == Some('′');
        let marked = at(letters, end) == Some(mark);
        let next = at(letters, end);
        if !marked && !double && next.is_some_and(|c| c.is_ascii_digit() || "′″.".contains(c)) {
            return;
        }
        angle.degrees += value / parts;
        angle.unit_deg = 0.1f64.powi(decimals as i32) / parts;
        angle.notation = notation;
        angle.end = end + usize::from(marked) + 2 * usize::from(double);
        if decimals > 0 || (!marked && !double) {
            return;
        }
        from = angle.end;
    }
}

/// 103.83E, 36.06°N.
fn name_behind(letters: Letters<'_>, angle: &mut Angle) {
    let from = angle.end + usize::from(at(letters, angle.end) == Some(' '));
    let axis = match at(letters, from) {
        Some('e') => Axis::Lng,
        Some('n') => Axis::Lat,
        _ => return,
    };
    // E103.83 N36.06: the next letter belongs to the next number.
    let next = at(letters, from + 1);
    if next.is_none_or(|c| !c.is_ascii_alphanumeric()) {
        angle.axis = Some(axis);
        angle.end = from + 1;
    }
}
