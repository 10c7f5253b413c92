//! What cannot be understood is refused with a problem document, soon, and leaves nothing behind.

use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use reqwest::Method;
use serde_json::{Value, json};
use tests::app::{Answer, App, answer};
use tests::cluster::Database;
use tests::town;

/// Generous for two busy cores; the promise is one second.
const LONGEST: Duration = Duration::from_secs(5);

async fn written(database: &Database) -> Result<Vec<i64>> {
    let mut counts = Vec::new();
    for table in ["incident", "incident_event", "idempotency_key", "clock_interval"] {
        counts.push(database.count(table).await?);
    }
    // The relay moves rows from one to the other at any time: both are counted in one statement.
    let told = "select (select count(*) from outbox) + (select count(*) from stream_event)";
    let told: i64 = sqlx::query_scalar(told).fetch_one(&database.pool).await?;
    counts.push(told);
    Ok(counts)
}

fn assert_refused(name: &str, answer: &Answer, took: Duration) {
    assert!(answer.status.is_client_error(), "{name}: {} {}", answer.status, answer.body);
    assert_eq!(answer.header("content-type"), "application/problem+json", "{name}");
    for member in ["type", "title", "title_zh", "detail"] {
        assert!(
            answer.body[member].as_str().is_some_and(|text| !text.is_empty()),
            "{name}: no {member}: {}",
            answer.body
        );
    }
    assert_eq!(answer.body["status"], answer.status.as_u16(), "{name}");
    assert!(took < LONGEST, "{name}: took {took:?}");
}

/// A good report with the member at a JSON pointer replaced, added, or (by `None`) taken away.
fn changed(pointer: &str, value: Option<Value>) -> Result<Value> {
    let mut report = town::report_in("A1");
    let (parent, member) = pointer.rsplit_once('/').context("a pointer")?;
    let parent = report.pointer_mut(parent).and_then(Value::as_object_mut).context("an object")?;
    match value {
        Some(value) => parent.insert(member.to_owned(), value),
        None => parent.remove(member),
    };
    Ok(report)
}

/// Each row breaks one thing of a good report.
fn broken_members() -> Vec<(&'static str, &'static str, Option<Value>)> {
    vec![
        ("no channel", "/channel", None),
        ("no category", "/category", None),
        ("no description", "/description", None),
        ("channel null", "/channel", Some(Value::Null)),
        ("channel unknown", "/channel", Some(json!("fax"))),
        ("channel a number", "/channel", Some(json!(7))),
        ("channel in other case", "/channel", Some(json!("HOTLINE"))),
        ("category unknown", "/category", Some(json!("9999"))),
        ("category empty", "/category", Some(json!(""))),
        ("category a number", "/category", Some(json!(201))),
        ("category with a quote", "/category", Some(json!("0201' or '1'='1"))),
        ("description empty", "/description", Some(json!(""))),
        ("description blank", "/description", Some(json!("  \n\t 　"))),
        ("description with NUL", "/description", Some(json!("井盖\u{0}缺失"))),
        ("description an array", "/description", Some(json!(["a"]))),
        ("description of 100,000 letters", "/description", Some(json!("长".repeat(100_000)))),
        ("address a number", "/address", Some(json!(1))),
        ("address with NUL", "/address", Some(json!("a\u{0}b"))),
        ("address of 100,000 letters", "/address", Some(json!("路".repeat(100_000)))),
        ("source with NUL", "/source_id", Some(json!("\u{0}"))),
        ("source of 10,000 letters", "/source_id", Some(json!("x".repeat(10_000)))),
        ("neither location nor address", "/location", None),
        ("location a text", "/location", Some(json!("103.8,36.05"))),
        ("location an array", "/location", Some(json!([103.8, 36.05]))),
        ("location empty", "/location", Some(json!({}))),
        ("no lng", "/location/lng", None),
        ("no lat", "/location/lat", None),
        ("no system", "/location/crs", None),
        ("lng null", "/location/lng", Some(Value::Null)),
        ("lng a text", "/location/lng", Some(json!("103.8"))),
        ("lng an object", "/location/lng", Some(json!({"value": 103.8}))),
        ("lng beyond 180", "/location/lng", Some(json!(180.1))),
        ("lng beyond -180", "/location/lng", Some(json!(-200))),
        ("lat beyond 90", "/location/lat", Some(json!(90.000_001))),
        ("lat beyond -90", "/location/lat", Some(json!(-91))),
        ("swapped", "/location", Some(json!({"lng": 36.05, "lat": 103.8, "crs": "wgs84"}))),
        ("huge", "/location/lng", Some(json!(1e308))),
        ("huge negative", "/location/lat", Some(json!(-1e308))),
        ("system unknown", "/location/crs", Some(json!("mars"))),
        ("system empty", "/location/crs", Some(json!(""))),
        ("system a number", "/location/crs", Some(json!(4326))),
        ("system EPSG without number", "/location/crs", Some(json!("EPSG:"))),
        ("system EPSG unknown", "/location/crs", Some(json!("EPSG:99999"))),
        (
            "degrees in Mercator's place far away",
            "/location",
            Some(json!({"lng": 1e12, "lat": 1e12, "crs": "EPSG:3857"})),
        ),
        ("a member too many in location", "/location/accuracy", Some(json!(5))),
        ("a member too many", "/holder", Some(json!("me"))),
        ("time a word", "/reported_at", Some(json!("yesterday"))),
        ("time without zone", "/reported_at", Some(json!("2026-01-01T00:00:00"))),
        ("time in month 13", "/reported_at", Some(json!("2026-13-01T00:00:00Z"))),
        ("time a number", "/reported_at", Some(json!(1_780_000_000))),
        ("time far ahead", "/reported_at", Some(json!("2999-01-01T00:00:00Z"))),
        ("time before the calendar", "/reported_at", Some(json!("-262000-01-01T00:00:00Z"))),
    ]
}

/// Bodies that are no report at all.
fn broken_bodies() -> Vec<(&'static str, Vec<u8>)> {
    let deep = "[".repeat(20_000) + &"]".repeat(20_000);
    vec![
        ("empty", Vec::new()),
        ("cut off", br#"{"channel":"#.to_vec()),
        ("null", b"null".to_vec()),
        ("an array", b"[]".to_vec()),
        ("a text", br#""report""#.to_vec()),
        ("two documents", br"{}{}".to_vec()),
        ("not a number", br#"{"channel":"app","category":"0201","description":"x","location":{"lng":NaN,"lat":36,"crs":"wgs84"}}"#.to_vec()),
        ("beyond doubles", br#"{"channel":"app","category":"0201","description":"x","location":{"lng":1e400,"lat":36,"crs":"wgs84"}}"#.to_vec()),
        ("a member twice", br#"{"channel":"app","channel":"web","category":"0201","description":"x"}"#.to_vec()),
        ("half a surrogate", br#"{"channel":"app","category":"0201","description":"\ud800"}"#.to_vec()),
        ("not UTF-8", b"{\"channel\":\"app\",\"category\":\"0201\",\"description\":\"\xff\xfe\"}".to_vec()),
        ("GB18030", b"{\"channel\":\"app\",\"category\":\"0201\",\"description\":\"\xc2\xb7\"}".to_vec()),
        ("deeper than any report", deep.into_bytes()),
        ("XML", b"<!DOCTYPE x [<!ENTITY a \"b\">]><report>&a;</report>".to_vec()),
        ("a form", b"channel=app&category=0201".to_vec()),
    ]
}

#[tokio::test]
async fn every_broken_report_is_refused_and_leaves_nothing() -> Result<()> {
    let database = Database::with_town().await?;
    let app = App::start(&database.url).await?;
    let before = written(&database).await?;
    let mut cases = 0;
    for (name, pointer, value) in broken_members() {
        let report = changed(pointer, value)?;
        let begun = Instant::now();
        let refused =
            app.report(&format!("key {cases}"), &report).await.with_context(|| name.to_owned())?;
        assert_refused(name, &refused, begun.elapsed());
        cases += 1;
    }
    for (name, body) in broken_bodies() {
        let request = app
            .request(Method::POST, "/v1/incidents")
            .header("idempotency-key", format!("key {cases}"));
        let begun = Instant::now();
        let request = request.header("content-type", "application/json").body(body);
        assert_refused(
            name,
            &answer(request).await.with_context(|| name.to_owned())?,
            begun.elapsed(),
        );
        cases += 1;
    }
    assert!(cases >= 60, "only {cases} cases");
    assert_eq!(written(&database).await?, before);
    // And it still works.
    assert_eq!(app.report("good", &town::report_in("A1")).await?.status, 201);
    Ok(())
}

#[tokio::test]
async fn a_body_of_ten_megabytes_is_refused_before_it_is_read() -> Result<()> {
    let database = Database::with_town().await?;
    let app = App::start(&database.url).await?;
    let request = app.request(Method::POST, "/v1/incidents").header("idempotency-key", "huge");
    let body = format!(r#"{{"description":"{}"}}"#, "x".repeat(10_000_000));
    // The connection may be cut while the body is still on its way, which is an answer too.
    if let Ok(refused) = answer(request.header("content-type", "application/json").body(body)).await
    {
        assert_eq!(refused.status, 413, "{}", refused.body);
    }
    assert_eq!(database.count("incident").await?, 0);
    Ok(())
}

#[tokio::test]
async fn a_fault_is_named_at_its_place() -> Result<()> {
    let database = Database::with_town().await?;
    let app = App::start(&database.url).await?;
    for (pointer, value) in [
        ("/location/lng", json!(200)),
        ("/location/crs", json!("mars")),
        ("/channel", json!("fax")),
        ("/category", json!("9999")),
    ] {
        let refused = app.report("x", &changed(pointer, Some(value))?).await?;
        let pointers: Vec<_> = refused.body["errors"]
            .as_array()
            .context("errors")?
            .iter()
            .map(|fault| fault["pointer"].clone())
            .collect();
        assert!(
            pointers.iter().any(|named| named
                .as_str()
                .is_some_and(|named| pointer.starts_with(named) && !named.is_empty())),
            "{pointer}: {}",
            refused.body
        );
    }
    Ok(())
}

#[tokio::test]
async fn a_report_without_a_usable_idempotency_key_is_refused() -> Result<()> {
    let database = Database::with_town().await?;
    let app = App::start(&database.url).await?;
    let report = town::report_in("A1");
    let request = || app.request(Method::POST, "/v1/incidents").json(&report);
    let long = "k".repeat(256);
    let cases = [
        ("none", request()),
        ("empty", request().header("idempotency-key", "")),
        ("256 letters", request().header("idempotency-key", &long)),
        ("not UTF-8", request().header("idempotency-key", &b"\xff\xfe"[..])),
    ];
    for (name, request) in cases {
        let begun = Instant::now();
        assert_refused(name, &answer(request).await?, begun.elapsed());
    }
    assert_eq!(database.count("incident").await?, 0);
    Ok(())
}

/// Paths that make no sense, each with what would make sense in its place.
const BROKEN_PATHS: [&str; 25] = [
    "/v1/incidents/abc",
    "/v1/incidents/0",
    "/v1/incidents/-1",
    "/v1/incidents/99999999999999999999999",
    "/v1/incidents/1%00",
    "/v1/incidents?limit=0",
    "/v1/incidents?limit=-1",
    "/v1/incidents?limit=many",
    "/v1/incidents?limit=100000",
    "/v1/incidents?cursor=%F0%9F%92%A9",
    "/v1/incidents?cursor=AAAA",
    "/v1/incidents?reported_after=yesterday",
    "/v1/incidents?state=nonsense",
    "/v1/incidents?channel=fax",
    "/v1/incidents?colour=red",
    "/v1/divisions?level=galaxy",
    "/v1/divisions/%00",
    "/v1/grids?bbox=1,2,3",
    "/v1/grids?bbox=a,b,c,d",
    "/v1/grids?limit=0",
    "/v1/nothing",
    "/tiles/nothing/1/10/806/404",
    "/tiles/grids/1/31/0/0",
    "/tiles/grids/1/2/9/9",
    "/tiles/grids/x/y/z/w",
];

#[tokio::test]
async fn every_broken_path_is_refused() -> Result<()> {
    let database = Database::with_town().await?;
    let app = App::start(&database.url).await?;
    for path in BROKEN_PATHS {
        let begun = Instant::now();
        assert_refused(path, &app.get(path).await?, begun.elapsed());
    }
    for (method, path) in [
        (Method::DELETE, "/v1/incidents"),
        (Method::PUT, "/v1/incidents/1"),
        (Method::GET, "/v1/locate"),
        (Method::POST, "/v1/divisions"),
    ] {
        let refused = answer(app.request(method.clone(), path)).await?;
        assert_eq!(refused.status, 405, "{method} {path}");
        assert_eq!(refused.header("content-type"), "application/problem+json");
    }
    Ok(())
}

#[tokio::test]
async fn every_broken_question_about_a_place_is_refused() -> Result<()> {
    let database = Database::with_town().await?;
    let app = App::start(&database.url).await?;
    let point = json!({"lng": 103.81, "lat": 36.055});
    let too_many = vec![point.clone(); 10_001];
    let cases = [
        ("nothing", json!({"crs": "wgs84"})),
        ("no system", json!({"lng": 103.81, "lat": 36.055})),
        ("half a point", json!({"lng": 103.81, "crs": "wgs84"})),
        ("one and many", json!({"lng": 103.81, "lat": 36.055, "points": [point], "crs": "wgs84"})),
        ("too many", json!({"points": too_many, "crs": "wgs84"})),
        (
            "a bad one among good ones",
            json!({"points": [point, {"lng": 103.81, "lat": 96}], "crs": "wgs84"}),
        ),
        ("points an object", json!({"points": {}, "crs": "wgs84"})),
        ("swapped", json!({"lng": 36.055, "lat": 103.81, "crs": "wgs84"})),
        ("unknown system", json!({"lng": 103.81, "lat": 36.055, "crs": "EPSG:1"})),
        ("as of a word", json!({"lng": 103.81, "lat": 36.055, "crs": "wgs84", "as_of": "then"})),
        (
            "before there were borders",
            json!({"lng": 103.81, "lat": 36.055, "crs": "wgs84", "as_of": "1900-01-01T00:00:00Z"}),
        ),
    ];
    for (name, body) in cases {
        let begun = Instant::now();
        assert_refused(name, &app.post("/v1/locate", &body).await?, begun.elapsed());
    }
    Ok(())
}

#[tokio::test]
async fn a_city_without_borders_says_so() -> Result<()> {
    let database = Database::empty().await?;
    let key = tests::app::new_key(&database.url, &[])?;
    let app = App::start_unready(&database.url, key).await?;
    let refused = app.report("x", &town::report_in("A1")).await?;
    assert!([409, 503].contains(&refused.status.as_u16()), "{} {}", refused.status, refused.body);
    assert_eq!(refused.header("content-type"), "application/problem+json");
    assert_eq!(database.count("incident").await?, 0);
    Ok(())
}
