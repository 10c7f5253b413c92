//! Where is this: `POST /v1/locate`, beside the border rule in SQL and PostGIS itself.

use std::collections::BTreeSet;

use anyhow::{Context, Result};
use rand::{Rng, SeedableRng, rngs::StdRng};
use serde_json::{Value, json};
use spatial::coverage::{LatticeMultiPolygon, LatticePolygon, LatticeRing};
use spatial::crs::{Crs, LngLat, Wgs84};
use spatial::lattice::LatticePoint;
use spatial::locate::{CellIndex, Key, Locate, Locator};
use tests::app::App;
use tests::cluster::Database;
use tests::oracle::{self, Point};
use tests::town;

/// Largest batch that the service takes.
const BATCH: usize = 10_000;

fn degrees(steps: i32) -> f64 {
    f64::from(steps) / 1e7
}

/// The grid ids that the service answers for lattice points, `None` outside.
pub async fn located(app: &App, points: &[Point]) -> Result<Vec<Option<i32>>> {
    let mut grids = Vec::with_capacity(points.len());
    for batch in points.chunks(BATCH) {
        let members: Vec<_> =
            batch.iter().map(|(x, y)| json!({"lng": degrees(*x), "lat": degrees(*y)})).collect();
        let answer = app.post("/v1/locate", &json!({"crs": "wgs84", "points": members})).await?;
        assert_eq!(answer.status, 200, "{}", answer.body);
        let located = answer.body["points"].as_array().context("points")?;
        assert_eq!(located.len(), batch.len());
        for one in located {
            assert_eq!(one["inside"].as_bool(), Some(!one["grid"].is_null()), "{one}");
            grids.push(one["grid"]["grid_id"].as_i64().map(|id| id as i32));
        }
    }
    Ok(grids)
}

/// Points where a rule about borders can go wrong: each corner, the middle of each edge, and the eight steps around those.
fn tempting_points() -> Vec<Point> {
    let mut points = BTreeSet::new();
    for grid in town::GRIDS {
        for ring in grid.parts.iter().flat_map(|part| part.iter()) {
            for (index, corner) in ring.iter().enumerate() {
                let (from, to) = (town::at(*corner), town::at(ring[(index + 1) % ring.len()]));
                let middle = (from.0.midpoint(to.0), from.1.midpoint(to.1));
                for (x, y) in [from, middle] {
                    points.extend((-1..=1).flat_map(|dx| (-1..=1).map(move |dy| (x + dx, y + dy))));
                }
            }
        }
    }
    points.into_iter().collect()
}

/// Points anywhere in the town and a little around it.
fn random_points(count: usize, seed: u64) -> Vec<Point> {
    let mut random = StdRng::seed_from_u64(seed);
    let ((west, south), (east, north)) = (town::at((-1, -1)), town::at((13, 13)));
    (0..count)
        .map(|_| (random.random_range(west..=east), random.random_range(south..=north)))
        .collect()
}

/// Compares the service with both judges on every point; 0 differences.
///
/// # Panics
/// When there is a difference.
pub async fn assert_agrees(app: &App, database: &Database, points: &[Point]) -> Result<()> {
    let answers = located(app, points).await?;
    let owners = oracle::owners(&database.pool, points).await?;
    let containing = oracle::containing(&database.pool, points).await?;
    let mut differences = Vec::new();
    for (((point, answer), owners), (containing, on_border)) in
        points.iter().zip(answers).zip(owners).zip(containing)
    {
        let answer = Vec::from_iter(answer);
        if answer != owners || (!on_border && answer != containing) {
            let judged = format!(
                "the rule in SQL {owners:?}, ST_Contains {containing:?}, on a border: {on_border}"
            );
            differences.push(format!("{point:?}: the service says {answer:?}, {judged}"));
        }
    }
    let few = &differences[..differences.len().min(5)];
    assert!(
        differences.is_empty(),
        "{} differences on {} points: {few:#?}",
        differences.len(),
        points.len()
    );
    Ok(())
}

#[tokio::test]
async fn every_point_on_and_beside_a_border_has_the_owner_that_both_judges_name() -> Result<()> {
    let database = Database::with_town().await?;
    oracle::prepare(&database.pool).await?;
    let app = App::start(&database.url).await?;
    let points = tempting_points();
    assert!(points.len() > 500, "only {} points", points.len());
    assert_agrees(&app, &database, &points).await
}

#[tokio::test]
async fn twenty_thousand_random_points_have_the_owner_that_both_judges_name() -> Result<()> {
    let database = Database::with_town().await?;
    oracle::prepare(&database.pool).await?;
    let app = App::start(&database.url).await?;
    assert_agrees(&app, &database, &random_points(20_000, 1)).await
}

/// The basic grids in force as the database holds them, on the lattice.
async fn stored_grids(database: &Database) -> Result<Vec<(u32, LatticeMultiPolygon)>> {
    let rows: Vec<(i32, i32, i32, i32, i32)> = sqlx::query_as(
        "select grid_id, (corner).path[1], (corner).path[2],
                round(st_x((corner).geom) * 1e7)::int, round(st_y((corner).geom) * 1e7)::int
         from (
             select grid_id, st_dumppoints(st_multi(geom)) as corner from grid
             where kind = 'basic' and valid @> boundary_version_at(now())
         ) q
         order by grid_id, (corner).path",
    )
    .fetch_all(&database.pool)
    .await?;
    let mut grids: Vec<(u32, LatticeMultiPolygon)> = Vec::new();
    for ring in rows.chunk_by(|one, other| (one.0, one.1, one.2) == (other.0, other.1, other.2)) {
        let (grid, _, number, ..) = ring[0];
        let corners = ring.iter().map(|row| LatticePoint::new(row.3, row.4));
        // The first corner stands at the end again.
        let walk = LatticeRing(corners.take(ring.len() - 1).collect());
        if grids.last().is_none_or(|(last, _)| *last != grid as u32) {
            grids.push((grid as u32, LatticeMultiPolygon::default()));
        }
        let shape = &mut grids.last_mut().context("a grid")?.1.0;
        match shape.last_mut().filter(|_| number > 1) {
            Some(part) => part.holes.push(walk),
            None => shape.push(LatticePolygon::solid(walk)),
        }
    }
    Ok(grids)
}

#[tokio::test]
async fn the_cell_index_over_the_stored_grids_names_the_owners_that_the_rule_in_sql_names()
-> Result<()> {
    let database = Database::with_town().await?;
    oracle::prepare(&database.pool).await?;
    let locator = Locator::new(stored_grids(&database).await?);
    let key = Key { version: 1, borders: locator.digest() };
    let mut file = Vec::new();
    CellIndex::build(&locator, key)?.write_to(&mut file)?;
    let index = CellIndex::open(file, key)?;
    let points = [tempting_points(), random_points(20_000, 2)].concat();
    let asked: Vec<LatticePoint> = points.iter().map(|(x, y)| LatticePoint::new(*x, *y)).collect();
    let mut found = vec![None; asked.len()];
    index.locate_batch(&asked, &mut found);
    let owners = oracle::owners(&database.pool, &points).await?;
    let differs = |((point, found), owners): &((&Point, Option<u32>), Vec<i32>)| {
        let found: Vec<i32> = found.iter().map(|id| *id as i32).collect();
        (found != *owners).then(|| format!("{point:?}: index {found:?}, SQL {owners:?}"))
    };
    let answers = points.iter().zip(found).zip(owners);
    let differences: Vec<String> = answers.filter_map(|answer| differs(&answer)).collect();
    assert!(differences.is_empty(), "{} differ: {:?}", differences.len(), differences[0]);
    Ok(())
}

#[tokio::test]
async fn one_point_is_answered_with_all_that_lies_around_it() -> Result<()> {
    let database = Database::with_town().await?;
    let app = App::start(&database.url).await?;
    let (x, y) = town::at(town::grid("A2").inside);
    let answer = app
        .post("/v1/locate", &json!({"lng": degrees(x), "lat": degrees(y), "crs": "wgs84"}))
        .await?;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let body = &answer.body;
    assert_eq!(body["inside"], true);
    assert_eq!(body["grid"]["code"], town::grid("A2").code);
    assert_eq!(body["grid"]["name"], "甲二");
    assert_eq!(body["community"], json!({"code": "620102001001", "name": "甲社区"}));
    assert_eq!(body["township"], json!({"code": "620102001", "name": "东岸街道"}));
    assert_eq!(body["district"], json!({"code": "620102", "name": "城关区"}));
    assert_eq!(body["city"], json!({"code": "6201", "name": "兰州市"}));
    assert_eq!(body["boundary_version"], 1);
    assert!(body["special_grid"].is_null());
    Ok(())
}

#[tokio::test]
async fn a_special_grid_is_named_beside_the_basic_one_below_it() -> Result<()> {
    let database = Database::with_town().await?;
    let app = App::start(&database.url).await?;
    let (x, y) = town::at(town::grid("S").inside);
    let answer = app
        .post("/v1/locate", &json!({"lng": degrees(x), "lat": degrees(y), "crs": "wgs84"}))
        .await?;
    assert_eq!(answer.body["grid"]["code"], town::grid("D2").code);
    assert_eq!(answer.body["special_grid"]["code"], town::grid("S").code);
    Ok(())
}

#[tokio::test]
async fn names_of_points_come_back_in_their_order() -> Result<()> {
    let database = Database::with_town().await?;
    let app = App::start(&database.url).await?;
    let inside = |short: &str| {
        let (x, y) = town::at(town::grid(short).inside);
        (degrees(x), degrees(y))
    };
    let ((ax, ay), (cx, cy)) = (inside("A1"), inside("C2"));
    let points = json!([
        {"id": "first", "lng": ax, "lat": ay},
        {"id": 7, "lng": 0.0, "lat": 0.0},
        {"lng": cx, "lat": cy},
    ]);
    let answer = app.post("/v1/locate", &json!({"crs": "wgs84", "points": points})).await?;
    let seen: Vec<_> = answer.body["points"]
        .as_array()
        .context("points")?
        .iter()
        .map(|one| (one["id"].clone(), one["grid"]["code"].clone()))
        .collect();
    let wanted = [
        (json!("first"), json!(town::grid("A1").code)),
        (json!(7), Value::Null),
        (Value::Null, json!(town::grid("C2").code)),
    ];
    assert_eq!(seen, wanted);
    assert_eq!(answer.body["inside"], 2);
    Ok(())
}

#[tokio::test]
async fn the_same_place_in_every_declared_system_lies_in_the_same_grid() -> Result<()> {
    let database = Database::with_town().await?;
    let app = App::start(&database.url).await?;
    let systems =
        ["wgs84", "cgcs2000", "gcj02", "bd09", "EPSG:4326", "EPSG:4490", "EPSG:3857", "EPSG:4544"];
    for grid in town::GRIDS.iter().filter(|grid| grid.kind == "basic") {
        let (x, y) = town::at(grid.inside);
        // Half a metre away from the corners of the drawing's units, where rounding could decide.
        let place = LngLat::<Wgs84>::new(degrees(x + 50), degrees(y + 50))?;
        for system in systems {
            let crs: Crs = system.parse()?;
            let (lng, lat) = crs.from_wgs84(place)?;
            let answer =
                app.post("/v1/locate", &json!({"lng": lng, "lat": lat, "crs": system})).await?;
            assert_eq!(
                answer.body["grid"]["code"], grid.code,
                "{} in {system}: {}",
                grid.short, answer.body
            );
        }
    }
    Ok(())
}

#[tokio::test]
async fn a_point_outside_gets_the_nearest_grid_and_how_far_it_is() -> Result<()> {
    let database = Database::with_town().await?;
    let app = App::start(&database.url).await?;
    for (x, y) in [town::at((-3, 3)), town::at((14, 14)), town::at((6, -1)), town::at((30, 5))] {
        let answer = app
            .post("/v1/locate", &json!({"lng": degrees(x), "lat": degrees(y), "crs": "wgs84"}))
            .await?;
        assert_eq!(
            (answer.status.as_u16(), &answer.body["inside"]),
            (200, &json!(false)),
            "{}",
            answer.body
        );
        let (nearest_m, told_m): (f64, f64) = sqlx::query_as(
            "select min(st_distance(geom::geography, p)), min(st_distance(geom::geography, p)) filter (where grid_id = $3)
             from grid
             cross join (select st_setsrid(st_makepoint($1, $2), 4326)::geography) q (p)
             where kind = 'basic'",
        )
        .bind(degrees(x))
        .bind(degrees(y))
        .bind(answer.body["nearest"]["grid"]["grid_id"].as_i64().context("nearest grid")? as i32)
        .fetch_one(&database.pool)
        .await?;
        let said_m = answer.body["nearest"]["distance_m"].as_f64().context("distance_m")?;
        assert!(
            (told_m - nearest_m).abs() <= 0.01 * nearest_m,
            "named one at {told_m} m, there is one at {nearest_m} m"
        );
        assert!(
            (said_m - told_m).abs() <= 0.01 * told_m,
            "said {said_m} m, PostGIS measures {told_m} m"
        );
    }
    Ok(())
}
