use std::collections::HashSet;

use proptest::prelude::*;

use crate::coverage::{Coverage, LatticeMultiPolygon};
use crate::measure::multi_area_m2;
use crate::test_maps::{features, mosaic, solid};

/// Edges that have no equal one in the other direction: the outline.
fn unpaired(shapes: &[LatticeMultiPolygon]) -> usize {
    let edges: HashSet<_> = shapes.iter().flat_map(LatticeMultiPolygon::edges).collect();
    edges.iter().filter(|(a, b)| !edges.contains(&(*b, *a))).count()
}

proptest! {
    #[test]
    fn neighbours_lose_the_same_vertices(mosaic in mosaic(), tolerance_m in 0.0f64..0.3) {
        let (coverage, _) = Coverage::build(mosaic.faces());
        let [generalisation] = coverage.generalised([tolerance_m]);
        let shapes: Vec<_> =
            coverage.faces().iter().map(|face| generalisation.shape(&face.shape)).collect();
        let whole = coverage.dissolved(|_| Some(1)).pop().unwrap().1;
        let outline: Vec<_> = vec![generalisation.shape(&whole)];
        // what is unpaired between the faces is the outline of all of them, generalised alike
        let inner = |shapes: &[LatticeMultiPolygon]| -> HashSet<_> {
            let edges: HashSet<_> = shapes.iter().flat_map(LatticeMultiPolygon::edges).collect();
            edges.iter().filter(|(a, b)| !edges.contains(&(*b, *a))).copied().collect()
        };
        prop_assert!(inner(&shapes).is_subset(&inner(&outline)));
    }

    #[test]
    fn a_larger_tolerance_leaves_out_more_and_none_leaves_all(mosaic in mosaic()) {
        let (coverage, _) = Coverage::build(mosaic.faces());
        let [none, some, more] = coverage.generalised([0.0, 0.1, 0.2]);
        for face in coverage.faces() {
            prop_assert!(some.left_out.is_subset(&more.left_out));
            // vertices in the middle of a straight border have no triangle: they may go at once
            let straightened = none.shape(&face.shape);
            prop_assert!(straightened.vertex_count() <= face.shape.vertex_count());
            let areas = [&straightened, &face.shape].map(multi_area_m2);
            prop_assert!((areas[0] - areas[1]).abs() <= 1e-6 * areas[1] + 1e-9);
        }
    }
}

#[test]
fn a_face_smaller_than_the_tolerance_vanishes_and_its_neighbour_closes_over_it() {
    let hole = [(40, 40), (60, 40), (60, 60), (40, 60)];
    let mut around = solid(&[(0, 0), (900_000, 0), (900_000, 900_000), (0, 900_000)]);
    around.0[0].holes =
        solid(&[(40, 40), (40, 60), (60, 60), (60, 40)]).0[0].rings().cloned().collect();
    let (coverage, defects) = Coverage::build(vec![(1, around), (2, solid(&hole))]);
    assert_eq!(defects, []);
    let [generalisation] = coverage.generalised([20.0]);
    assert!(generalisation.shape(&coverage.face(2).unwrap().shape).is_empty());
    let around = generalisation.shape(&coverage.face(1).unwrap().shape);
    assert_eq!((around.vertex_count(), around.0[0].holes.len()), (4, 0));
}

#[test]
fn real_counties_keep_their_areas_and_their_neighbours_with_a_fraction_of_the_vertices() {
    let shapes = features("coverage-us-counties/counties.geojson.gz", "fips");
    let cleaned = (0..)
        .zip(&shapes)
        .map(|(id, (_, shape))| (id, LatticeMultiPolygon::from_degrees(shape).unwrap()));
    let (coverage, _) = Coverage::build(cleaned.collect());
    let [generalisation] = coverage.generalised([15_000.0]);
    let generalised: Vec<_> =
        coverage.faces().iter().map(|face| generalisation.shape(&face.shape)).collect();
    let count = |shapes: &[LatticeMultiPolygon]| -> usize {
        shapes.iter().map(LatticeMultiPolygon::vertex_count).sum()
    };
    let before: Vec<_> = coverage.faces().iter().map(|face| face.shape.clone()).collect();
    assert!(
        count(&generalised) * 10 < count(&before) * 9,
        "{} of {}",
        count(&generalised),
        count(&before)
    );
    assert!(unpaired(&generalised) <= unpaired(&before));
    let areas = |shapes: &[LatticeMultiPolygon]| shapes.iter().map(multi_area_m2).sum::<f64>();
    let change = areas(&generalised) / areas(&before) - 1.0;
    assert!(change.abs() < 0.005, "the land has changed by {change}");
}
