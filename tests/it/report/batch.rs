//! Many reports in one request: each stands for itself.

use anyhow::{Context, Result};
use serde_json::{Value, json};
use tests::town;

use super::town_app;

fn member(key: &str, mut report: Value) -> Value {
    report["idempotency_key"] = json!(key);
    report
}

#[tokio::test]
async fn good_ones_are_kept_and_bad_ones_are_answered_in_their_places() -> Result<()> {
    let (database, app) = town_app().await?;
    let mut members: Vec<Value> = (0..100)
        .map(|n| member(&format!("n{n}"), town::report_in(["A1", "B2", "D1"][n % 3])))
        .collect();
    members[10]["category"] = json!("9999");
    members[20]["location"]["lng"] = json!(200.0);
    members[30].as_object_mut().context("object")?.remove("description");
    let answer = app.post("/v1/incidents/batch", &json!({"incidents": members})).await?;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let results = answer.body["results"].as_array().context("results")?;
    assert_eq!(results.len(), 100);
    for (index, result) in results.iter().enumerate() {
        assert_eq!(result["index"], index);
        if [10, 20, 30].contains(&index) {
            assert!(
                result["status"].as_u64().is_some_and(|status| (400..500).contains(&status)),
                "{result}"
            );
            assert!(result["problem"]["detail"].is_string(), "{result}");
        } else {
            assert_eq!(result["status"], 201, "{result}");
            assert_eq!(
                result["incident"]["grid"]["code"],
                town::grid(["A1", "B2", "D1"][index % 3]).code
            );
        }
    }
    assert_eq!(database.count("incident").await?, 97);
    Ok(())
}

#[tokio::test]
async fn a_repeated_batch_gets_the_same_incidents_and_writes_nothing() -> Result<()> {
    let (database, app) = town_app().await?;
    let members: Vec<Value> =
        (0..50).map(|n| member(&format!("n{n}"), town::report_in("A2"))).collect();
    let body = json!({"incidents": members});
    let first = app.post("/v1/incidents/batch", &body).await?.body;
    let again = app.post("/v1/incidents/batch", &body).await?.body;
    let ids = |answer: &Value| -> Vec<Value> {
        let results = answer["results"].as_array().cloned().unwrap_or_default();
        results.iter().map(|result| result["incident"]["id"].clone()).collect()
    };
    assert_eq!(ids(&first).len(), 50);
    assert!(ids(&first).iter().all(Value::is_string), "{first}");
    assert_eq!(ids(&first), ids(&again));
    assert_eq!(database.count("incident").await?, 50);
    Ok(())
}

#[tokio::test]
async fn a_key_taken_alone_is_taken_in_a_batch_too() -> Result<()> {
    let (database, app) = town_app().await?;
    let alone = app.report("shared", &town::report_in("A1")).await?.body;
    let members = json!({"incidents": [
        member("shared", town::report_in("A1")),
        member("shared", town::report_in("B1")),
        member("fresh", town::report_in("C1")),
    ]});
    let answer = app.post("/v1/incidents/batch", &members).await?.body;
    assert_eq!(answer["results"][0]["incident"]["id"], alone["id"], "{answer}");
    assert_eq!(answer["results"][1]["status"], 422, "{answer}");
    assert_eq!(answer["results"][2]["status"], 201, "{answer}");
    assert_eq!(database.count("incident").await?, 2);
    Ok(())
}

#[tokio::test]
async fn a_thousand_are_taken_and_one_more_is_refused_as_a_whole() -> Result<()> {
    let (database, app) = town_app().await?;
    let members = |count: usize| -> Value {
        let all: Vec<Value> =
            (0..count).map(|n| member(&format!("n{n}"), town::report_in("B2"))).collect();
        json!({"incidents": all})
    };
    let refused = app.post("/v1/incidents/batch", &members(1_001)).await?;
    assert!(refused.status.is_client_error(), "{}", refused.status);
    assert_eq!(database.count("incident").await?, 0);
    let taken = app.post("/v1/incidents/batch", &members(1_000)).await?;
    assert_eq!(taken.status, 200);
    assert_eq!(database.count("incident").await?, 1_000);
    // Every one is counted with its holder: B2 has one worker.
    let open: i64 = sqlx::query_scalar("select sum(open_cases) from grid_worker_load")
        .fetch_one(&database.pool)
        .await?;
    assert_eq!(open, 1_000);
    Ok(())
}
