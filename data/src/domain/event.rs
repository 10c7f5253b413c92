//! The log of an incident 流转记录: append-only, each row's hash covers its content and the row before it, so a changed,
//! missing or swapped row shows.

use chrono::{DateTime, Utc};
use sha2::{Digest as _, Sha256};

use super::id::IncidentId;
use super::lifecycle::{Action, State};

/// What `actor` did to an incident at `occurred_at`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// On which incident.
    pub incident_id: IncidentId,
    /// Its place in the incident's log, from 1.
    pub ordinal: i32,
    /// What was done.
    pub action: Action,
    /// The state before; none before the first.
    pub from_state: Option<State>,
    /// The state after.
    pub to_state: State,
    /// Who did it, such as `api_key:3` or `rule`.
    pub actor: String,
    /// Why, in words.
    pub reason: String,
    /// When, in whole microseconds: what the database keeps.
    pub occurred_at: DateTime<Utc>,
}

impl Event {
    /// SHA-256 over the hash of the event before (none before the first) and this one's canonical form.
    ///
    /// Canonical form: the fields in the order of the struct, each as its length in bytes (big-endian `u32`) followed by
    /// its UTF-8 text; numbers in decimal, no state as the empty text, the time as microseconds since 1970 in decimal.
    pub fn hash(&self, previous: Option<&[u8; 32]>) -> [u8; 32] {
        let fields: [&str; 8] = [
            &self.incident_id.to_string(),
            &self.ordinal.to_string(),
            self.action.name(),
            self.from_state.map_or("", State::name),
            self.to_state.name(),
            &self.actor,
            &self.reason,
            &self.occurred_at.timestamp_micros().to_string(),
        ];
        chained(previous.map(<[u8; 32]>::as_slice), &fields)
    }
}

/// SHA-256 over the hash before and fields in canonical form, for every log that must show a change.
pub(super) fn chained(previous: Option<&[u8]>, fields: &[&str]) -> [u8; 32] {
    let mut sha = Sha256::new();
    if let Some(previous) = previous {
        sha.update(previous);
    }
    for field in fields {
        // No text in the database comes near 4 GB.
        sha.update((field.len() as u32).to_be_bytes());
        sha.update(field);
    }
    sha.finalize().into()
}

/// The ordinal of the first event whose stored hash is not what its content says, if any.
pub fn first_broken(log: &[(Event, Vec<u8>)]) -> Option<i32> {
    let mut previous = None;
    for (at, (event, stored)) in (1..).zip(log) {
        let hash = event.hash(previous.as_ref());
        if event.ordinal != at || hash.as_slice() != stored.as_slice() {
            return Some(at);
        }
        previous = Some(hash);
    }
    None
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn log() -> Vec<(Event, Vec<u8>)> {
        let steps = [
            (Action::Report, None, State::Received),
            (Action::Register, Some(State::Received), State::Filed),
            (Action::Dispatch, Some(State::Filed), State::Dispatched),
        ];
        let mut previous: Option<[u8; 32]> = None;
        (1..)
            .zip(steps)
            .map(|(ordinal, (action, from_state, to_state))| {
                let event = Event {
                    incident_id: IncidentId(7),
                    ordinal,
                    action,
                    from_state,
                    to_state,
                    actor: "rule".to_owned(),
                    reason: "缺井盖".to_owned(),
                    occurred_at: DateTime::from_timestamp_micros(1_780_000_000_000_001).unwrap(),
                };
                let hash = event.hash(previous.as_ref());
                previous = Some(hash);
                (event, hash.to_vec())
            })
            .collect()
    }

    #[test]
    fn an_untouched_log_holds_and_a_missing_or_swapped_row_shows() {
        assert_eq!(first_broken(&log()), None);
        let mut missing = log();
        missing.remove(1);
        assert_eq!(first_broken(&missing), Some(2));
        let mut swapped = log();
        swapped.swap(1, 2);
        assert_eq!(first_broken(&swapped), Some(2));
    }

    #[test]
    fn the_canonical_form_stays_what_it_was() {
        // Computed by another program from the description above.
        let hash = hex::encode(&log()[2].1);
        assert_eq!(hash, "c46c4240adc2fda134dbedee5495def50731922934a9914927888ef5adcfe75f");
    }

    proptest! {
        #[test]
        fn any_change_of_any_row_shows(
            row in 0usize..3, actor in "[a-z:0-9]{0,8}", reason in ".{0,8}", micros in 0i64..1_000_000,
        ) {
            let mut changed = log();
            let event = &mut changed[row].0;
            let before = event.clone();
            event.actor = actor;
            event.reason = reason;
            event.occurred_at = DateTime::from_timestamp_micros(micros).unwrap();
            prop_assume!(*event != before);
            prop_assert_eq!(first_broken(&changed), Some(row as i32 + 1));
        }

        /// Lengths keep text from moving between neighbouring fields unnoticed.
        #[test]
        fn moving_text_from_one_field_to_the_next_shows(left in ".{0,6}", right in ".{1,6}") {
            let mut event = log()[0].0.clone();
            (event.actor, event.reason) = (left.clone(), right.clone());
            let whole = event.hash(None);
            (event.actor, event.reason) = (format!("{left}{right}"), String::new());
            prop_assert_ne!(event.hash(None), whole);
        }
    }
}
