//! When people report what by which way: channels and categories with their weeks, days and seasons.
//!
//! The numbers are the demonstration's own, shaped after what is public: 3,000 calls a day among 5,205 matters, windows
//! open on working days, heating from 1 November to 31 March. `docs/LIFE.md` lists the sources and shows the curves.

use super::calendar::Season;
use super::themes::{THEMES, Theme};
use crate::domain::incident::Channel;

/// Matters in a year for each inhabitant: 1.9 million for 4.578 million.
pub(super) const PER_PERSON_A_YEAR: f64 = 1_900_000.0 / 4_578_000.0;
/// How many of them come in surges; the rest is everyday life.
pub(super) const SURGE_SHARE: f64 = 0.031;
/// The last minute before midnight and the first after it are one night: hours are cyclic.
pub(super) const HOURS: usize = 24;

/// A way reports come in by.
pub(super) struct Way {
    pub(super) channel: Channel,
    /// Share of all reports outside surges.
    pub(super) share: f64,
    /// Letters of its numbers.
    pub(super) letters: &'static str,
    /// Monday to Sunday, mean one.
    pub(super) week: [f64; 7],
    /// On a public holiday instead.
    pub(super) holiday: f64,
    /// Midnight to midnight, relative.
    pub(super) day: [f64; HOURS],
}

/// When phones are in hands: mornings, noon, long evenings.
const PHONES: [f64; HOURS] = [
    1.1, 0.6, 0.35, 0.25, 0.25, 0.5, 1.5, 3.4, 5.2, 5.8, 5.4, 4.8, 4.9, 4.4, 4.3, 4.6, 4.9, 5.2,
    5.6, 6.2, 6.4, 5.6, 3.9, 2.2,
];
/// When people call: the working day with two humps, and what cannot wait at night.
const CALLS: [f64; HOURS] = [
    0.7, 0.4, 0.3, 0.22, 0.22, 0.4, 1.1, 3.0, 7.2, 9.4, 9.2, 7.4, 5.2, 5.0, 7.4, 8.2, 7.6, 6.2,
    4.6, 4.4, 4.2, 3.4, 2.2, 1.2,
];
/// Rounds of the grid workers.
const ROUNDS: [f64; HOURS] = [
    0.1, 0.06, 0.04, 0.04, 0.05, 0.1, 0.6, 2.0, 6.8, 11.5, 11.0, 6.5, 2.2, 2.4, 7.5, 10.8, 9.6,
    5.6, 2.8, 2.6, 2.0, 1.0, 0.4, 0.2,
];
/// Open counters.
const COUNTERS: [f64; HOURS] = [
    0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 4.0, 12.0, 12.5, 8.0, 0.8, 0.4, 7.0, 11.0, 9.5, 4.5,
    0.3, 0.0, 0.0, 0.0, 0.0, 0.0,
];
/// Neighbours at one table: also in the evening.
const TABLES: [f64; HOURS] = [
    0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.3, 3.0, 8.5, 9.5, 6.0, 1.5, 1.2, 7.0, 9.5, 8.5, 5.0, 4.0,
    5.5, 3.5, 0.8, 0.1, 0.0,
];

/// The seven ways. Nothing lives on the import channel: it is for files of the past.
pub(super) const WAYS: &[Way] = &[
    Way {
        channel: Channel::Hotline,
        share: 0.545,
        letters: "RX",
        week: [1.22, 1.12, 1.08, 1.06, 1.05, 0.78, 0.69],
        holiday: 0.55,
        day: CALLS,
    },
    Way {
        channel: Channel::MiniProgram,
        share: 0.20,
        letters: "MP",
        week: [1.04, 1.02, 1.01, 1.0, 1.02, 0.98, 0.93],
        holiday: 0.8,
        day: PHONES,
    },
    Way {
        channel: Channel::GridPatrol,
        share: 0.125,
        letters: "XC",
        week: [1.26, 1.22, 1.2, 1.2, 1.16, 0.56, 0.4],
        holiday: 0.4,
        day: ROUNDS,
    },
    Way {
        channel: Channel::App,
        share: 0.06,
        letters: "AP",
        week: [1.03, 1.01, 1.0, 1.0, 1.02, 1.0, 0.94],
        holiday: 0.8,
        day: PHONES,
    },
    Way {
        channel: Channel::Web,
        share: 0.04,
        letters: "WZ",
        week: [1.18, 1.1, 1.06, 1.04, 1.02, 0.82, 0.78],
        holiday: 0.7,
        day: PHONES,
    },
    Way {
        channel: Channel::Window,
        share: 0.015,
        letters: "CK",
        week: [1.6, 1.42, 1.36, 1.32, 1.18, 0.12, 0.0],
        holiday: 0.0,
        day: COUNTERS,
    },
    Way {
        channel: Channel::Mediation,
        share: 0.015,
        letters: "TJ",
        week: [1.24, 1.2, 1.16, 1.14, 1.12, 0.7, 0.44],
        holiday: 0.2,
        day: TABLES,
    },
];

/// On days of rest people wake later: factors for the hours of those who report from home.
pub(super) const LIE_IN: [f64; HOURS] = [
    1.2, 1.2, 1.1, 1.0, 0.9, 0.7, 0.5, 0.55, 0.7, 0.9, 1.05, 1.1, 1.1, 1.1, 1.1, 1.1, 1.1, 1.05,
    1.0, 1.05, 1.05, 1.1, 1.15, 1.2,
];

/// How much a matter weighs on a channel; nought where it does not come by that way.
pub(super) fn weight(channel: Channel, theme: &Theme) -> f64 {
    let (disputes, questions) = (theme.code.starts_with("05"), theme.code.starts_with("09"));
    match channel {
        Channel::GridPatrol => theme.seen,
        Channel::Mediation if disputes => theme.told,
        Channel::Mediation => 0.0,
        // Counters are for papers and for what has been told before.
        Channel::Window if questions => theme.told * 4.0,
        Channel::App | Channel::MiniProgram if questions => theme.told * 0.5,
        _ => theme.told,
    }
}

/// The shape of the hours of a matter, or of the whole day.
pub(super) fn hours(theme: &Theme) -> [f64; HOURS] {
    theme.hours.unwrap_or([1.0; HOURS])
}

/// The position of a category among the themes.
pub(super) fn theme_of(code: &str) -> Option<usize> {
    THEMES.iter().position(|theme| theme.code == code)
}

/// All year alike.
pub(super) const EVEN: Season = &[(1, 1, 1.0)];
