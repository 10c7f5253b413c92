//! Bytes that are no index are refused, whatever has happened to them.

use proptest::prelude::*;

use super::super::*;
use crate::locate::Locator;
use crate::test_maps::{at, mosaic, rectangle};

fn written(index: &CellIndex) -> Vec<u8> {
    let mut bytes = Vec::new();
    index.write_to(&mut bytes).unwrap();
    bytes
}

fn two_halves() -> (Locator, Key) {
    let halves = [(1, rectangle(0, 0, 5000, 9000)), (2, rectangle(5000, 0, 9000, 9000))];
    let locator = Locator::new(halves);
    let key = Key { version: 7, borders: locator.digest() };
    (locator, key)
}

proptest! {
    #[test]
    fn what_was_written_is_opened_again_at_any_alignment(mosaic in mosaic(), shift in 0..64usize) {
        struct Shifted(Vec<u8>, usize);
        impl AsRef<[u8]> for Shifted {
            fn as_ref(&self) -> &[u8] {
                &self.0[self.1..]
            }
        }
        let locator = Locator::new(mosaic.faces());
        let key = Key { version: 3, borders: locator.digest() };
        let bytes = written(&CellIndex::build(&locator, key).unwrap());
        prop_assert_eq!(&bytes, &written(&CellIndex::build(&locator, key).unwrap()));
        let shifted = [vec![0; shift], bytes].concat();
        let opened = CellIndex::open(Shifted(shifted, shift), key).unwrap();
        for point in mosaic.points() {
            prop_assert_eq!(opened.locate(point), locator.locate(point));
        }
    }

    #[test]
    fn no_damage_to_a_file_goes_unnoticed(
        at in any::<prop::sample::Index>(),
        flip in 1..=255u8,
        cut in any::<prop::sample::Index>(),
        more in prop::collection::vec(any::<u8>(), 1..80),
    ) {
        let (locator, key) = two_halves();
        let whole = written(&CellIndex::build(&locator, key).unwrap());
        let mut changed = whole.clone();
        changed[at.index(whole.len())] ^= flip;
        prop_assert!(CellIndex::open(changed, key).is_err());
        let torn = whole[..cut.index(whole.len())].to_vec();
        prop_assert!(CellIndex::open(torn, key).is_err());
        prop_assert!(CellIndex::open([whole, more.clone()].concat(), key).is_err());
        prop_assert_eq!(CellIndex::open(more, key).unwrap_err(), OpenError::Foreign);
    }

    #[test]
    fn a_forged_file_answers_something_but_never_panics(
        forged in prop::collection::vec((any::<prop::sample::Index>(), any::<u32>()), 1..40),
        places in prop::collection::vec((-100..9100i32, -100..9100i32), 64),
    ) {
        let (locator, key) = two_halves();
        let mut bytes = written(&CellIndex::build(&locator, key).unwrap());
        let words = (bytes.len() - 64) / 4;
        for (at, value) in forged {
            let at = 64 + 4 * at.index(words);
            bytes[at..at + 4].copy_from_slice(&value.to_le_bytes());
        }
        let mut hash = xxhash_rust::xxh3::Xxh3Default::new();
        hash.update(&bytes[..56]);
        hash.update(&bytes[64..]);
        bytes[56..64].copy_from_slice(&hash.digest().to_le_bytes());
        let index = CellIndex::open(bytes, key).unwrap();
        let points: Vec<_> = places.iter().map(|(x, y)| at(*x, *y)).collect();
        let mut found = vec![None; points.len()];
        index.locate_batch(&points, &mut found);
        for (point, found) in points.into_iter().zip(found) {
            prop_assert_eq!(index.locate(point), found);
        }
    }
}

#[test]
fn each_reason_for_refusal_is_told() {
    let (locator, key) = two_halves();
    let whole = written(&CellIndex::build(&locator, key).unwrap());
    let refused = |bytes: Vec<u8>, key| CellIndex::open(bytes, key).unwrap_err();
    let with = |at: usize, value: u8| {
        let mut bytes = whole.clone();
        bytes[at] = value;
        bytes
    };
    assert_eq!(refused(b"PK\x03\x04".to_vec(), key), OpenError::Foreign);
    assert_eq!(refused(Vec::new(), key), OpenError::Foreign);
    assert_eq!(refused(with(8, 9), key), OpenError::Format { got: 9 });
    let (got, expected) = (100, whole.len() as u64);
    assert_eq!(refused(whole[..100].to_vec(), key), OpenError::Torn { got, expected });
    assert_eq!(refused(with(whole.len() - 1, 77), key), OpenError::Damaged);
    let wanted = Key { version: 8, ..key };
    assert_eq!(refused(whole.clone(), wanted), OpenError::OtherBorders { got: key, wanted });
    assert!(CellIndex::open(whole, key).is_ok());
}
