use proptest::prelude::*;

use super::{NONE, Snapshot};
use crate::geocode::Scratch;
use crate::geocode::bytes::SnapshotError;
use crate::geocode::resolve::room_text;
use crate::geocode::test_town::{town, town_builder};

#[test]
fn the_same_rows_give_the_same_bytes() {
    assert_eq!(town_builder().finish(), town_builder().finish());
}

#[test]
fn every_room_is_where_its_row_said() {
    let town = town();
    let view = town.view();
    let mut seen = 0;
    for building in 0..view.buildings() {
        for room in view.building_rooms.range(building) {
            let record = view.room_record.u32(room);
            assert!(record != NONE && record >= 1);
            let (unit, door) = room_text(&view, room as u32);
            assert!(door.is_empty() || door.ends_with('室'), "{unit}{door}");
            seen += 1;
        }
    }
    assert_eq!(seen, town.len());
}

#[test]
fn other_files_and_other_releases_are_named() {
    let open = |bytes: Vec<u8>| Snapshot::open(bytes).map(|_| ()).unwrap_err();
    assert!(matches!(open(b"PK\x03\x04 a zip file".to_vec()), SnapshotError::Foreign(_)));
    assert!(matches!(open(Vec::new()), SnapshotError::Foreign(_)));
    let mut newer = town_builder().finish();
    newer[8] = 99;
    assert_eq!(open(newer), SnapshotError::Format { found: 99 });
    let mut other = town_builder().finish();
    other[12] ^= 1;
    assert_eq!(open(other), SnapshotError::Readings);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn a_torn_file_is_refused(share in 0.0..1.0f64) {
        let mut bytes = town_builder().finish();
        bytes.truncate((bytes.len() as f64 * share) as usize);
        prop_assert!(Snapshot::open(bytes).is_err());
    }

    #[test]
    fn a_flipped_bit_is_refused_or_lies_between_the_columns(place in 0.0..1.0f64, bit in 0u8..8) {
        let mut bytes = town_builder().finish();
        let at = ((bytes.len() - 1) as f64 * place) as usize;
        bytes[at] ^= 1 << bit;
        if let Ok(snapshot) = Snapshot::open(bytes) {
            let expected = town().geocode("锦绣家园3-2-501", 1, &mut Scratch::default());
            prop_assert_eq!(snapshot.geocode("锦绣家园3-2-501", 1, &mut Scratch::default()), expected);
        }
    }

    #[test]
    fn random_bytes_behind_a_true_head_are_refused(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let mut file = town_builder().finish();
        file.truncate(24);
        file.extend(bytes);
        prop_assert!(Snapshot::open(file).is_err());
    }
}
