//! Incidents read back: lists, pages, filters.

use std::collections::BTreeSet;

use anyhow::{Context, Result};
use serde_json::Value;
use tests::app::{Answer, App};
use tests::town;

use super::town_app;

fn ids(answer: &Answer) -> Vec<String> {
    let incidents = answer.body["incidents"].as_array().cloned().unwrap_or_default();
    incidents.iter().filter_map(|incident| incident["id"].as_str().map(str::to_owned)).collect()
}

/// The path in `Link: <…>; rel="next"`.
fn next_page(answer: &Answer) -> Option<String> {
    let link = answer.header("link");
    let (target, rest) = link.strip_prefix('<')?.split_once('>')?;
    rest.contains("rel=\"next\"").then(|| target.to_owned())
}

async fn all_pages(app: &App, first: &str) -> Result<(Vec<String>, usize)> {
    let (mut seen, mut pages, mut path) = (Vec::new(), 0, Some(first.to_owned()));
    while let Some(now) = path {
        let relative = now.strip_prefix(&app.base).unwrap_or(&now).to_owned();
        let answer = app.get(&relative).await?;
        assert_eq!(answer.status, 200, "{relative}: {}", answer.body);
        seen.extend(ids(&answer));
        pages += 1;
        assert!(pages < 100, "pages without end");
        path = next_page(&answer);
    }
    Ok((seen, pages))
}

#[tokio::test]
async fn pages_show_each_incident_once_newest_first_also_while_new_ones_come() -> Result<()> {
    let (_database, app) = town_app().await?;
    let mut told = Vec::new();
    for n in 0..25 {
        told.push(
            app.report(&format!("n{n}"), &town::report_in("A1")).await?.body["id"]
                .as_str()
                .context("id")?
                .to_owned(),
        );
    }
    told.reverse();
    let first = app.get("/v1/incidents?limit=10").await?;
    assert_eq!(ids(&first), told[..10]);
    app.report("new", &town::report_in("B1")).await?;
    let (rest, _) =
        all_pages(&app, &next_page(&first).context("a second page")?.replace(&app.base, ""))
            .await?;
    assert_eq!(rest, told[10..]);
    Ok(())
}

#[tokio::test]
async fn filters_together_show_what_fits_all_of_them() -> Result<()> {
    let (_database, app) = town_app().await?;
    for (n, short) in ["A1", "A2", "A3", "B1", "C1", "D2"].iter().enumerate() {
        let mut report = town::report_in(short);
        report["channel"] = Value::from(if n % 2 == 0 { "hotline" } else { "app" });
        app.report(&format!("n{n}"), &report).await?;
    }
    let count = async |query: &str| -> Result<usize> {
        let (seen, _) = all_pages(&app, &format!("/v1/incidents?{query}")).await?;
        assert_eq!(seen.len(), seen.iter().collect::<BTreeSet<_>>().len());
        Ok(seen.len())
    };
    assert_eq!(count("limit=2").await?, 6);
    assert_eq!(count("district=620102").await?, 6);
    assert_eq!(count("township=620102001").await?, 4);
    assert_eq!(count("community=620102001001").await?, 3);
    assert_eq!(count("grid=620102001001002").await?, 1);
    assert_eq!(count("channel=hotline").await?, 3);
    assert_eq!(count("township=620102001&channel=hotline").await?, 2);
    assert_eq!(count("state=open").await?, 6);
    assert_eq!(count("state=dispatched&community=620102101201").await?, 1);
    assert_eq!(count("state=closed").await?, 0);
    assert_eq!(count("reported_after=2000-01-01T00:00:00Z").await?, 6);
    assert_eq!(count("reported_before=2000-01-01T00:00:00Z").await?, 0);
    Ok(())
}

#[tokio::test]
async fn divisions_and_grids_are_listed_with_their_places() -> Result<()> {
    let (_database, app) = town_app().await?;
    let codes = |answer: &Answer, list: &str| -> Vec<String> {
        let all = answer.body[list].as_array().cloned().unwrap_or_default();
        all.iter().filter_map(|one| one["code"].as_str().map(str::to_owned)).collect()
    };
    let townships = app.get("/v1/divisions?parent=620102").await?;
    assert_eq!(codes(&townships, "divisions"), ["620102001", "620102101"]);
    let communities = app.get("/v1/divisions?level=community").await?;
    assert_eq!(codes(&communities, "divisions"), town::COMMUNITIES);
    let one = app.get("/v1/divisions/620102001002").await?.body;
    assert_eq!((&one["name"], &one["level"]), (&Value::from("乙社区"), &Value::from("community")));
    assert_eq!(one["people"], 1000);
    let ((west, south), (east, north)) = (town::at((5, 0)), town::at((12, 6)));
    let wanted = [west, south, east, north].map(|steps| f64::from(steps) / 1e7);
    assert_eq!(one["bbox"], serde_json::json!(wanted));
    let grids = app.get("/v1/grids?community=620102001001").await?;
    assert_eq!(codes(&grids, "grids"), ["620102001001001", "620102001001002", "620102001001003"]);
    let shape = app.get("/v1/grids/620102001001001?geometry=true").await?.body;
    assert_eq!(shape["geometry"]["type"], "MultiPolygon");
    assert_eq!(
        shape["geometry"]["coordinates"][0].as_array().map(Vec::len),
        Some(2),
        "an outline and a hole"
    );
    assert_eq!(app.get("/v1/grids/nothing").await?.status, 404);
    assert_eq!(app.get("/v1/divisions/999999").await?.status, 404);
    Ok(())
}
