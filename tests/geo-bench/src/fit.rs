//! Fits the weights: the likelihood of the right candidate among all, by gradient ascent (a conditional logit), then the
//! calibration of its chances by pooling adjacent violators.

use std::fmt::Write as _;

use rayon::prelude::*;
use spatial::geocode::{FEATURES, Feature, Scratch, Snapshot, Weights};

use crate::gazetteer::Gazetteer;
use crate::judge::agrees;
use crate::profile::Query;

/// One query: the features of its candidates and which of them are right.
struct Sample {
    features: Vec<[f32; FEATURES]>,
    right: Vec<bool>,
}

const ROUNDS: usize = 3;
const STEPS: usize = 400;
/// Pull of every weight towards nought.
const DECAY: f32 = 2e-4;

/// Fits on the queries, beginning with `weights`.
pub fn fit(
    snapshot: &Snapshot<Vec<u8>>,
    gazetteer: &Gazetteer,
    queries: &[Query],
    weights: &Weights,
) -> Weights {
    let mut weights = weights.clone();
    for round in 0..ROUNDS {
        let samples: Vec<Sample> = queries
            .par_iter()
            .map_init(Scratch::default, |scratch, query| {
                sample(snapshot, gazetteer, query, &weights, scratch)
            })
            .filter(|sample| sample.right.contains(&true) && sample.right.contains(&false))
            .collect();
        let before = likelihood(&samples, &weights.weights);
        climb(&samples, &mut weights.weights);
        let after = likelihood(&samples, &weights.weights);
        eprintln!(
            "round {round}: {} of {} queries, log-likelihood {before:.4} -> {after:.4}",
            samples.len(),
            queries.len()
        );
    }
    weights
}

fn sample(
    snapshot: &Snapshot<Vec<u8>>,
    gazetteer: &Gazetteer,
    query: &Query,
    weights: &Weights,
    scratch: &mut Scratch,
) -> Sample {
    let candidates = snapshot.candidates(&query.text, weights, scratch);
    let right = candidates
        .iter()
        .map(|c| match &query.truth {
            Some(truth) if !query.profile.is_negative() => {
                agrees(gazetteer, truth, &c.elements).room
            }
            _ => c.site.is_none(),
        })
        .collect();
    Sample { features: candidates.iter().map(|c| c.features.0).collect(), right }
}

fn chances(sample: &Sample, weights: &[f32; FEATURES]) -> Vec<f32> {
    let scores: Vec<f32> =
        sample.features.iter().map(|f| f.iter().zip(weights).map(|(a, b)| a * b).sum()).collect();
    let best = scores.iter().copied().fold(f32::MIN, f32::max);
    let raised: Vec<f32> = scores.iter().map(|s| (s - best).exp()).collect();
    let total: f32 = raised.iter().sum();
    raised.into_iter().map(|r| r / total).collect()
}

fn likelihood(samples: &[Sample], weights: &[f32; FEATURES]) -> f32 {
    let one = |sample: &Sample| {
        let right: f32 = chances(sample, weights)
            .iter()
            .zip(&sample.right)
            .filter(|(_, right)| **right)
            .map(|(p, _)| p)
            .sum();
        right.max(1e-9).ln()
    };
    samples.par_iter().map(one).sum::<f32>() / samples.len().max(1) as f32
}

fn climb(samples: &[Sample], weights: &mut [f32; FEATURES]) {
    let (mut first, mut second) = ([0.0f32; FEATURES], [0.0f32; FEATURES]);
    for step in 1..=STEPS {
        let gradient = samples.par_iter().map(|sample| slope(sample, weights)).reduce(
            || [0.0; FEATURES],
            |mut a, b| {
                a.iter_mut().zip(b).for_each(|(a, b)| *a += b);
                a
            },
        );
        let rate = 0.05 * (1.0 - step as f32 / (STEPS as f32 * 1.1));
        for at in 0..FEATURES {
            let g = gradient[at] / samples.len().max(1) as f32 - DECAY * weights[at];
            first[at] = 0.9 * first[at] + 0.1 * g;
            second[at] = 0.999 * second[at] + 0.001 * g * g;
            let (m, v) = (
                first[at] / (1.0 - 0.9f32.powi(step as i32)),
                second[at] / (1.0 - 0.999f32.powi(step as i32)),
            );
            weights[at] += rate * m / (v.sqrt() + 1e-8);
        }
        bound(weights);
    }
}

/// What speaks for a candidate must not be learned to speak against it, nor the other way round.
fn bound(weights: &mut [f32; FEATURES]) {
    for feature in Feature::ALL {
        let weight = &mut weights[feature as usize];
        *weight = match feature {
            Feature::Nothing | Feature::RoadOnly | Feature::DivisionOnly => *weight,
            f if f.speaks_for() => weight.max(0.0),
            _ => weight.min(0.0),
        };
    }
}

fn slope(sample: &Sample, weights: &[f32; FEATURES]) -> [f32; FEATURES] {
    let chances = chances(sample, weights);
    let right: f32 = chances.iter().zip(&sample.right).filter(|(_, r)| **r).map(|(p, _)| p).sum();
    let mut slope = [0.0; FEATURES];
    for ((features, chance), is_right) in sample.features.iter().zip(&chances).zip(&sample.right) {
        let pull = if *is_right { chance / right.max(1e-9) } else { 0.0 } - chance;
        slope.iter_mut().zip(features).for_each(|(s, f)| *s += pull * f);
    }
    slope
}

/// Pools adjacent violators: knots of raw chance and share right.
pub fn calibrate(mut seen: Vec<(f32, bool)>) -> Vec<(f32, f32)> {
    seen.sort_by(|a, b| a.0.total_cmp(&b.0));
    // Blocks of sum of chances, number right, number.
    let mut blocks: Vec<(f64, f64, f64)> = Vec::new();
    for chunk in seen.chunks(80.max(seen.len() / 60)) {
        let chance: f64 = chunk.iter().map(|s| f64::from(s.0)).sum();
        let right = chunk.iter().filter(|s| s.1).count() as f64;
        blocks.push((chance, right, chunk.len() as f64));
        while let [.., a, b] = blocks[..] {
            if a.1 / a.2 < b.1 / b.2 {
                break;
            }
            blocks.truncate(blocks.len() - 2);
            blocks.push((a.0 + b.0, a.1 + b.1, a.2 + b.2));
        }
    }
    let mut knots: Vec<(f32, f32)> =
        blocks.iter().map(|b| ((b.0 / b.2) as f32, (b.1 / b.2) as f32)).collect();
    knots.dedup_by(|b, a| b.0 - a.0 < 1e-4);
    knots
}

/// The file of weights.
pub fn write(weights: &Weights, provenance: &str) -> String {
    let mut text = String::new();
    for line in provenance.lines() {
        let _ = writeln!(text, "# {line}");
    }
    for feature in Feature::ALL {
        let weight = weights.weights[feature as usize];
        let _ = writeln!(text, "weight,{},{weight:.4}", feature.name());
    }
    for (raw, right) in &weights.calibration {
        let _ = writeln!(text, "knot,{raw:.5},{right:.5}");
    }
    let _ = writeln!(text, "accept,,{:.5}", weights.accept);
    text
}
