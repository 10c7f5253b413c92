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
}

/// An address as it is stored, and how it is asked for.
struct Question {
    text: String,
}

#[derive(Default)]
struct Tally {
    waits_ms: Vec<f64>,
    accepted: u64,
    answers: u64,
    refused: Vec<String>,
}

#[tokio::main]
#[expect(clippy::too_many_lines, reason = "one measurement from beginning to end")]
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
    let client = reqwest::Client::builder().timeout(Duration::from_secs(30)).build()?;
    let questions = Arc::new(questions(&pool).await?);
    ensure!(!questions.is_empty(), "the database has no addresses");
    let bodies = bodies(&options, &questions);
    let path = if options.what == What::Batch { "/v1/geocode/batch" } else { "/v1/geocode" };
    let tally = Arc::new(Mutex::new(Tally::default()));
    let mut ticks = tokio::time::interval(Duration::from_secs(1) / options.rate.max(1));
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Burst);
    let begun = Instant::now();
    let mut asked = Vec::new();
    for at in 0.. {
        // When it was due, not when it was sent: a service that stalls must not make the driver wait politely.
        let due = ticks.tick().await.into_std();
        if begun.elapsed().as_secs() >= options.seconds {
            break;
        }
        let body = bodies.get(at % bodies.len()).cloned().unwrap_or_default();
        let request = client.post(format!("{}{path}", options.base)).bearer_auth(&key).json(&body);
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
    let took_s = begun.elapsed().as_secs_f64();
    let mut tally = tally.lock().unwrap_or_else(PoisonError::into_inner);
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
        "rows      {} = {:.0}/s, {:.1} % accepted",
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

/// How many rows were answered, and how many accepted.
async fn answer(request: reqwest::RequestBuilder) -> Result<(u64, u64)> {
    let answer = request.send().await?;
    let (status, body) = (answer.status(), answer.json::<Value>().await?);
    ensure!(status == 200, "{status}: {body}");
    if let Some(rows) = body["rows"].as_array() {
        let accepted = rows.iter().filter(|row| row["verdict"] == "accepted").count();
        return Ok((rows.len() as u64, accepted as u64));
    }
    Ok((1, u64::from(body["geocoding"]["verdict"] == "accepted")))
}

fn bodies(options: &Options, questions: &[Question]) -> Vec<Value> {
    let row = |question: &Question| json!({"text": question.text});
    match options.what {
        What::Geocode => questions
            .iter()
            .map(|question| json!({"crs": "gcj02", "text": question.text}))
            .collect(),
        What::Batch => questions
            .chunks(options.rows.clamp(1, 1_000))
            .map(|rows| json!({"crs": "gcj02", "rows": rows.iter().map(row).collect::<Vec<_>>()}))
            .collect(),
    }
}

/// Addresses from everywhere, as people write them: without province and city, other words for buildings, talk around them.
async fn questions(pool: &PgPool) -> Result<Vec<Question>> {
    let texts: Vec<String> = sqlx::query_scalar(
        "select full_text from address where address_id % 97 = 0 order by md5(address_id::text) limit 20000",
    )
    .fetch_all(pool)
    .await?;
    let written = |(at, text): (usize, &String)| {
        let short = text.trim_start_matches("甘肃省").trim_start_matches("兰州市");
        let text = match at % 4 {
            0 => short.to_owned(),
            1 => format!("您好，我是{short}的住户，楼道灯坏了"),
            2 => short.replace("号楼", "栋").replace("单元", "-"),
            _ => short.split_once('区').map_or(short, |(_, inner)| inner).to_owned(),
        };
        Question { text }
    };
    Ok(texts.iter().enumerate().map(written).collect())
}
