use proptest::prelude::*;

use super::{Beside, LARGEST, Label};

fn beside() -> impl Strategy<Value = Beside> {
    (0u16..8, 0u16..2048).prop_map(|(kind, sub)| match kind {
        0 => Beside::Nothing,
        1 => Beside::Annex(sub),
        2 => Beside::Branch(sub),
        3 => Beside::Stem(sub),
        4 => Beside::After(sub),
        5 => Beside::Before(sub),
        6 => Beside::UpTo(sub),
        _ => Beside::Words(sub),
    })
}

proptest! {
    #[test]
    fn a_label_gives_back_what_it_was_made_of(digits in 0..=LARGEST, beside in beside()) {
        let label = Label::new(digits, beside).unwrap();
        prop_assert_eq!((label.digits(), label.beside()), (digits, beside));
    }

    #[test]
    fn labels_of_one_number_sort_together(one in 0..LARGEST, a in beside(), b in beside()) {
        prop_assert!(Label::new(one, a).unwrap() < Label::new(one + 1, b).unwrap());
    }
}

#[test]
fn what_does_not_fit_is_refused() {
    assert_eq!(Label::plain(LARGEST + 1), None);
    assert_eq!(Label::new(1, Beside::Annex(2048)), None);
}

#[test]
fn a_range_covers_its_numbers_and_nothing_else_covers_another() {
    let range = Label::new(5, Beside::UpTo(2)).unwrap();
    assert!([5, 6, 7].iter().all(|&door| range.covers(Label::plain(door).unwrap())));
    assert!(!range.covers(Label::plain(8).unwrap()));
    let stem = Label::new(5, Beside::Stem(0)).unwrap();
    assert!(!Label::plain(5).unwrap().covers(stem) && !stem.covers(Label::plain(5).unwrap()));
}
