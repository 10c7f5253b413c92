//! A file of addresses to be found 批量解析: which columns say what, what a row asks, what it was answered, and where the
//! work stands.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use spatial::crs::Crs;

use super::id::{ApiKeyId, GeocodeJobId};
use super::incident::GivenPoint;
use crate::error::Fault;

/// Elements of an address that a file may have columns for, from the widest to the narrowest.
pub const ELEMENTS: [&str; 9] =
    ["district", "township", "community", "road", "number", "compound", "building", "unit", "room"];

/// Where a job stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum JobState {
    /// The file is there; nobody has said yet what its columns mean.
    Uploaded,
    /// It is to be worked on.
    Waiting,
    /// It is worked on.
    Running,
    /// Every row has an answer.
    Done,
    /// Somebody ended it before it was done.
    Cancelled,
    /// Its texts are deleted.
    Deleted,
}

impl JobState {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::Uploaded, Self::Waiting, Self::Running, Self::Done, Self::Cancelled, Self::Deleted];

    /// Its name in the database and the API.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Uploaded => "uploaded",
            Self::Waiting => "waiting",
            Self::Running => "running",
            Self::Done => "done",
            Self::Cancelled => "cancelled",
            Self::Deleted => "deleted",
        }
    }

    /// The one of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.name() == name)
    }

    /// Whether nothing happens to it by itself any more.
    pub const fn is_at_rest(self) -> bool {
        !matches!(self, Self::Waiting | Self::Running)
    }
}

/// Which columns say what, by name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Mapping {
    /// The caller's own id of a row.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The address in words; several are read one after the other.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub text: Vec<String>,
    /// The address in parts, by name of the part.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub elements: BTreeMap<String, String>,
    /// Longitude, or easting.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lng: Option<String>,
    /// Latitude, or northing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lat: Option<String>,
    /// The system the points of the file are in, and coordinates inside its texts; never guessed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub point_crs: Option<String>,
}

/// A mapping with columns found: by number.
#[derive(Clone, Debug, PartialEq)]
pub struct Columns {
    text: Vec<usize>,
    elements: Vec<(&'static str, usize)>,
    point: Option<(usize, usize, Crs)>,
    text_crs: Option<Crs>,
    names: Vec<String>,
}

/// What one row asks.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RowQuery {
    /// The address in words, or made of its parts; empty when there is none.
    pub text: String,
    /// The parts, when they were given apart.
    pub elements: BTreeMap<&'static str, String>,
    /// A point beside it.
    pub point: Option<GivenPoint>,
    /// The system of coordinates inside the text.
    pub text_crs: Option<Crs>,
}

impl Mapping {
    /// Finds the columns that the mapping names.
    ///
    /// # Errors
    /// Every fault with its place: an unknown column, a longitude without latitude, a point without a system, nothing to ask.
    pub fn resolve(&self, columns: &[String]) -> Result<Columns, Vec<Fault>> {
        let mut faults = Vec::new();
        let mut find = |pointer: String, name: &String| {
            let at = columns.iter().position(|column| column == name);
            if at.is_none() {
                let known = columns.join(", ");
                faults.push(Fault::at(
                    pointer,
                    format!("there is no column {name:?}; there are {known}"),
                ));
            }
            at
        };
        let text: Vec<usize> = (0..)
            .zip(&self.text)
            .filter_map(|(n, name): (usize, _)| find(format!("/mapping/text/{n}"), name))
            .collect();
        let mut elements = Vec::new();
        for element in ELEMENTS {
            if let Some(name) = self.elements.get(element) {
                let at = find(format!("/mapping/elements/{element}"), name);
                elements.extend(at.map(|at| (element, at)));
            }
        }
        self.id.as_ref().and_then(|name| find("/mapping/id".to_owned(), name));
        let lng = self.lng.as_ref().and_then(|name| find("/mapping/lng".to_owned(), name));
        let lat = self.lat.as_ref().and_then(|name| find("/mapping/lat".to_owned(), name));
        for name in self.elements.keys().filter(|name| !ELEMENTS.contains(&name.as_str())) {
            let known = ELEMENTS.join(", ");
            let why = format!("{name:?} is no part of an address; there are {known}");
            faults.push(Fault::at("/mapping/elements", why));
        }
        let point = self.point(lng.zip(lat), &mut faults);
        if self.text.is_empty()
            && self.elements.is_empty()
            && self.lng.is_none()
            && self.lat.is_none()
        {
            let why = "nothing to ask: name a column for text, elements, or lng and lat";
            faults.push(Fault::at("/mapping", why));
        }
        if !self.text.is_empty() && !self.elements.is_empty() {
            let why = "the address stands in text or in elements, not in both";
            faults.push(Fault::at("/mapping", why));
        }
        if faults.is_empty() {
            let text_crs = self.point_crs.as_ref().and_then(|name| name.parse().ok());
            Ok(Columns { text, elements, point, text_crs, names: columns.to_vec() })
        } else {
            Err(faults)
        }
    }

    /// The columns of a point, if all three of its parts are told.
    fn point(
        &self,
        found: Option<(usize, usize)>,
        faults: &mut Vec<Fault>,
    ) -> Option<(usize, usize, Crs)> {
        let crs = self.point_crs.as_ref().map(|name| name.parse::<Crs>());
        match (&self.lng, &self.lat, crs) {
            (None, None, None) => None,
            // Only for coordinates inside the text.
            (None, None, Some(Ok(_))) if !self.text.is_empty() => None,
            (Some(_), Some(_), Some(Ok(crs))) => found.map(|(lng, lat)| (lng, lat, crs)),
            (_, _, Some(Err(why))) => {
                faults.push(Fault::at("/mapping/point_crs", why.to_string()));
                None
            }
            (Some(_), Some(_), None) => {
                let why = "the system of the points is declared, never guessed: wgs84, cgcs2000, gcj02 or bd09";
                faults.push(Fault::at("/mapping/point_crs", why));
                None
            }
            _ => {
                faults.push(Fault::at("/mapping", "lng, lat and point_crs come together"));
                None
            }
        }
    }
}

impl Columns {
    /// What a row asks.
    ///
    /// # Errors
    /// A sentence that names the column whose cell cannot be used.
    pub fn query(&self, cells: &[String]) -> Result<RowQuery, String> {
        let cell = |at: usize| cells.get(at).map_or("", |cell| cell.trim());
        let mut query = RowQuery { text_crs: self.text_crs, ..RowQuery::default() };
        for &at in &self.text {
            if !query.text.is_empty() && !cell(at).is_empty() {
                query.text.push(' ');
            }
            query.text.push_str(cell(at));
        }
        for &(element, at) in &self.elements {
            if !cell(at).is_empty() {
                query.text.push_str(cell(at));
                query.elements.insert(element, cell(at).to_owned());
            }
        }
        if let Some((lng_at, lat_at, crs)) = self.point {
            let number = |at: usize| -> Result<f64, String> {
                let name = self.names.get(at).map_or("", String::as_str);
                let shown: String = cell(at).chars().take(40).collect();
                let number: f64 = cell(at)
                    .parse()
                    .map_err(|_| format!("column {name:?}: {shown:?} is not a number"))?;
                if number.is_finite() {
                    Ok(number)
                } else {
                    Err(format!("column {name:?}: {shown:?} is not a number"))
                }
            };
            if !(cell(lng_at).is_empty() && cell(lat_at).is_empty()) {
                let (lng, lat) = (number(lng_at)?, number(lat_at)?);
                query.point = Some(GivenPoint { lng, lat, crs });
            }
        }
        Ok(query)
    }
}

/// What a row was answered.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct RowAnswer {
    /// `accepted`, `ambiguous`, `doubtful`, `not_found`; `located` for a point without text, `outside` for one in no grid;
    /// `empty` for a row that asks nothing, `fault` for one that cannot be read.
    pub status: String,
    /// Chance that the text means this place.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub confidence: Option<f64>,
    /// How exactly it is placed.
    pub level: String,
    /// The address in one line.
    pub label: String,
    /// Longitude in the system that was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lng: Option<f64>,
    /// Latitude.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lat: Option<f64>,
    /// Within this many metres.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accuracy_m: Option<f64>,
    /// Code of the grid.
    pub grid_code: String,
    /// Its name.
    pub grid_name: String,
    /// Chance of that grid, summed over all candidates.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub grid_confidence: Option<f64>,
    /// Code of the community.
    pub community_code: String,
    /// 社区.
    pub community: String,
    /// 街道.
    pub township: String,
    /// 区县.
    pub district: String,
    /// The one question that would tell the candidates apart.
    pub question: String,
    /// What speaks against the answer, or why there is none.
    pub fault: String,
    /// The answer in a sentence for a person.
    pub note: String,
}

/// Versions of all that an answer depends on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Versions {
    /// Of the borders.
    pub boundary: i32,
    /// Of the gazetteer.
    pub gazetteer: i64,
    /// A fingerprint of the aliases in force.
    pub alias: i64,
}

/// A job as it is kept.
#[derive(Clone, Debug, PartialEq)]
pub struct GeocodeJob {
    /// Its id.
    pub id: GeocodeJobId,
    /// The key that made it.
    pub api_key: ApiKeyId,
    /// Name of the file, as it was told.
    pub file_name: String,
    /// `csv` or `xlsx`.
    pub format: String,
    /// How the file was read.
    pub reading: serde_json::Value,
    /// Header cells as they stand in the file.
    pub header: Vec<String>,
    /// The same, made distinct.
    pub columns: Vec<String>,
    /// The system of the answers.
    pub crs: String,
    /// Which columns say what; none before the start.
    pub mapping: Option<Mapping>,
    /// Where it stands.
    pub state: JobState,
    /// Rows of the file, without the header.
    pub row_count: i32,
    /// 1 for the first run, one more for each rerun.
    pub run: i32,
    /// Rows this run is through with.
    pub done_rows: i32,
    /// Of these, how many were answered anew; the others are as they would be.
    pub computed_rows: i32,
    /// Of these, how many are answered otherwise than in the run before.
    pub changed_rows: i32,
    /// How many rows came out how.
    pub outcomes: BTreeMap<String, i64>,
    /// Versions of the last answers.
    pub versions: Option<Versions>,
    /// When it was uploaded.
    pub created_at: DateTime<Utc>,
    /// When the run was asked for.
    pub started_at: Option<DateTime<Utc>>,
    /// When the run ended.
    pub finished_at: Option<DateTime<Utc>>,
    /// When its texts are deleted.
    pub expires_at: DateTime<Utc>,
}

#[cfg(test)]
#[path = "geocode_job_tests.rs"]
mod tests;
