//! The intake against a real database: who gets it, once only, and everybody hears of it in order.

use std::collections::HashSet;
use std::time::Duration;

use chrono::TimeDelta;
use spatial::crs::Crs;

use super::*;
use crate::domain::event::first_broken;
use crate::domain::incident::{Channel, GivenPoint, HolderId, LocatedBy, WorkLevel};
use crate::domain::lifecycle::State;
use crate::jobs::relay::Stream;
use crate::store::{IncidentCursor, IncidentFilter, Scope};
use crate::test_town::TestTown;

struct Desk {
    town: TestTown,
    routing: Arc<Routing>,
    stream: Arc<Stream>,
    intake: Intake,
}

impl Desk {
    async fn open() -> Self {
        let town = TestTown::build().await;
        let routing = Routing::start(town.store.clone()).await.unwrap();
        let stream = Stream::open(town.store.clone()).await.unwrap();
        let geocoder = Geocoder::empty(town.store.clone());
        let intake =
            Intake::new(town.store.clone(), Arc::clone(&routing), geocoder, stream.committed());
        intake.ensure_months(Utc::now()).await.unwrap();
        Self { town, routing, stream, intake }
    }

    async fn tell(&self, key: &str, report: Report) -> Result<Reported> {
        let told = Told { key: key.to_owned(), report };
        self.intake.report(self.town.api_key, told, Utc::now()).await
    }

    async fn told(&self, key: &str, report: Report) -> Incident {
        self.tell(key, report).await.unwrap().incident
    }
}

fn report(location: Option<(f64, f64)>, address: Option<&str>) -> Report {
    Report {
        channel: Channel::Hotline,
        category: "0203".to_owned(),
        description: "井盖不见了".to_owned(),
        location: location.map(|(lng, lat)| GivenPoint { lng, lat, crs: Crs::Wgs84 }),
        address: address.map(str::to_owned),
        source_id: None,
        reported_at: None,
    }
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap()
}

#[test]
fn fifty_reports_at_once_are_fifty_incidents_and_fifty_events_in_order() {
    runtime().block_on(async {
        let desk = Arc::new(Desk::open().await);
        let mut live = desk.stream.subscribe(None, Scope::whole()).await.unwrap();
        let relay = tokio::spawn(Arc::clone(&desk.stream).run());
        // 25 keys, each told twice at the same time.
        let tasks = (0..50).map(|n| {
            let desk = Arc::clone(&desk);
            tokio::spawn(async move {
                desk.tell(&format!("key-{}", n / 2), report(Some((103.805, 36.055)), None)).await
            })
        });
        let answers = futures::future::join_all(tasks).await;
        let answers: Vec<Reported> = answers.into_iter().map(|one| one.unwrap().unwrap()).collect();
        for pair in answers.chunks(2) {
            assert_eq!(pair[0].incident, pair[1].incident, "the same key gets the same answer");
            assert_ne!(pair[0].replayed, pair[1].replayed, "one of them was the first");
        }
        assert_eq!(desk.town.count("select count(*) from incident").await, 25);
        assert_eq!(desk.town.count("select count(*) from idempotency_key").await, 25);
        assert_eq!(
            desk.town
                .count("select open_cases::bigint from grid_worker_load where grid_worker_id = 1")
                .await,
            25
        );
        assert_eq!(desk.town.count("select count(*) from clock_interval").await, 50);

        // The town's own borders, rosters and map came first.
        let mut map = next(&mut live).await;
        while map.topic != "gazetteer" {
            map = next(&mut live).await;
        }
        let mut seen = HashSet::new();
        let mut last = map.seq;
        for _ in 0..25 {
            let event = next(&mut live).await;
            assert!(last < event.seq, "{last} then {}", event.seq);
            last = event.seq;
            let told: serde_json::Value = serde_json::from_str(&event.payload).unwrap();
            assert_eq!(told["seq"], last);
            assert_eq!(told["place"], "酒泉路街道 · 张掖路社区");
            assert!(
                !event.payload.contains("井盖不见了"),
                "walls are told no words of the reporter"
            );
            seen.insert(told["id"].as_str().unwrap().to_owned());
        }
        let expected: HashSet<String> =
            answers.iter().map(|one| one.incident.incident_id.to_string()).collect();
        assert_eq!(seen, expected);
        assert_eq!(desk.town.count("select count(*) from outbox").await, 0);

        // Who comes later, or from elsewhere in the city, sees the same in the same order.
        let mut late =
            desk.stream.subscribe(Some(map.seq), Scope::area("620102001")).await.unwrap();
        for _ in 0..25 {
            next(&mut late).await;
        }
        assert_eq!(late.seen(), last);
        relay.abort();
    });
}

async fn next(
    subscription: &mut crate::jobs::relay::Subscription,
) -> Arc<crate::store::StreamEvent> {
    tokio::time::timeout(Duration::from_secs(10), subscription.next())
        .await
        .expect("an event within ten seconds")
        .unwrap()
}

#[test]
fn every_way_to_be_located_finds_its_holder_and_says_why() {
    runtime().block_on(async {
        let desk = Desk::open().await;

        let inside = desk.told("a", report(Some((103.805, 36.055)), None)).await;
        assert_eq!(inside.holder.id, HolderId::GridWorker(GridWorkerId(1)));
        assert!(
            inside
                .holder
                .reason
                .starts_with("primary worker of grid 620102001001001, on shift until")
        );
        assert_eq!((inside.state, inside.level), (State::Dispatched, WorkLevel::Grid));
        assert_eq!(inside.due_at - inside.reported_at, TimeDelta::minutes(120));
        assert_eq!(inside.district.as_ref().unwrap().name, "城关区");

        // A phone's map gives GCJ-02: the same place is some 500 m away in numbers.
        let mut gcj = report(Some((103.806_763, 36.053_733)), None);
        gcj.location.as_mut().unwrap().crs = Crs::Gcj02;
        let shifted = desk.told("b", gcj).await;
        let [lng, lat] = shifted.location.unwrap();
        assert!((lng - 103.806_763).abs() > 1e-3 && (lat - 36.053_733).abs() > 1e-4, "{lng} {lat}");

        let by_address = desk.told("c", report(None, Some("甘肃省兰州市城关区 张掖路１号"))).await;
        assert_eq!(by_address.located_by, LocatedBy::Address);
        assert_eq!(by_address.address.as_ref().unwrap().full_text, "城关区张掖路1号");
        assert_eq!(by_address.grid.as_ref().unwrap().code, "620102001001001");

        let off_duty = desk.told("d", report(None, Some("城关区庆阳路2号"))).await;
        // The three of the grid beside it set out from the same place; the one with the least to do goes.
        assert_eq!(off_duty.holder.id, HolderId::GridWorker(GridWorkerId(2)));
        let (near, why) = off_duty.holder.reason.split_once(": ").unwrap();
        assert!(near.starts_with("nearest worker on shift, 910 m away"), "{near}");
        assert_eq!(why, "nobody of grid 620102001001002 is on shift");

        let unknown = desk.told("e", report(None, Some("火星路9号"))).await;
        assert_eq!((unknown.located_by, unknown.state), (LocatedBy::None, State::Received));
        assert_eq!((unknown.holder.name.as_str(), unknown.level), ("兰州市中心", WorkLevel::City));

        let near = desk.told("f", report(Some((103.822, 36.055)), None)).await;
        assert_eq!((near.holder.name.as_str(), near.grid.as_ref()), ("张掖路中心", None));
        assert!(
            near.holder.reason.contains("m outside the nearest grid, 620102001001002"),
            "{}",
            near.holder.reason
        );
        let far = desk.told("g", report(Some((103.9, 36.055)), None)).await;
        assert_eq!((far.holder.name.as_str(), far.state), ("兰州市中心", State::Received));

        let torn = desk.told("h", report(Some((103.805, 36.055)), Some("城关区庆阳路2号"))).await;
        assert_eq!(torn.grid.as_ref().unwrap().code, "620102001001001");
        assert!(
            torn.holder.reason.contains("the address lies in grid 620102001001002"),
            "{}",
            torn.holder.reason
        );
        assert_eq!(torn.address, None);

        for incident in [inside, by_address, off_duty, unknown, near, far, torn] {
            let read =
                desk.town.store.incident_view(incident.incident_id, &Scope::whole()).await.unwrap();
            assert_eq!(read, incident, "what is read is what was answered");
            let log = desk.town.store.event_list(incident.incident_id).await.unwrap();
            assert_eq!(first_broken(&log), None);
            assert_eq!(log.len(), if incident.state == State::Received { 1 } else { 3 });
        }
        pages_and_scopes(&desk).await;
        wall(&desk).await;
    });
}

async fn pages_and_scopes(desk: &Desk) {
    let mut filter = IncidentFilter { limit: 3, ..IncidentFilter::default() };
    let mut ids = Vec::new();
    loop {
        let page = desk.town.store.incident_list(&filter, &Scope::whole()).await.unwrap();
        let Some(last) = page.last() else { break };
        filter.cursor = Some(IncidentCursor::after(last));
        ids.extend(page.iter().map(|incident| incident.incident_id));
    }
    assert_eq!(ids.len(), 8);
    assert!(ids.is_sorted_by(|a, b| a > b), "newest first, none twice: {ids:?}");

    let here = Scope::area("620102001001");
    let all = IncidentFilter { limit: 100, ..IncidentFilter::default() };
    assert_eq!(desk.town.store.incident_list(&all, &here).await.unwrap().len(), 6);
    let elsewhere = Scope::area("620103");
    assert!(desk.town.store.incident_list(&all, &elsewhere).await.unwrap().is_empty());
    let hidden = desk.town.store.incident_view(ids[0], &elsewhere).await.unwrap_err();
    assert!(matches!(hidden, DataError::NotFound { .. }));
    let every_filter = IncidentFilter {
        states: vec![State::Dispatched],
        channel: Some(Channel::Hotline),
        category: Some("02".to_owned()),
        district: Some("620102".to_owned()),
        township: Some("620102001".to_owned()),
        community: Some("620102001001".to_owned()),
        grid: Some("620102001001001".to_owned()),
        reported_after: Some(Utc::now() - TimeDelta::hours(1)),
        reported_before: Some(Utc::now() + TimeDelta::hours(1)),
        cursor: None,
        limit: 100,
    };
    assert_eq!(desk.town.store.incident_list(&every_filter, &here).await.unwrap().len(), 4);
}

async fn wall(desk: &Desk) {
    let stats = || async {
        crate::actions::wall::wall_stats(
            &desk.town.store,
            &desk.routing,
            &Scope::whole(),
            Utc::now(),
        )
        .await
        .unwrap()
    };
    // No relay runs here: all eight are still in the outbox and belong to the stream's future.
    let before = stats().await;
    assert_eq!((before.counts.seq, before.counts.open, before.counts.received), (0, 0, 0));
    while desk.town.store.outbox_move(3).await.unwrap() != Some(0) {}
    let mut dispute = report(Some((103.805, 36.055)), None);
    dispute.category = "0501".to_owned();
    desk.told("i", dispute).await;
    while desk.town.store.outbox_move(3).await.unwrap() != Some(0) {}
    let after = stats().await;
    let counts = after.counts;
    assert_eq!((counts.open, counts.received, counts.closed, counts.overdue), (9, 9, 0, 0));
    assert_eq!(counts.seq, desk.town.store.stream_head().await.unwrap());
    assert_eq!(counts.open_by_division["620102"], 7);
    assert_eq!(counts.by_level["grid"], 6);
    assert_eq!(counts.hourly.iter().sum::<i64>(), 9);
    assert_eq!(counts.open_points.len(), 7, "neither what has no place nor a dispute is a point");
    assert_eq!(counts.recent.len(), 8, "a dispute is only counted");
    assert_eq!((after.workers_on_duty, after.grids, after.people), (3, 3, 900));
}

#[test]
fn a_batch_keeps_its_good_reports_and_a_changed_city_is_noticed_at_once() {
    runtime().block_on(async {
        let desk = Desk::open().await;
        let told = |key: &str, report| Told { key: key.to_owned(), report };
        let good = || report(Some((103.805, 36.055)), None);
        let mut unknown = good();
        unknown.category = "9999".to_owned();
        unknown.description = " ".to_owned();
        let mut old = good();
        old.reported_at = Some(Utc::now() - TimeDelta::days(400));
        let mut early = good();
        early.reported_at = Some(Utc::now() + TimeDelta::minutes(10));
        let mut other = good();
        other.description = "别的事".to_owned();
        let batch = vec![
            told("a", good()),
            told("b", unknown),
            told("c", report(None, None)),
            told("d", old),
            told("e", early),
            told("f", report(Some((f64::NAN, 36.0)), None)),
            told("a", good()),
            told("a", other.clone()),
            told("g", good()),
        ];
        let answers =
            desk.intake.report_batch(desk.town.api_key, batch.clone(), Utc::now()).await.unwrap();
        let pointers = |at: usize| match &answers[at] {
            Err(DataError::Invalid(faults)) => {
                faults.iter().map(|fault| fault.pointer.as_str()).collect::<Vec<_>>().join(" ")
            }
            other => format!("{other:?}"),
        };
        assert_eq!(pointers(1), "/description /category");
        assert_eq!(pointers(2), "");
        assert_eq!(pointers(3), "/reported_at");
        assert_eq!(pointers(4), "/reported_at");
        assert_eq!(pointers(5), "/location");
        assert!(matches!(&answers[6], Ok(Reported { replayed: true, .. })));
        assert!(matches!(&answers[7], Err(DataError::KeyReused { .. })));
        assert_eq!(desk.town.count("select count(*) from incident").await, 2);

        let again = desk.intake.report_batch(desk.town.api_key, batch, Utc::now()).await.unwrap();
        assert!(matches!(&again[0], Ok(Reported { replayed: true, .. })));
        assert_eq!(again[0].as_ref().unwrap().incident, answers[0].as_ref().unwrap().incident);
        assert_eq!(desk.town.count("select count(*) from incident").await, 2);
        let reused = desk.tell("a", other).await.unwrap_err();
        assert!(matches!(reused, DataError::KeyReused { .. }));
        the_border_moves(&desk).await;
    });
}

/// Nobody tells this process that the border moved; the next report asks with the version it finds.
async fn the_border_moves(desk: &Desk) {
    let good = || report(Some((103.805, 36.055)), None);
    desk.town
        .execute(
            "update grid set valid = '[1,2)' where code in ('620102001001001', '620102001001002');
             insert into boundary_version (effective_at, published_by) values (now(), 'test');
             insert into grid (code, community_code, name, area_m2, geom, label, valid)
             values ('620102001001003', '620102001001', '合并', 1,
                     st_multi(st_makeenvelope(103.80, 36.05, 103.82, 36.06, 4326)),
                     st_setsrid(st_makepoint(103.805, 36.055), 4326), '[2,)')",
        )
        .await;
    let moved = desk.told("h", good()).await;
    assert_eq!(moved.grid.as_ref().unwrap().code, "620102001001003");
    assert_eq!(moved.boundary_version.0, 2);
    assert_eq!(
        moved.holder.reason,
        "community desk: grid 620102001001003 has nobody on its roster, nobody on shift is within 3 km"
    );
    let mut earlier = good();
    earlier.reported_at = Some(Utc::now() - TimeDelta::days(30));
    let then = desk.told("i", earlier).await;
    assert_eq!((then.boundary_version.0, then.grid.unwrap().code.as_str()), (1, "620102001001001"));
    let as_it_was = desk.town.store.incident_view(then.incident_id, &Scope::whole()).await.unwrap();
    assert_eq!(as_it_was.community.unwrap().name, "张掖路社区");
}

#[test]
fn a_key_works_until_it_is_revoked_and_sees_its_area() {
    runtime().block_on(async {
        let town = TestTown::build().await;
        let key = town.store.api_key_create("desk", "620102001", false).await.unwrap();
        assert_eq!(key.text.len(), 3 + 8 + 1 + 64);
        let principal = town.store.api_key_verify(&key.text).await.unwrap().unwrap();
        assert_eq!((principal.api_key, principal.may_write), (key.id, false));
        assert_eq!(principal.scope, Scope::area("620102001"));
        let city = town.store.api_key_create("city", "6201", true).await.unwrap();
        let principal = town.store.api_key_verify(&city.text).await.unwrap().unwrap();
        assert_eq!(principal.scope, Scope::whole());
        let mut wrong = key.text.clone();
        wrong.pop();
        wrong.push(if key.text.ends_with('0') { '1' } else { '0' });
        assert_eq!(town.store.api_key_verify(&wrong).await.unwrap(), None);
        assert_eq!(town.store.api_key_revoke("desk").await.unwrap(), 1);
        assert_eq!(town.store.api_key_verify(&key.text).await.unwrap(), None);
        assert!(town.store.api_key_revoke("desk").await.is_err());
        let known = town.store.api_key_ensure("demo", true, "wg_demo_key").await.unwrap();
        assert_eq!(town.store.api_key_ensure("demo", true, "wg_demo_key").await.unwrap(), known);
        assert_eq!(town.store.api_key_list().await.unwrap().len(), 4);
    });
}
