use proptest::prelude::*;

use super::{Alignment, Rows, align};
use crate::geocode::letter::{Letter, NEVER};
use crate::geocode::level::Level;
use crate::geocode::suffix::core_len;

fn letters(text: &str) -> Vec<Letter> {
    text.encode_utf16().map(Letter::new).collect()
}

fn find(text: &str, name: &str, level: Level) -> Alignment {
    let (text, name) = (letters(text), letters(name));
    let units: Vec<u16> = name.iter().map(|l| l.unit).collect();
    let core = core_len(level, &units);
    align(&text, (0, text.len()), &name, core, level, u16::MAX, &mut Rows::default())
}

/// The textbook recursion, without ends left out.
fn oracle(text: &[Letter], name: &[Letter]) -> u16 {
    let mut table = vec![vec![0u32; text.len() + 1]; name.len() + 1];
    for i in 1..=name.len() {
        for j in 0..=text.len() {
            let mut best = table[i - 1][j] + u32::from(name[i - 1].slip());
            if j > 0 {
                best = best.min(table[i - 1][j - 1] + u32::from(text[j - 1].cost(&name[i - 1])));
                best = best.min(table[i][j - 1] + u32::from(text[j - 1].slip()));
            }
            table[i][j] = best;
        }
    }
    table[name.len()].iter().copied().min().unwrap_or(0).min(u32::from(NEVER)) as u16
}

proptest! {
    #[test]
    fn the_cost_is_that_of_the_textbook(text in "[张章掖路东西庆1一]{0,9}", name in "[张掖路东庆1]{1,4}") {
        let (text, name) = (letters(&text), letters(&name));
        let whole = name.len();
        let found = align(&text, (0, text.len()), &name, whole, Level::Road, u16::MAX, &mut Rows::default());
        prop_assert_eq!(found.cost.min(NEVER), oracle(&text, &name));
    }

    #[test]
    fn a_name_in_a_text_is_found_where_it_stands(before in "[甲乙猫狗]{0,5}", after in "[猫狗]{0,5}") {
        let text = format!("{before}庆阳路{after}");
        let found = find(&text, "庆阳路", Level::Road);
        let start = before.chars().count() as u16;
        prop_assert_eq!((found.start, found.end, found.cost), (start, start + 3, 0));
        prop_assert!(found.tally.is_exact());
    }
}

#[test]
fn one_wrong_letter_costs_by_its_kind() {
    assert_eq!(find("在轻阳路123号", "庆阳路", Level::Road).cost, 20);
    assert_eq!(find("在猫阳路123号", "庆阳路", Level::Road).cost, 100);
    assert_eq!(find("在庆路123号", "庆阳路", Level::Road).cost, 104);
}

#[test]
fn a_common_end_may_be_left_out() {
    let found = find("锦绣3号楼", "锦绣家园", Level::Compound);
    assert_eq!((found.start, found.end, found.cost, found.tally.left_out), (0, 2, 28, 2));
}

#[test]
fn another_end_is_another_name() {
    assert!(find("锦绣花园3号楼", "锦绣家园", Level::Compound).cost >= 100);
    assert!(find("滨河西路", "滨河东路", Level::Road).cost >= 150);
    assert!(find("锦绣家园西区", "锦绣家园东区", Level::Compound).cost >= 59);
}
