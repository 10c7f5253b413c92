//! What building, opening, editing and keeping cost.

use std::hint::black_box;

use spatial::locate::{CellIndex, Key, Locate, Locator};

use super::clock::{passed, worked};
use super::synthetic::{Edits, Share, points};
use super::ways::Subject;
use super::{mapped, median};

const ROUNDS: usize = 7;
const EDITS: usize = 1000;

pub fn print(subject: &Subject) {
    let mut rows = Vec::new();
    let ms = |ns: f64| format!("{:.1} ms", ns / 1e6);
    let us = |ns: f64| format!("{:.1} µs", ns / 1e3);

    let (mut build, mut record, mut open, mut read) = (vec![], vec![], vec![], vec![]);
    let (mut warm, mut cold) = (vec![], vec![]);
    let key = Key { version: 1, borders: subject.locator.digest() };
    let file = std::env::temp_dir().join(format!("cell-index-{}", std::process::id()));
    let mut bytes = Vec::new();
    CellIndex::build(&subject.locator, key).unwrap().write_to(&mut bytes).unwrap();
    std::fs::write(&file, &bytes).unwrap();
    for _ in 0..ROUNDS {
        record.push(passed(|| black_box(Locator::new(subject.city.faces.iter().cloned()))).0);
        build.push(passed(|| black_box(CellIndex::build(&subject.locator, key).unwrap())).0);
        let kept = bytes.clone();
        open.push(passed(|| black_box(CellIndex::open(kept, key).unwrap())).0);
        let from_file = || CellIndex::open(std::fs::read(&file).unwrap(), key).unwrap();
        read.push(passed(|| black_box(from_file())).0);
        let point = subject.city.sites[0];
        warm.push(mapped::start_ns(&file, key, point));
        if mapped::forget(&file) {
            cold.push(mapped::start_ns(&file, key, point));
        }
    }
    std::fs::remove_file(&file).unwrap();
    let build = median(build);
    rows.push(("build `Locator`".to_owned(), ms(median(record))));
    rows.push(("build `CellIndex` from it, all cores".to_owned(), ms(build)));
    rows.push(("check and open an index in memory".to_owned(), ms(median(open))));
    rows.push(("read its file, check and open".to_owned(), ms(median(read))));
    rows.push((
        "map its file, check, open and ask once: file in memory".to_owned(),
        ms(median(warm)),
    ));
    if !cold.is_empty() {
        rows.push(("the same, file on disk".to_owned(), ms(median(cold))));
    }
    let megabytes = subject.index.size_bytes() as f64 / 1e6;
    rows.push(("size".to_owned(), format!("{megabytes:.1} MB")));
    rows.extend(edits(subject, build, us));
    println!("| what | cost |\n|---|---|");
    for (what, cost) in rows {
        println!("| {what} | {cost} |");
    }
}

/// A thousand edits one after the other, and the index that comes of them beside a new one.
fn edits(subject: &Subject, build: f64, us: impl Fn(f64) -> String) -> Vec<(String, String)> {
    let (mut index, mut locator) = (subject.index.clone(), subject.locator.clone());
    let mut edits = Edits::new(&subject.city, 3);
    let (mut record, mut patch, mut refused) = (vec![], vec![], 0);
    for _ in 0..EDITS {
        let changes = edits.next();
        let (took, edit) =
            worked(|| locator.edited(changes.into_iter().map(|(id, shape)| (id, Some(shape)))));
        record.push(took);
        let (took, patched) = worked(|| index.patched(&edit, Key::default()));
        patch.push(took);
        match patched {
            Ok(patched) => index = patched,
            Err(_) => refused += 1,
        }
        locator = edit.into_locator();
    }
    assert_eq!(refused, 0, "edits that make faces overlap");
    let (new_ns, new) = passed(|| CellIndex::build(&locator, Key::default()).unwrap());
    let (compact_ns, compact) = passed(|| index.compacted());
    let probes = points(&subject.city, 1_000_000, Share::TEMPTING, 11);
    let differ = probes
        .iter()
        .filter(|p| new.locate(**p) != index.locate(**p) || new.locate(**p) != compact.locate(**p))
        .count();
    assert_eq!(differ, 0);
    patch.sort_unstable_by(f64::total_cmp);
    let (p50, p90, most) = (patch[EDITS / 2], patch[EDITS * 9 / 10], patch[EDITS - 1]);
    vec![
        (
            format!("patch `CellIndex` after one of {EDITS} edits of 10 to 20 vertices"),
            format!(
                "{} (p90 {}, max {}; {:.0}× cheaper than building)",
                us(p50),
                us(p90),
                us(most),
                build / p50
            ),
        ),
        ("edit `Locator` for it".to_owned(), us(median(record))),
        ("build anew after the edits".to_owned(), us(new_ns)),
        ("compact instead".to_owned(), us(compact_ns)),
        (
            "points of 1,000,000 on which patched, compacted and new differ".to_owned(),
            differ.to_string(),
        ),
    ]
}
