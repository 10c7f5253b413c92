//! The cache of cell indices: what is whole and of the same borders is used, everything else is built anew.

use std::path::PathBuf;

use spatial::coverage::{LatticeMultiPolygon, LatticePolygon, LatticeRing};

use super::*;

fn mesh(bend: i32) -> Locator {
    let at = LatticePoint::new;
    let west = LatticeRing(vec![
        at(0, 0),
        at(50_000, 0),
        at(50_000 + bend, 40_000),
        at(50_000, 90_000),
        at(0, 90_000),
    ]);
    let east = LatticeRing(vec![
        at(50_000, 0),
        at(90_000, 0),
        at(90_000, 90_000),
        at(50_000, 90_000),
        at(50_000 + bend, 40_000),
    ]);
    Locator::new(
        (1..).zip([west, east].map(|ring| LatticeMultiPolygon::from(LatticePolygon::solid(ring)))),
    )
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<_> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

#[test]
fn an_index_is_kept_and_mapped_and_a_torn_or_foreign_file_is_built_anew() {
    let folder = tempfile::tempdir().unwrap();
    let (locator, cache) = (mesh(300), Some(folder.path()));
    let of = |locator: &Locator| key(BoundaryVersionId(1), locator);
    let built = index_of(&locator, of(&locator), cache).unwrap();
    let kept = files(folder.path());
    assert_eq!(kept.len(), 1);
    let whole = fs::read(&kept[0]).unwrap();
    assert!(opened(&kept[0], of(&locator)).is_some());

    // Torn at any of some places, flipped at any of some bytes: never used, and replaced by a whole one.
    let mut damaged: Vec<Vec<u8>> =
        (0..whole.len()).step_by(97).map(|cut| whole[..cut].to_vec()).collect();
    damaged.extend((0..whole.len()).step_by(131).map(|at| {
        let mut bytes = whole.clone();
        bytes[at] ^= 0x10;
        bytes
    }));
    for bytes in damaged {
        fs::remove_file(&kept[0]).ok();
        fs::write(&kept[0], bytes).unwrap();
        let again = index_of(&locator, of(&locator), cache).unwrap();
        assert_eq!(again.key(), built.key());
        assert_eq!(fs::read(&kept[0]).unwrap(), whole);
    }
    // The file of other borders under our name.
    let other = mesh(-700);
    fs::remove_file(&kept[0]).unwrap();
    let foreign = CellIndex::build(&other, of(&other)).unwrap();
    cache::keep(&kept[0], KEPT, |out| foreign.write_to(out)).unwrap();
    let again = index_of(&locator, of(&locator), cache).unwrap();
    assert!(agrees(&again, &locator) && !agrees(&foreign, &locator));
}

#[test]
fn borders_that_overlap_have_no_index_and_old_files_go() {
    let at = LatticePoint::new;
    let square = |west: i32| {
        LatticeRing(vec![at(west, 0), at(west + 900, 0), at(west + 900, 900), at(west, 900)])
    };
    let overlapping =
        Locator::new((1..).zip([0, 500].map(|west| LatticePolygon::solid(square(west)).into())));
    let folder = tempfile::tempdir().unwrap();
    assert!(
        index_of(&overlapping, key(BoundaryVersionId(1), &overlapping), Some(folder.path()))
            .is_none()
    );
    assert_eq!(files(folder.path()).len(), 0);
    for version in 1..=KEPT as i32 + 3 {
        let locator = mesh(version * 10);
        index_of(&locator, key(BoundaryVersionId(version), &locator), Some(folder.path())).unwrap();
    }
    assert_eq!(files(folder.path()).len(), KEPT);
    // A folder that cannot be written costs the next start, not this one.
    let nowhere = Path::new("/proc/no-such-folder");
    let locator = mesh(5);
    assert!(index_of(&locator, key(BoundaryVersionId(9), &locator), Some(nowhere)).is_some());
}
