//! Suggestions, reverse and coordinate systems: `cargo run --release -p geo-bench --bin abilities`.
//!
//! On the gazetteer of the bench, drawn from the same frozen seed.
#![expect(clippy::print_stdout, reason = "figures are what it is for")]

mod crs;
#[path = "../../gazetteer.rs"]
mod gazetteer;
#[path = "../../material.rs"]
#[expect(dead_code, reason = "the noise of the other sets needs more of it")]
mod material;
mod reverse;
mod suggest;

use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use clap::Parser;
use spatial::geocode::Snapshot;

/// Measures suggestions, reverse and the detection of coordinate systems.
#[derive(Debug, Parser)]
struct Options {
    /// Where the names are
    #[arg(long, default_value = "../shared/data")]
    shared: PathBuf,
    /// Addresses in the gazetteer
    #[arg(long, default_value_t = 2_729_000)]
    addresses: usize,
    /// Addresses that are typed, in each way
    #[arg(long, default_value_t = 1000)]
    typed: usize,
    /// Points that are looked around
    #[arg(long, default_value_t = 10_000)]
    points: usize,
    /// Reports with text and point, for each pair of systems
    #[arg(long, default_value_t = 2000)]
    reports: usize,
}

const GAZETTEER_SEED: u64 = 620_100;
const REPORT_SEED: u64 = 1;

fn main() -> Result<()> {
    let options = Options::parse();
    let material = material::read(&options.shared).context("the bench needs the shared data")?;
    let gazetteer = gazetteer::draw(&material, options.addresses, GAZETTEER_SEED);
    let bytes = gazetteer.build();
    let begun = Instant::now();
    let snapshot = Snapshot::open(bytes)?;
    println!(
        "{} addresses, {} sites, {} districts ({} withheld); opened in {:.1} ms",
        gazetteer.addresses,
        gazetteer.sites.len(),
        material.districts().len(),
        gazetteer.withheld.len(),
        begun.elapsed().as_secs_f64() * 1e3
    );
    suggest::run(&snapshot, &gazetteer, options.typed, REPORT_SEED);
    reverse::run(&snapshot, options.points, REPORT_SEED);
    crs::run(&snapshot, &gazetteer, options.reports, REPORT_SEED);
    Ok(())
}

/// Times in order, told as the median, the 99th of a hundred, and the longest.
fn told(mut times: Vec<Duration>) -> String {
    times.sort_unstable();
    let at = |share: f64| match times.len().checked_sub(1) {
        Some(last) => times[(last as f64 * share) as usize].as_secs_f64() * 1e3,
        None => 0.0,
    };
    format!("p50 {:.3} ms, p99 {:.3} ms, most {:.3} ms", at(0.5), at(0.99), at(1.0))
}
