//! Times and states in the words of other systems.

use chrono::{DateTime, NaiveDate, NaiveDateTime, TimeZone, Utc};

use crate::domain::grid_worker::CITY_TIME;
use crate::domain::lifecycle::State;

const FORMS: [&str; 6] = [
    "%Y-%m-%d %H:%M:%S%.f",
    "%Y-%m-%dT%H:%M:%S%.f",
    "%Y/%m/%d %H:%M:%S",
    "%Y-%m-%d %H:%M",
    "%Y/%m/%d %H:%M",
    "%Y年%m月%d日 %H:%M:%S",
];

/// A time in one of the usual forms; without a zone it is the city's.
pub fn parse_time(text: &str) -> Option<DateTime<Utc>> {
    if let Ok(at) = DateTime::parse_from_rfc3339(text) {
        return Some(at.to_utc());
    }
    let time = FORMS.iter().find_map(|form| NaiveDateTime::parse_from_str(text, form).ok());
    let day = || {
        ["%Y-%m-%d", "%Y/%m/%d", "%Y年%m月%d日"]
            .iter()
            .find_map(|form| NaiveDate::parse_from_str(text, form).ok())
            .and_then(|day| day.and_hms_opt(0, 0, 0))
    };
    CITY_TIME.from_local_datetime(&time.or_else(day)?).single().map(|at| at.to_utc())
}

/// The state that a word of another system means.
pub fn state(text: &str) -> Option<State> {
    State::named(text).or(match text {
        "办结" | "已办结" | "结案" | "已结案" | "已完成" | "完成" => {
            Some(State::Closed)
        }
        "归档" | "已归档" => Some(State::Archived),
        "受理" | "待受理" | "已受理" => Some(State::Received),
        "立案" | "已立案" | "待派遣" => Some(State::Filed),
        "派遣" | "已派遣" | "已派单" | "待处置" => Some(State::Dispatched),
        "签收" | "已签收" => Some(State::Accepted),
        "处置中" | "办理中" | "处理中" => Some(State::Handling),
        "已处置" | "待核查" => Some(State::Handled),
        "挂账" => Some(State::Suspended),
        "不予受理" | "不予立案" => Some(State::Rejected),
        "撤回" | "已撤回" => Some(State::Withdrawn),
        _ => None,
    })
}
