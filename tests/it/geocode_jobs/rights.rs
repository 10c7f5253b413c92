//! What somebody uploads is theirs.

use anyhow::Result;
use reqwest::Method;
use serde_json::json;
use tests::app::{answer, new_key};

use super::{CSV, PATH, begin, follow, send, town_app};

#[tokio::test]
async fn only_the_key_that_sent_a_file_and_administrators_see_it() -> Result<()> {
    let (database, mut app) = town_app().await?;
    let path = begin(&app, CSV, "编号,地址\n1,城关区甲一家园1号楼\n").await?;
    follow(&app, &path).await?;
    let owner = app.key.clone();
    let urls = [
        (Method::GET, path.clone()),
        (Method::GET, format!("{path}/rows")),
        (Method::GET, format!("{path}/result")),
        (Method::GET, format!("{path}/events")),
        (Method::POST, format!("{path}/rerun")),
        (Method::POST, format!("{path}/start")),
        (Method::DELETE, format!("{path}?purge=true")),
    ];
    for right in [&[][..], &["--publish", "--approve"]] {
        app.key = new_key(&database.url, right)?;
        for (method, url) in &urls {
            let request =
                app.request(method.clone(), url).json(&json!({"mapping": {"text": ["地址"]}}));
            assert_eq!(answer(request).await?.status, 404, "{method} {url}");
        }
        assert_eq!(app.get(PATH).await?.body["jobs"], json!([]));
    }
    app.key = new_key(&database.url, &["--admin"])?;
    assert_eq!(app.get(PATH).await?.body["jobs"].as_array().map(Vec::len), Some(1));
    assert_eq!(app.get(&format!("{path}/rows")).await?.status, 200);

    app.key = new_key(&database.url, &["--read-only"])?;
    assert_eq!(send(&app, "", CSV, "编号,地址\n1,甲\n").await?.status, 403);
    let nobody = answer(app.client.get(format!("{}{PATH}", app.base))).await?;
    assert_eq!(nobody.status, 401);
    app.key = owner;
    assert_eq!(app.get(&path).await?.body["state"], "done");
    for id in ["0", "x", "9223372036854775808", "-1"] {
        assert_eq!(app.get(&format!("{PATH}/{id}")).await?.status, 404, "{id}");
    }
    Ok(())
}
