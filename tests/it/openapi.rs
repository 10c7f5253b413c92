//! The service describes itself, and the description is true.

use anyhow::{Context, Result};
use serde_json::Value;
use tests::app::App;
use tests::cluster::Database;
use tests::command;

/// Methods and paths that clients build upon.
const PROMISED: [(&str, &str); 16] = [
    ("post", "/v1/locate"),
    ("post", "/v1/incidents"),
    ("post", "/v1/incidents/batch"),
    ("get", "/v1/incidents"),
    ("get", "/v1/incidents/{id}"),
    ("get", "/v1/divisions"),
    ("get", "/v1/divisions/{code}"),
    ("get", "/v1/grids"),
    ("get", "/v1/grids/{code}"),
    ("get", "/v1/stats/wall"),
    ("get", "/v1/stream"),
    ("get", "/tiles/{layer}"),
    ("get", "/tiles/{layer}/{version}/{z}/{x}/{y}"),
    ("get", "/healthz"),
    ("get", "/readyz"),
    ("get", "/metrics"),
];

#[tokio::test]
async fn the_description_that_is_served_is_the_one_that_is_printed_and_holds_what_is_promised()
-> Result<()> {
    let database = Database::with_town().await?;
    let app = App::start(&database.url).await?;
    let served = app.get("/openapi.json").await?.body;
    let printed: Value = serde_json::from_str(&command::run(command::Server::None, &["openapi"])?)?;
    assert_eq!(served, printed);
    assert!(
        served["openapi"].as_str().is_some_and(|version| version.starts_with("3.1")),
        "{}",
        served["openapi"]
    );
    for (method, path) in PROMISED {
        let operation = &served["paths"][path][method];
        assert!(operation.is_object(), "{method} {path} is not described");
        assert!(operation["operationId"].is_string(), "{method} {path} has no name");
    }
    Ok(())
}

#[tokio::test]
async fn every_reference_in_the_description_leads_somewhere() -> Result<()> {
    let description: Value =
        serde_json::from_str(&command::run(command::Server::None, &["openapi"])?)?;
    let mut references = Vec::new();
    collect(&description, &mut references);
    assert!(references.len() > 20, "only {} references", references.len());
    for reference in references {
        let pointer = reference
            .strip_prefix('#')
            .with_context(|| format!("an outside reference: {reference}"))?;
        assert!(description.pointer(pointer).is_some(), "{reference} leads nowhere");
    }
    Ok(())
}

fn collect(value: &Value, references: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            references.extend(members.get("$ref").and_then(Value::as_str).map(str::to_owned));
            members.values().for_each(|member| collect(member, references));
        }
        Value::Array(members) => members.iter().for_each(|member| collect(member, references)),
        _ => {}
    }
}

#[tokio::test]
async fn pages_load_nothing_from_outside_hosts() -> Result<()> {
    let database = Database::with_town().await?;
    let app = App::start_with(&database.url, &["--public-wall"]).await?;
    for path in ["/", "/wall", "/docs"] {
        let page = app.client.get(format!("{}{path}", app.base)).send().await?;
        assert_eq!(page.status(), 200, "{path}");
        let policy =
            page.headers().get("content-security-policy").and_then(|policy| policy.to_str().ok());
        let policy =
            policy.with_context(|| format!("{path} has no content security policy"))?.to_owned();
        assert!(!policy.contains("http://") && !policy.contains("https://"), "{path}: {policy}");
        let text = page.text().await?;
        for attribute in ["src=\"http", "href=\"http", "src=\"//", "href=\"//"] {
            assert!(!text.contains(attribute), "{path} loads from outside");
        }
    }
    Ok(())
}
