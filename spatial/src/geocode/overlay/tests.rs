use super::{
    Alias, Change, Corrected, Correction, Entry, Heard, NewAddress, Now, Overlay, Target, Validity,
};
use crate::geocode::test_town::town;
use crate::geocode::{Answer, AskScratch, Element, Level, MatchKind, Query, Verdict};
use crate::lattice::LatticePoint;

fn entry(id: u64, change: Change) -> Entry {
    Entry { id, valid: Validity::ALWAYS, change }
}

fn alias(text: &str, target: Target) -> Change {
    Change::Alias(Alias { text: text.to_owned(), target, until: None, cost: Alias::COST })
}

fn compound(name: &str) -> Target {
    Target::Name { level: Level::Compound, name: name.to_owned() }
}

fn overlay(changes: impl IntoIterator<Item = Change>) -> Overlay {
    let entries = (1..).zip(changes).map(|(id, change)| entry(id, change));
    Overlay::default().with(&town(), entries)
}

fn ask(overlay: &Overlay, text: &str) -> Answer {
    town().ask(overlay, &Query::text(text), &mut AskScratch::default())
}

fn new_address() -> NewAddress {
    NewAddress {
        record: 9001,
        grid: Some(77),
        point: LatticePoint::new(1_038_200_000, 360_700_000),
        district: "城关区".to_owned(),
        township: "张掖路街道".to_owned(),
        community: "陇西路社区".to_owned(),
        road: "庆阳路".to_owned(),
        house_no: "99号".to_owned(),
        ..NewAddress::default()
    }
}

#[test]
fn nothing_changed_changes_nothing() {
    for text in ["锦绣家园3-2-501", "庆阳路97号", "庆阳路96号", "", "北京市朝阳区建国路88号"]
    {
        let (empty, other) = (Overlay::default(), overlay([alias("老三楼", compound("锦绣家园"))]));
        let (one, two) = (ask(&empty, text), ask(&other, text));
        assert_eq!(one, two, "{text}");
    }
}

#[test]
fn another_name_is_understood_and_told() {
    let overlay = overlay([alias("老省委院", compound("锦绣家园"))]);
    let text = "请到老省委院3号楼2单元501室，谢谢";
    let answer = ask(&overlay, text);
    let first = &answer.candidates[0];
    assert_eq!(
        (first.elements.compound.as_str(), first.elements.room.as_str()),
        ("锦绣家园", "501室")
    );
    let line = first.matches.iter().find(|line| line.element == Element::Compound).unwrap();
    assert_eq!((line.kind, line.said.as_str()), (MatchKind::Alias, "老省委院"));
    let span = line.span.unwrap();
    assert_eq!(text.get(span.0..span.1), Some("老省委院"));
    let room = first.matches.iter().find(|line| line.element == Element::Room).unwrap();
    assert_eq!(room.span.and_then(|span| text.get(span.0..span.1)), Some("501室"));
    assert_eq!(answer.verdict, Verdict::Accepted);
}

#[test]
fn an_old_name_tells_until_when_it_was_used() {
    let old = Alias {
        text: "东大街".to_owned(),
        target: Target::Name { level: Level::Road, name: "庆阳路".to_owned() },
        until: Some(1_041_379_200),
        cost: Alias::COST,
    };
    let answer = ask(&overlay([Change::Alias(old)]), "东大街97号");
    let first = &answer.candidates[0];
    assert_eq!((first.elements.road.as_str(), first.elements.number.as_str()), ("庆阳路", "97号"));
    let line = first.matches.iter().find(|line| line.element == Element::Road).unwrap();
    assert_eq!((line.kind, line.until), (MatchKind::Alias, Some(1_041_379_200)));
}

#[test]
fn another_name_is_never_read_loosely() {
    let overlay = overlay([alias("老省委院", compound("锦绣家园"))]);
    let answer = ask(&overlay, "老省伟院3号楼2单元501室");
    assert!(answer.candidates.iter().all(|c| c.matches.iter().all(|m| m.kind != MatchKind::Alias)));
}

#[test]
fn another_name_cuts_no_number_no_latin_word_and_no_direction() {
    let words = |text, means: &str| alias(text, Target::Words(means.to_owned()));
    let overlay = overlay([
        words("5号院", "庆阳路5号"),
        words("五号院", "庆阳路5号"),
        words("门市场", "锦绣家园"),
        words("A区广场", "锦绣家园"),
        words("食品厂1", "锦绣家园"),
    ]);
    let read = |text| ask(&overlay, text).aliases;
    for text in ["15号院", "十五号院", "东门市场", "BA区广场", "食品厂12号"] {
        assert_eq!(read(text), [0; 0], "{text}");
    }
    for (text, id) in [("老门市场", 3), ("A区广场", 4)] {
        assert_eq!(read(text), [id], "{text}");
    }
}

#[test]
fn a_name_is_heard_where_it_is_said_and_one_that_means_two_places_is_not() {
    let overlay =
        overlay([alias("老省委院", compound("锦绣家园")), alias("老省委院", compound("昌兴家园"))]);
    let town = town();
    let read = |near: &dyn Fn(u64) -> Option<usize>| {
        let query =
            Query { heard: Some(Heard(near)), ..Query::text("老省委院3号楼2单元501室") };
        town.ask(&overlay, &query, &mut AskScratch::default()).aliases
    };
    assert_eq!(read(&|id| (id == 1).then_some(0)), [1]);
    assert_eq!(read(&|id| Some(if id == 1 { 12 } else { 6 })), [1]);
    assert_eq!(read(&|_| Some(6)), [0; 0]);
    assert_eq!(read(&|_| None), [0; 0]);
}

#[test]
fn what_is_closed_and_opened_again_elsewhere_is_found_there() {
    let room = ask(&Overlay::default(), "锦绣家园3号楼2单元501室").candidates[0].clone();
    let record = room.record.unwrap();
    let closed = Correction { of: Corrected::Address(record), now: Now::Closed };
    // The number was given to another house of the road: what was added is not what was closed.
    let renamed = NewAddress { record, ..new_address() };
    let overlay = overlay([Change::Correction(closed), Change::Address(renamed)]);
    let answer = ask(&overlay, "城关区庆阳路99号");
    assert_eq!((answer.verdict, answer.candidates[0].record), (Verdict::Accepted, Some(record)));
    let old = ask(&overlay, "锦绣家园3号楼2单元501室");
    assert_eq!(old.candidates[0].faults[0].fault, "place.closed");
}

#[test]
fn a_name_that_only_contains_another_is_left_alone() {
    let overlay = overlay([alias("锦绣", compound("昌兴家园"))]);
    let answer = ask(&overlay, "锦绣家园3号楼2单元501室");
    assert_eq!(answer.candidates[0].elements.compound, "锦绣家园");
}

#[test]
fn another_name_may_stand_for_a_building_an_address_or_words() {
    let town = town();
    let room = ask(&Overlay::default(), "锦绣家园3号楼2单元501室").candidates[0].clone();
    let building = room.building.unwrap();
    let overlay = overlay([
        alias("邮局那栋", Target::Building(building)),
        alias("王大爷家", Target::Address(room.record.unwrap())),
        alias("老院子", Target::Words("滨河东路200号锦绣家园".to_owned())),
    ]);
    assert_eq!(overlay.refused(), []);
    for text in ["邮局那栋2单元501室", "王大爷家", "老院子3号楼2单元501室"] {
        let answer = town.ask(&overlay, &Query::text(text), &mut AskScratch::default());
        assert_eq!(answer.candidates[0].record, room.record, "{text}");
    }
}

#[test]
fn what_has_no_target_is_refused_with_a_sentence_and_taken_when_it_is_there() {
    let entries = [
        entry(5, alias("甲", compound("锦绣家园"))),
        entry(6, alias("新名字", compound("没有的小区"))),
        entry(7, alias("那栋楼", Target::Building(123_456))),
    ];
    let overlay = Overlay::default().with(&town(), entries);
    let ids: Vec<u64> = overlay.refused().iter().map(|refused| refused.0).collect();
    assert_eq!(ids, [5, 6, 7]);
    assert!(overlay.refused()[1].1.contains("没有的小区"), "{:?}", overlay.refused());
    assert_eq!(overlay.len(), 3);
    let mut builder = crate::geocode::test_town::town_builder();
    let row = crate::geocode::AddressRow {
        compound: "没有的小区",
        building: Some(123_456),
        ..Default::default()
    };
    builder.address(&row);
    let base = crate::geocode::Snapshot::open(builder.finish()).unwrap();
    let ids: Vec<u64> = overlay.rebased(&base).refused().iter().map(|refused| refused.0).collect();
    assert_eq!(ids, [5]);
}

#[test]
fn a_new_address_is_found_beside_the_known_ones() {
    let overlay = overlay([Change::Address(new_address())]);
    let answer = ask(&overlay, "城关区庆阳路99号");
    let first = &answer.candidates[0];
    assert_eq!((first.record, first.grid), (Some(9001), Some(77)));
    assert_eq!(answer.verdict, Verdict::Accepted, "{answer:?}");
    assert_eq!(answer.missing, None);
    assert_eq!(answer.grids[0].grid, 77);
    let known = ask(&overlay, "城关区庆阳路97号");
    assert_eq!(known.candidates[0].elements.number, "97号");
    assert_eq!(known.verdict, Verdict::Accepted);
    let sum: f32 = answer.candidates.iter().map(|c| c.confidence).sum();
    assert!(sum < 1.2, "{sum}");
}

#[test]
fn a_moved_building_takes_its_addresses_along_to_the_new_grid() {
    let room = ask(&Overlay::default(), "锦绣家园3号楼2单元501室").candidates[0].clone();
    let point = LatticePoint::new(1_038_300_000, 360_900_000);
    let moved = Now::Moved { point, grid: Some(55) };
    let of = Corrected::Building(room.building.unwrap());
    let overlay = overlay([Change::Correction(Correction { of, now: moved })]);
    let answer = ask(&overlay, "锦绣家园3号楼2单元501室");
    let first = &answer.candidates[0];
    assert_eq!((first.point, first.grid, answer.grids[0].grid), (point, Some(55), 55));
    assert_eq!(first.record, room.record);
}

#[test]
fn a_closed_place_is_found_and_said_to_be_closed() {
    let room = ask(&Overlay::default(), "锦绣家园3号楼2单元501室").candidates[0].clone();
    let of = Corrected::Address(room.record.unwrap());
    let overlay = overlay([Change::Correction(Correction { of, now: Now::Closed })]);
    let answer = ask(&overlay, "锦绣家园3号楼2单元501室");
    assert_eq!(answer.candidates[0].faults[0].fault, "place.closed");
    assert_eq!(answer.verdict, Verdict::Doubtful);
}

#[test]
fn an_entry_holds_only_in_its_time() {
    let valid = Validity { from: Some(1000), until: Some(2000) };
    let change = alias("老省委院", compound("锦绣家园"));
    let address = Change::Address(new_address());
    let overlay = Overlay::default()
        .with(&town(), [Entry { id: 1, valid, change }, Entry { id: 2, valid, change: address }]);
    for (as_of, holds) in [
        (Some(999), false),
        (Some(1000), true),
        (Some(1999), true),
        (Some(2000), false),
        (None, true),
    ] {
        let ask = |text| {
            let query = Query { as_of, ..Query::text(text) };
            town().ask(&overlay, &query, &mut AskScratch::default())
        };
        let named = ask("老省委院3号楼2单元501室")
            .candidates
            .first()
            .is_some_and(|c| c.elements.compound == "锦绣家园" && c.elements.room == "501室");
        let added = ask("庆阳路99号").candidates.first().is_some_and(|c| c.record == Some(9001));
        assert_eq!((named, added), (holds, holds), "{as_of:?}");
    }
}

#[test]
fn an_overlay_is_a_value() {
    let one = overlay([alias("老省委院", compound("锦绣家园"))]);
    let two = one.with(&town(), [entry(2, alias("老市委院", compound("昌兴家园")))]);
    let three = two.without(&town(), &[1]);
    assert_eq!((one.len(), two.len(), three.len()), (1, 2, 1));
    let of = |overlay: &Overlay| {
        ask(overlay, "老省委院3号楼2单元501室")
            .candidates
            .first()
            .map(|c| c.elements.compound.clone())
    };
    assert_eq!(of(&one).as_deref(), Some("锦绣家园"));
    assert_eq!(of(&two).as_deref(), Some("锦绣家园"));
    assert_ne!(of(&three).as_deref(), Some("锦绣家园"));
    let replaced = two.with(&town(), [entry(1, alias("老省委院", compound("昌兴家园")))]);
    assert_eq!(of(&replaced).as_deref(), Some("昌兴家园"));
}
