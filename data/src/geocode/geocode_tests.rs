//! The gazetteer of a town small enough to know by heart, on a database.

use std::sync::Arc;

use chrono::Utc;

use super::{Geocoder, Keep, build};
use crate::actions::geocode::{Asked, Geocoded, Query, geocode};
use crate::error::DataError;
use crate::jobs::relay::Stream;
use crate::progress::Progress;
use crate::routing::Routing;
use crate::test_town::TestTown;

const MORE: &str = "
    insert into building (building_id, geom, grid_id)
    select n, st_makeenvelope(103.8 + n * 0.001, 36.0550, 103.8002 + n * 0.001, 36.0552, 4326), 1
    from generate_series(1, 15) n;
    insert into address (full_text, district, township, community, road, house_no, building_no, unit, room, building_id, geom)
    select '庆阳路' || n || '号' || r || '室', '城关区', '酒泉路街道', '张掖路社区', '庆阳路', n || '号', '', '1单元', r || '室', n,
           st_setsrid(st_makepoint(103.8001 + n * 0.001, 36.0551), 4326)
    from generate_series(1, 15) n, unnest(array[101, 201]) r;
    insert into poi (name, kind, building_id, geom) values
        ('金城便民超市', 'shop', 3, st_setsrid(st_makepoint(103.8031, 36.0551), 4326));
    insert into road (name, class, geom) values
        ('庆阳路', 'arterial', st_geomfromtext('linestring(103.8 36.0549, 103.82 36.0549)', 4326)),
        ('酒泉路', 'arterial', st_geomfromtext('linestring(103.805 36.05, 103.805 36.06)', 4326));
";

fn query(text: &str) -> Query {
    Query { asked: Asked::Text(text.to_owned()), area: None, limit: 5, text_crs: None }
}

async fn asked(geocoder: &Geocoder, routing: &Routing, text: &str) -> Geocoded {
    geocode(&geocoder.now().unwrap(), &routing.now().await.unwrap(), &query(text))
}

#[tokio::test]
async fn the_gazetteer_holds_what_the_database_holds_and_is_kept_for_the_next_start() {
    let town = TestTown::build().await;
    town.execute(MORE).await;
    let folder = tempfile::tempdir().unwrap();
    let routing = Routing::start(town.store.clone()).await.unwrap();
    let cache = Some(folder.path().to_path_buf());
    let first = Geocoder::start(town.store.clone(), cache.clone()).await.unwrap();
    assert!(matches!(first.now(), Err(DataError::NotReady { .. })), "there is nothing to map yet");
    assert!(first.refresh().await.unwrap());
    assert!(!first.refresh().await.unwrap(), "it is built once");

    let found = asked(&first, &routing, "兰州市城关区轻阳路十二号201室，楼道灯坏了").await;
    let best = found.accepted().expect("an address with one homophone");
    assert_eq!(
        best.found.elements.label(),
        "甘肃省兰州市城关区酒泉路街道张掖路社区庆阳路12号1单元201室"
    );
    assert_eq!(best.grid.as_ref().unwrap().code, "620102001001002");
    assert_eq!(best.district.as_ref().unwrap().code, "620102");
    assert!(found.summary().contains("庆阳路12号"), "{}", found.summary());

    // The next start finds it there, with the same answers.
    let second = Geocoder::start(town.store.clone(), cache).await.unwrap();
    assert_eq!(second.now().unwrap().stamp(), first.now().unwrap().stamp());
    let again = asked(&second, &routing, "兰州市城关区轻阳路十二号201室，楼道灯坏了").await;
    assert_eq!(again, found);

    // A torn file is no gazetteer; it is built again.
    let file = std::fs::read_dir(folder.path()).unwrap().next().unwrap().unwrap().path();
    let bytes = std::fs::read(&file).unwrap();
    std::fs::write(folder.path().join("torn"), &bytes[..bytes.len() / 2]).unwrap();
    std::fs::rename(folder.path().join("torn"), &file).unwrap();
    let third =
        Geocoder::start(town.store.clone(), Some(folder.path().to_path_buf())).await.unwrap();
    assert!(third.now().is_err());
    assert!(third.refresh().await.unwrap());
    assert_eq!(
        asked(&third, &routing, "庆阳路12号201室").await.gazetteer_version,
        found.gazetteer_version
    );
}

#[tokio::test]
async fn a_new_address_is_found_once_the_stream_has_told_of_it() {
    let town = TestTown::build().await;
    town.execute(MORE).await;
    let routing = Routing::start(town.store.clone()).await.unwrap();
    let geocoder = Geocoder::start(town.store.clone(), None).await.unwrap();
    let stream = Stream::open(town.store.clone()).await.unwrap();
    let relay = tokio::spawn(Arc::clone(&stream).run());
    let following = tokio::spawn(geocoder.clone().follow(stream));
    let has = async |text: &str| {
        let begun = std::time::Instant::now();
        while begun.elapsed().as_secs() < 20 {
            if geocoder.now().is_ok() && asked(&geocoder, &routing, text).await.accepted().is_some()
            {
                return true;
            }
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
        false
    };
    assert!(has("庆阳路3号101室").await);
    let before = geocoder.now().unwrap();
    assert!(asked(&geocoder, &routing, "庆阳路99号101室").await.accepted().is_none());
    town.execute(
        "insert into address (full_text, district, road, house_no, unit, room, geom)
         values ('x', '城关区', '庆阳路', '99号', '1单元', '101室', st_setsrid(st_makepoint(103.8190, 36.0551), 4326))",
    )
    .await;
    assert!(has("庆阳路99号101室").await);
    let after = geocoder.now().unwrap();
    assert_eq!((before.changes(), after.changes()), (0, 1), "it lies over the snapshot");
    assert_eq!(after.version().0, before.version().0 + 1);
    assert_ne!(after.stamp(), before.stamp());
    // Another grid for the same addresses is no other gazetteer.
    town.execute("update address set grid_id = null").await;
    assert_eq!(town.store.gazetteer_state().await.unwrap().version, after.version());
    following.abort();
    relay.abort();
}

#[tokio::test]
async fn a_start_maps_the_snapshot_there_is_and_lays_over_it_what_has_changed_since() {
    let town = TestTown::build().await;
    town.execute(MORE).await;
    let folder = tempfile::tempdir().unwrap();
    let cache = || Some(folder.path().to_path_buf());
    let routing = Routing::start(town.store.clone()).await.unwrap();
    let first = Geocoder::start(town.store.clone(), cache()).await.unwrap();
    assert!(first.refresh().await.unwrap());
    let known = |text| asked(&first, &routing, text);
    let old = known("庆阳路12号201室").await.candidates[0].found.record.unwrap();
    // One is moved, one removed and entered anew, one renumbered, one new.
    town.execute(
        "update address set geom = st_setsrid(st_makepoint(103.8011, 36.0551), 4326)
         where road = '庆阳路' and house_no = '12号' and room = '201室';
         update address set house_no = '120号' where house_no = '11号';
         insert into address (full_text, district, township, community, road, house_no, unit, room, building_id, geom)
         select 'again', district, township, community, road, house_no, unit, room, building_id, geom from address where house_no = '10号' and room = '101室';
         delete from address where house_no = '10号' and room = '101室' and full_text <> 'again'",
    )
    .await;
    let again: i32 = sqlx::query_scalar("select address_id from address where full_text = 'again'")
        .fetch_one(&town.store.pool)
        .await
        .unwrap();
    let second = Geocoder::start(town.store.clone(), cache()).await.unwrap();
    let mapped = second.now().expect("the kept snapshot with what changed");
    assert_eq!(mapped.version(), town.store.gazetteer_state().await.unwrap().version);
    assert!(!second.refresh().await.unwrap(), "nothing needs to be built");
    let moved = asked(&second, &routing, "庆阳路12号201室").await;
    let first_of = |answer: &Geocoded| answer.candidates[0].clone();
    assert_eq!((first_of(&moved).found.record, moved.accepted().is_some()), (Some(old), true));
    assert_eq!(first_of(&moved).found.point.x, 1_038_011_000);
    assert_eq!(first_of(&moved).grid.unwrap().code, "620102001001001");
    let renewed = asked(&second, &routing, "庆阳路10号101室").await;
    assert_eq!(first_of(&renewed).found.record, Some(again as u32), "{renewed:?}");
    assert!(renewed.accepted().is_some(), "{renewed:?}");
    assert!(asked(&second, &routing, "庆阳路120号201室").await.accepted().is_some());
    assert!(asked(&second, &routing, "庆阳路11号201室").await.accepted().is_none());

    // More than a log is for: it is said so, and a snapshot is built.
    town.execute(
        "insert into address (full_text, district, road, house_no, geom)
         select '庆阳路' || n || '号', '城关区', '庆阳路', n || '号', st_setsrid(st_makepoint(103.801, 36.0551), 4326)
         from generate_series(2001, 3001) n",
    )
    .await;
    let left: i64 = sqlx::query_scalar("select count(*) from gazetteer_change")
        .fetch_one(&town.store.pool)
        .await
        .unwrap();
    assert_eq!(left, 0, "nobody can use the log before it");
    assert!(!second.catch_up().await.unwrap());
    assert!(second.refresh().await.unwrap());
    assert_eq!(second.now().unwrap().changes(), 0);
    assert!(asked(&second, &routing, "庆阳路2500号").await.accepted().is_some());
}

#[tokio::test]
async fn the_grid_is_that_of_the_asked_borders_and_its_chance_is_summed_over_candidates() {
    let town = TestTown::build().await;
    town.execute(MORE).await;
    let routing = Routing::start(town.store.clone()).await.unwrap();
    let (gazetteer, collected) =
        build(&town.store, Keep::Nowhere, &Progress::silent()).await.unwrap();
    assert_eq!((collected.addresses, collected.without_elements), (30, 2));
    assert_eq!((collected.places, collected.crossings, collected.divisions), (1, 1, 4));
    let view = routing.at(Utc::now()).await.unwrap();
    // Which of the two rooms is not said, but both are in one grid.
    let open = geocode(&gazetteer, &view, &query("庆阳路3号"));
    let sure = open.grids.first().unwrap();
    assert_eq!(sure.grid.code, "620102001001001");
    assert!(sure.confidence > 0.9, "{sure:?}");
    assert_eq!(open.candidates[0].grid_confidence, Some(sure.confidence));
    // A road crosses both grids: it lies in neither, but surely in its district.
    let road = geocode(&gazetteer, &view, &query("城关区庆阳路"));
    let first = &road.candidates[0];
    assert_eq!((first.grid.is_none(), first.community.is_none()), (true, true));
    assert_eq!(first.district.as_ref().unwrap().code, "620102");
    let missing = geocode(&gazetteer, &view, &query("庆阳路77号"));
    let number = missing.missing.as_ref().unwrap();
    assert_eq!((number.lowest, number.highest, number.nearest), (1, 15, 15));
    assert!(missing.summary().contains("没有77号"), "{}", missing.summary());
    let nothing = geocode(&gazetteer, &view, &query("你好"));
    assert!(nothing.accepted().is_none() && nothing.summary().contains("没有找到"), "{nothing:?}");
}
