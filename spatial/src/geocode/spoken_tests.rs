//! Texts as they come over the telephone and from phones, each written down for its own difficulty.

use crate::geocode::test_town::town;
use crate::geocode::{Answer, Scratch, Verdict};

fn ask(text: &str) -> Answer {
    town().geocode(text, 5, &mut Scratch::default())
}

/// The first candidate's address from the road on, and in a village the number alone.
fn first(text: &str) -> String {
    let answer = ask(text);
    let Some(first) = answer.candidates.first() else { return String::new() };
    let e = &first.elements;
    [&e.road, &e.number, &e.compound, &e.building, &e.unit, &e.room].map(String::as_str).concat()
}

fn each_is(expected: &str, texts: &[&str]) {
    for text in texts {
        assert_eq!(first(text), expected, "{text}: {:?}", ask(text).verdict);
    }
}

#[test]
fn a_room_is_found_in_what_a_caller_says() {
    each_is(
        "滨河东路200号锦绣家园3号楼2单元501室",
        &[
            "喂你好，我家在锦绣家园那边，3号楼2单元501，暖气一直不热",
            "就是那个滨河东路的锦绣家园，3号楼2单元501室，漏水漏到我家了",
            "我这边是城关的，锦绣家园三号楼二单元五零一，有人乱倒垃圾",
            "张女士13919876543锦绣家园3号楼2单元501室，到了打电话",
            "联系人李先生 0931-8412345 锦绣家园3-2-501",
            "昨天晚上10点左右锦绣家园3号楼2单元501有5个人打架",
            "3号楼2单元501室，锦绣家园，滨河东路200号，城关区",
            "锦绣家园 锦绣家园3号楼2单元501",
            "滨河东路200号锦绣家园，城关区滨河东路200号锦绣家园3号楼2单元501室",
            "锦绣家园3号楼2单元501（中国银行对面）",
            "锦绣家园院里3号楼二单元501楼上狗叫了一晚上",
            "嗯，那个，锦绣家园的那个3号楼，2单元，501",
            "客服400-123-4567，锦绣家园3号楼2单元501室",
            "10:30打过 139 1987 6543，锦绣家园3-2-501",
            "2026-11-24 晚上8点半 锦绣家园3号楼2单元501室没水",
            "电梯停了2天了，锦绣家园3号楼2单元501室",
            "730000兰州市城关区锦绣家园3号楼2单元501室",
            "锦绣家园三号楼二单元五洞幺",
        ],
    );
}

#[test]
fn speech_is_heard_through_homophones_and_dialect() {
    each_is(
        "滨河东路200号锦绣家园3号楼2单元501室",
        &["进秀佳园3号楼2单元501", "锦绣加元三号楼二单元五零一", "宾河东路二百号3号楼2单元501室"],
    );
    each_is(
        "滨河东路208号轴承厂家属院2号楼1单元102室",
        &["轴承厂家属院2栋1单元102", "周成厂家属院2号楼1单元102室"],
    );
}

#[test]
fn a_place_without_a_door_is_found_beside_any_talk() {
    for text in [
        "锦绣家园门口有人乱停车",
        "锦绣家园楼下烧烤摊油烟太大",
        "就在锦绣家园旁边，路灯坏了",
        "关于锦绣家园电梯老是出故障的问题",
        "滨河东路锦绣家园附近垃圾好几天没人收",
    ] {
        let answer = ask(text);
        let first = answer.candidates.first().map(|c| c.elements.compound.as_str());
        assert_eq!(first, Some("锦绣家园"), "{text}");
        assert_ne!(answer.verdict, Verdict::NotFound, "{text}");
    }
}

#[test]
fn house_numbers_are_found_beside_any_talk() {
    each_is(
        "庆阳路97号",
        &[
            "庆阳路97号门口的井盖没了",
            "庆阳路九十七号跟前有只流浪狗咬人",
            "城关区张掖路街道庆阳路97号楼下",
            "我在庆阳路97号这儿，路面塌了一块，你们赶紧来",
            "庆阳路上的97号",
        ],
    );
    each_is("庆阳路甲5号", &["庆阳路甲5号旁边", "庆阳路甲五号门前"]);
}

#[test]
fn old_names_are_found_in_talk() {
    each_is("滨河东路208号轴承厂家属院2号楼1单元102室", &["就是以前那个老轴承厂院子2号楼1单元102"]);
}

#[test]
fn villagers_say_group_and_number_in_many_ways() {
    for text in ["李家庄村3社4号", "李家庄三社四号家里停水了", "榆中的李家庄村三社4号，老人住在"]
    {
        assert_eq!(ask(text).candidates[0].elements.number, "3社4号", "{text}");
    }
}

#[test]
fn numbers_that_count_other_things_are_no_doors() {
    for text in
        ["13919876543", "0931-8412345", "幺三九幺九八七六五四三", "都3天了还没人来", "2024年5月6日"]
    {
        let answer = ask(text);
        assert_eq!(answer.verdict, Verdict::NotFound, "{text}: {:?}", answer.candidates.first());
    }
}

#[test]
fn of_two_places_named_neither_is_taken_without_asking() {
    for text in [
        "我住锦绣家园3号楼2单元501，要反映昌兴家园1号楼1单元101噪音",
        "庆阳路97号和滨河西路200号都停水了",
    ] {
        assert_ne!(ask(text).verdict, Verdict::Accepted, "{text}");
    }
}
