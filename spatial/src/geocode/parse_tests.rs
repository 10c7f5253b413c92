use proptest::prelude::*;

use super::parse;
use crate::geocode::Piece::{
    self, Branch, Building, City, Community, District, Number, Poi, Province, Relation, Rest, Road,
    Room, Township, Unit,
};

fn pieces(text: &str) -> Vec<(Piece, String)> {
    parse(text).into_iter().map(|part| (part.piece, part.text)).collect()
}

fn said(parts: &[(Piece, &str)]) -> Vec<(Piece, String)> {
    parts.iter().map(|(piece, text)| (*piece, (*text).to_owned())).collect()
}

#[test]
fn every_element_of_a_whole_address_is_named() {
    let expected = said(&[
        (Province, "甘肃省"),
        (City, "兰州市"),
        (District, "七里河区"),
        (Township, "西站街道"),
        (Community, "建兰路社区"),
        (Road, "西津东路"),
        (Number, "575号"),
        (Poi, "锦绣家园"),
        (Building, "3号楼"),
        (Unit, "2单元"),
        (Room, "501室"),
    ]);
    assert_eq!(
        pieces("甘肃省兰州市七里河区西站街道建兰路社区西津东路575号锦绣家园3号楼2单元501室"),
        expected
    );
}

#[test]
fn numbers_without_words_are_told_by_their_order() {
    assert_eq!(
        pieces("莫干山路1326号3-2-501"),
        said(&[
            (Road, "莫干山路"),
            (Number, "1326号"),
            (Building, "3"),
            (Rest, "-"),
            (Unit, "2"),
            (Rest, "-"),
            (Room, "501"),
        ])
    );
}

#[test]
fn a_city_below_a_city_is_a_district() {
    assert_eq!(
        pieces("浙江省金华市义乌市宾王路"),
        said(&[(Province, "浙江省"), (City, "金华市"), (District, "义乌市"), (Road, "宾王路")])
    );
}

#[test]
fn words_of_place_are_no_names() {
    assert_eq!(
        pieces("西津路与建兰路交叉口"),
        said(&[(Road, "西津路"), (Relation, "与"), (Branch, "建兰路"), (Relation, "交叉口")])
    );
}

proptest! {
    #[test]
    fn parts_lie_one_behind_the_other_in_the_text(
        text in "[甘肃省兰州市城关区庆阳路号楼栋单元室镇村与旁0-9A-C\\-（）， ]{0,40}|.{0,40}",
    ) {
        let mut last = 0;
        for part in parse(&text) {
            prop_assert!(part.bytes.start >= last && part.bytes.start < part.bytes.end);
            prop_assert!(text.get(part.bytes.clone()).is_some());
            last = part.bytes.start;
        }
    }
}
