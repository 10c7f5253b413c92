//! The same request again: the same answer, and nothing written.

use std::collections::BTreeSet;

use anyhow::Result;
use serde_json::json;
use tests::app::{App, new_key};
use tests::town;

use super::town_app;

#[tokio::test]
async fn a_repeated_request_gets_the_first_answer_and_writes_nothing() -> Result<()> {
    let (database, app) = town_app().await?;
    let report = town::report_in("A1");
    let first = app.report("same", &report).await?;
    let rows = (database.count("incident").await?, database.count("incident_event").await?);
    let again = app.report("same", &report).await?;
    assert_eq!((again.status, &again.body), (first.status, &first.body));
    assert_eq!(
        (first.header("idempotency-replayed"), again.header("idempotency-replayed")),
        ("", "true")
    );
    assert_eq!(again.header("location"), first.header("location"));
    assert_eq!((database.count("incident").await?, database.count("incident_event").await?), rows);
    Ok(())
}

#[tokio::test]
async fn a_key_used_for_something_else_is_refused_and_writes_nothing() -> Result<()> {
    let (database, app) = town_app().await?;
    app.report("same", &town::report_in("A1")).await?;
    let other = app.report("same", &town::report_in("B1")).await?;
    assert_eq!(other.status, 422, "{}", other.body);
    assert_eq!(other.header("content-type"), "application/problem+json");
    assert_eq!(database.count("incident").await?, 1);
    Ok(())
}

#[tokio::test]
async fn the_same_key_of_two_callers_is_two_keys() -> Result<()> {
    let (database, mut app) = town_app().await?;
    let one = app.report("same", &town::report_in("A1")).await?;
    app.key = new_key(&database.url, &[])?;
    let two = app.report("same", &town::report_in("B1")).await?;
    assert_eq!((one.status.as_u16(), two.status.as_u16()), (201, 201), "{}", two.body);
    assert_ne!(one.body["id"], two.body["id"]);
    Ok(())
}

#[tokio::test]
async fn twenty_at_once_with_one_key_make_one_incident() -> Result<()> {
    let (database, app) = town_app().await?;
    let report = town::report_in("A2");
    let answers = futures::future::join_all((0..20).map(|_| app.report("race", &report))).await;
    let mut ids = BTreeSet::new();
    for answer in answers {
        let answer = answer?;
        assert_eq!(answer.status, 201, "{}", answer.body);
        ids.insert(answer.body["id"].to_string());
    }
    assert_eq!((ids.len(), database.count("incident").await?), (1, 1));
    Ok(())
}

#[tokio::test]
async fn a_refused_request_leaves_its_key_free() -> Result<()> {
    let (database, app) = town_app().await?;
    let mut report = town::report_in("A1");
    report["category"] = json!("no such category");
    assert!(app.report("again", &report).await?.status.is_client_error());
    assert_eq!(database.count("idempotency_key").await?, 0);
    assert_eq!(app.report("again", &town::report_in("A1")).await?.status, 201);
    Ok(())
}

#[tokio::test]
async fn a_key_outlives_the_process_that_took_it() -> Result<()> {
    let (database, mut app) = town_app().await?;
    let report = town::report_in("A1");
    let first = app.report("survives", &report).await?;
    app.kill9()?;
    let app = App::start_with_key(&database.url, &[], app.key.clone()).await?;
    let again = app.report("survives", &report).await?;
    assert_eq!(
        (again.body, again.headers.get("idempotency-replayed").is_some()),
        (first.body, true)
    );
    Ok(())
}
