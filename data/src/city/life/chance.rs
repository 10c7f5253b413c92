//! Numbers of independent happenings, with exact arithmetic only.

use crate::city::dice::Dice;

/// Above this mean a Poisson number is drawn as a rounded normal one.
const NORMAL_FROM: f64 = 40.0;

/// A Poisson number of this mean: how many independent happenings there are where `mean` are expected.
pub(super) fn poisson(mean: f64, dice: &mut Dice) -> u32 {
    if mean <= 0.0 {
        return 0;
    }
    if NORMAL_FROM < mean {
        // Twelve uniform numbers have variance one; IEEE square roots are exact everywhere.
        let normal = (0..12).map(|_| dice.unit()).sum::<f64>() - 6.0;
        return (mean + normal * mean.sqrt()).round().max(0.0) as u32;
    }
    let (mut number, mut left, floor) = (0, dice.unit(), exp_minus(mean));
    while floor < left {
        left *= dice.unit();
        number += 1;
    }
    number
}

/// e to the minus `x`, for `x` from 0 to 40, by multiplication only.
fn exp_minus(x: f64) -> f64 {
    let whole = x as i32;
    let part = x - f64::from(whole);
    let (mut term, mut sum) = (1.0, 1.0);
    for n in 1..20 {
        term *= -part / f64::from(n);
        sum += term;
    }
    (0..whole).fold(sum, |product, _| product * 0.367_879_441_171_442_33)
}

/// Index of the first of ascending sums that is above a random share of the last one.
pub(super) fn by_sum(sums: &[f64], dice: &mut Dice) -> usize {
    let share = dice.unit() * sums.last().copied().unwrap_or(0.0);
    sums.partition_point(|sum| *sum <= share).min(sums.len().saturating_sub(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn means_and_variances_are_those_of_poisson() {
        for mean in [0.3, 5.0, 39.0, 41.0, 900.0] {
            let mut dice = Dice::new(1, "poisson", mean as u64);
            let drawn: Vec<f64> =
                (0..20_000).map(|_| f64::from(poisson(mean, &mut dice))).collect();
            let average = drawn.iter().sum::<f64>() / 20_000.0;
            let variance =
                drawn.iter().map(|n| (n - average) * (n - average)).sum::<f64>() / 20_000.0;
            let sigma = (mean / 20_000.0).sqrt();
            assert!((average - mean).abs() < 4.0 * sigma, "{mean}: mean {average}");
            assert!((variance / mean - 1.0).abs() < 0.06, "{mean}: variance {variance}");
        }
    }

    #[test]
    fn the_exponential_is_the_one_of_the_library() {
        for tenths in 0..400 {
            let x = f64::from(tenths) / 10.0;
            assert!((exp_minus(x) / (-x).exp() - 1.0).abs() < 1e-12);
        }
    }
}
