//! How many reports a second the intake makes durable, without HTTP, and how long walls wait for them:
//! `cargo run --release -p data --example intake [CLUSTER_DIR]`. The database `intake` of that cluster is made anew.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::Utc;
use data::Store;
use data::actions::report::{Intake, Told};
use data::domain::id::ApiKeyId;
use data::domain::incident::{Channel, GivenPoint, Report};
use data::embedded::Cluster;
use data::jobs::relay::Stream;
use data::routing::Routing;
use data::store::Scope;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let dir = std::env::args().nth(1).unwrap_or_else(|| "var/bench-pg".to_owned());
    let cluster = Cluster::open(Path::new(&dir)).await?;
    cluster.drop_database("intake").await?;
    cluster.create_database("intake", None).await?;
    let store = Store::connect_with(&cluster.url_for("intake"), 40).await?;
    store.migrate().await?;
    sqlx::raw_sql(TOWN).execute(&store.pool).await?;
    let key = store.api_key_create("load", "", true).await?.id;
    let begun = Instant::now();
    let routing = Routing::start(store.clone()).await?;
    eprintln!("routing loaded in {:?}", begun.elapsed());
    let stream = Stream::open(store.clone()).await?;
    tokio::spawn(Arc::clone(&stream).run());
    let mut live = stream.subscribe(None, Scope::whole()).await?;
    let watcher = tokio::spawn(async move {
        let mut delays = Vec::new();
        while let Ok(Ok(event)) = tokio::time::timeout(Duration::from_secs(3), live.next()).await {
            delays.push((Utc::now() - event.occurred_at).num_milliseconds());
        }
        delays.sort_unstable();
        delays
    });
    let geocoder = data::geocode::Geocoder::empty(store.clone());
    let intake = Arc::new(Intake::new(store.clone(), routing, geocoder, stream.committed()));
    for (clients, batch, seconds) in [(1, 1, 3), (8, 1, 5), (32, 1, 5), (4, 500, 6)] {
        press(&intake, key, clients, batch, seconds).await;
    }
    let delays = watcher.await?;
    let at = |share: f64| delays.get(((delays.len() - 1) as f64 * share) as usize);
    eprintln!(
        "{} events, received to stream ms: p50 {:?} p99 {:?} max {:?}",
        delays.len(),
        at(0.5),
        at(0.99),
        at(1.0)
    );
    let begun = Instant::now();
    let now = Utc::now();
    let counts =
        store.wall_counts(&Scope::whole(), now - chrono::TimeDelta::hours(12), now).await?;
    eprintln!("wall of {} open in {:?}", counts.open, begun.elapsed());
    let listing = Instant::now();
    let filter = data::store::IncidentFilter { limit: 100, ..Default::default() };
    store.incident_list(&filter, &Scope::whole()).await?;
    eprintln!("page of 100 in {:?}", listing.elapsed());
    store.pool.close().await;
    cluster.stop().await?;
    Ok(())
}

/// Lets `clients` tell batches of `batch` for so many seconds.
async fn press(intake: &Arc<Intake>, key: ApiKeyId, clients: u32, batch: u32, seconds: u64) {
    let begun = Instant::now();
    let tasks = (0..clients).map(|client| {
        let intake = Arc::clone(intake);
        tokio::spawn(async move {
            let (mut told, mut slowest, mut round) = (0, Duration::ZERO, 0);
            while begun.elapsed() < Duration::from_secs(seconds) {
                round += 1;
                let reports = (0..batch)
                    .map(|n| Told {
                        key: format!("{clients}-{batch}-{client}-{round}-{n}"),
                        report: report(client * 7919 + round * 104_729 + n),
                    })
                    .collect();
                let asked = Instant::now();
                let answers =
                    intake.report_batch(key, reports, Utc::now()).await.expect("taken in");
                slowest = slowest.max(asked.elapsed());
                told += answers.iter().filter(|answer| answer.is_ok()).count();
            }
            (told, slowest)
        })
    });
    let done = futures::future::join_all(tasks).await;
    let told: usize = done.iter().map(|one| one.as_ref().expect("no panic").0).sum();
    let slowest = done.iter().map(|one| one.as_ref().expect("no panic").1).max();
    let rate = told as f64 / begun.elapsed().as_secs_f64();
    eprintln!("{clients} clients, batches of {batch}: {rate:.0}/s, slowest {slowest:?}");
}

fn report(n: u32) -> Report {
    let lng = 103.8 + f64::from(n % 2000) * 1e-4;
    let lat = 36.0 + f64::from(n / 2000 % 2000) * 1e-4;
    Report {
        channel: Channel::Hotline,
        category: "0203".to_owned(),
        description: "井盖不见了".to_owned(),
        location: Some(GivenPoint { lng, lat, crs: spatial::crs::Crs::Gcj02 }),
        address: None,
        source_id: None,
        reported_at: None,
    }
}

const TOWN: &str = "
insert into boundary_version (effective_at, published_by) values ('2020-01-01', 'load');
insert into division (code, level, kind, name, parent_code, geom, label, valid)
select code, level, kind, name, parent_code, st_multi(st_makeenvelope(103.8, 36, 104, 36.2, 4326)), st_setsrid(st_makepoint(103.9, 36.1), 4326), '[1,)'
from (values ('6201', 'city', 'city', '兰州市', null), ('620102', 'district', 'district', '城关区', '6201'),
    ('620102001', 'township', 'subdistrict', '酒泉路街道', '620102'), ('620102001001', 'community', 'community', '张掖路社区', '620102001')
) as d (code, level, kind, name, parent_code);
insert into grid (code, community_code, name, area_m2, geom, label, valid)
select '620102001001' || lpad((x * 20 + y)::text, 3, '0'), '620102001001', '网格', 1,
    st_multi(st_makeenvelope(103.8 + x * 0.01, 36 + y * 0.01, 103.81 + x * 0.01, 36.01 + y * 0.01, 4326)),
    st_setsrid(st_makepoint(103.805 + x * 0.01, 36.005 + y * 0.01), 4326), '[1,)'
from generate_series(0, 19) x, generate_series(0, 19) y;
insert into grid_worker (code, name) select 'W' || n, '网格员' from generate_series(1, 1600) n;
insert into roster (grid_worker_id, grid_code, role)
select n, '620102001001' || lpad(((n - 1) / 4)::text, 3, '0'), case n % 4 when 1 then 'primary' when 2 then 'deputy' else 'helper' end from generate_series(1, 1600) n;
insert into shift select n, d, '00:00', '00:00' from generate_series(1, 1600) n, generate_series(1, 7) d;
insert into roster_version (reason) values ('load');
";
