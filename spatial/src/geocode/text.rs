//! Normalising: one way of writing, with the way back to the text as it came.

use std::ops::Range;

use unicode_normalization::UnicodeNormalization;

use super::letter::Letter;

/// Longest text that is looked at, in characters; what follows is cut.
pub const LONGEST_TEXT: usize = 240;

/// Stands for spaces.
const GAP: u16 = b' ' as u16;
/// Stands for anything else that separates: commas, brackets.
const BREAK: u16 = b',' as u16;
/// Stands between the hours and the minutes of a time.
pub(super) const COLON: u16 = b':' as u16;
/// Stands for every kind of dash.
pub(super) const DASH: u16 = b'-' as u16;

/// A text to be understood, as UTF-16 units of the normalised form.
///
/// Compatibility forms are undone (NFKC: `１２３` → `123`, `㊣` → `正`), Latin letters are capitals, spaces between
/// Chinese characters go, commas and brackets become one comma, all dashes one dash, the colon of a time stays, and the traditional forms of the
/// words of an address their simplified ones. (Traditional characters inside names match by their sound.)
#[derive(Clone, Debug, Default)]
pub struct Text {
    pub(super) letters: Vec<Letter>,
    /// Byte range in the original of each unit.
    origin: Vec<(u32, u32)>,
}

impl Text {
    /// Normalises a text.
    ///
    /// # Example
    /// ```
    /// use spatial::geocode::Text;
    /// assert_eq!(Text::new("张掖路 １２３號，３＃－２－５０１").to_string(), "张掖路 123号,3#-2-501");
    /// ```
    pub fn new(original: &str) -> Self {
        let mut this = Self::default();
        this.fill(original);
        this
    }

    /// The same into space that is there already.
    pub(super) fn fill(&mut self, original: &str) {
        self.letters.clear();
        self.origin.clear();
        for (at, character) in original.char_indices() {
            if self.letters.len() >= LONGEST_TEXT {
                break;
            }
            let bytes = (at as u32, (at + character.len_utf8()) as u32);
            if is_plain(character) {
                self.push(character as u32 as u16, bytes);
                continue;
            }
            if matches!(character, ':' | '：') && self.is_clock(rest_of(original, bytes.1)) {
                self.push(COLON, bytes);
                continue;
            }
            for form in std::iter::once(character).nfkc() {
                if let Some(unit) = settle(form) {
                    self.push(unit, bytes);
                }
            }
        }
        if self.letters.last().is_some_and(|letter| is_gap(letter.unit)) {
            self.letters.pop();
            self.origin.pop();
        }
    }

    /// Whether a colon stands within a time: behind up to 24 hours, or minutes, and before two digits.
    fn is_clock(&self, rest: &str) -> bool {
        let units = self.letters.iter().rev().map(|letter| letter.unit);
        let (mut value, mut scale) = (0, 1);
        let mut before = units.skip_while(|&unit| {
            let digit = is_digit(unit) && scale <= 100;
            if digit {
                value += scale * u32::from(unit - 0x30);
                scale *= 10;
            }
            digit
        });
        let most = if before.next() == Some(COLON) { 59 } else { 24 };
        let digit = |c: char| std::iter::once(c).nfkc().next().and_then(|c| c.to_digit(10));
        let behind: Vec<Option<u32>> = rest.chars().take(3).map(digit).collect();
        let minutes = matches!(behind[..], [Some(0..6), Some(_)] | [Some(0..6), Some(_), None]);
        matches!(scale, 10 | 100) && value <= most && minutes
    }

    fn push(&mut self, unit: u16, bytes: (u32, u32)) {
        let last = self.letters.last().map(|letter| letter.unit);
        if is_gap(unit) {
            match (last, self.letters.last_mut()) {
                (Some(GAP), Some(gap)) => {
                    *gap = Letter::new(unit);
                    return;
                }
                (None | Some(BREAK), _) => return,
                _ => {}
            }
        }
        // A space between two Chinese characters separates nothing.
        if last == Some(GAP) && is_han(unit) {
            let before = self.letters.len().checked_sub(2).map(|at| self.letters[at].unit);
            if before.is_some_and(is_han) {
                self.letters.pop();
                self.origin.pop();
            }
        }
        self.letters.push(Letter::new(unit));
        self.origin.push(bytes);
    }

    /// Number of units.
    pub fn len(&self) -> usize {
        self.letters.len()
    }

    /// Whether nothing is left.
    pub fn is_empty(&self) -> bool {
        self.letters.is_empty()
    }

    pub(super) fn unit(&self, at: usize) -> u16 {
        self.letters.get(at).map_or(0, |letter| letter.unit)
    }

    /// Whether `word` stands at `at`.
    pub(super) fn has(&self, at: usize, word: &[u16]) -> bool {
        self.letters.len() >= at + word.len()
            && word.iter().zip(&self.letters[at..]).all(|(unit, letter)| *unit == letter.unit)
    }

    /// The bytes of the original from which units come; empty for an empty range.
    pub fn origin(&self, units: Range<usize>) -> Range<usize> {
        if units.is_empty() || units.end > self.origin.len() {
            return 0..0;
        }
        self.origin[units.start].0 as usize..self.origin[units.end - 1].1 as usize
    }

    /// The normalised units of a range as text.
    pub(super) fn part(&self, units: Range<usize>) -> String {
        super::snapshot::written(self.letters[units].iter().map(|letter| letter.unit))
    }
}

impl std::fmt::Display for Text {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.part(0..self.len()))
    }
}

/// What follows a character that ends at a byte.
fn rest_of(original: &str, end: u32) -> &str {
    original.get(end as usize..).unwrap_or_default()
}

pub(super) fn is_han(unit: u16) -> bool {
    matches!(unit, 0x3007 | 0x3400..=0x9fff)
}

/// Whether it separates.
pub(super) fn is_gap(unit: u16) -> bool {
    matches!(unit, GAP | BREAK)
}

pub(super) fn is_digit(unit: u16) -> bool {
    matches!(unit, 0x30..=0x39)
}

pub(super) fn is_latin(unit: u16) -> bool {
    matches!(unit, 0x41..=0x5a)
}

/// The commonest characters need no table.
fn is_plain(character: char) -> bool {
    matches!(character, '0'..='9' | 'A'..='Z')
        || (matches!(character, '\u{4e00}'..='\u{9fff}') && simplified(character) == character)
}

fn settle(form: char) -> Option<u16> {
    let character = simplified(form.to_ascii_uppercase());
    match character {
        '0'..='9' | 'A'..='Z' | '#' | '.' | '-' => Some(character as u32 as u16),
        '—' | '–' | '‐' | '‑' | '−' | '~' | '〜' | '∼' | '_' | 'ー' | '─' | '━' => {
            Some(DASH)
        }
        '·' | '•' | '・' | '\u{200b}'..='\u{200f}' | '\u{feff}' => None,
        _ if character.is_alphanumeric() && (character as u32) < 0x1_0000 => {
            Some(character as u32 as u16)
        }
        _ if character.is_whitespace() => Some(GAP),
        _ => Some(BREAK),
    }
}

/// The words of an address in their traditional form.
fn simplified(character: char) -> char {
    const FORMS: &str = "號号樓楼單单棟栋門门層层區区縣县鎮镇鄉乡莊庄園园廣广場场廈厦東东陸陆橋桥環环國国際际\
        學学醫医車车線线間间對对麵面邊边側侧後后裡里裏里樂乐華华蘭兰濱滨觀观灣湾塢坞衚胡衕同與与組组隊队戶户齊齐";
    static TABLE: std::sync::OnceLock<Vec<(char, char)>> = std::sync::OnceLock::new();
    if character < '\u{4e00}' {
        return character;
    }
    let table = TABLE.get_or_init(|| {
        let forms: Vec<char> = FORMS.chars().collect();
        let mut pairs: Vec<_> = forms.chunks_exact(2).map(|pair| (pair[0], pair[1])).collect();
        pairs.sort_unstable();
        pairs
    });
    match table.binary_search_by_key(&character, |pair| pair.0) {
        Ok(at) => table[at].1,
        Err(_) => character,
    }
}

#[cfg(test)]
#[path = "text_tests.rs"]
mod tests;
