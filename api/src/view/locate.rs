//! Where a point lies: request and answer of `POST /v1/locate`.

use chrono::{DateTime, Utc};
use data::actions::locate::Located;
use data::routing::RoutingView;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::place::{GridRefView, NamedView};

/// One point, or many at once.
#[derive(Clone, Debug, PartialEq, Deserialize, ToSchema)]
#[schema(as = LocateRequest)]
#[serde(deny_unknown_fields)]
pub struct LocateBody {
    /// The system all coordinates of this request are in: `wgs84`, `cgcs2000`, `gcj02`, `bd09` or `EPSG:n`.
    #[schema(example = "gcj02")]
    pub crs: String,
    /// Longitude of the one point (easting in metres for a projected system).
    #[schema(example = 103.834_228)]
    pub lng: Option<f64>,
    /// Latitude of the one point (northing in metres for a projected system).
    #[schema(example = 36.061_112)]
    pub lat: Option<f64>,
    /// Many points, at most 10,000, instead of `lng` and `lat`.
    #[schema(max_items = 10_000)]
    pub points: Option<Vec<PointBody>>,
    /// Answer with the boundaries in force at this time; now, when it is not given.
    pub as_of: Option<DateTime<Utc>>,
}

/// One of many points.
#[derive(Clone, Debug, PartialEq, Deserialize, ToSchema)]
#[schema(as = LocatePoint)]
#[serde(deny_unknown_fields)]
pub struct PointBody {
    /// Comes back with the answer.
    pub id: Option<PointId>,
    /// Longitude.
    pub lng: f64,
    /// Latitude.
    pub lat: f64,
}

/// The caller's own name for a point: a text or a number.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(untagged)]
pub enum PointId {
    /// A number.
    Number(i64),
    /// A text.
    Text(String),
}

/// Where one point lies.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = Located)]
pub struct LocatedView {
    /// The caller's own name for the point.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<PointId>,
    /// Whether it lies in a grid. A point on a border lies in exactly one.
    pub inside: bool,
    /// The basic grid it lies in.
    pub grid: Option<GridRefView>,
    /// The special grid it lies in, besides the basic one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub special_grid: Option<GridRefView>,
    /// Community of the grid.
    pub community: Option<NamedView>,
    /// Township of the grid.
    pub township: Option<NamedView>,
    /// District of the grid.
    pub district: Option<NamedView>,
    /// City of the grid.
    pub city: Option<NamedView>,
    /// The nearest grid, when it lies in none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nearest: Option<NearestView>,
    /// The boundary version this is the answer of.
    pub boundary_version: i32,
}

/// The grid nearest to a point outside all grids.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = Nearest)]
pub struct NearestView {
    /// The grid.
    pub grid: GridRefView,
    /// How far its border is, in metres.
    pub distance_m: f64,
}

/// Where many points lie, in the order they were asked. All answers are of one boundary version.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = LocatedList)]
pub struct LocatedListView {
    /// One answer for each point.
    pub points: Vec<LocatedView>,
    /// How many lay in a grid.
    pub inside: usize,
    /// The boundary version of all answers.
    pub boundary_version: i32,
}

/// The answer of `POST /v1/locate`: the shape follows the request.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(untagged)]
pub enum LocateAnswer {
    /// For one point.
    One(Box<LocatedView>),
    /// For many.
    Many(LocatedListView),
}

impl LocatedView {
    /// The answer for a point that was located with `view`.
    pub fn new(id: Option<PointId>, located: Located, view: &RoutingView) -> Self {
        Self {
            id,
            inside: located.is_inside(),
            grid: located.grid.map(GridRefView::from),
            special_grid: located.special_grid.map(GridRefView::from),
            community: located.community.map(NamedView::from),
            township: located.township.map(NamedView::from),
            district: located.district.map(NamedView::from),
            city: located.city.map(NamedView::from),
            nearest: located
                .nearest
                .map(|(grid, distance_m)| NearestView { grid: grid.into(), distance_m }),
            boundary_version: view.boundary_version().0,
        }
    }
}
