//! Grid workers 网格员: who is on shift when, and who covers which grid.

use chrono::{DateTime, Datelike as _, FixedOffset, NaiveTime, TimeDelta, Timelike as _, Utc};
use serde::{Deserialize, Serialize};

const DAY_S: i64 = 86_400;
const WEEK_S: i64 = 7 * DAY_S;

/// The city's clock: UTC+8 all year round.
pub const CITY_TIME: FixedOffset =
    FixedOffset::east_opt(8 * 3600).expect("eight hours are within a day");

/// What a worker is to a grid; the first on shift is asked first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// 主责网格员.
    Primary,
    /// 副网格员.
    Deputy,
    /// 辅助人员.
    Helper,
}

impl Role {
    /// All roles, the first asked first.
    pub const ALL: [Self; 3] = [Self::Primary, Self::Deputy, Self::Helper];

    /// The name in the database and on the wire.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Primary => "primary",
            Self::Deputy => "deputy",
            Self::Helper => "helper",
        }
    }

    /// The role of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.name() == name)
    }
}

/// One weekly stretch of duty, in the city's time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Shift {
    /// Seconds from Monday 00:00 to its start; below one week.
    start_s: i64,
    /// Its length in seconds; above zero, at most one day.
    length_s: i64,
}

impl Shift {
    /// The shift that begins on `iso_weekday` (1 is Monday) at `starts_at`. One that ends at or before its start ends on
    /// the next day. `None` when there is no such weekday.
    pub fn new(iso_weekday: i16, starts_at: NaiveTime, ends_at: NaiveTime) -> Option<Self> {
        if !(1..=7).contains(&iso_weekday) {
            return None;
        }
        let second = |time: NaiveTime| i64::from(time.num_seconds_from_midnight());
        let length_s = match (second(ends_at) - second(starts_at)).rem_euclid(DAY_S) {
            0 => DAY_S,
            length_s => length_s,
        };
        Some(Self { start_s: i64::from(iso_weekday - 1) * DAY_S + second(starts_at), length_s })
    }

    /// When this shift ends, if it is running at `at`; the start belongs to it, the end does not.
    pub fn running_until(&self, at: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let local = at.with_timezone(&CITY_TIME);
        let into_week_s = i64::from(local.weekday().num_days_from_monday()) * DAY_S
            + i64::from(local.num_seconds_from_midnight());
        let into_shift_s = (into_week_s - self.start_s).rem_euclid(WEEK_S);
        let left_s = self.length_s - into_shift_s;
        let whole_second = at - TimeDelta::nanoseconds(i64::from(at.timestamp_subsec_nanos()));
        (0 < left_s).then(|| whole_second + TimeDelta::seconds(left_s))
    }
}

/// When the last of the shifts running at `at` ends; `None` off duty.
pub fn on_shift_until(shifts: &[Shift], at: DateTime<Utc>) -> Option<DateTime<Utc>> {
    shifts.iter().filter_map(|shift| shift.running_until(at)).max()
}

#[cfg(test)]
mod tests {
    use chrono::TimeZone as _;
    use proptest::prelude::*;

    use super::*;

    fn time(hour: u32, minute: u32) -> NaiveTime {
        NaiveTime::from_hms_opt(hour, minute, 0).unwrap()
    }

    fn city(day: u32, hour: u32, minute: u32) -> DateTime<Utc> {
        // June 2026 begins on a Monday.
        CITY_TIME.with_ymd_and_hms(2026, 6, day, hour, minute, 0).unwrap().to_utc()
    }

    #[test]
    fn a_shift_runs_from_its_start_until_just_before_its_end() {
        let monday = Shift::new(1, time(8, 0), time(18, 0)).unwrap();
        assert_eq!(monday.running_until(city(1, 8, 0)), Some(city(1, 18, 0)));
        assert_eq!(monday.running_until(city(1, 17, 59)), Some(city(1, 18, 0)));
        assert_eq!(monday.running_until(city(1, 18, 0)), None);
        assert_eq!(monday.running_until(city(2, 9, 0)), None);
        assert_eq!(monday.running_until(city(8, 9, 0)), Some(city(8, 18, 0)));
    }

    #[test]
    fn a_night_shift_from_sunday_ends_on_monday() {
        let night = Shift::new(7, time(22, 0), time(6, 0)).unwrap();
        assert_eq!(night.running_until(city(7, 23, 0)), Some(city(8, 6, 0)));
        assert_eq!(night.running_until(city(8, 5, 59)), Some(city(8, 6, 0)));
        assert_eq!(night.running_until(city(8, 6, 0)), None);
    }

    #[test]
    fn equal_start_and_end_is_a_whole_day() {
        let day = Shift::new(3, time(0, 0), time(0, 0)).unwrap();
        assert_eq!(day.running_until(city(3, 0, 0)), Some(city(4, 0, 0)));
        assert_eq!(day.running_until(city(4, 0, 0)), None);
        assert!(Shift::new(0, time(0, 0), time(1, 0)).is_none());
    }

    proptest! {
        /// The oracle walks through the days by calendar instead of by remainders.
        #[test]
        fn running_agrees_with_the_calendar(
            weekday in 1i16..=7, start in 0u32..1440, end in 0u32..1440, minute in 0i64..40_000,
        ) {
            let (starts, ends) = (time(start / 60, start % 60), time(end / 60, end % 60));
            let at = city(3, 0, 0) + TimeDelta::minutes(minute);
            let local = at.with_timezone(&CITY_TIME).naive_local();
            let expected = (0..=1).find_map(|days_ago| {
                let day = local.date() - TimeDelta::days(days_ago);
                if i64::from(day.weekday().number_from_monday()) != i64::from(weekday) {
                    return None;
                }
                let from = day.and_time(starts);
                let to = if ends <= starts { day.succ_opt()?.and_time(ends) } else { day.and_time(ends) };
                (from <= local && local < to)
                    .then(|| to.and_local_timezone(CITY_TIME).unwrap().to_utc())
            });
            let shift = Shift::new(weekday, starts, ends).unwrap();
            prop_assert_eq!(shift.running_until(at), expected);
        }
    }
}
