//! Borders that cross between their vertices, given a common vertex there.
//!
//! Snap rounding (Hobby 1999; Guibas and Marimont 1998): the places where edges cross are rounded
//! to the lattice, and each edge is led through every vertex whose square, one step wide, it
//! passes. Edges so rounded meet at common vertices only, and no place of an edge moves by more
//! than half a step east or west and north or south. What is then covered twice or not at all has
//! lattice points for corners, so that nothing of it is lost by rounding, however thin it is.

use std::collections::{HashMap, HashSet};

use rstar::primitives::{GeomWithData, Rectangle};
use rstar::{AABB, RTree};

use super::edges::OddEdge;
use super::node::{Touched, touch};
use super::rings::{joined, nested};
use super::{Defect, DefectKind, Face};
use crate::lattice::{LatticePoint, turn};

/// An edge, the lesser end first.
type Segment = (LatticePoint, LatticePoint);
type Boxes = RTree<GeomWithData<Rectangle<[i64; 2]>, u32>>;

/// Gives the edges of faces a vertex wherever edges without a partner cross; the defects say where.
/// Edges that cross no other stay as they are.
pub(super) fn knotted(faces: &mut [Face], odd: &[OddEdge], touched: &mut Touched) -> Vec<Defect> {
    let mut owners: HashMap<Segment, Vec<u32>> = HashMap::new();
    for edge in odd {
        let key = (edge.from.min(edge.to), edge.from.max(edge.to));
        owners.entry(key).or_default().push(edge.face);
    }
    let mut segments: Vec<Segment> = owners.keys().copied().collect();
    segments.sort_unstable();
    let crossings = crossings(&segments);
    if crossings.is_empty() {
        return Vec::new();
    }
    let mut hot: HashSet<LatticePoint> = segments.iter().flat_map(|(a, b)| [*a, *b]).collect();
    hot.extend(crossings.iter().map(|crossing| crossing.place));
    let tree = RTree::bulk_load(hot.into_iter().map(wide).collect());
    let via = segments.iter().map(|segment| (*segment, passed(*segment, &tree)));
    let via: HashMap<Segment, Vec<LatticePoint>> =
        via.filter(|(_, points)| !points.is_empty()).collect();
    for index in 0..faces.len() as u32 {
        let is_led = |(a, b): (LatticePoint, LatticePoint)| via.contains_key(&(a.min(b), a.max(b)));
        if faces[index as usize].shape.edges().any(is_led) {
            touch(touched, index, faces);
            lead(&mut faces[index as usize], &via);
        }
    }

    let found = |crossing: &Crossing| {
        let both = [crossing.one, crossing.other].map(|at| &owners[&segments[at]]);
        let mut ids: Vec<u32> =
            both.into_iter().flatten().map(|at| faces[*at as usize].id).collect();
        ids.sort_unstable();
        ids.dedup();
        let location = crossing.place.lng_lat();
        Defect { kind: DefectKind::Crossing, location, area_m2: 0.0, count: 1, faces: ids }
    };
    crossings.iter().map(found).collect()
}

fn wide(point: LatticePoint) -> [i64; 2] {
    [i64::from(point.x), i64::from(point.y)]
}

/// Two segments that cross, and the lattice point nearest to where.
struct Crossing {
    one: usize,
    other: usize,
    place: LatticePoint,
}

/// All pairs of segments that meet inside both.
fn crossings(segments: &[Segment]) -> Vec<Crossing> {
    let area = |(a, b): Segment| Rectangle::from_corners(wide(a), wide(b));
    let boxes = (0..).zip(segments).map(|(at, segment)| GeomWithData::new(area(*segment), at));
    let boxes: Boxes = RTree::bulk_load(boxes.collect());
    let mut found = Vec::new();
    for (one, (a, b)) in segments.iter().enumerate() {
        let near = boxes.locate_in_envelope_intersecting(&AABB::from_corners(wide(*a), wide(*b)));
        for other in near.map(|near| near.data as usize).filter(|other| *other > one) {
            let (c, d) = segments[other];
            let apart = |p: Segment, q: Segment| {
                turn(p.0, p.1, q.0).signum() * turn(p.0, p.1, q.1).signum() < 0
            };
            if apart((*a, *b), (c, d)) && apart((c, d), (*a, *b)) {
                found.push(Crossing { one, other, place: crossing((*a, *b), (c, d)) });
            }
        }
    }
    found.sort_unstable_by_key(|crossing| (crossing.place, crossing.one, crossing.other));
    found
}

/// The lattice point nearest to where two segments that cross do so.
fn crossing((a, b): Segment, (c, d): Segment) -> LatticePoint {
    // At a + (b - a) · part / whole.
    let (from_c, from_d) = (turn(c, d, a), turn(c, d, b));
    let (part, whole) = (from_c.abs(), from_c.abs() + from_d.abs());
    let at = |from: i32, to: i32| {
        let run = i128::from(to) - i128::from(from);
        let step = (2 * run * part + whole).div_euclid(2 * whole);
        (i128::from(from) + step) as i32
    };
    LatticePoint::new(at(a.x, b.x), at(a.y, b.y))
}

/// The vertices, ends excepted, whose squares a segment passes, on the way from its lesser end.
fn passed((a, b): Segment, hot: &RTree<[i64; 2]>) -> Vec<LatticePoint> {
    let (low, high) = (wide(a), wide(b));
    let corner =
        |of: fn(i64, i64) -> i64, by: i64| [0, 1].map(|axis| of(low[axis], high[axis]) + by);
    let near = AABB::from_corners(corner(i64::min, -1), corner(i64::max, 1));
    let mut points: Vec<LatticePoint> = hot
        .locate_in_envelope(&near)
        .map(|[x, y]| LatticePoint::new(*x as i32, *y as i32))
        .filter(|point| *point != a && *point != b && passes((a, b), *point))
        .collect();
    // The walk never turns back: the lesser end is the western one.
    let is_rising = b.y >= a.y;
    points.sort_unstable_by_key(|point| {
        (point.x, if is_rising { i64::from(point.y) } else { -i64::from(point.y) })
    });
    points
}

/// Whether a segment passes the square around a lattice point: half a step each way, the western
/// and southern sides included.
fn passes((a, b): Segment, point: LatticePoint) -> bool {
    // In half steps from the point; `a` is the western end, or the southern one.
    let half = |p: LatticePoint| {
        let step = |to: i32, from: i32| 2 * (i128::from(to) - i128::from(from));
        (step(p.x, point.x), step(p.y, point.y))
    };
    let (a, b) = (half(a), half(b));
    let (south, north) = (a.1.min(b.1), a.1.max(b.1));
    if a.0 >= 1 || b.0 < -1 || south >= 1 || north < -1 {
        return false;
    }
    if a.0 == b.0 || a.1 == b.1 {
        return true;
    }
    let side = |x: i128, y: i128| ((b.0 - a.0) * (y - a.1) - (b.1 - a.1) * (x - a.0)).signum();
    let is_rising = a.1 < b.1;
    let (north_west, north_east) = (side(-1, 1), side(1, 1));
    let (south_west, south_east) = (side(-1, -1), side(1, -1));
    // Through a corner that does not belong to the square it passes inside or not at all.
    if north_west == 0 {
        return !is_rising;
    }
    if north_east == 0 {
        return is_rising;
    }
    if south_west == 0 {
        return true;
    }
    if south_east == 0 {
        return !is_rising;
    }
    [north_east, south_west, south_east].iter().any(|side| *side != north_west)
}

/// Leads a face's edges along their ways.
fn lead(face: &mut Face, via: &HashMap<Segment, Vec<LatticePoint>>) {
    let mut edges = Vec::new();
    for (from, to) in face.shape.edges().filter(|(from, to)| from != to) {
        let mut walk = vec![from];
        walk.extend(via.get(&(from.min(to), from.max(to))).into_iter().flatten());
        if from > to {
            walk[1..].reverse();
        }
        walk.push(to);
        edges.extend(walk.windows(2).map(|pair| (pair[0], pair[1])));
    }
    face.shape = nested(joined(without_returns(edges)));
}

/// Edges without those that are walked there and back, which are no border.
pub(super) fn without_returns(
    edges: impl IntoIterator<Item = (LatticePoint, LatticePoint)>,
) -> Vec<(LatticePoint, LatticePoint)> {
    let mut turns = HashMap::<Segment, i32>::new();
    for (from, to) in edges {
        let (key, turn) = if from < to { ((from, to), 1) } else { ((to, from), -1) };
        *turns.entry(key).or_default() += turn;
    }
    let directed = turns.into_iter().flat_map(|((a, b), turns)| {
        let edge = if turns > 0 { (a, b) } else { (b, a) };
        std::iter::repeat_n(edge, turns.unsigned_abs() as usize)
    });
    directed.collect()
}

#[cfg(test)]
#[path = "knot_tests.rs"]
mod tests;
