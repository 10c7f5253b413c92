//! What changes while the service runs: found, moved and closed on every node at once, without a new snapshot.

use anyhow::{Context, Result};
use reqwest::Method;
use serde_json::{Value, json};
use tests::app::{App, answer, eventually};
use tests::cluster::Database;
use tests::{command, oracle};

use super::{Known, city, codes_of, known, started};

/// Two nodes of one service, each with a snapshot of its own in memory.
async fn two_nodes(database: &Database) -> Result<(App, App)> {
    let (one, other) = (started(database, &[]).await?, started(database, &[]).await?);
    eventually("both logs say so", async || Ok((snapshots(&one), snapshots(&other)) == (1, 1)))
        .await?;
    Ok((one, other))
}

/// How many snapshots the node has had, by its log.
fn snapshots(app: &App) -> usize {
    app.log().matches("gazetteer built").count() + app.log().matches("gazetteer mapped").count()
}

async fn asked(app: &App, text: &str) -> Result<Value> {
    let answer = app.post("/v1/geocode", &json!({"crs": "wgs84", "text": text})).await?;
    anyhow::ensure!(answer.status == 200, "{}", answer.body);
    Ok(answer.body)
}

fn first(body: &Value) -> &Value {
    &body["features"][0]
}

/// The numbers of a place in steps of the lattice.
fn steps(feature: &Value) -> Option<(i32, i32)> {
    let step =
        |at: usize| Some((feature["geometry"]["coordinates"][at].as_f64()? * 1e7).round() as i32);
    Some((step(0)?, step(1)?))
}

/// The grid of an address as PostGIS sees it.
async fn owner(database: &Database, id: i32) -> Result<String> {
    let point: oracle::Point = sqlx::query_as(
        "select round(st_x(geom) * 1e7)::int, round(st_y(geom) * 1e7)::int from address where address_id = $1",
    )
    .bind(id)
    .fetch_one(&database.pool)
    .await?;
    let owners = oracle::owners(&database.pool, &[point]).await?.remove(0);
    Ok(codes_of(database).await?[&owners[0]].clone())
}

/// A house on a road beside others, at the place of another address.
async fn build_house(database: &Database, at: &Known) -> Result<(i32, String)> {
    Ok(sqlx::query_as(
        "insert into address (full_text, district, township, community, road, house_no, geom)
         select a.district || a.road || '9876号', a.district, a.township, a.community, a.road, '9876号', b.geom
         from (select * from address where road <> '' order by address_id limit 1) a, address b
         where b.address_id = $1
         returning address_id, full_text",
    )
    .bind(at.id)
    .fetch_one(&database.pool)
    .await?)
}

#[tokio::test]
async fn a_new_address_is_found_on_a_second_node_before_the_snapshot_is_rebuilt() -> Result<()> {
    let database = city().await?;
    let (one, other) = two_nodes(&database).await?;
    let place = known(&database, 1).await?.remove(0);
    let (id, text) = build_house(&database, &place).await?;
    let is_known = async |app: &App| {
        let body = asked(app, &format!("你好,{text}漏水")).await?;
        Ok(body["geocoding"]["verdict"] == "accepted" && first(&body)["properties"]["id"] == id)
    };
    eventually("the other node finds it", async || is_known(&other).await).await?;
    eventually("the first one, too", async || is_known(&one).await).await?;
    let body = asked(&other, &text).await?;
    let grid = owner(&database, id).await?;
    assert_eq!(steps(first(&body)), Some(place.point));
    assert_eq!(first(&body)["properties"]["grid"]["code"], grid.as_str(), "{body}");

    // While it is typed, and by whoever stands there.
    let typed = text.trim_end_matches("76号");
    let request =
        other.request(Method::GET, "/v1/suggest").query(&[("q", typed), ("crs", "wgs84")]);
    let suggested = answer(request).await?.body;
    let is_suggested =
        |one: &Value| one["text"].as_str().is_some_and(|text| text.ends_with("9876号"));
    assert!(
        suggested["suggestions"].as_array().context("a list")?.iter().any(is_suggested),
        "{suggested}"
    );
    let (lng, lat) = (f64::from(place.point.0) / 1e7, f64::from(place.point.1) / 1e7);
    let here = json!({"lng": lng, "lat": lat, "crs": "wgs84", "kinds": "address", "within_m": 1});
    let near = other.post("/v1/reverse", &here).await?.body;
    let ids =
        near["features"].as_array().context("places")?.iter().map(|one| &one["properties"]["id"]);
    assert!(ids.into_iter().any(|near| *near == id), "{near}");

    // A report and a row of a batch ask the same; the exact text is known to the database besides.
    let report = json!({"channel": "hotline", "category": "0201", "description": "x", "address": format!("{text}门口")});
    let told = other.report("new", &report).await?.body;
    assert_eq!(
        (told["located_by"].as_str(), &told["grid"]["code"]),
        (Some("address"), &json!(grid)),
        "{told}"
    );
    assert_eq!((snapshots(&one), snapshots(&other)), (1, 1), "no snapshot was built for one house");

    // On the command line as well, from the kept snapshot.
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("calls.csv");
    std::fs::write(&file, format!("地址\n{text}漏水\n"))?;
    let placed = command::run(
        &database.url,
        &["geocode", "--crs", "wgs84", file.to_str().context("a path")?],
    )?;
    assert!(placed.contains(&format!("accepted,{id},")), "{placed}");
    Ok(())
}

#[tokio::test]
async fn a_moved_address_answers_its_new_place_at_once() -> Result<()> {
    let database = city().await?;
    let (one, other) = two_nodes(&database).await?;
    let codes = codes_of(&database).await?;
    let all = known(&database, 40).await?;
    let verdict = async |text: &str| {
        Ok::<_, anyhow::Error>(asked(&other, text).await?["geocoding"]["verdict"] == "accepted")
    };
    let mut here = None;
    for one in &all {
        if verdict(&one.text).await? {
            here = Some(one);
            break;
        }
    }
    let here = here.context("an address that is accepted")?;
    let there = all.iter().find(|other| other.grid != here.grid).context("another grid")?;
    let before = asked(&other, &here.text).await?;
    assert_eq!(first(&before)["properties"]["grid"]["code"], codes[&here.grid].as_str());
    sqlx::query("update address set geom = (select geom from address where address_id = $2) where address_id = $1")
        .bind(here.id)
        .bind(there.id)
        .execute(&database.pool)
        .await?;
    eventually("the other node knows its new place", async || {
        Ok(steps(first(&asked(&other, &here.text).await?)) == Some(there.point))
    })
    .await?;
    let after = asked(&other, &here.text).await?;
    let grid = owner(&database, here.id).await?;
    let place = &first(&after)["properties"];
    assert_eq!((&place["id"], &place["grid"]["code"]), (&json!(here.id), &json!(grid)), "{after}");
    assert_eq!(after["geocoding"]["grids"][0]["code"], grid.as_str(), "its chance went along");
    assert_eq!(after["geocoding"]["verdict"], "accepted");
    let version = |body: &Value| body["geocoding"]["gazetteer_version"].as_i64();
    assert_eq!(version(&after), version(&before).map(|one| one + 1));
    assert_eq!((snapshots(&one), snapshots(&other)), (1, 1));
    Ok(())
}

#[tokio::test]
async fn what_was_removed_is_said_to_be_closed_and_nobody_is_sent_there() -> Result<()> {
    let database = city().await?;
    let (_one, other) = two_nodes(&database).await?;
    let place = known(&database, 1).await?.remove(0);
    let (id, text) = build_house(&database, &place).await?;
    let snapshot = tempfile::tempdir()?;
    let cache = snapshot.path().to_str().context("a path")?;
    // A third node whose snapshot has the house.
    let third = started(&database, &["--cache-dir", cache]).await?;
    assert_eq!(first(&asked(&third, &text).await?)["properties"]["id"], id);
    sqlx::query("delete from address where address_id = $1")
        .bind(id)
        .execute(&database.pool)
        .await?;
    eventually("the third node says that it is closed", async || {
        let body = asked(&third, &text).await?;
        let faults = first(&body)["properties"]["faults"].as_array().cloned().unwrap_or_default();
        Ok(faults.iter().any(|one| one["fault"] == "place.closed"))
    })
    .await?;
    assert_ne!(asked(&third, &text).await?["geocoding"]["verdict"], "accepted");
    let report = json!({"channel": "hotline", "category": "0201", "description": "x", "address": format!("{text}门口")});
    assert_eq!(third.report("closed", &report).await?.body["located_by"], "none");
    eventually("where it was new it is forgotten", async || {
        Ok(first(&asked(&other, &text).await?)["properties"]["id"] != id)
    })
    .await
}
