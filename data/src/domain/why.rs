//! Why somebody gets an incident: as data, for whoever says it in another language, and as the sentence that is kept.

use std::fmt;

use chrono::{DateTime, Utc};

use super::grid::GridKind;
use super::grid_worker::{CITY_TIME, Role};
use super::incident::WorkLevel;

/// Why somebody gets an incident. Written out it is the sentence on the case.
#[derive(Clone, Debug, PartialEq)]
pub struct Why {
    /// What they are to the matter.
    pub basis: Basis,
    /// Who was passed over before, and why.
    pub passed: Vec<Passed>,
}

/// What somebody is to a matter.
#[derive(Clone, Debug, PartialEq)]
pub enum Basis {
    /// A worker of its grid.
    Grid {
        /// What they are to the grid.
        role: Role,
        /// Its code.
        code: String,
        /// Basic or special.
        kind: GridKind,
        /// How they stand.
        duty: OnDuty,
    },
    /// The worker on shift who is nearest.
    Nearest {
        /// How far their base point is from it, in metres.
        apart_m: f64,
        /// How they stand.
        duty: OnDuty,
    },
    /// The desk of an area.
    Desk {
        /// Of which level.
        level: WorkLevel,
    },
}

/// How a worker stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OnDuty {
    /// When the shift ends.
    pub until: DateTime<Utc>,
    /// Cases that are not closed.
    pub open_cases: i32,
}

/// Why somebody was passed over.
#[derive(Clone, Debug, PartialEq)]
pub enum Passed {
    /// Nobody on the roster of the grid is on shift.
    OffShift {
        /// Its code.
        code: String,
        /// Basic or special.
        kind: GridKind,
    },
    /// The grid has no roster.
    NoRoster {
        /// Its code.
        code: String,
        /// Basic or special.
        kind: GridKind,
    },
    /// Nobody on shift is so near.
    NobodyWithin {
        /// How near, in metres.
        metres: f64,
    },
    /// The text does not say in which grid it is.
    NoGrid,
    /// Something else, in words.
    Said(String),
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.basis.fmt(f)?;
        let is_desk = matches!(self.basis, Basis::Desk { .. });
        if is_desk || !self.passed.is_empty() {
            f.write_str(": ")?;
        }
        for (at, passed) in self.passed.iter().enumerate() {
            let comma = if at == 0 { "" } else { ", " };
            write!(f, "{comma}{passed}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Basis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Grid { role, code, kind, duty } => {
                write!(f, "{} worker of {} {code}, {duty}", role.name(), noun(*kind))
            }
            Self::Nearest { apart_m, duty } => {
                write!(
                    f,
                    "nearest worker on shift, {apart_m:.0} m away by their base point, {duty}"
                )
            }
            Self::Desk { level } => write!(f, "{} desk", level.name()),
        }
    }
}

impl fmt::Display for OnDuty {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let until = self.until.with_timezone(&CITY_TIME).format("%H:%M");
        let noun = if self.open_cases == 1 { "case" } else { "cases" };
        write!(f, "on shift until {until}, {} open {noun}", self.open_cases)
    }
}

impl fmt::Display for Passed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OffShift { code, kind } => {
                write!(f, "nobody of {} {code} is on shift", noun(*kind))
            }
            Self::NoRoster { code, kind } => {
                write!(f, "{} {code} has nobody on its roster", noun(*kind))
            }
            Self::NobodyWithin { metres } => {
                write!(f, "nobody on shift is within {:.0} km", metres / 1e3)
            }
            Self::NoGrid => f.write_str("the text does not say in which grid it is"),
            Self::Said(words) => f.write_str(words),
        }
    }
}

const fn noun(kind: GridKind) -> &'static str {
    match kind {
        GridKind::Basic => "grid",
        GridKind::Special => "special grid",
    }
}
