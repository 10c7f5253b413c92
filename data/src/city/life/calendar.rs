//! The city's year: which days are days of rest, and how a matter rises and falls with the season.
//!
//! Days are those of the city (UTC+8). Public holidays are the fixed ones and the week of the Spring Festival, whose date
//! the moon gives; working weekends are decreed anew each year by no rule, so there are none here.

use chrono::{Datelike, NaiveDate};

/// New Year's Day of the traditional calendar, month and day, from [`FIRST_SPRING`] on.
const SPRING_FESTIVALS: &[(u32, u32)] = &[
    (1, 28),
    (2, 16),
    (2, 5),
    (1, 25),
    (2, 12),
    (2, 1),
    (1, 22),
    (2, 10),
    (1, 29),
    (2, 17),
    (2, 6),
    (1, 26),
    (2, 13),
    (2, 3),
    (1, 23),
    (2, 11),
    (1, 31),
    (2, 19),
    (2, 8),
    (1, 28),
    (2, 15),
    (2, 4),
    (1, 24),
    (2, 12),
];
const FIRST_SPRING: i32 = 2017;

/// What kind of day it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DayKind {
    /// People work.
    Working,
    /// Saturday or Sunday.
    Weekend,
    /// A public holiday.
    Holiday,
}

/// The kind of a day.
pub fn day_kind(day: NaiveDate) -> DayKind {
    if is_holiday(day) {
        DayKind::Holiday
    } else if 5 <= day.weekday().num_days_from_monday() {
        DayKind::Weekend
    } else {
        DayKind::Working
    }
}

/// Public holidays: New Year, Spring Festival (its eve and six days), Qingming, Labour Day, National Day.
pub fn is_holiday(day: NaiveDate) -> bool {
    let fixed = matches!((day.month(), day.day()), (1, 1) | (4, 4 | 5) | (5, 1..=5) | (10, 1..=7));
    fixed || since_spring_festival(day).is_some_and(|days| (-1..=6).contains(&days))
}

/// Days since the Spring Festival of the same year, negative before it; `None` outside the table.
pub fn since_spring_festival(day: NaiveDate) -> Option<i64> {
    let index = usize::try_from(day.year() - FIRST_SPRING).ok()?;
    let (month, date) = *SPRING_FESTIVALS.get(index)?;
    let first = NaiveDate::from_ymd_opt(day.year(), month, date)?;
    Some((day - first).num_days())
}

/// Relative frequency over the year: knots (month, day, value), straight lines between them, around the turn of the
/// year too.
pub type Season = &'static [(u32, u32, f64)];

/// A season's value on a day of the year.
pub fn season_at(season: Season, day: NaiveDate) -> f64 {
    let at = ordinal(day.month(), day.day());
    let knot = |&(month, date, value): &(u32, u32, f64)| (ordinal(month, date), value);
    let (Some(first), Some(last)) = (season.first().map(knot), season.last().map(knot)) else {
        return 1.0;
    };
    let after = season.iter().map(knot).find(|(when, _)| at < *when);
    let before = season.iter().rev().map(knot).find(|(when, _)| *when <= at);
    let (from, value) = before.unwrap_or((last.0 - 366, last.1));
    let (to, next) = after.unwrap_or((first.0 + 366, first.1));
    value + (next - value) * f64::from(at - from) / f64::from((to - from).max(1))
}

/// The mean of a season over a year of 365 days.
pub fn season_mean(season: Season) -> f64 {
    let days =
        NaiveDate::from_ymd_opt(2025, 1, 1).into_iter().flat_map(|d| d.iter_days().take(365));
    days.map(|day| season_at(season, day)).sum::<f64>() / 365.0
}

/// The day's number in a leap year, so that the same date has the same number every year.
fn ordinal(month: u32, day: u32) -> i32 {
    NaiveDate::from_ymd_opt(2024, month, day).map_or(1, |date| date.ordinal() as i32)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(year: i32, month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(year, month, day).unwrap()
    }

    #[test]
    fn a_season_runs_in_straight_lines_and_around_the_turn_of_the_year() {
        let season: Season = &[(3, 1, 1.0), (9, 1, 3.0)];
        assert!((season_at(season, day(2026, 3, 1)) - 1.0).abs() < 1e-9);
        assert!((season_at(season, day(2026, 6, 1)) - 2.0).abs() < 0.02);
        let (old, new) = (season_at(season, day(2026, 12, 31)), season_at(season, day(2027, 1, 1)));
        assert!(1.0 < new && new < old && old - new < 0.02, "{old} {new}");
    }

    #[test]
    fn holidays_are_days_of_rest_on_any_weekday() {
        // The Spring Festival of 2026 is a Tuesday.
        assert_eq!(day_kind(day(2026, 2, 17)), DayKind::Holiday);
        assert_eq!(day_kind(day(2026, 2, 24)), DayKind::Working);
        assert_eq!(day_kind(day(2026, 10, 3)), DayKind::Holiday);
        assert_eq!(day_kind(day(2026, 10, 10)), DayKind::Weekend);
        assert_eq!(since_spring_festival(day(2026, 2, 16)), Some(-1));
        assert_eq!(since_spring_festival(day(1990, 2, 16)), None);
    }

    #[test]
    fn the_festival_is_a_new_moon_in_the_sign_of_rain_water() {
        // Independent of the table: a synodic month is 29.53 days, and the festival lies between 21 January and 20 February.
        let dates: Vec<NaiveDate> = (FIRST_SPRING..)
            .zip(SPRING_FESTIVALS)
            .map(|(year, (month, date))| day(year, *month, *date))
            .collect();
        for pair in dates.windows(2) {
            let moons = (pair[1] - pair[0]).num_days() as f64 / 29.530_59;
            assert!((moons - moons.round()).abs() < 0.06, "{pair:?}: {moons} months");
        }
        assert!(dates.iter().all(|d| (21..=51).contains(&d.ordinal())));
    }
}
