//! Points to faces: the router of record and the cell index beside an R-tree with geo's `Contains`.
//!
//! `cargo bench -p spatial --bench locate` prints the tables of `docs/BENCHMARKS.md`. All ways take
//! turns in one process, so that a busy machine troubles them alike; figures are medians, and what
//! counts is their ratio. Times of one thread are those it had on a core; those of all cores, of
//! building and of opening are the wall's. `-- export DIR` writes the same faces and points for other software, and
//! `-- ours` measures us beside it: see `benches/peers`.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a measurement prints, and stops at the first surprise"
)]

#[path = "../clock/mod.rs"]
mod clock;
mod costs;
mod export;
#[path = "../map/mod.rs"]
mod map;
mod mapped;
mod speed;
#[path = "../synthetic/mod.rs"]
mod synthetic;
mod ways;

use spatial::coverage::{LatticeMultiPolygon, LatticePolygon, LatticeRing};
use spatial::lattice::LatticePoint;

/// Points in a set.
const POINTS: usize = 2_700_000;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|a| a != "--bench").collect();
    match &arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] => {
            let subject = ways::Subject::new();
            println!("{}\n", subject.described());
            costs::print(&subject);
            speed::print(&subject, synthetic::Share::TEMPTING, "10 % on or beside a border");
            speed::print(&subject, synthetic::Share::LIKE_ADDRESSES, "1.4 % on or beside a border");
        }
        ["export", folder] => export::write(folder.as_ref()),
        ["ours"] => export::ours(),
        other => eprintln!("unknown: {other:?}"),
    }
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_unstable_by(f64::total_cmp);
    values[values.len() / 2]
}
