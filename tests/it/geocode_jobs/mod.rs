//! Files of addresses: taken, worked on through crashes, given back whole.

mod files;
mod life;
mod restart;
mod rights;

use std::time::Duration;

use anyhow::{Context, Result, ensure};
use reqwest::Method;
use serde_json::{Value, json};
use tests::app::{Answer, App, answer};
use tests::cluster::Database;
use tests::sse::Reader;

const SOON: Duration = Duration::from_mins(1);
const CSV: &str = "text/csv";
const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
const PATH: &str = "/v1/geocode/csv";

async fn town_app() -> Result<(Database, App)> {
    let database = Database::with_town().await?;
    let app = App::start(&database.url).await?;
    Ok((database, app))
}

async fn send(app: &App, query: &str, kind: &str, bytes: impl Into<Vec<u8>>) -> Result<Answer> {
    let request = app.request(Method::POST, &format!("{PATH}?crs=wgs84{query}"));
    answer(request.header("content-type", kind).body(bytes.into())).await
}

/// Sends a file and starts it as the service proposes; gives back the job's path.
async fn begin(app: &App, kind: &str, bytes: impl Into<Vec<u8>>) -> Result<String> {
    let taken = send(app, "", kind, bytes).await?;
    ensure!(taken.status == 201, "{} {}", taken.status, taken.body);
    let path = taken.header("location").to_owned();
    let body = json!({"mapping": taken.body["proposed_mapping"]});
    let started = app.post(&format!("{path}/start"), &body).await?;
    ensure!(started.status == 202, "{} {}", started.status, started.body);
    Ok(path)
}

/// Follows a job to its end; gives back how far it was at each word, and the last one.
async fn follow(app: &App, path: &str) -> Result<(Vec<i64>, Value)> {
    let mut reader =
        Reader::open(&format!("{}{path}/events", app.base), Some(&app.key), None).await?;
    let mut done = Vec::new();
    loop {
        let event = reader.next(SOON).await?;
        done.push(event.data["done"].as_i64().context("done")?);
        if event.name == "end" {
            ensure!(reader.next(SOON).await.is_err(), "the stream goes on behind its end");
            return Ok((done, event.data));
        }
        ensure!(event.name == "progress", "{}", event.name);
    }
}

/// The result as rows of texts, the header first.
async fn csv_rows(app: &App, path: &str) -> Result<Vec<Vec<String>>> {
    let answer = app.request(Method::GET, &format!("{path}/result?format=csv")).send().await?;
    ensure!(answer.status() == 200, "{}: {}", answer.status(), answer.text().await?);
    let bytes = answer.bytes().await?;
    let text = bytes.strip_prefix("\u{feff}".as_bytes()).context("no mark for Excel")?;
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text);
    let rows = reader.records().map(|row| Ok(row?.iter().map(str::to_owned).collect()));
    rows.collect()
}

/// The cells of one of our columns.
fn column(rows: &[Vec<String>], name: &str) -> Result<Vec<String>> {
    let (header, rows) = rows.split_first().context("no header")?;
    let at = header.iter().position(|cell| cell == name).with_context(|| format!("no {name}"))?;
    Ok(rows.iter().map(|row| row[at].clone()).collect())
}
