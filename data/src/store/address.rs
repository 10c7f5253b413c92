//! Exact lookup of addresses by their text.

use std::collections::HashMap;

use spatial::crs::{LngLat, Wgs84};
use spatial::lattice::LatticePoint;

use super::Store;
use crate::domain::id::AddressId;
use crate::error::{DataError, Result};

/// A known address.
#[derive(Clone, Debug, PartialEq)]
pub struct AddressHit {
    /// Its id.
    pub address_id: AddressId,
    /// Its whole text as stored.
    pub full_text: String,
    /// Where it is.
    pub place: LatticePoint,
}

type Row = (i32, i32, String, f64, f64);

impl Store {
    /// Looks each text up among the known addresses as it is, and in the ways the same address is often written
    /// otherwise: `found[i]` is the answer for `texts[i]`.
    pub async fn address_find(&self, texts: &[String]) -> Result<Vec<Option<AddressHit>>> {
        let (mut of, mut written) = (Vec::new(), Vec::new());
        for (at, text) in (0i32..).zip(texts) {
            for form in written_forms(text) {
                of.push(at);
                written.push(form);
            }
        }
        if written.is_empty() {
            return Ok(vec![None; texts.len()]);
        }
        let rows: Vec<Row> = sqlx::query_as(
            "select distinct on (asked.of) asked.of, hit.address_id, hit.full_text, hit.lng, hit.lat
             from unnest($1::int[], $2::text[]) with ordinality as asked (of, written, preference)
             cross join lateral (
                 select a.address_id, a.full_text, st_x(a.geom) as lng, st_y(a.geom) as lat
                 from address a
                 where a.full_text = asked.written
                 order by a.address_id
                 limit 1
             ) as hit
             order by asked.of, asked.preference",
        )
        .bind(&of)
        .bind(&written)
        .fetch_all(&self.pool)
        .await?;
        let mut found = vec![None; texts.len()];
        for (at, id, full_text, lng, lat) in rows {
            let place = LngLat::<Wgs84>::new(lng, lat)
                .map_err(|error| DataError::Broken { what: "address", why: error.to_string() })?;
            let hit = AddressHit {
                address_id: AddressId(id),
                full_text,
                place: LatticePoint::nearest(place),
            };
            if let Some(slot) = found.get_mut(at as usize) {
                *slot = Some(hit);
            }
        }
        Ok(found)
    }
}

impl Store {
    /// The whole texts of addresses, by id; ids that are gone have none.
    pub async fn address_texts(&self, ids: &[AddressId]) -> Result<HashMap<AddressId, String>> {
        if ids.is_empty() {
            return Ok(HashMap::new());
        }
        let ids: Vec<i32> = ids.iter().map(|id| id.0).collect();
        let rows: Vec<(i32, String)> =
            sqlx::query_as("select address_id, full_text from address where address_id = any($1)")
                .bind(ids)
                .fetch_all(&self.pool)
                .await?;
        Ok(rows.into_iter().map(|(id, text)| (AddressId(id), text)).collect())
    }
}

const PROVINCE: &str = "甘肃省";
const CITY: &str = "兰州市";

/// The ways to look an address up, the most literal first, none twice.
fn written_forms(text: &str) -> Vec<String> {
    let trimmed = text.trim();
    let plain = plain(trimmed);
    if plain.is_empty() {
        return Vec::new();
    }
    let inner = plain.strip_prefix(PROVINCE).unwrap_or(&plain);
    let inner = inner.strip_prefix(CITY).unwrap_or(inner).to_owned();
    let mut forms = vec![
        trimmed.to_owned(),
        plain,
        format!("{CITY}{inner}"),
        format!("{PROVINCE}{CITY}{inner}"),
        inner,
    ];
    let mut seen = std::collections::HashSet::new();
    forms.retain(|form| !form.is_empty() && seen.insert(form.clone()));
    forms
}

/// Without any space, and full-width letters, digits and signs as ordinary ones.
fn plain(text: &str) -> String {
    text.chars()
        .filter(|c| !c.is_whitespace())
        .map(|c| match c {
            '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
            c => c,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{plain, written_forms};

    #[test]
    fn full_width_and_spaces_do_not_matter() {
        assert_eq!(plain("张掖路　１２３号－４ ａＢ"), "张掖路123号-4aB");
    }

    #[test]
    fn with_or_without_province_and_city_the_forms_are_the_same() {
        let sorted = |text: &str| {
            let mut forms = written_forms(text);
            forms.sort();
            forms
        };
        let expected = sorted("城关区张掖路1号");
        assert_eq!(expected.len(), 3);
        assert_eq!(sorted("甘肃省兰州市城关区张掖路1号"), expected);
        assert_eq!(sorted("兰州市城关区张掖路1号"), expected);
        assert!(sorted("甘肃省 兰州市 城关区张掖路１号").ends_with(&expected[2..]));
        assert!(written_forms("  　").is_empty());
    }
}
