//! What is there: requests and answers of `/v1/reverse`.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::geocode::{ElementsView, GeocodeJsonView, PointGeometryView};
use super::place::NamedView;

/// A point, and what is wanted around it.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, ToSchema, IntoParams)]
#[schema(as = ReverseRequest)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ReverseBody {
    /// Longitude in degrees, or easting in metres.
    #[schema(example = 103.834_228)]
    pub lng: f64,
    /// Latitude in degrees, or northing in metres.
    #[schema(example = 36.061_112)]
    pub lat: f64,
    /// The system of the point and of the answer: `wgs84`, `cgcs2000`, `gcj02`, `bd09` or `EPSG:n`.
    #[schema(required = true, value_type = String, example = "gcj02")]
    pub crs: Option<String>,
    /// Farthest that places are looked for, in metres: 500 if not given, at most 5,000.
    #[schema(minimum = 0, maximum = 5000)]
    pub within_m: Option<f64>,
    /// Most places, 1 to 50; 5 if not given.
    #[schema(minimum = 1, maximum = 50)]
    pub limit: Option<usize>,
    /// What is looked for: `address`, `poi`, `crossing`, separated by commas; all of them if not given.
    #[schema(example = "address,poi")]
    pub kinds: Option<String>,
    /// How exactly the point is known, in metres, at most 1,000: grids that come so near are told too.
    pub accuracy_m: Option<f64>,
    /// Answer with the borders in force at this time; now, when it is not given.
    pub as_of: Option<DateTime<Utc>>,
}

/// The places near a point, the nearest first.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = Reversed)]
pub struct ReversedView {
    /// `FeatureCollection`.
    pub r#type: String,
    /// About the point itself.
    pub geocoding: ReverseView,
    /// The places.
    pub features: Vec<NearFeatureView>,
}

/// About a point.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = Reverse)]
pub struct ReverseView {
    /// Version of GeocodeJSON.
    #[schema(example = "0.1.0")]
    pub version: String,
    /// Who answers.
    pub attribution: String,
    /// The system of all coordinates.
    pub crs: String,
    /// The answer in one sentence for a person.
    pub summary: String,
    /// The grid that the point lies in.
    pub grid: Option<NamedView>,
    /// Other grids that it may lie in, the nearest first.
    pub also_grids: Vec<AlsoGridView>,
    /// The borders that grids were looked up in.
    pub boundary_version: i32,
    /// The gazetteer that was asked.
    pub gazetteer_version: i32,
}

/// A grid that a point may lie in.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = AlsoGrid)]
pub struct AlsoGridView {
    /// Code.
    pub code: String,
    /// Name.
    pub name: String,
    /// Metres from the point to its border.
    pub distance_m: f64,
}

/// A place near a point.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = NearFeature)]
pub struct NearFeatureView {
    /// `Feature`.
    pub r#type: String,
    /// Where, in the system that was asked for.
    pub geometry: PointGeometryView,
    /// What it is.
    pub properties: NearPlaceView,
}

/// What a place near a point is.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = NearPlace)]
pub struct NearPlaceView {
    /// As GeocodeJSON has it.
    pub geocoding: GeocodeJsonView,
    /// `address`, `poi` or `crossing`.
    pub kind: String,
    /// Its own name, where it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Id of the address, where it is one.
    pub id: Option<u32>,
    /// How many addresses are there.
    pub addresses: u32,
    /// Metres from the point.
    pub distance_m: f64,
    /// Direction of the place as seen from the point, degrees clockwise from north.
    pub bearing_deg: f64,
    /// The same in words.
    #[schema(example = "东北")]
    pub bearing: String,
    /// The address by its elements.
    pub elements: ElementsView,
    /// The grid of the place.
    pub grid: Option<NamedView>,
    /// Its community.
    pub community: Option<NamedView>,
    /// Its township.
    pub township: Option<NamedView>,
    /// Its district.
    pub district: Option<NamedView>,
}
