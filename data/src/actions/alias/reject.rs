//! A proposed alias is refused, with the reason.

use chrono::{DateTime, Utc};

use super::{Actor, begin, finish, in_micros};
use crate::domain::alias::{Alias, AliasAction};
use crate::domain::id::AliasId;
use crate::error::Result;
use crate::store::Store;

/// Rejects a proposed alias.
///
/// # Errors
/// [`crate::DataError::NotFound`], [`crate::DataError::Forbidden`], and [`crate::DataError::Conflict`] when it is not
/// proposed.
pub async fn reject(
    store: &Store,
    id: AliasId,
    actor: &Actor,
    reason: &str,
    now: DateTime<Utc>,
) -> Result<Alias> {
    let action = AliasAction::Reject;
    let (transaction, mut alias, after) = begin(store, id, actor, action).await?;
    let before = alias.state;
    alias.state = after;
    finish(transaction, before, alias, action, actor, reason, in_micros(now)).await
}
