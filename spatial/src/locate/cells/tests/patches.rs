//! After any number of edits the index answers as if built anew.

use std::collections::HashMap;

use proptest::prelude::*;

use super::super::*;
use crate::coverage::LatticeMultiPolygon;
use crate::locate::{Edit, Locator};
use crate::test_maps::{at, mosaic, rectangle};

type Faces = Vec<(u32, LatticeMultiPolygon)>;

/// All faces with their vertices moved.
fn moved(faces: &Faces, to: impl Fn(LatticePoint) -> LatticePoint) -> Faces {
    let mut faces = faces.clone();
    for part in faces.iter_mut().flat_map(|(_, shape)| &mut shape.0) {
        for ring in std::iter::once(&mut part.exterior).chain(&mut part.holes) {
            for point in &mut ring.0 {
                *point = to(*point);
            }
        }
    }
    faces
}

/// The edit that makes the one of the other.
fn edit(locator: &Locator, from: &Faces, to: &Faces) -> Edit {
    let old: HashMap<_, _> = from.iter().map(|(id, shape)| (*id, shape)).collect();
    let new: HashMap<_, _> = to.iter().map(|(id, shape)| (*id, shape)).collect();
    let ids = old.keys().chain(new.keys().filter(|id| !old.contains_key(id)));
    let changed = ids.filter(|id| old.get(id) != new.get(id));
    locator.edited(changed.map(|id| (*id, new.get(id).map(|shape| (*shape).clone()))))
}

/// Places where two maps may differ, and some where they do not.
fn probes(faces: [&Faces; 2], east: i32, north: i32) -> Vec<LatticePoint> {
    let vertices = faces.into_iter().flatten().flat_map(|(_, shape)| shape.edges());
    let mut probes: Vec<_> = vertices
        .flat_map(|(a, b)| [a, at(a.x.midpoint(b.x), a.y.midpoint(b.y))])
        .flat_map(|p| [-1, 0, 1].map(|d| at(p.x + d, p.y)).into_iter().chain([at(p.x, p.y - 1)]))
        .collect();
    let step = |size: i32| (size / 40).max(1) as usize;
    for y in (0..north).step_by(step(north)) {
        probes.extend((0..east).step_by(step(east)).map(|x| at(x, y)));
    }
    probes
}

proptest! {
    #[test]
    fn a_patched_index_is_as_good_as_a_new_one(
        mosaic in mosaic(),
        by in prop::sample::select(vec![1, 50, 3001, 100_003]),
        changes in prop::collection::vec((any::<prop::sample::Index>(), 0..5u32, -9..=9i32), 1..5),
    ) {
        let scaled = |faces: &Faces| moved(faces, |p| at(p.x * by, p.y * by));
        let mut before = scaled(&mosaic.faces());
        let locator = Locator::new(before.clone());
        let (mut index, mut locator) = (CellIndex::build(&locator, Key::default()).unwrap(), locator);
        let mut owners = mosaic.clone();
        for (version, (which, owner, shift)) in (1..).zip(changes) {
            // A triangle changes hands, and a vertex of it moves a little.
            let triangle = which.index(owners.owners.len());
            owners.owners[triangle] = owner;
            let vertex = owners.triangles[triangle].1.0[0].exterior.0[0];
            let (from, to) = (at(vertex.x * by, vertex.y * by), vertex);
            let to = at(to.x * by + shift * by / 100, to.y * by - shift * by / 90);
            let after = moved(&scaled(&owners.faces()), |p| if p == from { to } else { p });

            let edit = edit(&locator, &before, &after);
            let key = Key { version, borders: edit.locator().digest() };
            prop_assert_eq!(key.borders, Locator::new(after.clone()).digest());
            let patched = match index.patched(&edit, key) {
                Err(PatchError::BeyondFrame) => CellIndex::build(edit.locator(), key).unwrap(),
                patched => patched.unwrap(),
            };
            let new = Locator::new(after.clone());
            for point in probes([&before, &after], mosaic.east * by, mosaic.north * by) {
                prop_assert_eq!(edit.locator().locate(point), new.locate(point));
                prop_assert_eq!(patched.locate(point), new.locate(point), "{:?}", point);
                prop_assert_eq!(index.locate(point), locator.locate(point), "the old one changed");
                let inside = edit.area().is_some_and(|area| area.contains(point));
                prop_assert!(inside || patched.locate(point) == index.locate(point));
            }
            let mut file = Vec::new();
            patched.write_to(&mut file).unwrap();
            let opened = CellIndex::open(file, key).unwrap();
            for point in probes([&after, &after], mosaic.east * by, mosaic.north * by) {
                prop_assert_eq!(opened.locate(point), patched.locate(point), "{:?}", point);
            }
            (index, locator, before) = (patched, edit.into_locator(), after);
        }
    }
}

#[test]
fn cells_between_the_old_border_and_the_new_one_change_hands() {
    let halves = |middle: i32| {
        vec![(1, rectangle(0, 0, middle, 900_000)), (2, rectangle(middle, 0, 900_000, 900_000))]
    };
    let (before, after) = (halves(100_000), halves(800_000));
    let locator = Locator::new(before.clone());
    let index = CellIndex::build(&locator, Key::default()).unwrap();
    let patched = index.patched(&edit(&locator, &before, &after), Key::default()).unwrap();
    for x in [99_999, 100_000, 450_000, 799_999, 800_000] {
        let one = |index: &CellIndex| index.locate(at(x, 450_000));
        assert_eq!(one(&index), Some(if x < 100_000 { 1 } else { 2 }));
        assert_eq!(one(&patched), Some(if x < 800_000 { 1 } else { 2 }), "{x}");
    }
}

#[test]
fn an_edit_that_makes_faces_overlap_is_refused_and_the_index_stays() {
    let before =
        vec![(1, rectangle(0, 0, 90_000, 90_000)), (2, rectangle(90_000, 0, 180_000, 90_000))];
    let locator = Locator::new(before);
    let index = CellIndex::build(&locator, Key::default()).unwrap();
    let edit = locator.edited([(1, Some(rectangle(0, 0, 90_007, 90_000)))]);
    let refused = index.patched(&edit, Key::default()).unwrap_err();
    let PatchError::Build(BuildError::Overlap { place, faces }) = refused else {
        panic!("{refused:?}")
    };
    assert_eq!(faces, [1, 2]);
    assert!((90_000..90_007).contains(&place.x));
    assert_eq!(index.locate(at(90_003, 5)), Some(2));
}

#[test]
fn an_edit_beyond_the_area_asks_for_a_new_index() {
    let locator = Locator::new([(1, rectangle(0, 0, 1000, 1000))]);
    let index = CellIndex::build(&locator, Key::default()).unwrap();
    let edit = locator.edited([(2, Some(rectangle(1_000_000, 0, 2_000_000, 10)))]);
    assert_eq!(index.patched(&edit, Key::default()).unwrap_err(), PatchError::BeyondFrame);
}

#[test]
fn many_edits_build_the_tree_anew_and_lose_nothing() {
    let strip = |id: u32| rectangle(id as i32 * 10, 0, id as i32 * 10 + 10, 10);
    let mut locator = Locator::new((0..300).map(|id| (id, strip(id))));
    for id in 0..300 {
        locator = locator.edited([(id, None), (id + 300, Some(strip(id)))]).into_locator();
        assert_eq!(locator.len(), 300);
    }
    for id in 0..300 {
        assert_eq!(locator.locate(at(id * 10 + 5, 5)), Some(id as u32 + 300));
    }
    assert_eq!(locator.digest(), Locator::new((300..600).map(|id| (id, strip(id - 300)))).digest());
}
