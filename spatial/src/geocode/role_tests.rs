use super::{Doors, all_doors};
use crate::geocode::figure::figures;
use crate::geocode::text::Text;

fn all(text: &str) -> Vec<Doors> {
    let mut found = Vec::new();
    figures(&Text::new(text), &mut found);
    let (mut into, mut next) = (Vec::new(), Vec::new());
    all_doors(&found, &[], &mut into, &mut next);
    into
}

/// House, building, unit and room of the cheapest reading.
fn best(text: &str) -> String {
    let reading = all(text)[0];
    [reading.house, reading.building, reading.unit, reading.room_label()]
        .map(|label| if label.is_none() { "_".to_owned() } else { label.to_string() })
        .join(" ")
}

#[test]
fn words_decide_where_there_are_words() {
    assert_eq!(best("123号3号楼2单元501室"), "123 3 2 501");
    assert_eq!(best("123号"), "123 _ _ _");
    assert_eq!(best("3栋501"), "_ 3 _ 501");
    assert_eq!(best("3号楼2单元5楼1号"), "_ 3 2 501");
}

#[test]
fn the_order_does_not_matter_where_words_are_plain() {
    assert_eq!(best("501室2单元3号楼"), "_ 3 2 501");
}

#[test]
fn a_chain_without_words_is_building_unit_room_among_others() {
    let has = |text: &str, building: u32, unit: u32, room: u32| {
        all(text).iter().any(|r| {
            (r.building.digits(), r.unit.digits(), r.room.digits()) == (building, unit, room)
        })
    };
    assert!(has("1-2-501", 1, 2, 501));
    assert!(has("14-1501", 14, 0, 1501));
}

#[test]
fn a_number_said_twice_is_one_number() {
    assert_eq!(all("4号楼(4号楼)")[0].unused, 0);
}

#[test]
fn a_range_of_houses_is_a_reading() {
    assert!(all("5-7号").iter().any(|r| r.house.to_string() == "5-7"));
}
