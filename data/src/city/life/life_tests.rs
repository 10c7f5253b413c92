use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use chrono::{Datelike, Timelike};
use spatial::lattice::LatticePoint;
use spatial::locate::{Locate, Locator};

use super::super::{CityOptions, CityScale, DivisionRow, generate};
use super::*;
use crate::domain::grid_worker::CITY_TIME;

pub(super) fn city() -> &'static City {
    static CITY: LazyLock<City> = LazyLock::new(|| {
        let row = |code: &str, name: &str| DivisionRow {
            code: code.to_owned(),
            name: name.to_owned(),
            kind: String::new(),
            parent: String::new(),
        };
        let rows = [
            row("620102001000", "试街道"),
            row("620102001001", "甲社区居委会"),
            row("620102001002", "乙社区居委会"),
        ];
        let options = CityOptions { seed: 5, scale: CityScale::Community };
        generate(&options, &rows).expect("the rows hold the district")
    });
    &CITY
}

const PEOPLE: u32 = 110_000;

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

/// A small city as busy as a town, for a year.
static YEAR: LazyLock<Vec<Report>> = LazyLock::new(|| {
    let life = Life::of_people(city(), 3, PEOPLE).expect("the city has addresses");
    life.between(day("2026-01-01"), day("2027-01-01")).collect()
});

fn everyday() -> impl Iterator<Item = &'static Report> {
    YEAR.iter().filter(|report| report.truth.surge.is_none() && report.truth.repeats.is_none())
}

fn hour(report: &Report) -> usize {
    report.at.with_timezone(&CITY_TIME).hour() as usize
}

/// Pearson's sum over categories with an expectation each.
fn chi_square(observed: &[f64], expected: &[f64]) -> f64 {
    observed.iter().zip(expected).map(|(o, e)| (o - e) * (o - e) / e).sum()
}

#[test]
fn a_day_is_the_same_alone_and_within_any_stretch() {
    let life = Life::of_people(city(), 9, PEOPLE).unwrap();
    let alone = life.day(day("2026-07-20"));
    assert!(50 < alone.len());
    for (from, until) in
        [("2026-07-01", "2026-07-22"), ("2026-07-17", "2026-07-21"), ("2026-07-20", "2026-07-30")]
    {
        let within: Vec<Report> =
            life.between(day(from), day(until)).filter(|r| r.day == day("2026-07-20")).collect();
        assert_eq!(within, alone, "from {from}");
    }
    let other = Life::of_people(city(), 10, PEOPLE).unwrap().day(day("2026-07-20"));
    assert_ne!(other.first().map(|r| &r.description), alone.first().map(|r| &r.description));
    let numbers: HashSet<&str> = YEAR.iter().map(|report| report.source_id.as_str()).collect();
    assert_eq!(numbers.len(), YEAR.len(), "a number was given twice");
}

#[test]
fn reports_come_in_order_and_on_their_day() {
    for pair in YEAR.windows(2) {
        assert!(pair[0].at <= pair[1].at);
        assert!(pair[0].day < pair[1].day || pair[0].number + 1 == pair[1].number);
    }
    for report in &*YEAR {
        assert_eq!(report.at.with_timezone(&CITY_TIME).date_naive(), report.day);
    }
}

#[test]
fn a_year_brings_as_many_as_the_people_promise() {
    let expected = f64::from(PEOPLE) * PER_PERSON_A_YEAR;
    let share = YEAR.len() as f64 / expected;
    assert!((0.945..1.055).contains(&share), "{} of {expected:.0}", YEAR.len());
    let surging = YEAR.iter().filter(|report| report.truth.surge.is_some()).count() as f64;
    assert!((0.01..0.06).contains(&(surging / YEAR.len() as f64)), "{surging} in surges");
}

#[test]
fn channels_have_their_shares() {
    let all: Vec<&Report> = everyday().collect();
    let count = |channel: Channel| all.iter().filter(|r| r.channel == channel).count() as f64;
    let observed: Vec<f64> = WAYS.iter().map(|way| count(way.channel)).collect();
    // Repeats are left out of the count, so citizens' channels have a little less than their share of all.
    let share = |way: &rhythm::Way| match way.channel {
        Channel::GridPatrol | Channel::Mediation => way.share,
        _ => way.share * (all.len() as f64 / total_with_repeats()),
    };
    let sum: f64 = WAYS.iter().map(share).sum();
    let expected: Vec<f64> = WAYS.iter().map(|way| all.len() as f64 * share(way) / sum).collect();
    // Six degrees of freedom: 22.5 is passed by chance once in a thousand. Seasons and holidays of one year add to it.
    let off = chi_square(&observed, &expected);
    assert!(off < 45.0, "{off}: {observed:?} instead of {expected:?}");
    assert!(all.iter().all(|report| report.channel != Channel::Import));
}

fn total_with_repeats() -> f64 {
    YEAR.iter().filter(|report| report.truth.surge.is_none()).count() as f64
}

#[test]
fn hours_follow_the_channel_and_the_matter() {
    let of = |wanted: &dyn Fn(&Report) -> bool| -> [f64; 24] {
        let mut hours = [0.0; 24];
        everyday().filter(|report| wanted(report)).for_each(|report| hours[hour(report)] += 1.0);
        hours
    };
    let share = |hours: &[f64; 24], range: std::ops::Range<usize>| {
        hours[range].iter().sum::<f64>() / hours.iter().sum::<f64>()
    };
    let calls = of(&|r| r.channel == Channel::Hotline);
    assert!(8.0 < share(&calls, 9..11) / share(&calls, 2..4), "{calls:?}");
    let windows = of(&|r| r.channel == Channel::Window);
    assert!((share(&windows, 8..19) - 1.0).abs() < 1e-9, "{windows:?}");
    assert!(share(&windows, 12..14) < 0.05, "counters close at noon: {windows:?}");
    let rounds = of(&|r| r.channel == Channel::GridPatrol);
    assert!(0.6 < share(&rounds, 8..12) + share(&rounds, 14..18), "{rounds:?}");
    let (noise, other) = (of(&|r| r.category == "0402"), of(&|r| r.category != "0402"));
    let night = |hours| share(hours, 21..24) + share(hours, 0..2);
    assert!(3.0 < night(&noise) / night(&other), "{noise:?}");
    let lamps = of(&|r| r.category == "0202");
    assert!(1.8 < share(&lamps, 19..23) / share(&other, 19..23), "{lamps:?}");
    // Within the hour no minute is special: four quarters, three degrees of freedom.
    let mut quarters = [0.0; 4];
    everyday().for_each(|report| quarters[report.at.minute() as usize / 15] += 1.0);
    let even = [quarters.iter().sum::<f64>() / 4.0; 4];
    assert!(chi_square(&quarters, &even) < 16.3, "{quarters:?}");
}

#[test]
fn the_hours_of_calls_are_those_of_the_table() {
    // Independent of the drawing: the expectation is added up from the tables.
    let hotline = WAYS.iter().position(|way| way.channel == Channel::Hotline).unwrap();
    let mut expected = [0.0; 24];
    let life = Life::of_people(city(), 3, PEOPLE).unwrap();
    for date in day("2026-01-01").iter_days().take(365) {
        let means = life.expected(date);
        let rest = day_kind(date) != DayKind::Working;
        for (theme, mean) in THEMES.iter().zip(&means[hotline * THEMES.len()..]) {
            let one = |h: usize| {
                WAYS[hotline].day[h] * hours(theme)[h] * if rest { LIE_IN[h] } else { 1.0 }
            };
            let sum: f64 = (0..24).map(one).sum();
            (0..24).for_each(|h| expected[h] += mean * one(h) / sum);
        }
    }
    let mut observed = [0.0; 24];
    let calls = YEAR.iter().filter(|r| r.truth.surge.is_none() && r.channel == Channel::Hotline);
    calls.for_each(|report| observed[hour(report)] += 1.0);
    let scale = observed.iter().sum::<f64>() / expected.iter().sum::<f64>();
    let scaled = expected.map(|mean| mean * scale);
    assert!((0.97..1.03).contains(&scale), "{scale}");
    // Twenty-three degrees of freedom: 49.7 is passed once in a thousand.
    assert!(chi_square(&observed, &scaled) < 49.7, "{observed:?} {scaled:?}");
}

#[test]
fn weeks_and_holidays_are_seen() {
    let mut days: HashMap<(Channel, u32), (f64, f64)> = HashMap::new();
    for date in day("2026-01-01").iter_days().take(365) {
        if day_kind(date) != DayKind::Holiday {
            let weekday = date.weekday().num_days_from_monday();
            let reports = everyday().filter(|report| report.day == date);
            let mut counts: HashMap<Channel, f64> = HashMap::new();
            reports.for_each(|report| *counts.entry(report.channel).or_default() += 1.0);
            for way in WAYS {
                let entry = days.entry((way.channel, weekday)).or_default();
                entry.0 += counts.get(&way.channel).copied().unwrap_or(0.0);
                entry.1 += 1.0;
            }
        }
    }
    let mean = |channel, weekday| {
        let (count, days): (f64, f64) = days[&(channel, weekday)];
        count / days
    };
    let calls = mean(Channel::Hotline, 0) / mean(Channel::Hotline, 6);
    assert!((calls / (1.22 / 0.69) - 1.0).abs() < 0.12, "Monday to Sunday {calls}");
    let rounds = mean(Channel::GridPatrol, 1) / mean(Channel::GridPatrol, 6);
    assert!((2.2..4.2).contains(&rounds), "Tuesday to Sunday {rounds}");
    assert!(mean(Channel::Window, 6) < 1e-9, "windows are closed on Sundays");
    let calls = |date: &str| {
        let own = |r: &&Report| r.day == day(date) && r.channel == Channel::Hotline;
        everyday().filter(own).filter(|r| r.category != "0302").count() as f64
    };
    // The Spring Festival is a Tuesday, and so is the day four weeks later.
    assert!(calls("2026-02-17") < 0.8 * calls("2026-03-17"));
}

#[test]
fn seasons_are_those_of_the_place() {
    let months = |category: &str| -> [f64; 12] {
        let mut months = [0.0; 12];
        let own = YEAR.iter().filter(|report| report.category == category);
        own.for_each(|report| months[report.day.month0() as usize] += 1.0);
        months
    };
    let share = |months: &[f64; 12], wanted: &[usize]| {
        wanted.iter().map(|month| months[month - 1]).sum::<f64>() / months.iter().sum::<f64>()
    };
    let heating = months("0302");
    assert!(0.85 < share(&heating, &[11, 12, 1, 2, 3]), "{heating:?}");
    assert!(1.2 < heating[10] / heating[0], "the first month is the worst: {heating:?}");
    assert!(share(&heating, &[5, 6, 7, 8]) < 0.03, "{heating:?}");
    let floods = months("0204");
    assert!(0.6 < share(&floods, &[6, 7, 8, 9]), "{floods:?}");
    let noise = months("0402");
    assert!(2.0 < (noise[6] + noise[7]) / (noise[0] + noise[1]), "{noise:?}");
}

#[test]
fn a_storm_is_a_surge_in_time_and_place() {
    let life = Life::of_people(city(), 3, PEOPLE).unwrap();
    let storm = day("2026-05-01")
        .iter_days()
        .take(150)
        .flat_map(|date| life.surges(date))
        .filter(|surge| surge.kind == SurgeKind::Rainstorm)
        .max_by_key(|surge| surge.tellings)
        .expect("there is a storm in summer");
    let wet =
        |report: &&Report| ["0204", "0203", "0405", "0604", "0702"].contains(&report.category);
    let rain = YEAR.iter().filter(wet).filter(|report| report.day == storm.day).count() as f64;
    let calm: Vec<NaiveDate> = (storm.day - chrono::Days::new(21))
        .iter_days()
        .take(42)
        .filter(|date| (*date - storm.day).num_days().abs() > 1 && life.surges(*date).is_empty())
        .collect();
    let usual = calm
        .iter()
        .map(|date| YEAR.iter().filter(wet).filter(|r| r.day == *date).count())
        .sum::<usize>();
    let factor = rain / (usual as f64 / calm.len() as f64);
    assert!(3.0 < factor, "{rain} against {usual} in {} days", calm.len());
    let told: Vec<&Report> = YEAR
        .iter()
        .filter(|r| r.truth.surge == Some(SurgeKind::Rainstorm) && r.day == storm.day)
        .collect();
    assert!(!told.is_empty());
    for report in told {
        let local = report.at.with_timezone(&CITY_TIME);
        let minute = local.hour() * 60 + local.minute();
        assert!((storm.begins_minute..=storm.begins_minute + storm.minutes).contains(&minute));
    }
}

#[test]
fn every_report_lies_in_the_city_and_in_the_grid_that_is_said() {
    let city = city();
    let locator = Locator::new((0..).zip(&city.grids).map(|(id, grid)| (id, grid.shape.clone())));
    let mut told = 0;
    for report in &*YEAR {
        assert_eq!(locator.locate(report.truth.point), Some(report.truth.grid), "{report:?}");
        if let Some((x, y, crs)) = report.location {
            told += 1;
            let place = crs.to_wgs84(x, y).expect("it came from there");
            // Back from the sender's system a point may be a step of the lattice off.
            let near = LatticePoint::nearest(place);
            let steps = [(0, 0), (1, 0), (-1, 0), (0, 1), (0, -1)];
            let inside = |(x, y): &(i32, i32)| {
                locator.locate(LatticePoint::new(near.x + x, near.y + y)).is_some()
            };
            assert!(steps.iter().any(inside), "{report:?}");
        }
    }
    assert!(YEAR.len() / 3 < told && told < YEAR.len());
}

#[test]
fn hardly_any_two_reports_read_alike_and_none_names_a_person() {
    let texts: HashSet<&str> = YEAR.iter().map(|report| report.description.as_str()).collect();
    let distinct = texts.len() as f64 / YEAR.len() as f64;
    assert!(0.97 < distinct, "{distinct} of the texts are distinct");
    for report in &*YEAR {
        let text = &report.description;
        assert!(!text.contains(['{', '}', '|', '=']) && 6 < text.chars().count(), "{text}");
        let longest = text.split(|c: char| !c.is_ascii_digit()).map(str::len).max().unwrap_or(0);
        assert!(longest < 6, "a number as long as a telephone's: {text}");
        for word in ["身份证", "电话号码", "手机号", "姓名", "先生", "女士"] {
            assert!(!text.contains(word), "{text}");
        }
        assert!(report.location.is_some() || report.address.is_some(), "{report:?}");
    }
}

#[test]
fn repeats_are_of_the_same_matter_at_the_same_place() {
    let by_number: HashMap<(NaiveDate, u32), &Report> =
        YEAR.iter().map(|report| ((report.day, report.number), report)).collect();
    let mut repeats = 0;
    for report in &*YEAR {
        if let Some(number) = report.truth.repeats {
            let first = by_number[&(report.day, number)];
            assert!(number < report.number && first.truth.repeats.is_none());
            assert_eq!((report.category, report.truth.point), (first.category, first.truth.point));
            repeats += 1;
        }
    }
    let share = f64::from(repeats) / YEAR.len() as f64;
    assert!((0.02..0.06).contains(&share), "{share}");
}
