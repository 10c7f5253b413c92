//! Rings out of loose directed edges, and polygons out of rings.

use std::collections::HashMap;

use super::{LatticeMultiPolygon, LatticePolygon, LatticeRing};
use crate::lattice::{LatticeBox, LatticePoint, turn};

/// Joins directed edges, area on the left, into rings that touch themselves nowhere.
///
/// Every vertex must have as many edges going out as coming in. Where several go out, the sharpest
/// turn to the left is taken, which keeps to the border of one connected piece; a ring that comes
/// by a vertex twice is split there.
pub(crate) fn joined(mut edges: Vec<(LatticePoint, LatticePoint)>) -> Vec<LatticeRing> {
    edges.sort_unstable();
    let mut used = vec![false; edges.len()];
    let mut rings = Vec::new();
    for start in 0..edges.len() {
        if used[start] {
            continue;
        }
        let mut path: Vec<LatticePoint> = vec![edges[start].0];
        let mut position: HashMap<LatticePoint, usize> = HashMap::from([(edges[start].0, 0)]);
        let mut current = start;
        loop {
            used[current] = true;
            let (from, at) = edges[current];
            if let Some(&seen) = position.get(&at) {
                for point in &path[seen + 1..] {
                    position.remove(point);
                }
                rings.push(LatticeRing(path.split_off(seen)));
            } else {
                position.insert(at, path.len());
            }
            path.push(at);
            position.insert(at, path.len() - 1);
            let first = edges.partition_point(|(begin, _)| *begin < at);
            let out = (first..edges.len()).take_while(|next| edges[*next].0 == at);
            let unused = out.filter(|next| !used[*next]);
            match unused.reduce(|one, other| sharper_left(&edges, from, at, one, other)) {
                Some(next) => current = next,
                None => break,
            }
        }
    }
    rings
}

/// Of two edges going out of `at`, the one more to the left of the walk `from` → `at`.
fn sharper_left(
    edges: &[(LatticePoint, LatticePoint)],
    from: LatticePoint,
    at: LatticePoint,
    one: usize,
    other: usize,
) -> usize {
    let (p, q) = (edges[one].1, edges[other].1);
    // 1 left of the walk, 0 straight on or back, -1 right of it.
    let (side_p, side_q) = (turn(from, at, p).signum(), turn(from, at, q).signum());
    let left = if side_p == side_q { turn(at, q, p) > 0 } else { side_p > side_q };
    if left { one } else { other }
}

/// Sorts rings that touch at vertices only into parts with their holes.
///
/// Counter-clockwise rings are exteriors; each clockwise one becomes a hole of the smallest
/// exterior around it and is dropped when there is none.
pub(crate) fn nested(rings: Vec<LatticeRing>) -> LatticeMultiPolygon {
    let (mut exteriors, holes): (Vec<_>, Vec<_>) =
        rings.into_iter().partition(|ring| ring.double_area() > 0);
    exteriors.sort_by_cached_key(LatticeRing::double_area);
    let bounds: Vec<Option<LatticeBox>> = exteriors.iter().map(LatticeRing::bounds).collect();
    let mut parts: Vec<_> = exteriors.into_iter().map(LatticePolygon::solid).collect();
    for hole in holes {
        let Some((a, b)) = hole.edges().next() else { continue };
        let around = (0..parts.len()).find(|&part| {
            bounds[part].is_some_and(|bounds| bounds.contains(a) && bounds.contains(b))
                && holds_middle(&parts[part].exterior, a, b)
        });
        if let Some(part) = around {
            parts[part].holes.push(hole);
        }
    }
    LatticeMultiPolygon(parts)
}

/// Whether the middle of the edge `a` → `b`, which must not be on `ring`, lies inside it.
fn holds_middle(ring: &LatticeRing, a: LatticePoint, b: LatticePoint) -> bool {
    // All coordinates doubled, so that the middle is whole.
    let double = |p: LatticePoint| (2 * i128::from(p.x), 2 * i128::from(p.y));
    let (x, y) = (i128::from(a.x) + i128::from(b.x), i128::from(a.y) + i128::from(b.y));
    let meets = ring.edges().filter(|(p, q)| {
        let (lo, hi) = if p.y <= q.y { (double(*p), double(*q)) } else { (double(*q), double(*p)) };
        lo.1 <= y && y < hi.1 && (x - lo.0) * (hi.1 - lo.1) >= (y - lo.1) * (hi.0 - lo.0)
    });
    meets.count() % 2 == 1
}

#[cfg(test)]
#[path = "rings_tests.rs"]
mod tests;
