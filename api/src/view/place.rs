//! Shapes shared by everything that lies somewhere.

use data::domain::division::DivisionRef;
use data::domain::grid::GridRef;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A coordinate and the system it is in. The order is always longitude, latitude.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = Location)]
#[serde(deny_unknown_fields)]
pub struct LocationView {
    /// Longitude in degrees, or easting in metres for a projected system.
    #[schema(example = 103.834_228)]
    pub lng: f64,
    /// Latitude in degrees, or northing in metres for a projected system.
    #[schema(example = 36.061_112)]
    pub lat: f64,
    /// `wgs84`, `cgcs2000`, `gcj02`, `bd09` or `EPSG:n`. Never guessed.
    #[schema(example = "wgs84")]
    pub crs: String,
}

/// A code and its name.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = Named)]
pub struct NamedView {
    /// Code.
    #[schema(example = "620102001001")]
    pub code: String,
    /// Name.
    #[schema(example = "伏龙坪社区")]
    pub name: String,
}

/// A grid in an answer about something else.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = GridRef)]
pub struct GridRefView {
    /// Id of this shape of the grid; the feature id in tiles.
    pub grid_id: i32,
    /// Code.
    #[schema(example = "620102001001003")]
    pub code: String,
    /// Name.
    pub name: String,
    /// `basic` or `special`.
    pub kind: String,
}

/// A point in WGS 84 degrees.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = LngLat)]
pub struct LngLatView {
    /// Longitude.
    pub lng: f64,
    /// Latitude.
    pub lat: f64,
}

impl From<[f64; 2]> for LngLatView {
    fn from([lng, lat]: [f64; 2]) -> Self {
        Self { lng, lat }
    }
}

impl From<DivisionRef> for NamedView {
    fn from(division: DivisionRef) -> Self {
        Self { code: division.code, name: division.name }
    }
}

impl From<GridRef> for GridRefView {
    fn from(grid: GridRef) -> Self {
        let kind = grid.kind.name().to_owned();
        Self { grid_id: grid.grid_id.0, code: grid.code, name: grid.name, kind }
    }
}
