use proptest::prelude::*;

use super::*;
use crate::coverage::Coverage;
use crate::measure::multi_area_m2;
use crate::test_maps::{features, mosaic, rectangle, solid};

fn kinds(defects: &[Defect]) -> Vec<DefectKind> {
    defects.iter().map(|defect| defect.kind).collect()
}

proptest! {
    #[test]
    fn children_tile_the_parent_made_of_them(mosaic in mosaic()) {
        let (coverage, _) = Coverage::build(mosaic.triangles.clone());
        for (owner, parent) in coverage.dissolved(|id| Some(mosaic.owners[id as usize])) {
            let children = mosaic.triangles.iter().filter(|(id, _)| mosaic.owners[*id as usize] == owner);
            prop_assert_eq!(check(&parent, children.cloned().collect()), []);
        }
    }

    #[test]
    fn a_child_left_out_is_uncovered_and_a_stranger_is_outside(
        mosaic in mosaic(),
        chosen in any::<prop::sample::Index>(),
    ) {
        let (coverage, _) = Coverage::build(mosaic.triangles.clone());
        let (_, parent) = coverage.dissolved(|_| Some(0)).remove(0);
        let mut children = mosaic.triangles.clone();
        let (id, child) = children.remove(chosen.index(children.len()));
        let defects = check(&parent, children.clone());
        prop_assert_eq!(defects.len(), 1);
        prop_assert!(matches!(defects[0].kind, DefectKind::Uncovered | DefectKind::SliverGap));
        prop_assert!((defects[0].area_m2 - multi_area_m2(&child)).abs() < 1e-9);

        let (_, smaller) = coverage.dissolved(|face| (face != id).then_some(0)).pop().unwrap_or_default();
        if !smaller.is_empty() {
            let defects = check(&smaller, mosaic.triangles.clone());
            prop_assert_eq!(defects.len(), 1);
            prop_assert!(matches!(defects[0].kind, DefectKind::OutsideParent | DefectKind::SliverOverlap));
            prop_assert_eq!(&defects[0].faces, &[id]);
        }
    }
}

#[test]
fn gap_overlap_and_reach_are_told_apart_with_their_areas() {
    let parent = rectangle(0, 0, 90_000, 30_000);
    let children = vec![
        (1, rectangle(0, 0, 30_000, 30_000)),
        (2, rectangle(25_000, 0, 50_000, 30_000)),
        (3, rectangle(60_000, 0, 95_000, 30_000)),
    ];
    let mut defects = check(&parent, children);
    // The corners on long sides that had none there are reported too.
    defects.retain(|defect| !defect.kind.is_repaired());
    assert_eq!(
        kinds(&defects),
        [DefectKind::Overlap, DefectKind::Uncovered, DefectKind::OutsideParent]
    );
    assert_eq!(defects[0].faces, [1, 2]);
    assert_eq!(defects[1].faces, [2, 3]);
    assert_eq!(defects[2].faces, [3]);
    let expected = [
        rectangle(25_000, 0, 30_000, 30_000),
        rectangle(50_000, 0, 60_000, 30_000),
        rectangle(90_000, 0, 95_000, 30_000),
    ];
    for (defect, region) in defects.iter().zip(&expected) {
        assert!((defect.area_m2 - multi_area_m2(region)).abs() < 1e-3);
    }
}

#[test]
fn a_parent_with_fewer_vertices_than_its_children_is_noded_not_blamed() {
    // The children's common vertex lies half a step off the parent's sloping side.
    let parent = solid(&[(0, 0), (9000, 3000), (0, 3000)]);
    let children = vec![
        (1, solid(&[(0, 0), (4001, 1334), (4001, 3000), (0, 3000)])),
        (2, solid(&[(4001, 1334), (9000, 3000), (4001, 3000)])),
    ];
    let defects = check(&parent, children);
    assert!(defects.iter().all(|defect| defect.kind.is_repaired()), "{:?}", kinds(&defects));
    assert!(defects.iter().all(|defect| !defect.faces.contains(&u32::MAX)));
}

#[test]
fn a_childs_own_lake_counts_only_where_the_parent_has_none() {
    let mut ring_road = rectangle(0, 0, 9000, 9000);
    let mut lake = rectangle(3000, 3000, 6000, 6000).0.remove(0).exterior;
    lake.0.reverse();
    ring_road.0[0].holes.push(lake);
    assert_eq!(check(&ring_road, vec![(1, ring_road.clone())]), []);
    let defects = check(&rectangle(0, 0, 9000, 9000), vec![(1, ring_road)]);
    assert_eq!(kinds(&defects), [DefectKind::Uncovered]);
}

#[test]
fn a_parent_without_children_is_uncovered() {
    assert_eq!(kinds(&check(&rectangle(0, 0, 9000, 9000), vec![])), [DefectKind::Uncovered]);
}

#[test]
fn the_counties_of_a_state_tile_it() {
    let counties = features("coverage-us-counties/counties.geojson.gz", "fips");
    let shapes: Vec<_> = (0..)
        .zip(&counties)
        .filter(|(_, (fips, _))| fips.starts_with("08"))
        .map(|(id, (_, shape))| (id, LatticeMultiPolygon::clean(shape).unwrap().shape))
        .collect();
    let (coverage, _) = Coverage::build(shapes.clone());
    let (_, colorado) = coverage.dissolved(|_| Some(8)).remove(0);
    assert_eq!(check(&colorado, shapes.clone()), []);
    let without_denver = shapes[1..].to_vec();
    assert_eq!(kinds(&check(&colorado, without_denver)), [DefectKind::Uncovered]);
}
