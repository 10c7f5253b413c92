use proptest::prelude::*;

use super::*;
use crate::coverage::{Coverage, LatticeMultiPolygon, LatticePolygon, LatticeRing};
use crate::lattice::LatticeBox;
use crate::locate::{CellIndex, Key};
use crate::test_maps::at;

/// Polygons that respect nothing: few corners on a small square, stretched so that borders cross
/// under sharp angles between lattice points.
fn hostile() -> impl Strategy<Value = Vec<(u32, LatticeMultiPolygon)>> {
    let corner = (0..14i32, 0..14i32);
    let face = prop::collection::vec(corner, 3..7);
    let stretch = prop::sample::select(vec![(1, 1), (1, 400), (97, 3), (1009, 1), (5003, 4999)]);
    (prop::collection::vec(face, 2..7), stretch, 0..3i32).prop_map(
        |(faces, (east, north), lean)| {
            let place = |(x, y): (i32, i32)| at(x * east + y * lean, y * north);
            let shape = |ring: Vec<(i32, i32)>| {
                let ring = LatticeRing(ring.into_iter().map(place).collect());
                LatticeMultiPolygon::clean(
                    &LatticeMultiPolygon::from(LatticePolygon::solid(ring)).to_degrees(),
                )
            };
            let shapes = faces.into_iter().filter_map(|ring| shape(ring).ok());
            (0..).zip(shapes.map(|cleaned| cleaned.shape)).collect()
        },
    )
}

/// Every place of a grid far finer than the lattice, so that what is thinner than a step is seen.
fn fine(area: LatticeBox) -> Vec<(f64, f64)> {
    let spread = |low: i32, high: i32| {
        let (low, run) = (f64::from(low), f64::from(high) - f64::from(low));
        (0..60).map(move |step| low + run * (f64::from(step) + 0.377) / 60.0)
    };
    let rows = || spread(area.min.y, area.max.y);
    spread(area.min.x, area.max.x).flat_map(|x| rows().map(move |y| (x, y))).collect()
}

/// Even and odd, in floating point: an oracle that shares nothing with the code.
fn holds(shape: &LatticeMultiPolygon, (x, y): (f64, f64)) -> bool {
    let crossed = shape.edges().filter(|(a, b)| {
        let ((ax, ay), (bx, by)) =
            ((f64::from(a.x), f64::from(a.y)), (f64::from(b.x), f64::from(b.y)));
        (ay > y) != (by > y) && x < (bx - ax) * (y - ay) / (by - ay) + ax
    });
    crossed.count() % 2 == 1
}

/// How far a place is from the borders of a shape, in lattice steps.
fn off(shape: &LatticeMultiPolygon, (x, y): (f64, f64)) -> f64 {
    let edges = shape.edges().map(|(a, b)| {
        let (ax, ay) = (f64::from(a.x), f64::from(a.y));
        let (dx, dy) = (f64::from(b.x) - ax, f64::from(b.y) - ay);
        let along =
            (((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy).max(1e-9)).clamp(0.0, 1.0);
        (ax + along * dx - x).hypot(ay + along * dy - y)
    });
    edges.fold(f64::INFINITY, f64::min)
}

fn is_overlap(defect: &Defect) -> bool {
    matches!(defect.kind, DefectKind::Overlap | DefectKind::SliverOverlap)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn borders_meet_at_vertices_only_whatever_they_were(faces in hostile()) {
        let (_, judged) = Coverage::judged(faces);
        let mut segments: Vec<_> =
            judged.odd.iter().map(|edge| (edge.from.min(edge.to), edge.from.max(edge.to))).collect();
        segments.sort_unstable();
        segments.dedup();
        for (at, one) in segments.iter().enumerate() {
            for other in &segments[at + 1..] {
                let side = |p: &Segment, q: LatticePoint| turn(p.0, p.1, q).signum();
                let cross = side(one, other.0) * side(one, other.1) < 0
                    && side(other, one.0) * side(other, one.1) < 0;
                prop_assert!(!cross, "{one:?} crosses {other:?}");
            }
        }
    }

    #[test]
    fn where_no_overlap_is_reported_no_place_is_covered_twice(faces in hostile()) {
        let (coverage, defects) = Coverage::build(faces);
        let built = CellIndex::build(&coverage.locator(), Key::default());
        if defects.iter().any(is_overlap) {
            return Ok(());
        }
        prop_assert!(built.is_ok(), "{:?}", built.err());
        for place in coverage.bounds().map(fine).unwrap_or_default() {
            let holders = coverage.faces().iter().filter(|face| holds(&face.shape, place)).count();
            prop_assert!(holders < 2, "{place:?} lies in {holders} faces");
        }
    }

    #[test]
    fn whatever_is_covered_twice_is_reported_with_its_faces_and_nothing_moves_far(faces in hostile()) {
        let (coverage, defects) = Coverage::build(faces.clone());
        let given: HashMap<u32, LatticeMultiPolygon> = faces.into_iter().collect();
        for place in coverage.bounds().map(fine).unwrap_or_default() {
            let holders: Vec<u32> = coverage
                .faces()
                .iter()
                .filter(|face| holds(&face.shape, place))
                .map(|face| face.id)
                .collect();
            if holders.len() > 1 {
                let told = defects
                    .iter()
                    .any(|defect| is_overlap(defect) && defect.faces.iter().all(|id| holders.contains(id)));
                prop_assert!(told, "{place:?} lies in {holders:?}: {defects:?}");
            }
            for face in coverage.faces() {
                // Four rounds of a step, and half a step more where borders cross.
                let moved = holds(&face.shape, place) != holds(&given[&face.id], place);
                prop_assert!(!moved || off(&given[&face.id], place) < 5.0, "{place:?} of {}", face.id);
            }
        }
    }

    #[test]
    fn a_place_inside_a_polygon_is_covered_by_it(faces in hostile()) {
        use crate::coverage::within::{covers, inside};
        for part in faces.iter().flat_map(|(_, shape)| &shape.0) {
            let place = inside(part).unwrap();
            prop_assert!(covers(&part.clone().into(), place));
            let near = (place.0 as f64 / 6.0, place.1 as f64 / 6.0);
            prop_assert!(holds(&part.clone().into(), near) || off(&part.clone().into(), near) < 1e-6);
        }
    }
}

#[test]
fn an_overlap_thinner_than_a_step_is_found_with_its_faces() {
    // Two needles that cross twice between lattice points: no corner of what they share is one.
    let needle = |y: i32, tip: i32| {
        LatticePolygon::solid(LatticeRing(vec![at(0, y), at(9000, tip), at(9000, tip + 3)])).into()
    };
    let faces: Vec<(u32, LatticeMultiPolygon)> = vec![(4, needle(0, 90)), (9, needle(101, 2))];
    let (coverage, defects) = Coverage::build(faces);
    let overlaps: Vec<_> = defects.iter().filter(|defect| is_overlap(defect)).collect();
    assert_eq!(overlaps.len(), 1, "{defects:#?}");
    assert_eq!(overlaps[0].faces, [4, 9]);
    assert!(overlaps[0].area_m2 > 0.0);
    assert!(defects.iter().any(|defect| defect.kind == DefectKind::Crossing));
    assert_eq!(coverage.faces().len(), 2);
}

/// The faces of a line, and the areas that shapely found common to two of them.
type Expected = (Vec<(u32, LatticeMultiPolygon)>, HashMap<(u32, u32), f64>);

fn expected(line: &str) -> Expected {
    let (faces, overlaps) = line.split_once(',').unwrap();
    let face = |corners: &str| {
        let numbers: Vec<i32> = corners.split(' ').map(|n| n.parse().unwrap()).collect();
        let ring = numbers.as_chunks::<2>().0.iter().map(|[x, y]| at(*x, *y)).collect();
        LatticePolygon::solid(LatticeRing(ring)).into()
    };
    let common = |words: &str| {
        let words: Vec<&str> = words.split(' ').collect();
        ((words[0].parse().unwrap(), words[1].parse().unwrap()), words[2].parse().unwrap())
    };
    let overlaps = overlaps.split('/').filter(|words| !words.is_empty()).map(common).collect();
    ((0..).zip(faces.split('/').map(face)).collect(), overlaps)
}

#[test]
fn hostile_faces_overlap_as_much_as_shapely_says() {
    let step_m2 = 0.011_13 * 0.011_06;
    let (mut seen, mut told_all, mut all) = (0, 0.0, 0.0);
    for line in include_str!("overlaps_expected.csv").lines() {
        let (faces, common) = expected(line);
        let lengths: HashMap<u32, f64> =
            faces.iter().map(|(id, shape)| (*id, perimeter(shape))).collect();
        let (_, defects) = Coverage::build(faces);
        let mut found: HashMap<(u32, u32), f64> = HashMap::new();
        for defect in defects.iter().filter(|defect| is_overlap(defect)) {
            for (at, one) in defect.faces.iter().enumerate() {
                for other in &defect.faces[at + 1..] {
                    *found.entry((*one, *other)).or_default() += defect.area_m2 / step_m2;
                }
            }
        }
        // Borders may be moved by a few steps to meet: so much may appear or vanish along them.
        let slack = |pair: &(u32, u32)| lengths[&pair.0].min(lengths[&pair.1]) + 4.0;
        for (pair, area) in &common {
            let told = found.get(pair).copied().unwrap_or(0.0);
            let off = (told - area).abs();
            assert!(off <= 0.02 * area + slack(pair), "{pair:?}: {told} for {area} in {line}");
            (seen, told_all, all) = (seen + 1, told_all + told, all + area);
        }
        for (pair, area) in found.iter().filter(|(pair, _)| !common.contains_key(pair)) {
            assert!(*area <= slack(pair), "{pair:?} share {area}, shapely says nothing, in {line}");
        }
    }
    assert!(seen > 400, "{seen} pairs");
    assert!((told_all - all).abs() < 0.01 * all, "{told_all} of {all} altogether");
}

fn perimeter(shape: &LatticeMultiPolygon) -> f64 {
    let length = |(a, b): (LatticePoint, LatticePoint)| {
        (f64::from(a.x) - f64::from(b.x)).hypot(f64::from(a.y) - f64::from(b.y))
    };
    shape.edges().map(length).sum()
}
