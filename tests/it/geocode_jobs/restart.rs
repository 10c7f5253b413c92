//! Killed in the middle, on one node or another, a job goes on where it was: no row is lost and none is there twice.

use std::fmt::Write as _;

use anyhow::{Context, Result};
use tests::app::App;
use tests::cluster::Database;
use tests::sse::Reader;

use super::{CSV, SOON, begin, column, csv_rows, follow};

const ROWS: usize = 12_000;

/// Different texts, so that each is a question of its own.
fn file() -> String {
    let mut text = "编号,地址\n".to_owned();
    for n in 1..=ROWS {
        let compound = ["甲一", "甲三", "乙二", "丙一"][n % 4];
        let room = [101, 201, 301][n % 3];
        let _ = writeln!(text, "r{n},城关区{compound}家园1号楼1单元{room}室门口第{n}次反映");
    }
    text
}

#[tokio::test]
async fn a_job_goes_on_behind_its_last_chunk_when_the_service_is_killed() -> Result<()> {
    let database = Database::with_town().await?;
    let mut app = App::start(&database.url).await?;
    let path = begin(&app, CSV, file()).await?;
    let mut kills = 0;
    let mut reached = 0;
    while kills < 2 {
        let mut reader =
            Reader::open(&format!("{}{path}/events", app.base), Some(&app.key), None).await?;
        loop {
            let event = reader.next_named("progress", SOON).await?;
            let done = event.data["done"].as_i64().context("done")?;
            assert!(reached <= done, "it was at {reached} and is at {done} after a kill");
            if reached < done {
                reached = done;
                break;
            }
        }
        app.kill9()?;
        kills += 1;
        let key = app.key.clone();
        app = App::start_with_key(&database.url, &[], key).await?;
    }
    assert!(reached < ROWS as i64, "it was done before it could be killed");
    let (progress, end) = follow(&app, &path).await?;
    assert!(progress.is_sorted(), "{progress:?}");
    assert_eq!((end["state"].as_str(), end["done"].as_u64()), (Some("done"), Some(ROWS as u64)));
    let outcomes = end["outcomes"].as_object().context("outcomes")?;
    assert_eq!(outcomes.values().filter_map(serde_json::Value::as_u64).sum::<u64>(), ROWS as u64);

    let rows = csv_rows(&app, &path).await?;
    let ids = column(&rows, "编号")?;
    assert!(ids.iter().eq((1..=ROWS).map(|n| format!("r{n}")).collect::<Vec<_>>().iter()));
    let labels = column(&rows, "wg_label")?;
    for (text, label) in column(&rows, "地址")?.iter().zip(&labels) {
        let wanted = text.split("门口").next().unwrap_or_default();
        assert!(label.ends_with(wanted.trim_start_matches("城关区")), "{text}: {label}");
    }
    // The same file without any kill comes out the same.
    let calm = begin(&app, CSV, file()).await?;
    follow(&app, &calm).await?;
    assert!(
        csv_rows(&app, &calm).await? == rows,
        "a killed job answers otherwise than one that was not"
    );
    Ok(())
}

#[tokio::test]
async fn two_nodes_share_the_work_and_no_row_is_done_twice() -> Result<()> {
    let database = Database::with_town().await?;
    let one = App::start(&database.url).await?;
    let other = App::start_with_key(&database.url, &[], one.key.clone()).await?;
    let paths = [begin(&one, CSV, file()).await?, begin(&other, CSV, file()).await?];
    let (first, second) = tokio::join!(follow(&other, &paths[0]), follow(&one, &paths[1]));
    for (progress, end) in [first?, second?] {
        assert!(progress.is_sorted(), "{progress:?}");
        assert_eq!(end["done"].as_u64(), Some(ROWS as u64));
    }
    let counted: (i64, i64) = sqlx::query_as(
        "select sum(computed_rows), (select count(*) from geocode_job_answer) from geocode_job",
    )
    .fetch_one(&database.pool)
    .await?;
    assert_eq!(counted, (2 * ROWS as i64, 2 * ROWS as i64));
    assert!(csv_rows(&one, &paths[0]).await? == csv_rows(&one, &paths[1]).await?);
    Ok(())
}
