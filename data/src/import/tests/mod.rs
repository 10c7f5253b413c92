//! Imports without a database: hostile files, every format there and back, fields, borders, datums, real files.

mod borders;
mod bulk;
mod fields;
mod formats;
mod hostile;
mod people;
mod real_files;

use std::path::{Path, PathBuf};

use spatial::coverage::{LatticeMultiPolygon, LatticePolygon, LatticeRing};
use spatial::lattice::LatticePoint;

use super::error::ImportError;
use super::report::Refusal;
use super::source::{Feature, OpenOptions, Opened, open};

/// A folder of a test's own.
fn folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("there is room for temporary files")
}

/// Writes a file and gives back its path.
fn file(folder: &tempfile::TempDir, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
    let path = folder.path().join(name);
    std::fs::write(&path, bytes).expect("temporary files can be written");
    path
}

/// All rows of an opened file.
fn rows(opened: &mut Opened) -> Result<(Vec<Feature>, Vec<Refusal>), ImportError> {
    let (mut features, mut refusals) = (Vec::new(), Vec::new());
    while let Some(row) = opened.source.next_row()? {
        match row {
            Ok(feature) => features.push(feature),
            Err(refusal) => refusals.push(refusal),
        }
    }
    Ok((features, refusals))
}

/// Rows, refusals and notes.
type Read = (Vec<Feature>, Vec<Refusal>, Vec<String>);

/// All rows of a file.
fn read(path: &Path, options: &OpenOptions) -> Result<Read, ImportError> {
    let mut opened = open(path, options)?;
    let notes = opened.notes.clone();
    let (features, refusals) = rows(&mut opened)?;
    Ok((features, refusals, notes))
}

/// A rectangle, its corners in lattice units east and north of a place in the middle of Lanzhou.
fn rectangle(west: i32, south: i32, east: i32, north: i32) -> LatticeRing {
    let at = |x: i32, y: i32| LatticePoint::new(1_038_300_000 + x, 360_600_000 + y);
    LatticeRing(vec![at(west, south), at(east, south), at(east, north), at(west, north)])
}

fn solid(ring: LatticeRing) -> LatticeMultiPolygon {
    LatticePolygon::solid(ring).into()
}
