//! Hostile index files: they are refused, or answer something; nothing panics or runs on.
#![no_main]

use arbitrary::Arbitrary;
use libfuzzer_sys::fuzz_target;
use spatial::lattice::LatticePoint;
use spatial::locate::{CellIndex, Key, Locate};

#[derive(Arbitrary, Debug)]
struct File {
    /// Whether what a checksum would notice is made right, to come further.
    is_forged: bool,
    bytes: Vec<u8>,
    points: Vec<(i32, i32)>,
}

fuzz_target!(|file: File| {
    let File { is_forged, mut bytes, points } = file;
    let key = Key::default();
    if is_forged && bytes.len() >= 64 {
        bytes[..8].copy_from_slice(b"cellidx\n");
        bytes[8..12].copy_from_slice(&2u32.to_le_bytes());
        bytes[32..48].fill(0);
        let length = bytes.len() as u64;
        bytes[48..56].copy_from_slice(&length.to_le_bytes());
        let mut hash = xxhash_rust::xxh3::Xxh3Default::new();
        hash.update(&bytes[..56]);
        hash.update(&bytes[64..]);
        bytes[56..64].copy_from_slice(&hash.digest().to_le_bytes());
    }
    let Ok(index) = CellIndex::open(bytes, key) else { return };
    assert!(is_forged, "a file of noise was taken for an index");
    let points: Vec<_> = points.iter().map(|(x, y)| LatticePoint::new(*x, *y)).collect();
    let mut found = vec![None; points.len()];
    index.locate_batch(&points, &mut found);
    for (point, found) in points.into_iter().zip(found) {
        assert_eq!(index.locate(point), found);
    }
    let mut file = Vec::new();
    index.write_to(&mut file).expect("memory takes everything");
    assert!(CellIndex::open(file, key).is_ok());
});
