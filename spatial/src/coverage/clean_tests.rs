use proptest::prelude::*;

use super::*;
use crate::test_maps::{at, features, mosaic, rectangle, ring, solid};

fn degrees(points: &[(f64, f64)]) -> LineString<f64> {
    points.iter().copied().collect()
}

fn kinds(cleaned: &Cleaned) -> Vec<DefectKind> {
    cleaned.repairs.iter().map(|repair| repair.kind).collect()
}

#[test]
fn a_good_shape_needs_no_repair() {
    let square = rectangle(0, 0, 10, 10);
    let cleaned = LatticeMultiPolygon::clean(&square.to_degrees()).unwrap();
    assert_eq!(cleaned, Cleaned { shape: square, repairs: vec![] });
}

#[test]
fn an_unclosed_ring_is_closed_and_reported() {
    let open = degrees(&[(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)]);
    let cleaned = LatticeMultiPolygon::clean_rings([[&open]]).unwrap();
    assert_eq!(kinds(&cleaned), [DefectKind::UnclosedRing]);
    assert_eq!(cleaned.shape.vertex_count(), 4);
}

#[test]
fn repeated_vertices_and_spikes_are_dropped() {
    let shape =
        solid(&[(0, 0), (50, 0), (50, 0), (50, 90), (50, 50), (0, 50), (0, 50), (0, 80), (0, 50)]);
    let cleaned = shape.clean_lattice().unwrap();
    assert_eq!(cleaned.shape, rectangle(0, 0, 50, 50));
    assert!(kinds(&cleaned).contains(&DefectKind::DuplicateVertex));
    let spikes = cleaned.repairs.iter().find(|repair| repair.kind == DefectKind::Spike).unwrap();
    assert_eq!((spikes.count, spikes.location), (2, at(50, 90).lng_lat()));
}

#[test]
fn a_spike_over_the_seam_is_dropped() {
    let shape = solid(&[(-30, 0), (0, 0), (50, 0), (50, 50), (0, 50), (0, 0)]);
    assert_eq!(shape.clean_lattice().unwrap().shape.vertex_count(), 4);
}

#[test]
fn a_ring_the_wrong_way_round_is_reversed() {
    let cleaned = solid(&[(0, 0), (0, 10), (10, 10), (10, 0)]).clean_lattice().unwrap();
    assert_eq!(kinds(&cleaned), [DefectKind::WrongOrientation]);
    assert!(cleaned.shape.0[0].exterior.double_area() > 0);
}

#[test]
fn a_bow_tie_becomes_two_triangles() {
    let cleaned = solid(&[(0, 0), (10, 10), (10, 0), (0, 10)]).clean_lattice().unwrap();
    assert!(kinds(&cleaned).contains(&DefectKind::SelfIntersection));
    assert_eq!(cleaned.shape.0.len(), 2);
    let areas: i128 = cleaned.shape.rings().map(LatticeRing::double_area).sum();
    assert_eq!(areas, 100);
    assert!(cleaned.shape.clean_lattice().unwrap().repairs.is_empty());
}

#[test]
fn a_ring_that_touches_itself_is_split() {
    let hourglass = solid(&[(0, 0), (5, 5), (10, 0), (10, 10), (5, 5), (0, 10)]);
    let cleaned = hourglass.clean_lattice().unwrap();
    assert_eq!(kinds(&cleaned), [DefectKind::SelfIntersection]);
    assert_eq!(cleaned.shape.0.len(), 2);
    assert_eq!(cleaned.repairs[0].location, at(5, 5).lng_lat());
}

#[test]
fn overlapping_parts_are_united_and_the_excess_is_measured() {
    let mut shape = rectangle(0, 0, 100_000, 100_000);
    shape.0.extend(rectangle(50_000, 0, 150_000, 100_000).0);
    let cleaned = shape.clean_lattice().unwrap();
    assert_eq!(kinds(&cleaned), [DefectKind::OverlappingParts]);
    assert_eq!(cleaned.shape.0.len(), 1);
    let shared = measure::multi_area_m2(&rectangle(50_000, 0, 100_000, 100_000));
    assert!((cleaned.repairs[0].area_m2 - shared).abs() < 1e-3);
}

#[test]
fn a_part_inside_another_is_swallowed() {
    let mut shape = rectangle(0, 0, 100, 100);
    shape.0.extend(rectangle(20, 20, 40, 40).0);
    let cleaned = shape.clean_lattice().unwrap();
    assert!(same_rings(&cleaned.shape, &rectangle(0, 0, 100, 100)));
}

#[test]
fn a_hole_outside_its_ring_becomes_land_of_its_own() {
    let mut shape = rectangle(0, 0, 10, 10);
    shape.0[0].holes.push(ring(&[(20, 0), (20, 5), (25, 5), (25, 0)]));
    let cleaned = shape.clean_lattice().unwrap();
    assert_eq!(kinds(&cleaned), [DefectKind::SelfIntersection]);
    assert_eq!(cleaned.shape.0.len(), 2);
}

#[test]
fn a_shape_that_collapses_on_the_lattice_is_refused() {
    let tiny = degrees(&[(0.0, 0.0), (2e-8, 0.0), (2e-8, 2e-8), (0.0, 0.0)]);
    let refused = LatticeMultiPolygon::clean_rings([[&tiny]]).unwrap_err();
    let RefusedShape::Nothing { repairs } = refused else { panic!("{refused:?}") };
    assert!(repairs.iter().any(|repair| repair.kind == DefectKind::Collapsed));
    assert!(LatticeMultiPolygon::default().clean_lattice().is_err());
}

#[test]
fn vertices_off_the_globe_are_named() {
    let good = degrees(&[(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 0.0)]);
    for (bad, hint) in
        [((36.06, 103.83), "swapped"), ((f64::NAN, 0.0), "finite"), ((200.0, 0.0), "±180")]
    {
        let hole = degrees(&[(0.1, 0.1), bad, (0.2, 0.2)]);
        let refused = LatticeMultiPolygon::clean_rings([[&good, &hole]]).unwrap_err();
        let RefusedShape::NotOnGlobe { part, ring, vertex, source } = refused else { panic!() };
        assert_eq!((part, ring, vertex), (0, 1, 1));
        assert!(source.to_string().contains(hint), "{source}");
    }
}

proptest! {
    #[test]
    fn any_scribble_becomes_valid_or_nothing(
        rings in prop::collection::vec(prop::collection::vec((0..40i32, 0..40i32), 0..12), 1..4),
    ) {
        let mut rings = rings.iter().map(|corners| ring(corners));
        let exterior = rings.next().unwrap();
        let shape = LatticeMultiPolygon(vec![LatticePolygon { exterior, holes: rings.collect() }]);
        if let Ok(cleaned) = shape.clean_lattice() {
            let again = cleaned.shape.clean_lattice().unwrap();
            prop_assert_eq!(&again.repairs, &[], "cleaned twice: {:?}", &cleaned.shape);
        }
    }

    #[test]
    fn cleaning_keeps_good_shapes(mosaic in mosaic()) {
        for (_, shape) in mosaic.faces() {
            let cleaned = LatticeMultiPolygon::clean(&shape.to_degrees()).unwrap();
            prop_assert_eq!(cleaned.repairs, []);
            prop_assert_eq!(cleaned.shape, shape);
        }
    }
}

#[test]
fn the_counties_are_cleaned_without_losing_area() {
    let counties = features("coverage-us-counties/counties.geojson.gz", "fips");
    let mut rebuilt = 0;
    for (fips, shape) in &counties {
        let before = measure::multi_area_m2(&LatticeMultiPolygon::from_degrees(shape).unwrap());
        let cleaned = LatticeMultiPolygon::clean(shape).unwrap();
        rebuilt += usize::from(
            kinds(&cleaned)
                .iter()
                .any(|kind| matches!(kind, DefectKind::SelfIntersection | DefectKind::Spike)),
        );
        let after = measure::multi_area_m2(&cleaned.shape);
        assert!((after / before - 1.0).abs() < 3e-4, "{fips}: {before} m² became {after} m²");
        let again = cleaned.shape.clean_lattice().unwrap().repairs;
        assert!(again.is_empty(), "{fips}: {again:?} after {:?}", cleaned.repairs);
    }
    // GEOS calls 21 of them invalid, crossing, touching or with spikes.
    assert_eq!(rebuilt, 21);
}
