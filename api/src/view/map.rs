//! Layers of the map.

use serde::Serialize;
use utoipa::ToSchema;

/// A layer of vector tiles.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Layer)]
pub struct LayerView {
    /// Name in addresses, and of the layer inside its tiles.
    #[schema(example = "grids")]
    pub name: &'static str,
    /// What it shows.
    pub description: &'static str,
    /// First zoom level with tiles.
    pub minzoom: u8,
    /// Last zoom level with tiles; clients enlarge these beyond.
    pub maxzoom: u8,
    /// Where its TileJSON is.
    #[schema(example = "/tiles/grids")]
    pub tilejson: String,
}

impl From<&tiles::Layer> for LayerView {
    fn from(layer: &tiles::Layer) -> Self {
        Self {
            name: layer.name,
            description: layer.description,
            minzoom: layer.minzoom,
            maxzoom: layer.maxzoom,
            tilejson: format!("/tiles/{}", layer.name),
        }
    }
}
