//! What people report: the categories with how often, in which season and at which hours.

use super::calendar::Season;
use super::rhythm::{EVEN, HOURS};

/// One category as the stream knows it.
pub(super) struct Theme {
    pub(super) code: &'static str,
    /// How often citizens tell it, relative.
    pub(super) told: f64,
    /// How often a patrol finds it, relative.
    pub(super) seen: f64,
    /// Whether it happens in the street rather than at somebody's door.
    pub(super) outside: bool,
    /// How it depends on the season.
    pub(super) season: Season,
    /// What is special about its hours, as factors.
    pub(super) hours: Option<[f64; HOURS]>,
    /// Whether a cold spell brings more of it.
    pub(super) cold: bool,
}

const SUMMER: Season = &[
    (1, 15, 0.4),
    (3, 15, 0.7),
    (5, 15, 1.3),
    (7, 1, 1.7),
    (8, 15, 1.7),
    (10, 1, 1.0),
    (12, 1, 0.4),
];
const WARM: Season = &[(1, 15, 0.7), (4, 1, 1.0), (6, 15, 1.3), (9, 1, 1.2), (11, 15, 0.8)];
const WINTER: Season = &[(1, 15, 1.5), (3, 15, 1.0), (6, 1, 0.7), (9, 1, 0.8), (11, 15, 1.3)];
const RAINY: Season = &[
    (1, 15, 0.1),
    (4, 1, 0.3),
    (6, 1, 1.2),
    (7, 15, 2.4),
    (8, 31, 2.2),
    (10, 1, 0.8),
    (11, 15, 0.1),
];
const SPRING_DUST: Season =
    &[(1, 15, 0.7), (3, 10, 1.9), (4, 20, 2.0), (6, 1, 1.0), (9, 1, 0.8), (11, 1, 0.9)];
/// Questions before the pipes are filled, a wave when the heating starts on 1 November, complaints until 31 March.
const HEATING: Season = &[
    (1, 10, 2.0),
    (2, 15, 1.6),
    (3, 15, 0.9),
    (3, 31, 0.7),
    (4, 5, 0.06),
    (9, 15, 0.06),
    (10, 15, 0.7),
    (10, 31, 2.2),
    (11, 1, 5.6),
    (11, 12, 3.6),
    (12, 1, 2.2),
];
const AFTER_RESURFACING: Season =
    &[(1, 15, 0.8), (3, 20, 1.3), (7, 1, 1.1), (10, 1, 1.0), (12, 1, 0.8)];

const NIGHT: [f64; HOURS] = [
    9.0, 8.0, 5.0, 3.0, 2.0, 1.6, 1.2, 0.8, 0.6, 0.6, 0.6, 0.7, 1.2, 1.4, 0.8, 0.7, 0.7, 0.8, 1.2,
    2.2, 3.6, 5.0, 7.5, 9.5,
];
const DARK: [f64; HOURS] = [
    1.4, 1.0, 0.8, 0.6, 0.6, 0.7, 0.6, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.6, 0.9, 1.8,
    3.4, 3.6, 3.0, 2.2, 1.6,
];
const MARKET: [f64; HOURS] = [
    0.4, 0.2, 0.2, 0.2, 0.4, 1.4, 2.4, 2.4, 1.6, 1.2, 1.0, 1.0, 1.0, 0.8, 0.7, 0.8, 1.0, 1.6, 2.0,
    2.0, 1.6, 1.2, 0.8, 0.5,
];
const HOME: [f64; HOURS] = [
    0.8, 0.5, 0.4, 0.4, 0.5, 1.0, 1.6, 1.5, 1.1, 0.9, 0.9, 1.0, 1.1, 0.9, 0.8, 0.8, 0.9, 1.2, 1.6,
    1.8, 1.7, 1.4, 1.1, 0.9,
];
const MEALS: [f64; HOURS] = [
    0.5, 0.3, 0.2, 0.2, 0.2, 0.3, 0.5, 0.7, 0.7, 0.7, 1.0, 1.8, 2.0, 1.3, 0.8, 0.7, 0.9, 1.5, 2.2,
    2.3, 2.0, 1.5, 1.0, 0.7,
];

/// Inside a home or at a door, on any day.
const fn indoors(code: &'static str, told: f64, seen: f64, season: Season) -> Theme {
    Theme { code, told, seen, outside: false, season, hours: None, cold: false }
}

/// In the street, on any day.
const fn outdoors(code: &'static str, told: f64, seen: f64, season: Season) -> Theme {
    Theme { code, told, seen, outside: true, season, hours: None, cold: false }
}

impl Theme {
    const fn at(mut self, hours: [f64; HOURS]) -> Self {
        self.hours = Some(hours);
        self
    }

    const fn with_the_cold(mut self) -> Self {
        self.cold = true;
        self
    }
}

/// All categories that are reported, in order of code.
pub(super) const THEMES: &[Theme] = &[
    outdoors("0101", 5.0, 16.0, WARM).at(MARKET),
    outdoors("0102", 3.0, 12.0, EVEN),
    indoors("0103", 2.2, 2.0, WARM),
    outdoors("0104", 0.7, 5.0, EVEN),
    outdoors("0105", 7.5, 9.0, EVEN).at(HOME),
    outdoors("0201", 4.5, 6.0, AFTER_RESURFACING),
    outdoors("0202", 2.4, 2.5, WINTER).at(DARK),
    outdoors("0203", 1.3, 3.0, EVEN),
    outdoors("0204", 1.2, 1.6, RAINY),
    outdoors("0205", 2.6, 1.6, EVEN),
    indoors("0301", 4.2, 0.8, WARM).at(HOME),
    indoors("0302", 10.5, 0.8, HEATING).at(HOME).with_the_cold(),
    indoors("0303", 3.0, 1.0, SUMMER).at(HOME),
    indoors("0304", 1.6, 0.4, WINTER).at(MEALS),
    indoors("0305", 1.0, 1.6, EVEN),
    outdoors("0401", 4.0, 9.0, SUMMER),
    indoors("0402", 9.0, 1.6, SUMMER).at(NIGHT),
    outdoors("0403", 2.0, 2.6, SPRING_DUST),
    indoors("0404", 2.4, 1.2, SUMMER).at(MEALS),
    outdoors("0405", 2.0, 3.4, WARM),
    indoors("0501", 2.0, 0.0, EVEN).at(HOME),
    indoors("0502", 2.2, 0.0, EVEN),
    indoors("0503", 2.6, 0.0, EVEN),
    indoors("0601", 2.4, 7.0, EVEN).at(HOME),
    indoors("0602", 0.9, 2.0, WINTER).at(MEALS),
    indoors("0603", 2.0, 6.0, EVEN).at(HOME),
    outdoors("0604", 0.8, 1.8, RAINY),
    indoors("0701", 6.5, 1.0, EVEN),
    indoors("0702", 2.2, 0.4, RAINY),
    indoors("0703", 1.8, 0.8, EVEN).at(HOME),
    indoors("0901", 9.0, 0.0, EVEN),
    indoors("0902", 2.2, 0.0, EVEN),
];
