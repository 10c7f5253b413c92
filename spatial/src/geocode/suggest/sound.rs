//! What is typed against the characters of a name: as they are, by syllables, by initials, mixed.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use pinyin::ToPinyinMulti;

use super::super::letter::{Edit, Letter};
use super::super::text::{is_gap, is_latin};

const FIRST: u16 = 0x4e00;
const LAST: u16 = 0x9fff;
/// Readings kept of one character.
const READINGS: usize = 4;

/// Costs in hundredths: another character of the same sound, a syllable spelt out, the beginning of one, an initial.
const HOMOPHONE: u16 = 60;
const SYLLABLE: u16 = 2;
const BEGUN: u16 = 4;
const INITIAL: u16 = 10;

/// The syllables of each character in capitals: zh and z are told apart here, as people type them.
#[derive(Debug)]
struct Table {
    syllables: Vec<Vec<u16>>,
    /// Places in `syllables` plus one.
    of: Vec<[u16; READINGS]>,
}

fn table() -> &'static Table {
    static TABLE: OnceLock<Table> = OnceLock::new();
    TABLE.get_or_init(|| {
        let spelt: Vec<Vec<Vec<u16>>> = (FIRST..=LAST).map(spelt).collect();
        let all: BTreeSet<&Vec<u16>> = spelt.iter().flatten().collect();
        let syllables: Vec<Vec<u16>> = all.into_iter().cloned().collect();
        let of = spelt.iter().map(|readings| {
            let mut places = [0; READINGS];
            for (slot, reading) in readings.iter().enumerate() {
                places[slot] = syllables.binary_search(reading).map_or(0, |at| at as u16 + 1);
            }
            places
        });
        Table { of: of.collect(), syllables }
    })
}

fn spelt(unit: u16) -> Vec<Vec<u16>> {
    let character = char::from_u32(u32::from(unit));
    let Some(multi) = character.and_then(|c| c.to_pinyin_multi()) else { return Vec::new() };
    let mut all: Vec<Vec<u16>> = Vec::new();
    for pinyin in multi {
        let capitals = pinyin.plain().replace('ü', "v").to_ascii_uppercase();
        let capitals: Vec<u16> = capitals.encode_utf16().collect();
        // ê and m̀ are on no keyboard.
        let plain = capitals.iter().all(|&unit| is_latin(unit));
        if plain && !all.contains(&capitals) && all.len() < READINGS {
            all.push(capitals);
        }
    }
    all
}

/// The syllables of a unit.
fn syllables(unit: u16) -> impl Iterator<Item = &'static [u16]> {
    let table = table();
    let own = (FIRST..=LAST).contains(&unit).then(|| &table.of[usize::from(unit - FIRST)]);
    let places = own.into_iter().flatten().filter(|&&place| place != 0);
    places.map(|&place| table.syllables[usize::from(place) - 1].as_slice())
}

/// Buckets of initials: A–Z, and one for digits and all else.
pub(super) const INITIALS: usize = 27;

/// One bit for each initial that a unit may have.
pub(super) fn initials(unit: u16) -> u32 {
    if is_latin(unit) {
        return 1 << (unit - 0x41);
    }
    let heard = syllables(unit).fold(0, |bits, syllable| bits | 1 << (syllable[0] - 0x41));
    if heard == 0 { 1 << (INITIALS - 1) } else { heard }
}

/// How a name stands to what is typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) struct Fit {
    /// Characters of the name that are typed.
    pub(in super::super) taken: usize,
    pub(in super::super) cost: u16,
}

/// The cheapest way in which all of `typed` begins `name`; `None` where it does not.
pub(in super::super) fn fit(typed: &[u16], name: &[u16]) -> Option<Fit> {
    let Some((&first, rest)) = typed.split_first() else { return Some(Fit { taken: 0, cost: 0 }) };
    if is_gap(first) {
        return fit(rest, name);
    }
    let (&unit, behind) = name.split_first()?;
    let mut best: Option<Fit> = None;
    let mut take = |rest: &[u16], cost: u16| {
        if let Some(found) = fit(rest, behind) {
            let found = Fit { taken: found.taken + 1, cost: found.cost + cost };
            if best.is_none_or(|best| found.cost < best.cost) {
                best = Some(found);
            }
        }
    };
    if first == unit {
        take(rest, 0);
    } else if is_latin(first) {
        let latin = typed.iter().take_while(|&&unit| is_latin(unit)).count();
        for syllable in syllables(unit).filter(|syllable| syllable[0] == first) {
            let common = typed.iter().zip(syllable).take_while(|(a, b)| a == b).count();
            if common == syllable.len() {
                take(&typed[common..], SYLLABLE);
            } else if common == latin && latin == typed.len() && common > 1 {
                // The syllable is still being typed.
                take(&[], BEGUN);
            }
            take(rest, INITIAL);
            // zh, ch and sh are initials of two letters.
            if common >= 2 && syllable[1] == u16::from(b'H') {
                take(&typed[2..], INITIAL - 2);
            }
        }
    } else if let Some(edit) = Letter::new(first).edit(&Letter::new(unit)) {
        match edit {
            Edit::Same => take(rest, 0),
            Edit::Homophone => take(rest, HOMOPHONE),
            Edit::Shape | Edit::Dialect | Edit::Other => {}
        }
    }
    best
}

#[cfg(test)]
#[path = "sound_tests.rs"]
mod tests;
