//! Borders as arcs: what a map simplifies, draws and moves as one.

use std::collections::HashMap;

use super::Face;
use super::edges::Edge;
use crate::lattice::LatticePoint;

/// A maximal walk along the border between the same two faces.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arc {
    /// The walk, both ends included; a closed one ends where it began.
    pub points: Vec<LatticePoint>,
    /// Id of the face on the left, `None` outside the coverage.
    pub left: Option<u32>,
    /// Id of the face on the right, `None` outside the coverage.
    pub right: Option<u32>,
}

/// Joins edges into arcs that end where three or more borders meet or the faces change.
pub(super) fn arcs(edges: &[Edge], faces: &[Face]) -> Vec<Arc> {
    let mut at_point: HashMap<LatticePoint, Vec<u32>> = HashMap::with_capacity(edges.len());
    for (index, edge) in (0..).zip(edges) {
        at_point.entry(edge.a).or_default().push(index);
        at_point.entry(edge.b).or_default().push(index);
    }
    let walker = Walker { edges, at_point };
    let mut used = vec![false; edges.len()];
    let mut arcs = Vec::new();
    let id = |side: Option<u32>| side.map(|face| faces[face as usize].id);
    // First from the nodes, so that what remains is closed; then the closed ones from anywhere.
    for only_nodes in [true, false] {
        for start in 0..edges.len() {
            for forward in [true, false] {
                let (from, _) = ends(&edges[start], forward);
                if used[start] || (only_nodes && walker.next(start, from).is_some()) {
                    continue;
                }
                let (left, right) = sides(&edges[start], forward);
                let points = walker.walk(start, forward, &mut used);
                arcs.push(Arc { points, left: id(left), right: id(right) });
            }
        }
    }
    arcs
}

struct Walker<'a> {
    edges: &'a [Edge],
    at_point: HashMap<LatticePoint, Vec<u32>>,
}

impl Walker<'_> {
    /// Walks from edge `start` until the arc ends.
    fn walk(&self, start: usize, forward: bool, used: &mut [bool]) -> Vec<LatticePoint> {
        let (from, mut at) = ends(&self.edges[start], forward);
        let mut points = vec![from, at];
        used[start] = true;
        let mut current = start;
        while let Some(next) = self.next(current, at).filter(|next| !used[*next]) {
            used[next] = true;
            let edge = &self.edges[next];
            at = if edge.a == at { edge.b } else { edge.a };
            points.push(at);
            current = next;
        }
        points
    }

    /// The edge that continues the border of `edge` beyond its end `at`; `None` at a node.
    fn next(&self, edge: usize, at: LatticePoint) -> Option<usize> {
        let [one, other] = self.at_point[&at][..] else { return None };
        let next = if one as usize == edge { other } else { one } as usize;
        let leaving = sides(&self.edges[next], self.edges[next].a == at);
        let arriving = sides(&self.edges[edge], self.edges[edge].b == at);
        (leaving == arriving).then_some(next)
    }
}

/// Start and end of an edge walked forward (a → b) or back.
fn ends(edge: &Edge, forward: bool) -> (LatticePoint, LatticePoint) {
    if forward { (edge.a, edge.b) } else { (edge.b, edge.a) }
}

/// The faces left and right of an edge walked forward or back.
fn sides(edge: &Edge, forward: bool) -> (Option<u32>, Option<u32>) {
    if forward { (edge.left, edge.right) } else { (edge.right, edge.left) }
}
