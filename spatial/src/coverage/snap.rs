//! A partition made of what is one only within a tolerance.

use std::collections::HashSet;

use super::build::Judged;
use super::edges::OddEdge;
use super::flat::{Fill, difference, filled};
use super::judge::Region;
use super::{Coverage, Defect, DefectKind, Face, LatticeMultiPolygon, LatticePolygon, LatticeRing};
use crate::lattice::LatticePoint;
use crate::measure::perimeter_m;

/// Closing a gap rounds its corners, which can open a smaller one; after so many rounds the rest is
/// reported as it is.
const MAX_ROUNDS: usize = 6;

impl Coverage {
    /// As [`build`](Self::build), but gaps and overlaps up to `tolerance_m` metres wide are removed.
    ///
    /// A gap is given to the face with the longest border to it, an overlap is left to the face with
    /// the lower id. The width is twice the area by the perimeter, the mean of a strip. Each is among
    /// the defects, as [`DefectKind::ClosedGap`] or [`DefectKind::DividedOverlap`] with its place and
    /// area; what is wider stays and is reported as it is. Borders move by no more than the gap or
    /// overlap they had, and by [`TOLERANCE`](Self::TOLERANCE) lattice units where corners are
    /// rounded.
    ///
    /// Where borders cross at a sharp angle an overlap thinner than a lattice step can remain
    /// unseen; [`CellIndex::build`](crate::locate::CellIndex::build) finds and names it.
    ///
    /// # Example
    /// ```
    /// use spatial::coverage::{Coverage, DefectKind, LatticePolygon, LatticeRing};
    /// use spatial::lattice::LatticePoint;
    /// let at = LatticePoint::new;
    /// let west = LatticeRing(vec![at(0, 0), at(5030, 0), at(5030, 9000), at(0, 9000)]);
    /// let east = LatticeRing(vec![at(5000, 0), at(9000, 0), at(9000, 9000), at(5000, 9000)]);
    /// let shapes = [(1, west), (2, east)].map(|(id, ring)| (id, LatticePolygon::solid(ring).into()));
    /// let (coverage, defects) = Coverage::snapped(shapes.into(), 0.5);
    /// assert!(defects.iter().any(|defect| defect.kind == DefectKind::DividedOverlap));
    /// assert!(defects.iter().all(|defect| defect.kind.is_repaired()));
    /// assert_eq!(coverage.neighbours(1), [2]);
    /// ```
    pub fn snapped(
        shapes: Vec<(u32, LatticeMultiPolygon)>,
        tolerance_m: f64,
    ) -> (Self, Vec<Defect>) {
        let mut defects = Vec::new();
        let (mut coverage, mut judged) = Self::judged(shapes);
        for _ in 0..MAX_ROUNDS {
            let removed = coverage.removed(&judged, tolerance_m);
            if removed.is_empty() {
                break;
            }
            defects.append(&mut judged.repairs);
            defects.extend(removed);
            let shapes = coverage.faces.into_iter().map(|face| (face.id, face.shape)).collect();
            (coverage, judged) = Self::judged(shapes);
        }
        let Judged { repairs, gaps, overlaps, .. } = judged;
        defects.extend(repairs);
        defects.extend(gaps.into_iter().chain(overlaps).map(|region| region.defect));
        (coverage, defects)
    }

    /// Removes what is narrow enough from the faces; what that was.
    fn removed(&mut self, judged: &Judged, tolerance_m: f64) -> Vec<Defect> {
        let is_narrow = |region: &&Region| region.width_m() <= tolerance_m;
        let mut removed = Vec::new();
        for region in judged.overlaps.iter().filter(is_narrow) {
            // Of those at the place, all but the lowest give it up.
            for id in region.defect.faces.iter().skip(1) {
                self.change(*id, |face| difference(face, &rings(&region.place), Fill::Positive));
            }
            removed.push(Defect { kind: DefectKind::DividedOverlap, ..region.defect.clone() });
        }
        for region in judged.gaps.iter().filter(is_narrow) {
            let Some(id) = self.longest_neighbour(&region.place, &judged.odd) else { continue };
            self.change(id, |face| filled(&[face, &rings(&region.place)].concat(), Fill::Positive));
            removed.push(Defect { kind: DefectKind::ClosedGap, ..region.defect.clone() });
        }
        removed
    }

    fn change(&mut self, id: u32, change: impl Fn(&[LatticeRing]) -> LatticeMultiPolygon) {
        if let Some(Face { shape, .. }) =
            self.index.get(&id).and_then(|at| self.faces.get_mut(*at as usize))
        {
            let rings: Vec<LatticeRing> = shape.rings().cloned().collect();
            *shape = change(&rings);
        }
    }

    /// The face with the longest unpaired border along a place.
    fn longest_neighbour(&self, place: &LatticePolygon, odd: &[OddEdge]) -> Option<u32> {
        let corners: HashSet<LatticePoint> =
            place.rings().flat_map(|ring| ring.0.iter().copied()).collect();
        let along = |edge: &&OddEdge| corners.contains(&edge.from) && corners.contains(&edge.to);
        let mut lengths: Vec<(u32, f64)> = Vec::new();
        for edge in odd.iter().filter(along) {
            let id = self.faces[edge.face as usize].id;
            // There and back: twice the length of the edge.
            let length = perimeter_m(&LatticeRing(vec![edge.from, edge.to]));
            match lengths.iter_mut().find(|(other, _)| *other == id) {
                Some((_, sum)) => *sum += length,
                None => lengths.push((id, length)),
            }
        }
        let longest = lengths
            .into_iter()
            .max_by(|one, other| one.1.total_cmp(&other.1).then(other.0.cmp(&one.0)));
        longest.map(|(id, _)| id)
    }
}

fn rings(place: &LatticePolygon) -> Vec<LatticeRing> {
    place.rings().cloned().collect()
}

#[cfg(test)]
#[path = "snap_tests.rs"]
mod tests;
