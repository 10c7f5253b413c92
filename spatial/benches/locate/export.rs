//! The same faces and points for other software, and our own figures on them: see `benches/peers`.

use std::fs;
use std::hint::black_box;
use std::io::{BufRead, Write};
use std::path::Path;

use spatial::locate::{CellIndex, Key, Locate, Locator};

use super::clock::worked;
use super::synthetic::{Edits, Share, hilbert_sorted, points};
use super::ways::Subject;
use super::{LatticeMultiPolygon, LatticePoint, POINTS};

/// Points that the others are asked.
const SHARED: usize = 500_000;
/// Points that the slowest of ours is asked.
const SAMPLE: usize = 200_000;
/// Edits between the two states that are written.
const EDITS: usize = 1000;

/// Writes `faces.bin` (their number; for each its vertices' number, then x, y), `points.bin` (x, y)
/// and `ours.bin` (the face of each point, -1 outside), all numbers i32 and little-endian; and
/// `faces_edited.bin` and `ours_edited.bin`, the same after a thousand edits of the borders, by the
/// index that was patched after each.
pub fn write(folder: &Path) {
    let Subject { city, locator, index, .. } = Subject::new();
    let points = points(&city, POINTS, Share::TEMPTING, 7);
    let shared = &points[..SHARED];
    let save = |name: &str, values: Vec<i32>| {
        let bytes: Vec<u8> = values.into_iter().flat_map(i32::to_le_bytes).collect();
        fs::write(folder.join(name), bytes).unwrap();
    };
    save("points.bin", shared.iter().flat_map(|point| [point.x, point.y]).collect());
    save("faces.bin", rings(city.faces.iter().map(|(_, shape)| shape)));
    save("ours.bin", answers(&index, &locator, shared));

    let (mut index, mut locator, mut edits) = (index, locator, Edits::new(&city, 3));
    for _ in 0..EDITS {
        let changes = edits.next().into_iter().map(|(id, shape)| (id, Some(shape)));
        let edit = locator.edited(changes);
        index = index.patched(&edit, Key::default()).unwrap();
        locator = edit.into_locator();
    }
    save("faces_edited.bin", rings(edits.faces.iter()));
    save("ours_edited.bin", answers(&index, &locator, shared));
}

fn rings<'a>(shapes: impl ExactSizeIterator<Item = &'a LatticeMultiPolygon>) -> Vec<i32> {
    let mut numbers = vec![shapes.len() as i32];
    for shape in shapes {
        let ring = &shape.0[0].exterior.0;
        numbers.push(ring.len() as i32);
        numbers.extend(ring.iter().flat_map(|point| [point.x, point.y]));
    }
    numbers
}

/// The face of each point, by the index; the locator must say the same.
fn answers(index: &CellIndex, locator: &Locator, points: &[LatticePoint]) -> Vec<i32> {
    let mut found = vec![None; points.len()];
    index.locate_batch(points, &mut found);
    let same = |(point, face): (&LatticePoint, &Option<u32>)| locator.locate(*point) == *face;
    assert!(points.iter().zip(&found).all(same), "index and locator differ");
    found.into_iter().map(|face| face.map_or(-1, |face| face as i32)).collect()
}

/// Measures us once for every line of input, so that others can take turns: what, and nanoseconds a
/// point, a line each; then an empty line.
pub fn ours() {
    let subject = Subject::new();
    let all = points(&subject.city, POINTS, Share::TEMPTING, 7);
    let sorted = hilbert_sorted(&all);
    let mut found = vec![None; POINTS];
    // Once for the memory of the answers.
    subject.index.locate_batch(&all, &mut found);
    for _ in std::io::stdin().lock().lines() {
        round(&subject, &all, &sorted, &mut found);
        println!();
        std::io::stdout().flush().unwrap();
    }
}

fn round(
    subject: &Subject,
    all: &[LatticePoint],
    sorted: &[LatticePoint],
    found: &mut [Option<u32>],
) {
    let tell = |name: &str, ns: f64, count: usize| println!("{name} {:.1}", ns / count as f64);
    let one_by_one = worked(|| {
        for (point, found) in all.iter().zip(&mut *found) {
            *found = subject.index.locate(*point);
        }
    });
    tell("`CellIndex`, one by one, random", one_by_one.0, POINTS);
    for (name, points) in
        [("`CellIndex`, batch, random", all), ("`CellIndex`, batch, Hilbert order", sorted)]
    {
        tell(name, worked(|| subject.index.locate_batch(points, found)).0, POINTS);
    }
    let locator = |point: LatticePoint| subject.locator.locate(point);
    for (name, way) in [
        ("`Locator`, random", &locator as &dyn Fn(LatticePoint) -> Option<u32>),
        ("rstar + geo `Contains`, random", &|point| subject.by_geo_contains(point)),
    ] {
        let ask = || all[..SAMPLE].iter().filter(|point| way(**point).is_some()).count();
        tell(name, worked(|| black_box(ask())).0, SAMPLE);
    }
}
