//! Boundary versions as planners and clients see them.

use chrono::{DateTime, Utc};
use data::actions::boundary::edits::GivenEdit;
use data::actions::boundary::reroute::Rerouted;
use data::domain::boundary::{GridChange, Published};
use data::store::BoundaryRecord;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// A published state of all borders.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = BoundaryVersion)]
pub struct BoundaryVersionView {
    /// Its number; answers carry it as `boundary_version`.
    pub boundary_version: i32,
    /// From when on it is in force, until the next one is.
    pub effective_at: DateTime<Utc>,
    /// When it was published.
    pub published_at: DateTime<Utc>,
    /// Who published it.
    pub published_by: String,
    /// Why.
    pub note: String,
    /// Whether it is the one in force now.
    pub in_force: bool,
}

/// All boundary versions.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = BoundaryVersionList)]
pub struct BoundaryVersionListView {
    /// In the order in which they come into force.
    pub boundary_versions: Vec<BoundaryVersionView>,
}

/// One version, and what it changed.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = BoundaryVersionDetail)]
pub struct BoundaryDetailView {
    /// The version.
    #[serde(flatten)]
    pub version: BoundaryVersionView,
    /// The version it is compared with; absent for the first.
    pub compared_with: Option<i32>,
    /// The grids that differ, in order of code.
    pub grids: Vec<GridChangeView>,
}

/// With which version to compare.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct DiffQuery {
    /// Number of the other version; the one before, when it is not given.
    pub from: Option<i32>,
}

/// One grid that differs.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = GridChange)]
pub struct GridChangeView {
    /// Code.
    #[schema(example = "620102001001003")]
    pub code: String,
    /// `added`, `changed`, `ended`, or `joined`: it was not edited but got a corner of a neighbour's new border.
    pub change: &'static str,
    /// Area before, in square metres.
    pub area_before_m2: Option<f64>,
    /// Area after.
    pub area_after_m2: Option<f64>,
}

/// Edited grids to be published. Together they cover exactly the land that the grids of the same codes, and the ended
/// ones, cover now: no gap, no overlap.
#[derive(Clone, Debug, PartialEq, Deserialize, ToSchema)]
#[schema(as = Publication)]
#[serde(deny_unknown_fields)]
pub struct PublishBody {
    /// The version they were edited from. When another was published since, nothing is.
    pub base_version: Option<i32>,
    /// From when on; at once, when it is not given. In the past it is a correction: cases since then get the grid that is
    /// right for their time.
    pub effective_at: Option<DateTime<Utc>>,
    /// Why.
    #[serde(default)]
    pub note: String,
    /// New grids and new states of known ones, at most 5,000.
    #[serde(default)]
    #[schema(max_items = 5000)]
    pub grids: Vec<GridEditBody>,
    /// Codes of grids that end.
    #[serde(default)]
    pub ended: Vec<String>,
    /// Whether land may change hands between communities; their outlines and those above follow.
    #[serde(default)]
    pub move_divisions: bool,
    /// Judge only, write nothing.
    #[serde(default)]
    pub dry_run: bool,
}

/// A grid as it shall be.
#[derive(Clone, Debug, PartialEq, Deserialize, ToSchema)]
#[schema(as = GridEdit)]
#[serde(deny_unknown_fields)]
pub struct GridEditBody {
    /// Code.
    pub code: String,
    /// Name; as it was, when it is not given.
    pub name: Option<String>,
    /// `basic` or `special`.
    pub kind: Option<String>,
    /// Code of the community; as it was, or the one in the code, when it is not given.
    pub community_code: Option<String>,
    /// How many people live in it: a count.
    pub people: Option<i32>,
    /// Its whole territory: a GeoJSON Polygon or `MultiPolygon` (WGS 84, lng then lat).
    #[schema(value_type = Object)]
    pub geometry: serde_json::Value,
}

/// What was published, or with `dry_run` would be.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = Published)]
pub struct PublishedView {
    /// The new version; null with `dry_run`, and when nothing differs.
    pub boundary_version: Option<i32>,
    /// The version it was made from.
    pub base_version: i32,
    /// From when on it is in force.
    pub effective_at: Option<DateTime<Utc>>,
    /// The grids that differ.
    pub grids: Vec<GridChangeView>,
    /// Codes of divisions whose outlines moved along.
    pub divisions: Vec<String>,
    /// How many addresses and buildings got another grid; a version to come does that when it comes into force.
    pub rehoused: u64,
    /// How many known cases got the grid of their time anew; only with an `effective_at` in the past.
    pub relocated: u64,
    /// The map that shows it.
    pub map_version: Option<i32>,
}

/// Which cases were given to somebody else.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = Rerouted)]
pub struct ReroutedView {
    /// The borders they were decided with.
    pub boundary_version: i32,
    /// The rosters they were decided with.
    pub roster_version: i32,
    /// Ids of the cases that have another holder now.
    pub rerouted: Vec<String>,
    /// How many were looked at and stayed where they are.
    pub kept: u64,
    /// Whether there are more: ask again.
    pub more: bool,
}

impl From<BoundaryRecord> for BoundaryVersionView {
    fn from(record: BoundaryRecord) -> Self {
        Self {
            boundary_version: record.id.0,
            effective_at: record.effective_at,
            published_at: record.published_at,
            published_by: record.published_by,
            note: record.note,
            in_force: record.in_force,
        }
    }
}

impl From<GridChange> for GridChangeView {
    fn from(change: GridChange) -> Self {
        Self {
            code: change.code,
            change: change.kind.name(),
            area_before_m2: change.area_before_m2,
            area_after_m2: change.area_after_m2,
        }
    }
}

impl From<GridEditBody> for GivenEdit {
    fn from(body: GridEditBody) -> Self {
        Self {
            code: body.code,
            name: body.name,
            kind: body.kind,
            community_code: body.community_code,
            people: body.people,
            geometry: body.geometry.to_string(),
        }
    }
}

impl From<Published> for PublishedView {
    fn from(published: Published) -> Self {
        Self {
            boundary_version: published.boundary_version.map(|id| id.0),
            base_version: published.base.0,
            effective_at: published.effective_at,
            grids: published.grids.into_iter().map(Into::into).collect(),
            divisions: published.divisions,
            rehoused: published.rehoused,
            relocated: published.relocated,
            map_version: published.map_version.map(|id| id.0),
        }
    }
}

impl From<Rerouted> for ReroutedView {
    fn from(rerouted: Rerouted) -> Self {
        Self {
            boundary_version: rerouted.boundary_version.0,
            roster_version: rerouted.roster_version.0,
            rerouted: rerouted.moved.iter().map(ToString::to_string).collect(),
            kept: rerouted.kept,
            more: rerouted.more,
        }
    }
}
