//! A city: index, locator and brute force on many points, before and after many edits.

use rayon::prelude::*;

use super::super::*;
use crate::coverage::LatticeMultiPolygon;
use crate::lattice::LatticeBox;
use crate::locate::{Locator, rule};
use crate::synthetic::{City, Edits, Plan, Share, city, points};

/// All faces, walked one after the other wherever the point is in their box.
struct BruteForce(Vec<(u32, LatticeBox, LatticeMultiPolygon)>);

impl BruteForce {
    fn new(faces: impl IntoIterator<Item = (u32, LatticeMultiPolygon)>) -> Self {
        let boxed = |(id, shape): (u32, LatticeMultiPolygon)| Some((id, shape.bounds()?, shape));
        Self(faces.into_iter().filter_map(boxed).collect())
    }

    fn holders(&self, point: LatticePoint) -> Vec<u32> {
        let near = self.0.iter().filter(|(_, bounds, _)| bounds.contains(point));
        near.filter(|(_, _, shape)| rule::contains(shape, point)).map(|(id, ..)| *id).collect()
    }
}

/// Compares all three on every point; how many of the points lie in a face.
fn compare(
    index: &CellIndex,
    locator: &Locator,
    brute: &BruteForce,
    points: &[LatticePoint],
) -> usize {
    let mut batch = vec![None; points.len()];
    index.locate_batch(points, &mut batch);
    let mut parallel = vec![None; points.len()];
    index.locate_parallel(points, &mut parallel);
    assert_eq!(batch, parallel);
    let differ = |(point, batch): (&LatticePoint, &Option<u32>)| {
        let holders = brute.holders(*point);
        let same = holders.len() <= 1
            && holders.first().copied() == *batch
            && index.locate(*point) == *batch
            && locator.locate(*point) == *batch;
        (!same).then(|| format!("{point:?}: index {batch:?}, brute force {holders:?}"))
    };
    let differ: Vec<String> = points.par_iter().zip(&batch).filter_map(differ).collect();
    assert!(differ.is_empty(), "{} differ, first {}", differ.len(), differ[0]);
    batch.iter().flatten().count()
}

fn before_and_after(plan: Plan, count: usize, share: Share, edits: usize) {
    let mut drawn: City = city(plan);
    let mut locator = Locator::new(drawn.faces.iter().cloned());
    let mut index = CellIndex::build(&locator, Key::default()).unwrap();
    let tempting = points(&drawn, count, share, 5);
    let inside = compare(&index, &locator, &BruteForce::new(drawn.faces.clone()), &tempting);
    assert!(inside > count * 9 / 10 && inside < count, "{inside} of {count} are inside");

    let mut moving = Edits::new(&drawn, 3);
    for _ in 0..edits {
        let changes = moving.next().into_iter().map(|(id, shape)| (id, Some(shape)));
        let edit = locator.edited(changes);
        index = index.patched(&edit, Key::default()).unwrap();
        locator = edit.into_locator();
    }
    let is_moved = |(id, shape): &(u32, LatticeMultiPolygon)| moving.faces[*id as usize] != *shape;
    assert!(
        drawn.faces.iter().filter(|face| is_moved(face)).count() > edits.min(drawn.faces.len()) / 2
    );
    drawn.faces = (0..).zip(moving.faces).collect();
    let brute = BruteForce::new(drawn.faces.clone());
    for points in [tempting, points(&drawn, count, share, 6)] {
        compare(&index, &locator, &brute, &points);
        compare(&index.compacted(), &locator, &brute, &points);
    }
}

#[test]
fn ten_thousand_points_half_of_them_on_borders_before_and_after_edits() {
    let plan = Plan { faces: 160, vertices: 120.0, ..Plan::CITY };
    before_and_after(plan, 10_000, Share { border: 0.5, vertex: 0.2 }, 40);
}

#[test]
#[ignore = "takes minutes: the whole city, 2.7 million points, 1,000 edits"]
fn millions_of_points_before_and_after_a_thousand_edits() {
    before_and_after(Plan::CITY, 2_700_000, Share::TEMPTING, 1000);
}

#[test]
fn a_city_drawn_twice_is_the_same() {
    let plan = Plan { faces: 50, vertices: 40.0, ..Plan::CITY };
    let (one, other) = (city(plan), city(plan));
    assert_eq!(one.faces, other.faces);
    assert_ne!(one.faces, city(Plan { seed: 2, ..plan }).faces);
}
