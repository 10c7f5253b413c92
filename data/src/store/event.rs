//! Logs of what was done, read back to be shown and checked.

use chrono::{DateTime, Utc};

use super::{Store, broken};
use crate::domain::event::Event;
use crate::domain::id::IncidentId;
use crate::domain::lifecycle::{Action, State};
use crate::error::Result;

/// A line of a log.
#[derive(Debug)]
pub(super) struct LogLine<A, S> {
    pub(super) ordinal: i32,
    pub(super) action: A,
    pub(super) from_state: Option<S>,
    pub(super) to_state: S,
    pub(super) actor: String,
    pub(super) reason: String,
    pub(super) occurred_at: DateTime<Utc>,
}

/// Actions and states by their names.
type Names<A, S> = (fn(&str) -> Option<A>, fn(&str) -> Option<S>);

impl Store {
    /// All events of an incident with their stored hashes, in order.
    pub async fn event_list(&self, incident_id: IncidentId) -> Result<Vec<(Event, Vec<u8>)>> {
        let names = (Action::named as fn(&str) -> _, State::named as fn(&str) -> _);
        let lines = self.log_lines("incident", incident_id.0, names).await?;
        let event = |line: LogLine<Action, State>| Event {
            incident_id,
            ordinal: line.ordinal,
            action: line.action,
            from_state: line.from_state,
            to_state: line.to_state,
            actor: line.actor,
            reason: line.reason,
            occurred_at: line.occurred_at,
        };
        Ok(lines.into_iter().map(|(line, hash)| (event(line), hash)).collect())
    }

    /// The log of a `thing` in order, with the stored hashes; its actions and states by their names.
    pub(super) async fn log_lines<A, S>(
        &self,
        thing: &str,
        id: i64,
        (action_named, state_named): Names<A, S>,
    ) -> Result<Vec<(LogLine<A, S>, Vec<u8>)>> {
        type Row = (i32, String, Option<String>, String, String, String, DateTime<Utc>, Vec<u8>);
        let rows: Vec<Row> = sqlx::query_as(&format!(
            "select ordinal, action, from_state, to_state, actor, reason, occurred_at, hash
             from {thing}_event
             where {thing}_id = $1
             order by ordinal"
        ))
        .bind(id)
        .fetch_all(&self.pool)
        .await?;
        let state = |name: &str| state_named(name).ok_or_else(|| broken("state", name));
        rows.into_iter()
            .map(|(ordinal, action, from_state, to_state, actor, reason, occurred_at, hash)| {
                let line = LogLine {
                    ordinal,
                    action: action_named(&action).ok_or_else(|| broken("action", &action))?,
                    from_state: from_state.as_deref().map(state).transpose()?,
                    to_state: state(&to_state)?,
                    actor,
                    reason,
                    occurred_at,
                };
                Ok((line, hash))
            })
            .collect()
    }
}
