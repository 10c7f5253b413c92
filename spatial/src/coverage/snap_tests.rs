use proptest::prelude::*;

use super::*;
use crate::locate::{CellIndex, Key, Locate};
use crate::test_maps::{at, features, mosaic, rectangle};

fn unrepaired(defects: &[Defect]) -> Vec<&Defect> {
    defects.iter().filter(|defect| !defect.kind.is_repaired()).collect()
}

fn count(defects: &[Defect], kind: DefectKind) -> usize {
    defects.iter().filter(|defect| defect.kind == kind).count()
}

proptest! {
    #[test]
    fn a_partition_stays_as_it_is(mosaic in mosaic()) {
        let faces = mosaic.faces();
        let (exact, found) = Coverage::build(faces.clone());
        // Holes of the map are gaps; those are wider than nothing.
        let (snapped, defects) = Coverage::snapped(faces, 0.0);
        prop_assert_eq!(exact.faces(), snapped.faces());
        prop_assert_eq!(found, defects);
    }
}

#[test]
fn what_is_wider_than_the_tolerance_stays() {
    let strip = |from: i32, to: i32| rectangle(from, 0, to, 9000);
    let faces = vec![
        (1, strip(0, 5000)),
        (2, strip(5030, 9000)),
        (3, strip(8000, 12_000)),
        (4, rectangle(0, 9000, 12_000, 12_000)),
        (5, rectangle(0, -3000, 12_000, 0)),
    ];
    // 30 steps of 0.9 cm are a gap of 0.27 m; the overlap is a thousand.
    let (coverage, defects) = Coverage::snapped(faces.clone(), 0.4);
    assert_eq!(count(&defects, DefectKind::ClosedGap), 1);
    let gap = defects.iter().find(|defect| defect.kind == DefectKind::ClosedGap).unwrap();
    assert!((25.0..36.0).contains(&gap.area_m2), "{}", gap.area_m2);
    assert_eq!(gap.faces, [1, 2, 4, 5]);
    let rest = unrepaired(&defects);
    assert_eq!(rest.len(), 1, "{rest:?}");
    assert_eq!((rest[0].kind, &rest[0].faces[..]), (DefectKind::Overlap, &[2, 3][..]));
    assert_eq!(coverage.neighbours(1), [2, 4, 5]);

    let (coverage, defects) = Coverage::snapped(faces, 20.0);
    assert_eq!(count(&defects, DefectKind::DividedOverlap), 1);
    assert_eq!(unrepaired(&defects), Vec::<&Defect>::new());
    assert_eq!(coverage.locator().locate(at(8500, 50)), Some(2));
    assert_eq!(coverage.neighbours(2), [1, 3, 4, 5]);
}

#[test]
fn the_counties_become_a_partition_that_the_cell_index_takes() {
    let counties = features("coverage-us-counties/counties.geojson.gz", "fips");
    let shapes = counties.iter().map(|(_, shape)| LatticeMultiPolygon::clean(shape).unwrap().shape);
    let shapes: Vec<_> = (0..).zip(shapes).collect();
    let (coverage, defects) = Coverage::snapped(shapes, 1000.0);
    let divided = defects.iter().filter(|defect| defect.kind == DefectKind::DividedOverlap);
    assert!(divided.count() >= 6, "GEOS names six pairs that overlap");
    assert_eq!(unrepaired(&defects), Vec::<&Defect>::new());
    let locator = coverage.locator();
    let index = CellIndex::build(&locator, Key::default()).unwrap();
    let vertices = coverage.faces().iter().flat_map(|face| face.shape.edges());
    for (a, b) in vertices {
        for place in [a, at(a.x.midpoint(b.x), a.y.midpoint(b.y)), at(a.x - 1, a.y)] {
            assert_eq!(index.locate(place), locator.locate(place), "{place:?}");
        }
    }
}
