use proptest::prelude::*;

use super::*;
use crate::coverage::DefectKind;
use crate::locate::Locate;
use crate::test_maps::{at, features, mosaic, rectangle, ring, solid};

fn kinds(defects: &[Defect]) -> Vec<DefectKind> {
    defects.iter().map(|defect| defect.kind).collect()
}

/// Two rectangles of about 110 m × 100 m whose facing sides are at `west_end` and `east_start`.
fn neighbours(west_end: i32, east_start: i32) -> Vec<(u32, LatticeMultiPolygon)> {
    vec![(1, rectangle(0, 0, west_end, 9000)), (2, rectangle(east_start, 0, 20_000, 9000))]
}

proptest! {
    #[test]
    fn a_partition_has_no_defects_however_it_is_joined(mosaic in mosaic()) {
        let (_, defects) = Coverage::build(mosaic.triangles.clone());
        prop_assert_eq!(defects, []);
        // Joined faces may enclose lakes only where triangles are missing: none are.
        let (_, defects) = Coverage::build(mosaic.faces());
        prop_assert_eq!(defects, []);
    }

    #[test]
    fn a_missing_triangle_is_a_gap_unless_it_is_on_the_rim(mosaic in mosaic(), missing in any::<prop::sample::Index>()) {
        let mut triangles = mosaic.triangles.clone();
        let (_, hole) = triangles.remove(missing.index(triangles.len()));
        let (full, _) = Coverage::build(mosaic.triangles.clone());
        let rim: Vec<_> = full.arcs().into_iter().filter(|arc| arc.left.is_none() || arc.right.is_none()).collect();
        let on_rim = hole.edges().any(|(a, b)| {
            rim.iter().any(|arc| arc.points.windows(2).any(|w| [(a, b), (b, a)].contains(&(w[0], w[1]))))
        });
        let (_, defects) = Coverage::build(triangles);
        if on_rim {
            prop_assert_eq!(defects, []);
        } else {
            prop_assert_eq!(defects.len(), 1);
            prop_assert!(matches!(defects[0].kind, DefectKind::Gap | DefectKind::SliverGap));
            let expected_m2 = crate::measure::multi_area_m2(&hole);
            prop_assert!((defects[0].area_m2 - expected_m2).abs() < 1e-9);
        }
    }

    #[test]
    fn an_added_rectangle_overlaps_exactly_what_it_covers(mosaic in mosaic(), x in 0..60i32, y in 0..60i32) {
        let faces = mosaic.faces();
        let added = rectangle(x, y, x + 17, y + 11);
        let mut with_added = faces.clone();
        with_added.push((99, added.clone()));
        let (_, defects) = Coverage::build(with_added);
        let overlaps = defects.iter().filter(|d| {
            matches!(d.kind, DefectKind::Overlap | DefectKind::SliverOverlap)
        });
        let mut found_m2 = 0.0;
        for overlap in overlaps {
            prop_assert!(overlap.faces.contains(&99));
            found_m2 += overlap.area_m2;
        }
        // Corners of the cut are rounded to the lattice, so areas agree to a step along the rim.
        let (covered, _) = Coverage::build(faces);
        let locator = covered.locator();
        let inside = mosaic.points().filter(|p| {
            crate::locate::rule::contains(&added, *p) && locator.locate(*p).is_some()
        });
        let step_m2 = crate::measure::multi_area_m2(&rectangle(0, 0, 1, 1));
        let expected_m2 = inside.count() as f64 * step_m2;
        prop_assert!((found_m2 - expected_m2).abs() <= 70.0 * step_m2, "{found_m2} {expected_m2}");
    }

    #[test]
    fn faces_rounded_each_on_its_own_are_brought_together(
        mosaic in mosaic(),
        noise in prop::collection::vec((0..=1i32, 0..=1i32), 211),
    ) {
        let mut triangles = mosaic.triangles.clone();
        let mut noise = noise.into_iter().cycle();
        for (_, shape) in &mut triangles {
            for point in &mut shape.0[0].exterior.0 {
                let (dx, dy) = noise.next().unwrap();
                *point = at(point.x * 1000 + dx, point.y * 1000 + dy);
            }
        }
        let (coverage, defects) = Coverage::build(triangles);
        prop_assert!(defects.iter().all(|defect| defect.kind.is_repaired()), "{:?}", kinds(&defects));
        let (exact, _) = Coverage::build(mosaic.triangles.clone());
        prop_assert_eq!(coverage.neighbour_pairs(), exact.neighbour_pairs());
    }

    #[test]
    fn arcs_hold_every_edge_once(mosaic in mosaic()) {
        let (coverage, _) = Coverage::build(mosaic.faces());
        let arcs = coverage.arcs();
        let mut edges: Vec<_> = arcs
            .iter()
            .flat_map(|arc| arc.points.windows(2).map(|w| (w[0].min(w[1]), w[0].max(w[1]))))
            .collect();
        let count = edges.len();
        edges.sort_unstable();
        edges.dedup();
        prop_assert_eq!((edges.len(), count), (coverage.edges.len(), coverage.edges.len()));
        for arc in &arcs {
            prop_assert_ne!(arc.left, arc.right);
        }
        // Shape by shape, the arcs of a face are its rings again.
        for face in coverage.faces() {
            let mut walked: Vec<_> = arcs.iter().flat_map(|arc| {
                let forward = arc.points.windows(2).map(|w| (w[0], w[1]));
                let back = arc.points.windows(2).map(|w| (w[1], w[0]));
                let left = (arc.left == Some(face.id)).then_some(forward).into_iter().flatten();
                let right = (arc.right == Some(face.id)).then_some(back).into_iter().flatten();
                left.chain(right).collect::<Vec<_>>()
            }).collect();
            let mut given: Vec<_> = face.shape.edges().collect();
            walked.sort_unstable();
            given.sort_unstable();
            prop_assert_eq!(walked, given);
        }
    }

    #[test]
    fn neighbours_are_mutual_and_share_an_arc(mosaic in mosaic()) {
        let (coverage, _) = Coverage::build(mosaic.faces());
        let pairs = coverage.neighbour_pairs();
        for arc in coverage.arcs() {
            if let (Some(left), Some(right)) = (arc.left, arc.right) {
                prop_assert!(pairs.contains(&(left.min(right), left.max(right))));
                prop_assert!(coverage.neighbours(left).contains(&right));
                prop_assert!(coverage.neighbours(right).contains(&left));
            }
        }
    }
}

#[test]
fn a_sliver_gap_between_neighbours_is_a_notch_and_an_enclosed_one_is_found() {
    let mut faces = neighbours(10_000, 10_030);
    faces.push((3, rectangle(0, 9000, 20_000, 12_000)));
    faces.push((4, rectangle(0, -3000, 20_000, 0)));
    let (_, defects) = Coverage::build(faces);
    let gap = defects.iter().find(|defect| !defect.kind.is_repaired()).unwrap();
    assert_eq!(gap.kind, DefectKind::SliverGap);
    assert_eq!(gap.faces, [1, 2, 3, 4]);
    // 30 steps of 1.11 cm by 9,000 of 1.11 cm.
    assert!((30.0..36.0).contains(&gap.area_m2), "{}", gap.area_m2);
    assert!((0.001_000_0..0.001_003_0).contains(&gap.location.lng()));
}

#[test]
fn a_narrow_overlap_is_a_sliver_with_both_faces() {
    let (_, mut defects) = Coverage::build(neighbours(10_030, 10_000));
    defects.retain(|defect| !defect.kind.is_repaired());
    assert_eq!(kinds(&defects), [DefectKind::SliverOverlap]);
    assert_eq!(defects[0].faces, [1, 2]);
}

#[test]
fn a_face_inside_another_overlaps_with_its_whole_area() {
    let inner = rectangle(2000, 2000, 6000, 6000);
    let (_, defects) = Coverage::build(vec![(1, rectangle(0, 0, 9000, 9000)), (2, inner.clone())]);
    assert_eq!(kinds(&defects), [DefectKind::Overlap]);
    assert!((defects[0].area_m2 - crate::measure::multi_area_m2(&inner)).abs() < 1e-6);
}

#[test]
fn a_repeated_face_is_one_overlap_and_comes_last() {
    let mut faces = neighbours(10_000, 10_000);
    faces.insert(1, (8, faces[0].1.clone()));
    let (coverage, defects) = Coverage::build(faces);
    assert_eq!(kinds(&defects), [DefectKind::Overlap]);
    assert_eq!(defects[0].faces, [1, 8]);
    assert_eq!(coverage.faces().iter().map(|face| face.id).collect::<Vec<_>>(), [1, 2, 8]);
    assert_eq!(coverage.face(8).unwrap().shape, coverage.face(1).unwrap().shape);
}

#[test]
fn a_vertex_on_a_neighbours_edge_is_given_to_it() {
    // The north face meets two faces on one long edge; the edge slopes, so the vertex between them
    // is a fraction of a step off it.
    let south_west = solid(&[(0, 0), (3333, 0), (3333, 1111), (0, 0)]);
    let west = solid(&[(0, -5000), (4001, -5000), (4001, 1334), (0, 0)]);
    let east = solid(&[(4001, -5000), (9000, -5000), (9000, 3000), (4001, 1334)]);
    let north = solid(&[(0, 0), (9000, 3000), (0, 3000)]);
    drop(south_west);
    let (coverage, defects) = Coverage::build(vec![(1, west), (2, east), (3, north)]);
    assert_eq!(kinds(&defects), [DefectKind::TJunction]);
    assert_eq!(defects[0].faces, [1, 2, 3]);
    assert_eq!(defects[0].location, at(4001, 1334).lng_lat());
    assert_eq!(coverage.neighbours(3), [1, 2]);
    assert!(coverage.face(3).unwrap().shape.edges().any(|(a, _)| a == at(4001, 1334)));
}

#[test]
fn vertices_one_step_apart_are_moved_together() {
    let west = rectangle(0, 0, 10_000, 9000);
    let east = solid(&[(10_001, 0), (20_000, 0), (20_000, 9000), (10_000, 9001)]);
    let (coverage, defects) = Coverage::build(vec![(1, west), (2, east)]);
    assert_eq!(kinds(&defects), [DefectKind::Snapped, DefectKind::Snapped]);
    assert_eq!(coverage.neighbours(1), [2]);
    for face in coverage.faces() {
        for (a, _) in face.shape.edges() {
            assert!([0, 9000].iter().any(|y| (a.y - y).abs() <= Coverage::TOLERANCE));
        }
    }
}

#[test]
fn a_lake_in_a_face_is_a_gap_until_an_island_fills_it() {
    let mut land = rectangle(0, 0, 9000, 9000);
    land.0[0].holes.push(ring(&[(3000, 3000), (3000, 6000), (6000, 6000), (6000, 3000)]));
    let (_, defects) = Coverage::build(vec![(1, land.clone())]);
    assert_eq!(kinds(&defects), [DefectKind::Gap]);
    let (_, defects) = Coverage::build(vec![(1, land), (2, rectangle(3000, 3000, 6000, 6000))]);
    assert_eq!(defects, []);
}

#[test]
fn parts_under_one_id_are_one_face() {
    let faces = vec![(5, rectangle(0, 0, 10, 10)), (5, rectangle(10, 0, 20, 10))];
    let (coverage, defects) = Coverage::build(faces);
    assert_eq!((coverage.faces().len(), defects), (1, vec![]));
    let joined = coverage.dissolved(Some);
    assert_eq!(joined[0].1.bounds(), rectangle(0, 0, 20, 10).bounds());
    assert_eq!(joined[0].1.0.len(), 1);
}

#[test]
fn the_counties_are_a_coverage_with_the_overlaps_that_geos_finds() {
    let counties = features("coverage-us-counties/counties.geojson.gz", "fips");
    let shapes = counties.iter().map(|(_, shape)| LatticeMultiPolygon::clean(shape).unwrap().shape);
    let (coverage, mut defects) = Coverage::build((0..).zip(shapes).collect());
    assert_eq!(coverage.faces().len(), 3230);
    // A script that compares the raw file's segments, spikes and loops included, counts 8,941.
    assert_eq!(coverage.neighbour_pairs().len(), 8940);
    defects.retain(|defect| !defect.kind.is_repaired());
    let named = |defect: &Defect| {
        let mut names: Vec<&str> =
            defect.faces.iter().map(|id| counties[*id as usize].0.as_str()).collect();
        names.sort_unstable();
        names
    };
    let mut pairs: Vec<_> = defects.iter().map(named).collect();
    pairs.sort_unstable();
    // Two loops that quantisation turned inside out; GEOS names the same pairs after make_valid.
    let expected = [
        ["06001", "06077"],
        ["06001", "06085"],
        ["06077", "06085"],
        ["22067", "22073"],
        ["22067", "22083"],
        ["22073", "22083"],
    ];
    assert_eq!(pairs, expected, "{defects:#?}");
}
