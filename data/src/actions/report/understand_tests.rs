//! Reports with an address and no coordinate: what is understood gets a place, what is not gets a question.

use chrono::Utc;
use spatial::crs::Crs;

use super::*;
use crate::domain::incident::{Channel, GivenPoint, HolderId, LocatedBy, WorkLevel};
use crate::domain::lifecycle::State;
use crate::store::Scope;
use crate::test_town::TestTown;

/// Two roads, each with houses in both grids; 锦绣家园 stands in the first, 锦绣花园 in the second.
const MORE: &str = "
    insert into address (full_text, district, township, community, road, house_no, unit, room, geom)
    select '城关区庆阳路' || n || '号1单元' || r || '室', '城关区', '酒泉路街道', '张掖路社区', '庆阳路', n || '号', '1单元', r || '室',
           st_setsrid(st_makepoint(103.8001 + n * 0.001, 36.0551), 4326)
    from generate_series(1, 15) n, unnest(array[101, 201]) r;
    insert into address (full_text, district, township, community, compound, building_no, unit, room, geom)
    select '城关区' || c || n || '号楼1单元101室', '城关区', '酒泉路街道', '张掖路社区', c, n || '号楼', '1单元', '101室',
           st_setsrid(st_makepoint(x + n * 0.0001, 36.0581), 4326)
    from (values ('锦绣家园', 103.803), ('锦绣花园', 103.813)) as t (c, x), generate_series(1, 4) n;
";

struct Desk {
    town: TestTown,
    intake: Intake,
}

impl Desk {
    async fn open() -> Self {
        let town = TestTown::build().await;
        town.execute(MORE).await;
        let routing = Routing::start(town.store.clone()).await.unwrap();
        let geocoder = Geocoder::empty(town.store.clone());
        geocoder.refresh().await.unwrap();
        let intake = Intake::new(town.store.clone(), routing, geocoder, Arc::default());
        intake.ensure_months(Utc::now()).await.unwrap();
        Self { town, intake }
    }

    async fn told(&self, location: Option<(f64, f64)>, address: &str) -> Incident {
        let report = Report {
            channel: Channel::Hotline,
            category: "0203".to_owned(),
            description: "井盖不见了".to_owned(),
            location: location.map(|(lng, lat)| GivenPoint { lng, lat, crs: Crs::Wgs84 }),
            address: Some(address.to_owned()),
            source_id: None,
            reported_at: None,
        };
        let told = Told { key: address.to_owned(), report };
        let told = self.intake.report(self.town.api_key, told, Utc::now()).await.unwrap().incident;
        // What is read later is what was answered.
        let read = self.town.store.incident_view(told.incident_id, &Scope::whole()).await.unwrap();
        assert_eq!(read, told);
        told
    }
}

#[tokio::test]
async fn an_address_with_a_wrong_letter_gets_its_place_and_worker_and_says_how_it_was_understood() {
    let desk = Desk::open().await;
    let incident = desk.told(None, "城关区轻阳路三号1单元201，井盖没了").await;
    assert_eq!(incident.located_by, LocatedBy::Address);
    assert_eq!(incident.address.as_ref().unwrap().full_text, "城关区庆阳路3号1单元201室");
    assert_eq!(incident.grid.as_ref().unwrap().code, "620102001001001");
    assert_eq!(incident.holder.id, HolderId::GridWorker(GridWorkerId(1)));
    assert_eq!(incident.state, State::Dispatched);
    let found = incident.address_match.unwrap();
    assert_eq!((found.verdict.as_str(), found.level.as_deref()), ("accepted", Some("room")));
    assert!(found.confidence.unwrap() > 0.9 && found.conflict.is_none(), "{found:?}");
}

#[tokio::test]
async fn where_the_room_is_not_certain_but_the_grid_is_the_worker_of_the_grid_gets_it() {
    let desk = Desk::open().await;
    let incident = desk.told(None, "庆阳路3号909室").await;
    assert_eq!(incident.located_by, LocatedBy::Address, "{:?}", incident.address_match);
    assert_eq!(incident.address, None, "no such room is known");
    assert_eq!(incident.grid.as_ref().unwrap().code, "620102001001001");
    assert_eq!(incident.holder.id, HolderId::GridWorker(GridWorkerId(1)));
    assert!(
        incident.holder.reason.contains("the address is not certain"),
        "{}",
        incident.holder.reason
    );
    let found = incident.address_match.unwrap();
    assert_ne!(found.verdict, "accepted");
    assert_eq!(found.level.as_deref(), Some("building"), "{found:?}");
}

#[tokio::test]
async fn what_fits_two_places_goes_to_the_desk_that_is_sure_with_the_question_as_reason() {
    let desk = Desk::open().await;
    let incident = desk.told(None, "锦绣2号楼1单元101室").await;
    assert_eq!(incident.located_by, LocatedBy::None);
    assert_eq!((incident.location, incident.grid.as_ref()), (None, None));
    assert_eq!(incident.level, WorkLevel::Community, "both lie in one community");
    assert_eq!(incident.community.as_ref().unwrap().code, "620102001001");
    let reason = &incident.holder.reason;
    assert!(reason.contains("锦绣家园") && reason.contains("锦绣花园"), "{reason}");
    assert!(incident.address_match.unwrap().question.unwrap().contains("哪个小区"));
    let nonsense = desk.told(None, "河边那个地方门口").await;
    assert_eq!((nonsense.located_by, nonsense.level), (LocatedBy::None, WorkLevel::City));
    assert!(nonsense.holder.reason.contains("not known"), "{}", nonsense.holder.reason);
}

#[tokio::test]
async fn a_coordinate_decides_and_an_address_elsewhere_is_kept_as_a_conflict() {
    let desk = Desk::open().await;
    let incident = desk.told(Some((103.805, 36.055)), "庆阳路十五号1单元101").await;
    assert_eq!(incident.located_by, LocatedBy::Coordinate);
    assert_eq!(incident.grid.as_ref().unwrap().code, "620102001001001");
    assert_eq!(incident.address, None);
    assert!(
        incident.holder.reason.contains("in grid 620102001001002"),
        "{}",
        incident.holder.reason
    );
    let conflict = incident.address_match.unwrap().conflict.unwrap();
    assert!((900.0..1000.0).contains(&conflict.apart_m), "{conflict:?}");
    assert_eq!(conflict.likely_crs, None, "no system explains a kilometre");
    // Near the border of two grids, GCJ-02 that is called WGS 84 leads into the other one.
    let truth = spatial::crs::LngLat::new(103.8091, 36.0551).unwrap();
    let (lng, lat) = Crs::Gcj02.from_wgs84(truth).unwrap();
    let shifted = desk.told(Some((lng, lat)), "庆阳路九号1单元101").await;
    assert_eq!(shifted.grid.as_ref().unwrap().code, "620102001001002");
    let conflict = shifted.address_match.unwrap().conflict.unwrap();
    assert_eq!(conflict.likely_crs.as_deref(), Some("gcj02"), "{conflict:?}");
    let agreeing = desk.told(Some((103.8031, 36.0551)), "庆阳路三号1单元101").await;
    assert_eq!(agreeing.address.unwrap().full_text, "城关区庆阳路3号1单元101室");
    assert_eq!(agreeing.address_match.unwrap().conflict, None);
}
