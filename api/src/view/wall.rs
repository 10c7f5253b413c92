//! What a map wall shows.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use data::actions::wall::WallStats;
use data::routing::Duty;
use data::store::OpenPoint;
use serde::Serialize;
use serde::ser::SerializeTuple;
use serde_json::value::RawValue;
use utoipa::{IntoParams, ToSchema};

use super::place::NamedView;
use crate::error::ApiError;

/// One step in the life of an incident as a wall may see it: where and what kind, never who or which words.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = WallIncident)]
pub struct WallIncidentView {
    /// Its place in the stream.
    seq: i64,
    /// Id of the incident.
    id: String,
    /// Number that people use.
    number: String,
    /// What was done, such as `report`.
    action: String,
    /// Where the work is.
    state: String,
    /// Which level has it.
    level: String,
    /// Where it came in.
    channel: String,
    /// What kind of thing happened.
    category: NamedView,
    /// Longitude in WGS 84; null when it has no place, and for what is only counted.
    lng: Option<f64>,
    /// Latitude in WGS 84.
    lat: Option<f64>,
    /// Id of the grid; the feature id in tiles.
    grid_id: Option<i32>,
    /// Code of the grid.
    grid_code: Option<String>,
    /// Code of the community.
    community_code: Option<String>,
    /// Code of the township.
    township_code: Option<String>,
    /// Code of the district.
    district_code: Option<String>,
    /// When it was reported.
    reported_at: DateTime<Utc>,
    /// Until when its holder has to act.
    due_at: DateTime<Utc>,
    /// Township · community.
    place: String,
}

/// The figures of a wall, exact for one place in the stream.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = WallStats)]
pub struct WallStatsView {
    /// When they were counted.
    pub as_of: DateTime<Utc>,
    /// The place in the stream that they are exact for: follow the stream from here and count on.
    pub seq: i64,
    /// Today, in the city's time.
    pub today: TodayView,
    /// Reported today, by channel.
    pub by_channel: BTreeMap<String, i64>,
    /// Open, by the level that has the work.
    pub by_level: BTreeMap<String, i64>,
    /// Reported today, by category, the most frequent first.
    pub by_category: Vec<CategoryCountView>,
    /// Open, by code of district, township and community alike.
    pub open_by_division: BTreeMap<String, i64>,
    /// Open, by grid id.
    pub open_by_grid: BTreeMap<i32, i64>,
    /// Reported today, by hour of the city's day: 24 numbers.
    pub hourly: [i64; 24],
    /// Grid workers on shift now.
    pub workers_on_duty: usize,
    /// Basic grids.
    pub grids: usize,
    /// People living there: a sum of counts.
    pub people: i64,
    /// Whether the city is made up.
    pub synthetic: bool,
    /// The latest steps, the newest first, at most 50.
    #[schema(value_type = Vec<WallIncidentView>)]
    pub recent: Vec<Box<RawValue>>,
    /// Open incidents that may be shown as points: `[id, lng, lat, category code, state]`.
    #[schema(value_type = Vec<Vec<serde_json::Value>>)]
    pub open_points: Vec<OpenPointView>,
}

/// Figures of a day.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Today)]
pub struct TodayView {
    /// Reported today.
    pub received: i64,
    /// Open now, whenever reported.
    pub open: i64,
    /// Closed today.
    pub closed: i64,
    /// Open now and past their deadline.
    pub overdue: i64,
}

/// How many of a category.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CategoryCount)]
pub struct CategoryCountView {
    /// Code.
    pub code: String,
    /// Name.
    pub name: String,
    /// How many; nought where that is not told.
    pub count: i64,
    /// There are some, but fewer than this: so small a number of disputes could be guessed to be about somebody.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fewer_than: Option<i64>,
}

/// The smallest number of disputes that is told.
const SMALLEST_COUNT: i64 = 3;

impl CategoryCountView {
    /// The number of a category, or that it is small where it is one of those that are only counted.
    fn new(code: String, count: i64, duty: &Duty) -> Self {
        let category = duty.category(&code);
        let hides =
            category.is_some_and(|one| one.counted_only) && (1..SMALLEST_COUNT).contains(&count);
        Self {
            name: category.map_or_else(String::new, |one| one.name.clone()),
            count: if hides { 0 } else { count },
            fewer_than: hides.then_some(SMALLEST_COUNT),
            code,
        }
    }
}

/// An open incident as a point; a tuple, since there are thousands.
#[derive(Debug)]
pub struct OpenPointView(pub OpenPoint);

impl Serialize for OpenPointView {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut tuple = serializer.serialize_tuple(5)?;
        tuple.serialize_element(&self.0.incident_id.to_string())?;
        tuple.serialize_element(&self.0.lng)?;
        tuple.serialize_element(&self.0.lat)?;
        tuple.serialize_element(&self.0.category_code)?;
        tuple.serialize_element(&self.0.state)?;
        tuple.end()
    }
}

/// Nothing happened for five seconds, or much: everything up to `seq` has been sent.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Heartbeat)]
pub struct HeartbeatView {
    /// The place in the stream.
    pub seq: i64,
    /// When it was sent.
    pub at: DateTime<Utc>,
}

/// The map or the borders changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = MapVersion)]
pub struct MapVersionView {
    /// What tiles are drawn from now.
    pub map_version: Option<i32>,
    /// The borders in force now.
    pub boundary_version: Option<i32>,
}

/// Borders were published.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = BoundaryPublished)]
pub struct BoundaryPublishedView {
    /// Their version.
    pub boundary_version: i32,
    /// From when on they are in force; the `map` that shows them follows by then.
    pub effective_at: DateTime<Utc>,
}

/// The place asked for is not in this stream.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Resync)]
pub struct ResyncView {
    /// Why.
    pub reason: &'static str,
    /// Where the stream stands.
    pub seq: i64,
}

/// From where on to follow the stream.
#[derive(Debug, serde::Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct StreamQuery {
    /// Everything after this place; a `Last-Event-ID` header goes before it.
    pub after: Option<i64>,
}

impl WallStatsView {
    /// The figures with the names of their categories.
    ///
    /// # Errors
    /// When a stored event is no JSON.
    pub fn new(stats: WallStats, duty: &Duty) -> Result<Self, ApiError> {
        let WallStats { as_of, counts, workers_on_duty, grids, people, synthetic } = stats;
        let mut by_category: Vec<_> = counts
            .by_category
            .into_iter()
            .map(|(code, count)| CategoryCountView::new(code, count, duty))
            .collect();
        by_category.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.code.cmp(&b.code)));
        let recent = counts
            .recent
            .into_iter()
            .map(RawValue::from_string)
            .collect::<Result<_, _>>()
            .map_err(|error| ApiError::internal(&error))?;
        Ok(Self {
            as_of,
            seq: counts.seq,
            today: TodayView {
                received: counts.received,
                open: counts.open,
                closed: counts.closed,
                overdue: counts.overdue,
            },
            by_channel: counts.by_channel,
            by_level: counts.by_level,
            by_category,
            open_by_division: counts.open_by_division,
            open_by_grid: counts.open_by_grid,
            hourly: counts.hourly,
            workers_on_duty,
            grids,
            people,
            synthetic,
            recent,
            open_points: counts.open_points.into_iter().map(OpenPointView).collect(),
        })
    }
}
