//! Borders through time: published over HTTP, on two nodes, while reports come in.

use std::time::Duration;

use anyhow::{Context, Result};
use reqwest::Method;
use serde_json::{Value, json};
use tests::app::{App, answer, eventually, new_key};
use tests::cluster::Database;
use tests::publishing::{self, Load};
use tests::town;

async fn two_nodes() -> Result<(Database, App, App)> {
    let database = Database::with_town().await?;
    let key = new_key(&database.url, &["--publish"])?;
    let one = App::start_with_key(&database.url, &[], key.clone()).await?;
    let other = App::start_with_key(&database.url, &[], key).await?;
    Ok((database, one, other))
}

/// GeoJSON of a grid of the drawing as the service tells it.
async fn geometry(app: &App, short: &str) -> Result<Value> {
    let code = town::grid(short).code;
    let answer = app.get(&format!("/v1/grids/{code}?geometry=true")).await?;
    Ok(answer.body["geometry"].clone())
}

async fn union(database: &Database, one: &str, other: &str) -> Result<Value> {
    let text: String = sqlx::query_scalar(
        "select st_asgeojson(st_union(geom), 7) from grid where code in ($1, $2) and upper_inf(valid)",
    )
    .bind(town::grid(one).code)
    .bind(town::grid(other).code)
    .fetch_one(&database.pool)
    .await?;
    Ok(serde_json::from_str(&text)?)
}

#[tokio::test]
async fn every_case_has_the_grid_of_its_event_time_while_borders_are_published() -> Result<()> {
    let (database, one, other) = two_nodes().await?;
    let load =
        Load { lasts: Duration::from_secs(5), per_second: 400, batch: 20, versions: 8, seed: 7 };
    let nodes = [one.base.clone(), other.base.clone()];
    let outcome = publishing::run(&nodes, &one.key, &database.pool, load).await?;
    assert_eq!(outcome.incidents, 2_000);
    assert_eq!(database.count("boundary_version").await?, 9);
    assert_eq!((outcome.wrong, outcome.mixed), (0, 0), "{outcome:?}");
    assert_eq!(outcome.located.1, 0, "an answer of /v1/locate mixes versions: {outcome:?}");
    assert!(outcome.located.0 > 10, "{outcome:?}");
    // Neither is true by itself: versions took turns, and where they differ there were reports.
    assert!(outcome.versions_seen >= 8, "{outcome:?}");
    Ok(())
}

#[tokio::test]
async fn a_merge_is_known_to_every_node_and_can_be_read_compared_and_undone() -> Result<()> {
    let (database, one, other) = two_nodes().await?;
    let (a1, a3) = (town::grid("A1").code, town::grid("A3").code);
    let edit = json!({
        "base_version": 1,
        "note": "甲一和甲三合并",
        "grids": [{"code": a1, "geometry": union(&database, "A1", "A3").await?}],
        "ended": [a3],
    });
    let undo = json!({"grids": [
        {"code": a1, "geometry": geometry(&one, "A1").await?},
        {"code": a3, "name": "甲三", "geometry": geometry(&one, "A3").await?},
    ]});
    let done = one.post("/v1/boundaries", &edit).await?;
    assert_eq!(done.status, 201, "{}", done.body);
    assert_eq!(done.header("location"), "/v1/boundaries/2");
    assert_eq!(done.body["grids"][0]["change"], "changed");
    assert_eq!(done.body["grids"][1]["change"], "ended");

    let (x, y) = town::at(town::grid("A3").inside);
    let point = json!({"lng": f64::from(x) / 1e7, "lat": f64::from(y) / 1e7, "crs": "wgs84"});
    let code_at = async |app: &App| -> Result<Value> {
        Ok(app.post("/v1/locate", &point).await?.body["grid"]["code"].clone())
    };
    assert_eq!(code_at(&one).await?, a1, "whoever published reads what was published");
    eventually("the other node knows, too", async || Ok(code_at(&other).await? == a1)).await?;

    let list = other.get("/v1/boundaries").await?.body;
    let versions = list["boundary_versions"].as_array().context("boundary_versions")?;
    let in_force: Vec<&Value> = versions.iter().map(|one| &one["in_force"]).collect();
    assert_eq!(in_force, [&json!(false), &json!(true)]);
    assert_eq!(versions[1]["note"], "甲一和甲三合并");
    let detail = other.get("/v1/boundaries/2").await?.body;
    assert_eq!(
        (&detail["compared_with"], detail["grids"].as_array().map(Vec::len)),
        (&json!(1), Some(2))
    );
    assert_eq!(other.get("/v1/boundaries/9").await?.status, 404);

    let again = one.post("/v1/boundaries", &edit).await?;
    assert_eq!(again.status, 409, "it was edited from version 1: {}", again.body);
    let undone = other.post("/v1/boundaries", &undo).await?;
    assert_eq!(undone.status, 201, "{}", undone.body);
    let diff = one.get("/v1/boundaries/3?from=1").await?.body;
    // The town's areas are those of PostGIS, whose edges are geodesics; ours are straight in longitude and latitude.
    let same_area = |grid: &Value| {
        let (a, b) = (grid["area_before_m2"].as_f64(), grid["area_after_m2"].as_f64());
        a.zip(b).is_some_and(|(a, b)| (a / b - 1.0).abs() < 1e-5)
    };
    assert!(
        diff["grids"]
            .as_array()
            .is_some_and(|grids| grids.len() == 2 && grids.iter().all(same_area)),
        "{diff}"
    );
    Ok(())
}

#[tokio::test]
async fn a_gap_is_named_with_its_place_and_only_a_key_that_may_publish_publishes() -> Result<()> {
    let (database, one, _other) = two_nodes().await?;
    let mut gap = geometry(&one, "C2").await?;
    let text = gap.to_string();
    let (x, y) = town::at((6, 12));
    let corner = format!("[{},{}]", f64::from(x) / 1e7, f64::from(y) / 1e7);
    let (x, y) = town::at((5, 12));
    gap = serde_json::from_str(
        &text.replace(&corner, &format!("[{},{}]", f64::from(x) / 1e7, f64::from(y) / 1e7)),
    )?;
    assert_ne!(gap.to_string(), text, "the corner was not found");
    let edit = json!({"grids": [{"code": town::grid("C2").code, "geometry": gap}]});
    let refused = one.post("/v1/boundaries", &edit).await?;
    assert_eq!(refused.status, 422, "{}", refused.body);
    let fault = &refused.body["errors"][0];
    assert_eq!(fault["pointer"], "/grids/0/geometry");
    assert!(
        fault["detail"]
            .as_str()
            .is_some_and(|text| text.contains("would belong to no grid any more")),
        "{fault}"
    );

    let writer = new_key(&database.url, &[])?;
    let request = one.client.request(Method::POST, format!("{}/v1/boundaries", one.base));
    let forbidden = answer(request.bearer_auth(writer).json(&edit)).await?;
    assert_eq!(forbidden.status, 403);
    let elsewhere = new_key(&database.url, &["--publish", "--area", "620103"])?;
    let request = one.client.request(Method::POST, format!("{}/v1/boundaries", one.base));
    let same = json!({"grids": [{"code": town::grid("C2").code, "name": "x", "geometry": geometry(&one, "C2").await?}]});
    let refused = answer(request.bearer_auth(elsewhere).json(&same)).await?;
    assert_eq!(refused.status, 422, "{}", refused.body);
    assert_eq!(refused.body["errors"][0]["pointer"], "/grids/0/code");
    assert_eq!(database.count("boundary_version").await?, 1);
    Ok(())
}

#[tokio::test]
async fn a_file_of_edited_grids_is_published_on_the_command_line() -> Result<()> {
    let database = Database::with_town().await?;
    let folder = tempfile::tempdir()?;
    let merged = union(&database, "C1", "C2").await?;
    let feature = json!({"type": "Feature", "properties": {"code": town::grid("C1").code}, "geometry": merged});
    let file = folder.path().join("edited.geojson");
    std::fs::write(&file, json!({"type": "FeatureCollection", "features": [feature]}).to_string())?;
    let file = file.to_str().context("a path in UTF-8")?;
    let run = |arguments: &[&str]| tests::command::run(&database.url, arguments);
    let edit = ["boundary", "publish", file, "--end", town::grid("C2").code];
    run(&[&edit[..], &["--dry-run"]].concat())?;
    assert_eq!(database.count("boundary_version").await?, 1);
    let printed = run(&edit)?;
    assert!(printed.contains("changed") && printed.contains("ended"), "{printed}");
    assert!(run(&["boundary", "list"])?.contains("2*"));
    assert!(run(&["boundary", "diff", "1", "2"])?.contains(town::grid("C2").code));
    assert!(run(&["boundary", "reroute"])?.contains("re-routed 0"));
    Ok(())
}
