use proptest::prelude::*;

use crate::geocode::test_town::town;
use crate::geocode::{AskScratch, Overlay, Query, Scratch};

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn any_text_is_answered_and_every_span_lies_in_it(text in "[庆阳路锦绣家园号楼单元室与对面东侧米交叉口之间0-9, ]{0,30}") {
        let answer = town().ask(&Overlay::default(), &Query::text(&text), &mut AskScratch::default());
        for candidate in &answer.candidates {
            prop_assert!((0.0..=1.0).contains(&candidate.confidence));
            prop_assert!(candidate.accuracy_m.is_finite() && candidate.accuracy_m >= 0.0);
            let spans = candidate.matches.iter().filter_map(|line| line.span);
            let relation = candidate.relation.as_ref().map(|relation| relation.span);
            for (start, end) in spans.chain(relation) {
                prop_assert!(text.get(start..end).is_some(), "{:?} in {}", (start, end), text);
            }
        }
    }
}

#[test]
fn without_relations_the_answer_is_that_of_the_engine() {
    let (town, mut one, mut two) = (town(), AskScratch::default(), Scratch::default());
    for text in ["锦绣家园3-2-501", "轻阳路97号", "庆阳路123号附2号", "", "锦绣1号楼1单元101室"]
    {
        let asked = town.ask(&Overlay::default(), &Query::text(text), &mut one);
        assert_eq!(asked, town.geocode(text, 5, &mut two), "{text}");
    }
}

#[test]
fn grids_are_those_of_now_where_the_caller_has_borders() {
    let (town, mut scratch) = (town(), AskScratch::default());
    let everywhere = |_| Some(4711);
    let query = |text| Query { grid_at: Some(&everywhere), ..Query::text(text) };
    for text in ["锦绣家园3-2-501", "庆阳路97号东侧50米", "庆阳路97号对面"] {
        let answer = town.ask(&Overlay::default(), &query(text), &mut scratch);
        assert_eq!(answer.candidates[0].grid, Some(4711), "{text}");
        assert_eq!(
            answer.grids.iter().map(|chance| chance.grid).collect::<Vec<_>>(),
            [4711],
            "{text}"
        );
    }
    let road = town.ask(&Overlay::default(), &query("庆阳路"), &mut scratch);
    assert_eq!(road.candidates[0].grid, None);
}
