//! Nanoseconds a point.

use std::hint::black_box;

use spatial::locate::Locate;

use super::clock::{passed, worked};
use super::synthetic::{Share, hilbert_sorted, points};
use super::ways::Subject;
use super::{LatticePoint, POINTS, median};

const ROUNDS: usize = 7;
/// Points that the slower ways are asked, and all ways one by one.
const SAMPLE: usize = 200_000;
/// The sample in Hilbert order is so many runs of the sorted points.
const RUNS: usize = 20;

type OneByOne = fn(&Subject, LatticePoint) -> Option<u32>;

const WAYS: [(&str, OneByOne); 4] = [
    ("rstar + geo `Contains`", Subject::by_geo_contains),
    ("rstar + half-open rule", Subject::by_ring_walk),
    ("`Locator`", Subject::by_locator),
    ("`CellIndex`, one by one", Subject::by_index),
];

struct Row {
    name: &'static str,
    random_ns: Vec<f64>,
    hilbert_ns: Vec<f64>,
}

pub fn print(subject: &Subject, share: Share, named: &str) {
    let all = points(&subject.city, POINTS, share, 7);
    let sorted = hilbert_sorted(&all);
    let random = &all[..SAMPLE];
    let step = POINTS / RUNS;
    let runs = (0..RUNS).flat_map(|run| &sorted[run * step..run * step + SAMPLE / RUNS]);
    let hilbert: Vec<LatticePoint> = runs.copied().collect();
    compare(subject, random, named);

    let row = |name| Row { name, random_ns: Vec::new(), hilbert_ns: Vec::new() };
    let mut one_by_one = WAYS.map(|(name, _)| row(name));
    let mut whole =
        ["`CellIndex`, one by one", "`CellIndex`, batch", "`CellIndex`, all cores"].map(row);
    let mut found = vec![None; POINTS];
    for _ in 0..ROUNDS {
        for ((_, locate), row) in WAYS.iter().zip(&mut one_by_one) {
            let ask = |points: &[LatticePoint]| {
                let ask = || {
                    for point in points {
                        black_box(locate(subject, *point));
                    }
                };
                worked(ask).0 / points.len() as f64
            };
            row.random_ns.push(ask(random));
            row.hilbert_ns.push(ask(&hilbert));
        }
        for (points, is_sorted) in [(&all, false), (&sorted, true)] {
            let alone = worked(|| {
                for (point, found) in points.iter().zip(&mut found) {
                    *found = subject.index.locate(*point);
                }
            });
            let batch = worked(|| subject.index.locate_batch(points, &mut found));
            let cores = passed(|| subject.index.locate_parallel(points, &mut found));
            for (row, (ns, ())) in whole.iter_mut().zip([alone, batch, cores]) {
                let ns = ns / points.len() as f64;
                if is_sorted { row.hilbert_ns.push(ns) } else { row.random_ns.push(ns) }
            }
        }
    }
    let base = (median(one_by_one[0].random_ns.clone()), median(one_by_one[0].hilbert_ns.clone()));
    println!("\n{SAMPLE} points, {named}; ns a point (times faster than the first)\n");
    table(one_by_one, base);
    println!("\nall {POINTS} of them (times faster than rstar + geo `Contains` above)\n");
    table(whole, base);
}

fn table(rows: impl IntoIterator<Item = Row>, base: (f64, f64)) {
    println!("| way | random | Hilbert order |\n|---|---|---|");
    for row in rows {
        let (random, hilbert) = (median(row.random_ns), median(row.hilbert_ns));
        let (faster, sooner) = (base.0 / random, base.1 / hilbert);
        println!("| {} | {random:.1} ({faster:.1}×) | {hilbert:.1} ({sooner:.1}×) |", row.name);
    }
}

/// All ways must agree, but for `Contains`, which leaves out borders.
fn compare(subject: &Subject, points: &[LatticePoint], named: &str) {
    let (mut differ, mut on_border, mut outside) = (0, 0, 0);
    let mut batch = vec![None; points.len()];
    subject.index.locate_batch(points, &mut batch);
    for (point, batch) in points.iter().zip(batch) {
        let answer = subject.by_ring_walk(*point);
        let contained = subject.by_geo_contains(*point);
        let same = [subject.by_locator(*point), subject.by_index(*point), batch];
        differ += usize::from(same.iter().any(|one| *one != answer));
        on_border += usize::from(contained != answer);
        outside += usize::from(answer.is_none());
    }
    println!(
        "\n{named}: {differ} of {} points differ, {outside} are outside; on {on_border}, all on a \
         border, `Contains` says otherwise",
        points.len()
    );
    assert_eq!(differ, 0);
}
