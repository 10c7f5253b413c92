use super::Structured;
use crate::geocode::test_town::town;
use crate::geocode::{AskScratch, Element, Overlay, Query, Verdict};

#[test]
fn a_form_leads_where_the_text_leads() {
    let (town, mut scratch) = (town(), AskScratch::default());
    let full = Structured {
        district: "城关区",
        township: "张掖路街道",
        community: "陇西路社区",
        road: "滨河东路",
        number: "200号",
        compound: "锦绣家园",
        building: "3号楼",
        unit: "2单元",
        room: "501室",
    };
    let bare = Structured { number: "200", building: "3", unit: "2", room: "501", ..full };
    let spoken =
        Structured { number: "二百", building: "三栋", unit: "二", room: "501号", ..full };
    let short = Structured {
        compound: "锦绣家园",
        building: "３",
        unit: "２",
        room: "５０１",
        ..Structured::default()
    };
    let wrong = Structured { compound: "锦秀家园", ..bare };
    for form in [full, bare, spoken, short, wrong] {
        let composed = form.compose();
        let answer = town.ask(&Overlay::default(), &Query::text(&composed.text), &mut scratch);
        let first = &answer.candidates[0];
        assert_eq!(
            (
                first.elements.compound.as_str(),
                first.elements.building.as_str(),
                first.elements.room.as_str()
            ),
            ("锦绣家园", "3号楼", "501室"),
            "{}",
            composed.text
        );
        assert_eq!(answer.verdict, Verdict::Accepted, "{}", composed.text);
    }
}

#[test]
fn numbers_of_neighbouring_fields_do_not_run_together() {
    let form = Structured {
        road: "庆阳路",
        number: "1",
        building: "2",
        room: "3",
        ..Structured::default()
    };
    assert_eq!(form.compose().text, "庆阳路，1号，2号楼，3室");
    assert_eq!(Structured::default().compose().text, "");
}

#[test]
fn a_place_in_the_text_leads_back_to_its_field() {
    let form = Structured { road: "庆阳路", number: "97", ..Structured::default() };
    let composed = form.compose();
    let answer =
        town().ask(&Overlay::default(), &Query::text(&composed.text), &mut AskScratch::default());
    let of = |element: Element| {
        let line =
            answer.candidates[0].matches.iter().find(|line| line.element == element).unwrap();
        composed.element_at(line.span.unwrap())
    };
    assert_eq!(of(Element::Road), Some((Element::Road, 0..9)));
    assert_eq!(of(Element::Number), Some((Element::Number, 0..5)));
    assert_eq!(composed.element_at((0, composed.text.len())), None);
}
