//! The life of the synthetic city: its past in the database, its present over HTTP, its map in others' files.

use std::collections::HashMap;
use std::path::Path;

use anyhow::{Context, Result};
use chrono::{DateTime, Utc};
use data::domain::event::{Event, first_broken};
use data::domain::id::IncidentId;
use data::domain::lifecycle::{Action, State};
use sqlx::Row;
use tests::app::App;
use tests::cluster::Database;
use tests::command;

const CITY: [&str; 2] = ["--scale", "township"];
/// A stretch of the past with a storm season in it, and enough people for a few thousand matters.
const STRETCH: [&str; 6] = ["--from", "2025-06-01", "--to", "2025-06-20", "--people", "60000"];

async fn city() -> Result<Database> {
    Database::copy_of("city", async |database| {
        command::run(&database.url, &["city", "load", "--scale", "township"]).map(drop)
    })
    .await
}

fn arguments<'a>(first: &[&'a str], more: &[&[&'a str]]) -> Vec<&'a str> {
    first.iter().chain(more.iter().copied().flatten()).copied().collect()
}

#[tokio::test]
async fn a_past_has_true_grids_whole_logs_and_the_states_that_they_lead_to() -> Result<()> {
    let database = city().await?;
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("told.csv");
    let out = file.to_string_lossy();
    command::run(
        command::Server::None,
        &arguments(&["city", "incidents", "--truth", "--out", &out], &[&STRETCH, &CITY]),
    )?;
    let told = std::fs::read_to_string(&file)?;
    let said = command::run(&database.url, &arguments(&["city", "history"], &[&STRETCH, &CITY]))?;
    let incidents = database.count("incident").await?;
    // No text of the stream has a line break, so a line is a row.
    assert_eq!(incidents, told.lines().count() as i64 - 1, "{said}");
    assert!(1000 < incidents, "only {incidents}");

    assert_eq!(broken_logs(&database).await?, Vec::<i64>::new());
    let wrong: i64 = sqlx::query_scalar(
        "select count(*)
         from incident i
         where i.state is distinct from (
                 select e.to_state from incident_event e
                 where e.incident_id = i.incident_id
                 order by e.ordinal desc limit 1)
            or (i.closed_at is null) <> (i.state = any($1))
            or i.closed_at < i.reported_at
            or i.due_at <= i.reported_at",
    )
    .bind(open_states())
    .fetch_one(&database.pool)
    .await?;
    assert_eq!(wrong, 0, "incidents that contradict their logs");
    let misplaced: i64 = sqlx::query_scalar(
        "select count(*)
         from incident i
         where i.geom is null
            or not exists (
                select 1 from grid g
                where g.code = i.grid_code and upper_inf(g.valid) and st_covers(g.geom, i.geom))",
    )
    .fetch_one(&database.pool)
    .await?;
    assert_eq!(misplaced, 0, "incidents beside their grid");
    let unheld: i64 = sqlx::query_scalar(
        "select count(*)
         from incident i
         where not exists (select 1 from unit u where i.holder_kind = 'unit' and u.unit_id = i.holder_id)
           and not exists (select 1 from grid_worker w
                           where i.holder_kind = 'grid_worker' and w.grid_worker_id = i.holder_id)",
    )
    .fetch_one(&database.pool)
    .await?;
    assert_eq!(unheld, 0, "incidents that nobody holds");

    let again = command::run(&database.url, &arguments(&["city", "history"], &[&STRETCH, &CITY]))?;
    assert!(again.contains("20 days were there before"), "{again}");
    assert_eq!(database.count("incident").await?, incidents);
    Ok(())
}

fn open_states() -> Vec<&'static str> {
    data::domain::lifecycle::OPEN_STATES.iter().map(|state| state.name()).collect()
}

/// Incidents whose stored hashes are not those of their logs.
async fn broken_logs(database: &Database) -> Result<Vec<i64>> {
    let rows = sqlx::query(
        "select incident_id, ordinal, action, from_state, to_state, actor, reason, occurred_at, hash
         from incident_event
         order by incident_id, ordinal",
    )
    .fetch_all(&database.pool)
    .await?;
    let mut logs: HashMap<i64, Vec<(Event, Vec<u8>)>> = HashMap::new();
    for row in rows {
        let state = |name: &str| State::named(name).with_context(|| format!("state {name}"));
        let from: Option<String> = row.try_get("from_state")?;
        let (action, to): (String, String) = (row.try_get("action")?, row.try_get("to_state")?);
        let incident: i64 = row.try_get("incident_id")?;
        let event = Event {
            incident_id: IncidentId(incident),
            ordinal: row.try_get("ordinal")?,
            action: Action::named(&action).with_context(|| format!("action {action}"))?,
            from_state: from.as_deref().map(state).transpose()?,
            to_state: state(&to)?,
            actor: row.try_get("actor")?,
            reason: row.try_get("reason")?,
            occurred_at: row.try_get::<DateTime<Utc>, _>("occurred_at")?,
        };
        logs.entry(incident).or_default().push((event, row.try_get("hash")?));
    }
    assert!(!logs.is_empty());
    let broken = logs.iter().filter(|(_, log)| first_broken(log).is_some());
    Ok(broken.map(|(incident, _)| *incident).collect())
}

#[tokio::test]
async fn the_stream_keeps_up_over_http_and_a_repeated_story_doubles_nothing() -> Result<()> {
    let database = city().await?;
    let app = App::start(&database.url).await?;
    // The service takes nothing older than a year.
    let from = (Utc::now() - chrono::TimeDelta::days(60)).format("%Y-%m-%d").to_string();
    let story = [
        "city",
        "live",
        "--url",
        &app.base,
        "--key",
        &app.key,
        "--speed",
        "100000",
        "--from",
        &from,
        "--as-told",
        "--people",
        "400000",
        "--count",
        "700",
        "--story",
        "7",
    ];
    for _ in 0..2 {
        let said = command::run(command::Server::None, &arguments(&story, &[&CITY]))?;
        assert!(said.contains("700 reports taken in, 0 refused"), "{said}");
        assert_eq!(database.count("incident").await?, 700);
    }
    let (days, channels, unlocated): (i64, i64, i64) = sqlx::query_as(
        "select count(distinct date_trunc('day', reported_at at time zone 'Asia/Shanghai')),
                count(distinct channel), count(*) filter (where geom is null)
         from incident where reported_at < now() - interval '50 days'",
    )
    .fetch_one(&database.pool)
    .await?;
    assert!((1..=4).contains(&days), "{days} days");
    assert!(5 <= channels, "{channels} channels");
    assert!(unlocated < 200, "{unlocated} of 700 lie nowhere");
    Ok(())
}

#[tokio::test]
async fn the_city_goes_out_in_every_form_and_comes_back_the_same() -> Result<()> {
    let database = city().await?;
    let folder = tempfile::tempdir()?;
    let mut files = Vec::new();
    for form in ["gpkg", "fgb", "parquet"] {
        let out = folder.path().join(form);
        let said = command::run(
            &database.url,
            &["export", "city", &out.to_string_lossy(), "--format", form],
        )?;
        for (table, layer) in [("address", "address"), ("building", "building"), ("road", "road")] {
            let rows = database.count(table).await?;
            assert!(said.contains(&format!("{rows:>9}  {layer}")), "{form}: {said}");
        }
        files.push(names(&out)?);
    }
    assert_eq!(files[0], ["city.gpkg"]);
    for (ending, names) in ["fgb", "parquet"].iter().zip(&files[1..]) {
        for layer in ["address", "building", "division", "grid", "road", "water"] {
            assert!(names.contains(&format!("{layer}.{ending}")), "{names:?}");
        }
    }
    // Borders come back as they are: nothing is to be changed.
    let before = database.count("grid").await?;
    for (file, options) in [("fgb/grid.fgb", &[][..]), ("gpkg/city.gpkg", &["--layer", "grid"])] {
        let path = folder.path().join(file);
        let path = path.to_string_lossy();
        let report = folder.path().join("report.json");
        let report_name = report.to_string_lossy();
        let import = ["import", "grids", &path, "--dry-run", "--report", &report_name];
        command::run(&database.url, &arguments(&import, &[options]))?;
        let report: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(&report)?)?;
        assert_eq!(report["rows_unchanged"], before, "{file}: {report}");
    }
    Ok(())
}

fn names(folder: &Path) -> Result<Vec<String>> {
    let mut names: Vec<String> = std::fs::read_dir(folder)?
        .map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()))
        .collect::<Result<_>>()?;
    names.sort();
    Ok(names)
}
