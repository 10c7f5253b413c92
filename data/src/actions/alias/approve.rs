//! An alias is read from now on (or from its time on), on every node within a second.

use chrono::{DateTime, Utc};

use super::{Actor, begin, contradiction, finish, in_micros};
use crate::domain::alias::{Alias, AliasAction};
use crate::domain::id::AliasId;
use crate::error::{DataError, Result};
use crate::store::Store;

/// Approves a proposed alias.
///
/// # Errors
/// [`DataError::NotFound`], [`DataError::Forbidden`], and [`DataError::Conflict`] when it is not proposed, its time is over,
/// or its text got another meaning.
pub async fn approve(
    store: &Store,
    id: AliasId,
    actor: &Actor,
    reason: &str,
    now: DateTime<Utc>,
) -> Result<Alias> {
    let now = in_micros(now);
    let action = AliasAction::Approve;
    let (mut transaction, mut alias, after) = begin(store, id, actor, action).await?;
    if let Some(until) = alias.valid_to.filter(|until| *until <= now) {
        return Err(DataError::Conflict(format!("the time of alias {id} was over at {until}")));
    }
    let before = alias.state;
    alias.state = after;
    alias.valid_from = alias.valid_from.max(now);
    if let Some(rival) = transaction.rival(&alias).await? {
        return Err(contradiction(&rival));
    }
    finish(transaction, before, alias, action, actor, reason, now).await
}
