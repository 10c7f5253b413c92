//! An outline that answers "how deep inside?" quickly.

use std::collections::HashMap;

use super::terrain::Xy;

/// Side of a cell of the index, metres.
const CELL_M: f64 = 1500.0;
/// Cells around a place that are searched for the outline.
const RINGS: i32 = 4;

/// Rings on the plane with an index of their edges.
#[derive(Clone, Debug, Default)]
pub(crate) struct Polygon {
    edges: Vec<(Xy, Xy)>,
    by_cell: HashMap<(i32, i32), Vec<u32>>,
    by_row: HashMap<i32, Vec<u32>>,
}

fn cell(metres: f64) -> i32 {
    (metres / CELL_M).floor() as i32
}

impl Polygon {
    /// Of rings, not closed; a place is inside by the even-odd rule.
    pub(crate) fn of(rings: Vec<Vec<Xy>>) -> Self {
        let mut this = Self::default();
        for ring in rings {
            for (&a, &b) in ring.iter().zip(ring.iter().cycle().skip(1)) {
                this.add(a, b);
            }
        }
        this
    }

    fn add(&mut self, a: Xy, b: Xy) {
        let edge = self.edges.len() as u32;
        self.edges.push((a, b));
        let (west, east) = (cell(a.x.min(b.x)), cell(a.x.max(b.x)));
        for row in cell(a.y.min(b.y))..=cell(a.y.max(b.y)) {
            self.by_row.entry(row).or_default().push(edge);
            for column in west..=east {
                self.by_cell.entry((column, row)).or_default().push(edge);
            }
        }
    }

    /// Signed distance to the outline, metres, positive inside; at most a few kilometres, farther is not measured.
    pub(crate) fn depth_m(&self, at: Xy) -> f64 {
        let (column, row) = (cell(at.x), cell(at.y));
        let mut nearest = f64::from(RINGS) * CELL_M;
        for ring in 0..=RINGS {
            if nearest < f64::from(ring - 1) * CELL_M {
                break;
            }
            for y in row - ring..=row + ring {
                let whole = (y - row).abs() == ring;
                for x in column - ring..=column + ring {
                    if !whole && (x - column).abs() != ring {
                        continue;
                    }
                    for &edge in self.by_cell.get(&(x, y)).into_iter().flatten() {
                        let (a, b) = self.edges[edge as usize];
                        nearest = nearest.min(to_segment_m(at, a, b));
                    }
                }
            }
        }
        if self.contains(at) { nearest } else { -nearest }
    }

    /// West and east, south and north end, metres.
    pub(crate) fn extent(&self) -> ((f64, f64), (f64, f64)) {
        let (mut x, mut y) = ((f64::MAX, f64::MIN), (f64::MAX, f64::MIN));
        for (a, _) in &self.edges {
            x = (x.0.min(a.x), x.1.max(a.x));
            y = (y.0.min(a.y), y.1.max(a.y));
        }
        (x, y)
    }

    /// Whether a place is inside.
    pub(crate) fn contains(&self, at: Xy) -> bool {
        let mut inside = false;
        for &edge in self.by_row.get(&cell(at.y)).into_iter().flatten() {
            let (a, b) = self.edges[edge as usize];
            if (a.y <= at.y) != (b.y <= at.y) {
                inside ^= at.x < a.x + (at.y - a.y) / (b.y - a.y) * (b.x - a.x);
            }
        }
        inside
    }
}

/// Distance from a place to a segment, metres.
pub(crate) fn to_segment_m(p: Xy, a: Xy, b: Xy) -> f64 {
    let (dx, dy) = (b.x - a.x, b.y - a.y);
    let length2 = dx * dx + dy * dy;
    let t = if length2 == 0.0 { 0.0 } else { ((p.x - a.x) * dx + (p.y - a.y) * dy) / length2 };
    let t = t.clamp(0.0, 1.0);
    Xy { x: a.x + t * dx, y: a.y + t * dy }.distance_m(p)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn depth_is_the_distance_to_the_outline_with_the_sign_of_the_side() {
        let square = [(0.0, 0.0), (9000.0, 0.0), (9000.0, 9000.0), (0.0, 9000.0)];
        let square = Polygon::of(vec![square.map(|(x, y)| Xy { x, y }).to_vec()]);
        for (x, y, depth) in
            [(1000.0, 4000.0, 1000.0), (-700.0, 4000.0, -700.0), (9300.0, 9400.0, -500.0)]
        {
            assert!((square.depth_m(Xy { x, y }) - depth).abs() < 1e-9, "{x} {y}");
        }
        assert!(square.depth_m(Xy { x: 60_000.0, y: 0.0 }) <= -6000.0);
    }
}
