//! What is wrong with a report, all at once.

use chrono::{DateTime, DurationRound as _, TimeDelta, Utc};
use spatial::lattice::LatticePoint;

use super::Told;
use crate::actions::locate::on_lattice;
use crate::domain::category::Category;
use crate::error::Fault;
use crate::routing::Duty;

/// Clocks of phones run ahead of ours: up to this much is taken for now.
const EARLIEST_FUTURE: TimeDelta = TimeDelta::minutes(5);
const OLDEST: TimeDelta = TimeDelta::days(366);

/// A report without faults.
#[derive(Clone, Debug)]
pub(super) struct Checked {
    /// Where, by coordinate.
    pub(super) point: Option<LatticePoint>,
    /// Where, by address; not blank.
    pub(super) address: Option<String>,
    /// When it was told, in whole microseconds; never later than it arrived.
    pub(super) reported_at: DateTime<Utc>,
    /// What it is about.
    pub(super) category: Category,
}

/// Judges a report that arrived at `now`.
pub(super) fn check(told: &Told, duty: &Duty, now: DateTime<Utc>) -> Result<Checked, Vec<Fault>> {
    let report = &told.report;
    let mut faults = Vec::new();
    text(&mut faults, "/idempotency_key", Some(&told.key), 255);
    text(&mut faults, "/description", Some(&report.description), 10_000);
    text(&mut faults, "/source_id", report.source_id.as_ref(), 200);
    let address = report.address.as_ref().filter(|address| !address.trim().is_empty());
    text(&mut faults, "/address", address, 500);
    let category = duty.category(&report.category);
    if category.is_none() {
        let why = format!("there is no category {:?}", report.category);
        faults.push(Fault::at("/category", why));
    }
    let point = report.location.map(on_lattice).transpose().unwrap_or_else(|why| {
        faults.push(Fault::at("/location", why));
        None
    });
    if report.location.is_none() && address.is_none() {
        faults.push(Fault::at("", "neither location nor address is given"));
    }
    let reported_at = report.reported_at.unwrap_or(now);
    if now + EARLIEST_FUTURE < reported_at {
        let why = format!("{reported_at} is in the future, it is {now}");
        faults.push(Fault::at("/reported_at", why));
    }
    if reported_at < now - OLDEST {
        faults.push(Fault::at("/reported_at", format!("{reported_at} is more than a year ago")));
    }
    match category {
        Some(category) if faults.is_empty() => Ok(Checked {
            point,
            address: address.cloned(),
            reported_at: whole_microseconds(reported_at.min(now)),
            category: category.clone(),
        }),
        _ => Err(faults),
    }
}

/// What the database keeps.
fn whole_microseconds(at: DateTime<Utc>) -> DateTime<Utc> {
    at.duration_trunc(TimeDelta::microseconds(1)).unwrap_or(at)
}

/// A text must not be blank, too long or hold what the database cannot keep.
fn text(faults: &mut Vec<Fault>, pointer: &str, text: Option<&String>, most_chars: usize) {
    let Some(text) = text else { return };
    if text.trim().is_empty() {
        faults.push(Fault::at(pointer, format!("{text:?} is blank")));
    }
    let chars = text.chars().count();
    if chars > most_chars {
        faults.push(Fault::at(pointer, format!("{chars} characters are more than {most_chars}")));
    }
    if text.contains('\0') {
        faults.push(Fault::at(pointer, "it contains the character U+0000"));
    }
}
