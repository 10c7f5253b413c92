//! Reading texts with aliases: where one stands in a text, and the text with the address in its place. Names are compared
//! letter by letter after normalisation; an alias that begins or ends with a digit does not begin or end inside a number,
//! and none begins behind a 东西南北 that belongs to it.

use std::collections::HashMap;
use std::ops::Range;

use chrono::{DateTime, Utc};
use sha2::{Digest as _, Sha256};
use spatial::geocode::Text;

use super::id::AliasId;

/// An alias as it is read: approved, with the time in which it holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// Its id.
    pub alias_id: AliasId,
    /// What people say, as texts are compared.
    pub normal: String,
    /// What is read instead.
    pub target_text: String,
    /// The division in which they say it; empty for the whole city.
    pub scope_code: String,
    /// Codes from the city down to that division, joined by `/`.
    pub scope_path: String,
    /// From when on.
    pub valid_from: DateTime<Utc>,
    /// Until when; none for no end.
    pub valid_to: Option<DateTime<Utc>>,
}

/// All aliases that are read, or will be; immutable.
#[derive(Debug, Default)]
pub struct AliasBook {
    readings: Vec<(Vec<char>, Reading)>,
    /// By the first two letters, longest first.
    begins: HashMap<[char; 2], Vec<usize>>,
}

/// A text with what its aliases stand for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rewritten {
    /// The text to be understood instead.
    pub text: String,
    /// What was replaced, in order.
    pub parts: Vec<Part>,
}

/// One alias in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Which.
    pub alias_id: AliasId,
    /// Bytes of the text as it came.
    pub said: Range<usize>,
    /// Bytes of the new text.
    pub read: Range<usize>,
}

impl Rewritten {
    /// The bytes of the text as it came behind bytes of the new one; inside an alias it is the whole of it.
    pub fn back(&self, read: Range<usize>) -> Range<usize> {
        let at = |byte: usize, is_end: bool| {
            let (mut said_end, mut read_end) = (0, 0);
            for part in &self.parts {
                let inside = if is_end { byte <= part.read.start } else { byte < part.read.start };
                if inside {
                    break;
                }
                let within = if is_end { byte <= part.read.end } else { byte < part.read.end };
                if within {
                    return if is_end { part.said.end } else { part.said.start };
                }
                (said_end, read_end) = (part.said.end, part.read.end);
            }
            said_end + (byte - read_end)
        };
        at(read.start, false)..at(read.end, true)
    }
}

impl AliasBook {
    /// A book of readings.
    pub fn new(readings: impl IntoIterator<Item = Reading>) -> Self {
        let readings: Vec<(Vec<char>, Reading)> = readings
            .into_iter()
            .map(|reading| (reading.normal.chars().collect::<Vec<char>>(), reading))
            .filter(|(letters, _)| letters.len() >= 2)
            .collect();
        let mut begins: HashMap<[char; 2], Vec<usize>> = HashMap::new();
        for (at, (letters, _)) in readings.iter().enumerate() {
            if let [first, second, ..] = letters.as_slice() {
                begins.entry([*first, *second]).or_default().push(at);
            }
        }
        for list in begins.values_mut() {
            list.sort_by_key(|&at| std::cmp::Reverse(readings.get(at).map_or(0, |r| r.0.len())));
        }
        Self { readings, begins }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.readings.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.readings.is_empty()
    }

    /// A number that is another one when other aliases are in force at `now`; the same on every node.
    pub fn fingerprint(&self, now: DateTime<Utc>) -> i64 {
        let mut sha = Sha256::new();
        for (_, reading) in self.readings.iter().filter(|entry| entry.1.is_in_force(now)) {
            sha.update(reading.alias_id.0.to_be_bytes());
        }
        let hash: [u8; 32] = sha.finalize().into();
        let (first, _) = hash.split_first_chunk::<8>().unwrap_or((&[0; 8], &[]));
        i64::from_be_bytes(*first)
    }

    /// The text with the addresses that its aliases stand for at `now`, for a caller whose area is `area_path` (codes from
    /// the city down; empty when it is not known). `None` when none stands in it.
    pub fn rewrite(&self, text: &str, area_path: &str, now: DateTime<Utc>) -> Option<Rewritten> {
        if self.is_empty() {
            return None;
        }
        let normal = Text::new(text);
        let letters: Vec<char> = normal.to_string().chars().collect();
        // The letters are the units only while all are of one unit, which normalisation sees to.
        if letters.len() != normal.len() {
            return None;
        }
        let mut new = String::with_capacity(text.len() + 64);
        let (mut parts, mut copied, mut at) = (Vec::new(), 0, 0);
        while at + 1 < letters.len() {
            let Some((length, reading)) = self.at(&letters, at, area_path, now) else {
                at += 1;
                continue;
            };
            let said = normal.origin(at..at + length);
            new.push_str(text.get(copied..said.start).unwrap_or_default());
            let begin = new.len();
            new.push_str(&reading.target_text);
            parts.push(Part {
                alias_id: reading.alias_id,
                said: said.clone(),
                read: begin..new.len(),
            });
            copied = said.end;
            at += length;
        }
        new.push_str(text.get(copied..).unwrap_or_default());
        (!parts.is_empty()).then_some(Rewritten { text: new, parts })
    }

    /// The longest alias that begins at `at`, with its length; of those of one text the one of the nearest division.
    fn at(
        &self,
        letters: &[char],
        at: usize,
        area_path: &str,
        now: DateTime<Utc>,
    ) -> Option<(usize, &Reading)> {
        let begin: [char; 2] = letters.get(at..at + 2)?.try_into().ok()?;
        let mut found: Vec<&(Vec<char>, Reading)> = Vec::new();
        for entry in self.begins.get(&begin)?.iter().filter_map(|&index| self.readings.get(index)) {
            let (name, reading) = entry;
            if found.first().is_some_and(|longest| name.len() < longest.0.len()) {
                break;
            }
            if reading.is_in_force(now)
                && stands(letters, at, name)
                && reading.is_said_in(area_path)
            {
                found.push(entry);
            }
        }
        let nearest = found.iter().map(|entry| entry.1.scope_path.len()).max()?;
        // A caller of the whole city says a word that two districts use differently: nobody knows what it means.
        let mut nearest = found.iter().filter(|entry| entry.1.scope_path.len() == nearest);
        match (nearest.next(), nearest.next()) {
            (Some((name, reading)), None) => Some((name.len(), reading)),
            _ => None,
        }
    }
}

impl Reading {
    fn is_in_force(&self, now: DateTime<Utc>) -> bool {
        self.valid_from <= now && self.valid_to.is_none_or(|until| now < until)
    }

    /// Whether a caller of that area may mean it: the division lies around the area, or inside it.
    fn is_said_in(&self, area_path: &str) -> bool {
        let has = |path: &str, code: &str| path.split('/').any(|part| part == code);
        let last = |path: &str| path.rsplit('/').next().unwrap_or_default().to_owned();
        self.scope_code.is_empty()
            || area_path.is_empty()
            || has(area_path, &self.scope_code)
            || has(&self.scope_path, &last(area_path))
    }
}

fn stands(letters: &[char], at: usize, name: &[char]) -> bool {
    let Some(there) = letters.get(at..at + name.len()) else { return false };
    let before = at.checked_sub(1).and_then(|before| letters.get(before)).copied();
    let after = letters.get(at + name.len()).copied();
    let (first, last) = (name.first().copied(), name.last().copied());
    there == name
        && !before.is_some_and(|before| "东西南北".contains(before))
        && !glued(before, first)
        && !glued(last, after)
}

/// Whether two letters belong to one number or one Latin word.
fn glued(left: Option<char>, right: Option<char>) -> bool {
    let (Some(left), Some(right)) = (left, right) else { return false };
    let numeral = |c: char| "〇零一二三四五六七八九十百千两".contains(c);
    (left.is_ascii_alphanumeric() && right.is_ascii_alphanumeric())
        || (numeral(left) && numeral(right))
}

#[cfg(test)]
#[path = "alias_book_tests.rs"]
mod tests;
