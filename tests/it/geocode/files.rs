//! Files: the gazetteer that is kept for the next start, and addresses without a server; and coordinates by the list.

use anyhow::{Context, Result};
use serde_json::{Value, json};
use std::fmt::Write as _;
use tests::app::{App, eventually};
use tests::cluster::Database;
use tests::command;

use super::{city, known, messy, started};

#[tokio::test]
async fn the_next_start_maps_the_kept_gazetteer_and_a_new_address_is_found_after_its_event()
-> Result<()> {
    let database = city().await?;
    let folder = tempfile::tempdir()?;
    let cache = folder.path().to_str().context("a path")?;
    let mut app = started(&database, &["--cache-dir", cache]).await?;
    let says_so = async || Ok(app.log().contains("gazetteer built"));
    eventually("the log says that it was built", says_so).await?;
    let one = known(&database, 1).await?.remove(0);
    let body = json!({"crs": "wgs84", "text": one.text});
    let first = app.post("/v1/geocode", &body).await?.body;
    app.terminate()?;
    drop(app);

    let app = started(&database, &["--cache-dir", cache]).await?;
    let says_so = async || Ok(app.log().contains("gazetteer mapped"));
    eventually("the log says that it was mapped", says_so).await?;
    assert!(!app.log().contains("gazetteer built"), "{}", app.log());
    assert_eq!(app.post("/v1/geocode", &body).await?.body, first);

    let new = json!({"crs": "wgs84", "text": "城关区无双路8888号"});
    assert_ne!(app.post("/v1/geocode", &new).await?.body["geocoding"]["verdict"], "accepted");
    sqlx::query(
        "insert into address (full_text, district, road, house_no, geom)
         select '城关区无双路8888号', district, '无双路', '8888号', geom from address where address_id = $1",
    )
    .bind(one.id)
    .execute(&database.pool)
    .await?;
    eventually("the new address is found", async || {
        let answer = app.post("/v1/geocode", &new).await?;
        assert_eq!(answer.status, 200, "the old gazetteer answers until the new one is there");
        Ok(answer.body["features"][0]["properties"]["elements"]["road"] == "无双路")
    })
    .await
}

#[tokio::test]
async fn points_are_converted_there_and_back_and_every_system_is_explained() -> Result<()> {
    let database = Database::with_town().await?;
    let app = App::start(&database.url).await?;
    let systems = app.get("/v1/crs").await?;
    assert!(systems.body["systems"].as_array().context("systems")?.len() >= 6);
    let points =
        json!([{"lng": 103.834_345_678, "lat": 36.061_112_345}, {"lng": 103.5, "lat": 36.5}]);
    for crs in ["gcj02", "bd09", "cgcs2000", "EPSG:4544", "EPSG:3857"] {
        let there =
            app.post("/v1/crs", &json!({"from": "wgs84", "to": crs, "points": points})).await?;
        assert_eq!(there.status, 200, "{}", there.body);
        let back = json!({"from": crs, "to": "wgs84", "points": there.body["points"]});
        let back = app.post("/v1/crs", &back).await?.body;
        for at in 0..2 {
            for axis in ["lng", "lat"] {
                let (is, was) = (back["points"][at][axis].as_f64(), points[at][axis].as_f64());
                let apart = (is.context("a number")? - was.context("a number")?).abs();
                assert!(apart < 9e-9, "{crs} {axis}: {apart}");
            }
        }
    }
    let swapped = json!({"from": "gcj02", "to": "wgs84", "points": [{"lng": 103.8, "lat": 36.0}, {"lng": 36.0, "lat": 103.8}]});
    let refused = app.post("/v1/crs", &swapped).await?;
    assert_eq!(refused.body["errors"][0]["pointer"], "/points/1", "{}", refused.body);
    assert!(refused.body["detail"].as_str().context("a detail")?.contains("swapped"));
    Ok(())
}

#[tokio::test]
#[expect(clippy::too_many_lines, reason = "one file on its way")]
async fn a_file_is_geocoded_without_a_server_from_the_database_and_from_a_kept_gazetteer()
-> Result<()> {
    let database = city().await?;
    let app = started(&database, &[]).await?;
    let folder = tempfile::tempdir()?;
    let path = |name: &str| folder.path().join(name).to_string_lossy().into_owned();
    let known = known(&database, 60).await?;
    let texts: Vec<String> =
        known.iter().enumerate().map(|(at, one)| messy(&one.text, at)).collect();
    let mut csv = "编号,事发地址\n".to_owned();
    for (at, text) in texts.iter().enumerate() {
        writeln!(csv, "{at},{text}")?;
    }
    std::fs::write(path("in.csv"), csv)?;
    command::run(
        &database.url,
        &[
            "geocode",
            "--crs",
            "bd09",
            &path("in.csv"),
            "--out",
            &path("db.csv"),
            "--cache-dir",
            &path("cache"),
        ],
    )?;
    let said = command::run(&database.url, &["gazetteer", "build", &path("city.gazetteer")])?;
    assert!(said.contains("addresses"), "{said}");
    let shown =
        command::run(command::Server::None, &["gazetteer", "show", &path("city.gazetteer")])?;
    assert_eq!(shown, said);
    command::run(
        command::Server::None,
        &[
            "geocode",
            "--crs",
            "bd09",
            "--snapshot",
            &path("city.gazetteer"),
            &path("in.csv"),
            "--out",
            &path("file.csv"),
        ],
    )?;
    let rows: Vec<Value> = texts.iter().map(|text| json!({"text": text})).collect();
    let wanted = app.post("/v1/geocode/batch", &json!({"crs": "bd09", "rows": rows})).await?.body;
    for name in ["db.csv", "file.csv"] {
        let text = std::fs::read_to_string(path(name))?;
        let mut lines = text.lines();
        let header: Vec<&str> = lines.next().context("a header")?.split(',').collect();
        let column = |name: &str| header.iter().position(|one| *one == name).context("a column");
        for (at, line) in lines.enumerate() {
            let row: Vec<&str> = line.split(',').collect();
            let wanted = &wanted["rows"][at];
            assert_eq!(row[0], at.to_string());
            assert_eq!(wanted["verdict"], row[column("verdict")?], "{line}");
            assert_eq!(wanted["label"], row[column("label")?], "{line}");
            let lng: f64 = row[column("lng")?].parse()?;
            assert_eq!(wanted["lng"].as_f64(), Some(lng), "{line}");
            let grid =
                if name == "db.csv" { wanted["grid"].as_str().unwrap_or_default() } else { "" };
            assert_eq!(grid, row[column("grid_code")?], "{line}");
        }
    }
    std::fs::write(path("torn.gazetteer"), &std::fs::read(path("city.gazetteer"))?[..5000])?;
    let refused =
        command::try_run(command::Server::None, &["gazetteer", "show", &path("torn.gazetteer")])?;
    assert_eq!(refused.code, Some(1));
    assert!(refused.stderr.contains("torn.gazetteer"), "{}", refused.stderr);
    Ok(())
}
