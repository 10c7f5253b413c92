//! The coverage: faces, the edges between them, and what is wrong with them.

use std::collections::HashMap;

use super::arcs::{Arc, arcs};
use super::edges::{Edge, OddEdge};
use super::judge::{self, Region};
use super::node::{Noded, noded};
use super::prepare::{gathered, oriented, told_apart};
use super::rings::{joined, nested};
use super::{Defect, LatticeMultiPolygon};
use crate::lattice::LatticeBox;
use crate::locate::Locator;

/// One face of a coverage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Face {
    /// The caller's number for it.
    pub id: u32,
    /// Its territory.
    pub shape: LatticeMultiPolygon,
}

/// Faces that share their borders edge by edge.
///
/// Built from any shapes; whether they really tile the plane is what the defects tell. With no
/// unrepaired defect every point between the faces belongs to exactly one of them.
#[derive(Clone, Debug, Default)]
pub struct Coverage {
    pub(super) faces: Vec<Face>,
    /// Position in `faces` by id.
    pub(super) index: HashMap<u32, u32>,
    edges: Vec<Edge>,
}

/// What was found while building.
pub(super) struct Judged {
    /// Repairs, and repetitions of whole faces.
    pub(super) repairs: Vec<Defect>,
    pub(super) gaps: Vec<Region>,
    pub(super) overlaps: Vec<Region>,
    pub(super) odd: Vec<OddEdge>,
}

impl Coverage {
    /// How far, in lattice units, a border may be moved to meet its neighbour (1.1 cm).
    pub const TOLERANCE: i32 = 1;
    /// Gaps and overlaps with a mean width below this many metres are called slivers.
    pub const SLIVER_WIDTH_M: f64 = 1.0;

    /// Nodes, pairs and judges faces given with their ids.
    ///
    /// Shapes should be [clean](LatticeMultiPolygon::clean); only orientation is put right here.
    /// Shapes with the same id are parts of one face. A clean coverage costs one sort of its
    /// edges; overlays are made only where edges do not pair. The defects are the repairs made,
    /// then gaps and overlaps, which remain.
    ///
    /// # Example
    /// ```
    /// use spatial::coverage::{Coverage, DefectKind, LatticePolygon, LatticeRing};
    /// use spatial::lattice::LatticePoint;
    /// let at = LatticePoint::new;
    /// let west = LatticeRing(vec![at(0, 0), at(5000, 0), at(5000, 9000), at(0, 9000)]);
    /// let east = LatticeRing(vec![at(4000, 0), at(9000, 0), at(9000, 9000), at(4000, 9000)]);
    /// let faces = [(1, west), (2, east)];
    /// let shapes = faces.map(|(id, ring)| (id, LatticePolygon::solid(ring).into()));
    /// let (coverage, defects) = Coverage::build(shapes.into());
    /// assert_eq!(coverage.faces().len(), 2);
    /// let overlap = defects.iter().find(|defect| !defect.kind.is_repaired()).unwrap();
    /// assert_eq!((overlap.kind, &overlap.faces[..]), (DefectKind::Overlap, &[1, 2][..]));
    /// ```
    pub fn build(shapes: Vec<(u32, LatticeMultiPolygon)>) -> (Self, Vec<Defect>) {
        let (coverage, judged) = Self::judged(shapes);
        let Judged { mut repairs, gaps, overlaps, .. } = judged;
        repairs.extend(gaps.into_iter().chain(overlaps).map(|region| region.defect));
        (coverage, repairs)
    }

    /// The coverage, and what is wrong with it as shapes.
    pub(super) fn judged(shapes: Vec<(u32, LatticeMultiPolygon)>) -> (Self, Judged) {
        let mut faces = gathered(shapes);
        let mut repairs = oriented(&mut faces);
        let (distinct, twins, repeated) = told_apart(faces);
        let Noded { mut faces, pairing, repairs: noding } = noded(distinct);
        repairs.extend(noding);
        repairs.extend(repeated);
        let gaps = judge::gaps(&faces, &pairing.odd);
        let overlaps = judge::overlaps(&faces, &pairing.odd);
        faces.extend(twins);
        let index = (0..).zip(&faces).map(|(at, face)| (face.id, at)).collect();
        let coverage = Self { faces, index, edges: pairing.edges };
        (coverage, Judged { repairs, gaps, overlaps, odd: pairing.odd })
    }

    /// The faces in the order they were given; exact repetitions of another face come last.
    pub fn faces(&self) -> &[Face] {
        &self.faces
    }

    /// The face with an id.
    pub fn face(&self, id: u32) -> Option<&Face> {
        self.index.get(&id).map(|at| &self.faces[*at as usize])
    }

    /// The ids of the faces that share an edge with a face, ascending.
    pub fn neighbours(&self, id: u32) -> Vec<u32> {
        let Some(at) = self.index.get(&id) else { return Vec::new() };
        let across = |edge: &Edge| match (edge.left, edge.right) {
            (Some(left), Some(right)) if left == *at => Some(right),
            (Some(left), Some(right)) if right == *at => Some(left),
            _ => None,
        };
        let mut ids: Vec<u32> =
            self.edges.iter().filter_map(across).map(|at| self.faces[at as usize].id).collect();
        ids.sort_unstable();
        ids.dedup();
        ids
    }

    /// All pairs (lower id, higher id) of faces that share an edge, ascending.
    pub fn neighbour_pairs(&self) -> Vec<(u32, u32)> {
        let id = |at: u32| self.faces[at as usize].id;
        let both = |edge: &Edge| Some((id(edge.left?), id(edge.right?)));
        let ordered = |(one, other): (u32, u32)| (one.min(other), one.max(other));
        let mut pairs: Vec<_> = self.edges.iter().filter_map(both).map(ordered).collect();
        pairs.sort_unstable();
        pairs.dedup();
        pairs
    }

    /// The borders as arcs: maximal walks between the same two faces, each once.
    pub fn arcs(&self) -> Vec<Arc> {
        arcs(&self.edges, &self.faces)
    }

    /// An index that finds the face of a point.
    pub fn locator(&self) -> Locator {
        Locator::new(self.faces.iter().map(|face| (face.id, face.shape.clone())))
    }

    /// The smallest box around all faces, or `None` when there are none.
    pub fn bounds(&self) -> Option<LatticeBox> {
        self.faces.iter().filter_map(|face| face.shape.bounds()).reduce(LatticeBox::joined)
    }

    /// The faces joined by owner: grids into communities, communities into townships.
    ///
    /// Exact: inner borders cancel, nothing is computed anew, so the owners' shapes are again a
    /// coverage. Faces without an owner are left out; owners come ascending.
    pub fn dissolved(&self, owner: impl Fn(u32) -> Option<u32>) -> Vec<(u32, LatticeMultiPolygon)> {
        let owners: Vec<Option<u32>> = self.faces.iter().map(|face| owner(face.id)).collect();
        let of = |at: Option<u32>| at.and_then(|at| owners[at as usize]);
        let mut borders: HashMap<u32, Vec<_>> = HashMap::new();
        for edge in &self.edges {
            let (left, right) = (of(edge.left), of(edge.right));
            if left == right {
                continue;
            }
            if let Some(left) = left {
                borders.entry(left).or_default().push((edge.a, edge.b));
            }
            if let Some(right) = right {
                borders.entry(right).or_default().push((edge.b, edge.a));
            }
        }
        let mut shapes: Vec<_> =
            borders.into_iter().map(|(owner, edges)| (owner, nested(joined(edges)))).collect();
        shapes.sort_unstable_by_key(|(owner, _)| *owner);
        shapes
    }
}

#[cfg(test)]
#[path = "build_tests.rs"]
mod tests;
