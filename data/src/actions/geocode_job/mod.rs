//! A file of addresses to be found: uploaded, started, run again, ended, and given back with what was found. The work
//! itself runs by itself (`jobs::geocode_job`).

pub mod answer;
pub mod rerun;
pub mod result;
pub mod start;
pub mod upload;

use chrono::TimeDelta;

/// What is allowed, as the service was set up.
#[derive(Clone, Copy, Debug)]
pub struct JobLimits {
    /// Most bytes of a file.
    pub most_bytes: usize,
    /// Most rows of a file.
    pub most_rows: usize,
    /// How long texts are kept after the start.
    pub kept: TimeDelta,
}

/// How long a file is kept that nobody starts.
pub const UNSTARTED_KEPT: TimeDelta = TimeDelta::days(1);
/// Most files of one key that still have their texts.
pub const MOST_KEPT: i64 = 100;
