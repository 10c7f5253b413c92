//! Coordinate systems: what there is, and conversion between them.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Points to be converted.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, ToSchema)]
#[schema(as = CrsRequest)]
#[serde(deny_unknown_fields)]
pub struct CrsBody {
    /// The system the points are in.
    #[schema(required = true, value_type = String, example = "gcj02")]
    pub from: Option<String>,
    /// The system they are wanted in.
    #[schema(required = true, value_type = String, example = "cgcs2000")]
    pub to: Option<String>,
    /// The points, at most 10,000.
    #[schema(max_items = 10_000)]
    pub points: Vec<XyView>,
}

/// A point of a system that is named beside it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = Xy)]
#[serde(deny_unknown_fields)]
pub struct XyView {
    /// Longitude in degrees, or easting in metres.
    pub lng: f64,
    /// Latitude in degrees, or northing in metres.
    pub lat: f64,
}

/// Converted points, in their order.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = CrsAnswer)]
pub struct CrsAnswerView {
    /// The system the points were in.
    pub from: String,
    /// The system they are in now.
    pub to: String,
    /// The points: degrees with nine decimals (0.1 mm), metres with four.
    pub points: Vec<XyView>,
}

/// The systems there are.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = CrsList)]
pub struct CrsListView {
    /// All of them; Gauss–Krüger zones are one entry.
    pub systems: Vec<CrsView>,
}

/// A coordinate system.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = CoordinateSystem)]
pub struct CrsView {
    /// How it is named in requests.
    #[schema(example = "gcj02")]
    pub crs: &'static str,
    /// Its EPSG code, where it has one.
    pub epsg: &'static str,
    /// `degrees` or `metres`.
    pub unit: &'static str,
    /// What it is, and who sends it.
    pub meaning: &'static str,
    /// The same in Chinese.
    pub meaning_zh: &'static str,
}
