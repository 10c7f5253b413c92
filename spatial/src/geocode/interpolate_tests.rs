use proptest::prelude::*;

use crate::geocode::{
    AddressRow, Answer, AskScratch, Overlay, Precision, Query, Snapshot, SnapshotBuilder, Verdict,
};
use crate::lattice::LatticePoint;
use crate::measure::distance_m;

/// A straight road: number n lies n steps along it, the even ones across.
fn at(number: u32) -> LatticePoint {
    let along = number as i32 * 700;
    LatticePoint::new(1_038_000_000 + along, 360_600_000 + along / 3 + 2000 * (number as i32 % 2))
}

fn road(numbers: impl IntoIterator<Item = u32>) -> Snapshot<Vec<u8>> {
    let mut builder = SnapshotBuilder::new("甘肃省", "兰州市");
    for number in numbers {
        let house_no = format!("{number}号");
        builder.address(&AddressRow {
            record: number,
            grid: Some(number / 40),
            point: at(number),
            district: "城关区",
            road: "庆阳路",
            house_no: &house_no,
            ..AddressRow::default()
        });
    }
    Snapshot::open(builder.finish()).unwrap()
}

fn ask(town: &Snapshot<Vec<u8>>, text: &str) -> Answer {
    town.ask(&Overlay::default(), &Query::text(text), &mut AskScratch::default())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn on_a_straight_road_every_missing_number_is_where_it_was(missing in 3u32..150) {
        let town = road((1..160).filter(|&number| number != missing));
        let answer = ask(&town, &format!("庆阳路{missing}号"));
        let first = &answer.candidates[0];
        prop_assert_eq!(first.precision, Precision::Interpolated);
        let off = distance_m(first.point.lng_lat(), at(missing).lng_lat());
        prop_assert!(off < 0.5, "{} m off", off);
        prop_assert!(off <= first.accuracy_m);
        prop_assert_eq!(&first.elements.number, &format!("{missing}号"));
        prop_assert!(answer.missing.is_some() && answer.verdict != Verdict::Accepted);
    }

    #[test]
    fn it_lies_between_its_neighbours_of_the_same_side(
        known in prop::collection::btree_set(1u32..60, 6..20), asked in 2u32..59,
    ) {
        prop_assume!(!known.contains(&asked));
        let side: Vec<u32> = known.iter().copied().filter(|n| n % 2 == asked % 2).collect();
        let low = side.iter().copied().filter(|&n| n < asked).max();
        let high = side.iter().copied().filter(|&n| n > asked).min();
        let answer = ask(&road(known), &format!("城关区庆阳路{asked}号"));
        let first = &answer.candidates[0];
        if let (Some(low), Some(high)) = (low, high) {
            prop_assert_eq!(first.precision, Precision::Interpolated);
            let (a, b) = (at(low), at(high));
            prop_assert!((a.x..=b.x).contains(&first.point.x), "{:?}", first);
            let half = distance_m(a.lng_lat(), b.lng_lat()) / 2.0;
            prop_assert!((first.accuracy_m - half.max(15.0)).abs() < 1e-6);
        }
    }
}

#[test]
fn beyond_the_last_number_nothing_is_made_up() {
    let answer = ask(&road([1, 3, 5, 7]), "庆阳路99号");
    assert_eq!(answer.candidates[0].precision, Precision::Road);
    assert_eq!(answer.missing.unwrap().nearest, 7);
}

#[test]
fn numbers_too_far_apart_tell_nothing() {
    let answer = ask(&road([1, 3, 205, 207]), "庆阳路99号");
    assert_eq!(answer.candidates[0].precision, Precision::Road);
}

#[test]
fn the_other_side_serves_where_a_side_has_no_numbers_with_less_accuracy() {
    let (one, other) = (ask(&road([2, 4, 8]), "庆阳路6号"), ask(&road([2, 4, 8]), "庆阳路5号"));
    assert_eq!(one.candidates[0].precision, Precision::Interpolated);
    assert_eq!(other.candidates[0].precision, Precision::Interpolated);
    assert!(other.candidates[0].accuracy_m > one.candidates[0].accuracy_m);
}

#[test]
fn between_two_grids_no_grid_is_told() {
    let answer = ask(&road([37, 43, 45]), "庆阳路41号");
    assert_eq!(
        (answer.candidates[0].precision, answer.candidates[0].grid),
        (Precision::Interpolated, None)
    );
    let answer = ask(&road([41, 45]), "庆阳路43号");
    assert_eq!(answer.candidates[0].grid, Some(1));
}
