//! A static k-d tree: points sorted so that every half of a half is a run.

use super::Place;
use crate::lattice::{LatticeBox, LatticePoint};

/// Points in a leaf at most.
const LEAF: usize = 32;
/// Below this a half is not worth a task of its own.
const TASK: usize = 1 << 15;

/// Where a run of points is halved.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Split {
    pub(super) at: i32,
    pub(super) is_north: bool,
}

/// Points in runs, coordinate by coordinate.
///
/// The run of node `n` is halved into those of `2n + 1` and `2n + 2`, the lower one shorter by at
/// most one point. All leaves are equally deep.
#[derive(Clone, Debug)]
pub(super) struct Tree {
    pub(super) xs: Vec<i32>,
    pub(super) ys: Vec<i32>,
    pub(super) ids: Vec<u32>,
    pub(super) kinds: Vec<u8>,
    pub(super) splits: Vec<Split>,
    /// The corners of the box around all points.
    bounds: LatticeBox,
    /// The kinds below each node, leaves included.
    pub(super) below: Vec<u32>,
}

impl Tree {
    pub(super) fn new(mut places: Vec<Place>) -> Self {
        let mut depth = 0;
        while places.len() >> depth > LEAF {
            depth += 1;
        }
        let bounds = LatticeBox::around(places.iter().map(|place| place.point));
        let splits = halve(&mut places, depth);
        let kinds: Vec<u8> = places.iter().map(|place| place.kind % 32).collect();
        let mut below = vec![0; (2 << depth) - 1];
        fill(&mut below, &kinds, 0, (0, kinds.len()), splits.len());
        Self {
            xs: places.iter().map(|place| place.point.x).collect(),
            ys: places.iter().map(|place| place.point.y).collect(),
            ids: places.iter().map(|place| place.id).collect(),
            kinds,
            splits,
            bounds: bounds.unwrap_or(LatticeBox {
                min: LatticePoint::default(),
                max: LatticePoint::default(),
            }),
            below,
        }
    }

    /// Steps east or west, and north or south, from a place to the box around all points.
    pub(super) fn apart(&self, x: f64, y: f64) -> (f64, f64) {
        let beyond = |at: f64, least: i32, most: i32| {
            (f64::from(least) - at).max(at - f64::from(most)).max(0.0)
        };
        let LatticeBox { min, max } = self.bounds;
        (beyond(x, min.x, max.x), beyond(y, min.y, max.y))
    }

    pub(super) fn len(&self) -> usize {
        self.ids.len()
    }

    pub(super) fn place(&self, at: usize) -> Place {
        let point = LatticePoint::new(self.xs[at], self.ys[at]);
        Place { id: self.ids[at], point, kind: self.kinds[at] }
    }

    pub(super) fn places(&self) -> impl Iterator<Item = Place> + '_ {
        (0..self.len()).map(|at| self.place(at))
    }
}

/// Sorts a run so that it can be halved `depth` times; the splits, level by level.
fn halve(places: &mut [Place], depth: u32) -> Vec<Split> {
    if depth == 0 {
        return Vec::new();
    }
    let spread = |coordinate: fn(&Place) -> i32| {
        let values = places.iter().map(coordinate);
        let least = values.clone().min().unwrap_or_default();
        i64::from(values.max().unwrap_or_default()) - i64::from(least)
    };
    // Longitude counts for a little less than latitude where people live.
    let is_north = spread(|place| place.point.y) * 5 > spread(|place| place.point.x) * 4;
    let coordinate = |place: &Place| if is_north { place.point.y } else { place.point.x };
    let middle = places.len() / 2;
    let (_, first, _) = places.select_nth_unstable_by_key(middle, coordinate);
    let split = Split { at: coordinate(first), is_north };
    let big = places.len() > TASK;
    let (low, high) = places.split_at_mut(middle);
    let (low, high) = if big {
        rayon::join(|| halve(low, depth - 1), || halve(high, depth - 1))
    } else {
        (halve(low, depth - 1), halve(high, depth - 1))
    };
    // Both halves have their nodes level by level; so does the whole.
    let mut splits = vec![split];
    let (mut low, mut high) = (&low[..], &high[..]);
    for level in 0..depth - 1 {
        let width = 1 << level;
        for half in [&mut low, &mut high] {
            splits.extend(&half[..width]);
            *half = &half[width..];
        }
    }
    splits
}

fn fill(below: &mut [u32], kinds: &[u8], node: usize, run: (usize, usize), splits: usize) -> u32 {
    let found = if node < splits {
        let middle = usize::midpoint(run.0, run.1);
        fill(below, kinds, 2 * node + 1, (run.0, middle), splits)
            | fill(below, kinds, 2 * node + 2, (middle, run.1), splits)
    } else {
        kinds[run.0..run.1].iter().fold(0, |set, kind| set | 1 << kind)
    };
    below[node] = found;
    found
}
