//! What is in a tile.

use std::collections::{BTreeSet, HashSet};

use anyhow::Result;

use super::{layer, mesh, mvt, tile_at, tiles_of_mesh};

/// A table's row ids, by which its layers name their features.
async fn row_ids(database: &tests::cluster::Database, layer: &str) -> Result<HashSet<u64>> {
    let sql = match layer {
        "water" => "select water_id from water",
        "roads" => "select road_id from road",
        "buildings" | "building_labels" => "select building_id from building",
        "addresses" => "select address_id from address",
        "address_density" => "select density_id from tile_address_density",
        "grids" | "grid_labels" => "select grid_id from grid",
        _ => "select division_id from division",
    };
    let ids: Vec<i32> = sqlx::query_scalar(sql).fetch_all(&database.pool).await?;
    Ok(ids.into_iter().map(|id| u64::from(id.unsigned_abs())).collect())
}

#[tokio::test]
async fn every_feature_decodes_and_is_named_by_its_row() -> Result<()> {
    let (database, service) = mesh(2000).await?;
    for described in service.layers() {
        let ids = row_ids(&database, described.name).await?;
        let fields: HashSet<&str> = described.fields.iter().map(|(name, _)| *name).collect();
        let (mut drawn, mut seen) = (HashSet::new(), HashSet::new());
        for z in described.minzoom..=described.maxzoom {
            // deep down a few tiles stand for all
            for (x, y) in tiles_of_mesh(z).take(60) {
                let answer = service.tile(described.name, 1, z, x, y).await?;
                let Some(layer) = layer(&answer) else { continue };
                assert_eq!((layer.name.as_str(), layer.extent), (described.name, 4096));
                for feature in layer.features {
                    let id = feature.id.expect("a feature has an id");
                    assert!(ids.contains(&id), "{} {z}/{x}/{y} has feature {id}", layer.name);
                    assert!(!feature.parts.is_empty());
                    assert!(
                        feature.kind != 3 || feature.twice_area() > 0,
                        "a ring turns the wrong way"
                    );
                    seen.extend(feature.attributes.into_keys());
                    drawn.insert(id);
                }
            }
        }
        assert!(!drawn.is_empty(), "{} is empty everywhere", described.name);
        let seen: HashSet<&str> = seen.iter().map(String::as_str).collect();
        assert_eq!(seen, fields, "attributes of {}", described.name);
    }
    Ok(())
}

#[tokio::test]
async fn density_adds_up_to_every_address_on_each_zoom_level() -> Result<()> {
    let (_database, service) = mesh(100_000).await?;
    for z in 6..=13 {
        let mut total = 0;
        for (x, y) in tiles_of_mesh(z) {
            let answer = service.tile("address_density", 1, z, x, y).await?;
            for feature in layer(&answer).map_or_else(Vec::new, |layer| layer.features) {
                let (px, py) = feature.parts[0][0];
                assert!((0..4096).contains(&px) && (0..4096).contains(&py));
                total += feature.attributes["count"].as_u64().unwrap();
            }
        }
        assert_eq!(total, 100_000, "zoom level {z}");
    }
    Ok(())
}

#[tokio::test]
async fn an_address_counts_in_the_cell_that_it_lies_in() -> Result<()> {
    let (database, service) = mesh(1).await?;
    let sql = "select st_x(geom), st_y(geom) from address";
    let (lng, lat): (f64, f64) = sqlx::query_as(sql).fetch_one(&database.pool).await?;
    for z in 6..=13 {
        let (x, y) = tile_at(lng, lat, z);
        let (cell_x, cell_y) = tile_at(lng, lat, z + 6);
        let answer = service.tile("address_density", 1, z, x, y).await?;
        let features = layer(&answer).unwrap().features;
        let middle = |cell: u32| i64::from(cell % 64) * 64 + 32;
        assert_eq!(features[0].parts, [[(middle(cell_x), middle(cell_y))]], "zoom level {z}");
    }
    Ok(())
}

#[tokio::test]
async fn neighbours_share_every_corner_of_their_border() -> Result<()> {
    let (_database, service) = mesh(0).await?;
    // on zoom level 10 the whole mesh lies inside one tile
    let (x, y) = tile_at(mesh::BOUNDS[0], mesh::BOUNDS[1], 10);
    let answer = service.tile("grids", 1, 10, x, y).await?;
    let features = layer(&answer).unwrap().features;
    assert_eq!(features.len(), 24 * 24);
    let rings = || features.iter().flat_map(|feature| &feature.parts);
    let all: HashSet<_> = rings().flat_map(|ring| mvt::edges(ring)).collect();
    let columns: BTreeSet<i64> = rings().flatten().map(|corner| corner.0).collect();
    let rows: BTreeSet<i64> = rings().flatten().map(|corner| corner.1).collect();
    let outline = [columns.first(), columns.last()];
    let edge_rows = [rows.first(), rows.last()];
    for &(from, to) in &all {
        let on_outline = from.0 == to.0 && outline.contains(&Some(&from.0))
            || from.1 == to.1 && edge_rows.contains(&Some(&from.1));
        assert_ne!(
            all.contains(&(to, from)),
            on_outline,
            "the edge {from:?} {to:?} has no other side"
        );
    }
    Ok(())
}

#[tokio::test]
async fn a_tile_is_covered_without_gap_or_overlap_to_its_margin() -> Result<()> {
    let (_database, service) = mesh(0).await?;
    for z in 13..=16 {
        let (x, y) = tile_at(103.82, 36.07, z);
        let answer = service.tile("grids", 1, z, x, y).await?;
        let features = layer(&answer).unwrap().features;
        let corners = features.iter().flat_map(|feature| feature.parts.iter().flatten());
        let (mut least, mut most) = (i64::MAX, i64::MIN);
        for &(x, y) in corners {
            least = least.min(x).min(y);
            most = most.max(x).max(y);
        }
        assert_eq!((least, most), (-64, 4096 + 64), "zoom level {z}");
        let twice_area: i64 = features.iter().map(mvt::Feature::twice_area).sum();
        let wanted = 2 * (4096 + 128) * (4096 + 128);
        // borders that are cut at the margin are rounded on their own: a strip of half a unit each
        assert!(
            (twice_area - wanted).abs() < wanted / 2000,
            "zoom level {z}: {twice_area} of {wanted}"
        );
    }
    Ok(())
}

#[tokio::test]
async fn a_grid_on_the_edge_is_in_both_tiles() -> Result<()> {
    let (_database, service) = mesh(0).await?;
    let (x, y) = tile_at(103.82, 36.07, 13);
    let ids = async |x, y| -> Result<HashSet<u64>> {
        let answer = service.tile("grids", 1, 13, x, y).await?;
        Ok(layer(&answer).unwrap().features.iter().filter_map(|feature| feature.id).collect())
    };
    let (here, east) = (ids(x, y).await?, ids(x + 1, y).await?);
    assert!(here.intersection(&east).count() > 3, "{here:?} {east:?}");
    Ok(())
}

#[tokio::test]
async fn a_building_is_drawn_in_every_tile_it_touches_and_named_in_one() -> Result<()> {
    let (database, service) = mesh(0).await?;
    let (mut drawn, mut named) = (0, Vec::new());
    for (x, y) in tiles_of_mesh(15) {
        let features = async |name| -> Result<Vec<mvt::Feature>> {
            let answer = service.tile(name, 1, 15, x, y).await?;
            Ok(layer(&answer).map_or_else(Vec::new, |layer| layer.features))
        };
        drawn += features("buildings").await?.len();
        // what lies in the margin is the neighbour's
        let inside = |feature: &mvt::Feature| {
            let (x, y) = feature.parts[0][0];
            (0..4096).contains(&x) && (0..4096).contains(&y)
        };
        let labels = features("building_labels").await?;
        named.extend(labels.iter().filter(|label| inside(label)).filter_map(|label| label.id));
    }
    let buildings = row_ids(&database, "buildings").await?;
    assert!(drawn > buildings.len(), "no building lies across an edge: {drawn}");
    assert_eq!(named.len(), buildings.len());
    assert_eq!(named.into_iter().collect::<HashSet<_>>(), buildings);
    Ok(())
}

#[tokio::test]
async fn small_divisions_and_lesser_roads_wait_for_their_zoom_level() -> Result<()> {
    let (_database, service) = mesh(0).await?;
    let values = async |name: &str, z: u8, attribute: &str| -> Result<BTreeSet<String>> {
        let (x, y) = tile_at(103.82, 36.07, z);
        let answer = service.tile(name, 1, z, x, y).await?;
        let features = layer(&answer).map_or_else(Vec::new, |layer| layer.features);
        let texts = features
            .iter()
            .map(|feature| feature.attributes[attribute].as_str().unwrap().to_owned());
        Ok(texts.collect())
    };
    assert_eq!(values("divisions", 6, "level").await?.len(), 1);
    assert_eq!(values("divisions", 8, "level").await?.len(), 2);
    assert_eq!(values("divisions", 9, "level").await?.len(), 3);
    assert_eq!(values("division_labels", 9, "level").await?.len(), 3);
    let classes = [(6, 1), (8, 2), (9, 3), (11, 4), (12, 5), (13, 6), (14, 7)];
    for (z, count) in classes {
        assert_eq!(values("roads", z, "class").await?.len(), count, "zoom level {z}");
    }
    Ok(())
}
