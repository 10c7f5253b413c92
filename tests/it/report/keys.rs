//! Who may: keys from the first day.

use anyhow::Result;
use reqwest::Method;
use tests::app::{answer, new_key};
use tests::{command, town};

use super::town_app;

#[tokio::test]
async fn without_a_key_nothing_is_written_and_nothing_is_read() -> Result<()> {
    let (database, app) = town_app().await?;
    let anonymous =
        |method: Method, path: &str| app.client.request(method, format!("{}{path}", app.base));
    let refused = answer(
        anonymous(Method::POST, "/v1/incidents")
            .header("idempotency-key", "x")
            .json(&town::report_in("A1")),
    )
    .await?;
    assert_eq!(refused.status, 401, "{}", refused.body);
    assert_eq!(refused.header("content-type"), "application/problem+json");
    assert!(refused.header("www-authenticate").starts_with("Bearer"));
    for path in [
        "/v1/incidents",
        "/v1/incidents/1",
        "/v1/divisions",
        "/v1/grids",
        "/v1/stats/wall",
        "/v1/stream",
    ] {
        assert_eq!(answer(anonymous(Method::GET, path)).await?.status, 401, "{path}");
    }
    for path in ["/healthz", "/readyz", "/metrics", "/openapi.json"] {
        assert_eq!(answer(anonymous(Method::GET, path)).await?.status, 200, "{path}");
    }
    assert_eq!(database.count("incident").await?, 0);
    Ok(())
}

#[tokio::test]
async fn a_wrong_a_cut_and_a_revoked_key_open_nothing() -> Result<()> {
    let (database, app) = town_app().await?;
    let good = new_key(&database.url, &[])?;
    let ask = async |key: &str| {
        answer(app.client.get(format!("{}/v1/divisions", app.base)).bearer_auth(key)).await
    };
    assert_eq!(ask(&good).await?.status, 200);
    let cut = good.split_at(good.len() - 1).0;
    let flipped = format!("{cut}{}", if good.ends_with('A') { 'B' } else { 'A' });
    for wrong in [cut, flipped.as_str(), "", "wg_", "wg_x_y", "' or 1=1 --"] {
        assert_eq!(ask(wrong).await?.status, 401, "{wrong:?}");
    }
    let prefix = good.split('_').nth(1).unwrap_or_default();
    command::run(&database.url, &["key", "revoke", prefix])?;
    tests::app::eventually("a revoked key is refused", async || Ok(ask(&good).await?.status == 401))
        .await
}

#[tokio::test]
async fn a_key_for_reading_reads_and_does_not_write() -> Result<()> {
    let (database, mut app) = town_app().await?;
    app.key = new_key(&database.url, &["--read-only"])?;
    assert_eq!(app.get("/v1/divisions").await?.status, 200);
    let refused = app.report("x", &town::report_in("A1")).await?;
    assert_eq!(refused.status, 403, "{}", refused.body);
    assert_eq!(database.count("incident").await?, 0);
    Ok(())
}

#[tokio::test]
async fn the_database_keeps_no_key_only_its_hash() -> Result<()> {
    let (database, app) = town_app().await?;
    let secret = app.key.rsplit('_').next().unwrap_or_default().to_owned();
    assert!(secret.len() >= 20, "a short secret");
    let rows: Vec<String> =
        sqlx::query_scalar("select k::text from api_key k").fetch_all(&database.pool).await?;
    assert!(!rows.is_empty());
    assert!(rows.iter().all(|row| !row.contains(&secret)), "the secret is stored");
    Ok(())
}

#[tokio::test]
async fn a_public_wall_is_read_without_a_key_and_still_not_written() -> Result<()> {
    let database = tests::cluster::Database::with_town().await?;
    let app = tests::app::App::start_with(&database.url, &["--public-wall"]).await?;
    app.report("x", &town::report_in("A1")).await?;
    let anonymous =
        |method: Method, path: &str| app.client.request(method, format!("{}{path}", app.base));
    for path in ["/v1/divisions", "/v1/grids", "/v1/stats/wall"] {
        assert_eq!(answer(anonymous(Method::GET, path)).await?.status, 200, "{path}");
    }
    assert_eq!(answer(anonymous(Method::GET, "/v1/incidents")).await?.status, 401);
    let write = anonymous(Method::POST, "/v1/incidents")
        .header("idempotency-key", "y")
        .json(&town::report_in("A1"));
    assert_eq!(answer(write).await?.status, 401);
    let wall = answer(anonymous(Method::GET, "/v1/stats/wall")).await?.body.to_string();
    assert!(!wall.contains("路面塌陷"), "the wall shows what a person wrote");
    Ok(())
}
