use proptest::prelude::*;

use super::Text;

fn normal(text: &str) -> String {
    Text::new(text).to_string()
}

#[test]
fn width_case_dashes_and_brackets_are_one_way_of_writing() {
    assert_eq!(normal("ｂ座１２０１室"), "B座1201室");
    assert_eq!(normal("3—2－501～502"), "3-2-501-502");
    assert_eq!(normal("雁滩路【3968号】（超市）"), "雁滩路,3968号,超市");
    assert_eq!(normal("張掖路１２３號"), "張掖路123号");
}

#[test]
fn spaces_go_between_characters_and_stay_between_numbers() {
    assert_eq!(normal("锦绣 家园"), "锦绣家园");
    assert_eq!(normal("3 2  501"), "3 2 501");
    assert_eq!(normal("　兰州　"), "兰州");
}

#[test]
fn every_unit_knows_where_it_comes_from() {
    let original = "  张掖路（１２３號）";
    let text = Text::new(original);
    assert_eq!(text.to_string(), "张掖路,123号");
    assert_eq!(original.get(text.origin(0..3)), Some("张掖路"));
    assert_eq!(original.get(text.origin(4..8)), Some("１２３號"));
}

proptest! {
    #[test]
    fn normalising_twice_changes_nothing(original in "[张掖路号A-z0-9 ,，（）#\\-—~１２３\u{200b}]{0,40}") {
        let once = normal(&original);
        prop_assert_eq!(normal(&once), once);
    }

    #[test]
    fn origins_lie_on_character_borders_of_the_original(original in ".{0,60}") {
        let text = Text::new(&original);
        for at in 0..text.len() {
            prop_assert!(original.get(text.origin(at..at + 1)).is_some());
        }
    }
}
