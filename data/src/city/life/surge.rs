//! When many report at once: storms over a part of the city, and outages around a broken pipe or cable.
//!
//! A surge has a beginning, a length, a place and a number of tellings, all drawn from the day on which it begins. Each
//! telling is drawn by its own number, so a day holds the same ones whatever else is generated.

use chrono::{Datelike, Days, NaiveDate};
use spatial::lattice::LatticePoint;

use super::calendar::{Season, season_at};
use super::chance::poisson;
use super::places::{Places, is_near, shifted};
use super::rhythm::theme_of;
use crate::city::dice::Dice;

/// Surges last at most so many days beyond the one on which they begin.
const LONGEST_DAYS: u64 = 2;
const DAY_MINUTES: u32 = 24 * 60;
/// What reaches farther than this is no matter of a neighbourhood.
const WIDE_M: f64 = 3000.0;
/// The city whose storms are counted.
const FULL_CITY_PEOPLE: f64 = 4_578_000.0;

/// What brings a surge.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SurgeKind {
    /// Heavy rain that moves over a part of the city.
    Rainstorm,
    /// Dust over the whole city.
    DustStorm,
    /// Snow and ice over the whole city.
    Snow,
    /// A power cut in a neighbourhood.
    PowerCut,
    /// A burst main.
    WaterCut,
    /// A heating station that failed.
    HeatingFailure,
}

/// How one kind comes and goes.
struct Habit {
    kind: SurgeKind,
    /// In a year, for the whole city.
    yearly: f64,
    /// Whether a smaller city has fewer of them; weather comes to all alike.
    local: bool,
    season: Season,
    /// First and last hour at which it begins.
    begins: (u32, u32),
    minutes: (u32, u32),
    radius_m: (f64, f64),
    /// Tellings for a thousand people in reach.
    tellings: (f64, f64),
    /// What is told: category, section of the phrases, weight.
    about: &'static [(&'static str, &'static str, f64)],
}

const STORMS: Season = &[
    (1, 1, 0.0),
    (5, 1, 0.0),
    (6, 1, 0.8),
    (7, 15, 2.6),
    (8, 31, 2.4),
    (9, 25, 0.3),
    (10, 1, 0.0),
];
const DUST: Season =
    &[(1, 1, 0.0), (2, 25, 0.0), (3, 20, 3.0), (4, 20, 2.6), (5, 25, 0.0), (12, 31, 0.0)];
const SNOW: Season = &[(1, 15, 2.4), (3, 1, 1.6), (3, 20, 0.0), (11, 10, 0.0), (12, 5, 1.6)];
const HEAT: Season =
    &[(1, 1, 2.0), (3, 30, 1.0), (4, 1, 0.0), (10, 31, 0.0), (11, 1, 3.0), (12, 1, 2.0)];
const DRAW: Season = &[(1, 15, 1.2), (4, 1, 0.7), (7, 15, 1.5), (10, 1, 0.7), (12, 15, 1.2)];

const HABITS: [Habit; 6] = [
    Habit {
        kind: SurgeKind::Rainstorm,
        yearly: 8.0,
        local: false,
        season: STORMS,
        begins: (13, 21),
        minutes: (150, 480),
        radius_m: (3500.0, 8000.0),
        tellings: (1.0, 3.2),
        about: &[
            ("0204", "rainstorm/0204", 5.0),
            ("0203", "rainstorm/0203", 1.2),
            ("0303", "rainstorm/0303", 1.6),
            ("0405", "rainstorm/0405", 1.8),
            ("0604", "rainstorm/0604", 1.0),
            ("0702", "rainstorm/0702", 1.8),
        ],
    },
    Habit {
        kind: SurgeKind::DustStorm,
        yearly: 5.0,
        local: false,
        season: DUST,
        begins: (9, 17),
        minutes: (300, 900),
        radius_m: (400_000.0, 400_000.0),
        tellings: (0.12, 0.3),
        about: &[
            ("0403", "dust/0403", 4.0),
            ("0104", "dust/0104", 2.0),
            ("0405", "dust/0405", 2.0),
        ],
    },
    Habit {
        kind: SurgeKind::Snow,
        yearly: 4.0,
        local: false,
        season: SNOW,
        begins: (5, 9),
        minutes: (360, 900),
        radius_m: (400_000.0, 400_000.0),
        tellings: (0.25, 0.6),
        about: &[
            ("0201", "snow/0201", 4.0),
            ("0205", "snow/0205", 2.0),
            ("0701", "snow/0701", 2.0),
        ],
    },
    Habit {
        kind: SurgeKind::PowerCut,
        yearly: 60.0,
        local: true,
        season: DRAW,
        begins: (6, 22),
        minutes: (60, 360),
        radius_m: (300.0, 1200.0),
        tellings: (4.0, 11.0),
        about: &[("0303", "power/0303", 9.0), ("0703", "power/0703", 1.0)],
    },
    Habit {
        kind: SurgeKind::WaterCut,
        yearly: 42.0,
        local: true,
        season: DRAW,
        begins: (5, 20),
        minutes: (180, 900),
        radius_m: (400.0, 1500.0),
        tellings: (3.0, 9.0),
        about: &[("0301", "water/0301", 9.0), ("0201", "water/0201", 1.0)],
    },
    Habit {
        kind: SurgeKind::HeatingFailure,
        yearly: 26.0,
        local: true,
        season: HEAT,
        begins: (5, 22),
        minutes: (600, 2400),
        radius_m: (400.0, 1500.0),
        tellings: (4.0, 12.0),
        about: &[("0302", "heating/0302", 1.0)],
    },
];

/// One surge.
#[derive(Clone, Debug, PartialEq)]
pub struct Surge {
    /// What it is.
    pub kind: SurgeKind,
    /// The day on which it begins.
    pub day: NaiveDate,
    /// Minutes after midnight at which it begins.
    pub begins_minute: u32,
    /// How long it lasts.
    pub minutes: u32,
    /// Where its middle is when it begins.
    pub centre: LatticePoint,
    /// How far its middle moves in a minute, east and north.
    pub drift_m: (f64, f64),
    /// How far it reaches.
    pub radius_m: f64,
    /// How many tell of it.
    pub tellings: u32,
    habit: usize,
    id: u64,
}

/// One telling of a surge, not yet in words.
#[derive(Clone, Copy, Debug)]
pub(super) struct Alarm {
    pub(super) second: u32,
    pub(super) theme: usize,
    pub(super) section: &'static str,
    pub(super) building: u32,
    pub(super) id: u64,
}

/// The surges that begin on a day.
pub(super) fn beginning(places: &Places<'_>, seed: u64, day: NaiveDate) -> Vec<Surge> {
    let number = u64::from(day.num_days_from_ce().unsigned_abs());
    let mut dice = Dice::new(seed, "life-surges", number);
    let share = f64::from(places.city.divisions[0].people) * places.crowd / FULL_CITY_PEOPLE;
    let mut surges = Vec::new();
    for (habit, one) in HABITS.iter().enumerate() {
        let often = if one.local { share } else { 1.0 };
        let mean = one.yearly / 365.0 * often * season_at(one.season, day);
        for _ in 0..poisson(mean, &mut dice) {
            let id = number << 8 | surges.len() as u64 & 0xff;
            surges.push(Surge::of(habit, day, id, places, &mut dice));
        }
    }
    surges
}

/// The tellings of a day, whichever day their surge began on.
pub(super) fn alarms(places: &Places<'_>, seed: u64, day: NaiveDate) -> Vec<(Alarm, SurgeKind)> {
    let mut alarms = Vec::new();
    for ago in 0..=LONGEST_DAYS {
        let Some(begun) = day.checked_sub_days(Days::new(ago)) else { continue };
        for surge in beginning(places, seed, begun) {
            let midnight = ago as u32 * DAY_MINUTES * 60;
            let near = match surge.radius_m {
                wide if WIDE_M < wide => Vec::new(),
                near => places.within(surge.centre, near).0,
            };
            let told =
                (0..surge.tellings).filter_map(|n| surge.alarm(places, &near, seed, n, midnight));
            alarms.extend(told.map(|alarm| (alarm, surge.kind)));
        }
    }
    alarms
}

impl Surge {
    fn of(habit: usize, day: NaiveDate, id: u64, places: &Places<'_>, dice: &mut Dice) -> Self {
        let one = &HABITS[habit];
        let centre = places.corner(places.building(false, dice));
        let radius_m = dice.between(one.radius_m.0, one.radius_m.1);
        let minutes = dice.whole(one.minutes.0, one.minutes.1);
        // Storms come down the valley from the west.
        let drift_m = match one.kind {
            SurgeKind::Rainstorm => (dice.between(8.0, 28.0), dice.around(8.0)),
            _ => (0.0, 0.0),
        };
        let rate = dice.between(one.tellings.0, one.tellings.1) / 1000.0;
        let people = places.within(centre, radius_m).1 as f64;
        let begins_minute = dice.whole(one.begins.0 * 60, one.begins.1 * 60 + 59);
        let tellings = poisson(people * places.crowd * rate, dice);
        Self {
            kind: one.kind,
            day,
            begins_minute,
            minutes,
            centre,
            drift_m,
            radius_m,
            tellings,
            habit,
            id,
        }
    }

    /// Where its middle is so many minutes after the beginning.
    pub fn centre_after(&self, minutes: f64) -> LatticePoint {
        shifted(self.centre, self.drift_m.0 * minutes, self.drift_m.1 * minutes)
    }

    /// Its telling number `n`, if it falls on the day that begins `midnight` seconds after the surge's own.
    fn alarm(
        &self,
        places: &Places<'_>,
        near: &[u32],
        seed: u64,
        n: u32,
        midnight: u32,
    ) -> Option<Alarm> {
        let id = 1 << 63 | self.id << 24 | u64::from(n);
        let mut dice = Dice::new(seed, "life-alarm", id);
        // Quick to rise, slow to fall.
        let share = dice.unit() * dice.between(0.15, 1.0);
        let second = self.begins_minute * 60 + (share * f64::from(self.minutes) * 60.0) as u32;
        let second = second.checked_sub(midnight).filter(|s| *s < DAY_MINUTES * 60)?;
        let about = HABITS[self.habit].about;
        let weights: Vec<f64> = about.iter().map(|a| a.2).collect();
        let (category, section, _) = about[dice.weighted(&weights)];
        let centre = self.centre_after(share * f64::from(self.minutes));
        let building = self.affected(places, near, centre, &mut dice)?;
        Some(Alarm { second, theme: theme_of(category)?, section, building, id })
    }

    /// A building in reach of the middle at that moment, by the people in it.
    fn affected(
        &self,
        places: &Places<'_>,
        near: &[u32],
        centre: LatticePoint,
        dice: &mut Dice,
    ) -> Option<u32> {
        let reached = |b: u32| is_near(centre, places.corner(b), self.radius_m);
        if WIDE_M < self.radius_m {
            // Drawn by weight from the whole city until it is one in reach.
            return (0..300).map(|_| places.building(false, dice)).find(|b| reached(*b));
        }
        let mut last = None;
        for _ in 0..64.min(near.len() * 4) {
            let building = near[dice.below(near.len())];
            let people = f64::from(places.city.buildings[building as usize].people);
            if reached(building) {
                last = Some(building);
                if dice.chance((people + 2.0) / 160.0) {
                    break;
                }
            }
        }
        last
    }
}
