//! What many reports of one client say of the coordinate system it sends.

use std::collections::VecDeque;

use serde::Serialize;

use super::agree::by_system;
use crate::crs::{Crs, LngLat, Wgs84};

/// Reports that are remembered.
const WINDOW: usize = 128;
/// Fewer prove nothing.
const FEWEST: usize = 20;
/// A point this near to its address is where it should be, in metres.
const NEAR_M: f64 = 60.0;
/// The declared system is in doubt only from this median on, in metres.
const OFF_M: f64 = 80.0;
/// How many times nearer the other system's median must be.
const TIMES_NEARER: f64 = 3.0;
/// Share of the reports that must be near under the other system.
const SHARE: f64 = 0.8;
/// Chance below which a run of reports is no accident.
const CHANCE: f64 = 1e-6;

/// One report: metres from its address to its point, under the declared system and the others.
#[derive(Clone, Debug, PartialEq)]
struct Report {
    declared_m: f64,
    others_m: Vec<(Crs, f64)>,
}

/// Collects, for one client and one declared system, how its points lie to the addresses it sends with them.
///
/// Feed it only reports whose text was accepted and placed to 30 m or better. It remembers the last 128.
///
/// The test, for each other system: at least 20 reports; their median distance above 80 m as declared, and at least
/// three times smaller under the other; at least 80 % within 60 m under the other; and a sign test: were the declared
/// system right, a report would be nearer under the other at most every second time, so the chance that *k* of *n* or
/// more are is the tail of the binomial distribution with ½; it must be below 10⁻⁶. A client whose points lie at
/// random, or whose addresses are wrong, fails the third; one with a constant offset of another kind fails the second.
///
/// # Example
/// ```
/// use spatial::crs::{Crs, LngLat};
/// use spatial::geocode::CrsWitness;
/// let mut client = CrsWitness::new(Crs::Wgs84);
/// for step in 0..30 {
///     let truth = LngLat::new(103.80 + f64::from(step) * 0.003, 36.06)?;
///     let (x, y) = Crs::Gcj02.from_wgs84(truth).unwrap();
///     client.report(x, y, truth);
/// }
/// assert_eq!(client.suspicion().unwrap().likely, Crs::Gcj02);
/// # Ok::<(), spatial::crs::InvalidLngLat>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct CrsWitness {
    declared: Crs,
    reports: VecDeque<Report>,
}

/// That a client probably sends another system than it declares, with the figures of the test.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CrsSuspicion {
    /// What the client says.
    pub declared: Crs,
    /// What it probably sends.
    pub likely: Crs,
    /// Reports looked at.
    pub reports: usize,
    /// Median metres from address to point as declared.
    pub declared_m: f64,
    /// The same under the likely system.
    pub likely_m: f64,
    /// Share of the reports within 60 m under the likely system.
    pub share: f64,
    /// Chance of that if the declared system were right.
    pub chance: f64,
}

impl CrsWitness {
    /// Nothing heard yet.
    pub fn new(declared: Crs) -> Self {
        Self { declared, reports: VecDeque::new() }
    }

    /// Takes the numbers of a point as they came, and the place of the address sent with it. Numbers that are no place
    /// of the declared system are ignored.
    pub fn report(&mut self, x: f64, y: f64, truth: LngLat<Wgs84>) {
        let mut others_m = by_system(x, y, self.declared, truth);
        let Some(at) = others_m.iter().position(|one| one.0 == self.declared) else { return };
        let declared_m = others_m.remove(at).1;
        if self.reports.len() == WINDOW {
            self.reports.pop_front();
        }
        self.reports.push_back(Report { declared_m, others_m });
    }

    /// How many reports are remembered.
    pub fn len(&self) -> usize {
        self.reports.len()
    }

    /// Whether none are.
    pub fn is_empty(&self) -> bool {
        self.reports.is_empty()
    }

    /// The system that the client probably sends, if it is not the declared one.
    pub fn suspicion(&self) -> Option<CrsSuspicion> {
        let reports = self.reports.len();
        let declared_m = median(self.reports.iter().map(|report| report.declared_m))?;
        if reports < FEWEST || declared_m <= OFF_M {
            return None;
        }
        let systems = self.reports.front()?.others_m.iter().map(|other| other.0);
        let judged = systems.filter_map(|likely| {
            let apart = |report: &Report| {
                report.others_m.iter().find(|other| other.0 == likely).map(|other| other.1)
            };
            let likely_m = median(self.reports.iter().filter_map(apart))?;
            let near = self.reports.iter().filter(|r| apart(r).is_some_and(|m| m <= NEAR_M));
            let share = near.count() as f64 / reports as f64;
            let nearer = |r: &&Report| apart(r).is_some_and(|m| m < r.declared_m);
            let chance = tail(reports, self.reports.iter().filter(nearer).count());
            let holds = likely_m * TIMES_NEARER <= declared_m && share >= SHARE && chance < CHANCE;
            let declared = self.declared;
            holds.then_some(CrsSuspicion {
                declared,
                likely,
                reports,
                declared_m,
                likely_m,
                share,
                chance,
            })
        });
        judged.min_by(|one, other| one.likely_m.total_cmp(&other.likely_m))
    }
}

fn median(values: impl Iterator<Item = f64>) -> Option<f64> {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied()
}

/// Chance that at least `k` of `n` tosses of a fair coin are heads.
fn tail(n: usize, k: usize) -> f64 {
    // Each term from the one before: C(n, i + 1) = C(n, i) (n − i) / (i + 1). n ≤ 128 keeps 2⁻ⁿ normal.
    let mut term = 0.5f64.powi(n as i32);
    let mut sum = 0.0;
    for heads in 0..=n {
        if heads >= k {
            sum += term;
        }
        term *= (n - heads) as f64 / (heads + 1) as f64;
    }
    sum.min(1.0)
}

#[cfg(test)]
#[path = "witness_tests.rs"]
mod tests;
