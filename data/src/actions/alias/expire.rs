//! An alias is read no more: somebody ends it, or its time is over.

use chrono::{DateTime, TimeDelta, Utc};

use super::{Actor, begin, finish, in_micros};
use crate::domain::alias::{Alias, AliasAction};
use crate::domain::id::AliasId;
use crate::error::{DataError, Result};
use crate::store::{Scope, Store};

/// Ends an alias now.
///
/// # Errors
/// [`DataError::NotFound`], [`DataError::Forbidden`], and [`DataError::Conflict`] when it has ended before.
pub async fn expire(
    store: &Store,
    id: AliasId,
    actor: &Actor,
    reason: &str,
    now: DateTime<Utc>,
) -> Result<Alias> {
    let now = in_micros(now);
    let action = AliasAction::Expire;
    let (transaction, mut alias, after) = begin(store, id, actor, action).await?;
    let before = alias.state;
    alias.state = after;
    // One that was to begin later keeps a moment of its own, in which nothing is read.
    let end = now.max(alias.valid_from + TimeDelta::microseconds(1));
    alias.valid_to = Some(alias.valid_to.map_or(end, |until| until.min(end)));
    finish(transaction, before, alias, action, actor, reason, now).await
}

/// Ends every alias whose time is over; nobody has read it since then. Gives back how many.
///
/// # Errors
/// [`DataError::Database`].
pub async fn expire_overdue(store: &Store, now: DateTime<Utc>) -> Result<usize> {
    let rule = Actor { name: "rule".to_owned(), scope: Scope::whole() };
    let mut ended = 0;
    for (id, _) in store.alias_overdue().await? {
        match expire(store, id, &rule, "its time is over", now).await {
            Ok(_) => ended += 1,
            // Another node was faster.
            Err(DataError::Conflict(_)) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(ended)
}
