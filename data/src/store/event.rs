//! The log of an incident, read back to be shown and checked.

use chrono::{DateTime, Utc};

use super::{Store, broken};
use crate::domain::event::Event;
use crate::domain::id::IncidentId;
use crate::domain::lifecycle::{Action, State};
use crate::error::Result;

impl Store {
    /// All events of an incident with their stored hashes, in order.
    pub async fn event_list(&self, incident_id: IncidentId) -> Result<Vec<(Event, Vec<u8>)>> {
        type Row = (i32, String, Option<String>, String, String, String, DateTime<Utc>, Vec<u8>);
        let rows: Vec<Row> = sqlx::query_as(
            "select ordinal, action, from_state, to_state, actor, reason, occurred_at, hash
             from incident_event
             where incident_id = $1
             order by ordinal",
        )
        .bind(incident_id.0)
        .fetch_all(&self.pool)
        .await?;
        let state = |name: &str| State::named(name).ok_or_else(|| broken("state", name));
        rows.into_iter()
            .map(|(ordinal, action, from_state, to_state, actor, reason, occurred_at, hash)| {
                let event = Event {
                    incident_id,
                    ordinal,
                    action: Action::named(&action).ok_or_else(|| broken("action", &action))?,
                    from_state: from_state.as_deref().map(state).transpose()?,
                    to_state: state(&to_state)?,
                    actor,
                    reason,
                    occurred_at,
                };
                Ok((event, hash))
            })
            .collect()
    }
}
