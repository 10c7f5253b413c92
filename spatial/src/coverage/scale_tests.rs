//! Size and speed: a city's worth of faces, clean and damaged.

use std::time::Instant;

use super::*;
use crate::lattice::LatticePoint;

/// `side` × `side` faces whose shared borders are walks of `steps` points, jittered by a hash.
pub fn city(side: i32, steps: i32) -> Vec<(u32, LatticeMultiPolygon)> {
    let cell = 300 * steps;
    let wobble = |seed: i64| {
        let mixed = (seed as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        ((mixed >> 40) % 81) as i32 - 40
    };
    let place = |x: i32, y: i32| {
        let seed = i64::from(x) * 1_000_003 + i64::from(y);
        let (dx, dy) = (wobble(seed), wobble(seed + 7));
        LatticePoint::new(1_036_000_000 + x + dx, 360_000_000 + y + dy)
    };
    let point = |column: i32, row: i32, along: i32, is_level: bool| {
        let (x, y) = (column * cell, row * cell);
        let step = 300 * along;
        if is_level { place(x + step, y) } else { place(x, y + step) }
    };
    let face = |column: i32, row: i32| {
        let mut points = Vec::new();
        points.extend((0..steps).map(|k| point(column, row, k, true)));
        points.extend((0..steps).map(|k| point(column + 1, row, k, false)));
        points.extend((0..steps).map(|k| point(column, row + 1, steps - k, true)));
        points.extend((0..steps).map(|k| point(column, row, steps - k, false)));
        LatticePolygon::solid(LatticeRing(points)).into()
    };
    let cells = (0..side * side).map(|at| face(at % side, at / side));
    (0..).zip(cells).collect()
}

#[test]
fn a_city_of_4489_grids_with_a_million_vertices_is_judged_in_seconds() {
    let faces = city(67, 62);
    assert_eq!(faces.iter().map(|(_, shape)| shape.vertex_count()).sum::<usize>(), 4489 * 248);
    let started = Instant::now();
    let (coverage, defects) = Coverage::build(faces.clone());
    let built = started.elapsed();
    assert!(defects.is_empty(), "{} defects, first {:?}", defects.len(), defects[0]);
    assert_eq!(coverage.neighbour_pairs().len(), 2 * 67 * 66);

    let started = Instant::now();
    for (_, shape) in &faces {
        assert!(shape.clean_lattice().unwrap().repairs.is_empty());
    }
    let cleaned = started.elapsed();

    let started = Instant::now();
    let rows = coverage.dissolved(|id| Some(id / 67));
    assert_eq!(rows.len(), 67);
    eprintln!("built in {built:?}, cleaned in {cleaned:?}, dissolved in {:?}", started.elapsed());
    assert!(built.as_secs() < 20 && cleaned.as_secs() < 20, "{built:?} {cleaned:?}");
}

#[test]
fn a_shifted_layer_over_a_city_is_reported_pair_by_pair() {
    let mut faces = city(12, 20);
    let shifted = city(12, 20).into_iter().step_by(29).map(|(id, mut shape)| {
        for point in &mut shape.0[0].exterior.0 {
            point.x += 300;
        }
        (id + 1000, shape)
    });
    faces.extend(shifted);
    let (_, mut defects) = Coverage::build(faces);
    defects.retain(|defect| !defect.kind.is_repaired());
    for added in (1000..1144).step_by(29) {
        let own = defects.iter().find(|defect| defect.faces == [added - 1000, added]).unwrap();
        assert_eq!(own.kind, DefectKind::Overlap);
    }
}
