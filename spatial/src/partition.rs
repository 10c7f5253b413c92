//! Whether children tile their parent: grids their community, communities their township.

use crate::coverage::edges::{OddEdge, pair};
use crate::coverage::flat::{Fill, difference};
use crate::coverage::judge::{self, described, loops};
use crate::coverage::node::{Noded, noded};
use crate::coverage::prepare::{gathered, oriented, told_apart};
use crate::coverage::{Defect, DefectKind, Face, LatticeMultiPolygon, LatticePolygon, LatticeRing};
use crate::interior::interior_point;
use crate::lattice::LatticePoint;
use crate::locate::rule;

/// The parent's id while it is noded together with its children; no child may have it.
const PARENT: u32 = u32::MAX;

/// Everything that keeps `children` from tiling `parent` exactly; empty when they do.
///
/// Children and parent are noded together first, within
/// [`Coverage::TOLERANCE`](crate::coverage::Coverage::TOLERANCE), and the repairs that needed are
/// among the defects. Places of the parent in no child are [`DefectKind::Uncovered`], places in
/// two children [`DefectKind::Overlap`], places of a child beyond the parent
/// [`DefectKind::OutsideParent`]; where these are narrower than
/// [`Coverage::SLIVER_WIDTH_M`](crate::coverage::Coverage::SLIVER_WIDTH_M) they are
/// [`DefectKind::SliverGap`] and [`DefectKind::SliverOverlap`] instead. `faces` names the children
/// concerned. Children that tile the parent edge by edge cost one sort.
///
/// All shapes should be [clean](LatticeMultiPolygon::clean). Ids are below [`u32::MAX`].
pub fn check(
    parent: &LatticeMultiPolygon,
    children: Vec<(u32, LatticeMultiPolygon)>,
) -> Vec<Defect> {
    let mut faces = gathered(children);
    let mut defects = oriented(&mut faces);
    let (mut faces, _, repeated) = told_apart(faces);
    defects.extend(repeated);
    faces.push(inside_out(parent));

    let Noded { mut faces, pairing, repairs } = noded(faces);
    defects.extend(repairs.into_iter().map(without_parent));
    let Some(parent) = faces.pop() else { return defects };
    if !pairing.odd.is_empty() {
        defects.extend(mismatch(&parent, &faces));
    }
    defects
}

/// The parent as the face outside its own border: its edges then pair with its children's.
fn inside_out(parent: &LatticeMultiPolygon) -> Face {
    let mut faces = [Face { id: PARENT, shape: parent.clone() }];
    // The parent's own orientation is nobody's concern here.
    let _ = oriented(&mut faces);
    let [mut face] = faces;
    for part in &mut face.shape.0 {
        for ring in std::iter::once(&mut part.exterior).chain(&mut part.holes) {
            ring.0.reverse();
        }
    }
    face
}

fn without_parent(mut defect: Defect) -> Defect {
    defect.faces.retain(|id| *id != PARENT);
    defect
}

/// What the children leave out, cover twice, and cover beyond the parent.
fn mismatch(parent: &Face, children: &[Face]) -> Vec<Defect> {
    let odd = pair((0..).zip(children.iter().map(|face| &face.shape))).odd;
    let covered = loops(&odd);
    let mut territory: Vec<LatticeRing> = parent.shape.rings().cloned().collect();
    for ring in &mut territory {
        ring.0.reverse();
    }
    let overlaps = judge::overlaps(children, &odd).into_iter();
    let mut defects: Vec<Defect> = overlaps.map(|region| region.defect).collect();
    for region in difference(&territory, &covered, Fill::Positive).0 {
        let faces = touching(&region, children, &odd);
        defects.push(described(&region, DefectKind::Uncovered, DefectKind::SliverGap, faces));
    }
    for region in difference(&covered, &territory, Fill::Positive).0 {
        let faces = holding(&region, children, &odd);
        let narrow = DefectKind::SliverOverlap;
        defects.push(described(&region, DefectKind::OutsideParent, narrow, faces));
    }
    defects
}

/// The children with an unpaired edge at a corner of a region.
fn touching(region: &LatticePolygon, children: &[Face], odd: &[OddEdge]) -> Vec<u32> {
    let corners: std::collections::HashSet<LatticePoint> =
        region.rings().flat_map(|ring| ring.0.iter().copied()).collect();
    let touches = |edge: &&OddEdge| corners.contains(&edge.from) || corners.contains(&edge.to);
    odd.iter().filter(touches).map(|edge| children[edge.face as usize].id).collect()
}

/// The children that hold a region, or those at its corners when it is too thin to look into.
fn holding(region: &LatticePolygon, children: &[Face], odd: &[OddEdge]) -> Vec<u32> {
    let Some(place) = interior_point(&region.clone().into()) else {
        return touching(region, children, odd);
    };
    let holds = |face: &&Face| rule::contains(&face.shape, place);
    children.iter().filter(holds).map(|face| face.id).collect()
}

#[cfg(test)]
#[path = "partition_tests.rs"]
mod tests;
