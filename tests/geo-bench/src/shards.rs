//! Many cities beside one another, each with its own snapshot under its code: `--cities N`.
#![expect(clippy::print_stdout, reason = "figures are what it is for")]

use std::collections::BTreeMap;
use std::time::Instant;

use anyhow::Result;
use spatial::geocode::{Scratch, Snapshot, Weights};

use crate::gazetteer::{self, Gazetteer};
use crate::judge::agrees;
use crate::material::Material;
use crate::profile::{self, Profile, Query};
use crate::speed::busy;
use crate::{GAZETTEER_SEED, REPORT_SEED};

/// A city: its snapshot, and queries with their truths.
struct City {
    snapshot: Snapshot<Vec<u8>>,
    gazetteer: Gazetteer,
    queries: Vec<Query>,
}

const FIRST_CODE: u32 = 620_100;
/// Queries of each city and profile.
const QUERIES: usize = 150;

/// Builds the cities, asks each its own questions in turns, and prints sizes, times and what was right.
pub fn report(material: &Material, cities: u32, addresses: usize, weights: &Weights) -> Result<()> {
    let mut all: BTreeMap<u32, City> = BTreeMap::new();
    let (mut bytes, mut rows, mut spent) = (0, 0, 0.0);
    for at in 0..cities {
        let mut gazetteer = gazetteer::draw(material, addresses, GAZETTEER_SEED + u64::from(at));
        let begun = Instant::now();
        let snapshot = Snapshot::open(gazetteer.build())?;
        spent += begun.elapsed().as_secs_f64();
        bytes += snapshot.bytes().len();
        rows += snapshot.len();
        let draw = |p| profile::queries(&gazetteer, material, p, QUERIES, REPORT_SEED);
        let queries =
            [Profile::Clean, Profile::Mix, Profile::Talk].into_iter().flat_map(draw).collect();
        gazetteer.sites = Vec::new();
        all.insert(FIRST_CODE + at, City { snapshot, gazetteer, queries });
        println!(
            "city {}: {rows} addresses, {:.2} GB so far, built in {spent:.0} s",
            FIRST_CODE + at,
            bytes as f64 / 1e9
        );
    }
    let mut scratch = Scratch::default();
    let mut right: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    let mut times = Vec::new();
    let before = busy();
    for question in 0..3 * QUERIES {
        for city in all.values() {
            let query = &city.queries[question];
            let begun = busy();
            let answer = city.snapshot.geocode_with(&query.text, 5, weights, &mut scratch);
            times.push(busy().saturating_sub(begun));
            let first = answer.candidates.first();
            let agreed =
                query.truth.as_ref().zip(first).is_some_and(|(truth, first)| {
                    agrees(&city.gazetteer, truth, &first.elements).room
                });
            let count = right.entry(query.profile.name()).or_default();
            count.0 += usize::from(agreed);
            count.1 += 1;
        }
    }
    let rate = times.len() as f64 / busy().saturating_sub(before).as_secs_f64();
    times.sort_unstable();
    let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize].as_secs_f64() * 1e3;
    println!(
        "{rows} addresses in {cities} cities: {:.2} GB, {:.1} bytes each, built in {spent:.0} s; {rate:.0} queries per second \
         of processor, p50 {:.3} ms, p99 {:.3} ms",
        bytes as f64 / 1e9,
        bytes as f64 / rows as f64,
        at(0.5),
        at(0.99)
    );
    for (profile, (right, of)) in right {
        println!("  {profile}: {:.1} % of {of} right", 100.0 * right as f64 / of as f64);
    }
    Ok(())
}
