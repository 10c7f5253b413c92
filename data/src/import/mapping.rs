//! From the columns of a file to the fields that we know: by `--map field=column`, else by the names in common use.

use std::collections::HashMap;

use serde_json::{Map, Value};

use super::error::ImportError;
use super::source::text_of;

/// Names of a longitude column.
pub const LNG: &[&str] = &[
    "lng",
    "lon",
    "long",
    "longitude",
    "x",
    "经度",
    "经度x",
    "lng_wgs84",
    "wgs84_lng",
    "gcj_lng",
    "point_x",
];
/// Names of a latitude column.
pub const LAT: &[&str] =
    &["lat", "latitude", "y", "纬度", "纬度y", "lat_wgs84", "wgs84_lat", "gcj_lat", "point_y"];
/// Names of a column with well-known text.
pub const WKT: &[&str] = &["wkt", "geometry", "geom", "the_geom", "shape_wkt", "几何"];

/// A field that a target understands.
#[derive(Debug)]
pub struct Spec {
    /// Its name, as in `--map NAME=column`.
    pub field: &'static str,
    /// Column names that mean it, the best first; compared without case, blanks and underscores.
    pub aliases: &'static [&'static str],
    /// Whether a row without it is refused.
    pub required: bool,
}

impl Spec {
    /// A field without which a row is refused.
    pub const fn required(field: &'static str, aliases: &'static [&'static str]) -> Self {
        Self { field, aliases, required: true }
    }

    /// A field that a row may lack.
    pub const fn optional(field: &'static str, aliases: &'static [&'static str]) -> Self {
        Self { field, aliases, required: false }
    }
}

/// A column name without what people vary: case, blanks, underscores, hyphens.
pub fn normal(name: &str) -> String {
    name.trim_start_matches('\u{feff}')
        .chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, '_' | '-' | '.'))
        .flat_map(char::to_lowercase)
        .collect()
}

/// Which column feeds which field.
pub struct Mapping {
    specs: &'static [Spec],
    given: Vec<(usize, String)>,
    /// Columns seen so far: the field each feeds and its rank among the names of that field, 0 the best.
    known: HashMap<String, Option<(usize, usize)>>,
}

impl Mapping {
    /// A mapping to `specs`; `given` are pairs of field and column that go before all names.
    ///
    /// # Errors
    /// If a pair names a field that the target does not have.
    pub fn new(specs: &'static [Spec], given: &[(String, String)]) -> Result<Self, ImportError> {
        let mut pairs = Vec::new();
        for (field, column) in given {
            if ["lng", "lat", "wkt"].contains(&field.as_str()) {
                continue;
            }
            let index = specs.iter().position(|spec| spec.field == field).ok_or_else(|| {
                let fields: Vec<_> = specs.iter().map(|spec| spec.field).collect();
                ImportError::Option(format!(
                    "--map {field}={column}: there is no field {field:?}, only {}, lng, lat, wkt",
                    fields.join(", ")
                ))
            })?;
            pairs.push((index, column.clone()));
        }
        Ok(Self { specs, given: pairs, known: HashMap::new() })
    }

    /// Checks a header, so that a file with a missing column is told once and not in every row.
    ///
    /// # Errors
    /// If a required field, or a column given by `--map`, is not there.
    pub fn check_columns(&mut self, columns: &[String]) -> Result<(), ImportError> {
        if columns.is_empty() {
            return Ok(());
        }
        let header = columns.join(", ");
        if let Some((index, column)) = self.given.iter().find(|(_, c)| !columns.contains(c)) {
            return Err(ImportError::Option(format!(
                "--map {}={column}: there is no column {column:?}; the file has {header}",
                self.specs[*index].field
            )));
        }
        let fed: Vec<usize> =
            columns.iter().filter_map(|column| Some(self.feeds(column)?.0)).collect();
        for (index, spec) in self.specs.iter().enumerate() {
            if spec.required && !fed.contains(&index) {
                return Err(ImportError::Option(format!(
                    "no column gives {}; the file has {header}: use --map {}=COLUMN",
                    spec.field, spec.field
                )));
            }
        }
        Ok(())
    }

    /// The fields of one row.
    ///
    /// # Errors
    /// If a required field is missing, or a text holds what a database cannot keep.
    pub fn apply(&mut self, properties: &Map<String, Value>) -> Result<Fields, String> {
        let mut slots: Vec<Option<(usize, Option<String>)>> = vec![None; self.specs.len()];
        for (column, value) in properties {
            let Some((index, rank)) = self.feeds(column) else { continue };
            let text = plain(value, self.specs[index].field);
            if text.as_ref().is_some_and(|text| text.contains(['\0', '\u{fffd}'])) {
                return Err(format!("column {column:?} holds bytes that are no text"));
            }
            // The best-named column speaks for the field also when it is empty: an id is never made up of another.
            if slots[index].as_ref().is_none_or(|(best, _)| rank < *best) {
                slots[index] = Some((rank, text));
            }
        }
        let texts: Vec<Option<String>> =
            slots.into_iter().map(|slot| slot.and_then(|(_, text)| text)).collect();
        let missing =
            self.specs.iter().zip(&texts).find(|(spec, text)| spec.required && text.is_none());
        if let Some((spec, _)) = missing {
            return Err(format!("{} is missing or empty", spec.field));
        }
        Ok(Fields { specs: self.specs, texts })
    }

    fn feeds(&mut self, column: &str) -> Option<(usize, usize)> {
        if let Some(known) = self.known.get(column) {
            return *known;
        }
        let given = self.given.iter().find(|(_, c)| c == column).map(|(index, _)| (*index, 0));
        let name = normal(column);
        let by_name = || {
            self.specs.iter().enumerate().find_map(|(index, spec)| {
                // A field with a given column listens to no other.
                if self.given.iter().any(|(given, _)| *given == index) {
                    return None;
                }
                let rank = spec.aliases.iter().position(|alias| normal(alias) == name);
                let own = (normal(spec.field) == name).then_some(0);
                own.or(rank.map(|rank| rank + 1)).map(|rank| (index, rank))
            })
        };
        let feeds = given.or_else(by_name);
        self.known.insert(column.to_owned(), feeds);
        feeds
    }
}

/// The text of a value, trimmed; `None` where there is none. An object gives its code or name, as nested `parent`s do.
fn plain(value: &Value, field: &str) -> Option<String> {
    let text = match value {
        Value::Null | Value::Array(_) => return None,
        Value::Number(number) => match number.as_f64() {
            Some(float) if number.is_f64() && float.fract() == 0.0 && float.abs() < 9e15 => {
                (float as i64).to_string()
            }
            _ => number.to_string(),
        },
        Value::Object(members) => {
            let keys =
                if field == "name" { ["name", "adcode", "code"] } else { ["adcode", "code", "id"] };
            text_of(keys.iter().find_map(|key| members.get(*key))?)
        }
        other => text_of(other),
    };
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// The fields of one row as trimmed texts.
#[derive(Clone, Debug)]
pub struct Fields {
    specs: &'static [Spec],
    texts: Vec<Option<String>>,
}

impl Fields {
    /// The text of a field; `None` if the row lacks it.
    pub fn text(&self, field: &str) -> Option<&str> {
        let index = self.specs.iter().position(|spec| spec.field == field)?;
        self.texts.get(index)?.as_deref()
    }

    /// The text of a field, empty if the row lacks it.
    pub fn text_or_empty(&self, field: &str) -> String {
        self.text(field).unwrap_or_default().to_owned()
    }

    /// A whole number that is not negative.
    ///
    /// # Errors
    /// If the field holds something else.
    pub fn count(&self, field: &str) -> Result<Option<i32>, String> {
        let Some(text) = self.text(field) else { return Ok(None) };
        text.parse::<i32>()
            .ok()
            .filter(|count| *count >= 0)
            .map(Some)
            .ok_or_else(|| format!("{field} is {text:?}, which is not a count"))
    }
}
