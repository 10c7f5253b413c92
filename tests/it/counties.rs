//! Real input: the counties of the United States as grids. Ragged, 22 of them invalid, some across the antimeridian.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::Path;

use anyhow::{Context, Result};
use geo::{Coord, InteriorPoint, LineString, MultiPolygon, Polygon};
use rand::{Rng, SeedableRng, rngs::StdRng};
use serde_json::Value;
use tests::app::App;
use tests::cluster::Database;
use tests::oracle::{self, Point};
use tests::{command, shared_data};

use crate::locate::{assert_agrees, located};

const FILE: &str = "coverage-us-counties/counties.geojson.gz";

/// Imports the counties as grids; the database, and what the import said of them.
async fn imported(file: &Path) -> Result<(Database, Value)> {
    let database = Database::empty().await?;
    let folder = tempfile::tempdir()?;
    let account = folder.path().join("report.json");
    let arguments = [
        "import",
        "grids",
        &file.to_string_lossy(),
        "--crs",
        "wgs84",
        "--map",
        "code=fips",
        "--report",
    ];
    command::run(&database.url, &[&arguments[..], &[&account.to_string_lossy()]].concat())?;
    let report = serde_json::from_str(&std::fs::read_to_string(account)?)?;
    oracle::prepare(&database.pool).await?;
    Ok((database, report))
}

/// The file as it is, read without our own reader.
fn features(file: &Path) -> Result<Vec<(String, MultiPolygon)>> {
    let mut text = String::new();
    flate2::read::GzDecoder::new(std::fs::File::open(file)?).read_to_string(&mut text)?;
    let collection: Value = serde_json::from_str(&text)?;
    let ring = |ring: &Value| -> LineString {
        let corner = |place: &Value| Coord {
            x: place[0].as_f64().unwrap_or(f64::NAN),
            y: place[1].as_f64().unwrap_or(f64::NAN),
        };
        ring.as_array().into_iter().flatten().map(corner).collect()
    };
    let polygon = |rings: &Value| {
        let mut rings = rings.as_array().into_iter().flatten().map(ring);
        let outline = rings.next().unwrap_or_else(|| LineString::new(Vec::new()));
        Polygon::new(outline, rings.collect())
    };
    let feature = |feature: &Value| -> Result<(String, MultiPolygon)> {
        let code = feature["properties"]["fips"].as_str().context("fips")?.to_owned();
        let coordinates = &feature["geometry"]["coordinates"];
        let polygons = match feature["geometry"]["type"].as_str() {
            Some("Polygon") => vec![polygon(coordinates)],
            _ => coordinates.as_array().into_iter().flatten().map(polygon).collect(),
        };
        Ok((code, MultiPolygon::new(polygons)))
    };
    collection["features"].as_array().context("features")?.iter().map(feature).collect()
}

fn nearest_step(degrees: f64) -> i32 {
    (degrees * 1e7).round() as i32
}

#[tokio::test]
async fn every_county_is_accounted_for_and_found_by_its_interior_point() -> Result<()> {
    let Some(file) = shared_data::find(FILE) else { return Ok(()) };
    let (database, report) = imported(&file).await?;
    let features = features(&file)?;
    let count = |name: &str| report[name].as_u64().with_context(|| format!("{name} in the report"));
    assert_eq!(count("rows_read")?, features.len() as u64);
    assert_eq!(count("rows_written")? + count("rows_refused")?, count("rows_read")?, "{report}");
    assert_eq!(count("rows_refused")?, 0, "{}", report["refused"]);
    assert!(
        count("rows_repaired")? >= 22,
        "the file has 22 invalid shapes, repaired were {}",
        report["rows_repaired"]
    );
    assert_eq!(database.count("grid").await?, features.len() as i64);

    let app = App::start(&database.url).await?;
    let points: Vec<Point> = features
        .iter()
        .map(|(code, shape)| {
            let point = shape.interior_point().with_context(|| format!("{code} is empty"))?;
            Ok((nearest_step(point.x()), nearest_step(point.y())))
        })
        .collect::<Result<_>>()?;
    let ids: BTreeMap<i32, String> =
        sqlx::query_as::<_, (i32, String)>("select grid_id, code from grid")
            .fetch_all(&database.pool)
            .await?
            .into_iter()
            .collect();
    let mut astray = Vec::new();
    for (answer, (code, _)) in located(&app, &points).await?.into_iter().zip(&features) {
        let found = answer.and_then(|grid| ids.get(&grid));
        if found != Some(code) {
            astray.push(format!("{code} is found as {found:?}"));
        }
    }
    assert!(astray.is_empty(), "{} of {}: {astray:?}", astray.len(), features.len());
    Ok(())
}

/// Points all over the country, and as many beside corners of real borders.
fn points(features: &[(String, MultiPolygon)], count: usize) -> Vec<Point> {
    let mut random = StdRng::seed_from_u64(9);
    let corners: Vec<Coord> = features
        .iter()
        .flat_map(|(_, shape)| shape.iter().flat_map(|part| part.exterior().coords().copied()))
        .collect();
    let mut points = Vec::with_capacity(count);
    while points.len() < count {
        points.push((
            random.random_range(-1_250_000_000..-660_000_000),
            random.random_range(240_000_000..500_000_000),
        ));
        let corner = corners[random.random_range(0..corners.len())];
        let reach = [0, 1, 100, 100_000][random.random_range(0..4)];
        let beside = |degrees: f64, random: &mut StdRng| {
            nearest_step(degrees) + random.random_range(-reach..=reach)
        };
        points.push((beside(corner.x, &mut random), beside(corner.y, &mut random)));
    }
    points
}

#[tokio::test]
async fn the_service_and_postgis_agree_on_a_hundred_thousand_points() -> Result<()> {
    let Some(file) = shared_data::find(FILE) else { return Ok(()) };
    let (database, _) = imported(&file).await?;
    let app = App::start(&database.url).await?;
    let points = points(&features(&file)?, 100_000);
    let inside = located(&app, &points).await?.iter().flatten().count();
    assert!(inside > 60_000, "only {inside} points were inside");
    assert_agrees(&app, &database, &points).await
}
