//! Finished answers, kept compressed. Whoever asks first has it made; everyone who asks meanwhile waits for the same one; a
//! request that is given up still leaves its answer here.

use std::fmt::Debug;
use std::future::Future;
use std::hash::Hash;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use moka::future::Cache;

use crate::encoded::Gzipped;
use crate::error::TileError;

/// What one entry costs besides its bytes: key, tag and the cache's own books.
const ENTRY_BYTES: usize = 256;

/// An answer as it is kept: a body, or the knowledge that there is nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TileAnswer {
    /// Something is there.
    Drawn(Gzipped),
    /// Nothing is there: no content.
    Empty,
}

impl TileAnswer {
    /// The compressed body, if something is there.
    pub fn drawn(&self) -> Option<&Gzipped> {
        match self {
            Self::Drawn(gzipped) => Some(gzipped),
            Self::Empty => None,
        }
    }

    fn weight(&self) -> u32 {
        let bytes = self.drawn().map_or(0, Gzipped::size_bytes) + ENTRY_BYTES;
        u32::try_from(bytes).unwrap_or(u32::MAX)
    }
}

/// How a cache has been doing since the start.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct CacheFigures {
    /// Answers that were there.
    pub hits: u64,
    /// Answers that had to be waited for.
    pub misses: u64,
    /// Answers kept now.
    pub entries: u64,
    /// What they weigh, in bytes.
    pub size_bytes: u64,
}

/// A cache bounded by weight.
pub(crate) struct AnswerCache<K> {
    entries: Cache<K, TileAnswer>,
    /// Counts the clearings. An answer that was begun before one is not kept after it.
    epoch: AtomicU64,
    hits: AtomicU64,
    misses: AtomicU64,
}

impl<K: Hash + Eq + Clone + Send + Sync + 'static> AnswerCache<K> {
    /// An empty cache for `max_bytes` of answers.
    pub fn new(max_bytes: u64) -> Arc<Self> {
        Arc::new(Self {
            entries: Cache::builder()
                .max_capacity(max_bytes)
                .weigher(|_key, answer: &TileAnswer| answer.weight())
                .build(),
            epoch: AtomicU64::new(0),
            hits: AtomicU64::new(0),
            misses: AtomicU64::new(0),
        })
    }

    /// The answer for `key`; `fill` makes it if it is not there and nobody is making it.
    pub async fn get_or_fill<F>(self: &Arc<Self>, key: K, fill: F) -> Result<TileAnswer, TileError>
    where
        F: Future<Output = Result<TileAnswer, TileError>> + Send + 'static,
    {
        if let Some(answer) = self.entries.get(&key).await {
            self.hits.fetch_add(1, Ordering::Relaxed);
            return Ok(answer);
        }
        self.misses.fetch_add(1, Ordering::Relaxed);
        let cache = Arc::clone(self);
        // a task of its own: dropping the request does not stop it
        let filling = tokio::spawn(async move { cache.fill(key, fill).await });
        filling.await.map_err(|stopped| TileError::Stopped(Arc::new(stopped)))?
    }

    async fn fill<F>(&self, key: K, fill: F) -> Result<TileAnswer, TileError>
    where
        F: Future<Output = Result<TileAnswer, TileError>> + Send + 'static,
    {
        let begun_in = self.epoch.load(Ordering::Acquire);
        let filled = self
            .entries
            .try_get_with(key.clone(), async {
                let answer = fill.await?;
                self.is_current(begun_in).then_some(answer).ok_or(TileError::Superseded)
            })
            .await
            .map_err(|shared| TileError::clone(&shared))?;
        // the clearing may have come between the check and the insertion
        if !self.is_current(begun_in) {
            self.entries.invalidate(&key).await;
            return Err(TileError::Superseded);
        }
        Ok(filled)
    }

    fn is_current(&self, begun_in: u64) -> bool {
        self.epoch.load(Ordering::Acquire) == begun_in
    }

    /// Drops every answer, also those being made now.
    pub fn clear(&self) {
        self.epoch.fetch_add(1, Ordering::AcqRel);
        self.entries.invalidate_all();
    }

    /// Does the housekeeping that is otherwise done now and then.
    #[cfg(test)]
    pub async fn settle(&self) {
        self.entries.run_pending_tasks().await;
    }

    /// How it has been doing.
    pub fn figures(&self) -> CacheFigures {
        CacheFigures {
            hits: self.hits.load(Ordering::Relaxed),
            misses: self.misses.load(Ordering::Relaxed),
            entries: self.entries.entry_count(),
            size_bytes: self.entries.weighted_size(),
        }
    }
}

impl<K> Debug for AnswerCache<K> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AnswerCache").field("epoch", &self.epoch).finish_non_exhaustive()
    }
}
