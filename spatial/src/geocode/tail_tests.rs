use proptest::prelude::*;

use super::RoomKey;
use crate::geocode::label::{Beside, Label};

proptest! {
    #[test]
    fn rooms_and_units_are_written_as_they_were_read(unit in 0u32..400, room in 1u32..100_000) {
        let key = RoomKey::new(Label::plain(unit).unwrap(), Label::plain(room).unwrap()).unwrap();
        prop_assert_eq!(key.room_text(), format!("{room}室"));
        let expected = if unit == 0 { String::new() } else { format!("{unit}单元") };
        prop_assert_eq!(key.unit_text(), expected);
    }

    #[test]
    fn different_doors_have_different_keys(a in 1u32..100_000, b in 1u32..100_000, u in 1u32..399) {
        prop_assume!(a != b);
        let key = |unit, room| RoomKey::new(Label::plain(unit).unwrap(), Label::plain(room).unwrap());
        prop_assert_ne!(key(u, a), key(u, b));
        prop_assert_ne!(key(u, a), key(u + 1, a));
    }
}

#[test]
fn letters_and_shops_fit() {
    let key = RoomKey::new(Label::new(1, Beside::Annex(12)).unwrap(), Label::NONE).unwrap();
    assert_eq!(key.unit_text(), "附12号");
    let key = RoomKey::new(Label::NONE, Label::new(101, Beside::Before(1)).unwrap()).unwrap();
    assert_eq!(key.room_text(), "B101室");
    let key = RoomKey::new(Label::NONE, Label::new(15, Beside::After(0)).unwrap()).unwrap();
    assert_eq!(key.room_text(), "15A室");
}

#[test]
fn the_storey_is_what_comes_before_the_last_two_digits() {
    let storey = |room| RoomKey::new(Label::NONE, Label::plain(room).unwrap()).unwrap().storey();
    assert_eq!((storey(501), storey(1203), storey(12)), (5, 12, 0));
}
