//! Divisions and grids as clients see them.

use data::domain::division::{Division, level_name};
use data::domain::grid::Grid;
use serde::Serialize;
use serde_json::value::RawValue;
use utoipa::{IntoParams, ToSchema};

use super::place::LngLatView;

/// A city, district, township or community.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = Division)]
pub struct DivisionView {
    /// Code: 4 digits for the city, 6 for a district, 9 for a township, 12 for a community.
    #[schema(example = "620102001")]
    pub code: String,
    /// `city`, `district`, `township` or `community`.
    #[schema(example = "township")]
    pub level: &'static str,
    /// What it is called by law, such as `subdistrict` or `village`.
    pub kind: String,
    /// Name.
    #[schema(example = "酒泉路街道")]
    pub name: String,
    /// Code of the division above.
    pub parent_code: Option<String>,
    /// How many people live in it: a count, nothing else is held.
    pub people: i32,
    /// A point inside it for its label.
    pub label: LngLatView,
    /// West, south, east, north in degrees.
    pub bbox: [f64; 4],
}

/// A grid.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = Grid)]
pub struct GridView {
    /// Id of this shape of the grid; the feature id in tiles.
    pub grid_id: i32,
    /// Code: 12 digits of the community and 3 of its own.
    #[schema(example = "620102001001003")]
    pub code: String,
    /// Always `grid`.
    pub level: &'static str,
    /// `basic` or `special`.
    pub kind: &'static str,
    /// Name.
    pub name: String,
    /// Code of the community.
    pub parent_code: Option<String>,
    /// How many people live in it: a count, nothing else is held.
    pub people: i32,
    /// Area in square metres.
    pub area_m2: f64,
    /// A point inside it for its label.
    pub label: LngLatView,
    /// West, south, east, north in degrees.
    pub bbox: [f64; 4],
}

/// Divisions of one boundary version.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = DivisionList)]
pub struct DivisionListView {
    /// Sorted by code.
    pub divisions: Vec<DivisionView>,
    /// The boundary version they are of.
    pub boundary_version: i32,
}

/// A page of grids.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = GridList)]
pub struct GridListView {
    /// Sorted by code.
    pub grids: Vec<GridView>,
    /// The boundary version they are of.
    pub boundary_version: i32,
    /// Where the next page begins; absent on the last one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_cursor: Option<String>,
}

/// One thing with its shape, as a GeoJSON Feature.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Feature)]
pub struct FeatureView<P> {
    /// Always `Feature`.
    pub r#type: &'static str,
    /// The code.
    pub id: String,
    /// West, south, east, north in degrees.
    pub bbox: [f64; 4],
    /// GeoJSON `MultiPolygon` in WGS 84.
    #[schema(value_type = Object)]
    pub geometry: Box<RawValue>,
    /// The same as without geometry.
    pub properties: P,
}

/// Which divisions to list.
#[derive(Debug, serde::Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct DivisionQuery {
    /// `city`, `district`, `township` or `community`.
    pub level: Option<String>,
    /// Code of the division above; only its children.
    pub parent: Option<String>,
}

/// Which grids to list.
#[derive(Debug, serde::Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct GridQuery {
    /// Code of a community, township or district; only its grids.
    pub community: Option<String>,
    /// `west,south,east,north` in degrees; only grids whose box meets it.
    #[param(example = "103.8,36.0,103.9,36.1")]
    pub bbox: Option<String>,
    /// How many on a page, 1 to 5,000; 1,000 when not given.
    pub limit: Option<u32>,
    /// Where the page before ended.
    pub cursor: Option<String>,
}

/// Whether to give the shape too.
#[derive(Debug, serde::Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ShapeQuery {
    /// `true`: answer with a GeoJSON Feature.
    #[serde(default)]
    pub geometry: bool,
}

impl From<&Division> for DivisionView {
    fn from(division: &Division) -> Self {
        Self {
            code: division.code.clone(),
            level: level_name(division.level),
            kind: division.kind.clone(),
            name: division.name.clone(),
            parent_code: division.parent_code.clone(),
            people: division.people,
            label: division.label.into(),
            bbox: division.bbox,
        }
    }
}

impl From<&Grid> for GridView {
    fn from(grid: &Grid) -> Self {
        Self {
            grid_id: grid.grid_id.0,
            code: grid.code.clone(),
            level: "grid",
            kind: grid.kind.name(),
            name: grid.name.clone(),
            parent_code: grid.community_code.clone(),
            people: grid.people,
            area_m2: grid.area_m2,
            label: grid.label.into(),
            bbox: grid.bbox,
        }
    }
}

impl<P> FeatureView<P> {
    /// A feature with the border that the store gave as GeoJSON text.
    ///
    /// # Errors
    /// When it is none.
    pub fn new(
        id: String,
        bbox: [f64; 4],
        geometry: String,
        properties: P,
    ) -> Result<Self, serde_json::Error> {
        let geometry = RawValue::from_string(geometry)?;
        Ok(Self { r#type: "Feature", id, bbox, geometry, properties })
    }
}
