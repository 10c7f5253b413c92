//! The plane cut into square top cells.

use crate::lattice::{LatticeBox, LatticePoint};

/// Top cells, row by row from the south-west corner; each 2^`shift` lattice units a side.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Frame {
    pub(super) west: i32,
    pub(super) south: i32,
    pub(super) shift: u32,
    pub(super) columns: u32,
    pub(super) rows: u32,
}

/// A square of the plane: its south-west corner and the log2 of its side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Cell {
    pub(super) x: i64,
    pub(super) y: i64,
    pub(super) shift: u32,
}

/// A point's top cell and its steps from the frame's south-west corner.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Place {
    pub(super) cell: u32,
    pub(super) east: u32,
    pub(super) north: u32,
}

impl Frame {
    /// Cells are never wider than this, so that products of their coordinates stay in 64 bits.
    pub(super) const LARGEST_SHIFT: u32 = 26;
    const SMALLEST_SHIFT: u32 = 6;
    /// Top cells for every edge, and at least.
    const CELLS_PER_EDGE: u64 = 2;
    const FEWEST_CELLS: u64 = 4096;

    /// The finest frame that a number of edges pays for.
    pub(super) fn around(bounds: LatticeBox, edges: usize) -> Self {
        let affordable = (Self::CELLS_PER_EDGE * edges as u64).max(Self::FEWEST_CELLS);
        let cut = |shift: u32| Self {
            west: bounds.min.x,
            south: bounds.min.y,
            shift,
            columns: (bounds.width() >> shift) as u32 + 1,
            rows: (bounds.height() >> shift) as u32 + 1,
        };
        let pays = |frame: &Self| u64::from(frame.columns) * u64::from(frame.rows) <= affordable;
        let shifts = Self::SMALLEST_SHIFT..Self::LARGEST_SHIFT;
        shifts.map(cut).find(pays).unwrap_or_else(|| cut(Self::LARGEST_SHIFT))
    }

    pub(super) fn cells(&self) -> usize {
        self.columns as usize * self.rows as usize
    }

    /// Where a point lies, `None` outside the frame.
    #[inline]
    pub(super) fn place(&self, point: LatticePoint) -> Option<Place> {
        let Place { east, north, .. } = self.steps(point);
        let (column, row) = (east >> self.shift, north >> self.shift);
        let inside = column < self.columns && row < self.rows;
        inside.then(|| Place { cell: row.wrapping_mul(self.columns) + column, east, north })
    }

    /// A point's steps from the south-west corner, its cell not asked for.
    #[inline]
    pub(super) fn steps(&self, point: LatticePoint) -> Place {
        // A point west or south of the frame wraps around to far east or north of it.
        let east = point.x.wrapping_sub(self.west) as u32;
        let north = point.y.wrapping_sub(self.south) as u32;
        Place { cell: 0, east, north }
    }

    /// The row of a height, clamped to the frame.
    pub(super) fn row(&self, y: i64) -> u32 {
        let row = (y - i64::from(self.south)) >> self.shift;
        row.clamp(0, i64::from(self.rows) - 1) as u32
    }

    /// The column of a longitude, clamped to the frame.
    pub(super) fn column(&self, x: i64) -> u32 {
        let column = (x - i64::from(self.west)) >> self.shift;
        column.clamp(0, i64::from(self.columns) - 1) as u32
    }

    /// The first column that begins at or east of `x`; it may lie beyond the last.
    pub(super) fn column_from(&self, x: i64) -> i64 {
        (x - i64::from(self.west) + (1 << self.shift) - 1) >> self.shift
    }

    pub(super) fn cell(&self, column: u32, row: u32) -> Cell {
        Cell {
            x: i64::from(self.west) + (i64::from(column) << self.shift),
            y: i64::from(self.south) + (i64::from(row) << self.shift),
            shift: self.shift,
        }
    }

    /// Whether a box lies in the frame altogether.
    pub(super) fn holds(&self, area: LatticeBox) -> bool {
        self.place(area.min).is_some() && self.place(area.max).is_some()
    }
}

impl Cell {
    /// The easternmost lattice points of the cell.
    pub(super) fn last_x(&self) -> i64 {
        self.x + (1 << self.shift) - 1
    }

    /// The northernmost lattice points of the cell.
    pub(super) fn last_y(&self) -> i64 {
        self.y + (1 << self.shift) - 1
    }

    /// One of its sixteen parts.
    pub(super) fn child(&self, column: u32, row: u32) -> Self {
        let shift = self.shift - 2;
        let step = |count: u32| i64::from(count) << shift;
        Self { x: self.x + step(column), y: self.y + step(row), shift }
    }
}
