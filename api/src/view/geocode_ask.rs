//! From a text to a place: requests of `/v1/geocode`.

use chrono::{DateTime, Utc};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

/// A text or the elements of an address, and what else is known.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, ToSchema)]
#[schema(as = GeocodeRequest)]
#[serde(deny_unknown_fields)]
pub struct GeocodeBody {
    /// The system of all coordinates of this request and its answer: `wgs84`, `cgcs2000`, `gcj02`, `bd09` or `EPSG:n`.
    /// There is no default.
    #[schema(required = true, value_type = String, example = "gcj02")]
    pub crs: Option<String>,
    /// What somebody wrote or said, at most 500 characters.
    #[schema(example = "城关区轻阳路一百二十三号3号楼门口有积水")]
    pub text: Option<String>,
    /// An address by its elements, instead of `text`.
    pub address: Option<AddressBody>,
    /// The point that came with the text: whether the two agree is told.
    pub point: Option<GivenPointBody>,
    /// Code of the caller's district, township or community; the area of the key if it is not given. Of about equally
    /// likely candidates those in it come first.
    #[schema(example = "620102001")]
    pub area: Option<String>,
    /// Code of a category: decides whether the workers of a special grid are asked first.
    pub category: Option<String>,
    /// Most candidates, 1 to 10; 5 if not given.
    #[schema(minimum = 1, maximum = 10)]
    pub limit: Option<usize>,
    /// Answer with the borders in force at this time; now, when it is not given.
    pub as_of: Option<DateTime<Utc>>,
}

/// The same as query parameters, for texts.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct GeocodeQuery {
    /// What somebody wrote or said.
    #[param(required = true)]
    pub q: Option<String>,
    /// The system of the coordinates of the answer: `wgs84`, `cgcs2000`, `gcj02`, `bd09` or `EPSG:n`.
    #[param(required = true)]
    pub crs: Option<String>,
    /// Code of the caller's area.
    pub area: Option<String>,
    /// Code of a category.
    pub category: Option<String>,
    /// Most candidates, 1 to 10.
    pub limit: Option<usize>,
    /// Answer with the borders in force at this time.
    pub as_of: Option<DateTime<Utc>>,
}

/// An address by its elements; what is not known is left out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[schema(as = GeocodeAddress)]
#[serde(deny_unknown_fields, default)]
pub struct AddressBody {
    /// 区, 县.
    #[schema(example = "城关区")]
    pub district: String,
    /// 街道, 镇, 乡.
    pub township: String,
    /// 社区, 村.
    pub community: String,
    /// 路, 街, 巷.
    pub road: String,
    /// House number, with or without 号.
    pub number: String,
    /// 小区, 家属院, a named house.
    #[schema(example = "锦绣家园")]
    pub compound: String,
    /// Number of the building, with or without 号楼.
    #[schema(example = "3")]
    pub building: String,
    /// Number of the unit, with or without 单元.
    pub unit: String,
    /// Number of the room, with or without 室.
    pub room: String,
}

/// A point beside a text.
#[derive(Clone, Debug, PartialEq, Deserialize, ToSchema)]
#[schema(as = GeocodePoint)]
#[serde(deny_unknown_fields)]
pub struct GivenPointBody {
    /// Longitude, or easting in metres.
    pub lng: f64,
    /// Latitude, or northing in metres.
    pub lat: f64,
    /// Its system, if it is not that of the request.
    pub crs: Option<String>,
}

/// Many rows at once.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, ToSchema)]
#[schema(as = GeocodeBatch)]
#[serde(deny_unknown_fields)]
pub struct GeocodeBatchBody {
    /// The system of all coordinates of this request and its answer.
    #[schema(required = true, value_type = String, example = "gcj02")]
    pub crs: Option<String>,
    /// The rows, at most 1,000.
    #[schema(max_items = 1000)]
    pub rows: Vec<GeocodeRowBody>,
    /// Code of the caller's area, as for one text.
    pub area: Option<String>,
    /// Answer with the borders in force at this time; now, when it is not given.
    pub as_of: Option<DateTime<Utc>>,
}

/// One row of many.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, ToSchema)]
#[schema(as = GeocodeRow)]
#[serde(deny_unknown_fields)]
pub struct GeocodeRowBody {
    /// Comes back with the answer.
    pub id: Option<super::locate::PointId>,
    /// What somebody wrote or said.
    pub text: Option<String>,
    /// An address by its elements, instead of `text`.
    pub address: Option<AddressBody>,
    /// The point that came with the text.
    pub point: Option<GivenPointBody>,
}
