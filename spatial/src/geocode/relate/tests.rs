use crate::geocode::test_town::town_builder;
use crate::geocode::{
    Answer, AskScratch, Compass, Overlay, Precision, Query, RelationKind, Snapshot, Verdict,
    bearing_deg, moved,
};
use crate::lattice::LatticePoint;
use crate::measure::distance_m;

const MEETING: LatticePoint = LatticePoint::new(1_038_100_000, 360_650_000);

fn town() -> Snapshot<Vec<u8>> {
    let mut builder = town_builder();
    builder.crossing("庆阳路", "滨河东路", MEETING);
    builder.crossing("庆阳路", "静宁路", moved(MEETING, 90.0, 400.0));
    builder.crossing("滨河西路", "静宁路", moved(MEETING, 0.0, 700.0));
    Snapshot::open(builder.finish()).unwrap()
}

fn ask(text: &str) -> Answer {
    town().ask(&Overlay::default(), &Query::text(text), &mut AskScratch::default())
}

fn apart(one: LatticePoint, other: LatticePoint) -> f64 {
    distance_m(one.lng_lat(), other.lng_lat())
}

#[test]
fn a_crossing_is_found_in_every_form() {
    for text in [
        "庆阳路与滨河东路交叉口",
        "滨河东路和庆阳路十字",
        "庆阳路滨河东路路口",
        "庆阳路滨河东路口",
        "城关区庆阳路与滨河东路交汇处井盖破损",
        "你好，庆阳路、滨河东路十字路口堵车",
        "庆阳路与滨河东路",
        "轻阳路与滨河东路交叉口",
        "庆阳路/滨河东路交叉口",
    ] {
        let answer = ask(text);
        let first = &answer.candidates[0];
        assert_eq!(
            (first.precision, first.point),
            (Precision::Crossing, MEETING),
            "{text}: {answer:?}"
        );
        assert_eq!(answer.verdict, Verdict::Accepted, "{text}");
        let relation = first.relation.as_ref().unwrap();
        let roads = [first.elements.road.as_str(), relation.other.as_ref().unwrap().road.as_str()];
        assert!(roads.contains(&"庆阳路") && roads.contains(&"滨河东路"), "{text}: {roads:?}");
        assert!((first.accuracy_m - 20.0).abs() < 1e-9);
        assert_eq!(first.matches.len(), 2);
    }
}

#[test]
fn a_step_from_a_crossing_leads_there() {
    let rows = [
        ("庆阳路与静宁路交叉口往东50米", Compass::East, 50.0),
        ("庆阳路静宁路十字西侧100米处", Compass::West, 100.0),
        ("庆阳路与静宁路路口东北角", Compass::NorthEast, 20.0),
        ("静宁路与庆阳路交叉口以北约二百米", Compass::North, 200.0),
    ];
    for (text, direction, metres) in rows {
        let answer = ask(text);
        let first = &answer.candidates[0];
        let from = moved(MEETING, 90.0, 400.0);
        assert_eq!(first.precision, Precision::Relative, "{text}");
        assert!((apart(from, first.point) - metres).abs() < 0.5, "{text}");
        assert_eq!(Compass::of_deg(bearing_deg(from, first.point)), direction, "{text}");
        assert!((first.accuracy_m - (30.0 + metres / 5.0)).abs() < 1e-9, "{text}");
    }
}

#[test]
fn a_crossing_that_no_table_has_lies_between_the_nearest_houses_or_nowhere() {
    let answer = ask("滨河东路与滨河西路交叉口");
    let crossing = answer.candidates.iter().find(|c| c.precision == Precision::Crossing);
    if let Some(found) = crossing {
        assert!(found.faults.iter().any(|fault| fault.fault == "crossing.unknown"));
        assert_ne!(answer.verdict, Verdict::Accepted);
        assert!(found.accuracy_m >= 60.0);
    }
}

#[test]
fn an_offset_from_an_anchor_is_a_step_on_the_plane() {
    let anchor = ask("庆阳路97号").candidates[0].clone();
    let rows = [
        ("庆阳路97号东侧50米", Compass::East, 50.0),
        ("庆阳路97号往北200米有垃圾", Compass::North, 200.0),
        ("庆阳路97号的西南方向80米左右", Compass::SouthWest, 80.0),
        ("轻阳路九十七号以西三十米", Compass::West, 30.0),
    ];
    for (text, direction, metres) in rows {
        let answer = ask(text);
        let first = &answer.candidates[0];
        assert_eq!(
            (first.precision, first.record),
            (Precision::Relative, None),
            "{text}: {answer:?}"
        );
        assert!((apart(anchor.point, first.point) - metres).abs() < 0.5, "{text}");
        assert_eq!(Compass::of_deg(bearing_deg(anchor.point, first.point)), direction, "{text}");
        assert!(first.accuracy_m >= anchor.accuracy_m + 10.0 + metres / 5.0 - 1e-9, "{text}");
        assert_eq!(
            (first.grid, answer.grids.len()),
            (None, 0),
            "the grid is for the caller to locate: {text}"
        );
        let relation = first.relation.as_ref().unwrap();
        assert_eq!(relation.kind, RelationKind::Offset { direction, metres }, "{text}");
        assert!(text.get(relation.span.0..relation.span.1).is_some_and(|said| said.contains('米')));
    }
}

#[test]
fn beside_near_and_opposite_keep_the_anchor_with_less_accuracy() {
    let anchor = ask("锦绣家园3号楼").candidates[0].clone();
    for (text, most) in
        [("锦绣家园3号楼旁边", 80.0), ("锦绣家园3号楼附近", 200.0), ("锦绣家园3号楼对面", 100.0)]
    {
        let answer = ask(text);
        let first = &answer.candidates[0];
        assert_eq!(first.precision, Precision::Relative, "{text}");
        assert_eq!(first.elements, anchor.elements, "{text}");
        assert!(
            first.accuracy_m > anchor.accuracy_m && first.accuracy_m <= most,
            "{text}: {}",
            first.accuracy_m
        );
        assert!(apart(anchor.point, first.point) <= 120.0, "{text}");
    }
}

#[test]
fn at_the_door_is_the_place_itself() {
    let (plain, said) =
        (ask("锦绣家园3号楼2单元501室"), ask("锦绣家园3号楼2单元501室门口堆放杂物"));
    let (one, other) = (&plain.candidates[0], &said.candidates[0]);
    assert_eq!(
        (one.record, one.point, one.precision),
        (other.record, other.point, other.precision)
    );
    assert_eq!(other.relation.as_ref().map(|relation| relation.kind), Some(RelationKind::At));
    assert_eq!(said.verdict, plain.verdict);
}

#[test]
fn what_stands_behind_the_words_is_what_is_meant() {
    let answer = ask("庆阳路97号对面的锦绣家园3号楼2单元501室");
    let first = &answer.candidates[0];
    assert_eq!((first.elements.compound.as_str(), first.relation.is_none()), ("锦绣家园", true));
}

#[test]
fn a_crossing_before_an_address_only_says_where_that_is() {
    for text in [
        "庆阳路与滨河东路交叉口锦绣家园3号楼2单元501室",
        "庆阳路与滨河东路200号锦绣家园3号楼2单元501室",
    ] {
        let first = &ask(text).candidates[0];
        assert_eq!(
            (first.elements.compound.as_str(), first.elements.room.as_str()),
            ("锦绣家园", "501室"),
            "{text}"
        );
    }
}

#[test]
fn words_that_do_not_touch_an_address_say_nothing_of_it() {
    for text in [
        "锦绣家园3号楼2单元501室漏水，楼上对面也漏",
        "锦绣家园3号楼2单元501室装修噪音很大附近居民投诉",
    ] {
        let first = &ask(text).candidates[0];
        assert_eq!((first.precision, first.relation.is_none()), (Precision::Room, true), "{text}");
    }
}

#[test]
fn between_two_places_is_their_middle() {
    let ends = ["庆阳路1号", "庆阳路5号"].map(|text| ask(text).candidates[0].point);
    for text in ["庆阳路1号与庆阳路5号之间", "庆阳路1号到5号之间", "庆阳路1号至5号中间有坑"]
    {
        let answer = ask(text);
        let first = &answer.candidates[0];
        assert_eq!(first.precision, Precision::Relative, "{text}: {answer:?}");
        assert!((apart(ends[0], first.point) - apart(ends[1], first.point)).abs() < 0.1, "{text}");
        assert!(first.accuracy_m >= apart(ends[0], ends[1]) / 2.0, "{text}");
        assert_eq!(
            first.relation.as_ref().map(|relation| relation.kind),
            Some(RelationKind::Between)
        );
    }
}

#[test]
fn a_stretch_of_a_road_lies_between_its_crossings() {
    for text in [
        "庆阳路（滨河东路至静宁路段）",
        "庆阳路滨河东路到静宁路之间",
        "庆阳路(滨河东路-静宁路)路段积水",
    ] {
        let answer = ask(text);
        let first = &answer.candidates[0];
        assert_eq!(first.precision, Precision::Relative, "{text}: {answer:?}");
        assert_eq!(first.elements.road, "庆阳路", "{text}");
        assert!(apart(first.point, moved(MEETING, 90.0, 200.0)) < 0.5, "{text}");
        assert!((first.accuracy_m - 220.0).abs() < 1.0, "{text}: {}", first.accuracy_m);
    }
}

#[test]
fn directions_within_names_are_no_offsets() {
    let first = &ask("滨河东路200号锦绣家园3号楼2单元501室").candidates[0];
    assert!(first.relation.is_none() && first.record.is_some());
}

#[test]
fn a_road_without_houses_is_placed_by_its_crossings() {
    let first = &ask("静宁路").candidates[0];
    assert_eq!(first.precision, Precision::Road);
    assert!(apart(first.point, MEETING) < 1000.0, "{first:?}");
}
