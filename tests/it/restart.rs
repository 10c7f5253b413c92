//! What was acknowledged is there, whatever is killed; what was cut is told again with its key, and is there once.
//!
//! A process that is killed leaves what it has written in the page cache: these tests say nothing about power that fails.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use anyhow::{Context, Result};
use data::embedded::Cluster;
use serde_json::{Value, json};
use sqlx::Connection as _;
use tests::app::App;
use tests::cluster::{Database, clusters_dir};
use tests::town;

const SENDERS: usize = 12;
/// Acknowledged before the kill, so that it falls into the middle of the work.
const BEFORE_KILL: usize = 60;
/// A recovered service answers within 10 s; two busy cores get more.
const READY: Duration = Duration::from_secs(30);

/// What became of the requests of one round, by idempotency key.
#[derive(Default)]
struct Tally {
    acknowledged: BTreeMap<String, String>,
    cut: Vec<String>,
}

/// The key is kept as the caller's own number too, so that doubles show in the table.
fn report(key: &str) -> Value {
    let places = ["A1", "A2", "A3", "B1", "B2", "C1", "D1", "D2"];
    let mut report = town::report_in(places[key.len() % places.len()]);
    report["source_id"] = json!(key);
    report
}

/// One sender after another request, until one is cut off.
async fn send_until_cut(app: &App, name: &str, acknowledged: &AtomicUsize) -> Result<Tally> {
    let mut tally = Tally::default();
    loop {
        let key = format!("{name}-{}", tally.acknowledged.len());
        match app.report(&key, &report(&key)).await {
            Ok(answer) if answer.status == 201 => {
                let id = answer.body["id"].as_str().context("an id")?.to_owned();
                tally.acknowledged.insert(key, id);
                acknowledged.fetch_add(1, Ordering::Relaxed);
            }
            // No answer, or one that takes nothing upon itself.
            Ok(answer) => {
                assert!(answer.status.is_server_error(), "{} {}", answer.status, answer.body);
                tally.cut.push(key);
                return Ok(tally);
            }
            Err(_) => {
                tally.cut.push(key);
                return Ok(tally);
            }
        }
    }
}

/// Many senders at once; `kill` falls into their midst. Gives back what each of them was told.
async fn round(
    app: &mut App,
    name: &str,
    kill: impl AsyncFnOnce(u32) -> Result<()>,
) -> Result<Tally> {
    let acknowledged = AtomicUsize::new(0);
    let names: Vec<_> = (0..SENDERS).map(|sender| format!("{name}-{sender}")).collect();
    let service = app.pid();
    let app = &*app;
    let sending = futures::future::try_join_all(
        names.iter().map(|name| send_until_cut(app, name, &acknowledged)),
    );
    let killing = async {
        while acknowledged.load(Ordering::Relaxed) < BEFORE_KILL {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        kill(service).await
    };
    let (tallies, killed) = tokio::join!(sending, killing);
    killed?;
    let mut all = Tally::default();
    for tally in tallies? {
        all.acknowledged.extend(tally.acknowledged);
        all.cut.extend(tally.cut);
    }
    assert!(!all.cut.is_empty(), "{name}: the kill cut no request, so it shows nothing");
    assert!(all.acknowledged.len() >= BEFORE_KILL);
    Ok(all)
}

/// Tells the cut ones again, then looks for each one in the table.
async fn settle(app: &App, database: &Database, tally: &Tally) -> Result<usize> {
    let mut had_committed = 0;
    let mut ids = tally.acknowledged.clone();
    for key in &tally.cut {
        let answer = app.report(key, &report(key)).await?;
        assert_eq!(answer.status, 201, "{key}: {}", answer.body);
        had_committed += usize::from(answer.header("idempotency-replayed") == "true");
        ids.insert(key.clone(), answer.body["id"].as_str().context("an id")?.to_owned());
    }
    let keys: Vec<_> = ids.keys().cloned().collect();
    let kept: Vec<(String, String)> = sqlx::query_as(
        "select source_id, incident_id::text from incident where source_id = any($1)",
    )
    .bind(&keys)
    .fetch_all(&database.pool)
    .await?;
    assert_eq!(kept.len(), keys.len(), "lost, or doubled");
    assert_eq!(BTreeMap::from_iter(kept), ids, "not the incident that was acknowledged");
    Ok(had_committed)
}

/// Loads add up and every log is whole, however often something was killed.
async fn assert_consistent(database: &Database) -> Result<()> {
    let wrong: i64 = sqlx::query_scalar(
        "select count(*)
         from grid_worker_load l
         where l.open_cases <> (
             select count(*) from incident i
             where i.holder_kind = 'grid_worker' and i.holder_id = l.grid_worker_id and i.closed_at is null
         )",
    )
    .fetch_one(&database.pool)
    .await?;
    assert_eq!(wrong, 0, "workers whose number of open cases is wrong");
    let headless: i64 = sqlx::query_scalar(
        "select count(*) from incident i
         where not exists (select 1 from incident_event e where e.incident_id = i.incident_id and e.ordinal = 1)
            or not exists (select 1 from clock_interval c where c.incident_id = i.incident_id)
            or not exists (select 1 from idempotency_key k where k.key = i.source_id)",
    )
    .fetch_one(&database.pool)
    .await?;
    assert_eq!(headless, 0, "incidents without their log, clock or key");
    tests::app::eventually("everything kept is on the stream, once", async || {
        let (told, once): (i64, i64) = sqlx::query_as(
            "select count(*), count(distinct payload ->> 'id') from stream_event where topic = 'incident'",
        )
        .fetch_one(&database.pool)
        .await?;
        anyhow::ensure!(told == once, "{told} on the stream, {once} different ones");
        Ok(told == database.count("incident").await?)
    })
    .await
}

fn kill(pids: &[u32]) -> Result<()> {
    let status = std::process::Command::new("kill")
        .arg("-KILL")
        .args(pids.iter().map(u32::to_string))
        .status()?;
    anyhow::ensure!(status.success(), "kill {pids:?}: {status}");
    Ok(())
}

/// Every process of the server in `home`: the first one, and all backends, or those would finish their work in peace.
fn server_processes(home: &Path) -> Result<Vec<u32>> {
    let data = home.join("data");
    let mut pids = Vec::new();
    for entry in std::fs::read_dir("/proc")?.flatten() {
        let pid = entry.file_name().to_string_lossy().parse::<u32>();
        if let (Ok(pid), Ok(folder)) = (pid, std::fs::read_link(entry.path().join("cwd")))
            && folder == data
        {
            pids.push(pid);
        }
    }
    anyhow::ensure!(pids.len() > SENDERS / 2, "only {} processes of the server", pids.len());
    Ok(pids)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_acknowledged_is_lost_and_nothing_doubled_when_the_service_is_killed() -> Result<()>
{
    let database = Database::with_town().await?;
    let mut app = App::start(&database.url).await?;
    let (mut acknowledged, mut cut, mut had_committed) = (0, 0, 0);
    for number in 0..5 {
        let tally =
            round(&mut app, &format!("service-{number}"), async |service| kill(&[service])).await?;
        app = App::start_with_key(&database.url, &[], app.key.clone()).await?;
        had_committed += settle(&app, &database, &tally).await?;
        acknowledged += tally.acknowledged.len();
        cut += tally.cut.len();
    }
    assert_consistent(&database).await?;
    eprintln!(
        "{acknowledged} acknowledged, 0 lost; {cut} cut, of which {had_committed} had committed; 0 doubled"
    );
    Ok(())
}

/// A cluster of this test's own, because it will be killed.
async fn own_cluster(name: &str) -> Result<(Cluster, Database)> {
    let folder = clusters_dir().join(name);
    std::fs::create_dir_all(clusters_dir())?;
    let cluster = Cluster::open(&folder).await?;
    cluster.drop_database("wangge").await?;
    let database = Database::in_cluster(&cluster, "wangge").await?;
    town::load(&database).await?;
    Ok((cluster, database))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_acknowledged_is_lost_and_nothing_doubled_when_postgresql_is_killed() -> Result<()>
{
    let (cluster, database) = own_cluster("killed").await?;
    let home = cluster.home().to_owned();
    let mut app = App::start(home.as_path()).await?;
    let (mut acknowledged, mut cut, mut had_committed) = (0, 0, 0);
    for number in 0..4 {
        // The service brings its server back by itself; every second time it dies too, and its next start does.
        let both = number % 2 == 1;
        let tally = round(&mut app, &format!("server-{number}"), async |service| {
            let mut pids = server_processes(&home)?;
            pids.extend(both.then_some(service));
            kill(&pids)
        })
        .await?;
        if both {
            app = App::start_with_key(home.as_path(), &[], app.key.clone()).await?;
        } else {
            app.wait_until_ready(READY).await?;
        }
        had_committed += settle(&app, &database, &tally).await?;
        acknowledged += tally.acknowledged.len();
        cut += tally.cut.len();
    }
    assert_consistent(&database).await?;
    eprintln!(
        "{acknowledged} acknowledged, 0 lost; {cut} cut, of which {had_committed} had committed; 0 doubled"
    );
    drop(app);
    cluster.stop().await?;
    Ok(())
}

/// The control: the same kill does lose what was acknowledged too early, so the test above can see a loss.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_kill_loses_what_was_acknowledged_before_it_was_on_disk() -> Result<()> {
    let (cluster, database) = own_cluster("control").await?;
    sqlx::raw_sql("create table told (number bigint generated always as identity primary key)")
        .execute(&database.pool)
        .await?;
    let acknowledged = AtomicUsize::new(0);
    let sending = futures::future::join_all((0..SENDERS).map(|_| async {
        let Ok(mut connection) = sqlx::PgConnection::connect(&database.url).await else { return };
        let insert = "set synchronous_commit = off; insert into told default values";
        while sqlx::raw_sql(insert).execute(&mut connection).await.is_ok() {
            acknowledged.fetch_add(1, Ordering::Relaxed);
        }
    }));
    let killing = async {
        while acknowledged.load(Ordering::Relaxed) < 2_000 {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        kill(&server_processes(cluster.home())?)
    };
    let (_, killed) = tokio::join!(sending, killing);
    killed?;
    let cluster = Cluster::open(cluster.home()).await?;
    let kept = database.count("told").await?;
    let acknowledged = acknowledged.into_inner() as i64;
    assert!(
        kept < acknowledged,
        "{acknowledged} acknowledged and all {kept} kept: this kill shows nothing"
    );
    cluster.stop().await?;
    Ok(())
}
