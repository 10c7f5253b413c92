//! Which parts of the land lines pass through, coarsely and quickly.

use spatial::lattice::LatticePoint;

use super::noding::Line;

/// Side of a cell, lattice units: about 500 m.
const CELL: i32 = 50_000;

/// Which cells of the land lines pass through.
#[derive(Debug, Default)]
pub(crate) struct Cells(std::collections::HashSet<(i32, i32)>);

impl Cells {
    fn span(a: i32, b: i32) -> std::ops::RangeInclusive<i32> {
        (a.min(b) - 2).div_euclid(CELL)..=(a.max(b) + 2).div_euclid(CELL)
    }

    pub(crate) fn add(&mut self, line: &[LatticePoint]) {
        for pair in line.windows(2) {
            for x in Self::span(pair[0].x, pair[1].x) {
                for y in Self::span(pair[0].y, pair[1].y) {
                    self.0.insert((x, y));
                }
            }
        }
    }

    /// Whether a line passes through one of the cells.
    pub(crate) fn meet(&self, line: &[LatticePoint]) -> bool {
        line.windows(2).any(|pair| {
            Self::span(pair[0].x, pair[1].x)
                .any(|x| Self::span(pair[0].y, pair[1].y).any(|y| self.0.contains(&(x, y))))
        })
    }

    /// Whether one of the cells lies in the box around lines.
    pub(crate) fn fill<'a>(&self, lines: impl Iterator<Item = &'a Line>) -> bool {
        let (mut low, mut high) = ((i32::MAX, i32::MAX), (i32::MIN, i32::MIN));
        for p in lines.flatten() {
            low = (low.0.min(p.x), low.1.min(p.y));
            high = (high.0.max(p.x), high.1.max(p.y));
        }
        low.0 <= high.0
            && Self::span(low.0, high.0)
                .any(|x| Self::span(low.1, high.1).any(|y| self.0.contains(&(x, y))))
    }
}
