use chrono::NaiveDate;

use super::super::Life;
use super::super::tests::city;
use super::*;

const NEVER: &str = "2030-01-01T00:00:00Z";

fn at(text: &str) -> DateTime<Utc> {
    DateTime::parse_from_rfc3339(text).unwrap().to_utc()
}

fn reports() -> Vec<Report> {
    let life = Life::of_people(city(), 4, 60_000).unwrap();
    let day = |text: &str| text.parse::<NaiveDate>().unwrap();
    life.between(day("2026-04-01"), day("2026-06-15")).collect()
}

fn frame(until: &str) -> Frame {
    Frame { accept_minutes: 120, handle_minutes: 1440, until: at(until) }
}

#[test]
fn every_course_follows_the_state_table_in_time() {
    for report in reports() {
        let steps = course(&report, &frame(NEVER), 4);
        assert_eq!(steps[0].at, report.at);
        let mut before = None;
        for step in &steps {
            assert_eq!(step.from, before);
            assert_eq!(after(before, step.action, step.role), Ok(step.to));
            before = Some(step.to);
        }
        assert!(steps.windows(2).all(|pair| pair[0].at <= pair[1].at));
        // In the end everything is over.
        assert!(!steps.last().unwrap().to.is_open(), "{steps:?}");
    }
}

#[test]
fn the_present_cuts_a_course_off_and_changes_nothing_before() {
    let (now, mut open) = ("2026-06-14T04:00:00Z", 0);
    for report in reports().into_iter().filter(|report| report.at <= at(now)) {
        let (whole, cut) = (course(&report, &frame(NEVER), 4), course(&report, &frame(now), 4));
        assert_eq!(cut[..], whole[..cut.len()]);
        assert!(cut.iter().all(|step| step.at <= at(now)));
        assert!(whole[cut.len()..].iter().all(|step| at(now) < step.at));
        let last = cut.last().unwrap();
        assert_eq!(closed_at(&cut).is_none(), last.to.is_open());
        open += u32::from(last.to.is_open());
    }
    assert!(0 < open, "nothing is open today");
}

#[test]
fn limits_are_mostly_kept_and_most_is_solved_where_it_happened() {
    let (mut kept, mut handled, mut higher, mut all) = (0.0, 0.0, 0.0, 0.0);
    for report in reports() {
        let steps = course(&report, &frame(NEVER), 4);
        let first = steps.iter().find(|step| step.action == Action::Handle);
        all += f64::from(u8::from(first.is_some()));
        higher += f64::from(u8::from(steps.iter().any(|step| step.level.is_some())));
        if let Some(first) = first {
            handled += 1.0;
            kept += f64::from(u8::from(first.at <= report.at + TimeDelta::minutes(1440)));
        }
    }
    assert!((0.70..0.97).contains(&(kept / handled)), "{}", kept / handled);
    // Stated: 8.67 % go to a higher level.
    let share: f64 = higher / all;
    let sigma = (0.0867_f64 * 0.9133 / all).sqrt();
    assert!((share - 0.0867).abs() < 4.0 * sigma, "{share}");
}
