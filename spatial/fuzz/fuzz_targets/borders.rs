//! Hostile polygons: whatever they are, a coverage is built or refused, nothing panics, and an index
//! that is built answers as the locator and a walk over all edges do.
#![no_main]

use arbitrary::Arbitrary;
use geo_types::{LineString, MultiPolygon, Polygon};
use libfuzzer_sys::fuzz_target;
use spatial::coverage::{Coverage, LatticeMultiPolygon};
use spatial::lattice::LatticePoint;
use spatial::locate::{BuildError, CellIndex, Key, Locate, Locator, rule};

/// Faces as a file might bring them, on a small square or anywhere.
#[derive(Arbitrary, Debug)]
struct Borders {
    spread: Spread,
    faces: Vec<(u8, Vec<Vec<(i8, i8)>>)>,
    /// Moves a vertex of a face, over and over.
    edits: Vec<(u8, u8, i8, i8)>,
    tolerance: u8,
}

#[derive(Arbitrary, Debug, Clone, Copy)]
enum Spread {
    Steps,
    Metres,
    Kilometres,
    Globe,
}

impl Spread {
    fn degrees(self, value: i8) -> f64 {
        let step = match self {
            Self::Steps => 1e-7,
            Self::Metres => 1e-5,
            Self::Kilometres => 1e-2,
            Self::Globe => 0.7,
        };
        f64::from(value) * step
    }
}

fuzz_target!(|borders: Borders| {
    let Borders { spread, faces, edits, tolerance } = borders;
    if faces.len() > 24 || faces.iter().flat_map(|(_, rings)| rings).map(Vec::len).sum::<usize>() > 300 {
        return;
    }
    let line = |ring: &Vec<(i8, i8)>| -> LineString<f64> {
        ring.iter().map(|(x, y)| (spread.degrees(*x), spread.degrees(*y))).collect()
    };
    let cleaned = faces.iter().filter_map(|(id, rings)| {
        let mut rings = rings.iter().map(line);
        let polygon = Polygon::new(rings.next()?, rings.collect());
        let cleaned = LatticeMultiPolygon::clean(&MultiPolygon(vec![polygon])).ok()?;
        Some((u32::from(*id), cleaned.shape))
    });
    let shapes: Vec<_> = cleaned.collect();
    let (coverage, _) = Coverage::build(shapes.clone());
    let (snapped, _) = Coverage::snapped(shapes, f64::from(tolerance));
    for coverage in [coverage, snapped] {
        let locator = coverage.locator();
        match CellIndex::build(&locator, Key::default()) {
            Ok(index) => {
                compare(&locator, &index);
                edit(&locator, &index, &edits);
            }
            // Also where no defect is among those told: an overlap thinner than a step can be lost
            // where borders cross, but not here.
            Err(BuildError::Overlap { place, .. }) => {
                assert!(locator.locate_all(place).len() > 1);
            }
            Err(other) => panic!("{other}"),
        }
        let _ = (coverage.arcs(), coverage.neighbour_pairs(), coverage.dissolved(|id| Some(id % 3)));
    }
});

/// The index, the locator and all edges say the same on and beside every vertex and between.
fn compare(locator: &Locator, index: &CellIndex) {
    let faces: Vec<_> = locator.faces().collect();
    let mut points = Vec::new();
    for (a, b) in faces.iter().flat_map(|(_, shape)| shape.edges()) {
        let middle = LatticePoint::new(a.x.midpoint(b.x), a.y.midpoint(b.y));
        for place in [a, middle] {
            for (dx, dy) in [(0, 0), (-1, 0), (1, 0), (0, -1), (0, 1)] {
                points.push(LatticePoint::new(place.x + dx, place.y + dy));
            }
        }
    }
    let mut batch = vec![None; points.len()];
    index.locate_batch(&points, &mut batch);
    for (point, found) in points.into_iter().zip(batch) {
        let holders: Vec<u32> = faces
            .iter()
            .filter(|(_, shape)| rule::contains(shape, point))
            .map(|(id, _)| *id)
            .collect();
        assert_eq!(locator.locate_all(point).len(), holders.len(), "{point:?}");
        if holders.len() <= 1 {
            assert_eq!(found, holders.first().copied(), "{point:?}");
            assert_eq!(index.locate(point), found);
        } else {
            panic!("{point:?} lies in {holders:?}, but an index was built");
        }
    }
}

/// After edits the patched index is as good as a new one, or both are refused.
fn edit(locator: &Locator, index: &CellIndex, edits: &[(u8, u8, i8, i8)]) {
    let (mut locator, mut index) = (locator.clone(), index.clone());
    for (face, vertex, dx, dy) in edits.iter().take(4) {
        let mut faces: Vec<_> = locator.faces().map(|(id, shape)| (id, shape.clone())).collect();
        if faces.is_empty() {
            return;
        }
        faces.sort_by_key(|(id, _)| *id);
        let at = usize::from(*face) % faces.len();
        let ring = &faces[at].1.0[0].exterior.0;
        let from = ring[usize::from(*vertex) % ring.len()];
        let to = LatticePoint::new(from.x + i32::from(*dx), from.y + i32::from(*dy));
        let mut changes = Vec::new();
        for (id, mut shape) in faces {
            let mut is_moved = false;
            for part in &mut shape.0 {
                for ring in std::iter::once(&mut part.exterior).chain(&mut part.holes) {
                    for point in ring.0.iter_mut().filter(|point| **point == from) {
                        *point = to;
                        is_moved = true;
                    }
                }
            }
            if is_moved {
                changes.push((id, Some(shape)));
            }
        }
        let edit = locator.edited(changes);
        match index.patched(&edit, Key::default()) {
            Ok(patched) => {
                compare(edit.locator(), &patched);
                (index, locator) = (patched, edit.into_locator());
            }
            Err(_) => return,
        }
    }
}
