//! Workers and their shifts; incidents and their times.

use chrono::{NaiveTime, TimeZone, Utc};
use serde_json::{Map, Value, json};
use spatial::crs::Crs;

use crate::domain::lifecycle::State;
use crate::import::incidents;
use crate::import::mapping::Mapping;
use crate::import::source::Feature;
use crate::import::workers::parse_shifts;

fn days_and_hours(text: &str) -> Vec<(i16, String)> {
    parse_shifts(text)
        .unwrap_or_else(|why| unreachable!("{why}"))
        .into_iter()
        .map(|s| {
            (
                s.iso_weekday,
                format!("{}-{}", s.starts_at.format("%H:%M"), s.ends_at.format("%H:%M")),
            )
        })
        .collect()
}

#[test]
fn a_pattern_reads_the_same_in_english_and_chinese() {
    let english = days_and_hours("1-5 08:00-18:00; 6,7 09:00-12:00");
    assert_eq!(english, days_and_hours("周一至周五 8:00～18:00；周六、周日 9：00—12：00"));
    assert_eq!(english.len(), 7);
    assert_eq!(english[0], (1, "08:00-18:00".to_owned()));
    assert_eq!(english[6], (7, "09:00-12:00".to_owned()));
    assert_eq!(days_and_hours("22:00-06:00").len(), 7, "no days are all days");
    let whole = parse_shifts("24小时").unwrap();
    assert!(
        whole.len() == 7
            && whole.iter().all(|s| s.starts_at == NaiveTime::MIN && s.ends_at == s.starts_at)
    );
}

#[test]
fn what_is_no_pattern_is_refused() {
    for text in [
        "weekdays",
        "1-5",
        "5-1 08:00-18:00",
        "1-5 08:00",
        "8 08:00-18:00",
        "1-5 25:00-26:00",
        "周八 8:00-9:00",
    ] {
        assert!(parse_shifts(text).is_err(), "{text:?} was read as {:?}", parse_shifts(text));
    }
}

fn incident(properties: Value) -> Result<incidents::Past, String> {
    let Value::Object(members) = properties else { return Err("an object".to_owned()) };
    let mut all: Map<String, Value> = Map::new();
    all.insert("category".to_owned(), "0203".into());
    all.insert("description".to_owned(), "缺井盖".into());
    all.extend(members);
    let mut mapping = Mapping::new(incidents::FIELDS, &[]).map_err(|error| error.to_string())?;
    let now = Utc.with_ymd_and_hms(2026, 7, 26, 12, 0, 0).unwrap();
    let feature = Feature { row: 2, shape: None, properties: all };
    incidents::read(Ok(feature), Crs::Wgs84, &mut mapping, now).map_err(|refusal| refusal.reason)
}

#[test]
fn times_without_a_zone_are_the_citys() {
    let at = Utc.with_ymd_and_hms(2026, 7, 25, 22, 30, 0).unwrap();
    for text in [
        "2026-07-26 06:30:00",
        "2026/07/26 06:30",
        "2026-07-25T22:30:00Z",
        "2026-07-26T06:30:00+08:00",
    ] {
        assert_eq!(incident(json!({"上报时间": text})).unwrap().reported_at, at, "{text}");
    }
    let midnight = Utc.with_ymd_and_hms(2026, 7, 25, 16, 0, 0).unwrap();
    assert_eq!(incident(json!({"reported_at": "2026年07月26日"})).unwrap().reported_at, midnight);
}

#[test]
fn times_that_cannot_be_are_refused() {
    for (row, reason) in [
        (json!({"reported_at": "yesterday"}), "no time"),
        (json!({"reported_at": "2026-07-27"}), "future"),
        (json!({"reported_at": "1999-12-31"}), "before the year 2000"),
        (json!({"reported_at": "2026-07-25", "closed_at": "2026-07-24"}), "closed before"),
        (json!({"reported_at": "2026-07-25", "state": "somewhere"}), "state"),
        (json!({}), "reported_at is missing"),
    ] {
        let why = incident(row).unwrap_err();
        assert!(why.contains(reason), "{why} does not say {reason:?}");
    }
}

#[test]
fn what_says_nothing_is_closed_and_told_apart_by_what_it_says() {
    let one = incident(json!({"reported_at": "2026-07-25"})).unwrap();
    assert_eq!((one.state, one.closed_at), (State::Closed, Some(one.reported_at)));
    assert_eq!(one, incident(json!({"reported_at": "2026-07-25"})).unwrap());
    let other = incident(json!({"reported_at": "2026-07-25", "description": "缺路灯"})).unwrap();
    assert_ne!(one.source_id, other.source_id);
    let open = incident(json!({"reported_at": "2026-07-25", "状态": "办理中"})).unwrap();
    assert_eq!((open.state, open.closed_at), (State::Handling, None));
}
