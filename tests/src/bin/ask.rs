//! The driver of questions: asks a running service for the places of texts at a steady rate, whatever the answers take, and
//! prints how long they took. Ends with 1 when an answer is refused or too few of them are accepted.
#![expect(clippy::print_stdout, reason = "figures are what it is for")]

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use clap::{Parser, ValueEnum};
use data::embedded::Cluster;
use serde_json::{Value, json};
use sqlx::PgPool;
use tests::app::new_key;

/// Asks a running service at a steady rate.
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
    /// What is asked
    #[arg(long, value_enum, default_value_t = What::Geocode)]
    what: What,
    /// Requests a second
    #[arg(long, default_value_t = 500)]
    rate: u32,
    /// For how long
    #[arg(long, default_value_t = 20)]
    seconds: u64,
    /// Rows of a request, for --what batch
    #[arg(long, default_value_t = 1_000)]
    rows: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum What {
    /// `POST /v1/geocode`
    Geocode,
    /// `POST /v1/geocode/batch`
    Batch,
    /// `GET /v1/suggest`, one keystroke after another
    Suggest,
    /// `GET /v1/reverse`, a point within some 30 m of an address
    Reverse,
}

/// An address, how it is asked for, and where it lies (lng, lat, WGS 84).
struct Question {
    text: String,
    at: [f64; 2],
}

/// A request but for the key.
#[derive(Clone)]
enum Asked {
    Post(&'static str, Value),
    Get(&'static str, Vec<(&'static str, String)>),
}

#[derive(Default)]
struct Tally {
    waits_ms: Vec<f64>,
    accepted: u64,
    answers: u64,
    refused: Vec<String>,
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
    let key = new_key(&url, &[])?;
    let questions = questions(&pool).await?;
    ensure!(!questions.is_empty(), "the database has no addresses");
    let begun = Instant::now();
    let tally = ask(&options, &key, &requests(&options, &questions)).await?;
    report(tally, begun.elapsed().as_secs_f64())
}

/// Sends the requests round and round, each when it is due.
async fn ask(options: &Options, key: &str, requests: &[Asked]) -> Result<Tally> {
    let client = reqwest::Client::builder().timeout(Duration::from_secs(30)).build()?;
    let tally = Arc::new(Mutex::new(Tally::default()));
    let mut ticks = tokio::time::interval(Duration::from_secs(1) / options.rate.max(1));
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Burst);
    let begun = Instant::now();
    let mut asked = Vec::new();
    for request in requests.iter().cycle() {
        // When it was due, not when it was sent: a service that stalls must not make the driver wait politely.
        let due = ticks.tick().await.into_std();
        if begun.elapsed().as_secs() >= options.seconds {
            break;
        }
        let request = match request.clone() {
            Asked::Post(path, body) => client.post(format!("{}{path}", options.base)).json(&body),
            Asked::Get(path, query) => client.get(format!("{}{path}", options.base)).query(&query),
        }
        .bearer_auth(key);
        let tally = Arc::clone(&tally);
        asked.push(tokio::spawn(async move {
            let answer = answer(request).await;
            let mut tally = tally.lock().unwrap_or_else(PoisonError::into_inner);
            tally.waits_ms.push(due.elapsed().as_secs_f64() * 1e3);
            match answer {
                Ok((answers, accepted)) => {
                    tally.answers += answers;
                    tally.accepted += accepted;
                }
                Err(error) => tally.refused.push(error.to_string()),
            }
        }));
    }
    for one in asked {
        one.await?;
    }
    let mut tally = tally.lock().unwrap_or_else(PoisonError::into_inner);
    Ok(std::mem::take(&mut *tally))
}

fn report(mut tally: Tally, took_s: f64) -> Result<()> {
    tally.waits_ms.sort_by(f64::total_cmp);
    let count = tally.waits_ms.len();
    ensure!(count > 0, "nothing was asked");
    let at = |share: f64| tally.waits_ms[((count - 1) as f64 * share).round() as usize];
    println!("asked     {count} in {took_s:.1} s = {:.0}/s", count as f64 / took_s);
    println!(
        "answers   p50 {:.2} ms, p99 {:.2} ms, p99.9 {:.2} ms, longest {:.1} ms",
        at(0.5),
        at(0.99),
        at(0.999),
        at(1.0)
    );
    println!(
        "rows      {} = {:.0}/s, {:.1} % accepted or not empty",
        tally.answers,
        tally.answers as f64 / took_s,
        tally.accepted as f64 * 100.0 / tally.answers.max(1) as f64
    );
    ensure!(
        tally.refused.is_empty(),
        "{} refused, such as {}",
        tally.refused.len(),
        tally.refused[0]
    );
    ensure!(tally.accepted * 2 > tally.answers, "too few were accepted");
    Ok(())
}

/// How many rows were answered, and how many accepted; a list of suggestions or places counts if it is not empty.
async fn answer(request: reqwest::RequestBuilder) -> Result<(u64, u64)> {
    let answer = request.send().await?;
    let (status, body) = (answer.status(), answer.json::<Value>().await?);
    ensure!(status == 200, "{status}: {body}");
    if let Some(rows) = body["rows"].as_array() {
        let accepted = rows.iter().filter(|row| row["verdict"] == "accepted").count();
        return Ok((rows.len() as u64, accepted as u64));
    }
    let found = body["suggestions"].as_array().or_else(|| body["features"].as_array());
    Ok((
        1,
        u64::from(match &body["geocoding"]["verdict"] {
            Value::Null => found.is_some_and(|found| !found.is_empty()),
            verdict => verdict == "accepted",
        }),
    ))
}

fn requests(options: &Options, questions: &[Question]) -> Vec<Asked> {
    let row = |question: &Question| json!({"text": question.text});
    match options.what {
        What::Geocode => questions
            .iter()
            .map(|question| {
                Asked::Post("/v1/geocode", json!({"crs": "gcj02", "text": question.text}))
            })
            .collect(),
        What::Batch => questions
            .chunks(options.rows.clamp(1, 1_000))
            .map(|rows| json!({"crs": "gcj02", "rows": rows.iter().map(row).collect::<Vec<_>>()}))
            .map(|body| Asked::Post("/v1/geocode/batch", body))
            .collect(),
        What::Suggest => questions.iter().step_by(4).flat_map(keystrokes).collect(),
        What::Reverse => questions
            .iter()
            .enumerate()
            .map(|(at, question)| Asked::Get("/v1/reverse", beside(at, question)))
            .collect(),
    }
}

/// What is in the field after each key: the address from its district on, as far as it is typed.
fn keystrokes(question: &Question) -> Vec<Asked> {
    let letters: Vec<char> = question.text.chars().collect();
    (1..=letters.len())
        .map(|typed| {
            let typed = letters[..typed].iter().collect();
            Asked::Get("/v1/suggest", vec![("q", typed), ("crs", "gcj02".to_owned())])
        })
        .collect()
}

/// A point up to 30 m from the address, another way for each.
fn beside(at: usize, question: &Question) -> Vec<(&'static str, String)> {
    let [lng, lat] = question.at;
    let (east, north) = ((at % 7) as f64 - 3.0, (at % 5) as f64 - 2.0);
    vec![
        ("lng", format!("{:.7}", lng + east * 1e-4)),
        ("lat", format!("{:.7}", lat + north * 1e-4)),
        ("crs", "wgs84".to_owned()),
    ]
}

/// Addresses from everywhere, as people write them: without province and city, other words for buildings, talk around them.
async fn questions(pool: &PgPool) -> Result<Vec<Question>> {
    let rows: Vec<(String, f64, f64)> = sqlx::query_as(
        "select full_text, st_x(geom), st_y(geom) from address where address_id % 97 = 0 order by md5(address_id::text) limit 20000",
    )
    .fetch_all(pool)
    .await?;
    let written = |(at, (text, lng, lat)): (usize, &(String, f64, f64))| {
        let short = text.trim_start_matches("甘肃省").trim_start_matches("兰州市");
        let text = match at % 4 {
            0 => short.to_owned(),
            1 => format!("您好，我是{short}的住户，楼道灯坏了"),
            2 => short.replace("号楼", "栋").replace("单元", "-"),
            _ => short.split_once('区').map_or(short, |(_, inner)| inner).to_owned(),
        };
        Question { text, at: [*lng, *lat] }
    };
    Ok(rows.iter().enumerate().map(written).collect())
}
