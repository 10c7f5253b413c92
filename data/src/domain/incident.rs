//! Incidents 事件: what is told, and what is answered.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use spatial::code::Level;
use spatial::crs::Crs;

use super::category::CategoryRef;
use super::division::{DivisionRef, level_name};
use super::grid::GridRef;
use super::grid_worker::CITY_TIME;
use super::id::{
    AddressId, BoundaryVersionId, GazetteerVersion, GridWorkerId, IncidentId, RosterVersionId,
    UnitId,
};
use super::lifecycle::State;

/// By which way a report came in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// 小程序.
    MiniProgram,
    /// APP.
    App,
    /// 热线.
    Hotline,
    /// 网民留言.
    Web,
    /// 矛盾调处.
    Mediation,
    /// 网格巡查.
    GridPatrol,
    /// 接待窗口.
    Window,
    /// 批量导入.
    Import,
}

impl Channel {
    /// All channels.
    pub const ALL: [Self; 8] = [
        Self::MiniProgram,
        Self::App,
        Self::Hotline,
        Self::Web,
        Self::Mediation,
        Self::GridPatrol,
        Self::Window,
        Self::Import,
    ];

    /// The name in the database and on the wire.
    pub const fn name(self) -> &'static str {
        match self {
            Self::MiniProgram => "mini_program",
            Self::App => "app",
            Self::Hotline => "hotline",
            Self::Web => "web",
            Self::Mediation => "mediation",
            Self::GridPatrol => "grid_patrol",
            Self::Window => "window",
            Self::Import => "import",
        }
    }

    /// The channel of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|channel| channel.name() == name)
    }
}

/// A coordinate as it was told: two numbers in a declared system, not yet judged.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct GivenPoint {
    /// Longitude in degrees, or easting in metres.
    pub lng: f64,
    /// Latitude in degrees, or northing in metres.
    pub lat: f64,
    /// The declared system.
    #[serde(default)]
    pub crs: Crs,
}

/// What somebody tells: the input of the intake.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// By which way.
    pub channel: Channel,
    /// Code of the category.
    pub category: String,
    /// In their own words.
    pub description: String,
    /// Where, by coordinate.
    pub location: Option<GivenPoint>,
    /// Where, by address.
    pub address: Option<String>,
    /// The number the sender's own system gave it.
    pub source_id: Option<String>,
    /// When it was told; now if absent.
    pub reported_at: Option<DateTime<Utc>>,
}

/// How the place of an incident was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LocatedBy {
    /// By the coordinate that was given.
    Coordinate,
    /// By the address that was given.
    Address,
    /// Not at all.
    None,
}

impl LocatedBy {
    /// The name in the database and on the wire.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Coordinate => "coordinate",
            Self::Address => "address",
            Self::None => "none",
        }
    }

    /// The way of that name.
    pub fn named(name: &str) -> Option<Self> {
        [Self::Coordinate, Self::Address, Self::None].into_iter().find(|way| way.name() == name)
    }
}

/// On which level of the loop an incident is being worked on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WorkLevel {
    /// 网格.
    Grid,
    /// 社区.
    Community,
    /// 街道.
    Township,
    /// 区县.
    District,
    /// 市.
    City,
}

impl WorkLevel {
    /// All levels, the nearest to the matter first.
    pub const ALL: [Self; 5] =
        [Self::Grid, Self::Community, Self::Township, Self::District, Self::City];

    /// The name in the database and on the wire.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Grid => "grid",
            Self::Community => level_name(Level::Community),
            Self::Township => level_name(Level::Township),
            Self::District => level_name(Level::District),
            Self::City => level_name(Level::City),
        }
    }

    /// The level of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|level| level.name() == name)
    }
}

impl From<Level> for WorkLevel {
    fn from(level: Level) -> Self {
        match level {
            Level::City => Self::City,
            Level::District => Self::District,
            Level::Township => Self::Township,
            Level::Community => Self::Community,
        }
    }
}

/// Who has to act.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(tag = "kind", content = "id", rename_all = "snake_case")]
pub enum HolderId {
    /// A grid worker.
    GridWorker(GridWorkerId),
    /// The desk of an area centre, or a department.
    Unit(UnitId),
}

impl HolderId {
    /// The name of the kind in the database and on the wire.
    pub const fn kind(self) -> &'static str {
        match self {
            Self::GridWorker(_) => "grid_worker",
            Self::Unit(_) => "unit",
        }
    }

    /// The number within its kind.
    pub const fn number(self) -> i32 {
        match self {
            Self::GridWorker(GridWorkerId(number)) | Self::Unit(UnitId(number)) => number,
        }
    }

    /// The holder of that kind and number.
    pub fn of(kind: &str, number: i32) -> Option<Self> {
        match kind {
            "grid_worker" => Some(Self::GridWorker(GridWorkerId(number))),
            "unit" => Some(Self::Unit(UnitId(number))),
            _ => None,
        }
    }
}

/// Who has to act, with name and reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holder {
    /// Who.
    #[serde(flatten)]
    pub id: HolderId,
    /// The holder's name.
    pub name: String,
    /// Why this one.
    pub reason: String,
}

/// The place as it was told.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Given {
    /// The coordinate in its own system.
    pub point: Option<GivenPoint>,
    /// The address as written.
    pub address: Option<String>,
}

/// A known address, as answers carry it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AddressRef {
    /// Its id.
    pub address_id: AddressId,
    /// The whole text.
    pub full_text: String,
}

/// What was understood of an address that was told.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AddressMatch {
    /// The place, in one line; none when nothing fits.
    pub label: Option<String>,
    /// How exactly it is placed, such as `room`, `building`, `site`.
    pub level: Option<String>,
    /// `accepted`, `ambiguous`, `doubtful` or `not_found`.
    pub verdict: String,
    /// The chance of this place.
    pub confidence: Option<f32>,
    /// The chance of the grid of the case, summed over all places that fit.
    pub grid_confidence: Option<f32>,
    /// Within this many metres of the point.
    pub accuracy_m: Option<f64>,
    /// The gazetteer that was asked.
    pub gazetteer_version: GazetteerVersion,
    /// What to ask whoever told it.
    pub question: Option<String>,
    /// The coordinate lies elsewhere; it was taken.
    pub conflict: Option<PointConflict>,
}

/// A coordinate that contradicts the address told with it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PointConflict {
    /// Metres from the address to the coordinate.
    pub apart_m: f64,
    /// The coordinate system under which the two would agree.
    pub likely_crs: Option<String>,
}

/// An incident with the names of everything it points to: the answer of the intake, of reads and of lists, and the body
/// that is kept for the repetition of a request.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Incident {
    /// Its id.
    pub incident_id: IncidentId,
    /// When it was told.
    pub reported_at: DateTime<Utc>,
    /// When it reached us.
    pub received_at: DateTime<Utc>,
    /// By which way.
    pub channel: Channel,
    /// The number in the sender's own system.
    pub source_id: Option<String>,
    /// What it is about.
    pub category: CategoryRef,
    /// In the reporter's words.
    pub description: String,
    /// Where the work is.
    pub state: State,
    /// On which level.
    pub level: WorkLevel,
    /// WGS 84 degrees on the lattice, lng then lat.
    pub location: Option<[f64; 2]>,
    /// The place as it was told.
    pub given: Given,
    /// How the place was found.
    pub located_by: LocatedBy,
    /// The known address, when the text matched one.
    pub address: Option<AddressRef>,
    /// What was understood of the address, when it was not known word for word.
    #[serde(default)]
    pub address_match: Option<AddressMatch>,
    /// The grid at the time of the event.
    pub grid: Option<GridRef>,
    /// A special grid over the place, by the same borders.
    #[serde(default)]
    pub special_grid: Option<GridRef>,
    /// The community of the grid.
    pub community: Option<DivisionRef>,
    /// Its township.
    pub township: Option<DivisionRef>,
    /// Its district.
    pub district: Option<DivisionRef>,
    /// Who has to act, and why this one.
    pub holder: Holder,
    /// By when it must be handled.
    pub due_at: DateTime<Utc>,
    /// When it was closed.
    pub closed_at: Option<DateTime<Utc>>,
    /// The borders it was decided with.
    pub boundary_version: BoundaryVersionId,
    /// The rosters it was decided with.
    pub roster_version: RosterVersionId,
    /// Counts the changes of the row, for conditional requests.
    pub row_version: i32,
}

impl Incident {
    /// The number people read out: the day it was told (city time) and the id.
    pub fn number(&self) -> String {
        number(self.reported_at, self.incident_id)
    }
}

/// The number people read out: the day it was told (city time) and the id, at least six digits.
pub fn number(reported_at: DateTime<Utc>, incident_id: IncidentId) -> String {
    format!("{}-{:06}", reported_at.with_timezone(&CITY_TIME).format("%Y%m%d"), incident_id.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_number_carries_the_day_of_the_city() {
        let late_evening_utc =
            DateTime::parse_from_rfc3339("2026-07-26T17:30:00Z").unwrap().to_utc();
        assert_eq!(number(late_evening_utc, IncidentId(123)), "20260727-000123");
    }

    #[test]
    fn names_on_the_wire_and_in_the_database_are_the_same() {
        for channel in Channel::ALL {
            assert_eq!(serde_json::json!(channel), channel.name());
            assert_eq!(Channel::named(channel.name()), Some(channel));
        }
        for level in WorkLevel::ALL {
            assert_eq!(serde_json::json!(level), level.name());
            assert_eq!(WorkLevel::named(level.name()), Some(level));
        }
        let holder = HolderId::GridWorker(GridWorkerId(5));
        assert_eq!(serde_json::json!(holder), serde_json::json!({"kind": "grid_worker", "id": 5}));
        assert_eq!(HolderId::of(holder.kind(), holder.number()), Some(holder));
    }
}
