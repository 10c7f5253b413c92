//! The official numbers of divisions and grids.
//!
//! A division code nests by prefix: 62 01 city, +2 digits district, +3 township, +3 community. The
//! same division is written short (`620102`) or filled with zeros to twelve digits
//! (`620102000000`), a city also as six (`620100`); all forms parse to one value, which displays
//! short. A grid code is a community's twelve digits and three more (DB11/T 2157-2023).

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// How deep a division lies in the hierarchy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// 市, four digits.
    City,
    /// 区 or 县, six digits.
    District,
    /// 街道, 镇 or 乡, nine digits.
    Township,
    /// 社区 or 村, twelve digits.
    Community,
}

impl Level {
    /// All levels, the widest first.
    pub const ALL: [Self; 4] = [Self::City, Self::District, Self::Township, Self::Community];

    /// Significant digits of a code of this level.
    pub const fn digits(self) -> u32 {
        match self {
            Self::City => 4,
            Self::District => 6,
            Self::Township => 9,
            Self::Community => 12,
        }
    }

    /// What a twelve-digit code of this level is a multiple of.
    const fn step(self) -> u64 {
        10u64.pow(12 - self.digits())
    }
}

/// The code of a city, district, township or community.
///
/// Ordered as a walk through the hierarchy: a division comes before its children.
///
/// Invariant: twelve digits, the first four not all in a province's own form (`xx00`).
///
/// # Example
/// ```
/// use spatial::code::{DivisionCode, Level};
/// let township: DivisionCode = "620102001".parse()?;
/// assert_eq!(township, "620102001000".parse()?);
/// assert_eq!(township.level(), Level::Township);
/// assert_eq!(township.parent().unwrap().to_string(), "620102");
/// assert!("6201".parse::<DivisionCode>()?.contains(township));
/// # Ok::<(), spatial::code::InvalidCode>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct DivisionCode(u64);

impl DivisionCode {
    /// The level, read off the zeros at the end.
    pub fn level(self) -> Level {
        let is_level = |level: &Level| self.0.is_multiple_of(level.step());
        Level::ALL.into_iter().find(is_level).unwrap_or(Level::Community)
    }

    /// The division one level up, or `None` for a city.
    ///
    /// A township directly below a city without districts (东莞 441900 003) has the city as its
    /// parent.
    pub fn parent(self) -> Option<Self> {
        let level = self.level();
        Level::ALL
            .into_iter()
            .rev()
            .filter(|above| *above < level)
            .find_map(|above| self.ancestor(above))
    }

    /// The division of `level` that this one lies in, itself included; `None` when there is none.
    pub fn ancestor(self, level: Level) -> Option<Self> {
        let above = Self(self.0 - self.0 % level.step());
        (above.level() == level).then_some(above)
    }

    /// Whether `other` is this division or lies in it.
    pub fn contains(self, other: Self) -> bool {
        let step = self.level().step();
        self.0 / step == other.0 / step
    }

    /// The code filled with zeros to twelve digits, as the statistics bureau writes it.
    pub fn twelve_digits(self) -> String {
        format!("{:012}", self.0)
    }

    /// The number of the code filled to twelve digits.
    pub const fn as_u64(self) -> u64 {
        self.0
    }
}

impl fmt::Display for DivisionCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let level = self.level();
        f.pad(&format!("{:0width$}", self.0 / level.step(), width = level.digits() as usize))
    }
}

impl fmt::Debug for DivisionCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DivisionCode({self})")
    }
}

impl FromStr for DivisionCode {
    type Err = InvalidCode;

    fn from_str(text: &str) -> Result<Self, InvalidCode> {
        let invalid = |reason| InvalidCode { kind: "division", got: text.to_owned(), reason };
        let number = digits(text).ok_or_else(|| invalid("only digits are allowed"))?;
        let filled = match text.len() {
            4 | 6 | 9 | 12 => number * 10u64.pow(12 - text.len() as u32),
            _ => return Err(invalid("a division has 4, 6, 9 or 12 digits")),
        };
        if filled / Level::City.step() < 1000 {
            Err(invalid("no province has a number below 10"))
        } else if (filled / Level::City.step()).is_multiple_of(100) {
            Err(invalid("the third and fourth digit name the city and are not 00"))
        } else {
            Ok(Self(filled))
        }
    }
}

/// The code of a grid: its community's twelve digits and three of its own.
///
/// # Example
/// ```
/// use spatial::code::GridCode;
/// let grid: GridCode = "620102001001007".parse()?;
/// assert_eq!(grid.community().to_string(), "620102001001");
/// assert_eq!(grid.number(), 7);
/// # Ok::<(), spatial::code::InvalidCode>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct GridCode {
    community: DivisionCode,
    number: u16,
}

impl GridCode {
    /// Grid `number` (1–999) of a community.
    ///
    /// # Errors
    /// [`InvalidCode`] when the division is no community or the number is out of range.
    pub fn new(community: DivisionCode, number: u16) -> Result<Self, InvalidCode> {
        let invalid = |reason| {
            let got = format!("{}{number:03}", community.twelve_digits());
            InvalidCode { kind: "grid", got, reason }
        };
        if community.level() != Level::Community {
            Err(invalid("its first 12 digits name no community"))
        } else if !(1..=999).contains(&number) {
            Err(invalid("its number is not in 001 to 999"))
        } else {
            Ok(Self { community, number })
        }
    }

    /// The community the grid lies in.
    pub const fn community(self) -> DivisionCode {
        self.community
    }

    /// The grid's own number in its community, 1–999.
    pub const fn number(self) -> u16 {
        self.number
    }

    /// Whether the grid lies in `division`.
    pub fn is_in(self, division: DivisionCode) -> bool {
        division.contains(self.community)
    }
}

impl fmt::Display for GridCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("{}{:03}", self.community, self.number))
    }
}

impl fmt::Debug for GridCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "GridCode({self})")
    }
}

impl FromStr for GridCode {
    type Err = InvalidCode;

    fn from_str(text: &str) -> Result<Self, InvalidCode> {
        let invalid = |reason| InvalidCode { kind: "grid", got: text.to_owned(), reason };
        let number = digits(text).ok_or_else(|| invalid("only digits are allowed"))?;
        if text.len() != 15 {
            return Err(invalid("a grid has 15 digits"));
        }
        let community: DivisionCode =
            format!("{:012}", number / 1000).parse().map_err(|e: InvalidCode| invalid(e.reason))?;
        Self::new(community, (number % 1000) as u16)
    }
}

/// The number written in `text` when it is 1–18 ASCII digits and nothing else.
fn digits(text: &str) -> Option<u64> {
    let plain = (1..=18).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    plain.then(|| text.parse().ok()).flatten()
}

macro_rules! as_text {
    ($($code:ty),*) => {$(
        impl From<$code> for String {
            fn from(code: $code) -> Self {
                code.to_string()
            }
        }
        impl TryFrom<String> for $code {
            type Error = InvalidCode;
            fn try_from(text: String) -> Result<Self, InvalidCode> {
                text.parse()
            }
        }
    )*};
}
as_text!(DivisionCode, GridCode);

/// A text that is no code.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("invalid {kind} code (got {got:?}): {reason}")]
pub struct InvalidCode {
    /// "division" or "grid".
    pub kind: &'static str,
    /// The text that was given.
    pub got: String,
    /// Why it is wrong.
    pub reason: &'static str,
}

#[cfg(test)]
#[path = "code_tests.rs"]
mod tests;
