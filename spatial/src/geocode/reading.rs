//! How characters sound: toneless readings, folded the way people mix them up.
//!
//! Two grades. The *strong* class holds what is written for the same sound in much of the country: zh/z, ch/c, sh/s,
//! -ing/-in, -eng/-en, ü/v. The *weak* class adds what speakers of some places confuse: n/l, hu-/f-, -ang/-an, and
//! -ong/-un, which the speech of Lanzhou does not tell apart. A character with several readings (长 chang, zhang)
//! has them all.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use pinyin::ToPinyinMulti;

/// Most readings kept for one character.
pub(super) const READINGS: usize = 4;
const FIRST: u16 = 0x4e00;
const LAST: u16 = 0x9fff;

/// The readings of one character; classes count from 1, 0 means none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Reading {
    pub(super) strong: [u16; READINGS],
    /// Each once, from the front.
    pub(super) weak: [u16; READINGS],
}

impl Reading {
    /// Weak classes, each once.
    pub(super) fn weak_classes(&self) -> impl Iterator<Item = u16> + '_ {
        self.weak.iter().copied().take_while(|&class| class != 0)
    }

    /// Whether the two share a strong class that is the commonest reading of one of them.
    pub(super) fn sounds_like(&self, other: &Self) -> bool {
        let first =
            |one: &Self, two: &Self| one.strong[0] != 0 && two.strong.contains(&one.strong[0]);
        first(self, other) || first(other, self)
    }

    /// Whether the two share a weak class.
    pub(super) fn may_sound_like(&self, other: &Self) -> bool {
        share(self.weak, other.weak)
    }
}

fn share(one: [u16; READINGS], other: [u16; READINGS]) -> bool {
    one.iter().any(|class| *class != 0 && other.contains(class))
}

/// The readings of all characters.
#[derive(Debug)]
pub(super) struct Readings {
    of: Vec<Reading>,
    weak_classes: usize,
    fingerprint: u32,
}

/// The one table, made at first use (some milliseconds).
pub(super) fn readings() -> &'static Readings {
    static TABLE: OnceLock<Readings> = OnceLock::new();
    TABLE.get_or_init(Readings::new)
}

impl Readings {
    fn new() -> Self {
        let spoken: Vec<Vec<String>> = (FIRST..=LAST).map(spoken).collect();
        let all: BTreeSet<&String> = spoken.iter().flatten().collect();
        let strong: Vec<&String> = all.into_iter().collect();
        let folded: Vec<String> = strong.iter().map(|syllable| weaken(syllable)).collect();
        let weak: Vec<&String> = folded.iter().collect::<BTreeSet<_>>().into_iter().collect();
        // Latin letters follow the syllables, each a class of its own.
        let weak_classes = 1 + weak.len() + 26;
        let of = spoken
            .iter()
            .map(|syllables| {
                let mut reading = Reading::default();
                let mut classes = 0;
                for (slot, syllable) in syllables.iter().enumerate() {
                    if let Ok(at) = strong.binary_search(&syllable) {
                        reading.strong[slot] = at as u16 + 1;
                        let place = weak.binary_search(&&folded[at]).unwrap_or(0);
                        let class = place as u16 + 1;
                        if !reading.weak.contains(&class) {
                            reading.weak[classes] = class;
                            classes += 1;
                        }
                    }
                }
                reading
            })
            .collect();
        let mut hash = crc32fast::Hasher::new();
        for syllables in &spoken {
            hash.update(syllables.join(",").as_bytes());
            hash.update(b";");
        }
        hash.update(folded.join(",").as_bytes());
        Self { of, weak_classes, fingerprint: hash.finalize() }
    }

    /// The reading of a UTF-16 unit; Arabic digits are read as the numeral.
    pub(super) fn of(&self, unit: u16) -> Reading {
        match unit {
            FIRST..=LAST => self.of[usize::from(unit - FIRST)],
            0x30..=0x39 => self.of(DIGITS[usize::from(unit - 0x30)]),
            0x41..=0x5a => {
                let class = self.weak_classes as u16 - 26 + (unit - 0x41);
                let mut reading = Reading::default();
                reading.strong[0] = 0x8000 + unit;
                reading.weak[0] = class;
                reading
            }
            _ => Reading::default(),
        }
    }

    /// Number of weak classes, the class 0 of unread characters included.
    pub(super) fn weak_classes(&self) -> usize {
        self.weak_classes
    }

    /// Changes when any reading changes: an index holds for one fingerprint only.
    pub(super) fn fingerprint(&self) -> u32 {
        self.fingerprint
    }
}

// 零一二三四五六七八九
const DIGITS: [u16; 10] =
    [0x96f6, 0x4e00, 0x4e8c, 0x4e09, 0x56db, 0x4e94, 0x516d, 0x4e03, 0x516b, 0x4e5d];

/// The folded readings of a character, the commonest first.
fn spoken(unit: u16) -> Vec<String> {
    let Some(character) = char::from_u32(u32::from(unit)) else { return Vec::new() };
    let Some(multi) = character.to_pinyin_multi() else { return Vec::new() };
    let mut all: Vec<String> = Vec::new();
    for pinyin in multi {
        let folded = fold(pinyin.plain());
        if !all.contains(&folded) && all.len() < READINGS {
            all.push(folded);
        }
    }
    all
}

fn fold(plain: &str) -> String {
    let plain = plain.replace('ü', "v");
    let plain = match plain.as_bytes() {
        [b'z' | b'c' | b's', b'h', ..] => plain.replacen('h', "", 1),
        _ => plain,
    };
    if plain.ends_with("ing") || plain.ends_with("eng") {
        plain.trim_end_matches('g').to_owned()
    } else {
        plain
    }
}

fn weaken(strong: &str) -> String {
    let mut weak = strong.to_owned();
    if weak.ends_with("ang") {
        weak.pop();
    } else if let Some(head) = weak.strip_suffix("iong").or_else(|| weak.strip_suffix("ong")) {
        weak = format!("{head}un");
    }
    match weak.as_bytes() {
        [b'n', _, ..] => weak.replacen('n', "l", 1),
        [b'h', b'u'] => "fu".to_owned(),
        [b'h', b'u', b'i'] => "fei".to_owned(),
        [b'h', b'u', b'n'] => "fen".to_owned(),
        [b'h', b'u', ..] => weak.replacen("hu", "f", 1),
        _ => weak,
    }
}

#[cfg(test)]
#[path = "reading_tests.rs"]
mod tests;
