//! Generalisation: fewer vertices for a smaller scale, the same on both sides of every border.

use std::collections::HashSet;

use geo::SimplifyVwIdx;
use geo_types::{Coord, LineString};

use super::{Arc, Coverage, LatticeMultiPolygon, LatticePolygon, LatticeRing};
use crate::lattice::LatticePoint;
use crate::measure::step_m;

/// What a smaller scale does without.
///
/// Made of a coverage's arcs by Visvalingam and Whyatt ("Line generalisation by repeated elimination of points", 1993): the
/// vertex whose triangle with its neighbours is smallest goes first. Each arc is judged once, so whatever both of its sides
/// lose is the same, and neighbours stay neighbours. Places where three borders meet always stay.
#[derive(Clone, Debug, Default)]
pub struct Generalisation {
    left_out: HashSet<LatticePoint>,
}

impl Coverage {
    /// The generalisations for tolerances in metres: a vertex goes when its triangle has less than half a square of that
    /// side. A border moves by about its tolerance at most; a face narrower than it may vanish.
    ///
    /// # Example
    /// ```
    /// use spatial::coverage::{Coverage, LatticePolygon, LatticeRing};
    /// use spatial::lattice::LatticePoint;
    /// let at = LatticePoint::new;
    /// // a square of a kilometre with a bump of half a metre
    /// let ring = vec![at(0, 0), at(45_000, -50), at(90_000, 0), at(90_000, 90_000), at(0, 90_000)];
    /// let square = LatticePolygon::solid(LatticeRing(ring)).into();
    /// let (coverage, _) = Coverage::build(vec![(1, square)]);
    /// let [fine, coarse] = coverage.generalised([0.5, 50.0]);
    /// let shape = &coverage.faces()[0].shape;
    /// assert_eq!(fine.shape(shape).vertex_count(), 5);
    /// assert_eq!(coarse.shape(shape).vertex_count(), 4);
    /// ```
    pub fn generalised<const N: usize>(&self, tolerances_m: [f64; N]) -> [Generalisation; N] {
        let arcs = self.arcs();
        tolerances_m.map(|tolerance_m| Generalisation {
            left_out: arcs.iter().flat_map(|arc| dispensable(arc, tolerance_m)).collect(),
        })
    }
}

impl Generalisation {
    /// A shape without what this scale does without. It need not be a face: divisions that run along the same arcs lose the
    /// same vertices. Vertices that the coverage does not know stay; rings of fewer than three vertices vanish.
    pub fn shape(&self, shape: &LatticeMultiPolygon) -> LatticeMultiPolygon {
        let part = |part: &LatticePolygon| {
            Some(LatticePolygon {
                exterior: self.ring(&part.exterior)?,
                holes: part.holes.iter().filter_map(|hole| self.ring(hole)).collect(),
            })
        };
        LatticeMultiPolygon(shape.0.iter().filter_map(part).collect())
    }

    fn ring(&self, ring: &LatticeRing) -> Option<LatticeRing> {
        let kept: Vec<_> =
            ring.0.iter().copied().filter(|point| !self.left_out.contains(point)).collect();
        (3 <= kept.len()).then_some(LatticeRing(kept))
    }
}

/// The inner vertices of an arc that a tolerance can do without.
fn dispensable(arc: &Arc, tolerance_m: f64) -> Vec<LatticePoint> {
    let (Some(first), [_, inner @ .., _]) = (arc.points.first(), &arc.points[..]) else {
        return Vec::new();
    };
    // metres from the first vertex, as on a plane: an arc is short
    let (east_m, north_m) = step_m(first.y);
    let flat = |point: &LatticePoint| Coord {
        x: (f64::from(point.x) - f64::from(first.x)) * east_m,
        y: (f64::from(point.y) - f64::from(first.y)) * north_m,
    };
    let line: LineString<f64> = arc.points.iter().map(flat).collect();
    let kept = line.simplify_vw_idx(tolerance_m * tolerance_m / 2.0);
    let mut kept = kept.into_iter().peekable();
    let mut left_out = Vec::new();
    kept.next_if_eq(&0);
    for (at, point) in (1..).zip(inner) {
        if kept.next_if_eq(&at).is_none() {
            left_out.push(*point);
        }
    }
    left_out
}

#[cfg(test)]
#[path = "generalise_tests.rs"]
mod tests;
