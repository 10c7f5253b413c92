//! What goes on with aliases by itself: it is counted how often they are read in a text, and they end when their time is over.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use chrono::Utc;

use crate::actions::alias::expire::expire_overdue;
use crate::domain::id::AliasId;
use crate::error::Result;
use crate::store::Store;

/// Counters are written this often: a word that everybody says must not become a row that everybody waits for.
const COUNT_EVERY: Duration = Duration::from_secs(2);
const LOOK_FOR_OVERDUE_EVERY: u32 = 5;

/// Counts which aliases were read; one per process.
#[derive(Debug)]
pub struct AliasHits {
    store: Store,
    hits: Mutex<HashMap<AliasId, i64>>,
}

impl AliasHits {
    /// Nothing has been counted yet.
    pub fn new(store: Store) -> Self {
        Self { store, hits: Mutex::default() }
    }

    /// Counts that these aliases were read.
    pub fn count(&self, read: impl Iterator<Item = AliasId>) {
        let mut hits = self.hits.lock().unwrap_or_else(PoisonError::into_inner);
        for id in read {
            *hits.entry(id).or_default() += 1;
        }
    }

    /// Writes counters and ends what is over, until the task is aborted.
    pub async fn keep(self: Arc<Self>) {
        for round in 1u32.. {
            tokio::time::sleep(COUNT_EVERY).await;
            if let Err(error) = self.write().await {
                tracing::warn!(%error, "hits of aliases are not counted yet");
            }
            if round.is_multiple_of(LOOK_FOR_OVERDUE_EVERY)
                && let Err(error) = expire_overdue(&self.store, Utc::now()).await
            {
                tracing::warn!(%error, "aliases whose time is over do not say so yet");
            }
        }
    }

    /// Writes the counters; what cannot be written is counted later.
    ///
    /// # Errors
    /// [`crate::DataError::Database`].
    pub async fn write(&self) -> Result<()> {
        let hits = {
            let mut hits = self.hits.lock().unwrap_or_else(PoisonError::into_inner);
            std::mem::take(&mut *hits)
        };
        if hits.is_empty() {
            return Ok(());
        }
        let written = self.store.alias_count(&hits).await;
        if written.is_err() {
            let mut waiting = self.hits.lock().unwrap_or_else(PoisonError::into_inner);
            for (id, count) in hits {
                *waiting.entry(id).or_default() += count;
            }
        }
        written
    }
}
