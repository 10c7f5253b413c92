//! The layers there are, and what a map client has to know about them (TileJSON 3).

use std::collections::BTreeMap;

use tilejson::{Bounds, Center, TileJSON, VectorLayer, tilejson};

use crate::error::TileError;
use crate::layer::Layer;
use crate::provider::MapState;

/// Every layer, from the ground up.
pub const LAYERS: [Layer; 10] = [
    Layer {
        name: "water",
        description: "Rivers and lakes.",
        minzoom: 4,
        maxzoom: 16,
        fields: &[("name", "name, where it has one")],
        sql: "select tile_water($1::integer, $2::integer, $3::integer, $4::json)",
    },
    Layer {
        name: "roads",
        description: "Road centre lines; lesser classes appear on deeper zoom levels.",
        minzoom: 6,
        maxzoom: 16,
        fields: &[
            ("class", "expressway, arterial, bridge, collector, local, lane or railway"),
            ("name", "name, from zoom level 12"),
        ],
        sql: "select tile_roads($1::integer, $2::integer, $3::integer, $4::json)",
    },
    Layer {
        name: "buildings",
        description: "Building footprints.",
        minzoom: 14,
        maxzoom: 16,
        fields: &[("kind", "use of the building"), ("storeys", "number of storeys")],
        sql: "select tile_buildings($1::integer, $2::integer, $3::integer, $4::json)",
    },
    Layer {
        name: "building_labels",
        description: "A point inside each building that has a name.",
        minzoom: 15,
        maxzoom: 16,
        fields: &[("name", "name"), ("compound", "residential compound, where it is one of it")],
        sql: "select tile_building_labels($1::integer, $2::integer, $3::integer, $4::json)",
    },
    Layer {
        name: "address_density",
        description: "Number of addresses in each of 64 by 64 cells a tile, at the cell's centre.",
        minzoom: 6,
        maxzoom: 13,
        fields: &[("count", "number of addresses in the cell")],
        sql: "select tile_address_density($1::integer, $2::integer, $3::integer, $4::json)",
    },
    Layer {
        name: "addresses",
        description: "Single addresses.",
        minzoom: 15,
        maxzoom: 16,
        fields: &[("label", "building, unit and room, or the house number")],
        sql: "select tile_addresses($1::integer, $2::integer, $3::integer, $4::json)",
    },
    Layer {
        name: "grids",
        description: "Grids.",
        minzoom: 10,
        maxzoom: 16,
        fields: GRID_FIELDS,
        sql: "select tile_grids($1::integer, $2::integer, $3::integer, $4::json)",
    },
    Layer {
        name: "grid_labels",
        description: "A point inside each grid.",
        minzoom: 10,
        maxzoom: 16,
        fields: GRID_LABEL_FIELDS,
        sql: "select tile_grid_labels($1::integer, $2::integer, $3::integer, $4::json)",
    },
    Layer {
        name: "divisions",
        description: "City, districts, townships (from zoom level 7) and communities (from 9).",
        minzoom: 0,
        maxzoom: 16,
        fields: DIVISION_FIELDS,
        sql: "select tile_divisions($1::integer, $2::integer, $3::integer, $4::json)",
    },
    Layer {
        name: "division_labels",
        description: "A point inside each division.",
        minzoom: 0,
        maxzoom: 16,
        fields: DIVISION_LABEL_FIELDS,
        sql: "select tile_division_labels($1::integer, $2::integer, $3::integer, $4::json)",
    },
];

const GRID_FIELDS: &[(&str, &str)] = &[
    ("code", "grid code"),
    ("name", "name"),
    ("kind", "basic or special"),
    ("community_code", "code of its community"),
    ("township_code", "code of its township"),
    ("district_code", "code of its district"),
];

const GRID_LABEL_FIELDS: &[(&str, &str)] = &[
    ("code", "grid code"),
    ("name", "name"),
    ("kind", "basic or special"),
    ("community_code", "code of its community"),
    ("township_code", "code of its township"),
    ("district_code", "code of its district"),
    ("people", "number of people"),
];

const DIVISION_FIELDS: &[(&str, &str)] = &[
    ("code", "division code"),
    ("level", "city, district, township or community"),
    ("kind", "kind of division within its level"),
    ("name", "name"),
];

const DIVISION_LABEL_FIELDS: &[(&str, &str)] = &[
    ("code", "division code"),
    ("level", "city, district, township or community"),
    ("kind", "kind of division within its level"),
    ("name", "name"),
    ("people", "number of people"),
];

/// The layer of that name.
///
/// # Errors
/// [`TileError::UnknownLayer`] with the names there are.
pub fn find(name: &str) -> Result<&'static Layer, TileError> {
    LAYERS.iter().find(|layer| layer.name == name).ok_or_else(|| TileError::UnknownLayer {
        layer: name.to_owned(),
        known: LAYERS.map(|layer| layer.name).join(", "),
    })
}

/// What a map client reads before it asks for tiles. `base_url` is the service's address as the client
/// sees it, without a slash at its end.
pub fn describe(layer: &Layer, map: &MapState, base_url: &str) -> TileJSON {
    let Layer { name, description, minzoom, maxzoom, .. } = *layer;
    let version = map.version;
    let fields: BTreeMap<String, String> =
        layer.fields.iter().map(|&(field, says)| (field.to_owned(), says.to_owned())).collect();
    let mut vector_layer = VectorLayer::new(name.to_owned(), fields);
    vector_layer.description = Some(description.to_owned());
    vector_layer.minzoom = Some(minzoom);
    vector_layer.maxzoom = Some(maxzoom);

    let mut json =
        tilejson! { tiles: vec![format!("{base_url}/tiles/{name}/{version}/{{z}}/{{x}}/{{y}}")] };
    json.name = Some(name.to_owned());
    json.description = Some(description.to_owned());
    json.minzoom = Some(minzoom);
    json.maxzoom = Some(maxzoom);
    json.vector_layers = Some(vec![vector_layer]);
    json.attribution.clone_from(&map.attribution);
    json.bounds = map.bounds.map(Bounds::from);
    json.center = map.bounds.map(centre);
    json
}

/// The middle of the bounds, on the zoom level whose tiles are about as wide as they are.
fn centre([west, south, east, north]: [f64; 4]) -> Center {
    let width = (east - west).max(north - south).max(1e-4);
    let zoom = (360.0 / width).log2().floor().clamp(0.0, 16.0);
    Center {
        longitude: f64::midpoint(west, east),
        latitude: f64::midpoint(south, north),
        zoom: zoom as u8,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tilejson_names_version_bounds_and_fields() {
        let map = MapState {
            version: 7,
            bounds: Some([103.5, 35.9, 104.1, 36.2]),
            attribution: Some("synthetic demo city".to_owned()),
        };
        let json = describe(find("grids").unwrap(), &map, "http://wall:8080");
        let json = serde_json::to_value(json).unwrap();
        assert_eq!(json["tilejson"], "3.0.0");
        assert_eq!(json["tiles"][0], "http://wall:8080/tiles/grids/7/{z}/{x}/{y}");
        assert_eq!(json["minzoom"], 10);
        assert_eq!(json["maxzoom"], 16);
        assert_eq!(json["bounds"], serde_json::json!([103.5, 35.9, 104.1, 36.2]));
        assert_eq!(json["center"][2], 9);
        assert_eq!(json["attribution"], "synthetic demo city");
        assert_eq!(json["vector_layers"][0]["id"], "grids");
        assert!(json["vector_layers"][0]["fields"]["community_code"].is_string());
    }

    #[test]
    fn an_unknown_layer_is_answered_with_the_known_ones() {
        let refused = find("trees").unwrap_err().to_string();
        assert!(refused.starts_with("there is no layer \"trees\"; the layers are water, roads,"));
    }

    #[test]
    fn every_layer_is_drawn_by_the_function_of_its_name() {
        for layer in LAYERS {
            assert!(layer.sql.contains(&format!(" tile_{}(", layer.name)), "{}", layer.name);
            assert!(layer.minzoom <= layer.maxzoom, "{}", layer.name);
        }
    }
}
