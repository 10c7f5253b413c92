//! Borders published while reports come in: moves, merges and splits by a planner, batches of reports by callers, on any
//! number of nodes, and at the end the question to PostGIS whether every case lies in the grid of its event time.

use std::collections::HashSet;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use rand::{Rng, SeedableRng, rngs::StdRng};
use serde_json::{Value, json};
use sqlx::PgPool;

use crate::oracle::{self, Point};

/// How much of it there is to be.
#[derive(Clone, Copy, Debug)]
pub struct Load {
    /// For so long reports come in.
    pub lasts: Duration,
    /// So many a second, all nodes together.
    pub per_second: usize,
    /// So many in a request.
    pub batch: usize,
    /// So many boundary versions meanwhile, at equal distances.
    pub versions: usize,
    /// Which grids and places are drawn.
    pub seed: u64,
}

/// What happened.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    /// Cases that were acknowledged.
    pub incidents: usize,
    /// How long that took.
    pub took: Duration,
    /// How long each request took, in milliseconds, ascending.
    pub waits_ms: Vec<f64>,
    /// How long each publication took, in milliseconds.
    pub publications_ms: Vec<f64>,
    /// Versions that decided at least one case.
    pub versions_seen: usize,
    /// Cases in another grid than the rule in SQL names for their place and event time.
    pub wrong: usize,
    /// Cases whose grid is not one of the version that they say decided them.
    pub mixed: usize,
    /// Cases that would lie in another grid by the first or the last version: those the publications were about.
    pub contested: usize,
    /// Answers of `/v1/locate` that were looked at, and those in which a grid is not of the version they name.
    pub located: (usize, usize),
}

/// Two grids of one community that share a border, as GeoJSON polygons.
#[derive(Clone, Debug)]
struct Pair {
    codes: [String; 2],
    shapes: [Value; 2],
    /// Both as one.
    merged: Value,
    /// West, south, east, north.
    bounds: [f64; 4],
}

/// Publishes and reports at the same time. `nodes` are the services' addresses; the first one publishes.
///
/// # Errors
/// When a request is refused, or the database is not what it should be.
pub async fn run(nodes: &[String], key: &str, pool: &PgPool, load: Load) -> Result<Outcome> {
    let pairs = pairs(pool, load.seed).await?;
    let places = places(pool, &pairs, load).await?;
    let client = reqwest::Client::builder().timeout(Duration::from_mins(1)).build()?;
    let begun = Instant::now();
    let publishing = publish_all(&client, &nodes[0], key, &pairs, load);
    let reporting = report_all(&client, nodes, key, &places, load);
    let locating = locate_all(&client, nodes, key, &places, load);
    let (publications_ms, (ids, mut waits_ms), answers) =
        tokio::try_join!(publishing, reporting, locating)?;
    let took = begun.elapsed();
    waits_ms.sort_by(f64::total_cmp);
    let mut outcome =
        Outcome { incidents: ids.len(), took, waits_ms, publications_ms, ..Outcome::default() };
    judge(pool, &ids, &mut outcome).await?;
    let shapes: HashSet<(i32, i32)> = sqlx::query_as::<_, (i32, i32)>(
        "select g.grid_id, v.boundary_version_id from grid g join boundary_version v on g.valid @> v.boundary_version_id",
    )
    .fetch_all(pool)
    .await?
    .into_iter()
    .collect();
    let mixed = answers
        .iter()
        .filter(|(version, grids)| grids.iter().any(|grid| !shapes.contains(&(*grid, *version))));
    outcome.located = (answers.len(), mixed.count());
    Ok(outcome)
}

async fn pairs(pool: &PgPool, seed: u64) -> Result<Vec<Pair>> {
    type Row = (String, String, String, String, String, [f64; 4]);
    let rows: Vec<Row> = sqlx::query_as(
        "select a.code, b.code, st_asgeojson(a.geom, 7), st_asgeojson(b.geom, 7), st_asgeojson(u.geom, 7),
                array[st_xmin(u.geom), st_ymin(u.geom), st_xmax(u.geom), st_ymax(u.geom)]
         from grid a
         join grid b on b.community_code = a.community_code and a.code < b.code and a.geom && b.geom
         cross join lateral (select st_union(a.geom, b.geom) as geom) u
         where a.kind = 'basic' and b.kind = 'basic' and upper_inf(a.valid) and upper_inf(b.valid)
           and st_length(st_intersection(st_boundary(a.geom), st_boundary(b.geom))) > 0
           and st_geometrytype(u.geom) = 'ST_Polygon'
         order by hashtextextended(a.code || b.code, $1)
         limit 40",
    )
    .bind(seed as i64)
    .fetch_all(pool)
    .await?;
    let mut taken = HashSet::new();
    let mut pairs = Vec::new();
    for (one, other, a, b, merged, bounds) in rows {
        // Each grid in one pair only, so that no edit builds on another one's.
        if taken.insert(one.clone()) && taken.insert(other.clone()) {
            let shapes = [serde_json::from_str(&a)?, serde_json::from_str(&b)?];
            let merged = serde_json::from_str(&merged)?;
            pairs.push(Pair { codes: [one, other], shapes, merged, bounds });
        }
    }
    ensure!(!pairs.is_empty(), "no two grids of a community share a border");
    Ok(pairs)
}

/// Half of the places around the pairs, half in buildings.
async fn places(pool: &PgPool, pairs: &[Pair], load: Load) -> Result<Vec<Point>> {
    let steps = |degrees: f64| (degrees * 1e7).round() as i32;
    let count = (load.lasts.as_secs_f64() * load.per_second as f64).ceil() as usize;
    let in_buildings: Vec<(f64, f64)> = sqlx::query_as(
        "select st_x(p), st_y(p)
         from building b
         cross join st_pointonsurface(b.geom) p
         order by hashint8extended(b.building_id, $1)
         limit 20000",
    )
    .bind(load.seed as i64)
    .fetch_all(pool)
    .await?;
    ensure!(!in_buildings.is_empty(), "the database has no buildings");
    let mut random = StdRng::seed_from_u64(load.seed);
    Ok((0..count)
        .map(|number| {
            if number % 2 == 0 {
                let [west, south, east, north] = pairs[random.random_range(0..pairs.len())].bounds;
                (
                    random.random_range(steps(west)..=steps(east)),
                    random.random_range(steps(south)..=steps(north)),
                )
            } else {
                let (lng, lat) = in_buildings[random.random_range(0..in_buildings.len())];
                (steps(lng), steps(lat))
            }
        })
        .collect())
}

/// Merges, splits and moves, one publication after the other; gives back how long each took.
async fn publish_all(
    client: &reqwest::Client,
    node: &str,
    key: &str,
    pairs: &[Pair],
    load: Load,
) -> Result<Vec<f64>> {
    let mut random = StdRng::seed_from_u64(load.seed ^ 1);
    let begun = Instant::now();
    let between = load.lasts.div_f64(load.versions as f64 + 1.0);
    let mut took_ms = Vec::new();
    let mut merged: Option<&Pair> = None;
    for number in 0..load.versions {
        tokio::time::sleep_until((begun + between * (number as u32 + 1)).into()).await;
        let pair = &pairs[number % pairs.len()];
        let edit = match merged.take() {
            Some(split) => whole(split),
            None if number % 3 == 2 => match moved(pair, &mut random) {
                Some(edit) => edit,
                None => merge(pair, &mut merged),
            },
            None => merge(pair, &mut merged),
        };
        let at = Instant::now();
        let answer = client
            .post(format!("{node}/v1/boundaries"))
            .bearer_auth(key)
            .json(&edit)
            .send()
            .await?;
        let status = answer.status();
        let body: Value = answer.json().await?;
        ensure!(status == 201, "publication {number}: {status}: {body}");
        took_ms.push(at.elapsed().as_secs_f64() * 1e3);
    }
    Ok(took_ms)
}

fn whole(pair: &Pair) -> Value {
    let grid = |at: usize| json!({"code": pair.codes[at], "geometry": pair.shapes[at]});
    json!({"note": "split", "grids": [grid(0), grid(1)]})
}

fn merge<'a>(pair: &'a Pair, merged: &mut Option<&'a Pair>) -> Value {
    *merged = Some(pair);
    let grid = json!({"code": pair.codes[0], "geometry": pair.merged});
    json!({"note": "merge", "grids": [grid], "ended": [pair.codes[1]]})
}

/// The middle one of three corners, a third of the way to the middle of its neighbours: on the same side of everything else.
fn nearer([before, corner, after]: &[Value; 3]) -> Option<Value> {
    let at = |corner: &Value| Some((corner[0].as_f64()?, corner[1].as_f64()?));
    let ((x0, y0), (x, y), (x1, y1)) = (at(before)?, at(corner)?, at(after)?);
    let towards =
        |from: f64, a: f64, b: f64| ((from + (a.midpoint(b) - from) / 3.0) * 1e7).round() / 1e7;
    Some(json!([towards(x, x0, x1), towards(y, y0, y1)]))
}

/// The pair with one inner corner of the common border elsewhere; `None` when it has none.
fn moved(pair: &Pair, random: &mut StdRng) -> Option<Value> {
    let corners = |at: usize| -> HashSet<String> {
        rings(&pair.shapes[at]).into_iter().flatten().map(|corner| corner.to_string()).collect()
    };
    let other = corners(1);
    let shared = |corner: &Value| other.contains(&corner.to_string());
    // Both neighbours in the ring are shared too: nobody else touches the corner between them.
    let inner: Vec<[Value; 3]> = rings(&pair.shapes[0])
        .iter()
        .flat_map(|ring| {
            ring.windows(3)
                .map(|three| [three[0].clone(), three[1].clone(), three[2].clone()])
                .collect::<Vec<_>>()
        })
        .filter(|three| three.iter().all(shared))
        .collect();
    // On a straight border a corner may lie in the middle already: that would be no edit.
    let moves: Vec<(&Value, Value)> = inner
        .iter()
        .filter_map(|three| Some((&three[1], nearer(three)?)))
        .filter(|(corner, new)| *corner != new)
        .collect();
    if moves.is_empty() {
        return None;
    }
    let (corner, new) = &moves[random.random_range(0..moves.len())];
    let shape = |at: usize| {
        let text = pair.shapes[at].to_string().replace(&corner.to_string(), &new.to_string());
        serde_json::from_str::<Value>(&text).ok()
    };
    let grid = |at: usize| Some(json!({"code": pair.codes[at], "geometry": shape(at)?}));
    Some(json!({"note": "move", "grids": [grid(0)?, grid(1)?]}))
}

fn rings(shape: &Value) -> Vec<Vec<Value>> {
    let polygons = match shape["type"].as_str() {
        Some("Polygon") => vec![shape["coordinates"].clone()],
        _ => shape["coordinates"].as_array().cloned().unwrap_or_default(),
    };
    let rings = polygons.iter().filter_map(Value::as_array).flatten();
    rings.filter_map(|ring| ring.as_array().cloned()).collect()
}

/// Reports at an even pace; gives back the ids, and how long each request took.
async fn report_all(
    client: &reqwest::Client,
    nodes: &[String],
    key: &str,
    places: &[Point],
    load: Load,
) -> Result<(Vec<i64>, Vec<f64>)> {
    let run: u64 = rand::rng().random();
    let begun = Instant::now();
    let batches = places.chunks(load.batch).enumerate().map(|(number, places)| {
        let due = begun + Duration::from_secs_f64((number * load.batch) as f64 / load.per_second as f64);
        let (client, node) = (client.clone(), nodes[number % nodes.len()].clone());
        let members: Vec<Value> = (0..)
            .zip(places)
            .map(|(at, (x, y)): (usize, _)| {
                json!({
                    "idempotency_key": format!("publishing-{run:x}-{number}-{at}"),
                    "channel": "app",
                    "category": "0201",
                    "description": "压力测试",
                    "location": {"lng": f64::from(*x) / 1e7, "lat": f64::from(*y) / 1e7, "crs": "wgs84"},
                })
            })
            .collect();
        async move {
            tokio::time::sleep_until(due.into()).await;
            let sent = Instant::now();
            let url = format!("{node}/v1/incidents/batch");
            let request = client.post(url).bearer_auth(key).json(&json!({"incidents": members}));
            let body: Value = request.send().await?.error_for_status()?.json().await?;
            let results = body["results"].as_array().context("results")?;
            let ids: Vec<i64> = results
                .iter()
                .map(|one| match one["incident"]["id"].as_str() {
                    Some(id) => Ok(id.parse()?),
                    None => bail!("{one}"),
                })
                .collect::<Result<_>>()?;
            anyhow::Ok((ids, sent.elapsed().as_secs_f64() * 1e3))
        }
    });
    let answers = futures::future::try_join_all(batches).await?;
    let (ids, waits_ms): (Vec<Vec<i64>>, Vec<f64>) = answers.into_iter().unzip();
    Ok((ids.concat(), waits_ms))
}

/// Asks all the while where points lie; gives back the version and the grids of each answer.
async fn locate_all(
    client: &reqwest::Client,
    nodes: &[String],
    key: &str,
    places: &[Point],
    load: Load,
) -> Result<Vec<(i32, Vec<i32>)>> {
    let begun = Instant::now();
    let mut answers = Vec::new();
    while begun.elapsed() < load.lasts {
        let node = &nodes[answers.len() % nodes.len()];
        let points: Vec<Value> = places
            .iter()
            .skip(answers.len() * 7 % places.len())
            .take(400)
            .map(|(x, y)| json!({"lng": f64::from(*x) / 1e7, "lat": f64::from(*y) / 1e7}))
            .collect();
        let request = client.post(format!("{node}/v1/locate")).bearer_auth(key);
        let request = request.json(&json!({"crs": "wgs84", "points": points}));
        let body: Value = request.send().await?.error_for_status()?.json().await?;
        let version = body["boundary_version"].as_i64().context("boundary_version")? as i32;
        let points = body["points"].as_array().context("points")?;
        let grids = points.iter().filter_map(|one| Some(one["grid"]["grid_id"].as_i64()? as i32));
        answers.push((version, grids.collect()));
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    Ok(answers)
}

/// Place, grid, version that decided, version at the event time, and whether the grid is one of the version that decided.
type Judged = (f64, f64, Option<i32>, i32, i32, bool);

/// Asks the rule in SQL for the grid of each case at its event time.
async fn judge(pool: &PgPool, ids: &[i64], outcome: &mut Outcome) -> Result<()> {
    oracle::prepare(pool).await?;
    let rows: Vec<Judged> = sqlx::query_as(
        "select st_x(i.geom), st_y(i.geom), i.grid_id, i.boundary_version, boundary_version_at(i.reported_at),
                coalesce(g.valid @> i.boundary_version, true)
         from incident i
         left join grid g on g.grid_id = i.grid_id
         where i.incident_id = any($1)",
    )
    .bind(ids)
    .fetch_all(pool)
    .await?;
    ensure!(rows.len() == ids.len(), "{} of {} cases are there", rows.len(), ids.len());
    let steps = |degrees: f64| (degrees * 1e7).round() as i32;
    let points: Vec<Point> = rows.iter().map(|(lng, lat, ..)| (steps(*lng), steps(*lat))).collect();
    let at_event: Vec<i32> = rows.iter().map(|(.., version, _)| *version).collect();
    let owners = oracle::owners_in(pool, &points, &at_event).await?;
    let (first, last): (i32, i32) = sqlx::query_as(
        "select min(boundary_version_id), max(boundary_version_id) from boundary_version",
    )
    .fetch_one(pool)
    .await?;
    let codes_first = oracle::owner_codes_in(pool, &points, first).await?;
    let codes_last = oracle::owner_codes_in(pool, &points, last).await?;
    let mut seen = HashSet::new();
    for ((_, _, grid, decided, event, is_own), owners) in rows.iter().zip(&owners) {
        seen.insert(*decided);
        outcome.wrong += usize::from(Vec::from_iter(*grid) != *owners || decided != event);
        outcome.mixed += usize::from(!is_own);
    }
    outcome.contested = codes_first.iter().zip(&codes_last).filter(|(a, b)| a != b).count();
    outcome.versions_seen = seen.len();
    Ok(())
}
