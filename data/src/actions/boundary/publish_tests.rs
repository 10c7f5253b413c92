//! Publications against a real database.

use chrono::{TimeDelta, Utc};
use serde_json::json;

use super::edits::{self, GivenEdit};
use super::publish::{Publication, publish};
use super::reroute::reroute;
use super::settle::settle;
use crate::DataError;
use crate::actions::report::{Intake, Told};
use crate::domain::boundary::{Edits, Published};
use crate::domain::event::first_broken;
use crate::domain::id::{BoundaryVersionId, GridWorkerId};
use crate::domain::incident::{Channel, GivenPoint, HolderId, Incident, Report};
use crate::domain::lifecycle::Action;
use crate::routing::{Routing, Spot};
use crate::store::Scope;
use crate::test_town::TestTown;

const WEST: &str = "620102001001001";
const EAST: &str = "620102001001002";

fn rectangle(west: f64, east: f64) -> String {
    let ring = [[west, 36.05], [east, 36.05], [east, 36.06], [west, 36.06], [west, 36.05]];
    json!({"type": "Polygon", "coordinates": [ring]}).to_string()
}

fn given(code: &str, geometry: String) -> GivenEdit {
    GivenEdit { code: code.to_owned(), geometry, ..GivenEdit::default() }
}

/// The border between the two grids of the town runs along this meridian.
fn border_at(lng: f64) -> Publication {
    let grids = [given(WEST, rectangle(103.80, lng)), given(EAST, rectangle(lng, 103.82))];
    let changed = (0..).zip(grids).map(|(at, given)| edits::read(at, given).unwrap()).collect();
    Publication {
        edits: Edits { changed, ended: Vec::new() },
        by: "test".to_owned(),
        ..Publication::default()
    }
}

async fn published(town: &TestTown, publication: Publication) -> Published {
    publish(&town.store, publication, Utc::now()).await.unwrap()
}

async fn tell(town: &TestTown, key: &str, lng: f64) -> Incident {
    let routing = Routing::start(town.store.clone()).await.unwrap();
    let geocoder = crate::geocode::Geocoder::empty(town.store.clone());
    let intake = Intake::new(town.store.clone(), routing, geocoder, std::sync::Arc::default());
    let now = Utc::now();
    intake.ensure_months(now).await.unwrap();
    let report = Report {
        channel: Channel::Hotline,
        category: "0203".to_owned(),
        description: "井盖不见了".to_owned(),
        location: Some(GivenPoint { lng, lat: 36.055, crs: spatial::crs::Crs::Wgs84 }),
        address: None,
        source_id: None,
        reported_at: None,
    };
    let told = Told { key: key.to_owned(), report };
    intake.report(town.api_key, told, now).await.unwrap().incident
}

fn code_at(borders: &crate::routing::Borders, lng: f64) -> String {
    let point = spatial::lattice::LatticePoint::new((lng * 1e7).round() as i32, 360_550_000);
    match borders.locate(point) {
        Spot::Inside { grid, .. } => grid.code.clone(),
        Spot::Outside { .. } => "outside".to_owned(),
    }
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap()
}

#[test]
fn a_moved_border_is_in_force_at_once_and_takes_its_addresses_along() {
    runtime().block_on(async {
        let town = TestTown::build().await;
        town.execute("update address set grid_id = g.grid_id from grid g where g.kind = 'basic' and st_intersects(g.geom, address.geom)").await;
        let routing = Routing::start(town.store.clone()).await.unwrap();
        let before = routing.now().await.unwrap();

        let mut dry = border_at(103.804);
        dry.dry_run = true;
        let would = published(&town, dry).await;
        assert_eq!((would.boundary_version, would.grids.len()), (None, 2));
        assert_eq!(town.count("select count(*) from boundary_version").await, 1);

        let done = published(&town, border_at(103.804)).await;
        assert_eq!(done.boundary_version, Some(BoundaryVersionId(2)));
        assert_eq!(done.rehoused, 2, "both grids are new shapes, so both addresses have new grids");
        // The border ends on the rim of all four of them, which got the corner.
        assert_eq!(done.divisions, ["620102001001", "620102001", "620102", "6201"]);
        assert!(done.map_version.is_some());
        // 103.8051 lay in the western grid and lies in the eastern one now.
        assert_eq!(
            town.count(
                "select count(*) from address a
                 join grid g using (grid_id)
                 where g.code = '620102001001002' and g.valid @> 2"
            )
            .await,
            2
        );
        assert_eq!(town.count("select boundary_version_id::bigint from tile_version").await, 2);

        routing.reload().await.unwrap();
        let now = routing.now().await.unwrap();
        assert_eq!((now.boundary_version().0, code_at(&now.borders, 103.805).as_str()), (2, EAST));
        // Answers that were begun keep the borders they began with, and both versions can be asked for.
        assert_eq!(code_at(&before.borders, 103.805), WEST);
        let then = routing.at(done.effective_at.unwrap() - TimeDelta::microseconds(1)).await.unwrap();
        assert_eq!((then.boundary_version().0, code_at(&then.borders, 103.805).as_str()), (1, WEST));
        // The version made from the one before is the version read as a whole.
        let whole = Routing::start(town.store.clone()).await.unwrap().now().await.unwrap();
        assert_eq!(whole.borders.grids(), now.borders.grids());
    });
}

#[test]
fn a_publication_with_a_fault_or_from_an_old_version_or_beyond_its_area_writes_nothing() {
    runtime().block_on(async {
        let town = TestTown::build().await;
        let faults =
            async |publication: Publication| match publish(&town.store, publication, Utc::now())
                .await
                .unwrap_err()
            {
                DataError::Invalid(faults) => faults,
                other => panic!("{other}"),
            };
        let mut gap = border_at(103.811);
        gap.edits.changed[0] = edits::read(0, given(WEST, rectangle(103.80, 103.8105))).unwrap();
        let told = faults(gap).await;
        assert!(
            told[0].detail.contains("m² near 103.81")
                && told[0].detail.contains("no grid any more"),
            "{told:?}"
        );

        let mut elsewhere = border_at(103.811);
        elsewhere.scope = Scope::area("620103");
        assert_eq!(faults(elsewhere).await.len(), 2);
        let mut here = border_at(103.811);
        here.scope = Scope::area("620102001");
        here.dry_run = true;
        assert_eq!(published(&town, here).await.grids.len(), 2);

        let mut too_early = border_at(103.811);
        too_early.effective_at = Some("2019-01-01T00:00:00Z".parse().unwrap());
        assert_eq!(faults(too_early).await[0].pointer, "/effective_at");

        let mut stale = border_at(103.811);
        stale.base = Some(BoundaryVersionId(7));
        let stale = publish(&town.store, stale, Utc::now()).await.unwrap_err();
        assert!(matches!(stale, DataError::Stale { given: 7, newest: 1, .. }), "{stale}");
        assert_eq!(town.count("select count(*) from boundary_version").await, 1);
        assert_eq!(town.count("select count(*) from grid").await, 3);

        let bad = |geometry: &str| edits::read(3, given(WEST, geometry.to_owned())).unwrap_err();
        for geometry in [
            "",
            "null",
            "{}",
            r#"{"type":"Point","coordinates":[1,2]}"#,
            r#"{"type":"Polygon","coordinates":[[[500,0],[1,1],[2,0],[500,0]]]}"#,
        ] {
            assert_eq!(bad(geometry)[0].pointer, "/grids/3/geometry", "{geometry}");
        }
    });
}

#[test]
fn a_correction_for_the_past_gives_cases_the_grid_of_their_time_and_leaves_their_holder() {
    runtime().block_on(async {
        let town = TestTown::build().await;
        let case = tell(&town, "a", 103.805).await;
        let beside = tell(&town, "b", 103.815).await;
        assert_eq!(case.grid.as_ref().unwrap().code, WEST);
        let mut correction = border_at(103.804);
        correction.effective_at = Some(case.reported_at - TimeDelta::hours(1));
        let done = published(&town, correction).await;
        assert_eq!(done.effective_at, Some(case.reported_at - TimeDelta::hours(1)));
        assert_eq!(done.relocated, 2);

        let read = town.store.incident_view(case.incident_id, &Scope::whole()).await.unwrap();
        assert_eq!(read.grid.as_ref().unwrap().code, EAST);
        assert_eq!((read.boundary_version.0, read.row_version), (2, 2));
        assert_eq!(read.holder, case.holder);
        assert_eq!(read.state, case.state);
        let log = town.store.event_list(case.incident_id).await.unwrap();
        assert_eq!(first_broken(&log), None);
        assert_eq!(log.last().map(|(event, _)| event.action), Some(Action::Relocate));
        let beside = town.store.incident_view(beside.incident_id, &Scope::whole()).await.unwrap();
        assert_eq!(beside.grid.unwrap().code, EAST);
        // Told again with the same key, the answer is the one that was given.
        assert_eq!(tell(&town, "a", 103.805).await, case);
    });
}

#[test]
fn borders_published_for_later_come_into_force_by_themselves() {
    runtime().block_on(async {
        let town = TestTown::build().await;
        town.execute("update address set grid_id = g.grid_id from grid g where g.kind = 'basic' and st_intersects(g.geom, address.geom); select refresh_tile_tables()").await;
        let mut later = border_at(103.804);
        later.effective_at = Some(Utc::now() + TimeDelta::seconds(3));
        let done = published(&town, later).await;
        assert_eq!((done.rehoused, done.map_version), (0, None));
        assert_eq!(settle(&town.store).await.unwrap(), None, "it is not yet time");
        let too_soon = publish(&town.store, border_at(103.806), Utc::now()).await.unwrap_err();
        assert!(matches!(&too_soon, DataError::Invalid(faults) if faults[0].pointer == "/effective_at"), "{too_soon}");

        let stream = crate::jobs::relay::Stream::open(town.store.clone()).await.unwrap();
        let relay = tokio::spawn(std::sync::Arc::clone(&stream).run());
        let job = tokio::spawn(crate::jobs::force::come_into_force(town.store.clone(), stream));
        let drawn = "select boundary_version_id::bigint from tile_version";
        let begun = std::time::Instant::now();
        while town.count(drawn).await != 2 {
            assert!(begun.elapsed().as_secs() < 20, "it has not come into force");
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        assert!(done.effective_at.unwrap() <= Utc::now() + TimeDelta::milliseconds(50));
        assert_eq!(town.count("select count(*) from address a join grid g using (grid_id) where g.valid @> 2").await, 2);
        relay.abort();
        job.abort();
    });
}

#[test]
fn after_a_publication_cases_nobody_works_on_go_to_whoever_is_responsible_now() {
    runtime().block_on(async {
        let town = TestTown::build().await;
        // The eastern grid has a worker of its own on shift.
        town.execute(
            "insert into shift (grid_worker_id, iso_weekday, starts_at, ends_at)
             select 4, d, '00:00', '00:00' from generate_series(1, 7) d;
             insert into roster_version (reason) values ('test')",
        )
        .await;
        let moves = tell(&town, "moves", 103.805).await;
        let stays = tell(&town, "stays", 103.802).await;
        let begun = tell(&town, "begun", 103.806).await;
        town.execute(&format!("update incident set state = 'handling' where incident_id = {}", begun.incident_id)).await;
        published(&town, border_at(103.804)).await;

        let routing = Routing::start(town.store.clone()).await.unwrap();
        let act = async || reroute(&town.store, &routing, &Scope::whole(), "api_key:1", Utc::now()).await.unwrap();
        let done = act().await;
        assert_eq!((done.moved.as_slice(), done.kept, done.more), ([moves.incident_id].as_slice(), 1, false));
        let again = act().await;
        assert_eq!((again.moved.len(), again.kept), (0, 0), "once is enough");

        let read = town.store.incident_view(moves.incident_id, &Scope::whole()).await.unwrap();
        assert_eq!(read.holder.id, HolderId::GridWorker(GridWorkerId(4)));
        assert!(read.holder.reason.starts_with("primary worker of grid 620102001001002"), "{}", read.holder.reason);
        assert_eq!((read.grid, read.boundary_version), (moves.grid.clone(), moves.boundary_version));
        let log = town.store.event_list(moves.incident_id).await.unwrap();
        assert_eq!(first_broken(&log), None);
        let (last, _) = log.last().unwrap();
        assert_eq!((last.action, last.actor.as_str()), (Action::Reroute, "api_key:1"));
        assert!(last.reason.starts_with("by boundary version 2 and roster version 2: primary"), "{}", last.reason);
        let unchanged = town.store.incident_view(stays.incident_id, &Scope::whole()).await.unwrap();
        assert_eq!(unchanged, stays);
        // One clock of each kind runs, for the new holder; the loads of both are right.
        assert_eq!(
            town.count(&format!(
                "select count(*) from clock_interval
                 where incident_id = {} and stopped_at is null and (holder_kind, holder_id) = ('grid_worker', 4)",
                moves.incident_id
            ))
            .await,
            2
        );
        assert_eq!(
            town.count(
                "select count(*) from grid_worker_load l
                 where open_cases <> (
                     select count(*) from incident i
                     where i.holder_kind = 'grid_worker' and i.holder_id = l.grid_worker_id and i.closed_at is null
                 )"
            )
            .await,
            0
        );
        assert_eq!(town.count("select count(*) from outbox where payload ->> 'action' = 'reroute'").await, 1);
    });
}
