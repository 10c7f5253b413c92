use proptest::prelude::*;

use super::{SuggestQuery, SuggestScratch, Suggestion};
use crate::geocode::test_town::{town, town_builder};
use crate::geocode::{
    Alias, AskScratch, Change, Corrected, Correction, Element, Entry, Level, NewAddress, Now,
    Overlay, Query, Snapshot, Target, Validity,
};

fn all(text: &str) -> Vec<Suggestion> {
    town().suggest(&Overlay::default(), &SuggestQuery::text(text), &mut SuggestScratch::default())
}

fn texts(text: &str) -> Vec<String> {
    all(text).into_iter().map(|suggestion| suggestion.text).collect()
}

#[test]
fn a_name_is_suggested_by_characters_sound_and_initials() {
    for text in ["庆", "庆阳", "qingyang", "qy", "qyl", "qylu", "QYL", "庆yl", "qing阳", "轻阳"]
    {
        assert_eq!(texts(text)[0], "庆阳路", "{text}");
    }
    for text in ["jxjy", "jinxiujiayuan", "锦绣家", "jinxiujy"] {
        assert_eq!(texts(text)[0], "锦绣家园", "{text}");
    }
    assert!(texts("jx").iter().filter(|text| text.starts_with("锦绣")).count() == 3);
}

#[test]
fn what_is_completed_is_told_by_its_place() {
    let text = "城关区 qyl";
    let first = &all(text)[0];
    assert_eq!((first.text.as_str(), first.element), ("城关区 庆阳路", Element::Road));
    assert_eq!(text.get(first.completes.0..first.completes.1), Some("qyl"));
    assert_eq!(first.label, "城关区庆阳路");
    assert!(first.count >= 6 && first.point.is_some());
}

#[test]
fn after_a_road_come_its_numbers() {
    let found = texts("庆阳路");
    assert_eq!(found[0], "庆阳路");
    assert!(
        found.contains(&"庆阳路1号".to_owned()) && found.contains(&"庆阳路97号".to_owned()),
        "{found:?}"
    );
    assert_eq!(texts("庆阳路9"), ["庆阳路97号"]);
    assert_eq!(texts("庆阳路1")[0], "庆阳路1号");
    assert!(texts("庆阳路1").contains(&"庆阳路123号".to_owned()));
    assert_eq!(texts("庆阳路8"), Vec::<String>::new());
    let numbers = all("庆阳路9");
    assert_eq!((numbers[0].element, numbers[0].completes), (Element::Number, (9, 10)));
}

#[test]
fn a_number_may_stand_behind_a_name_that_is_only_sounded() {
    let found = all("qyl9");
    assert_eq!((found[0].text.as_str(), found[0].completes), ("庆阳路97号", (0, 4)));
    assert_eq!(texts("jxjy3-2-50"), ["锦绣家园3-2-501室", "锦绣家园3-2-502室"]);
}

#[test]
fn after_a_compound_come_buildings_units_and_rooms() {
    let found = texts("锦绣家园");
    for building in ["锦绣家园1号楼", "锦绣家园2号楼", "锦绣家园3号楼"] {
        assert!(found.contains(&building.to_owned()), "{found:?}");
    }
    assert_eq!(texts("锦绣家园3"), ["锦绣家园3号楼"]);
    assert_eq!(texts("锦绣家园3号"), ["锦绣家园3号楼"]);
    assert_eq!(texts("锦绣家园3号楼"), ["锦绣家园3号楼1单元", "锦绣家园3号楼2单元"]);
    assert_eq!(texts("锦绣家园3号楼2单"), ["锦绣家园3号楼2单元"]);
    assert_eq!(
        texts("锦绣家园3号楼2单元5"),
        ["锦绣家园3号楼2单元501室", "锦绣家园3号楼2单元502室"]
    );
    assert_eq!(texts("锦绣家园3-2-5"), ["锦绣家园3-2-501室", "锦绣家园3-2-502室"]);
    assert_eq!(texts("锦绣家园三栋2单元50"), ["锦绣家园三栋2单元501室", "锦绣家园三栋2单元502室"]);
    assert_eq!(texts("滨河东路200号锦绣家园3号楼2单元10").len(), 2);
    assert_eq!(texts("滨河东路202号锦绣家园3"), Vec::<String>::new());
}

#[test]
fn houses_of_a_village_are_completed_within_their_group() {
    let found = texts("李家庄村3社");
    assert!(found.iter().any(|text| text == "李家庄村3社4号"), "{found:?}");
}

#[test]
fn a_district_narrows_what_follows() {
    assert!(texts("榆中县qyl").is_empty());
    assert_eq!(texts("榆中县lj")[0], "榆中县李家庄村");
    assert!(!texts("城关区").is_empty());
}

#[test]
fn what_lies_in_the_callers_area_comes_first() {
    let mut builder = town_builder();
    let row = crate::geocode::AddressRow {
        district: "七里河区",
        compound: "锦秀山庄",
        grid: Some(999),
        ..Default::default()
    };
    builder.address(&row);
    let town = Snapshot::open(builder.finish()).unwrap();
    let area = town.area_of_grids(&[999]);
    let mut scratch = SuggestScratch::default();
    let mut first = |area| {
        let query = SuggestQuery { area, ..SuggestQuery::text("jx") };
        town.suggest(&Overlay::default(), &query, &mut scratch)[0].text.clone()
    };
    assert_ne!(first(None), "锦秀山庄");
    assert_eq!(first(Some(&area)), "锦秀山庄");
}

#[test]
fn the_area_of_a_division_holds_what_lies_below_it() {
    let mut builder = town_builder();
    builder.place_division(
        ["城关区", "", ""],
        620_102_000_000,
        crate::lattice::LatticePoint::new(0, 0),
    );
    builder.place_division(
        ["榆中县", "", ""],
        620_123_000_000,
        crate::lattice::LatticePoint::new(0, 0),
    );
    let town = Snapshot::open(builder.finish()).unwrap();
    let area = |code: &str| town.area_of_division(code.parse().unwrap());
    assert_ne!(area("620102"), area("620123"));
    assert_eq!(area("620111"), super::Area::default());
    let both = area("6201");
    assert_ne!(both, area("620102"));
}

#[test]
fn other_names_are_suggested_as_what_they_are() {
    let target = Target::Name { level: Level::Compound, name: "锦绣家园".to_owned() };
    let alias = Alias { text: "老省委院".to_owned(), target, until: None, cost: Alias::COST };
    let entry = Entry { id: 1, valid: Validity::ALWAYS, change: Change::Alias(alias) };
    let overlay = Overlay::default().with(&town(), [entry]);
    let behind = SuggestQuery::text("城关区老省");
    let found = town().suggest(&overlay, &behind, &mut SuggestScratch::default());
    assert!(found.iter().any(|one| one.text == "城关区锦绣家园"), "{found:?}");
    for text in ["老省", "lsw", "老省委院"] {
        let found =
            town().suggest(&overlay, &SuggestQuery::text(text), &mut SuggestScratch::default());
        let other = found.iter().find(|one| one.label.contains("老省委院"));
        let other = other.map(|one| (one.text.as_str(), one.element));
        assert_eq!(other, Some(("锦绣家园", Element::Compound)), "{text}: {found:?}");
    }
}

#[test]
fn what_is_closed_is_not_suggested_and_what_was_added_is() {
    let room = all("锦绣家园3-2-501")[0].clone();
    let of = Corrected::Address(room.record.unwrap());
    let closed = Change::Correction(Correction { of, now: Now::Closed });
    let address = NewAddress {
        record: 9001,
        district: "城关区".to_owned(),
        road: "庆阳路".to_owned(),
        house_no: "99号".to_owned(),
        ..NewAddress::default()
    };
    let valid = Validity { from: Some(1000), until: None };
    let overlay = Overlay::default().with(
        &town(),
        [
            Entry { id: 1, valid: Validity::ALWAYS, change: closed },
            Entry { id: 2, valid, change: Change::Address(address) },
        ],
    );
    let texts = |text: &str, as_of| {
        let query = SuggestQuery { as_of, ..SuggestQuery::text(text) };
        let found = town().suggest(&overlay, &query, &mut SuggestScratch::default());
        found.into_iter().map(|one| one.text).collect::<Vec<_>>()
    };
    assert_eq!(texts("锦绣家园3-2-50", None), ["锦绣家园3-2-502室"]);
    assert_eq!(texts("庆阳路9", Some(1000)), ["庆阳路97号", "庆阳路99号"]);
    assert_eq!(texts("庆阳路9", Some(999)), ["庆阳路97号"]);
}

#[test]
fn while_an_address_is_typed_there_is_always_something_to_take() {
    let addresses = [
        "城关区张掖路街道陇西路社区庆阳路97号",
        "城关区庆阳路123号附2号",
        "庆阳路甲5号",
        "城关区张掖路街道陇西路社区滨河东路202号锦绣花园东区3号楼2单元502室",
        "滨河东路200号锦绣家园1号楼1单元101室",
        "榆中县城关镇李家庄村3社4号",
    ];
    let mut without = Vec::new();
    for address in addresses {
        for (at, letter) in address.char_indices() {
            let typed = address.get(..at + letter.len_utf8()).unwrap();
            if texts(typed).is_empty() {
                without.push(typed);
            }
        }
    }
    // 甲 may be the beginning of any name there, and of none.
    assert_eq!(without, ["庆阳路甲"]);
    for address in addresses {
        assert_eq!(texts(address)[0], address);
    }
}

#[test]
fn a_compound_behind_a_house_number_needs_one_letter() {
    assert_eq!(texts("滨河东路202号锦")[0], "滨河东路202号锦绣花园东区");
    assert_eq!(texts("滨河东路202号j")[0], "滨河东路202号锦绣花园东区");
}

#[test]
fn nothing_is_suggested_for_nothing_or_nonsense() {
    for text in ["", "   ", "qqqqqq", "！！！", "13800000000", "龘龘"] {
        assert!(texts(text).is_empty(), "{text}: {:?}", texts(text));
    }
}

#[test]
fn every_room_is_reached_by_taking_suggestions_one_after_the_other() {
    let (town, mut scratch) = (town(), AskScratch::default());
    let mut text = "jxjy".to_owned();
    for wanted in ["锦绣家园", "2号楼", "1单元", "502室"] {
        let found = all(&text);
        let taken = found.iter().find(|one| one.text.ends_with(wanted));
        text.clone_from(&taken.unwrap_or_else(|| panic!("{wanted} behind {text}: {found:?}")).text);
    }
    let answer = town.ask(&Overlay::default(), &Query::text(&text), &mut scratch);
    assert_eq!(answer.candidates[0].elements.room, "502室");
    assert!(answer.candidates[0].record.is_some());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn what_a_suggestion_replaces_lies_in_the_text_and_the_rest_is_kept(text in "[a-z庆阳路锦绣家园城关区号楼单元0-9 ,-]{0,14}") {
        for found in all(&text) {
            let (start, end) = found.completes;
            prop_assert_eq!(end, text.len());
            let kept = text.get(..start);
            prop_assert!(kept.is_some_and(|kept| found.text.starts_with(kept.trim_end())), "{:?} for {}", found, text);
        }
    }

    #[test]
    fn the_names_found_are_those_that_a_look_at_all_finds(text in "[庆锦滨三轴昌李城陇张qjbszcl][a-z阳绣河里家园]{0,3}") {
        let town = town();
        let view = town.view();
        let typed: Vec<u16> = text.to_uppercase().encode_utf16().collect();
        let query = SuggestQuery { limit: 1000, ..SuggestQuery::text(&text) };
        let found = town.suggest(&Overlay::default(), &query, &mut SuggestScratch::default());
        for name in 0..view.names() as u32 {
            let units: Vec<u16> = view.name_units(name).collect();
            let written = view.name(if view.name_target.u32(name as usize) == u32::MAX { name } else { view.name_target.u32(name as usize) });
            if super::sound::fit(&typed, &units).is_some() {
                prop_assert!(found.iter().any(|one| one.text == written), "{} for {}", written, text);
            }
        }
    }
}
