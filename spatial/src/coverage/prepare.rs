//! Faces made ready for pairing: one per id, turned the right way round, repetitions set apart.

use std::collections::HashMap;

use super::clean::same_rings;
use super::judge::described;
use super::{Defect, DefectKind, Face, LatticeMultiPolygon};
use crate::lattice::LatticeBox;
use crate::measure;

/// One face per id, in the order of first appearance.
pub(crate) fn gathered(shapes: Vec<(u32, LatticeMultiPolygon)>) -> Vec<Face> {
    let mut faces: Vec<Face> = Vec::with_capacity(shapes.len());
    let mut index: HashMap<u32, usize> = HashMap::with_capacity(shapes.len());
    for (id, shape) in shapes {
        let at = *index.entry(id).or_insert(faces.len());
        match faces.get_mut(at) {
            Some(face) => face.shape.0.extend(shape.0),
            None => faces.push(Face { id, shape }),
        }
    }
    faces
}

/// Turns exteriors counter-clockwise and holes clockwise.
pub(crate) fn oriented(faces: &mut [Face]) -> Vec<Defect> {
    let mut defects = Vec::new();
    for face in faces {
        let mut turned = None;
        for part in &mut face.shape.0 {
            let holes = part.holes.iter_mut().map(|hole| (hole, false));
            for (ring, is_exterior) in std::iter::once((&mut part.exterior, true)).chain(holes) {
                if (ring.double_area() > 0) != is_exterior {
                    ring.0.reverse();
                    turned = turned.or(ring.0.first().copied());
                }
            }
        }
        if let Some(place) = turned {
            let (kind, faces) = (DefectKind::WrongOrientation, vec![face.id]);
            let location = place.lng_lat();
            defects.push(Defect { kind, location, area_m2: 0.0, count: 1, faces });
        }
    }
    defects
}

/// Takes faces that repeat an earlier one exactly out of the rest, and reports each.
///
/// A layer given twice would otherwise be one overlap of everything with everything.
pub(crate) fn told_apart(faces: Vec<Face>) -> (Vec<Face>, Vec<Face>, Vec<Defect>) {
    let mut seen: HashMap<(LatticeBox, usize), Vec<usize>> = HashMap::new();
    let (mut distinct, mut twins, mut defects) = (Vec::<Face>::new(), Vec::new(), Vec::new());
    for face in faces {
        let Some(bounds) = face.shape.bounds() else {
            distinct.push(face);
            continue;
        };
        let alike = seen.entry((bounds, face.shape.vertex_count())).or_default();
        let first = alike.iter().find(|other| same_rings(&distinct[**other].shape, &face.shape));
        if let Some(first) = first {
            defects.extend(repetition(&distinct[*first], &face));
            twins.push(face);
        } else {
            alike.push(distinct.len());
            distinct.push(face);
        }
    }
    (distinct, twins, defects)
}

fn repetition(first: &Face, twin: &Face) -> Option<Defect> {
    let kind = DefectKind::Overlap;
    let defect = described(twin.shape.0.first()?, kind, kind, vec![first.id, twin.id]);
    Some(Defect { area_m2: measure::multi_area_m2(&twin.shape), ..defect })
}
