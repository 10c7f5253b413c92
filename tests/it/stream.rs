//! What is going on: the stream that walls follow, with cuts.

use std::collections::BTreeMap;
use std::time::Duration;

use anyhow::{Context, Result};
use serde_json::{Value, json};
use tests::app::App;
use tests::cluster::Database;
use tests::sse::{Event, Reader};
use tests::town;

/// Generous for two busy cores; the wall's promise of one second is measured in the browser tests.
const SOON: Duration = Duration::from_secs(15);

async fn follow(app: &App, last_seq: Option<i64>) -> Result<Reader> {
    Reader::open(&format!("{}/v1/stream", app.base), Some(&app.key), last_seq).await
}

async fn incidents(reader: &mut Reader, count: usize) -> Result<Vec<Event>> {
    let mut events = Vec::with_capacity(count);
    while events.len() < count {
        events.push(reader.next_named("incident", SOON).await?);
    }
    Ok(events)
}

fn seqs(events: &[Event]) -> Vec<i64> {
    events.iter().filter_map(|event| event.seq).collect()
}

#[tokio::test]
async fn a_report_is_on_the_stream_with_its_place_and_without_what_the_person_wrote() -> Result<()>
{
    let database = Database::with_town().await?;
    let app = App::start(&database.url).await?;
    let mut reader = follow(&app, None).await?;
    let told = app.report("x", &town::report_in("A2")).await?.body;
    let event = reader.next_named("incident", SOON).await?;
    let data = &event.data;
    assert_eq!(data["seq"].as_i64(), event.seq);
    assert_eq!(data["id"], told["id"]);
    assert_eq!(data["number"], told["number"]);
    assert_eq!(data["state"], told["state"]);
    assert_eq!(data["grid_id"], told["grid"]["id"]);
    assert_eq!(data["grid_code"], town::grid("A2").code);
    assert_eq!(data["community_code"], "620102001001");
    assert_eq!(data["township_code"], "620102001");
    assert_eq!(data["district_code"], "620102");
    assert_eq!(data["place"], "东岸街道 · 甲社区");
    assert_eq!(data["category"], json!({"code": "0201", "name": "道路破损"}));
    assert!(data["lng"].is_f64() && data["lat"].is_f64(), "{data}");
    assert!(!data.to_string().contains("路面塌陷"), "what a person wrote is on the wall: {data}");
    Ok(())
}

#[tokio::test]
async fn a_quarrel_between_neighbours_is_on_no_wall_as_a_point() -> Result<()> {
    let database = Database::with_town().await?;
    let app = App::start(&database.url).await?;
    let mut reader = follow(&app, None).await?;
    let mut quarrel = town::report_in("A1");
    quarrel["category"] = json!("0501");
    app.report("quarrel", &quarrel).await?;
    app.report("plain", &town::report_in("A1")).await?;
    let mut seen = Vec::new();
    loop {
        let event = reader.next_named("incident", SOON).await?;
        let plain = event.data["category"]["code"] == "0201";
        seen.push(event.data);
        if plain {
            break;
        }
    }
    for data in seen.iter().filter(|data| data["category"]["code"] != "0201") {
        assert_eq!((&data["lng"], &data["lat"]), (&Value::Null, &Value::Null), "{data}");
    }
    Ok(())
}

#[tokio::test]
async fn a_reader_that_is_cut_again_and_again_sees_everything_once_and_in_order() -> Result<()> {
    const REPORTS: usize = 200;
    let database = Database::with_town().await?;
    let app = App::start(&database.url).await?;
    let first = app.report("first", &town::report_in("A1")).await?;
    assert_eq!(first.status, 201);
    let mut reader = follow(&app, Some(0)).await?;
    let mut seen = incidents(&mut reader, 1).await?;

    let posting = async {
        for n in 1..REPORTS {
            let short = ["A1", "A2", "B2", "C1", "D1"][n % 5];
            let answer = app.report(&format!("n{n}"), &town::report_in(short)).await?;
            assert_eq!(answer.status, 201, "{}", answer.body);
        }
        anyhow::Ok(())
    };
    let reading = async {
        let mut cuts = 0;
        while seen.len() < REPORTS {
            // A connection dies after a few events, wherever that is; the next one goes on from the last number.
            let count = (1 + cuts % 7).min(REPORTS - seen.len());
            let mut reader = follow(&app, seen.last().and_then(|event: &Event| event.seq)).await?;
            seen.extend(incidents(&mut reader, count).await?);
            cuts += 1;
        }
        anyhow::Ok(cuts)
    };
    let (posted, cuts) = tokio::join!(posting, reading);
    posted?;
    assert!(cuts? > 20);

    let numbers = seqs(&seen);
    assert!(numbers.windows(2).all(|pair| pair[0] < pair[1]), "not in order: {numbers:?}");
    let mut ids = BTreeMap::new();
    for event in &seen {
        *ids.entry(event.data["id"].to_string()).or_insert(0) += 1;
    }
    assert_eq!(ids.len(), REPORTS, "some are missing");
    assert!(ids.values().all(|times| *times == 1), "some came twice");

    // Whoever comes later and asks from the start is told the very same.
    let mut late = follow(&app, Some(0)).await?;
    assert_eq!(incidents(&mut late, REPORTS).await?, seen);
    Ok(())
}

#[tokio::test]
async fn a_reader_goes_on_after_the_service_was_killed_and_on_another_node() -> Result<()> {
    let database = Database::with_town().await?;
    let mut app = App::start(&database.url).await?;
    let mut reader = follow(&app, Some(0)).await?;
    for n in 0..5 {
        app.report(&format!("before-{n}"), &town::report_in("A1")).await?;
    }
    let before = incidents(&mut reader, 5).await?;
    app.kill9()?;
    let lost = reader.next(SOON).await;
    assert!(lost.is_err(), "a killed service still sends: {lost:?}");

    // Two nodes now: one takes the reports, the other is read.
    let intake = App::start_with_key(&database.url, &[], app.key.clone()).await?;
    let other = App::start_with_key(&database.url, &[], app.key.clone()).await?;
    let mut reader = follow(&other, seqs(&before).last().copied()).await?;
    for n in 0..5 {
        intake.report(&format!("after-{n}"), &town::report_in("B2")).await?;
    }
    let after = incidents(&mut reader, 5).await?;
    assert!(
        after.iter().all(|event| event.data["grid_code"] == town::grid("B2").code),
        "a repeat: {after:?}"
    );
    assert!(seqs(&before).last() < seqs(&after).first());
    Ok(())
}

#[tokio::test]
async fn the_counters_are_exact_for_the_number_they_name() -> Result<()> {
    let database = Database::with_town().await?;
    let app = App::start(&database.url).await?;
    for n in 0..30 {
        app.report(&format!("n{n}"), &town::report_in(["A1", "B1", "C2"][n % 3])).await?;
    }
    let mut reader = follow(&app, Some(0)).await?;
    incidents(&mut reader, 30).await?;
    let wall = app.get("/v1/stats/wall").await?.body;
    let seq = wall["seq"].as_i64().context("seq")?;
    let told: i64 = sqlx::query_scalar(
        "select count(*) from stream_event where seq <= $1 and topic = 'incident'",
    )
    .bind(seq)
    .fetch_one(&database.pool)
    .await?;
    assert_eq!(wall["today"]["received"], told, "{wall}");
    assert_eq!(told, 30);
    assert_eq!(wall["open_by_division"]["620102"], 30);
    assert_eq!(wall["open_by_division"]["620102001"], 20);
    assert_eq!(wall["by_channel"]["mini_program"], 30);
    // nobody of C2 is on shift: the nearest who is holds its cases
    assert_eq!(wall["by_level"]["grid"], 30);
    assert_eq!(wall["synthetic"], true);
    Ok(())
}

#[tokio::test]
async fn a_quiet_stream_still_beats() -> Result<()> {
    let database = Database::with_town().await?;
    let app = App::start(&database.url).await?;
    let mut reader = follow(&app, None).await?;
    let beat = reader.next_named("heartbeat", SOON).await?;
    assert!(beat.data["seq"].is_i64() && beat.data["at"].is_string(), "{:?}", beat.data);
    Ok(())
}
