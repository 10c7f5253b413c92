//! One valid lattice shape out of whatever a file brings.
//!
//! Rings are rounded, closed, freed of repeated vertices and spikes, and turned the right way
//! round. Where borders still cross, touch or run along themselves the part is rebuilt by the
//! even-odd rule (a bow tie becomes two triangles, a loop run twice becomes a hole), parts that
//! cover each other are united. Each repair is reported.

use geo_types::{LineString, MultiPolygon};
use thiserror::Error;

use super::cross::{Contacts, contacts};
use super::flat::{Fill, filled};
use super::{Defect, DefectKind, LatticeMultiPolygon, LatticePolygon, LatticeRing};
use crate::crs::{InvalidLngLat, LngLat, Wgs84};
use crate::interior::interior_point;
use crate::lattice::{LatticePoint, turn};
use crate::locate::rule;
use crate::measure;

/// Rebuilding settles after one round almost always; after this many it is given up.
const MAX_ROUNDS: usize = 5;

/// A valid shape and what was done to make it so.
///
/// The shape's rings are simple, exteriors counter-clockwise, holes clockwise and inside; parts do
/// not overlap.
#[derive(Clone, Debug, PartialEq)]
pub struct Cleaned {
    /// The shape.
    pub shape: LatticeMultiPolygon,
    /// What was repaired; empty for a shape that was valid and met the conventions.
    pub repairs: Vec<Defect>,
}

/// Why no shape could be made.
#[derive(Clone, Debug, PartialEq, Error)]
pub enum RefusedShape {
    /// A vertex is not on the globe.
    #[error("part {part}, ring {ring}, vertex {vertex} is not on the globe")]
    NotOnGlobe {
        /// Position of the part, from 0.
        part: usize,
        /// Position of the ring in it, 0 being the exterior.
        ring: usize,
        /// Position of the vertex in it, from 0.
        vertex: usize,
        /// What is wrong with it.
        source: InvalidLngLat,
    },
    /// Nothing with an area remained.
    #[error("no part of the shape has an area on the lattice of 1e-7°")]
    Nothing {
        /// What had been found by then.
        repairs: Vec<Defect>,
    },
}

impl LatticeMultiPolygon {
    /// Makes a valid shape of a polygon in degrees WGS 84.
    ///
    /// `geo_types` closes rings by itself; to have unclosed rings reported use
    /// [`clean_rings`](Self::clean_rings).
    ///
    /// # Errors
    /// [`RefusedShape`] when a vertex is not on the globe or nothing with an area remains.
    pub fn clean(shape: &MultiPolygon<f64>) -> Result<Cleaned, RefusedShape> {
        let parts =
            shape.0.iter().map(|part| std::iter::once(part.exterior()).chain(part.interiors()));
        Self::clean_rings(parts)
    }

    /// Makes a valid shape of parts, each a list of rings in degrees WGS 84, the exterior first.
    ///
    /// # Errors
    /// [`RefusedShape`] when a vertex is not on the globe or nothing with an area remains.
    pub fn clean_rings<'a, Part>(
        parts: impl IntoIterator<Item = Part>,
    ) -> Result<Cleaned, RefusedShape>
    where
        Part: IntoIterator<Item = &'a LineString<f64>>,
    {
        let mut rounded = Vec::new();
        let mut log = Log::default();
        for (part, rings) in parts.into_iter().enumerate() {
            let mut lattice = Vec::new();
            for (ring, line) in rings.into_iter().enumerate() {
                let points = round(line).map_err(|(vertex, source)| RefusedShape::NotOnGlobe {
                    part,
                    ring,
                    vertex,
                    source,
                })?;
                lattice.push(log.closed(points));
            }
            rounded.push(lattice);
        }
        log.cleaned(rounded)
    }

    /// Makes a valid shape of one already on the lattice.
    ///
    /// # Errors
    /// [`RefusedShape::Nothing`] when nothing with an area remains.
    pub fn clean_lattice(&self) -> Result<Cleaned, RefusedShape> {
        let parts = self.0.iter().map(|part| part.rings().cloned().collect());
        Log::default().cleaned(parts.collect())
    }
}

/// The points of a line, or the position of the first that is not on the globe.
fn round(line: &LineString<f64>) -> Result<Vec<LatticePoint>, (usize, InvalidLngLat)> {
    let places = line.0.iter().enumerate().map(|(vertex, coord)| {
        let place = LngLat::<Wgs84>::new(coord.x, coord.y).map_err(|invalid| (vertex, invalid))?;
        Ok(LatticePoint::nearest(place))
    });
    places.collect()
}

/// Repairs made so far, one entry per kind.
#[derive(Default)]
struct Log(Vec<Defect>);

impl Log {
    fn note(&mut self, kind: DefectKind, place: LatticePoint, count: u32, area_m2: f64) {
        if let Some(entry) = self.0.iter_mut().find(|entry| entry.kind == kind) {
            entry.count += count;
            entry.area_m2 += area_m2;
        } else {
            self.0.push(Defect { kind, location: place.lng_lat(), area_m2, count, faces: vec![] });
        }
    }

    /// Drops the closing vertex, or reports that there was none.
    fn closed(&mut self, mut points: Vec<LatticePoint>) -> LatticeRing {
        if points.len() > 1 && points.first() == points.last() {
            points.pop();
        } else if let (Some(first), true) = (points.first(), points.len() > 2) {
            self.note(DefectKind::UnclosedRing, *first, 1, 0.0);
        }
        LatticeRing(points)
    }

    fn cleaned(mut self, parts: Vec<Vec<LatticeRing>>) -> Result<Cleaned, RefusedShape> {
        let mut shape = LatticeMultiPolygon::default();
        for rings in parts {
            shape.0.extend(self.part(rings).0);
        }
        let mut shape = self.united(shape);
        shape.0.retain(|part| part.exterior.double_area() != 0);
        if shape.is_empty() {
            return Err(RefusedShape::Nothing { repairs: self.0 });
        }
        Ok(Cleaned { shape, repairs: self.0 })
    }

    /// One part made valid; it may fall into several or none.
    fn part(&mut self, rings: Vec<LatticeRing>) -> LatticeMultiPolygon {
        let mut rings = rings.into_iter();
        let exterior = rings.next().and_then(|ring| self.ring(ring, true));
        let Some(exterior) = exterior else { return LatticeMultiPolygon::default() };
        let holes: Vec<_> = rings.filter_map(|ring| self.ring(ring, false)).collect();
        let polygon = LatticePolygon { exterior, holes };
        let met = contacts(polygon.rings());
        if is_sound(met, &polygon) {
            return polygon.into();
        }
        let before = measure::area_m2(&polygon);
        let place = met.place.or_else(|| polygon.exterior.0.first().copied()).unwrap_or_default();
        let rebuilt = rebuilt(&polygon);
        if !same_rings(&polygon.into(), &rebuilt) {
            let changed = (measure::multi_area_m2(&rebuilt) - before).abs();
            self.note(DefectKind::SelfIntersection, place, met.flaws.max(1), changed);
        }
        rebuilt
    }

    /// A ring without repeated vertices and spikes, the right way round, or `None` without area.
    fn ring(&mut self, ring: LatticeRing, is_exterior: bool) -> Option<LatticeRing> {
        let place = *ring.0.first()?;
        let mut ring = self.unspiked(ring);
        let area = ring.double_area();
        if ring.0.len() < 3 || (area == 0 && contacts([&ring]).flaws == 0) {
            self.note(DefectKind::Collapsed, place, 1, 0.0);
            return None;
        }
        if (area > 0) != is_exterior {
            ring.0.reverse();
            self.note(DefectKind::WrongOrientation, place, 1, 0.0);
        }
        Some(ring)
    }

    /// A ring in which no vertex repeats its neighbour and no edge runs back along the last.
    fn unspiked(&mut self, ring: LatticeRing) -> LatticeRing {
        let mut kept: Vec<LatticePoint> = Vec::with_capacity(ring.0.len());
        for point in ring.0 {
            kept.push(point);
            while self.drops_middle(&mut kept) {}
        }
        // The same around the seam.
        while kept.len() > 2 {
            let (first, second) = (kept[0], kept[1]);
            let (last, before) = (kept[kept.len() - 1], kept[kept.len() - 2]);
            if first == last {
                self.note(DefectKind::DuplicateVertex, last, 1, 0.0);
                kept.pop();
            } else if is_spike(before, last, first) {
                self.note(DefectKind::Spike, last, 1, 0.0);
                kept.pop();
            } else if is_spike(last, first, second) {
                self.note(DefectKind::Spike, first, 1, 0.0);
                kept.remove(0);
            } else {
                break;
            }
        }
        LatticeRing(kept)
    }

    /// Takes the last or last but one point away when it repeats or runs back; tells whether.
    fn drops_middle(&mut self, kept: &mut Vec<LatticePoint>) -> bool {
        match kept[..] {
            [.., before, last] if before == last => {
                self.note(DefectKind::DuplicateVertex, last, 1, 0.0);
                kept.pop();
                true
            }
            [.., a, tip, b] if is_spike(a, tip, b) => {
                self.note(DefectKind::Spike, tip, 1, 0.0);
                kept.remove(kept.len() - 2);
                true
            }
            _ => false,
        }
    }

    /// Parts of one shape that cover each other become one.
    fn united(&mut self, shape: LatticeMultiPolygon) -> LatticeMultiPolygon {
        if shape.0.len() < 2 || !parts_overlap(&shape) {
            return shape;
        }
        let united = filled(&shape.rings().cloned().collect::<Vec<_>>(), Fill::Positive);
        if !same_rings(&shape, &united) {
            let excess = measure::multi_area_m2(&shape) - measure::multi_area_m2(&united);
            let place = shape.0.first().and_then(|part| part.exterior.0.first().copied());
            self.note(DefectKind::OverlappingParts, place.unwrap_or_default(), 1, excess.max(0.0));
        }
        united
    }
}

/// The places inside a part by the even-odd rule.
///
/// Crossings are rounded to the lattice, which can make new ones: repeated until none are left.
fn rebuilt(polygon: &LatticePolygon) -> LatticeMultiPolygon {
    let mut rings: Vec<LatticeRing> = polygon.rings().cloned().collect();
    for _ in 0..MAX_ROUNDS {
        let shape = filled(&rings, Fill::Odd);
        if shape.0.iter().all(|part| is_sound(contacts(part.rings()), part)) {
            return shape;
        }
        rings = shape.rings().cloned().collect();
    }
    filled(&rings, Fill::Odd)
}

/// Whether a part with these contacts is valid as it is.
fn is_sound(met: Contacts, polygon: &LatticePolygon) -> bool {
    // Two touches of the same pair of rings would cut the part in two.
    met.flaws == 0 && met.touches < 2 && holes_are_inside(polygon)
}

/// Whether the walk a → tip → b turns back on itself.
fn is_spike(a: LatticePoint, tip: LatticePoint, b: LatticePoint) -> bool {
    let step = |to: i32, from: i32| i128::from(i64::from(to) - i64::from(from));
    turn(a, tip, b) == 0
        && step(a.x, tip.x) * step(b.x, tip.x) + step(a.y, tip.y) * step(b.y, tip.y) > 0
}

/// Whether each hole lies in the exterior and in no other hole, given that no edges cross.
fn holes_are_inside(polygon: &LatticePolygon) -> bool {
    let solid = |ring: &LatticeRing| LatticePolygon::solid(ring.clone()).into();
    polygon.holes.iter().enumerate().all(|(at, hole)| {
        let Some(point) = interior_point(&solid(hole)) else { return true };
        let others = polygon.holes.iter().enumerate().filter(|(other, _)| *other != at);
        rule::contains(&solid(&polygon.exterior), point)
            && !others.map(|(_, other)| solid(other)).any(|other| rule::contains(&other, point))
    })
}

fn parts_overlap(shape: &LatticeMultiPolygon) -> bool {
    let boxes: Vec<_> = shape.0.iter().map(|part| part.exterior.bounds()).collect();
    let meet = |one: usize, other: usize| {
        boxes[one].zip(boxes[other]).is_some_and(|(bounds, other)| bounds.meets(&other))
    };
    let pairs = (0..boxes.len()).flat_map(|one| (one + 1..boxes.len()).map(move |o| (one, o)));
    let mut near = pairs.filter(|(one, other)| meet(*one, *other));
    near.any(|(one, other)| {
        let parts = [&shape.0[one], &shape.0[other]];
        let covers = |outer: &LatticePolygon, inner: &LatticePolygon| {
            let point = interior_point(&inner.clone().into());
            point.is_some_and(|point| rule::contains(&outer.clone().into(), point))
        };
        contacts(parts.into_iter().flat_map(LatticePolygon::rings)).flaws > 0
            || covers(parts[0], parts[1])
            || covers(parts[1], parts[0])
    })
}

/// Whether two shapes consist of the same rings, wherever each begins.
pub(super) fn same_rings(one: &LatticeMultiPolygon, other: &LatticeMultiPolygon) -> bool {
    let canonical = |shape: &LatticeMultiPolygon| {
        let mut rings: Vec<Vec<LatticePoint>> = shape.rings().map(from_least).collect();
        rings.sort_unstable();
        rings
    };
    canonical(one) == canonical(other)
}

fn from_least(ring: &LatticeRing) -> Vec<LatticePoint> {
    let mut points = ring.0.clone();
    let least = points.iter().enumerate().min_by_key(|(_, point)| **point).map_or(0, |(at, _)| at);
    points.rotate_left(least);
    points
}

#[cfg(test)]
#[path = "clean_tests.rs"]
mod tests;
