//! What people call a place: proposed, approved, read on every node, ended.

use anyhow::{Context, Result};
use chrono::{TimeDelta, Utc};
use reqwest::Method;
use serde_json::{Value, json};
use tests::app::{Answer, App, answer, eventually, new_key};
use tests::cluster::Database;
use tests::command;

/// What the text is taken for on a node: the verdict and the address of the first candidate.
async fn meaning(app: &App, text: &str) -> Result<String> {
    let body = json!({"crs": "wgs84", "text": text});
    let answer = app.post("/v1/geocode", &body).await?;
    anyhow::ensure!(answer.status == 200, "{} {}", answer.status, answer.body);
    let first = &answer.body["features"][0]["properties"]["geocoding"]["label"];
    let verdict = answer.body["geocoding"]["verdict"].as_str().unwrap_or_default();
    Ok(format!("{verdict} {}", first.as_str().unwrap_or_default()))
}

async fn ready(app: &App) -> Result<()> {
    eventually("the gazetteer is built", async || Ok(meaning(app, "甲一家园").await.is_ok())).await
}

async fn with_key(
    app: &App,
    key: &str,
    method: Method,
    path: &str,
    body: &Value,
) -> Result<Answer> {
    let request = app.client.request(method, format!("{}{path}", app.base));
    answer(request.bearer_auth(key).json(body)).await
}

fn proposal(text: &str, target: &str) -> Value {
    json!({"text": text, "target": {"text": target}, "reason": "热线坐席反映"})
}

async fn propose(app: &App, body: &Value) -> Result<i64> {
    let answer = app.post("/v1/aliases", body).await?;
    anyhow::ensure!(answer.status == 201, "{} {}", answer.status, answer.body);
    assert_eq!(answer.header("location"), format!("/v1/aliases/{}", answer.body["alias_id"]));
    answer.body["alias_id"].as_i64().context("alias_id")
}

/// A node with a key that may approve.
async fn desk() -> Result<(Database, App)> {
    let database = Database::with_town().await?;
    let key = new_key(&database.url, &["--approve"])?;
    let app = App::start_with_key(&database.url, &[], key).await?;
    Ok((database, app))
}

/// What `wangge geocode` says to a file of one text.
fn placed_by_file(database: &Database, text: &str) -> Result<String> {
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("calls.csv");
    std::fs::write(&file, format!("地址\n{text}\n"))?;
    let file = file.to_str().context("a path")?;
    command::run(&database.url, &["geocode", "--crs", "wgs84", file])
}

#[tokio::test]
async fn an_approved_alias_is_read_on_another_node_until_it_is_ended() -> Result<()> {
    let (database, one) = desk().await?;
    let other = App::start_with_key(&database.url, &[], one.key.clone()).await?;
    ready(&other).await?;
    let said = "老食品厂1号楼1单元201室漏水";
    let is_read = async || {
        let meant = meaning(&other, said).await?;
        Ok(meant.starts_with("accepted") && meant.ends_with("甲一家园1号楼1单元201室"))
    };
    assert!(!meaning(&other, said).await?.starts_with("accepted"));

    let id = propose(&one, &proposal("老食品厂", "城关区甲一家园")).await?;
    let path = format!("/v1/aliases/{id}");
    assert!(!meaning(&other, said).await?.starts_with("accepted"), "proposed is not approved");
    let writer = new_key(&database.url, &[])?;
    let approve = format!("{path}/approve");
    assert_eq!(with_key(&one, &writer, Method::POST, &approve, &json!({})).await?.status, 403);
    let approved = one.post(&approve, &json!({"reason": "已核实"})).await?;
    assert_eq!((approved.status.as_u16(), &approved.body["state"]), (200, &json!("approved")));
    eventually("the other node reads it", is_read).await?;

    // However it is written, and with its place in the text as it came.
    let answer =
        other.post("/v1/geocode", &json!({"crs": "wgs84", "text": "老 食品厂 1栋"})).await?;
    let matches = answer.body["features"][0]["properties"]["match"]
        .as_array()
        .with_context(|| answer.body.to_string())?
        .clone();
    let by_alias =
        matches.iter().find(|one| one["kind"] == "alias").context("no alias in the trace")?;
    assert_eq!((&by_alias["said"], &by_alias["span"]), (&json!("老 食品厂"), &json!([0, 5])));

    // While it is typed, to be completed to what it stands for.
    for typed in ["老食品", "lspc"] {
        let request =
            other.request(Method::GET, "/v1/suggest").query(&[("q", typed), ("crs", "wgs84")]);
        let suggested = tests::app::answer(request).await?.body;
        let all = suggested["suggestions"].as_array().context("suggestions")?;
        let is_it = |one: &Value| {
            one["text"] == "城关区甲一家园"
                && one["label"].as_str().unwrap_or_default().contains("老食品厂")
        };
        assert!(all.iter().any(is_it), "{typed}: {suggested}");
    }
    // And without a server.
    let placed = placed_by_file(&database, said)?;
    assert!(placed.contains("accepted") && placed.contains("甲一家园1号楼1单元201室"), "{placed}");

    let counted = async || Ok(one.get(&path).await?.body["hits"].as_i64().unwrap_or(0) >= 2);
    eventually("its hits are counted", counted).await?;
    let ended = one.post(&format!("{path}/expire"), &json!({"reason": "厂区已拆"})).await?;
    assert_eq!(ended.body["state"], "expired");
    let gone = async || Ok(!meaning(&other, said).await?.starts_with("accepted"));
    eventually("the other node reads it no more", gone).await?;

    let detail = one.get(&path).await?.body;
    let acts: Vec<&str> = detail["events"]
        .as_array()
        .context("events")?
        .iter()
        .filter_map(|e| e["action"].as_str())
        .collect();
    assert_eq!((acts, &detail["log_intact"]), (vec!["propose", "approve", "expire"], &json!(true)));
    assert_eq!(one.post(&approve, &json!({})).await?.status, 409);
    // What was done stays as it was written.
    let forged = sqlx::query("update alias_event set reason = 'x'").execute(&database.pool).await;
    assert!(forged.is_err_and(|why| why.to_string().contains("never changed")));
    Ok(())
}

#[tokio::test]
async fn one_word_has_one_meaning_and_official_names_have_no_other() -> Result<()> {
    let (_database, app) = desk().await?;
    for (name, what) in
        [("甲一家园", "小区"), ("东岸街道", "街道乡镇"), ("东 岸 街 道", "街道乡镇")]
    {
        let refused = app.post("/v1/aliases", &proposal(name, "城关区甲三家园")).await?;
        assert_eq!(
            (refused.status.as_u16(), &refused.body["errors"][0]["pointer"]),
            (422, &json!("/text"))
        );
        let detail = refused.body["detail"].as_str().unwrap_or_default();
        assert!(detail.contains("official name") && detail.contains(what), "{detail}");
    }
    let id = propose(&app, &proposal("老食品厂", "城关区甲一家园")).await?;
    let again = app.post("/v1/aliases", &proposal("老　食品厂", "城关区甲三家园")).await?;
    assert_eq!(again.status, 409, "{}", again.body);
    let detail = again.body["detail"].as_str().unwrap_or_default();
    assert!(detail.contains("甲一家园") && detail.contains(&format!("alias {id}")), "{detail}");
    // In another division the same word may mean something else, and later on, too.
    let mut elsewhere = proposal("老食品厂", "城关区甲三家园");
    elsewhere["scope_code"] = json!("620102101");
    propose(&app, &elsewhere).await?;
    let rejected =
        app.post(&format!("/v1/aliases/{id}/reject"), &json!({"reason": "查无此厂"})).await?;
    assert_eq!(rejected.body["state"], "rejected");
    propose(&app, &proposal("老食品厂", "城关区甲三家园")).await?;

    // Many at once: one is taken.
    let both = futures::future::join_all((0..8).map(|n| {
        let body = proposal("新市场", if n % 2 == 0 { "城关区甲一家园" } else { "城关区甲三家园" });
        let app = &app;
        async move { app.post("/v1/aliases", &body).await.map(|answer| answer.status.as_u16()) }
    }));
    let mut told = both.await.into_iter().collect::<Result<Vec<u16>>>()?;
    told.sort_unstable();
    assert_eq!(told, [201, 409, 409, 409, 409, 409, 409, 409]);
    let list = app.get("/v1/aliases?state=proposed&text=%E5%B8%82%E5%9C%BA&limit=1").await?;
    assert_eq!(
        (list.body["aliases"][0]["text"].as_str(), list.header("link")),
        (Some("新市场"), "")
    );
    Ok(())
}

#[tokio::test]
async fn what_is_no_alias_is_refused_at_its_place() -> Result<()> {
    let (database, app) = desk().await?;
    let past = Utc::now() - TimeDelta::hours(1);
    for (body, pointer) in [
        (proposal("１２３", "城关区甲一家园"), "/text"),
        (proposal("厂", "城关区甲一家园"), "/text"),
        (proposal("老厂", "老 厂"), "/target/text"),
        (json!({"text": "老厂", "target": {}}), "/target"),
        (json!({"text": "老厂", "target": {"address_id": 999_999}}), "/target"),
        (
            json!({"text": "老厂", "target": {"text": "甲一家园", "division_code": "620102"}}),
            "/target",
        ),
        (
            json!({"text": "老厂", "target": {"text": "甲一家园"}, "scope_code": "999999"}),
            "/scope_code",
        ),
        (json!({"text": "老厂", "target": {"text": "甲一家园"}, "valid_to": past}), "/valid_to"),
        (json!({"text": "老厂", "target": {"text": "甲一家园"}, "owner": "张三"}), "/owner"),
    ] {
        let refused = app.post("/v1/aliases", &body).await?;
        assert_eq!(refused.status, 422, "{body} {}", refused.body);
        assert_eq!(refused.body["errors"][0]["pointer"], pointer, "{body}");
    }
    assert_eq!(database.count("alias").await?, 0);
    for (target, text) in [
        (json!({"division_code": "620102001"}), "兰州市城关区东岸街道"),
        (json!({"building_id": 1}), "家园1号楼"),
        (json!({"address_id": 1}), "1单元"),
    ] {
        let name = format!("老地方{text}");
        let made = app.post("/v1/aliases", &json!({"text": name, "target": target})).await?;
        assert_eq!(made.status, 201, "{}", made.body);
        let told = made.body["target"]["text"].as_str().unwrap_or_default();
        assert!(told.contains(text), "{told}");
    }
    Ok(())
}

#[tokio::test]
async fn an_alias_ends_with_its_time() -> Result<()> {
    let (_database, app) = desk().await?;
    ready(&app).await?;
    let mut body = proposal("老食品厂", "城关区甲一家园");
    body["valid_to"] = json!(Utc::now() + TimeDelta::seconds(3));
    let id = propose(&app, &body).await?;
    app.post(&format!("/v1/aliases/{id}/approve"), &json!({})).await?;
    assert!(meaning(&app, "老食品厂1号楼").await?.starts_with("accepted"));
    let gone = async || Ok(!meaning(&app, "老食品厂1号楼").await?.starts_with("accepted"));
    eventually("it is read no more", gone).await?;
    let says_so = async || {
        let detail = app.get(&format!("/v1/aliases/{id}")).await?.body;
        Ok(detail["state"] == "expired" && detail["decided_by"] == "rule")
    };
    eventually("it says so", says_so).await
}

#[tokio::test]
async fn a_key_of_an_area_knows_and_decides_what_is_said_there() -> Result<()> {
    let (database, app) = desk().await?;
    let here = new_key(&database.url, &["--approve", "--area", "620102001"])?;
    let reader = new_key(&database.url, &["--read-only"])?;
    let scoped = |text: &str, code: &str| {
        let mut body = proposal(text, "城关区甲一家园");
        body["scope_code"] = json!(code);
        body
    };
    let city = propose(&app, &proposal("老市场", "城关区甲一家园")).await?;
    let inside = propose(&app, &scoped("老食品厂", "620102001001")).await?;
    let outside = propose(&app, &scoped("老渡口", "620102101")).await?;
    let get = async |id: i64| {
        with_key(&app, &here, Method::GET, &format!("/v1/aliases/{id}"), &json!(null)).await
    };
    assert_eq!(get(city).await?.status, 200);
    assert_eq!(get(inside).await?.status, 200);
    assert_eq!(get(outside).await?.status, 404);
    let list = with_key(&app, &here, Method::GET, "/v1/aliases", &json!(null)).await?;
    assert_eq!(list.body["aliases"].as_array().map(Vec::len), Some(2), "{}", list.body);
    let approve = async |id: i64| {
        with_key(&app, &here, Method::POST, &format!("/v1/aliases/{id}/approve"), &json!({})).await
    };
    assert_eq!(approve(city).await?.status, 403);
    assert_eq!(approve(outside).await?.status, 404);
    assert_eq!(approve(inside).await?.status, 200);
    let wide =
        with_key(&app, &here, Method::POST, "/v1/aliases", &proposal("新市场", "城关区甲一家园"))
            .await?;
    assert_eq!(
        (wide.status.as_u16(), &wide.body["errors"][0]["pointer"]),
        (422, &json!("/scope_code"))
    );
    let read =
        with_key(&app, &reader, Method::POST, "/v1/aliases", &proposal("新市场", "城关区甲一家园"))
            .await?;
    assert_eq!(read.status, 403);
    Ok(())
}
