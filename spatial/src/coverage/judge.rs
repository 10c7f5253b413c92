//! Gaps and overlaps, found from the edges that have no partner.

use std::collections::{HashMap, HashSet};

use super::edges::OddEdge;
use super::flat::{Fill, filled, intersection};
use super::rings::{joined, nested};
use super::{Coverage, Defect, DefectKind, Face, LatticeMultiPolygon, LatticePolygon, LatticeRing};
use crate::interior::interior_point;
use crate::lattice::{LatticeBox, LatticePoint};
use crate::measure;

/// More pairs than this are not told apart; an overlap is then reported as a whole.
const MAX_PAIRS: usize = 20_000;

/// A place that is wrong, and what is wrong with it.
pub(crate) struct Region {
    pub(crate) place: LatticePolygon,
    pub(crate) defect: Defect,
}

impl Region {
    /// Twice the area by the perimeter: what a strip is wide.
    pub(crate) fn width_m(&self) -> f64 {
        let perimeter_m: f64 = self.place.rings().map(measure::perimeter_m).sum();
        2.0 * self.defect.area_m2 / perimeter_m.max(f64::MIN_POSITIVE)
    }
}

/// The gaps enclosed by faces.
pub(crate) fn gaps(faces: &[Face], odd: &[OddEdge]) -> Vec<Region> {
    let heaps = heaps(loops(odd));
    let found = heaps.iter().flat_map(|heap| enclosed(heap).0).collect();
    described_gaps(&LatticeMultiPolygon(found), faces, odd)
}

/// The overlaps between faces.
pub(crate) fn overlaps(faces: &[Face], odd: &[OddEdge]) -> Vec<Region> {
    let heaps = heaps(loops(odd));
    let found = heaps.iter().flat_map(|heap| filled(heap, Fill::Twice).0).collect();
    described_overlaps(&LatticeMultiPolygon(found), faces)
}

/// Edges without a partner as rings.
pub(crate) fn loops(odd: &[OddEdge]) -> Vec<LatticeRing> {
    joined(odd.iter().map(|edge| (edge.from, edge.to)).collect())
}

/// What is not covered and not connected to the world outside.
fn enclosed(loops: &[LatticeRing]) -> LatticeMultiPolygon {
    let covered = filled(loops, Fill::Positive);
    let Some(bounds) = covered.bounds() else { return LatticeMultiPolygon::default() };
    // The complement: all borders the other way round, in a frame one step outside.
    let mut borders: Vec<_> = covered.edges().map(|(from, to)| (to, from)).collect();
    let (west, south) = (bounds.min.x - 1, bounds.min.y - 1);
    let (east, north) = (bounds.max.x + 1, bounds.max.y + 1);
    let corners = [(west, south), (east, south), (east, north), (west, north)];
    let frame = LatticeRing(corners.map(|(x, y)| LatticePoint::new(x, y)).to_vec());
    borders.extend(frame.edges());
    let mut uncovered = nested(joined(borders));
    uncovered.0.retain(|part| part.exterior.0.iter().all(|point| bounds.contains(*point)));
    uncovered
}

/// Groups rings whose boxes hang together, so that each overlay stays small.
pub(crate) fn heaps(mut loops: Vec<LatticeRing>) -> Vec<Vec<LatticeRing>> {
    loops.sort_by_cached_key(|ring| ring.bounds().map_or(0, |bounds| bounds.min.x));
    let mut done = Vec::new();
    let mut open: Vec<(LatticeBox, Vec<LatticeRing>)> = Vec::new();
    for ring in loops {
        let Some(mut bounds) = ring.bounds() else { continue };
        // Rings come from west to east: what ends west of this one is complete.
        let is_complete = |heap: &mut (LatticeBox, _)| heap.0.max.x < bounds.min.x;
        done.extend(open.extract_if(.., is_complete).map(|(_, rings)| rings));
        let mut members = vec![ring];
        // Joining grows the box, so look again until nothing meets it.
        while let Some(met) = open.iter().position(|(other, _)| other.meets(&bounds)) {
            let (other, rings) = open.swap_remove(met);
            bounds = bounds.joined(other);
            members.extend(rings);
        }
        open.push((bounds, members));
    }
    done.extend(open.into_iter().map(|(_, rings)| rings));
    done
}

fn described_gaps(gaps: &LatticeMultiPolygon, faces: &[Face], odd: &[OddEdge]) -> Vec<Region> {
    if gaps.is_empty() {
        return Vec::new();
    }
    let mut touching: HashMap<LatticePoint, Vec<u32>> = HashMap::new();
    for edge in odd {
        let id = faces[edge.face as usize].id;
        touching.entry(edge.from).or_default().push(id);
        touching.entry(edge.to).or_default().push(id);
    }
    let described = gaps.0.iter().map(|gap| {
        let around = gap.rings().flat_map(|ring| &ring.0);
        let ids = around.filter_map(|point| touching.get(point)).flatten().copied().collect();
        let defect = described(gap, DefectKind::Gap, DefectKind::SliverGap, ids);
        Region { place: gap.clone(), defect }
    });
    described.collect()
}

fn described_overlaps(overlaps: &LatticeMultiPolygon, faces: &[Face]) -> Vec<Region> {
    if overlaps.is_empty() {
        return Vec::new();
    }
    let boxes: Vec<Option<LatticeBox>> = faces.iter().map(|face| face.shape.bounds()).collect();
    let meets = |face: usize, area: &LatticeBox| boxes[face].is_some_and(|b| b.meets(area));
    let mut pairs = HashSet::new();
    for bounds in overlaps.0.iter().filter_map(|part| part.exterior.bounds()) {
        let near: Vec<usize> = (0..faces.len()).filter(|face| meets(*face, &bounds)).collect();
        for (at, one) in near.iter().enumerate() {
            let Some(one_box) = &boxes[*one] else { continue };
            pairs.extend(near[at + 1..].iter().filter(|o| meets(**o, one_box)).map(|o| (*one, *o)));
        }
        if pairs.len() > MAX_PAIRS {
            return described_whole(overlaps, faces);
        }
    }
    let mut pairs: Vec<_> = pairs.into_iter().collect();
    pairs.sort_unstable();
    let mut defects = Vec::new();
    for (one, other) in pairs {
        let rings = |face: usize| faces[face].shape.rings().cloned().collect::<Vec<_>>();
        let common = intersection(&rings(one), &rings(other), Fill::Positive);
        let ids = vec![faces[one].id, faces[other].id];
        defects.extend(common.0.into_iter().map(|place| {
            let (wide, narrow) = (DefectKind::Overlap, DefectKind::SliverOverlap);
            Region { defect: described(&place, wide, narrow, ids.clone()), place }
        }));
    }
    defects
}

/// Overlaps with the faces at one place of each.
fn described_whole(overlaps: &LatticeMultiPolygon, faces: &[Face]) -> Vec<Region> {
    let described = overlaps.0.iter().map(|part| {
        let place = interior_point(&part.clone().into());
        let holds = |face: &&Face| {
            place.is_some_and(|place| crate::locate::rule::contains(&face.shape, place))
        };
        let ids = faces.iter().filter(holds).map(|face| face.id).collect();
        let defect = described(part, DefectKind::Overlap, DefectKind::SliverOverlap, ids);
        Region { place: part.clone(), defect }
    });
    described.collect()
}

/// A region as a defect: `wide`, or `narrow` when its mean width is that of a sliver.
pub(crate) fn described(
    region: &LatticePolygon,
    wide: DefectKind,
    narrow: DefectKind,
    mut faces: Vec<u32>,
) -> Defect {
    let area_m2 = measure::area_m2(region);
    let perimeter_m: f64 = region.rings().map(measure::perimeter_m).sum();
    // A strip's area is its width times half of its perimeter.
    let is_narrow = 2.0 * area_m2 < Coverage::SLIVER_WIDTH_M * perimeter_m;
    let corner = region.exterior.0.first().copied().unwrap_or_default();
    let place = interior_point(&region.clone().into()).unwrap_or(corner);
    faces.sort_unstable();
    faces.dedup();
    let kind = if is_narrow { narrow } else { wide };
    Defect { kind, location: place.lng_lat(), area_m2, count: 1, faces }
}
