//! What became of a report: a course through the state table with plausible times, cut off at the present.
//!
//! Shares follow the public account where it has any: 0.36 % solved by the city, 2.47 % by a district, 5.84 % by a
//! township, the rest where it happened. Most matters keep their limits; some are sent back, redone, or wait.

use chrono::{DateTime, TimeDelta, Timelike, Utc};

use super::Report;
use crate::city::dice::Dice;
use crate::domain::grid_worker::CITY_TIME;
use crate::domain::incident::{Channel, WorkLevel};
use crate::domain::lifecycle::{Action, ActorRole, State, after};

/// One step of a course.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// What was done.
    pub action: Action,
    /// As whom.
    pub role: ActorRole,
    /// The state before; none before the first.
    pub from: Option<State>,
    /// The state after.
    pub to: State,
    /// When.
    pub at: DateTime<Utc>,
    /// The level the work goes on at from here, where it changes.
    pub level: Option<WorkLevel>,
    /// Why, in words.
    pub reason: &'static str,
}

/// What is known about the matter's limits, and the present.
#[derive(Clone, Copy, Debug)]
pub struct Frame {
    /// Within how many minutes it must be accepted.
    pub accept_minutes: i32,
    /// Within how many minutes it must be handled.
    pub handle_minutes: i32,
    /// Nothing later than this has happened yet.
    pub until: DateTime<Utc>,
}

/// The course of a report from its telling to the present; at least the telling.
pub fn course(report: &Report, frame: &Frame, seed: u64) -> Vec<Step> {
    let id = super::number_of(report.day) << 24 | u64::from(report.number);
    let mut walk = Walk {
        steps: Vec::with_capacity(9),
        now: report.at,
        dice: Dice::new(seed, "life-course", id),
        urgent: frame.handle_minutes <= 120,
    };
    walk.go(report, frame);
    let mut steps = walk.steps;
    // What would happen after the present has not happened.
    let happened = steps.partition_point(|step| step.at <= frame.until).max(1);
    steps.truncate(happened);
    steps
}

/// When the matter was over, if it is.
pub fn closed_at(steps: &[Step]) -> Option<DateTime<Utc>> {
    let last = steps.last()?;
    if last.to.is_open() {
        return None;
    }
    // Filing away what is closed does not close it again.
    let closing = steps.iter().rev().take_while(|step| !step.to.is_open()).last()?;
    Some(closing.at)
}

struct Walk {
    steps: Vec<Step>,
    now: DateTime<Utc>,
    dice: Dice,
    urgent: bool,
}

impl Walk {
    /// Does the next thing after so many minutes; a step that the table does not have is no step.
    fn step(&mut self, minutes: f64, action: Action, role: ActorRole, reason: &'static str) {
        let from = self.steps.last().map(|step| step.to);
        let Ok(to) = after(from, action, role) else { return };
        self.now += TimeDelta::seconds((minutes * 60.0) as i64);
        self.steps.push(Step { action, role, from, to, at: self.now, level: None, reason });
    }

    /// The same, but not at night: nobody works on what can wait.
    fn by_day(&mut self, minutes: f64, action: Action, role: ActorRole, reason: &'static str) {
        let at = self.now + TimeDelta::seconds((minutes * 60.0) as i64);
        let local = at.with_timezone(&CITY_TIME);
        let wait = match (self.urgent, local.hour()) {
            (false, hour @ 21..) => f64::from(24 - hour) * 60.0 + 480.0,
            (false, hour @ 0..=6) => f64::from(8 - hour) * 60.0,
            _ => 0.0,
        };
        let late = if 0.0 < wait { self.dice.between(0.0, 150.0) } else { 0.0 };
        self.step(minutes + wait + late, action, role, reason);
    }

    fn go(&mut self, report: &Report, frame: &Frame) {
        self.step(0.0, Action::Report, ActorRole::Reporter, "");
        if self.ends_at_the_seat(report) {
            return;
        }
        self.step(0.0, Action::Register, ActorRole::Rule, "located in an area");
        self.step(0.0, Action::Dispatch, ActorRole::Rule, "by roster");
        self.accepted(frame);
        if let Some((level, reason)) = self.higher() {
            self.step(30.0, Action::Escalate, ActorRole::Holder, reason);
            if let Some(last) = self.steps.last_mut() {
                last.level = Some(level);
            }
            self.accepted(frame);
        }
        self.handled(frame);
        self.closed();
    }

    /// What the seat answers, turns down or joins with another; or the reporter takes back.
    fn ends_at_the_seat(&mut self, report: &Report) -> bool {
        let asked = report.category == "0901";
        let share = self.dice.unit();
        let patrol = report.channel == Channel::GridPatrol;
        if asked && share < 0.7 {
            let minutes = self.dice.between(3.0, 40.0);
            self.step(minutes, Action::Answer, ActorRole::Seat, "answered from the knowledge base");
            let days = self.dice.between(1.0, 3.0);
            self.step(days * 1440.0, Action::Archive, ActorRole::System, "nobody objected");
        } else if report.truth.repeats.is_some() && share < 0.6 {
            let minutes = self.dice.between(2.0, 60.0);
            self.step(
                minutes,
                Action::MergeInto,
                ActorRole::Seat,
                "the same matter was told before",
            );
        } else if !patrol && share < 0.018 {
            let minutes = self.dice.between(5.0, 180.0);
            self.step(minutes, Action::Reject, ActorRole::Seat, "outside the service's competence");
        } else if !patrol && share < 0.026 {
            let minutes = self.dice.between(10.0, 300.0);
            self.step(minutes, Action::Withdraw, ActorRole::Reporter, "settled by itself");
        }
        1 < self.steps.len()
    }

    fn accepted(&mut self, frame: &Frame) {
        let limit = f64::from(frame.accept_minutes);
        if self.dice.chance(0.03) {
            let minutes = limit * self.dice.between(0.2, 0.8);
            self.step(
                minutes,
                Action::SendBack,
                ActorRole::Holder,
                "not in this grid's competence",
            );
            let minutes = self.dice.between(5.0, 60.0);
            self.step(minutes, Action::Dispatch, ActorRole::Dispatcher, "dispatched anew");
        }
        let share = if self.dice.chance(0.96) { (0.03, 0.85) } else { (1.0, 2.5) };
        let minutes = limit * self.dice.between(share.0, share.1);
        self.step(minutes, Action::Accept, ActorRole::Holder, "");
    }

    /// The level that takes over, if any.
    fn higher(&mut self) -> Option<(WorkLevel, &'static str)> {
        match self.dice.unit() {
            share if share < 0.0036 => Some((WorkLevel::City, "needs departments of the city")),
            share if share < 0.0283 => {
                Some((WorkLevel::District, "needs departments of the district"))
            }
            share if share < 0.0867 => Some((WorkLevel::Township, "beyond the community's means")),
            _ => None,
        }
    }

    fn handled(&mut self, frame: &Frame) {
        let limit = f64::from(frame.handle_minutes);
        let minutes = self.dice.between(5.0, 45.0);
        self.by_day(minutes, Action::Start, ActorRole::Holder, "on site");
        if self.dice.chance(0.15) {
            let minutes = limit * self.dice.between(0.02, 0.15);
            self.by_day(minutes, Action::Progress, ActorRole::Holder, "materials ordered");
        }
        if self.dice.chance(0.015) {
            self.by_day(30.0, Action::Suspend, ActorRole::Approver, "waits for a third party");
            let days = self.dice.between(2.0, 12.0);
            self.step(days * 1440.0, Action::Resume, ActorRole::Approver, "can go on");
        }
        let share = match self.dice.unit() {
            early if early < 0.70 => self.dice.between(0.03, 0.35),
            timely if timely < 0.94 => self.dice.between(0.35, 0.85),
            _ => self.dice.between(1.0, 2.6),
        };
        self.by_day(limit * share, Action::Handle, ActorRole::Holder, "handled");
        if self.dice.chance(0.04) {
            let minutes = self.dice.between(60.0, 900.0);
            self.by_day(minutes, Action::Rework, ActorRole::Verifier, "not in order yet");
            let minutes = limit * self.dice.between(0.1, 0.4);
            self.by_day(minutes, Action::Handle, ActorRole::Holder, "handled again");
        }
    }

    fn closed(&mut self) {
        let minutes = self.dice.between(30.0, 1500.0);
        self.by_day(minutes, Action::Close, ActorRole::Verifier, "verified");
        let days = self.dice.between(1.0, 3.0);
        self.step(days * 1440.0, Action::Archive, ActorRole::System, "visited or not reached");
    }
}

#[cfg(test)]
#[path = "history_tests.rs"]
mod tests;
