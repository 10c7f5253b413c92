//! What people call a place: somebody proposes it, somebody approves or rejects it, its time ends.
//!
//! Each act is one transaction: the alias, a line in its log, and word to all nodes. Two acts on one text wait for each
//! other, so that a word never gets two meanings.

pub mod approve;
pub mod expire;
pub mod propose;
pub mod reject;

use chrono::{DateTime, DurationRound as _, TimeDelta, Utc};

use crate::domain::alias::{Alias, AliasAction, AliasEvent, AliasState};
use crate::domain::id::AliasId;
use crate::error::{DataError, Result};
use crate::store::{AliasTransaction, Scope, Store};

/// Who acts, and on whose behalf.
#[derive(Clone, Debug)]
pub struct Actor {
    /// Such as `api_key:3`, or `rule`.
    pub name: String,
    /// The area in their sight.
    pub scope: Scope,
}

/// Whether a caller of this scope may know of an alias: it is said in their area, around it, or in the whole city.
pub fn is_in_sight(scope: &Scope, alias: &Alias) -> bool {
    let around = |area: &str| area.starts_with(&alias.scope_code);
    scope.sees(&alias.scope_path) || scope.code().is_some_and(around)
}

/// The alias an act is on, locked, with the state it is in after the act.
async fn begin(
    store: &Store,
    id: AliasId,
    actor: &Actor,
    action: AliasAction,
) -> Result<(AliasTransaction, Alias, AliasState)> {
    let known = store.alias_view(id).await?;
    if !is_in_sight(&actor.scope, &known) {
        return Err(DataError::NotFound { what: "alias", id: id.to_string() });
    }
    let mut transaction = store.alias_begin(&known.normal).await?;
    let alias = transaction.view(id).await?;
    if !actor.scope.sees(&alias.scope_path) {
        let why = "this alias is said in a wider area than that of the key";
        return Err(DataError::Forbidden(why.to_owned()));
    }
    let Some(after) = alias.state.after(action) else {
        let (state, action) = (alias.state.name(), action.name());
        return Err(DataError::Conflict(format!(
            "alias {id} is {state}: {action} is not possible"
        )));
    };
    Ok((transaction, alias, after))
}

/// Writes what was decided, with its line in the log.
async fn finish(
    mut transaction: AliasTransaction,
    before: AliasState,
    mut alias: Alias,
    action: AliasAction,
    actor: &Actor,
    reason: &str,
    now: DateTime<Utc>,
) -> Result<Alias> {
    alias.decided_by = Some(actor.name.clone());
    alias.decided_at = Some(now);
    transaction.update(&alias).await?;
    let event = AliasEvent {
        alias_id: alias.alias_id,
        ordinal: 0,
        action,
        from_state: Some(before),
        to_state: alias.state,
        actor: actor.name.clone(),
        reason: reason.to_owned(),
        occurred_at: now,
    };
    transaction.log(&alias, event).await?;
    transaction.commit().await?;
    Ok(alias)
}

/// What the database keeps of a time.
fn in_micros(at: DateTime<Utc>) -> DateTime<Utc> {
    at.duration_trunc(TimeDelta::microseconds(1)).unwrap_or(at)
}

/// Two meanings of one word.
fn contradiction(rival: &Alias) -> DataError {
    let until = rival.valid_to.map_or_else(String::new, |at| format!(" until {at}"));
    DataError::Conflict(format!(
        "{:?} stands for {:?} already there (alias {}, {}{until})",
        rival.text,
        rival.target_text,
        rival.alias_id,
        rival.state.name()
    ))
}
