//! Run again, ended early, forgotten.

use std::fmt::Write as _;

use anyhow::{Context, Result};
use reqwest::Method;
use serde_json::{Value, json};
use tests::app::{App, answer, eventually, new_key};
use tests::cluster::Database;
use tests::sse::Reader;
use tests::town;

use super::{CSV, SOON, begin, column, csv_rows, follow, town_app};

async fn rerun(app: &App, path: &str) -> Result<Value> {
    let asked = app.post(&format!("{path}/rerun"), &json!(null)).await?;
    anyhow::ensure!(asked.status == 202, "{} {}", asked.status, asked.body);
    follow(app, path).await?;
    Ok(app.get(path).await?.body)
}

#[tokio::test]
async fn another_run_answers_anew_only_what_may_be_another_answer_and_says_which_is() -> Result<()>
{
    let database = Database::with_town().await?;
    let key = new_key(&database.url, &["--approve", "--publish"])?;
    let app = App::start_with_key(&database.url, &[], key).await?;
    let file = "编号,地址\n1,城关区甲一家园1号楼\n2,老食品厂1号楼\n3,城关区甲三家园1号楼\n";
    let path = begin(&app, CSV, file).await?;
    follow(&app, &path).await?;
    let statuses = column(&csv_rows(&app, &path).await?, "wg_label")?;
    assert!(!statuses[1].contains("乙一家园"), "{statuses:?}");

    let same = rerun(&app, &path).await?;
    assert_eq!(
        (&same["run"], &same["computed"], &same["changed"]),
        (&json!(2), &json!(0), &json!(0))
    );

    let body = json!({"text": "老食品厂", "target": {"text": "城关区乙一家园"}});
    let id = app.post("/v1/aliases", &body).await?.body["alias_id"].clone();
    app.post(&format!("/v1/aliases/{id}/approve"), &json!({})).await?;
    let changed = rerun(&app, &path).await?;
    assert_eq!((&changed["computed"], &changed["changed"]), (&json!(3), &json!(1)), "{changed}");
    let rows = app.get(&format!("{path}/rows?changed=true")).await?.body["rows"].clone();
    assert_eq!(rows.as_array().map(Vec::len), Some(1));
    assert_eq!((&rows[0]["row"], &rows[0]["cells"][0]), (&json!(3), &json!("2")));
    assert!(
        rows[0]["answer"]["label"].as_str().is_some_and(|label| label.contains("乙一家园1号楼")),
        "{rows}"
    );
    assert_ne!(rows[0]["before"]["label"], rows[0]["answer"]["label"]);

    // A border moves: the grid of one address has another name.
    let code = town::grid("A3").code;
    let shape = app.get(&format!("/v1/grids/{code}?geometry=true")).await?.body["geometry"].clone();
    let edit =
        json!({"note": "改名", "grids": [{"code": code, "name": "新甲三", "geometry": shape}]});
    let published = app.post("/v1/boundaries", &edit).await?;
    assert_eq!(published.status, 201, "{}", published.body);
    let moved = rerun(&app, &path).await?;
    assert_eq!((&moved["changed"], &moved["boundary_version"]), (&json!(1), &json!(2)), "{moved}");
    let rows = csv_rows(&app, &path).await?;
    assert_eq!(column(&rows, "wg_changed")?, ["", "", "yes"]);
    assert_eq!(column(&rows, "wg_grid_name")?[2], "新甲三");
    assert_eq!(column(&rows, "编号")?, ["1", "2", "3"]);
    Ok(())
}

fn long_file(rows: usize) -> String {
    let mut text = "编号,地址\n".to_owned();
    for n in 1..=rows {
        let _ = writeln!(text, "{n},城关区甲一家园1号楼1单元101室第{n}次");
    }
    text
}

#[tokio::test]
async fn a_job_that_is_ended_early_says_so_and_can_be_started_again_or_deleted() -> Result<()> {
    let (database, app) = town_app().await?;
    let rows = 12_000;
    let path = begin(&app, CSV, long_file(rows)).await?;
    let unfinished = app.get(&format!("{path}/result")).await?;
    assert_eq!(
        (unfinished.status.as_u16(), &unfinished.body["type"]),
        (409, &json!("/problems/conflict"))
    );
    let mut reader =
        Reader::open(&format!("{}{path}/events", app.base), Some(&app.key), None).await?;
    while reader.next_named("progress", SOON).await?.data["done"] == 0 {}
    let ended = answer(app.request(Method::DELETE, &path)).await?;
    assert_eq!(
        (ended.status.as_u16(), &ended.body["state"], &ended.body["complete"]),
        (200, &json!("cancelled"), &json!(false))
    );
    let done = ended.body["done"].as_u64().context("done")?;
    assert!(0 < done && done < rows as u64, "{done}");
    let end = reader.next_named("end", SOON).await?;
    assert_eq!(end.data["state"], "cancelled");

    assert_eq!(app.get(&format!("{path}/result")).await?.status, 409);
    let partial = app.request(Method::GET, &format!("{path}/result?partial=true")).send().await?;
    assert_eq!(partial.headers()["x-complete"], "false");
    let name = partial.headers()["content-disposition"].to_str()?.to_owned();
    assert!(name.contains("incomplete"), "{name}");
    let text = partial.text().await?;
    assert_eq!(text.lines().count(), rows + 1, "every row is there");
    assert_eq!(text.matches(",pending,").count() as u64, rows as u64 - done);
    let pending = app.get(&format!("{path}/rows?status=pending&limit=1")).await?.body;
    assert_eq!(pending["rows"][0]["row"].as_u64(), Some(done + 2));

    let mapping = ended.body["mapping"].clone();
    let again = app.post(&format!("{path}/start"), &json!({"mapping": mapping})).await?;
    assert_eq!((again.status.as_u16(), &again.body["done"]), (202, &json!(0)));
    assert_eq!(follow(&app, &path).await?.1["state"], "done");
    assert_eq!(csv_rows(&app, &path).await?.len(), rows + 1);

    let deleted = answer(app.request(Method::DELETE, &format!("{path}?purge=true"))).await?;
    assert_eq!(deleted.body["state"], "deleted");
    assert_eq!(app.get(&format!("{path}/result?partial=true")).await?.status, 409);
    assert_eq!(app.post(&format!("{path}/rerun"), &json!(null)).await?.status, 409);
    assert_eq!(
        database.count("geocode_job_row").await? + database.count("geocode_job_answer").await?,
        0
    );
    Ok(())
}

#[tokio::test]
async fn uploaded_texts_are_deleted_when_their_time_is_over() -> Result<()> {
    let (database, mut app) = town_app().await?;
    let path = begin(&app, CSV, long_file(3)).await?;
    follow(&app, &path).await?;
    sqlx::query("update geocode_job set expires_at = now()").execute(&database.pool).await?;
    app.kill9()?;
    let app = App::start_with_key(&database.url, &[], app.key.clone()).await?;
    let deleted = async || Ok(app.get(&path).await?.body["state"] == "deleted");
    eventually("the texts are deleted", deleted).await?;
    let left = app.get(&path).await?.body;
    assert_eq!(
        (&left["columns"], &left["file_name"], &left["mapping"]),
        (&json!([]), &json!(""), &Value::Null)
    );
    assert_eq!(left["outcomes"], json!({"accepted": 3}), "numbers stay");
    assert_eq!(
        database.count("geocode_job_row").await? + database.count("geocode_job_answer").await?,
        0
    );
    Ok(())
}
