//! The nearest face to a point that lies in none, for reports from just outside the city.

use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;

use rstar::{AABB, RTreeNode, RTreeObject};

use super::locator::Leaf;
use super::{Locate, Locator};
use crate::crs::{LngLat, Wgs84};
use crate::lattice::{LatticePoint, UNITS_PER_DEGREE};
use crate::measure::{distance_m, step_m};

/// The plane around a point, in metres: longitude shrinks by the cosine of the point's latitude.
#[derive(Clone, Copy)]
pub(super) struct Plane {
    pub(super) origin: LatticePoint,
    pub(super) east_m: f64,
    pub(super) north_m: f64,
}

/// What the search may look at next, nearest first.
struct Candidate<'a> {
    apart_m: f64,
    node: &'a RTreeNode<Leaf>,
}

impl Locator {
    /// The face nearest to `point` and the length in metres of the geodesic to its border.
    ///
    /// The distance is 0 for a face that holds the point. Which face is nearest is judged in the
    /// plane around the point: within 10 km a face may be preferred to one nearer by a thousandth,
    /// from farther away by more. `None` only when there are no faces.
    pub fn nearest(&self, point: LatticePoint) -> Option<(u32, f64)> {
        let holder = self.locate(point).map(|id| (id, 0.0));
        holder.or_else(|| self.nearest_border(point))
    }

    /// The face whose border is nearest to `point`, from inside or outside, and the length in
    /// metres of the geodesic to it; judged as [`nearest`](Self::nearest).
    ///
    /// Tells how sure an answer is, and whether a layer's vertices lie on known borders.
    pub fn nearest_border(&self, point: LatticePoint) -> Option<(u32, f64)> {
        let (east_m, north_m) = step_m(point.y);
        let plane = Plane { origin: point, east_m, north_m };
        let roots = [self.tree.root(), self.fresh.root()];
        let mut queue: BinaryHeap<_> =
            roots.into_iter().flat_map(|root| ranked(root.children(), plane)).collect();
        let mut best: Option<(f64, LngLat<Wgs84>, u32)> = None;
        while let Some(Reverse(candidate)) = queue.pop() {
            if best.as_ref().is_some_and(|(apart, ..)| *apart <= candidate.apart_m) {
                break;
            }
            match candidate.node {
                RTreeNode::Parent(parent) => {
                    queue.extend(ranked(parent.children(), plane));
                }
                RTreeNode::Leaf(leaf) if self.is_old(leaf) => {}
                RTreeNode::Leaf(leaf) => {
                    for (a, b) in leaf.face.shape().edges() {
                        let (apart, spot) = plane.to_edge(a, b);
                        if best.as_ref().is_none_or(|(least, ..)| apart < *least) {
                            best = Some((apart, spot, leaf.id));
                        }
                    }
                }
            }
        }
        best.map(|(_, spot, id)| (id, distance_m(point.lng_lat(), spot)))
    }
}

fn ranked(nodes: &[RTreeNode<Leaf>], plane: Plane) -> impl Iterator<Item = Reverse<Candidate<'_>>> {
    nodes.iter().map(move |node| {
        let envelope = match node {
            RTreeNode::Leaf(leaf) => leaf.envelope(),
            RTreeNode::Parent(parent) => parent.envelope(),
        };
        Reverse(Candidate { apart_m: plane.to_box_m(envelope), node })
    })
}

impl Plane {
    /// Metres from the origin to the nearest place of a box.
    fn to_box_m(self, envelope: AABB<[i32; 2]>) -> f64 {
        let ([west, south], [east, north]) = (envelope.lower(), envelope.upper());
        let beyond = |at: i32, low: i32, high: i32| {
            let (at, low, high) = (f64::from(at), f64::from(low), f64::from(high));
            (low - at).max(at - high).max(0.0)
        };
        let dx = beyond(self.origin.x, west, east) * self.east_m;
        dx.hypot(beyond(self.origin.y, south, north) * self.north_m)
    }

    /// Metres from the origin to an edge, and the place on the edge that is nearest.
    pub(super) fn to_edge(self, a: LatticePoint, b: LatticePoint) -> (f64, LngLat<Wgs84>) {
        let flat = |point: LatticePoint| {
            let dx = f64::from(point.x) - f64::from(self.origin.x);
            let dy = f64::from(point.y) - f64::from(self.origin.y);
            (dx * self.east_m, dy * self.north_m)
        };
        let ((ax, ay), (bx, by)) = (flat(a), flat(b));
        let (dx, dy) = (bx - ax, by - ay);
        let length2 = dx * dx + dy * dy;
        let along =
            if length2 > 0.0 { (-(ax * dx + ay * dy) / length2).clamp(0.0, 1.0) } else { 0.0 };
        let apart_m = (ax + along * dx).hypot(ay + along * dy);
        let between = |from: i32, to: i32| {
            let from = f64::from(from);
            (from + along * (f64::from(to) - from)) / UNITS_PER_DEGREE
        };
        (apart_m, LngLat::trusted(between(a.x, b.x), between(a.y, b.y)))
    }
}

impl PartialEq for Candidate<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Candidate<'_> {}

impl PartialOrd for Candidate<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Candidate<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.apart_m.total_cmp(&other.apart_m)
    }
}
