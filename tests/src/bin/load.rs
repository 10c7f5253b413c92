//! The load driver: posts incidents to a running service, waits until all are on the stream, and then asks PostGIS for the
//! grid of each. Prints rates; ends with 1 when anything differs.
#![expect(clippy::print_stdout, reason = "figures are what it is for")]

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use clap::Parser;
use data::embedded::Cluster;
use futures::StreamExt;
use rand::{Rng, SeedableRng, rngs::StdRng};
use serde_json::{Value, json};
use sqlx::PgPool;
use tests::app::new_key;
use tests::oracle::{self, Point};
use tests::publishing::{self, Load};

const CATEGORIES: [&str; 8] = ["0101", "0201", "0202", "0203", "0301", "0401", "0402", "0602"];
const CHANNELS: [&str; 4] = ["mini_program", "app", "hotline", "grid_patrol"];
/// How long after the last answer everything must be on the stream.
const ON_STREAM_WITHIN: Duration = Duration::from_mins(1);

/// Posts incidents to a running service and checks each against PostGIS.
#[derive(Debug, Parser)]
struct Options {
    /// Where the service is
    #[arg(long, default_value = "http://localhost:8080")]
    base: String,
    /// Its database; without it the private cluster in --pg-dir
    #[arg(long, env = "DATABASE_URL", hide_env_values = true)]
    database_url: Option<String>,
    /// Folder of the private cluster
    #[arg(long, default_value = "./var/pg")]
    pg_dir: PathBuf,
    /// How many incidents
    #[arg(long, default_value_t = 1_000)]
    incidents: usize,
    /// How many requests at once
    #[arg(long, default_value_t = 16)]
    concurrency: usize,
    /// Incidents per request; 1 posts each alone
    #[arg(long, default_value_t = 1)]
    batch: usize,
    /// Which places and categories are drawn
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Publish so many boundary versions while incidents come in at --rate for --seconds, and check each against the borders
    /// of its event time
    #[arg(long, default_value_t = 0)]
    publish: usize,
    /// Incidents a second, with --publish
    #[arg(long, default_value_t = 1_000)]
    rate: usize,
    /// For how long, with --publish
    #[arg(long, default_value_t = 120)]
    seconds: u64,
    /// More nodes on the same database, with --publish
    #[arg(long)]
    node: Vec<String>,
}

#[tokio::main]
async fn main() -> Result<()> {
    let options = Options::parse();
    let url = match &options.database_url {
        Some(url) => url.clone(),
        None => Cluster::attach(&options.pg_dir)?
            .context("no private cluster is running there: make demo")?
            .url(),
    };
    let pool = PgPool::connect(&url).await?;
    if 0 < options.publish {
        return publish(&options, &url, &pool).await;
    }
    let key = new_key(&url, &[])?;
    let places = places(&pool, options.incidents, options.seed).await?;
    let reports = reports(&places, options.seed);

    let begun = Instant::now();
    let (ids, mut waits_ms) = post_all(&options, &key, &reports).await?;
    let took_s = begun.elapsed().as_secs_f64();
    waits_ms.sort_by(f64::total_cmp);
    let at = |share: f64| waits_ms[((waits_ms.len() - 1) as f64 * share).round() as usize];
    println!("incidents   {} in {took_s:.2} s = {:.0}/s", ids.len(), ids.len() as f64 / took_s);
    println!(
        "answers     p50 {:.1} ms, p99 {:.1} ms, longest {:.1} ms ({} at once, {} in each)",
        at(0.5),
        at(0.99),
        at(1.0),
        options.concurrency,
        options.batch
    );
    let delay = wait_for_stream(&pool, &ids).await?;
    println!("stream      all of them {:.0} ms after the last answer", delay.as_secs_f64() * 1e3);
    let wrong = differences(&pool, &ids).await?;
    println!("PostGIS     {} differences in the grids of {} incidents", wrong, ids.len());
    ensure!(wrong == 0, "{wrong} incidents are not in the grid that PostGIS names");
    Ok(())
}

/// Borders are published while incidents come in.
async fn publish(options: &Options, url: &String, pool: &PgPool) -> Result<()> {
    let key = new_key(url, &["--publish"])?;
    let nodes = [std::slice::from_ref(&options.base), &options.node].concat();
    let load = Load {
        lasts: Duration::from_secs(options.seconds),
        per_second: options.rate,
        batch: options.batch.max(1),
        versions: options.publish,
        seed: options.seed,
    };
    let outcome = publishing::run(&nodes, &key, pool, load).await?;
    let took_s = outcome.took.as_secs_f64();
    let share = |sorted: &[f64], share: f64| {
        sorted
            .get(((sorted.len().max(1) - 1) as f64 * share).round() as usize)
            .copied()
            .unwrap_or_default()
    };
    println!(
        "incidents   {} in {took_s:.1} s = {:.0}/s, {} in a request, {} nodes",
        outcome.incidents,
        outcome.incidents as f64 / took_s,
        load.batch,
        nodes.len()
    );
    let waits = &outcome.waits_ms;
    println!(
        "answers     p50 {:.1} ms, p99 {:.1} ms, longest {:.1} ms",
        share(waits, 0.5),
        share(waits, 0.99),
        share(waits, 1.0)
    );
    let mut published = outcome.publications_ms.clone();
    published.sort_by(f64::total_cmp);
    println!(
        "published   {} versions, p50 {:.0} ms, longest {:.0} ms",
        published.len(),
        share(&published, 0.5),
        share(&published, 1.0)
    );
    println!(
        "PostGIS     {} cases not in the grid of their event time, {} in a grid of another version, by {} versions; \
         {} lie where the first and the last version differ",
        outcome.wrong, outcome.mixed, outcome.versions_seen, outcome.contested
    );
    println!(
        "locate      {} answers of 400 points, {} of them mixed",
        outcome.located.0, outcome.located.1
    );
    ensure!(outcome.wrong + outcome.mixed + outcome.located.1 == 0, "there are differences");
    Ok(())
}

/// Places inside buildings, each another one as long as there are enough.
async fn places(pool: &PgPool, count: usize, seed: u64) -> Result<Vec<Point>> {
    let rows: Vec<(f64, f64)> = sqlx::query_as(
        "select st_x(p), st_y(p)
         from building b
         cross join st_pointonsurface(b.geom) p
         order by hashint8extended(b.building_id, $1)
         limit $2",
    )
    .bind(seed as i64)
    .bind(count as i64)
    .fetch_all(pool)
    .await?;
    ensure!(!rows.is_empty(), "the database has no buildings: wangge city load");
    let steps = |degrees: f64| (degrees * 1e7).round() as i32;
    Ok(rows.iter().cycle().take(count).map(|(lng, lat)| (steps(*lng), steps(*lat))).collect())
}

fn reports(places: &[Point], seed: u64) -> Vec<Value> {
    let mut random = StdRng::seed_from_u64(seed);
    let run: u64 = rand::rng().random();
    let one = |(number, (x, y)): (usize, &Point)| {
        json!({
            "idempotency_key": format!("load-{run:x}-{number}"),
            "channel": CHANNELS[random.random_range(0..CHANNELS.len())],
            "category": CATEGORIES[random.random_range(0..CATEGORIES.len())],
            "description": "压力测试",
            "location": {"lng": f64::from(*x) / 1e7, "lat": f64::from(*y) / 1e7, "crs": "wgs84"},
        })
    };
    places.iter().enumerate().map(one).collect()
}

/// Gives back the ids of all incidents, and how long each request took.
async fn post_all(
    options: &Options,
    key: &str,
    reports: &[Value],
) -> Result<(BTreeSet<i64>, Vec<f64>)> {
    let client = reqwest::Client::builder().timeout(Duration::from_mins(1)).build()?;
    let requests = reports.chunks(options.batch.max(1)).map(|members| {
        let client = client.clone();
        async move {
            let begun = Instant::now();
            let ids = post(&client, &options.base, key, members).await?;
            anyhow::Ok((ids, begun.elapsed().as_secs_f64() * 1e3))
        }
    });
    let mut answers = futures::stream::iter(requests).buffer_unordered(options.concurrency.max(1));
    let (mut ids, mut waits_ms) = (BTreeSet::new(), Vec::new());
    while let Some(answer) = answers.next().await {
        let (more, took_ms) = answer?;
        ids.extend(more);
        waits_ms.push(took_ms);
    }
    ensure!(ids.len() == reports.len(), "{} incidents for {} reports", ids.len(), reports.len());
    Ok((ids, waits_ms))
}

async fn post(
    client: &reqwest::Client,
    base: &str,
    key: &str,
    members: &[Value],
) -> Result<Vec<i64>> {
    let id = |incident: &Value| -> Result<i64> {
        Ok(incident["id"].as_str().with_context(|| format!("no id: {incident}"))?.parse()?)
    };
    if let [one] = members {
        let mut report = one.clone();
        let idempotency_key =
            report.as_object_mut().and_then(|members| members.remove("idempotency_key"));
        let idempotency_key = idempotency_key.as_ref().and_then(Value::as_str).context("a key")?;
        let request = client
            .post(format!("{base}/v1/incidents"))
            .header("idempotency-key", idempotency_key)
            .json(&report);
        let answer = request.bearer_auth(key).send().await?;
        let status = answer.status();
        let body: Value = answer.json().await?;
        ensure!(status == 201, "{status}: {body}");
        return Ok(vec![id(&body)?]);
    }
    let request =
        client.post(format!("{base}/v1/incidents/batch")).json(&json!({"incidents": members}));
    let body: Value = request.bearer_auth(key).send().await?.error_for_status()?.json().await?;
    body["results"]
        .as_array()
        .context("results")?
        .iter()
        .map(|result| id(&result["incident"]))
        .collect()
}

async fn wait_for_stream(pool: &PgPool, ids: &BTreeSet<i64>) -> Result<Duration> {
    let begun = Instant::now();
    let ids: Vec<String> = ids.iter().map(ToString::to_string).collect();
    loop {
        let told: i64 = sqlx::query_scalar(
            "select count(distinct payload ->> 'id') from stream_event where topic = 'incident' and payload ->> 'id' = any($1)",
        )
        .bind(&ids)
        .fetch_one(pool)
        .await?;
        if told as usize == ids.len() {
            return Ok(begun.elapsed());
        }
        ensure!(
            begun.elapsed() < ON_STREAM_WITHIN,
            "only {told} of {} are on the stream",
            ids.len()
        );
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

/// How many incidents are not in the basic grid that the border rule in SQL, and PostGIS itself, name for their place.
async fn differences(pool: &PgPool, ids: &BTreeSet<i64>) -> Result<usize> {
    oracle::prepare(pool).await?;
    let ids: Vec<i64> = ids.iter().copied().collect();
    let rows: Vec<(i64, f64, f64, Option<i32>)> = sqlx::query_as(
        "select i.incident_id, st_x(i.geom), st_y(i.geom), i.grid_id from incident i where i.incident_id = any($1)",
    )
    .bind(&ids)
    .fetch_all(pool)
    .await?;
    let steps = |degrees: f64| (degrees * 1e7).round() as i32;
    let points: Vec<Point> =
        rows.iter().map(|(_, lng, lat, _)| (steps(*lng), steps(*lat))).collect();
    let owners = oracle::owners(pool, &points).await?;
    let containing = oracle::containing(pool, &points).await?;
    let mut wrong = ids.len() - rows.len();
    for (((id, _, _, grid), owners), (contains, on_border)) in
        rows.iter().zip(owners).zip(containing)
    {
        if Vec::from_iter(*grid) != owners || (!on_border && owners != contains) {
            println!(
                "incident {id}: stored {grid:?}, the rule in SQL says {owners:?}, ST_Contains {contains:?}"
            );
            wrong += 1;
        }
    }
    Ok(wrong)
}
