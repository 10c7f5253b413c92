//! How fast one thread answers.

use std::time::Duration;

use rustix::time::{ClockId, clock_gettime};
use spatial::geocode::{Scratch, Snapshot, Weights};

use crate::profile::{Profile, Query};

/// Queries of each profile that are asked at most.
const MOST: usize = 1000;

/// The time this thread has had of a processor; what others took meanwhile is not in it.
pub fn busy() -> Duration {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    Duration::new(time.tv_sec.unsigned_abs(), time.tv_nsec.unsigned_abs() as u32)
}

/// One thread, the profiles taking turns, answers with all their explanations.
#[expect(clippy::print_stdout, reason = "figures are what it is for")]
pub fn report(snapshot: &Snapshot<Vec<u8>>, queries: &[Query], weights: &Weights) {
    let mut scratch = Scratch::default();
    let step = queries.len() / Profile::ALL.len();
    let mut times = Vec::new();
    for at in 0..step.min(MOST) {
        for profile in 0..Profile::ALL.len() {
            let query = &queries[profile * step + at];
            let before = busy();
            std::hint::black_box(snapshot.geocode_with(&query.text, 5, weights, &mut scratch));
            times.push((busy().saturating_sub(before), query));
        }
    }
    times.sort_unstable_by_key(|time| time.0);
    line("all", &times);
    for profile in Profile::ALL {
        let of: Vec<_> = times.iter().filter(|time| time.1.profile == profile).copied().collect();
        line(profile.name(), &of);
    }
    for (time, query) in times.iter().rev().take(3) {
        println!("  slow: {:.3} ms {}", time.as_secs_f64() * 1e3, query.text);
    }
}

/// Throughput and quantiles of times in ascending order.
#[expect(clippy::print_stdout, reason = "figures are what it is for")]
fn line(name: &str, times: &[(Duration, &Query)]) {
    let total: f64 = times.iter().map(|time| time.0.as_secs_f64()).sum();
    let at = |share: f64| {
        let place = (times.len().saturating_sub(1) as f64 * share) as usize;
        times.get(place).map_or(0.0, |time| time.0.as_secs_f64() * 1e3)
    };
    println!(
        "speed: {name:<9} {:6.0} queries per second of processor; p50 {:.3} ms, p99 {:.3} ms, most {:.3} ms",
        times.len() as f64 / total.max(f64::MIN_POSITIVE),
        at(0.5),
        at(0.99),
        at(1.0)
    );
}
