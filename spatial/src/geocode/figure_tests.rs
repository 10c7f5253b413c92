use proptest::prelude::*;

use super::{Counts, figures};
use crate::geocode::text::Text;

fn read(text: &str) -> Vec<(String, Counts)> {
    let mut found = Vec::new();
    figures(&Text::new(text), &mut found);
    found.iter().map(|f| (f.label.to_string(), f.counts)).collect()
}

fn reads(text: &str, expected: &[(&str, Counts)]) {
    let expected: Vec<_> = expected.iter().map(|(label, c)| ((*label).to_owned(), *c)).collect();
    assert_eq!(read(text), expected, "{text}");
}

#[test]
fn all_ways_to_write_a_building() {
    for text in ["3号楼", "3栋", "3幢", "3座", "3#", "3#楼", "三号楼", "三栋", "３＃", "3 号楼"]
    {
        reads(text, &[("3", Counts::Building)]);
    }
}

#[test]
fn a_chain_of_numbers_keeps_its_links() {
    let expected = [("1", Counts::Nothing), ("2", Counts::Nothing), ("501", Counts::Nothing)];
    reads("1-2-501", &expected);
    reads("1—2～501", &expected);
    reads("3栋2-501室", &[("3", Counts::Building), ("2", Counts::Nothing), ("501", Counts::Room)]);
    reads(
        "C21-1-1003",
        &[("C21", Counts::Nothing), ("1", Counts::Nothing), ("1003", Counts::Nothing)],
    );
}

#[test]
fn suffixes_belong_to_the_number() {
    reads("123号附2号", &[("123附2", Counts::Door)]);
    reads("123号之2", &[("123-2", Counts::Door)]);
    reads("甲5号", &[("甲5", Counts::Door)]);
    reads("5号乙", &[("乙5", Counts::Door)]);
    reads("15A", &[("15A", Counts::Nothing)]);
    reads("A座1201", &[("A", Counts::Building), ("1201", Counts::Nothing)]);
}

#[test]
fn a_range_is_offered_beside_its_ends() {
    let mut found = Vec::new();
    figures(&Text::new("5-7号"), &mut found);
    assert_eq!(found[1].merged.to_string(), "5-7");
}

#[test]
fn words_that_only_begin_like_a_counting_word_are_none() {
    reads("501楼道堆放杂物", &[("501", Counts::Nothing)]);
    reads("1102号楼道", &[("1102", Counts::Door)]);
    reads("3号门口", &[("3", Counts::Door)]);
    reads("2单元门口", &[("2", Counts::Unit)]);
}

#[test]
fn numerals_in_names_are_no_numbers() {
    for text in ["三里店", "五泉山", "十里店", "二热小区", "一只船", "七里河区", "第二人民医院"]
    {
        reads(text, &[]);
    }
}

#[test]
fn spelled_numbers_count_like_digits() {
    reads("一百二十三号", &[("123", Counts::Door)]);
    reads(
        "三栋二单元五零一",
        &[("3", Counts::Building), ("2", Counts::Unit), ("501", Counts::Nothing)],
    );
}

#[test]
fn a_homophone_inside_a_numeral_is_heard() {
    reads("七柏七十五号", &[("775", Counts::Door)]);
    reads("三十吧号楼", &[("38", Counts::Building)]);
    reads("我是三号楼", &[("3", Counts::Building)]);
    reads("兰州市三号楼", &[("3", Counts::Building)]);
}

#[test]
fn telephone_numbers_and_coordinates_are_no_doors() {
    reads("13800000000", &[("0", Counts::Other)]);
    reads("103.8343", &[("0", Counts::Other)]);
}

proptest! {
    #[test]
    fn figures_stand_in_order_inside_the_text(original in "[三十百二1-9A-F号楼栋单元室附之甲 路#\\-.]{0,30}") {
        let text = Text::new(&original);
        let mut found = Vec::new();
        figures(&text, &mut found);
        let mut last = 0;
        for figure in found {
            prop_assert!(last <= figure.start && figure.start < figure.end && figure.end <= text.len());
            last = figure.end;
        }
    }
}

#[test]
fn telephone_numbers_in_groups_are_no_doors() {
    for text in [
        "400-123-4567",
        "400 123 4567",
        "400-1234-567",
        "800-820-8820",
        "0931-8888888",
        "0931-888-8888",
        "029-8888 8888",
        "139 1987 6543",
        "139-1987-6543",
        "139 198 76543",
        "+86 139 1987 6543",
        "86-13919876543",
        "0931-8412345转801",
    ] {
        assert!(
            read(text).iter().all(|figure| figure.1 == Counts::Other),
            "{text}: {:?}",
            read(text)
        );
    }
    reads(
        "400-123-4567 3-501",
        &[("0", Counts::Other), ("3", Counts::Nothing), ("501", Counts::Nothing)],
    );
    reads(
        "139-2-501",
        &[("139", Counts::Nothing), ("2", Counts::Nothing), ("501", Counts::Nothing)],
    );
    reads("400号", &[("400", Counts::Door)]);
}

#[test]
fn times_and_dates_are_no_doors() {
    for text in [
        "10:30",
        "10：30",
        "１０：３０",
        "08:05:59",
        "晚上8点半",
        "下午3点",
        "3点20",
        "3点20分",
        "2026-11-24",
        "2026/11/24",
        "2026.11.24",
        "2026-11-24 10:30",
        "2026-11-24T10:30:00",
        "2026年11月24日",
        "11月24号",
        "十一月二十四号",
    ] {
        assert!(
            read(text).iter().all(|figure| figure.1 == Counts::Other),
            "{text}: {:?}",
            read(text)
        );
    }
    reads("10点3号楼", &[("0", Counts::Other), ("3", Counts::Building)]);
    reads(
        "2011-1-301",
        &[("2011", Counts::Nothing), ("1", Counts::Nothing), ("301", Counts::Nothing)],
    );
    reads("地址:3号楼", &[("3", Counts::Building)]);
}
