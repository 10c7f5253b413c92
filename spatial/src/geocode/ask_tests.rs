use proptest::prelude::*;

use crate::geocode::test_town::town;
use crate::geocode::{Answer, Element, MatchKind, Precision, Scratch, Verdict};

fn ask(text: &str) -> Answer {
    town().geocode(text, 5, &mut Scratch::default())
}

/// The first candidate's address from the road on.
fn first(text: &str) -> String {
    let answer = ask(text);
    let elements = &answer.candidates[0].elements;
    [
        &elements.road,
        &elements.number,
        &elements.compound,
        &elements.building,
        &elements.unit,
        &elements.room,
    ]
    .map(String::as_str)
    .concat()
}

#[test]
fn every_way_to_write_a_room_leads_to_it() {
    let expected = "滨河东路200号锦绣家园3号楼2单元501室";
    for text in [
        "甘肃省兰州市城关区张掖路街道陇西路社区滨河东路200号锦绣家园3号楼2单元501室",
        "锦绣家园3号楼2单元501室",
        "锦绣家园3-2-501",
        "锦绣家园3#-2-501室",
        "锦绣家园三栋二单元五零一",
        "锦绣家园３号楼２单元５０１",
        "锦绣家园3幢2门501房",
        "锦绣家园501室2单元3号楼",
        "锦绣家园3号楼2单元501室（滨河东路200号）",
        "甘肃兰州城关区甘肃省兰州市城关区【锦绣家园 3-2-501】",
        "滨河东路二百号3号楼2单元501",
        "錦繡家園3號樓2單元501室",
    ] {
        assert_eq!(first(text), expected, "{text}");
    }
}

#[test]
fn wrong_characters_are_read_by_their_sound_and_shape() {
    for text in ["轻阳路97号", "庆杨路97号", "清阳路九十七号", "庆阴路97号"] {
        assert_eq!(first(text), "庆阳路97号", "{text}");
    }
    assert_eq!(first("锦秀家园3号楼2单元501室"), "滨河东路200号锦绣家园3号楼2单元501室");
}

#[test]
fn chatter_around_an_address_does_not_matter() {
    for text in [
        "你好我要反映锦绣家园3号楼2单元501楼道堆放杂物",
        "锦绣家园3栋2单元501漏水没人管，请尽快处理",
    ] {
        assert_eq!(first(text), "滨河东路200号锦绣家园3号楼2单元501室", "{text}");
    }
}

#[test]
fn digits_and_directions_are_taken_as_written() {
    assert_eq!(first("滨河西路200号"), "滨河西路200号");
    assert_eq!(first("锦绣花园西区1号楼1单元101室"), "滨河东路204号锦绣花园西区1号楼1单元101室");
    assert_eq!(first("锦绣花园东区1号楼1单元101室"), "滨河东路202号锦绣花园东区1号楼1单元101室");
    assert_eq!(first("庆阳路1号"), "庆阳路1号");
}

#[test]
fn suffixes_and_ranges_are_doors_of_their_own() {
    assert_eq!(first("庆阳路甲5号"), "庆阳路甲5号");
    assert_eq!(first("庆阳路5号"), "庆阳路5号");
    assert_eq!(first("庆阳路123号附2号"), "庆阳路123号附2号");
    assert_eq!(first("庆阳路13号"), "庆阳路11-15号");
}

#[test]
fn a_numeral_in_a_name_is_no_number() {
    assert_eq!(first("三里店小区2号楼1单元101室"), "滨河东路206号三里店小区2号楼1单元101室");
}

#[test]
fn houses_of_a_village_are_found_by_group_and_number() {
    let answer = ask("榆中县城关镇李家庄村三社4号");
    assert_eq!(answer.candidates[0].elements.number, "3社4号");
    assert_eq!(answer.candidates[0].precision, Precision::Room);
}

#[test]
fn another_name_counts_as_it_is_written() {
    let answer = ask("老轴承厂院子2号楼1单元102室");
    assert_eq!(answer.candidates[0].elements.compound, "轴承厂家属院");
    let compound = answer.candidates[0].matches.iter().find(|m| m.element == Element::Compound);
    assert_eq!(compound.map(|m| m.kind), Some(MatchKind::Alias));
}

#[test]
fn a_number_that_is_not_there_is_said_to_be_missing() {
    let answer = ask("庆阳路95号");
    let missing = answer.missing.unwrap();
    assert_eq!(
        (missing.road.as_str(), missing.asked.as_str(), missing.nearest),
        ("庆阳路", "95号", 97)
    );
    assert_ne!(answer.verdict, Verdict::Accepted);
    assert_eq!(answer.candidates[0].precision, Precision::Road);
}

#[test]
fn a_number_far_beyond_the_last_is_missing_and_the_nearest_is_named() {
    for text in ["城关区庆阳路9999号", "庆阳路9999号", "城关区张掖路街道庆阳路9999号"]
    {
        let answer = ask(text);
        let missing = answer.missing.as_ref().map(|m| (m.asked.as_str(), m.highest, m.nearest));
        assert_eq!(missing, Some(("9999号", 123, 123)), "{text}: {:?}", answer.candidates);
        assert_ne!(answer.verdict, Verdict::Accepted, "{text}");
    }
    assert_eq!(ask("庆阳路97号").missing, None);
    assert_eq!(ask("庆阳路13号").missing, None);
}

#[test]
fn a_room_that_is_not_there_leads_to_its_building_with_a_fault() {
    let answer = ask("锦绣家园3号楼2单元909室");
    let first = &answer.candidates[0];
    assert_eq!((first.precision, first.record), (Precision::Unit, None));
    assert!(first.faults.iter().any(|fault| fault.fault == "room.not_found"), "{:?}", first.faults);
    assert_ne!(answer.verdict, Verdict::Accepted);
}

#[test]
fn what_is_open_is_asked_for() {
    let answer = ask("锦绣家园3号楼501室");
    let question = answer.question.unwrap();
    assert_eq!(question.element, Element::Unit);
    let options: Vec<&str> = question.options.iter().map(|option| option.0.as_str()).collect();
    assert_eq!(options, ["1单元", "2单元"]);
}

#[test]
fn two_compounds_of_one_short_name_are_ambiguous() {
    let answer = ask("锦绣1号楼1单元101室");
    assert_ne!(answer.verdict, Verdict::Accepted);
    assert!(answer.candidates.len() >= 3);
}

#[test]
fn rooms_of_one_grid_make_the_grid_certain_though_the_room_is_open() {
    let answer = ask("锦绣家园3号楼501室");
    assert!(answer.grids[0].confidence > 0.9, "{:?}", answer.grids);
}

#[test]
fn elsewhere_and_nonsense_are_not_found() {
    for text in ["北京市朝阳区建国路88号", "孩子上学怎么报名", "", "！！！", "13800000000"]
    {
        let answer = ask(text);
        assert_ne!(answer.verdict, Verdict::Accepted, "{text}");
    }
    assert_eq!(ask("").verdict, Verdict::NotFound);
}

#[test]
fn the_trace_points_into_the_text_as_it_came() {
    let text = "请到　轻阳路 ９７号";
    let answer = ask(text);
    let road = answer.candidates[0].matches.iter().find(|m| m.element == Element::Road).unwrap();
    let (start, end) = road.span.unwrap();
    assert_eq!(text.get(start..end), Some("轻阳路"));
    assert_eq!((road.kind, road.name.as_str()), (MatchKind::Homophone, "庆阳路"));
    let number =
        answer.candidates[0].matches.iter().find(|m| m.element == Element::Number).unwrap();
    let (start, end) = number.span.unwrap();
    assert_eq!((text.get(start..end), number.kind), (Some("９７号"), MatchKind::Exact));
}

#[test]
fn one_scratch_serves_any_number_of_queries() {
    let (town, mut scratch) = (town(), Scratch::default());
    let texts = ["锦绣家园3-2-501", "庆阳路97号", "", "李家庄村3社1号", "锦绣家园3-2-501"];
    for text in texts {
        let again = town.geocode(text, 5, &mut scratch);
        assert_eq!(again, town.geocode(text, 5, &mut Scratch::default()), "{text}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn any_text_gets_an_answer_whose_chances_are_chances(
        text in "[庆阳路锦绣家园滨河东西号楼栋单元室区三一0-9A-C甲附社村\\-#（）， .]{0,40}|.{0,60}",
    ) {
        let answer = town().geocode(&text, 3, &mut Scratch::default());
        let sum: f32 = answer.candidates.iter().map(|c| c.confidence).sum();
        prop_assert!((0.0..=1.5).contains(&sum));
        for candidate in &answer.candidates {
            prop_assert!((0.0..=1.0).contains(&candidate.confidence));
            prop_assert!(candidate.accuracy_m >= 0.0);
            for line in &candidate.matches {
                if let Some((start, end)) = line.span {
                    prop_assert!(text.get(start..end).is_some());
                }
            }
        }
    }
}
