//! Texts to places over HTTP and on the command line, on a township of the synthetic city, beside PostGIS.

mod changes;
mod files;
mod near;
mod written;

use anyhow::{Context, Result};
use reqwest::Method;
use serde_json::{Value, json};
use tests::app::{App, answer, eventually};
use tests::cluster::Database;
use tests::{command, oracle};

async fn city() -> Result<Database> {
    let database = Database::copy_of("city", async |database| {
        command::run(&database.url, &["city", "load", "--scale", "township"]).map(drop)
    })
    .await?;
    oracle::prepare(&database.pool).await?;
    Ok(database)
}

/// The service, its gazetteer ready.
async fn started(database: &Database, options: &[&str]) -> Result<App> {
    let app = App::start_with(&database.url, options).await?;
    ready(&app).await?;
    Ok(app)
}

async fn ready(app: &App) -> Result<()> {
    eventually("the gazetteer is ready", async || {
        let answer = app.get("/v1/geocode?q=x&crs=wgs84").await?;
        assert!(matches!(answer.status.as_u16(), 200 | 503), "{}", answer.body);
        if answer.status == 503 {
            assert_eq!(answer.body["type"], "/problems/not-ready");
            assert!(!answer.header("retry-after").is_empty());
        }
        Ok(answer.status == 200)
    })
    .await
}

struct Known {
    id: i32,
    text: String,
    grid: i32,
    /// In steps of the lattice.
    point: (i32, i32),
}

/// Addresses anywhere in the township, always the same.
async fn known(database: &Database, count: i32) -> Result<Vec<Known>> {
    let rows: Vec<(i32, String, i32, i32, i32)> = sqlx::query_as(
        "select a.address_id, a.full_text, g.grid_id, round(st_x(a.geom) * 1e7)::int, round(st_y(a.geom) * 1e7)::int
         from (select * from address order by md5(address_id::text) limit $1) a
         join grid g on g.kind = 'basic' and g.valid @> boundary_version_at(now()) and st_covers(g.geom, a.geom)
         order by a.address_id",
    )
    .bind(count)
    .fetch_all(&database.pool)
    .await?;
    let known = |(id, text, grid, x, y)| Known { id, text, grid, point: (x, y) };
    Ok(rows.into_iter().map(known).collect())
}

/// As people write it: without province and city, full width, with a word before and a complaint behind.
fn messy(text: &str, at: usize) -> String {
    let short = text.trim_start_matches("甘肃省").trim_start_matches("兰州市");
    match at % 4 {
        0 => short.to_owned(),
        1 => format!("您好，{short}楼道灯坏了"),
        2 => short.replace("号楼", "栋"),
        _ => short
            .chars()
            .map(|c| {
                if c.is_ascii_digit() { char::from_u32(c as u32 + 0xfee0).unwrap_or(c) } else { c }
            })
            .collect(),
    }
}

async fn codes_of(database: &Database) -> Result<std::collections::HashMap<i32, String>> {
    let rows: Vec<(i32, String)> =
        sqlx::query_as("select grid_id, code from grid where valid @> boundary_version_at(now())")
            .fetch_all(&database.pool)
            .await?;
    Ok(rows.into_iter().collect())
}

#[tokio::test]
async fn what_is_accepted_is_the_address_that_was_meant_and_its_grid_the_one_that_postgis_names()
-> Result<()> {
    let database = city().await?;
    let app = started(&database, &[]).await?;
    let known = known(&database, 1000).await?;
    let codes = codes_of(&database).await?;
    let rows: Vec<Value> = known
        .iter()
        .enumerate()
        .map(|(at, one)| json!({"id": one.id, "text": messy(&one.text, at)}))
        .collect();
    let answer = app.post("/v1/geocode/batch", &json!({"crs": "wgs84", "rows": rows})).await?;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let rows = answer.body["rows"].as_array().context("rows")?;
    let points: Vec<oracle::Point> = known.iter().map(|one| one.point).collect();
    let owners = oracle::owners(&database.pool, &points).await?;
    let (mut accepted, mut wrong) = (0, Vec::new());
    for ((one, row), owners) in known.iter().zip(rows).zip(owners) {
        assert_eq!(row["id"], one.id);
        if row["verdict"] != "accepted" {
            continue;
        }
        accepted += 1;
        assert_eq!(owners, [one.grid], "both judges agree");
        if row["label"] == one.text.as_str() {
            assert_eq!(row["grid"], codes[&one.grid].as_str(), "{row}");
            let (lng, lat) =
                (row["lng"].as_f64().context("lng")?, row["lat"].as_f64().context("lat")?);
            let steps = |value: f64| (value * 1e7).round() as i32;
            assert_eq!((steps(lng), steps(lat)), one.point, "{row}");
        } else {
            wrong.push(format!("{} is not {}", row["label"], one.text));
        }
    }
    assert!(accepted > 900, "{accepted} of 1000 accepted");
    assert!(wrong.len() <= 3, "{wrong:#?}");
    assert_eq!(answer.body["counts"]["accepted"], accepted);
    Ok(())
}

#[tokio::test]
async fn a_batch_answers_as_its_rows_would_be_answered_alone_by_post_and_by_get() -> Result<()> {
    let database = city().await?;
    let app = started(&database, &[]).await?;
    let known = known(&database, 40).await?;
    let texts: Vec<String> =
        known.iter().enumerate().map(|(at, one)| messy(&one.text, at)).collect();
    let mut rows: Vec<Value> = texts.iter().map(|text| json!({"text": text})).collect();
    rows.push(json!({"text": " "}));
    rows.push(json!({"address": {"district": "城关区"}}));
    let batch = app.post("/v1/geocode/batch", &json!({"crs": "gcj02", "rows": rows})).await?;
    assert_eq!(batch.status, 200, "{}", batch.body);
    for (at, text) in texts.iter().enumerate() {
        let row = &batch.body["rows"][at];
        let one = app.post("/v1/geocode", &json!({"crs": "gcj02", "text": text})).await?;
        let first = &one.body["features"][0];
        assert_eq!(row["verdict"], one.body["geocoding"]["verdict"], "{text}");
        assert_eq!(row["label"], first["properties"]["geocoding"]["label"]);
        assert_eq!(row["confidence"], first["properties"]["confidence"]);
        assert_eq!(row["level"], first["properties"]["level"]);
        assert_eq!(row["grid"], first["properties"]["grid"]["code"]);
        assert_eq!(json!([row["lng"], row["lat"]]), first["geometry"]["coordinates"]);
        let request = app
            .request(Method::GET, "/v1/geocode")
            .query(&[("q", text.as_str()), ("crs", "gcj02")]);
        assert_eq!(answer(request).await?.body, one.body);
    }
    let blank = &batch.body["rows"][texts.len()];
    assert_eq!((blank["status"].as_str(), blank["verdict"].is_null()), (Some("invalid"), true));
    assert_eq!(batch.body["counts"]["invalid"], 1);
    Ok(())
}

#[tokio::test]
async fn an_answer_says_why_where_whose_and_what_to_ask() -> Result<()> {
    let database = city().await?;
    let app = started(&database, &[]).await?;
    let known = known(&database, 50).await?;
    let mut seen = 0;
    for one in &known {
        let body =
            json!({"crs": "cgcs2000", "category": "0201", "text": format!("你好，{}", one.text)});
        let answer = app.post("/v1/geocode", &body).await?;
        let (about, first) = (&answer.body["geocoding"], &answer.body["features"][0]);
        assert_eq!(
            (answer.body["type"].as_str(), about["version"].as_str()),
            (Some("FeatureCollection"), Some("0.1.0"))
        );
        if about["verdict"] != "accepted" {
            continue;
        }
        seen += 1;
        let place = &first["properties"];
        assert_eq!(place["id"], one.id);
        assert!(about["summary"].as_str().context("a summary")?.contains(&one.text), "{about}");
        // Everything that is matched stands where the trace says, in characters.
        let letters: Vec<char> = about["query"].as_str().context("a query")?.chars().collect();
        for line in place["match"].as_array().context("a trace")? {
            if let (Some(from), Some(to)) = (line["span"][0].as_u64(), line["span"][1].as_u64()) {
                let part: String = letters[from as usize..to as usize].iter().collect();
                assert_eq!(line["said"], part, "{line}");
            }
        }
        // Whoever would get a case there is who a report there gets.
        let at = &first["geometry"]["coordinates"];
        let report = json!({"channel": "hotline", "category": "0201", "description": "x",
                            "location": {"lng": at[0], "lat": at[1], "crs": "cgcs2000"}});
        let told = app.report(&format!("k{}", one.id), &report).await?;
        assert_eq!(told.status, 201, "{}", told.body);
        assert_eq!(told.body["grid"]["code"], place["grid"]["code"]);
        assert_eq!(told.body["holder"], place["responsible"]);
    }
    assert!(seen > 30, "{seen} of 50 accepted");
    let vague = app.post("/v1/geocode", &json!({"crs": "wgs84", "text": "101室"})).await?;
    assert_ne!(vague.body["geocoding"]["verdict"], "accepted", "{}", vague.body);
    Ok(())
}

#[tokio::test]
async fn what_cannot_be_asked_is_refused_with_its_place() -> Result<()> {
    let database = city().await?;
    let app = started(&database, &[]).await?;
    let refused = [
        (json!({"text": "x"}), "/crs"),
        (json!({"crs": "mars", "text": "x"}), "/crs"),
        (json!({"crs": "wgs84"}), ""),
        (json!({"crs": "wgs84", "text": "  "}), "/text"),
        (json!({"crs": "wgs84", "text": "长".repeat(501)}), "/text"),
        (json!({"crs": "wgs84", "text": "x", "address": {"road": "x"}}), "/address"),
        (json!({"crs": "wgs84", "address": {}}), "/address"),
        (json!({"crs": "wgs84", "text": "x", "limit": 0}), "/limit"),
        (json!({"crs": "wgs84", "text": "x", "limit": 11}), "/limit"),
        (json!({"crs": "wgs84", "text": "x", "category": "9999"}), "/category"),
        (json!({"crs": "wgs84", "text": "x", "as_of": "1999-01-01T00:00:00Z"}), "/as_of"),
        (json!({"crs": "wgs84", "text": "x", "other": 1}), "/other"),
    ];
    for (body, pointer) in refused {
        let answer = app.post("/v1/geocode", &body).await?;
        assert_eq!(
            (answer.status.as_u16(), answer.body["errors"][0]["pointer"].as_str()),
            (422, Some(pointer)),
            "{body}: {}",
            answer.body
        );
    }
    for path in ["/v1/geocode?crs=wgs84", "/v1/geocode?q=x&crs=wgs84&limit=many"] {
        assert_eq!(app.get(path).await?.status, 400, "{path}");
    }
    let rows: Vec<Value> = (0..1001).map(|_| json!({"text": "x"})).collect();
    let many = app.post("/v1/geocode/batch", &json!({"crs": "wgs84", "rows": rows})).await?;
    assert_eq!(many.status, 422);
    let anonymous = app.client.get(format!("{}/v1/geocode?q=x&crs=wgs84", app.base)).send().await?;
    assert_eq!(anonymous.status(), 401);
    Ok(())
}

#[tokio::test]
async fn a_report_with_nothing_but_an_address_goes_to_the_worker_of_its_grid() -> Result<()> {
    let database = city().await?;
    let app = started(&database, &[]).await?;
    let codes = codes_of(&database).await?;
    let mut placed = 0;
    for (at, one) in known(&database, 40).await?.iter().enumerate() {
        let report = json!({"channel": "hotline", "category": "0301", "description": "停水", "address": messy(&one.text, at)});
        let body = app.report(&format!("t{at}"), &report).await?.body;
        if body["located_by"] == "address" {
            placed += 1;
            assert_eq!(body["grid"]["code"], codes[&one.grid].as_str(), "{body}");
        } else {
            assert!(
                body["holder"]["reason"].as_str().context("a reason")?.contains("address"),
                "{body}"
            );
        }
        let id = body["id"].as_str().context("an id")?;
        assert_eq!(
            app.get(&format!("/v1/incidents/{id}")).await?.body,
            body,
            "what is read is what was answered"
        );
    }
    assert!(placed > 35, "{placed} of 40 have a place");
    Ok(())
}
