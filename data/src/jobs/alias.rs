//! The aliases of one node, in memory: read anew whenever the stream tells of one, counted when they are read in a text,
//! and ended when their time is over.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use arc_swap::ArcSwap;
use chrono::{DateTime, Utc};

use super::relay::{Stream, StreamEnd};
use crate::actions::alias::expire::expire_overdue;
use crate::domain::alias_book::{AliasBook, Rewritten};
use crate::domain::id::AliasId;
use crate::error::Result;
use crate::store::{Scope, Store};

const TRY_AGAIN_AFTER: Duration = Duration::from_secs(1);
/// Counters are written this often: a word that everybody says must not become a row that everybody waits for.
const COUNT_EVERY: Duration = Duration::from_secs(2);
const LOOK_FOR_OVERDUE_EVERY: u32 = 5;

/// Holds the aliases; one per process.
#[derive(Debug)]
pub struct Aliases {
    store: Store,
    book: ArcSwap<AliasBook>,
    hits: Mutex<HashMap<AliasId, i64>>,
}

impl Aliases {
    /// Reads the aliases there are.
    ///
    /// # Errors
    /// [`crate::DataError::Database`].
    pub async fn start(store: Store) -> Result<Arc<Self>> {
        let aliases = Self { store, book: ArcSwap::default(), hits: Mutex::default() };
        aliases.reload().await?;
        Ok(Arc::new(aliases))
    }

    /// The book of this moment.
    pub fn book(&self) -> Arc<AliasBook> {
        self.book.load_full()
    }

    /// The text with what its aliases stand for at `now`, and none if there is none in it; see [`AliasBook::rewrite`].
    pub fn rewrite(&self, text: &str, area_path: &str, now: DateTime<Utc>) -> Option<Rewritten> {
        self.book.load().rewrite(text, area_path, now)
    }

    /// Counts that the aliases in a text were read.
    pub fn count(&self, rewritten: &Rewritten) {
        let mut hits = self.hits.lock().unwrap_or_else(PoisonError::into_inner);
        for part in &rewritten.parts {
            *hits.entry(part.alias_id).or_default() += 1;
        }
    }

    /// Reads all aliases anew.
    ///
    /// # Errors
    /// [`crate::DataError::Database`]; then everything stays as it was.
    pub async fn reload(&self) -> Result<()> {
        let readings = self.store.alias_readings().await?;
        self.book.store(Arc::new(AliasBook::new(readings)));
        Ok(())
    }

    /// Follows the stream until the task is aborted.
    pub async fn follow(self: Arc<Self>, stream: Arc<Stream>) {
        loop {
            if let Err(error) = self.follow_stream(&stream).await {
                tracing::warn!(%error, "lost the stream of aliases, taking it up again");
            }
            tokio::time::sleep(TRY_AGAIN_AFTER).await;
        }
    }

    async fn follow_stream(&self, stream: &Arc<Stream>) -> Result<(), StreamEnd> {
        let mut events = stream.subscribe(None, Scope::whole()).await?;
        // Whatever happened before we followed.
        self.reload().await?;
        loop {
            if events.next().await?.topic == "alias" {
                self.reload().await?;
            }
        }
    }

    /// Writes counters and ends what is over, until the task is aborted.
    pub async fn keep(self: Arc<Self>) {
        for round in 1u32.. {
            tokio::time::sleep(COUNT_EVERY).await;
            if let Err(error) = self.write_hits().await {
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
    pub async fn write_hits(&self) -> Result<()> {
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
