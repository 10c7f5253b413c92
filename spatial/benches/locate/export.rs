//! The same faces and points for other software, and our own figures on them: see `benches/peers`.

use std::fs;
use std::path::Path;

use spatial::locate::Locate;

use super::synthetic::{Share, hilbert_sorted, points};
use super::ways::Subject;
use super::{LatticePoint, POINTS, timed};

/// Points that the others are asked.
const SHARED: usize = 500_000;
/// Points that the slowest of ours is asked.
const SAMPLE: usize = 200_000;

/// Writes `faces.bin` (their number; for each its vertices' number, then x, y), `points.bin` (x, y)
/// and `ours.bin` (the face of each point, -1 outside), all numbers i32 and little-endian.
pub fn write(folder: &Path) {
    let subject = Subject::new();
    let mut faces = vec![subject.city.faces.len() as i32];
    for (_, shape) in &subject.city.faces {
        let ring = &shape.0[0].exterior.0;
        faces.push(ring.len() as i32);
        faces.extend(ring.iter().flat_map(|point| [point.x, point.y]));
    }
    let points = points(&subject.city, POINTS, Share::TEMPTING, 7);
    let shared = &points[..SHARED];
    let mut found = vec![None; SHARED];
    subject.index.locate_batch(shared, &mut found);
    let save = |name: &str, values: Vec<i32>| {
        let bytes: Vec<u8> = values.into_iter().flat_map(i32::to_le_bytes).collect();
        fs::write(folder.join(name), bytes).unwrap();
    };
    save("faces.bin", faces);
    save("points.bin", shared.iter().flat_map(|point| [point.x, point.y]).collect());
    save("ours.bin", found.into_iter().map(|face| face.map_or(-1, |face| face as i32)).collect());
}

/// Prints our own figures, one a line: what, and nanoseconds a point.
pub fn ours() {
    let subject = Subject::new();
    let all = points(&subject.city, POINTS, Share::TEMPTING, 7);
    let sorted = hilbert_sorted(&all);
    let mut found = vec![None; POINTS];
    let per_point = |ns: f64, count: usize| ns / count as f64;
    let tell = |name: &str, ns: f64| println!("{name} {ns:.1}");
    // Once for the memory of the answers.
    subject.index.locate_batch(&all, &mut found);
    let mut one_by_one = |points: &[LatticePoint]| {
        let ask = || {
            for (point, found) in points.iter().zip(&mut found) {
                *found = subject.index.locate(*point);
            }
        };
        per_point(timed(ask).0, points.len())
    };
    tell("`CellIndex`, one by one, random", one_by_one(&all));
    let mut batch = |points: &[LatticePoint]| {
        per_point(timed(|| subject.index.locate_batch(points, &mut found)).0, points.len())
    };
    tell("`CellIndex`, batch, random", batch(&all));
    tell("`CellIndex`, batch, Hilbert order", batch(&sorted));
    let locator = |point: LatticePoint| subject.locator.locate(point);
    for (name, way) in [
        ("`Locator`, random", &locator as &dyn Fn(LatticePoint) -> Option<u32>),
        ("rstar + geo `Contains`, random", &|point| subject.by_geo_contains(point)),
    ] {
        let ask = || all[..SAMPLE].iter().filter(|point| way(**point).is_some()).count();
        tell(name, per_point(timed(|| std::hint::black_box(ask())).0, SAMPLE));
    }
}
