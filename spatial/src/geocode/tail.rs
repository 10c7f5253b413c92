//! Units and rooms as one integer: looking a room up is a binary search among numbers.

use super::label::{Beside, Label, push_digits};

/// Unit and room of an address, packed so that the rooms of a unit lie together.
///
/// The unit takes ten bits: 0 none, then numbers up to 399, letters from 401, the shop numbers of 附N号 from 512. The
/// room takes 22: seventeen for its digits (a letter before up to three digits lies behind 100,000), five for what
/// stands behind them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct RoomKey(pub(super) u32);

const ROOM_BITS: u32 = 22;
/// The first unit that is an annex: 附0号.
pub(super) const ANNEXES: u32 = 512;
const WORDS: u32 = 31;

impl RoomKey {
    /// Packs; `None` where a label does not fit.
    pub(super) fn new(unit: Label, room: Label) -> Option<Self> {
        Some(Self((unit_bits(unit)? << ROOM_BITS) | room_bits(room)?))
    }

    /// The key of a unit without a room.
    pub(super) fn of_unit(unit: u32) -> Self {
        Self(unit << ROOM_BITS)
    }

    /// A key for words that do not read as numbers.
    pub(super) fn words(unit: Label, words: &str) -> Self {
        let hash = crc32fast::hash(words.as_bytes()) & 0x1_ffff;
        let unit = unit_bits(unit).unwrap_or(0);
        Self((unit << ROOM_BITS) | (hash << 5) | WORDS)
    }

    /// The unit's part.
    pub(super) fn unit(self) -> u32 {
        self.0 >> ROOM_BITS
    }

    /// The room's part.
    pub(super) fn room(self) -> u32 {
        self.0 & ((1 << ROOM_BITS) - 1)
    }

    /// The storey a room number tells: 501 → 5, 1203 → 12; 0 where it tells none.
    pub(super) fn storey(self) -> u32 {
        let digits = self.room() >> 5;
        if (100..100_000).contains(&digits) { digits / 100 } else { 0 }
    }

    /// The unit as it is written.
    pub(super) fn unit_text(self) -> String {
        match self.unit() {
            0 => String::new(),
            unit @ ANNEXES.. => format!("附{}号", unit - ANNEXES),
            unit @ 401.. => format!("{}单元", letter(unit - 401)),
            unit => numbered(unit, "单元"),
        }
    }

    /// The room as it is written.
    pub(super) fn room_text(self) -> String {
        let (digits, beside) = (self.room() >> 5, self.room() & 31);
        if (1..100_000).contains(&digits) && beside == 0 {
            return numbered(digits, "室");
        }
        let number = match digits {
            100_000.. => format!("{}{}", letter((digits - 100_000) / 1000), digits % 1000),
            _ => digits.to_string(),
        };
        match (digits, beside) {
            (0, 0) => String::new(),
            (_, 0) => format!("{number}室"),
            (_, 1..=26) => format!("{number}{}室", letter(beside - 1)),
            _ => String::new(),
        }
    }
}

/// A number and the word behind it.
fn numbered(number: u32, word: &str) -> String {
    let mut text = String::with_capacity(12 + word.len());
    push_digits(&mut text, number);
    text.push_str(word);
    text
}

fn letter(at: u32) -> char {
    char::from(b'A' + (at.min(25) as u8))
}

pub(super) fn unit_bits(unit: Label) -> Option<u32> {
    Some(match (unit.digits(), unit.beside()) {
        (0, Beside::Before(sub)) => 401 + u32::from(sub),
        (digits @ 0..400, Beside::Nothing) => digits,
        (_, Beside::Annex(sub)) if sub < 512 => ANNEXES + u32::from(sub),
        _ => return None,
    })
}

pub(super) fn room_bits(room: Label) -> Option<u32> {
    let digits = room.digits();
    Some(match room.beside() {
        Beside::Nothing if digits < 100_000 => digits << 5,
        Beside::After(sub) if digits < 100_000 && sub < 26 => (digits << 5) | (u32::from(sub) + 1),
        Beside::Stem(sub) if digits < 100_000 && sub < 4 => (digits << 5) | (u32::from(sub) + 27),
        Beside::Before(sub) if digits < 1000 && sub < 26 => {
            (100_000 + u32::from(sub) * 1000 + digits) << 5
        }
        _ => return None,
    })
}

#[cfg(test)]
#[path = "tail_tests.rs"]
mod tests;
