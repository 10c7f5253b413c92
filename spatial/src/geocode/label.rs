//! Numbers of houses, buildings, units and rooms as one integer that keeps what stands beside the digits.

use std::fmt;

/// What stands beside the digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Beside {
    /// Nothing: 123.
    Nothing,
    /// 123号附2号.
    Annex(u16),
    /// 123号之2, 123-2号.
    Branch(u16),
    /// 甲5号, 5号乙: the place among the ten heavenly stems, from 0.
    Stem(u16),
    /// 15A: the letter, from 0.
    After(u16),
    /// A3, and A alone with digits 0: the letter, from 0.
    Before(u16),
    /// 5-7号: how far it reaches.
    UpTo(u16),
    /// No number at all but words; the label is their fingerprint.
    Words(u16),
}

const STEMS: [char; 10] = ['甲', '乙', '丙', '丁', '戊', '己', '庚', '辛', '壬', '癸'];
const SUB_BITS: u32 = 11;
const KIND_BITS: u32 = 3;
const MOST_SUB: u16 = (1 << SUB_BITS) - 1;
/// Largest number a label can hold.
pub const LARGEST: u32 = (1 << (32 - SUB_BITS - KIND_BITS)) - 1;

/// A number with what stands beside it, packed so that labels of one number sort together.
///
/// Labels are compared whole: 5, 甲5 and 5A are different doors. 0 is no label.
///
/// # Example
/// ```
/// use spatial::geocode::{Beside, Label};
/// let door = Label::new(123, Beside::Annex(2)).unwrap();
/// assert_eq!((door.digits(), door.beside()), (123, Beside::Annex(2)));
/// assert_eq!(door.to_string(), "123附2");
/// ```
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Label(pub(super) u32);

impl Label {
    /// No label.
    pub const NONE: Self = Self(0);

    /// A label; `None` where the digits or what stands beside them are too large.
    pub fn new(digits: u32, beside: Beside) -> Option<Self> {
        let (kind, sub) = match beside {
            Beside::Nothing => (0, 0),
            Beside::Annex(sub) => (1, sub),
            Beside::Branch(sub) => (2, sub),
            Beside::Stem(sub) => (3, sub),
            Beside::After(sub) => (4, sub),
            Beside::Before(sub) => (5, sub),
            Beside::UpTo(sub) => (6, sub),
            Beside::Words(sub) => (7, sub),
        };
        (digits <= LARGEST && sub <= MOST_SUB)
            .then(|| Self((digits << (SUB_BITS + KIND_BITS)) | (kind << SUB_BITS) | u32::from(sub)))
    }

    /// A plain number.
    pub fn plain(digits: u32) -> Option<Self> {
        Self::new(digits, Beside::Nothing)
    }

    /// The label of words without a number, such as 东楼: equal words, equal label.
    pub(super) fn words(words: &str) -> Self {
        let hash = crc32fast::hash(words.as_bytes());
        let digits = hash >> (32 - 18);
        Self::new(digits, Beside::Words((hash & u32::from(MOST_SUB)) as u16)).unwrap_or_default()
    }

    /// The digits.
    pub fn digits(self) -> u32 {
        self.0 >> (SUB_BITS + KIND_BITS)
    }

    /// What stands beside them.
    pub fn beside(self) -> Beside {
        let sub = (self.0 & u32::from(MOST_SUB)) as u16;
        match (self.0 >> SUB_BITS) & 7 {
            0 => Beside::Nothing,
            1 => Beside::Annex(sub),
            2 => Beside::Branch(sub),
            3 => Beside::Stem(sub),
            4 => Beside::After(sub),
            5 => Beside::Before(sub),
            6 => Beside::UpTo(sub),
            _ => Beside::Words(sub),
        }
    }

    /// The label and the word behind it: 97号.
    pub(super) fn with(self, word: &str) -> String {
        let mut text = String::with_capacity(12 + word.len());
        if self.beside() == Beside::Nothing {
            push_digits(&mut text, self.digits());
        } else {
            let _ = fmt::Write::write_fmt(&mut text, format_args!("{self}"));
        }
        text.push_str(word);
        text
    }

    /// Whether there is no label.
    pub fn is_none(self) -> bool {
        self.0 == 0
    }

    /// Whether a door asked for is this one, or lies in the range this one stands for.
    pub(super) fn covers(self, asked: Self) -> bool {
        self == asked
            || matches!(
                (self.beside(), asked.beside()),
                (Beside::UpTo(reach), Beside::Nothing)
                    if (self.digits()..=self.digits() + u32::from(reach)).contains(&asked.digits())
            )
    }
}

/// The stem of a character, from 0.
pub(super) fn stem(unit: u16) -> Option<u16> {
    STEMS.iter().position(|stem| *stem as u32 == u32::from(unit)).map(|at| at as u16)
}

/// Writes a number without the detour of formatting.
pub(super) fn push_digits(text: &mut String, number: u32) {
    let mut least = 1;
    while number / least > 9 {
        least *= 10;
    }
    while least > 0 {
        text.push(char::from(b'0' + (number / least % 10) as u8));
        least /= 10;
    }
}

fn letter(sub: u16) -> char {
    char::from(b'A' + (sub.min(25) as u8))
}

impl fmt::Display for Label {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = self.digits();
        match self.beside() {
            Beside::Nothing => write!(f, "{digits}"),
            Beside::Annex(sub) => write!(f, "{digits}附{sub}"),
            Beside::Branch(sub) => write!(f, "{digits}-{sub}"),
            Beside::Stem(sub) => {
                write!(f, "{}{digits}", STEMS.get(usize::from(sub)).unwrap_or(&'甲'))
            }
            Beside::After(sub) => write!(f, "{digits}{}", letter(sub)),
            Beside::Before(sub) if digits == 0 => write!(f, "{}", letter(sub)),
            Beside::Before(sub) => write!(f, "{}{digits}", letter(sub)),
            Beside::UpTo(reach) => write!(f, "{digits}-{}", digits + u32::from(reach)),
            Beside::Words(_) => f.write_str("…"),
        }
    }
}

impl fmt::Debug for Label {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Label({self})")
    }
}

#[cfg(test)]
#[path = "label_tests.rs"]
mod tests;
