//! Borders against borders: what changed, what ends, which datum.

use proptest::prelude::*;
use spatial::coverage::LatticeMultiPolygon;
use spatial::crs::Crs;
use spatial::lattice::LatticePoint;

use super::{rectangle, solid};
use crate::import::boundary::{Border, Standing, change, ending, is_same_shape, take_distinct};
use crate::import::judge;
use crate::import::report::Report;

fn border(code: &str, parent: &str, shape: LatticeMultiPolygon) -> Border {
    Border {
        row: 1,
        code: code.to_owned(),
        level: String::new(),
        kind: "basic".to_owned(),
        name: code.to_owned(),
        parent: Some(parent.to_owned()),
        people: Some(10),
        shape,
    }
}

fn standing(id: i32, code: &str, parent: &str, shape: LatticeMultiPolygon) -> Standing {
    Standing { id, border: border(code, parent, shape) }
}

#[test]
fn only_what_differs_is_written() {
    let (a, b) = (solid(rectangle(0, 0, 10, 10)), solid(rectangle(10, 0, 20, 10)));
    let known = [standing(1, "a", "P", a.clone()), standing(2, "b", "P", b.clone())];
    let mut renamed = border("b", "P", b.clone());
    renamed.name = "new name".to_owned();
    let silent = Border { people: None, ..border("a", "P", a) };
    let new = border("c", "P", b);
    let told = change(&known, vec![silent, renamed.clone(), new.clone()]);
    assert_eq!((told.unchanged, told.close.as_slice()), (1, [2].as_slice()));
    assert_eq!(told.insert, [renamed, new]);
}

#[test]
fn a_moved_corner_is_a_change() {
    let known = [standing(1, "a", "P", solid(rectangle(0, 0, 10, 10)))];
    let told = change(&known, vec![border("a", "P", solid(rectangle(0, 0, 10, 11)))]);
    assert_eq!((told.close.as_slice(), told.insert.len()), ([1].as_slice(), 1));
}

#[test]
fn replacing_ends_only_siblings_that_are_not_in_the_file() {
    let shape = || solid(rectangle(0, 0, 10, 10));
    let known = [
        standing(1, "a", "P", shape()),
        standing(2, "b", "P", shape()),
        standing(3, "c", "Q", shape()),
    ];
    let told = ending(&known, &[border("a", "P", shape())]);
    assert_eq!(told.iter().map(|s| s.id).collect::<Vec<_>>(), [2]);
}

#[test]
fn the_second_row_of_a_code_is_set_aside_with_the_row_of_the_first() {
    let shape = || solid(rectangle(0, 0, 10, 10));
    let rows = vec![border("a", "P", shape()), Border { row: 9, ..border("a", "P", shape()) }];
    let (distinct, again) = take_distinct(rows);
    assert_eq!((distinct.len(), again.len()), (1, 1));
    assert_eq!((again[0].0.row, again[0].1), (9, 1));
}

proptest! {
    #[test]
    fn a_ring_is_the_same_wherever_it_begins_and_whichever_way_it_runs(turn in 0usize..4, back in any::<bool>()) {
        let ring = rectangle(0, 0, 50, 70);
        let mut turned = ring.clone();
        turned.0.rotate_left(turn);
        if back {
            turned.0.reverse();
        }
        prop_assert!(is_same_shape(&solid(ring), &solid(turned)));
    }
}

#[test]
fn gaps_and_overlaps_are_told_with_place_size_and_codes() {
    let shapes = [
        rectangle(0, 0, 5000, 5000),
        rectangle(4000, 0, 9000, 5000),
        rectangle(9000, 0, 9500, 5000),
    ];
    let faces = (0..).zip(shapes.map(solid)).collect();
    let mut report = Report::default();
    let joined = judge::coverage(faces, &["a", "b", "c"], 0, 0.0, &mut report);
    assert_eq!(joined.len(), 3);
    assert_eq!(report.problems.len(), 1, "{report}");
    let problem = &report.problems[0];
    assert_eq!(
        (problem.kind.as_str(), problem.codes.as_slice()),
        ("overlap", ["a", "b"].map(str::to_owned).as_slice())
    );
    // 1e-4° by 5e-4° at 36° N: about 9 m by 55 m.
    assert!((450.0..550.0).contains(&problem.area_m2), "{}", problem.area_m2);
    let place = problem.place.unwrap();
    assert!((103.8304..103.8305).contains(&place.lng), "{place:?}");
}

#[test]
fn a_child_beyond_its_parent_and_an_orphan_are_told() {
    let parent = Border {
        level: "community".to_owned(),
        ..border("P", "T", solid(rectangle(0, 0, 9000, 9000)))
    };
    let inside = border("a", "P", solid(rectangle(0, 0, 4000, 9000)));
    let beyond = border("b", "P", solid(rectangle(4000, 0, 12_000, 9000)));
    let orphan = border("c", "nobody", solid(rectangle(20_000, 0, 30_000, 900)));
    let parents = judge::Parents::new(vec![&parent]);
    assert_eq!(parents.holding(&inside.shape), Some("P"));
    assert_eq!(parents.holding(&orphan.shape), None);
    let mut report = Report::default();
    judge::children(&parents, &[&inside, &beyond, &orphan], &mut report);
    assert_eq!(report.notes, ["1 rows name no parent that is known here"]);
    let kinds: Vec<_> = report.problems.iter().map(|problem| problem.kind.as_str()).collect();
    assert_eq!(kinds, ["outside_parent"], "{report}");
    assert_eq!(report.problems[0].codes, ["b", "P"]);
}

/// Borders of a town, and the same borders as they come out when their numbers, told in `truth`, are read as `read_as`.
fn misread(truth: Crs, read_as: Crs) -> (Vec<LatticeMultiPolygon>, Vec<LatticeMultiPolygon>) {
    let known: Vec<_> = (0..6)
        .flat_map(|x| (0..6).map(move |y| (x * 70_000, y * 50_000)))
        .map(|(x, y)| rectangle(x, y, x + 70_000, y + 50_000))
        .collect();
    let wrong = |point: &LatticePoint| {
        let (x, y) = truth.from_wgs84(point.lng_lat()).unwrap();
        LatticePoint::nearest(read_as.to_wgs84(x, y).unwrap())
    };
    let moved = known
        .iter()
        .map(|ring| solid(spatial::coverage::LatticeRing(ring.0.iter().map(wrong).collect())));
    let moved: Vec<_> = moved.collect();
    (known.into_iter().map(solid).collect(), moved)
}

#[test]
fn a_wrong_datum_is_suspected_by_name_and_a_right_one_is_not() {
    let systems = [Crs::Wgs84, Crs::Gcj02, Crs::Bd09];
    for truth in systems {
        for read_as in systems {
            let (known, moved) = misread(truth, read_as);
            let (known, moved): (Vec<_>, Vec<_>) = (known.iter().collect(), moved.iter().collect());
            let told = judge::suspect_areas(&moved, read_as, &known);
            if truth == read_as {
                assert_eq!(told, None);
            } else {
                let what = told.expect("a shift of everything shows").what;
                assert!(
                    what.ends_with(&format!("is the file in {truth}?")),
                    "{truth} as {read_as}: {what}"
                );
            }
        }
    }
}

#[test]
fn places_outside_their_buildings_raise_the_suspicion() {
    let places: Vec<LatticePoint> =
        (0..100).map(|at| LatticePoint::new(1_038_300_000 + at * 900, 360_600_000)).collect();
    let told = |hits: &dyn Fn(Crs) -> usize| {
        let readings = judge::rereadings(&places, Crs::Wgs84);
        let hits: Vec<usize> = readings.iter().map(|(crs, _)| hits(*crs)).collect();
        judge::suspect_places(&readings, &hits, "buildings")
    };
    let gcj = told(&|crs| if crs == Crs::Gcj02 { 90 } else { 12 }).expect("90 against 12");
    assert!(
        gcj.what.contains("12 lie in buildings when read as wgs84, 90 would as gcj02"),
        "{}",
        gcj.what
    );
    assert_eq!(told(&|_| 80), None);
    assert_eq!(told(&|_| 0), None);
    assert!(judge::rereadings(&places[..10], Crs::Wgs84).is_empty());
}
