use proptest::prelude::*;

use super::{fit, initials, syllables};

fn units(text: &str) -> Vec<u16> {
    text.encode_utf16().collect()
}

fn fits(typed: &str, name: &str) -> bool {
    fit(&units(typed), &units(name)).is_some()
}

#[test]
fn a_name_is_begun_by_its_characters_syllables_and_initials() {
    for typed in [
        "酒",
        "酒泉",
        "酒泉路",
        "JIUQUANLU",
        "JQLU",
        "JQL",
        "JQ",
        "J",
        "JIUQ",
        "JIUQUA",
        "酒QL",
        "JIU泉L",
        "九泉路",
        "JIU QUAN LU",
    ] {
        assert!(fits(typed, "酒泉路"), "{typed}");
    }
    for typed in ["QL", "酒泉东", "JIQ", "JQLX", "酒泉路A", "JIUQUANN", "泉"] {
        assert!(!fits(typed, "酒泉路"), "{typed}");
    }
}

#[test]
fn every_reading_counts_and_zh_is_not_z() {
    assert!(fits("CHANGXING", "长兴家园") && fits("ZHANGXING", "长兴家园"));
    assert!(fits("ZYL", "张掖路") && fits("ZHYL", "张掖路") && fits("ZHANGYELU", "张掖路"));
    assert!(!fits("ZANGYELU", "张掖路"));
    assert!(fits("LVSE", "绿色家园"));
    assert!(fits("XIAN", "西安路") && fits("XIAN", "先锋路"));
}

#[test]
fn what_is_typed_plainly_costs_less() {
    let cost = |typed: &str| fit(&units(typed), &units("酒泉路")).unwrap().cost;
    assert!(
        cost("酒泉") < cost("JIUQUAN") && cost("JIUQUAN") < cost("JQ") && cost("JQ") < cost("九泉")
    );
    assert_eq!(fit(&units("JIUQUA"), &units("酒泉路")).unwrap().taken, 2);
}

proptest! {
    #[test]
    fn a_name_spelt_in_any_mixture_is_begun(name in "[一-龥]{1,8}", ways in prop::collection::vec(0..3u8, 8), reading in 0..4usize) {
        let mut typed = Vec::new();
        for (unit, way) in units(&name).into_iter().zip(ways) {
            let all: Vec<_> = syllables(unit).collect();
            match (way, all.get(reading % all.len().max(1))) {
                (1, Some(syllable)) => typed.extend_from_slice(syllable),
                (2, Some(syllable)) => typed.push(syllable[0]),
                _ => typed.push(unit),
            }
        }
        let name = units(&name);
        // BAO may be one character or two: what is typed is read in the cheapest way.
        let found = fit(&typed, &name);
        prop_assert!(found.is_some_and(|fit| (1..=name.len()).contains(&fit.taken)), "{:?}", found);
        // The bucket that is looked into holds it.
        prop_assert!(initials(typed[0]) & initials(name[0]) != 0);
    }
}
