//! When each report is due.

use std::time::Duration;

use anyhow::bail;
use chrono::{DateTime, Utc};
use data::city::life::Report;
use tokio::time::Instant;

/// How fast reports come.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Pace {
    /// As the city tells them, so many times faster than life.
    Speed(f64),
    /// So many in a second, whatever the hour.
    Rate(f64),
}

impl Pace {
    /// # Errors
    /// When it is no pace at all.
    pub(super) fn check(self) -> anyhow::Result<()> {
        let (name, Self::Speed(number) | Self::Rate(number)) = (self.name(), self);
        if number.is_nan() || number <= 0.0 || number.is_infinite() {
            bail!("invalid {name} (got {number}): must be more than nought");
        }
        Ok(())
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Speed(_) => "speed",
            Self::Rate(_) => "rate",
        }
    }

    /// Begins now with what is told at `from`.
    pub(super) fn schedule(self, from: DateTime<Utc>) -> Schedule {
        let begun = Instant::now();
        Schedule { pace: self, from, begun, number: 0, last: begun, known: None }
    }
}

/// The clock of a story.
pub(super) struct Schedule {
    pace: Pace,
    from: DateTime<Utc>,
    begun: Instant,
    number: u64,
    last: Instant,
    /// The report asked about last: asking twice is answered alike.
    known: Option<(DateTime<Utc>, u32)>,
}

impl Schedule {
    /// When a report is due; reports must come in their order.
    pub(super) fn due(&mut self, report: &Report) -> Instant {
        match self.pace {
            Pace::Speed(speed) => {
                let into_ms = (report.at - self.from).num_milliseconds().max(0) as f64;
                self.begun + Duration::from_secs_f64(into_ms / 1000.0 / speed)
            }
            Pace::Rate(rate) => {
                let own = Some((report.at, report.number));
                if self.known != own {
                    self.known = own;
                    self.last += Duration::from_secs_f64(uneven(self.number) / rate);
                    self.number += 1;
                }
                self.last
            }
        }
    }
}

/// How long to wait after a report, as a share of the mean: people do not report by the clock.
fn uneven(number: u64) -> f64 {
    let chance = number.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 40;
    0.2 + 1.6 * chance as f64 / (1u64 << 24) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_are_uneven_and_right_in_the_mean() {
        let pauses: Vec<f64> = (0..10_000).map(uneven).collect();
        let mean = pauses.iter().sum::<f64>() / 10_000.0;
        assert!((mean - 1.0).abs() < 0.02, "{mean}");
        assert!(pauses.iter().all(|pause| (0.2..=1.8).contains(pause)));
    }

    #[test]
    fn what_is_no_pace_is_refused_by_name() {
        assert!(Pace::Speed(60.0).check().is_ok());
        for pace in
            [Pace::Speed(0.0), Pace::Speed(f64::NAN), Pace::Rate(-1.0), Pace::Rate(f64::INFINITY)]
        {
            let said = pace.check().unwrap_err().to_string();
            assert!(said.contains(pace.name()), "{said}");
        }
    }
}
