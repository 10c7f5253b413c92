//! How right and how fast the geocoder is: `cargo run --release -p geo-bench -- --help`.
//!
//! The gazetteer and the queries are drawn from frozen seeds; even seeds are for tuning, odd ones for reporting.
#![expect(clippy::print_stdout, reason = "figures are what it is for")]

mod cases;
mod dump;
mod elements;
mod fit;
mod gazetteer;
mod judge;
mod material;
mod noise;
mod profile;
mod render;
mod report;
mod shards;
mod speed;
mod talk;

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
    /// Build this many cities of so many addresses each, and ask all of them in turns
    #[arg(long)]
    cities: Option<u32>,
    /// Answer this text and print how, instead of measuring
    #[arg(long)]
    ask: Vec<String>,
    /// Write sites and queries as tables to this directory, for other software
    #[arg(long)]
    dump: Option<PathBuf>,
    /// Write what is answered to each query to this file, to compare two engines
    #[arg(long)]
    answers: Option<PathBuf>,
    /// Score the element parser on the labelled addresses instead, and print this many of its errors
    #[arg(long)]
    elements: Option<usize>,
    /// Print what the element parser says to the cases of other parsers instead
    #[arg(long)]
    cases: bool,
    /// Measure speed alone, this many times
    #[arg(long, default_value_t = 0)]
    speed: usize,
}

const GAZETTEER_SEED: u64 = 620_100;
const TUNING_SEED: u64 = 2;
const REPORT_SEED: u64 = 1;

#[expect(clippy::too_many_lines, reason = "one thing after the other, as the options ask")]
fn main() -> Result<()> {
    let options = Options::parse();
    if options.cases {
        return cases::report(&options.shared);
    }
    if let Some(errors) = options.elements {
        return elements::report(&options.shared, errors);
    }
    let material = material::read(&options.shared).context("the bench needs the shared data")?;
    let mut weights = match &options.weights {
        Some(path) => {
            Weights::parse(&std::fs::read_to_string(path)?).map_err(anyhow::Error::msg)?
        }
        None => Weights::shipped().clone(),
    };
    if let Some(cities) = options.cities {
        return shards::report(&material, cities, options.addresses, &weights);
    }
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
    if !options.ask.is_empty() {
        for text in &options.ask {
            ask(&snapshot, text, &weights);
        }
        return Ok(());
    }
    let draw = |seed: u64, count: usize| -> Vec<Query> {
        let mut queries: Vec<Query> = Profile::ALL
            .into_par_iter()
            .flat_map_iter(|profile| profile::queries(&gazetteer, &material, profile, count, seed))
            .collect();
        if options.speed == 0 && options.answers.is_none() {
            profile::mark_open(&snapshot, &gazetteer, &mut queries);
        }
        queries
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
    if let Some(dir) = &options.dump {
        dump::write(dir, &gazetteer, &queries)?;
    }
    if let Some(path) = &options.answers {
        return dump::answers(path, &snapshot, &queries, &weights);
    }
    if options.speed > 0 {
        for _ in 0..options.speed {
            speed::report(&snapshot, &queries, &weights);
        }
        return Ok(());
    }
    let outcomes = report::run(&snapshot, &gazetteer, &queries, &weights);
    report::print(&outcomes, &weights);
    report::print_errors(&outcomes, options.errors);
    speed::report(&snapshot, &queries, &weights);
    Ok(())
}

fn ask(snapshot: &Snapshot<Vec<u8>>, text: &str, weights: &Weights) {
    let answer = snapshot.geocode_with(text, 5, weights, &mut Scratch::default());
    println!("{text} -> {} {:?}", answer.text, answer.verdict);
    for candidate in &answer.candidates {
        let faults: Vec<String> =
            candidate.faults.iter().map(|f| format!("{} {:.1}", f.fault, f.penalty)).collect();
        let (label, faults) = (candidate.elements.label(), faults.join(", "));
        println!("  {:.3} ({:.1}) {label} | {faults}", candidate.confidence, candidate.score);
        for m in candidate.matches.iter().filter(|m| m.span.is_some()) {
            println!("      {:?} {} as {} {:?} {:.2}", m.element, m.said, m.name, m.kind, m.cost);
        }
    }
    let near = snapshot.near(text, spatial::geocode::Level::Compound);
    let mut near: Vec<_> =
        near.into_iter().map(|n| (i32::from(n.1) - 100 * i32::from(n.2), n)).collect();
    near.sort();
    println!("  nearest compounds: {:?}", near.iter().take(6).map(|n| &n.1).collect::<Vec<_>>());
}
