use super::*;
use crate::domain::id::AddressId;
use crate::store::FormerAddress;

fn elements(house_no: &str) -> [String; 9] {
    let mut elements: [String; 9] = Default::default();
    elements[0] = "城关区".to_owned();
    elements[3] = "庆阳路".to_owned();
    elements[4] = house_no.to_owned();
    elements
}

#[expect(clippy::unnecessary_wraps, reason = "as a change has it")]
fn was(house_no: &str, building: Option<(i32, i64)>) -> Option<FormerAddress> {
    Some(FormerAddress { elements: elements(house_no).join(SEPARATOR), building })
}

#[expect(clippy::unnecessary_wraps, reason = "as a change has it")]
fn now(house_no: &str, x: i32, building_id: Option<i32>) -> Option<ChangedAddress> {
    Some(ChangedAddress {
        building_id,
        grid_id: None,
        point: (x, 360_000_000),
        elements: elements(house_no),
    })
}

fn change(id: i32, was: Option<FormerAddress>, now: Option<ChangedAddress>) -> AddressChange {
    AddressChange { address_id: AddressId(id), was, now }
}

/// The changes by what they are about, in words.
fn told(changes: &[AddressChange]) -> Vec<String> {
    let word = |entry: &Entry| match &entry.change {
        Change::Alias(_) => "alias".to_owned(),
        Change::Address(new) => format!("new {} {}", new.record, new.house_no),
        Change::Correction(Correction { of, now: Now::Closed }) => format!("closed {of:?}"),
        Change::Correction(Correction { of, now: Now::Moved { point, .. } }) => {
            format!("moved {of:?} {}", point.x)
        }
    };
    let mut told: Vec<String> = Laid::of(changes).entries.iter().map(word).collect();
    told.sort();
    told
}

#[test]
fn what_is_new_is_added_and_what_came_and_went_is_nothing() {
    assert_eq!(told(&[change(1, None, now("9号", 5, None)), change(2, None, None)]), ["new 1 9号"]);
    let nothing = ChangedAddress { elements: Default::default(), ..now("", 5, None).unwrap() };
    assert_eq!(told(&[change(1, None, Some(nothing))]), [""; 0]);
}

#[test]
fn a_new_number_closes_the_old_one_and_is_added() {
    let renamed = change(1, was("9号", None), now("11号", 5, None));
    assert_eq!(told(&[renamed]), ["closed Address(1)", "new 1 11号"]);
}

#[test]
fn what_was_removed_and_entered_anew_is_the_same_place_under_another_id() {
    let changes = [change(1, was("9号", None), None), change(8, None, now("9号", 7, None))];
    assert_eq!(told(&changes), ["moved Address(1) 7"]);
    assert_eq!(Laid::of(&changes).renewed, HashMap::from([(1, 8)]));
}

#[test]
fn two_that_changed_numbers_changed_places() {
    let changes = [
        change(1, was("9号", None), now("11号", 5, None)),
        change(2, was("11号", None), now("9号", 6, None)),
    ];
    assert_eq!(told(&changes), ["moved Address(1) 6", "moved Address(2) 5"]);
    assert_eq!(Laid::of(&changes).renewed, HashMap::from([(1, 2), (2, 1)]));
}

#[test]
fn a_building_goes_where_all_its_addresses_went() {
    let both = |left| {
        [
            change(1, was("9号", Some((3, left))), now("9号", 7, Some(3))),
            change(2, was("11号", Some((3, left))), now("11号", 7, Some(3))),
        ]
    };
    let moved = ["moved Address(1) 7", "moved Address(2) 7", "moved Building(3) 7"];
    assert_eq!(told(&both(2)), moved);
    // A third one stayed.
    assert_eq!(told(&both(3)), moved[..2]);
    let gone = [change(1, was("9号", Some((3, 0))), None)];
    assert_eq!(told(&gone), ["closed Address(1)", "closed Building(3)"]);
}
