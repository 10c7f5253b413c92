//! How right and how fast the geocoder is: `cargo run --release -p geo-bench -- --help`.
//!
//! The gazetteer and the queries are drawn from frozen seeds; even seeds are for tuning, odd ones for reporting.
#![expect(clippy::print_stdout, reason = "figures are what it is for")]

mod fit;
mod gazetteer;
mod judge;
mod material;
mod noise;
mod profile;
mod render;
mod report;

use std::path::PathBuf;
use std::time::Instant;

use anyhow::{Context, Result};
use clap::Parser;
use rayon::prelude::*;
use spatial::geocode::{Scratch, Snapshot, Weights};

use profile::{Profile, Query};

/// Measures the geocoder on a gazetteer drawn from frozen seeds.
#[derive(Debug, Parser)]
struct Options {
    /// Where the names and the real texts are
    #[arg(long, default_value = "../shared/data")]
    shared: PathBuf,
    /// Addresses in the gazetteer
    #[arg(long, default_value_t = 2_729_000)]
    addresses: usize,
    /// Queries of each profile
    #[arg(long, default_value_t = 2000)]
    queries: usize,
    /// Fit the weights on the tuning half and write them to this file
    #[arg(long)]
    fit: Option<PathBuf>,
    /// Use the weights of this file instead of those that are shipped
    #[arg(long)]
    weights: Option<PathBuf>,
    /// Print this many wrong answers of each profile, the most confident first
    #[arg(long, default_value_t = 0)]
    errors: usize,
    /// Report on the tuning half (for looking at errors without spoiling the other)
    #[arg(long)]
    tuning: bool,
}

const GAZETTEER_SEED: u64 = 620_100;
const TUNING_SEED: u64 = 2;
const REPORT_SEED: u64 = 1;

fn main() -> Result<()> {
    let options = Options::parse();
    let material = material::read(&options.shared).context("the bench needs the shared data")?;
    let begun = Instant::now();
    let gazetteer = gazetteer::draw(&material, options.addresses, GAZETTEER_SEED);
    println!(
        "drawn: {} addresses, {} sites, {} withheld, {:.1} s",
        gazetteer.addresses,
        gazetteer.sites.len(),
        gazetteer.withheld.len(),
        begun.elapsed().as_secs_f64()
    );
    let begun = Instant::now();
    let bytes = gazetteer.build();
    let built = begun.elapsed();
    let snapshot = Snapshot::open(bytes)?;
    let [names, sites, buildings] = snapshot.sizes();
    println!(
        "built: {:.1} s, {:.1} MB, {names} names, {sites} sites, {buildings} buildings, {} districts",
        built.as_secs_f64(),
        snapshot.bytes().len() as f64 / 1e6,
        material.districts().len()
    );
    let mut weights = match &options.weights {
        Some(path) => {
            Weights::parse(&std::fs::read_to_string(path)?).map_err(anyhow::Error::msg)?
        }
        None => Weights::shipped().clone(),
    };
    let draw = |seed: u64, count: usize| -> Vec<Query> {
        Profile::ALL
            .into_par_iter()
            .flat_map_iter(|profile| profile::queries(&gazetteer, &material, profile, count, seed))
            .collect()
    };
    if let Some(path) = &options.fit {
        let tuning = draw(TUNING_SEED, options.queries);
        weights = fit::fit(&snapshot, &gazetteer, &tuning, &weights);
        report::calibrate(&snapshot, &gazetteer, &tuning, &mut weights);
        let provenance = format!(
            "Fitted by `cargo run --release -p geo-bench -- --fit FILE` on {} queries of the tuning seed\n({} addresses). Do not edit by hand.",
            tuning.len(),
            gazetteer.addresses
        );
        std::fs::write(path, fit::write(&weights, &provenance))?;
        println!("weights written to {}", path.display());
    }
    let seed = if options.tuning { TUNING_SEED } else { REPORT_SEED };
    let queries = draw(seed, options.queries);
    let outcomes = report::run(&snapshot, &gazetteer, &queries, &weights);
    report::print(&outcomes, &weights);
    report::print_errors(&outcomes, options.errors);
    speed(&snapshot, &queries, &weights);
    Ok(())
}

/// One thread, the profiles taking turns, answers with all their explanations.
fn speed(snapshot: &Snapshot<Vec<u8>>, queries: &[Query], weights: &Weights) {
    let mut scratch = Scratch::default();
    let step = queries.len() / Profile::ALL.len();
    let mut times = Vec::new();
    let begun = Instant::now();
    for at in 0..step.min(1000) {
        for profile in 0..Profile::ALL.len() {
            let text = &queries[profile * step + at].text;
            let start = Instant::now();
            std::hint::black_box(snapshot.geocode_with(text, 5, weights, &mut scratch));
            times.push((start.elapsed(), text.as_str()));
        }
    }
    let total = begun.elapsed().as_secs_f64();
    times.sort_unstable();
    let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize].0.as_secs_f64() * 1e3;
    println!(
        "speed: {:.0} queries/s on one thread, p50 {:.3} ms, p99 {:.3} ms, most {:.3} ms",
        times.len() as f64 / total,
        at(0.5),
        at(0.99),
        at(1.0)
    );
    for (time, text) in times.iter().rev().take(3) {
        println!("  slow: {:.3} ms {text}", time.as_secs_f64() * 1e3);
    }
}
