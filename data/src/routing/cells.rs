//! The cell index of a boundary version: opened from the node's cache or built beside the answers, checked against the
//! router of record, and only then put in front of it. Until then, and whenever it cannot be had, the router answers alone.

use std::fs;
use std::path::Path;
use std::time::Instant;

use spatial::lattice::LatticePoint;
use spatial::locate::{CellIndex, Key, Locate as _, Locator};

use crate::cache::{self, Mapped};
use crate::domain::id::BoundaryVersionId;

/// Points that both must agree on before the index answers anybody.
const CHECKED: usize = 20_000;
/// Files kept in the cache: the borders in force and a few around them.
const KEPT: usize = 6;
const SUFFIX: &str = "cells";

/// The key of the borders of a locator.
pub(super) fn key(version: BoundaryVersionId, locator: &Locator) -> Key {
    Key { version: version.0 as u64, borders: locator.digest() }
}

/// The index of `locator`: from the file in `cache`, or built and left there. `None` when the borders are no partition or
/// the index does not agree with the locator; the log says so.
pub(super) fn index_of(locator: &Locator, key: Key, cache: Option<&Path>) -> Option<CellIndex> {
    let begun = Instant::now();
    let file =
        cache.map(|folder| folder.join(format!("{:016x}-{}.{SUFFIX}", key.borders, key.version)));
    if let Some(index) = file.as_deref().and_then(|file| opened(file, key)) {
        if agrees(&index, locator) {
            let duration_ms = begun.elapsed().as_millis() as u64;
            tracing::info!(version = key.version, duration_ms, "cell index mapped");
            return Some(index);
        }
        tracing::error!(
            version = key.version,
            "the mapped cell index differs from the router, it is built anew"
        );
    }
    let index = match CellIndex::build(locator, key) {
        Ok(index) => index,
        Err(error) => {
            tracing::warn!(version = key.version, %error, "no cell index for these borders, the R-tree answers");
            return None;
        }
    };
    if !agrees(&index, locator) {
        tracing::error!(
            version = key.version,
            "the cell index differs from the router, the R-tree answers"
        );
        return None;
    }
    let (duration_ms, size_bytes) = (begun.elapsed().as_millis() as u64, index.size_bytes());
    tracing::info!(version = key.version, duration_ms, size_bytes, "cell index built");
    if let Some(file) = file
        && let Err(error) = cache::keep(&file, KEPT, |out| index.write_to(out))
    {
        tracing::warn!(%error, file = %file.display(), "the cell index cannot be kept for the next start");
    }
    Some(index)
}

/// What the file holds, if it is whole and of these borders; a file that is not is of no use to anybody.
fn opened(file: &Path, key: Key) -> Option<CellIndex> {
    let mapped = Mapped::open(file).ok()?;
    match CellIndex::open(mapped, key) {
        Ok(index) => Some(index),
        Err(error) => {
            tracing::warn!(%error, file = %file.display(), "a kept cell index is not used");
            fs::remove_file(file).ok();
            None
        }
    }
}

/// Whether both give the same answers, half of them asked where borders are.
fn agrees(index: &CellIndex, locator: &Locator) -> bool {
    let Some(bounds) = locator.bounds() else { return true };
    let corners: usize = locator.faces().map(|(_, shape)| shape.edges().count()).sum();
    let stride = (2 * corners / CHECKED).max(1);
    let on_borders =
        locator.faces().flat_map(|(_, shape)| shape.edges()).step_by(stride).flat_map(|(a, b)| {
            let middle = LatticePoint::new(i32::midpoint(a.x, b.x), i32::midpoint(a.y, b.y));
            [a, middle, LatticePoint::new(a.x - 1, a.y), LatticePoint::new(b.x, b.y - 1)]
        });
    // A fixed walk through the box that meets no row or column twice: every run asks the same.
    let anywhere = (0..CHECKED as i64 / 2).map(|at| {
        let along = |low: i32, extent: i64, step: i64| low + (at * step % (extent + 1)) as i32;
        let (x, y) = (
            along(bounds.min.x, bounds.width(), 2_654_435_761),
            along(bounds.min.y, bounds.height(), 1_640_531_527),
        );
        LatticePoint::new(x, y)
    });
    on_borders.chain(anywhere).all(|point| index.locate(point) == locator.locate(point))
}

#[cfg(test)]
#[path = "cells_tests.rs"]
mod tests;
