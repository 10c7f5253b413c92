//! Incidents as clients see them.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use data::domain::grid::GridRef;
use data::domain::incident::{AddressMatch, Given, Holder, Incident, PointConflict};

use super::place::{LocationView, NamedView};

/// An incident.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = Incident)]
pub struct IncidentView {
    /// Id.
    #[schema(example = "123")]
    pub id: String,
    /// Number that people use.
    pub number: String,
    /// When it was reported.
    pub reported_at: DateTime<Utc>,
    /// When it was stored here.
    pub received_at: DateTime<Utc>,
    /// Where it came in.
    pub channel: String,
    /// The number the case has in the caller's own system.
    pub source_id: Option<String>,
    /// What kind of thing happened.
    pub category: NamedView,
    /// What happened.
    pub description: String,
    /// Where the work is.
    pub state: String,
    /// Which level has it: `grid`, `community`, `township`, `district` or `city`.
    pub level: String,
    /// Where it happened, in WGS 84; null when it could not be located.
    pub location: Option<LocationView>,
    /// The place as it was told.
    pub given: GivenView,
    /// `coordinate`, `address` or `none`.
    pub located_by: String,
    /// The address it was found by.
    pub address: Option<AddressView>,
    /// What was understood of the address, when it was not known word for word.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address_match: Option<AddressMatchView>,
    /// The grid it lies in.
    pub grid: Option<IncidentGridView>,
    /// A special grid over the place.
    pub special_grid: Option<IncidentGridView>,
    /// The community it lies in.
    pub community: Option<NamedView>,
    /// The township it lies in.
    pub township: Option<NamedView>,
    /// The district it lies in.
    pub district: Option<NamedView>,
    /// Who has to act.
    pub holder: HolderView,
    /// Until when.
    pub due_at: DateTime<Utc>,
    /// When it was closed.
    pub closed_at: Option<DateTime<Utc>>,
    /// The boundaries it was routed with.
    pub boundary_version: i32,
    /// The rosters it was routed with.
    pub roster_version: i32,
    /// Counts its changes; the `ETag`.
    pub row_version: i32,
}

/// The place as the caller told it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = Given)]
pub struct GivenView {
    /// Longitude or easting as given.
    pub lng: Option<f64>,
    /// Latitude or northing as given.
    pub lat: Option<f64>,
    /// The system it was given in.
    pub crs: Option<String>,
    /// The words it was given in.
    pub address: Option<String>,
}

/// An address of the register.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = AddressRef)]
pub struct AddressView {
    /// Id.
    pub id: i32,
    /// The whole address.
    pub full_text: String,
}

/// What was understood of an address that was told, as it was understood then.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = AddressMatch)]
pub struct AddressMatchView {
    /// The place, in one line; absent when nothing fits.
    pub label: Option<String>,
    /// How exactly it is placed, such as `room`, `building`, `site`.
    pub level: Option<String>,
    /// `accepted`, `ambiguous`, `doubtful` or `not_found`.
    pub verdict: String,
    /// The chance of this place, 0 to 1.
    pub confidence: Option<f32>,
    /// The chance of the grid of the case, summed over all places that fit.
    pub grid_confidence: Option<f32>,
    /// Within this many metres of the point.
    pub accuracy_m: Option<f64>,
    /// The gazetteer that was asked.
    pub gazetteer_version: i32,
    /// What to ask whoever reported it.
    pub question: Option<String>,
    /// The coordinate lies elsewhere than the address; the coordinate was taken.
    pub conflict: Option<PointConflictView>,
}

/// A coordinate that contradicts the address reported with it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = PointConflict)]
pub struct PointConflictView {
    /// Metres from the address to the coordinate.
    pub apart_m: f64,
    /// The coordinate system under which the two would agree.
    pub likely_crs: Option<String>,
}

impl From<AddressMatch> for AddressMatchView {
    fn from(found: AddressMatch) -> Self {
        let conflict = |one: PointConflict| PointConflictView {
            apart_m: one.apart_m,
            likely_crs: one.likely_crs,
        };
        Self {
            label: found.label,
            level: found.level,
            verdict: found.verdict,
            confidence: found.confidence,
            grid_confidence: found.grid_confidence,
            accuracy_m: found.accuracy_m,
            gazetteer_version: found.gazetteer_version.0,
            question: found.question,
            conflict: found.conflict.map(conflict),
        }
    }
}

/// The grid of an incident.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = IncidentGrid)]
pub struct IncidentGridView {
    /// Id of the shape it was located in; the feature id in tiles.
    pub id: i32,
    /// Code.
    pub code: String,
    /// Name.
    pub name: String,
    /// `basic` or `special`.
    pub kind: String,
}

/// Who has to act, and why they.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = Holder)]
pub struct HolderView {
    /// `grid_worker` or `unit`.
    pub kind: String,
    /// Id of the worker or unit.
    pub id: i32,
    /// Name.
    pub name: String,
    /// Why it was given to them.
    pub reason: String,
}

/// A page of incidents, newest first.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = IncidentList)]
pub struct IncidentListView {
    /// The incidents.
    pub incidents: Vec<IncidentView>,
    /// Where the next page begins; absent on the last one. Also in the Link header.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_cursor: Option<String>,
}

/// Which incidents to list. All that are given must hold.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct IncidentQuery {
    /// State, or `open` for all that are not closed.
    pub state: Option<String>,
    /// District code.
    pub district: Option<String>,
    /// Township code.
    pub township: Option<String>,
    /// Community code.
    pub community: Option<String>,
    /// Grid code.
    pub grid: Option<String>,
    /// Channel.
    pub channel: Option<String>,
    /// Code of a category, minor or major.
    pub category: Option<String>,
    /// Only those reported at or after this time.
    pub reported_after: Option<DateTime<Utc>>,
    /// Only those reported before this time.
    pub reported_before: Option<DateTime<Utc>>,
    /// How many on a page, 1 to 500; 50 when not given.
    pub limit: Option<u32>,
    /// Where the page before ended.
    pub cursor: Option<String>,
}

impl From<Holder> for HolderView {
    fn from(holder: Holder) -> Self {
        let (kind, id) = (holder.id.kind().to_owned(), holder.id.number());
        Self { kind, id, name: holder.name, reason: holder.reason }
    }
}

impl From<Incident> for IncidentView {
    fn from(incident: Incident) -> Self {
        let number = incident.number();
        Self {
            id: incident.incident_id.to_string(),
            number,
            reported_at: incident.reported_at,
            received_at: incident.received_at,
            channel: incident.channel.name().to_owned(),
            source_id: incident.source_id,
            category: NamedView { code: incident.category.code, name: incident.category.name },
            description: incident.description,
            state: incident.state.name().to_owned(),
            level: incident.level.name().to_owned(),
            location: incident.location.map(|[lng, lat]| LocationView {
                lng,
                lat,
                crs: "wgs84".to_owned(),
            }),
            given: incident.given.into(),
            located_by: incident.located_by.name().to_owned(),
            address: incident.address.map(|address| AddressView {
                id: address.address_id.0,
                full_text: address.full_text,
            }),
            address_match: incident.address_match.map(AddressMatchView::from),
            grid: incident.grid.map(Into::into),
            special_grid: incident.special_grid.map(Into::into),
            community: incident.community.map(NamedView::from),
            township: incident.township.map(NamedView::from),
            district: incident.district.map(NamedView::from),
            holder: HolderView::from(incident.holder),
            due_at: incident.due_at,
            closed_at: incident.closed_at,
            boundary_version: incident.boundary_version.0,
            roster_version: incident.roster_version.0,
            row_version: incident.row_version,
        }
    }
}

impl From<GridRef> for IncidentGridView {
    fn from(grid: GridRef) -> Self {
        let GridRef { grid_id, code, name, kind } = grid;
        Self { id: grid_id.0, code, name, kind: kind.name().to_owned() }
    }
}

impl From<Given> for GivenView {
    fn from(given: Given) -> Self {
        Self {
            lng: given.point.map(|point| point.lng),
            lat: given.point.map(|point| point.lat),
            crs: given.point.map(|point| point.crs.to_string()),
            address: given.address,
        }
    }
}
