//! What happens in the city: an endless, repeatable stream of reports as people would send them.
//!
//! Reading order: the [`calendar`], what is reported (`themes`) and when by which way (`rhythm`), [`surge`]s, where
//! (`places`), in which words (`grammar` with `phrases/`, [`telling`] with `homophones` and `numerals`), all of it together
//! as [`Life`], what became of it ([`history`], [`archive`]), and into [`file`]s.
//!
//! Everything about a report is drawn from the seed, its day and its number on that day: report 17 of 3 May is the same
//! whether the day is generated alone or within a year, on any machine. Reporters are not invented: there is no name and
//! no number of anybody.

pub mod archive;
pub mod calendar;
mod chance;
mod day;
pub mod file;
mod grammar;
pub mod history;
mod homophones;
mod manner;
mod numerals;
mod places;
mod rhythm;
mod slip;
pub mod surge;
pub mod telling;
mod themes;

use chrono::{DateTime, Datelike, Days, NaiveDate, Utc};
use rayon::prelude::*;
use spatial::crs::Crs;
use spatial::lattice::LatticePoint;

use self::calendar::{DayKind, day_kind, season_at, season_mean};
use self::places::Places;
use self::rhythm::{HOURS, LIE_IN, PER_PERSON_A_YEAR, SURGE_SHARE, WAYS, hours, weight};
use self::surge::{Surge, SurgeKind};
use self::telling::Slips;
use self::themes::THEMES;
use super::City;
use super::dice::Dice;
use crate::domain::incident::Channel;

/// One report, in the words and the coordinate system of whoever sends it.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    /// The day in the city on which it is told.
    pub day: NaiveDate,
    /// Which of that day, from 0, in the order of time.
    pub number: u32,
    /// When it is told.
    pub at: DateTime<Utc>,
    /// How it comes in.
    pub channel: Channel,
    /// Code of its category.
    pub category: &'static str,
    /// What it says, in Chinese.
    pub description: String,
    /// Longitude, latitude and their system, if the sender has a position.
    pub location: Option<(f64, f64, Crs)>,
    /// Where it says it is, if it says so.
    pub address: Option<String>,
    /// The sender's own number for it.
    pub source_id: String,
    /// What is true about it.
    pub truth: Truth,
}

/// What is true about a report, for judging those who have to find it out. Not sent to anybody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Truth {
    /// Index of the address that is meant, among the city's.
    pub address: u32,
    /// Where it is.
    pub point: LatticePoint,
    /// Index of the basic grid it is in, among the city's.
    pub grid: u32,
    /// What was done to the address in telling it.
    pub slips: Slips,
    /// The earlier report of the day about the same matter.
    pub repeats: Option<u32>,
    /// The surge that it belongs to.
    pub surge: Option<SurgeKind>,
}

/// The life of one city.
#[derive(Debug)]
pub struct Life<'a> {
    city: &'a City,
    seed: u64,
    places: Places<'a>,
    /// Reports expected on a mean day, by channel and category.
    means: Vec<f64>,
    /// Sums over the hours, by channel, category, and whether people rest.
    clocks: Vec<[f64; HOURS]>,
}

/// Days that are made at once by all cores.
const DAYS_AT_ONCE: u64 = 8;

impl<'a> Life<'a> {
    /// The life of this city; another seed, another life. `None` when the city has no address.
    pub fn new(city: &'a City, seed: u64) -> Option<Self> {
        Self::of_people(city, seed, city.divisions.first().map_or(0, |whole| whole.people))
    }

    /// The same city as busy as if so many people lived there; for trying out with a small one what a large one brings.
    pub fn of_people(city: &'a City, seed: u64, people: u32) -> Option<Self> {
        let places = Places::of(city, seed, people)?;
        let daily = f64::from(people) * PER_PERSON_A_YEAR * (1.0 - SURGE_SHARE) / 365.25;
        Some(Self { city, seed, places, means: means(daily), clocks: clocks() })
    }

    /// Everything that is told on a day, in the order of time.
    pub fn day(&self, day: NaiveDate) -> Vec<Report> {
        day::reports(self, day)
    }

    /// Everything from a day until before another, in the order of time.
    pub fn between(&self, from: NaiveDate, until: NaiveDate) -> impl Iterator<Item = Report> {
        self.days(from, until).flat_map(|(_, reports)| reports)
    }

    /// The same day by day; several days are made at once.
    pub fn days(
        &self,
        from: NaiveDate,
        until: NaiveDate,
    ) -> impl Iterator<Item = (NaiveDate, Vec<Report>)> {
        let firsts =
            std::iter::successors(Some(from), |day| day.checked_add_days(Days::new(DAYS_AT_ONCE)));
        firsts.take_while(move |first| *first < until).flat_map(move |first| {
            let some: Vec<NaiveDate> =
                first.iter_days().take(DAYS_AT_ONCE as usize).filter(|day| *day < until).collect();
            let made: Vec<_> = some.into_par_iter().map(|day| (day, self.day(day))).collect();
            made
        })
    }

    /// The surges that begin on a day.
    pub fn surges(&self, day: NaiveDate) -> Vec<Surge> {
        surge::beginning(&self.places, self.seed, day)
    }

    /// The city.
    pub const fn city(&self) -> &'a City {
        self.city
    }

    /// How many reports are expected on a day, by channel and category, apart from surges.
    fn expected(&self, day: NaiveDate) -> Vec<f64> {
        let kind = day_kind(day);
        let weekday = day.weekday().num_days_from_monday() as usize;
        let mood = 1.0 + Dice::new(self.seed, "life-mood", number_of(day)).around(0.07);
        let cold = coldness(self.seed, day);
        let themes: Vec<f64> = THEMES
            .iter()
            .map(|theme| {
                let season = season_at(theme.season, day) / season_mean(theme.season);
                season * if theme.cold { 1.0 + 0.45 * cold } else { 1.0 }
            })
            .collect();
        let week = |way: usize| match kind {
            DayKind::Holiday => WAYS[way].holiday,
            _ => WAYS[way].week[weekday],
        };
        let one = |(index, mean): (usize, &f64)| {
            mean * week(index / THEMES.len()) * themes[index % THEMES.len()] * mood
        };
        self.means.iter().enumerate().map(one).collect()
    }
}

/// The day's number in the common era.
fn number_of(day: NaiveDate) -> u64 {
    u64::from(day.num_days_from_ce().unsigned_abs())
}

/// How much colder than usual it is, from -1 to 1, changing over days.
fn coldness(seed: u64, day: NaiveDate) -> f64 {
    const SPELL_DAYS: u64 = 5;
    let number = number_of(day);
    let at = |spell: u64| Dice::new(seed, "life-cold", spell).around(1.0);
    let (spell, into) = (number / SPELL_DAYS, number % SPELL_DAYS);
    let share = into as f64 / SPELL_DAYS as f64;
    at(spell) * (1.0 - share) + at(spell + 1) * share
}

/// The expected reports of a mean day, by channel and category.
fn means(daily: f64) -> Vec<f64> {
    let mut means = Vec::with_capacity(WAYS.len() * THEMES.len());
    for way in WAYS {
        let weights: Vec<f64> = THEMES.iter().map(|theme| weight(way.channel, theme)).collect();
        let all: f64 = weights.iter().sum();
        // Holidays take something away; the year's number is to hold with them.
        let scale = daily * way.share / all / mean_of_days(way);
        means.extend(weights.iter().map(|weight| weight * scale));
    }
    means
}

/// The mean over a dozen years of what the week and the holidays make of a channel.
fn mean_of_days(way: &rhythm::Way) -> f64 {
    const YEARS: std::ops::Range<i32> = 2018..2030;
    let first = NaiveDate::from_ymd_opt(YEARS.start, 1, 1).unwrap_or_default();
    let days: Vec<NaiveDate> = first.iter_days().take_while(|day| day.year() < YEARS.end).collect();
    let one = |day: &NaiveDate| match day_kind(*day) {
        DayKind::Holiday => way.holiday,
        _ => way.week[day.weekday().num_days_from_monday() as usize],
    };
    days.iter().map(one).sum::<f64>() / days.len().max(1) as f64
}

fn clocks() -> Vec<[f64; HOURS]> {
    let mut clocks = Vec::with_capacity(WAYS.len() * THEMES.len() * 2);
    for way in WAYS {
        for theme in THEMES {
            for rest in [false, true] {
                let own = hours(theme);
                let mut sum = 0.0;
                clocks.push(std::array::from_fn(|hour| {
                    let late = match way.channel {
                        Channel::GridPatrol | Channel::Window | Channel::Mediation => 1.0,
                        _ if rest => LIE_IN[hour],
                        _ => 1.0,
                    };
                    sum += way.day[hour] * own[hour] * late;
                    sum
                }));
            }
        }
    }
    clocks
}

#[cfg(test)]
#[path = "life_tests.rs"]
mod tests;
