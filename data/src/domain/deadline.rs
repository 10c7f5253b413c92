//! Deadlines 时限: two clocks start with an incident. Minutes are wall-clock minutes.

use chrono::{DateTime, TimeDelta, Utc};

use super::category::Category;

/// When an incident must be accepted and when it must be handled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deadlines {
    /// Counts from the moment the holder was told: nobody can accept what has not arrived.
    pub accept_due_at: DateTime<Utc>,
    /// Counts from the event, however long it was on its way to us.
    pub due_at: DateTime<Utc>,
}

impl Deadlines {
    /// The deadlines of an incident of `category` told at `reported_at` that reached us at `received_at`.
    pub fn of(category: &Category, reported_at: DateTime<Utc>, received_at: DateTime<Utc>) -> Self {
        Self {
            accept_due_at: received_at + TimeDelta::minutes(category.accept_minutes.into()),
            due_at: reported_at + TimeDelta::minutes(category.handle_minutes.into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_late_message_leaves_less_time_to_handle_but_all_the_time_to_accept() {
        let category = Category {
            code: "0203".to_owned(),
            name: "井盖缺失".to_owned(),
            parent_code: None,
            accept_minutes: 30,
            handle_minutes: 120,
            counted_only: false,
            special_first: false,
        };
        let reported_at = DateTime::from_timestamp(1_780_000_000, 0).unwrap();
        let received_at = reported_at + TimeDelta::minutes(100);
        let deadlines = Deadlines::of(&category, reported_at, received_at);
        assert_eq!(deadlines.due_at - received_at, TimeDelta::minutes(20));
        assert_eq!(deadlines.accept_due_at - received_at, TimeDelta::minutes(30));
    }
}
