//! How likely each grid is, summed over all candidates in it.

use super::answer::GridChance;
use super::feature::Weights;
use super::resolve::grids;
use super::search::{Scored, Scratch};
use super::snapshot::{NONE, Snapshot, View};
use crate::lattice::LatticePoint;

/// Candidates less likely than this are left out of the sum.
const LEAST: f32 = 1e-4;
/// Grids that are told.
const MOST: usize = 8;

impl<B: AsRef<[u8]>> Snapshot<B> {
    /// The chances of grids for the text that `scratch` was last used for, by other borders than those the snapshot was
    /// built with: `grid_at` says in which grid a place lies.
    pub fn grids_by(
        &self,
        scratch: &Scratch,
        grid_at: impl Fn(LatticePoint) -> Option<u32>,
    ) -> Vec<GridChance> {
        let grid_of = |_, point| grid_at(point).unwrap_or(NONE);
        chances_of_grids(&self.view(), &scratch.scored, Weights::shipped(), grid_of)
    }
}

/// The chances of grids; `grid_of` takes the grid of the snapshot and the place, and gives the grid that counts.
pub(super) fn chances_of_grids(
    view: &View<'_>,
    scored: &[Scored],
    weights: &Weights,
    grid_of: impl Fn(u32, LatticePoint) -> u32,
) -> Vec<GridChance> {
    let mut all: Vec<GridChance> = Vec::new();
    for candidate in scored.iter().filter(|s| s.chance > LEAST) {
        grids(view, candidate, |grid, point, share| {
            let grid = grid_of(grid, point);
            let confidence = candidate.chance * share;
            match all.iter_mut().find(|known| known.grid == grid) {
                Some(known) => known.confidence += confidence,
                None if grid != NONE => all.push(GridChance { grid, confidence }),
                None => {}
            }
        });
    }
    for chance in &mut all {
        chance.confidence = weights.calibrated(chance.confidence.min(1.0));
    }
    all.sort_by(|a, b| b.confidence.total_cmp(&a.confidence).then(a.grid.cmp(&b.grid)));
    all.truncate(MOST);
    all
}
