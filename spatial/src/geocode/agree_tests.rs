use proptest::prelude::*;

use super::{check_point, same};
use crate::crs::Crs;
use crate::geocode::test_town::town;
use crate::geocode::{Answer, Scratch, moved};

fn room() -> Answer {
    town().geocode("锦绣家园3号楼2单元501室", 5, &mut Scratch::default())
}

const SYSTEMS: [Crs; 4] = [Crs::Wgs84, Crs::Cgcs2000, Crs::Gcj02, Crs::Bd09];

proptest! {
    #[test]
    fn a_point_in_the_declared_system_agrees_and_no_other_is_suspected(
        bearing in 0.0..360.0f64, metres in 0.0..40.0f64, system in 0..4usize,
    ) {
        let answer = room();
        let place = moved(answer.candidates[0].point, bearing, metres).lng_lat();
        let (x, y) = SYSTEMS[system].from_wgs84(place).unwrap();
        let check = check_point(&answer, x, y, SYSTEMS[system]).unwrap().unwrap();
        prop_assert!(check.agrees && check.fault.is_none() && check.likely.is_none(), "{:?}", check);
        prop_assert!((check.distance_m - metres).abs() < 0.5);
    }

    #[test]
    fn a_point_in_another_system_is_a_conflict_that_the_other_system_explains(
        bearing in 0.0..360.0f64, metres in 0.0..25.0f64, sent in 0..4usize, declared in 0..4usize,
    ) {
        let (sent, declared) = (SYSTEMS[sent], SYSTEMS[declared]);
        prop_assume!(!same(sent, declared));
        let answer = room();
        let place = moved(answer.candidates[0].point, bearing, metres).lng_lat();
        let (x, y) = sent.from_wgs84(place).unwrap();
        let check = check_point(&answer, x, y, declared).unwrap().unwrap();
        prop_assert!(!check.agrees);
        prop_assert_eq!(check.fault.as_ref().map(|fault| fault.fault.as_str()), Some("point.conflict"));
        prop_assert!(check.likely.is_some_and(|likely| same(likely, sent)), "{:?}", check);
    }
}

#[test]
fn a_point_far_from_the_text_is_a_conflict_that_no_system_explains() {
    let answer = room();
    let place = moved(answer.candidates[0].point, 45.0, 5000.0).lng_lat();
    let check = check_point(&answer, place.lng(), place.lat(), Crs::Wgs84).unwrap().unwrap();
    assert!(!check.agrees && check.likely.is_none());
    assert!(check.fault.unwrap().penalty > 5.0);
    assert_eq!(check.compass.word(), "东北");
}

#[test]
fn a_text_without_a_place_says_nothing_of_a_point_and_a_bad_point_is_refused() {
    let nothing = town().geocode("", 5, &mut Scratch::default());
    assert_eq!(check_point(&nothing, 103.8, 36.06, Crs::Wgs84).unwrap(), None);
    let error = check_point(&room(), 36.06, 103.8, Crs::Wgs84).unwrap_err();
    assert!(error.to_string().contains("look swapped"), "{error}");
}

#[test]
fn of_several_candidates_the_one_at_the_point_is_told() {
    let answer = town().geocode("锦绣1号楼1单元101室", 5, &mut Scratch::default());
    for (at, candidate) in answer.candidates.iter().enumerate() {
        let place = candidate.point.lng_lat();
        let check = check_point(&answer, place.lng(), place.lat(), Crs::Wgs84).unwrap().unwrap();
        assert_eq!(answer.candidates[check.nearest].point, answer.candidates[at].point);
    }
}
