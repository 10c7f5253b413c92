//! What can be imported, and how the caller wants it done.

use std::path::PathBuf;
use std::str::FromStr;

use serde::Serialize;
use spatial::code::Level;
use spatial::crs::Crs;

use super::source::OpenOptions;

/// What a file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Target {
    /// City, districts, townships, communities.
    Divisions,
    /// Grids.
    Grids,
    /// Addresses.
    Addresses,
    /// Grid workers with their grids and shifts.
    Workers,
    /// Incidents of the past.
    Incidents,
}

impl FromStr for Target {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Ok(match name {
            "divisions" => Self::Divisions,
            "grids" => Self::Grids,
            "addresses" => Self::Addresses,
            "workers" => Self::Workers,
            "incidents" => Self::Incidents,
            _ => {
                return Err(format!(
                    "{name:?} is none of divisions, grids, addresses, workers, incidents"
                ));
            }
        })
    }
}

impl std::fmt::Display for Target {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Divisions => "divisions",
            Self::Grids => "grids",
            Self::Addresses => "addresses",
            Self::Workers => "workers",
            Self::Incidents => "incidents",
        })
    }
}

/// One import.
#[derive(Clone, Debug)]
pub struct ImportOptions {
    /// What the file holds.
    pub target: Target,
    /// The file; `-` is standard input.
    pub file: PathBuf,
    /// How to read it.
    pub open: OpenOptions,
    /// The coordinate system of its numbers, if it does not declare it.
    pub crs: Option<Crs>,
    /// Pairs of field and column, where columns have unusual names.
    pub map: Vec<(String, String)>,
    /// The level of divisions that do not say theirs.
    pub level: Option<Level>,
    /// Read and judge, write nothing.
    pub dry_run: bool,
    /// One refused row refuses the file.
    pub strict: bool,
    /// Codes that are not in the file end, within the levels and parents that are in it.
    pub replace: bool,
    /// Gaps and overlaps between borders up to so many metres wide are removed; 0 for none.
    pub snap_m: f64,
}

impl ImportOptions {
    /// An import of `file` with everything else left to be found out.
    pub fn new(target: Target, file: impl Into<PathBuf>) -> Self {
        Self {
            target,
            file: file.into(),
            open: OpenOptions::default(),
            crs: None,
            map: Vec::new(),
            level: None,
            dry_run: false,
            strict: false,
            replace: false,
            snap_m: 0.0,
        }
    }
}
