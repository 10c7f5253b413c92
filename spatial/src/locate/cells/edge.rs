//! Edges with the difference they make, and where they meet the sides of cells.
//!
//! An edge toggles every lattice point on or right of it at its heights, by the half-open
//! [`rule`](crate::locate::rule): at height `y` those from [`Edge::first_x`] on.

use super::frame::Cell;
use crate::lattice::LatticePoint;

/// What lies at a point: the code of one face, and a mark that tells one face from several.
///
/// Codes and marks are combined by XOR over all faces that hold the point. Marks are 64 bits without order,
/// so that the XOR of several equals that of one with a probability of 2^-64 only.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Owner {
    pub(super) code: u32,
    mark: u64,
}

impl Owner {
    /// The face of a code alone; code 0 is nobody.
    pub(super) fn of(code: u32) -> Self {
        // The finaliser of SplitMix64: a bijection, and 0 stays 0.
        let mut mark = u64::from(code).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        mark = (mark ^ (mark >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mark = (mark ^ (mark >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        Self { code, mark: mark ^ (mark >> 31) }
    }

    pub(super) fn toggle(&mut self, other: Self) {
        self.code ^= other.code;
        self.mark ^= other.mark;
    }

    /// Whether at most one face lies here.
    pub(super) fn is_single(self) -> bool {
        self == Self::of(self.code)
    }

    pub(super) fn is_nothing(self) -> bool {
        self == Self::default()
    }
}

/// An edge, and by what the owner changes when it is crossed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Edge {
    pub(super) lo: LatticePoint,
    /// Not below `lo`; level edges run east.
    pub(super) hi: LatticePoint,
    pub(super) flip: Owner,
}

/// Whole heights from the first up to, not including, the second.
pub(super) type Heights = (i64, i64);

impl Edge {
    /// The edge between two points, in either order.
    pub(super) fn between(a: LatticePoint, b: LatticePoint, code: u32) -> Self {
        let (lo, hi) = if (a.y, a.x) <= (b.y, b.x) { (a, b) } else { (b, a) };
        Self { lo, hi, flip: Owner::of(code) }
    }

    fn run(&self) -> (i64, i64) {
        let step = |to: i32, from: i32| i64::from(to) - i64::from(from);
        (step(self.hi.x, self.lo.x), step(self.hi.y, self.lo.y))
    }

    /// The westernmost lattice point at height `y` that the edge toggles; `y` is one of its own.
    pub(super) fn first_x(&self, y: i64) -> i64 {
        let (dx, dy) = self.run();
        i64::from(self.lo.x) - (-(y - i64::from(self.lo.y)) * dx).div_euclid(dy)
    }

    pub(super) fn is_at(&self, y: i64) -> bool {
        i64::from(self.lo.y) <= y && y < i64::from(self.hi.y)
    }

    /// Whether the edge toggles a lattice point.
    pub(super) fn toggles(&self, x: i64, y: i64) -> bool {
        let (dx, dy) = self.run();
        self.is_at(y) && (x - i64::from(self.lo.x)) * dy >= (y - i64::from(self.lo.y)) * dx
    }

    /// The heights of a cell at which the edge toggles all of it, and those at which it toggles
    /// some but not all.
    pub(super) fn heights(&self, cell: &Cell) -> (Heights, Heights) {
        let from = cell.y.max(i64::from(self.lo.y));
        let to = (cell.last_y() + 1).min(i64::from(self.hi.y));
        if from >= to {
            return ((from, from), (from, from));
        }
        let west = self.at_most(cell.x, from, to);
        let reached = self.at_most(cell.last_x(), from, to);
        let (dx, _) = self.run();
        let within = match dx.signum() {
            1 => (west.1, reached.1),
            -1 => (reached.0, west.0),
            _ if west.0 < west.1 => (from, from),
            _ => reached,
        };
        (west, within)
    }

    /// The heights between two of its own at which the edge lies on or west of `x`.
    fn at_most(&self, x: i64, from: i64, to: i64) -> Heights {
        let (dx, dy) = self.run();
        let (lo_x, lo_y) = (i64::from(self.lo.x), i64::from(self.lo.y));
        match dx.signum() {
            1 => (from, (lo_y + ((x - lo_x) * dy).div_euclid(dx) + 1).clamp(from, to)),
            -1 => ((lo_y - ((x - lo_x) * dy).div_euclid(-dx)).clamp(from, to), to),
            _ if lo_x <= x => (from, to),
            _ => (from, from),
        }
    }

    /// The first height at which a walk up the line just right of `x` has crossed the edge.
    pub(super) fn crossed_at(&self, x: i64) -> Option<i64> {
        let (dx, dy) = self.run();
        let (lo_x, hi_x) = (i64::from(self.lo.x), i64::from(self.hi.x));
        if x < lo_x.min(hi_x) || lo_x.max(hi_x) <= x {
            return None;
        }
        // Height dy · along / dx, along and dx made positive.
        let (along, dx, rises) =
            if dx > 0 { (x - lo_x, dx, dy > 0) } else { (lo_x - x, -dx, false) };
        let (whole, part) = ((along * dy).div_euclid(dx), (along * dy).rem_euclid(dx));
        // The line is a little right of x: an edge that rises through a lattice point is met above.
        Some(i64::from(self.lo.y) + whole + i64::from(part > 0 || rises))
    }

    /// Whether the edge meets the closed box around a cell's lattice points.
    pub(super) fn meets(&self, cell: &Cell) -> bool {
        let (west, south, east, north) = (cell.x, cell.y, cell.last_x(), cell.last_y());
        let (lo_x, lo_y) = (i64::from(self.lo.x), i64::from(self.lo.y));
        let (hi_x, hi_y) = (i64::from(self.hi.x), i64::from(self.hi.y));
        if lo_y > north || hi_y < south || lo_x.min(hi_x) > east || lo_x.max(hi_x) < west {
            return false;
        }
        let (dx, dy) = self.run();
        let side = |x: i64, y: i64| ((x - lo_x) * dy).cmp(&((y - lo_y) * dx)) as i8;
        let (one, other) = if dx >= 0 {
            (side(west, north), side(east, south))
        } else {
            (side(west, south), side(east, north))
        };
        one * other <= 0
    }
}
