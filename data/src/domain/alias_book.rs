//! The aliases that are read, or will be, and who may mean which. Where one stands in a text is found by the geocoder.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sha2::{Digest as _, Sha256};

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
    /// By id.
    readings: Vec<Reading>,
    at: HashMap<AliasId, usize>,
}

impl AliasBook {
    /// A book of readings.
    pub fn new(mut readings: Vec<Reading>) -> Self {
        readings.sort_by_key(|reading| reading.alias_id);
        let at = readings.iter().enumerate().map(|(at, reading)| (reading.alias_id, at)).collect();
        Self { readings, at }
    }

    /// All of them, by id.
    pub fn readings(&self) -> impl Iterator<Item = &Reading> {
        self.readings.iter()
    }

    /// A number that is another one when other aliases are in force at `now`; the same on every node.
    pub fn fingerprint(&self, now: DateTime<Utc>) -> i64 {
        let mut sha = Sha256::new();
        for reading in self.readings.iter().filter(|reading| reading.is_in_force(now)) {
            sha.update(reading.alias_id.0.to_be_bytes());
        }
        let hash: [u8; 32] = sha.finalize().into();
        let (first, _) = hash.split_first_chunk::<8>().unwrap_or((&[0; 8], &[]));
        i64::from_be_bytes(*first)
    }

    /// How near to a caller of an area an alias is said: the narrower its division, the nearer. `None` where the caller
    /// cannot mean it: the division lies neither around the area nor inside it. `area_path` has the codes from the city
    /// down, and is empty when the area is not known.
    pub fn nearness(&self, id: AliasId, area_path: &str) -> Option<usize> {
        let reading = self.readings.get(*self.at.get(&id)?)?;
        reading.is_said_in(area_path).then_some(reading.scope_path.len())
    }
}

impl Reading {
    fn is_in_force(&self, now: DateTime<Utc>) -> bool {
        self.valid_from <= now && self.valid_to.is_none_or(|until| now < until)
    }

    /// Whether a caller of that area may mean it: the division lies around the area, or inside it.
    fn is_said_in(&self, area_path: &str) -> bool {
        let has = |path: &str, code: &str| path.split('/').any(|part| part == code);
        let last = area_path.rsplit('/').next().unwrap_or_default();
        self.scope_code.is_empty()
            || area_path.is_empty()
            || has(area_path, &self.scope_code)
            || has(&self.scope_path, last)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reading(id: i32, scope_path: &str) -> Reading {
        Reading {
            alias_id: AliasId(id),
            normal: "老食品厂".to_owned(),
            target_text: "庆阳路123号".to_owned(),
            scope_code: scope_path.rsplit('/').next().unwrap().to_owned(),
            scope_path: scope_path.to_owned(),
            valid_from: now() - chrono::TimeDelta::days(1),
            valid_to: None,
        }
    }

    fn now() -> DateTime<Utc> {
        DateTime::from_timestamp(1_700_000_000, 0).unwrap()
    }

    #[test]
    fn a_word_of_a_district_is_said_around_it_and_in_it_and_nearer_than_one_of_the_city() {
        let book = AliasBook::new(vec![
            reading(3, ""),
            reading(2, "6201/620103"),
            reading(1, "6201/620102"),
        ]);
        let near = |id, area: &str| book.nearness(AliasId(id), area);
        assert!(near(1, "") > near(3, ""));
        assert_eq!(near(1, ""), near(2, ""), "nobody knows which is meant");
        assert_eq!(near(1, "6201/620103/620103001"), None);
        assert!(near(2, "6201/620103/620103001") > near(3, "6201/620103/620103001"));
        assert!(near(1, "6201").is_some());
        assert_eq!(near(4, ""), None);
    }

    #[test]
    fn the_fingerprint_is_another_one_when_another_alias_is_in_force() {
        let (one, both) = (vec![reading(1, "")], vec![reading(2, ""), reading(1, "")]);
        let ended = Reading { valid_to: Some(now()), ..reading(2, "") };
        let of = |readings: Vec<Reading>| AliasBook::new(readings).fingerprint(now());
        assert_ne!(of(one.clone()), of(both.clone()));
        assert_eq!(of(both.clone()), of(both.into_iter().rev().collect()));
        assert_eq!(of(one.clone()), of([one, vec![ended]].concat()));
    }
}
