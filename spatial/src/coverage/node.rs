//! Borders that should meet, made to meet: vertices snapped, edges split at a neighbour's vertex.
//!
//! Only edges without a partner are looked at, so this costs next to nothing on a clean coverage.
//! Nothing moves by more than [`Coverage::TOLERANCE`](super::Coverage::TOLERANCE) lattice units a
//! round, of which there are at most four, and never so that an edge of a face collapses.

use std::collections::{HashMap, HashSet};

use rstar::{AABB, RTree};

use super::edges::{OddEdge, Pairing, pair};
use super::{Coverage, Defect, DefectKind, Face, LatticeRing};
use crate::lattice::{LatticePoint, turn};

/// Snapping can make room for more snapping; after this many rounds the rest is reported as is.
const MAX_ROUNDS: usize = 4;

/// Faces whose borders meet as far as the tolerance allows.
pub(crate) struct Noded {
    pub(crate) faces: Vec<Face>,
    pub(crate) pairing: Pairing,
    /// What was snapped and split.
    pub(crate) repairs: Vec<Defect>,
}

/// Pairs the edges of faces, noding where they do not pair.
pub(crate) fn noded(mut faces: Vec<Face>) -> Noded {
    let mut repairs = Vec::new();
    let mut pairing = paired(&faces);
    for _ in 0..MAX_ROUNDS {
        let found = node(&mut faces, &pairing.odd);
        if found.is_empty() {
            break;
        }
        repairs.extend(found);
        pairing = paired(&faces);
    }
    Noded { faces, pairing, repairs }
}

fn paired(faces: &[Face]) -> Pairing {
    pair((0..).zip(faces.iter().map(|face| &face.shape)))
}

/// Snaps and splits once; the defects say where. Empty when there was nothing to do.
fn node(faces: &mut [Face], odd: &[OddEdge]) -> Vec<Defect> {
    let vertices: HashSet<LatticePoint> = odd.iter().map(|edge| edge.from).collect();
    let tree = RTree::bulk_load(vertices.iter().map(|p| [p.x, p.y]).collect());
    let owners = owners(faces, &vertices);
    let mut defects = snap(faces, &tree, &owners);
    if defects.is_empty() {
        defects = split(faces, odd, &tree, &owners);
    }
    defects
}

type Owners = HashMap<LatticePoint, Vec<u32>>;

/// The indices of the faces that have each of some vertices.
fn owners(faces: &[Face], vertices: &HashSet<LatticePoint>) -> Owners {
    let mut owners = Owners::new();
    for (index, face) in (0..).zip(faces) {
        for point in face.shape.rings().flat_map(|ring| &ring.0) {
            if vertices.contains(point) {
                let list = owners.entry(*point).or_default();
                if list.last() != Some(&index) {
                    list.push(index);
                }
            }
        }
    }
    owners
}

/// The vertices in the box around two points, grown by the tolerance.
fn near(
    tree: &RTree<[i32; 2]>,
    a: LatticePoint,
    b: LatticePoint,
) -> impl Iterator<Item = LatticePoint> + '_ {
    let reach = Coverage::TOLERANCE;
    let low = [a.x.min(b.x).saturating_sub(reach), a.y.min(b.y).saturating_sub(reach)];
    let high = [a.x.max(b.x).saturating_add(reach), a.y.max(b.y).saturating_add(reach)];
    let found = tree.locate_in_envelope(&AABB::from_corners(low, high));
    found.map(|[x, y]| LatticePoint::new(*x, *y))
}

/// Moves pairs of near vertices of different faces together.
fn snap(faces: &mut [Face], tree: &RTree<[i32; 2]>, owners: &Owners) -> Vec<Defect> {
    let mut moves: HashMap<LatticePoint, LatticePoint> = HashMap::new();
    let mut taken: HashSet<LatticePoint> = HashSet::new();
    let mut defects = Vec::new();
    let mut points: Vec<LatticePoint> = owners.keys().copied().collect();
    points.sort_unstable();
    for point in points {
        // A vertex that has moved or been moved to stays, so nothing travels further.
        let partner = near(tree, point, point)
            .filter(|other| *other > point && !taken.contains(other) && !taken.contains(&point))
            .find(|other| owners[&point].iter().all(|face| !owners[other].contains(face)));
        if let Some(other) = partner {
            taken.extend([point, other]);
            moves.insert(other, point);
            let concerned = owners[&point].iter().chain(&owners[&other]);
            defects.push(found(DefectKind::Snapped, point, concerned, faces));
        }
    }
    if !moves.is_empty() {
        let moved_faces: HashSet<u32> = moves.keys().flat_map(|p| &owners[p]).copied().collect();
        for index in moved_faces {
            rewrite(&mut faces[index as usize], |ring| {
                for point in &mut ring.0 {
                    *point = moves.get(point).copied().unwrap_or(*point);
                }
            });
        }
    }
    defects
}

/// Gives edges a vertex where a neighbour has one on them.
fn split(
    faces: &mut [Face],
    odd: &[OddEdge],
    tree: &RTree<[i32; 2]>,
    owners: &Owners,
) -> Vec<Defect> {
    let mut splits: HashMap<(u32, LatticePoint, LatticePoint), Vec<LatticePoint>> = HashMap::new();
    let mut defects = Vec::new();
    for edge in odd {
        let mut on_edge: Vec<LatticePoint> = near(tree, edge.from, edge.to)
            .filter(|point| is_on(*point, edge.from, edge.to))
            .filter(|point| !owners[point].contains(&edge.face))
            .collect();
        if on_edge.is_empty() {
            continue;
        }
        on_edge.sort_unstable_by_key(|point| along(*point, edge.from, edge.to));
        on_edge.dedup_by_key(|point| along(*point, edge.from, edge.to));
        for point in &on_edge {
            let concerned = owners[point].iter().chain([&edge.face]);
            defects.push(found(DefectKind::TJunction, *point, concerned, faces));
        }
        splits.insert((edge.face, edge.from, edge.to), on_edge);
    }
    let split_faces: HashSet<u32> = splits.keys().map(|(face, ..)| *face).collect();
    for index in split_faces {
        rewrite(&mut faces[index as usize], |ring| {
            let mut points = Vec::with_capacity(ring.0.len());
            for (from, to) in ring.edges() {
                points.push(from);
                points.extend(splits.get(&(index, from, to)).into_iter().flatten());
            }
            ring.0 = points;
        });
    }
    defects
}

/// Whether a point lies within the tolerance of an edge and strictly between its ends.
fn is_on(point: LatticePoint, from: LatticePoint, to: LatticePoint) -> bool {
    let off = turn(from, to, point);
    let length2 = along(to, from, to);
    let at = along(point, from, to);
    let reach = i128::from(Coverage::TOLERANCE);
    // off / length is the distance. A square beyond 2^127 is farther than any edge is long.
    let near = off.checked_mul(off).is_some_and(|square| square <= reach * reach * length2);
    0 < at && at < length2 && near
}

/// How far along an edge a point lies, times the edge's length, in square lattice units.
fn along(point: LatticePoint, from: LatticePoint, to: LatticePoint) -> i128 {
    let step = |to: i32, from: i32| i128::from(i64::from(to) - i64::from(from));
    step(point.x, from.x) * step(to.x, from.x) + step(point.y, from.y) * step(to.y, from.y)
}

fn rewrite(face: &mut Face, change: impl Fn(&mut LatticeRing)) {
    for part in &mut face.shape.0 {
        for ring in std::iter::once(&mut part.exterior).chain(&mut part.holes) {
            change(ring);
            ring.0.dedup();
        }
    }
}

fn found<'a>(
    kind: DefectKind,
    place: LatticePoint,
    concerned: impl Iterator<Item = &'a u32>,
    faces: &[Face],
) -> Defect {
    let mut ids: Vec<u32> = concerned.map(|index| faces[*index as usize].id).collect();
    ids.sort_unstable();
    ids.dedup();
    Defect { kind, location: place.lng_lat(), area_m2: 0.0, count: 1, faces: ids }
}
