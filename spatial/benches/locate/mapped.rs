//! Opening an index from its file, mapped: from memory, and from the disk.

use std::fs::File;
use std::path::Path;
use std::process::Command;

use spatial::lattice::LatticePoint;
use spatial::locate::{CellIndex, Key, Locate};

use super::clock::passed;
use super::map::mapped;

/// Maps a file, opens the index in it and asks it once; nanoseconds.
pub fn start_ns(path: &Path, key: Key, point: LatticePoint) -> f64 {
    let start = || CellIndex::open(mapped(path), key).unwrap().locate(point);
    let (ns, found) = passed(start);
    assert!(found.is_some());
    ns
}

/// Asks the system to forget what it has of a file in memory; whether it was asked.
pub fn forget(path: &Path) -> bool {
    File::open(path).unwrap().sync_all().unwrap();
    let input = format!("if={}", path.display());
    let told =
        Command::new("dd").args([&input, "iflag=nocache", "count=0", "status=none"]).status();
    told.is_ok_and(|status| status.success())
}
