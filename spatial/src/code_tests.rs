use proptest::prelude::*;

use super::*;

fn code(text: &str) -> DivisionCode {
    text.parse().unwrap()
}

/// Any valid code, of any level.
fn any_code() -> impl Strategy<Value = DivisionCode> {
    (11u64..=82, 1u64..=99, 0u64..=99, 0u64..=999, 0u64..=999, 0usize..4).prop_map(
        |(province, city, district, township, community, level)| {
            let full = format!("{province}{city:02}{district:02}{township:03}{community:03}");
            let kept = Level::ALL[level].digits() as usize;
            code(&full.chars().take(kept).collect::<String>())
        },
    )
}

proptest! {
    #[test]
    fn a_code_parses_back_from_each_of_its_forms(division in any_code()) {
        prop_assert_eq!(code(&division.to_string()), division);
        prop_assert_eq!(code(&division.twelve_digits()), division);
        let json = serde_json::to_string(&division).unwrap();
        prop_assert_eq!(serde_json::from_str::<DivisionCode>(&json).unwrap(), division);
    }

    #[test]
    fn a_parent_is_wider_comes_first_and_contains_its_child(division in any_code()) {
        if let Some(parent) = division.parent() {
            prop_assert!(parent.level() < division.level());
            prop_assert!(parent < division);
            prop_assert!(parent.contains(division) && !division.contains(parent));
        } else {
            prop_assert_eq!(division.level(), Level::City);
        }
    }

    #[test]
    fn a_grid_code_parses_back(community in any_code(), number in 0u16..1200) {
        match GridCode::new(community, number) {
            Ok(grid) => {
                prop_assert_eq!(grid.to_string().parse(), Ok(grid));
                prop_assert_eq!(grid.to_string().len(), 15);
                prop_assert!(grid.is_in(community));
            }
            Err(_) => prop_assert!(
                community.level() != Level::Community || number == 0 || number > 999
            ),
        }
    }

    #[test]
    fn no_text_makes_parsing_panic(text in ".{0,20}") {
        let _ = text.parse::<DivisionCode>();
        let _ = text.parse::<GridCode>();
    }
}

#[test]
fn official_forms_with_zeros_are_the_short_ones() {
    for (filled, short, level) in [
        ("620100000000", "6201", Level::City),
        ("620100", "6201", Level::City),
        ("620102000000", "620102", Level::District),
        ("620102001000", "620102001", Level::Township),
        ("620102001001", "620102001001", Level::Community),
    ] {
        assert_eq!(code(filled).to_string(), short);
        assert_eq!(code(filled).level(), level);
    }
}

#[test]
fn a_township_below_a_city_without_districts_belongs_to_the_city() {
    let township = code("441900003");
    assert_eq!(township.level(), Level::Township);
    assert_eq!(township.parent(), Some(code("4419")));
    assert_eq!(township.ancestor(Level::District), None);
}

#[test]
fn refusals_say_what_was_wrong() {
    let refusal = |text: &str| text.parse::<DivisionCode>().unwrap_err().to_string();
    assert!(refusal("62010").contains("4, 6, 9 or 12 digits"));
    assert!(refusal("62O102").contains("only digits"));
    assert!(refusal("620000").contains("00"));
    assert!(refusal("060102").contains("province"));
    assert!(refusal("").contains("digits"));
    let refusal = |text: &str| text.parse::<GridCode>().unwrap_err().to_string();
    assert!(refusal("620102001001").contains("15 digits"));
    assert!(refusal("620102001001000").contains("001 to 999"));
    assert!(refusal("620102001000007").contains("no community"));
}
