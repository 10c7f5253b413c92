//! A publication of borders against an intake that is under way.

use std::time::Duration;

use chrono::TimeDelta;
use spatial::crs::Crs;
use sqlx::{Executor as _, PgPool};

use super::*;
use crate::domain::incident::{Channel, GivenPoint};
use crate::test_town::TestTown;

/// The two basic grids become one, in force at once.
const MERGE: &str = "
    update grid set valid = '[1,2)' where code in ('620102001001001', '620102001001002');
    insert into boundary_version (effective_at, published_by) values (now(), 'test');
    insert into grid (code, community_code, name, area_m2, geom, label, valid)
    values ('620102001001003', '620102001001', '合并', 1,
            st_multi(st_makeenvelope(103.80, 36.05, 103.82, 36.06, 4326)),
            st_setsrid(st_makepoint(103.805, 36.055), 4326), '[2,)');";

fn told(key: &str, reported_at: DateTime<Utc>) -> Told {
    let report = Report {
        channel: Channel::Hotline,
        category: "0203".to_owned(),
        description: "井盖不见了".to_owned(),
        location: Some(GivenPoint { lng: 103.805, lat: 36.055, crs: Crs::Wgs84 }),
        address: None,
        source_id: None,
        reported_at: Some(reported_at),
    };
    Told { key: key.to_owned(), report }
}

/// Waits until somebody waits for a lock on the boundary versions.
async fn somebody_waits(pool: &PgPool, mode: &str) {
    let query = "select exists (
            select 1 from pg_locks
            where relation = 'boundary_version'::regclass and mode = $1 and not granted
        )";
    for _ in 0..1_000 {
        if sqlx::query_scalar(query).bind(mode).fetch_one(pool).await.unwrap() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    panic!("nobody waits for {mode}");
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap()
}

#[test]
fn borders_come_into_force_after_every_case_decided_without_them() {
    runtime().block_on(async {
        let town = TestTown::build().await;
        let routing = Routing::start(town.store.clone()).await.unwrap();
        let intake = Arc::new(Intake::new(
            town.store.clone(),
            routing,
            Geocoder::empty(town.store.clone()),
            Arc::default(),
        ));
        intake.ensure_months(Utc::now()).await.unwrap();

        // An intake has looked at the versions and has not committed yet; now borders are published.
        let mut early = town.store.intake_begin().await.unwrap();
        assert_eq!(early.prepare(&[], 1).await.unwrap().newest.boundary, 1);
        let publishing = {
            let pool = town.store.pool.clone();
            tokio::spawn(async move { pool.execute(MERGE).await })
        };
        somebody_waits(&town.store.pool, "ExclusiveLock").await;
        // Whoever comes now waits behind the publication and decides with what it publishes.
        let late = {
            let (intake, api_key) = (Arc::clone(&intake), town.api_key);
            let now = Utc::now();
            tokio::spawn(async move { intake.report(api_key, told("late", now), now).await })
        };
        somebody_waits(&town.store.pool, "RowShareLock").await;
        assert!(!publishing.is_finished(), "published before the intake under way has ended");
        let last_event_time = Utc::now();
        drop(early);
        publishing.await.unwrap().unwrap();
        let effective_at: DateTime<Utc> = sqlx::query_scalar(
            "select effective_at from boundary_version where boundary_version_id = 2",
        )
        .fetch_one(&town.store.pool)
        .await
        .unwrap();
        assert!(last_event_time < effective_at, "{effective_at} is before {last_event_time}");

        // It was told before the merged grid came into force, and is decided after it: the grid is that of its time.
        let late = late.await.unwrap().unwrap().incident;
        assert!(late.reported_at < effective_at);
        assert_eq!(late.grid.unwrap().code, "620102001001001");
        assert_eq!(late.boundary_version.0, 1);
        let now = Utc::now();
        let after = intake.report(town.api_key, told("after", now), now).await.unwrap().incident;
        assert_eq!(after.grid.unwrap().code, "620102001001003");
        assert_eq!(after.boundary_version.0, 2);
    });
}

#[test]
fn a_clock_that_runs_ahead_neither_makes_cases_of_the_future_nor_lets_borders_overtake_them() {
    runtime().block_on(async {
        let town = TestTown::build().await;
        let routing = Routing::start(town.store.clone()).await.unwrap();
        let intake = Intake::new(
            town.store.clone(),
            routing,
            Geocoder::empty(town.store.clone()),
            Arc::default(),
        );
        // The clock of this node is two seconds ahead of the database, that of the phone four minutes ahead of us.
        let now = Utc::now() + TimeDelta::seconds(2);
        intake.ensure_months(now).await.unwrap();
        let ahead = told("ahead", now + TimeDelta::minutes(4));
        let taken = intake.report(town.api_key, ahead, now).await.unwrap().incident;
        assert_eq!(taken.reported_at, taken.received_at);
        town.execute(MERGE).await;
        assert_eq!(
            town.count(
                "select count(*) from incident i
                 join grid g using (grid_id)
                 where g.valid @> boundary_version_at(i.reported_at)"
            )
            .await,
            1,
            "the case lies in a grid of another time"
        );
    });
}

#[test]
fn borders_for_a_time_before_the_last_version_or_before_known_cases_are_refused() {
    runtime().block_on(async {
        let town = TestTown::build().await;
        let code = |error: &sqlx::Error| error.as_database_error().and_then(|e| e.code().map(String::from));
        let refused = sqlx::raw_sql(
            "insert into boundary_version (effective_at, published_by) values ('2019-01-01', 'test')",
        )
        .execute(&town.store.pool)
        .await
        .unwrap_err();
        assert_eq!(code(&refused).as_deref(), Some("WG002"), "{refused}");

        let routing = Routing::start(town.store.clone()).await.unwrap();
        let intake = Intake::new(
            town.store.clone(),
            routing,
            Geocoder::empty(town.store.clone()),
            Arc::default(),
        );
        let now = Utc::now();
        intake.ensure_months(now).await.unwrap();
        intake.report(town.api_key, told("known", now), now).await.unwrap();
        let backdated = MERGE.replace("now()", "now() - interval '1 hour'");
        let refused = sqlx::raw_sql(&backdated).execute(&town.store.pool).await.unwrap_err();
        assert_eq!(code(&refused).as_deref(), Some("WG003"), "{refused}");
        assert_eq!(town.count("select count(*) from boundary_version").await, 1);
    });
}
