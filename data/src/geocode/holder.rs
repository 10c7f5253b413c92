//! Which gazetteer answers: the newest snapshot that is built, with everything that has changed since. What changes is laid over it
//! within a moment; a newer snapshot is built beside the answers. Either is swapped in whole.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use arc_swap::ArcSwapOption;
use spatial::geocode::CrsSuspicion;
use spatial::lattice::LatticePoint;
use tokio::sync::Notify;

use super::witness::Witnesses;
use super::{Gazetteer, Keep};
use crate::Store;
use crate::domain::id::ApiKeyId;
use crate::domain::incident::GivenPoint;
use crate::error::{DataError, Result};
use crate::jobs::alias::AliasHits;
use crate::jobs::relay::{Stream, StreamEnd};
use crate::progress::Progress;
use crate::store::Scope;

const TRY_AGAIN_AFTER: Duration = Duration::from_secs(1);
/// From so many changed addresses on a new snapshot is built beside the answers.
const MANY_CHANGES: usize = 1_000;
/// Fewer changes become part of a new snapshot after this time.
const AT_LEISURE: Duration = Duration::from_hours(1);

/// Holds the gazetteer of a process; cheap to clone.
#[derive(Clone)]
pub struct Geocoder(Arc<Held>);

struct Held {
    store: Store,
    /// Where this node keeps what it can build again.
    cache: Option<PathBuf>,
    gazetteer: ArcSwapOption<Gazetteer>,
    /// Held by whoever swaps, so that an older state never comes after a newer one.
    turn: tokio::sync::Mutex<()>,
    witnesses: Witnesses,
    hits: Arc<AliasHits>,
    /// Told when a new snapshot is to be built.
    older: Notify,
}

impl Geocoder {
    /// One without a gazetteer, until it is told to build one.
    pub fn empty(store: Store) -> Self {
        Self::over(store, None)
    }

    /// Maps a gazetteer of the database's state from `cache`, if it is there. If not, there is none until
    /// [`follow`](Self::follow) has built it: seconds for a large city.
    ///
    /// # Errors
    /// [`DataError::Database`].
    pub async fn start(store: Store, cache: Option<PathBuf>) -> Result<Self> {
        let this = Self::over(store, cache);
        this.map().await?;
        Ok(this)
    }

    fn over(store: Store, cache: Option<PathBuf>) -> Self {
        Self(Arc::new(Held {
            hits: Arc::new(AliasHits::new(store.clone())),
            store,
            cache,
            gazetteer: ArcSwapOption::empty(),
            turn: tokio::sync::Mutex::default(),
            witnesses: Witnesses::default(),
            older: Notify::new(),
        }))
    }

    /// The gazetteer that answers now; whoever has it keeps it.
    ///
    /// # Errors
    /// [`DataError::NotReady`] until the first one is built.
    pub fn now(&self) -> Result<Arc<Gazetteer>> {
        self.0.gazetteer.load_full().ok_or(DataError::NotReady { what: "gazetteer" })
    }

    /// Where it is counted which aliases were read.
    pub fn alias_hits(&self) -> &Arc<AliasHits> {
        &self.0.hits
    }

    /// Takes the point that came with a text whose place is `truth`; what is now suspected of this caller.
    pub fn witness(
        &self,
        caller: ApiKeyId,
        given: GivenPoint,
        truth: LatticePoint,
    ) -> Option<CrsSuspicion> {
        self.0.witnesses.report(caller, given, truth)
    }

    /// Follows the stream until the task is aborted: lays what it tells of over the snapshot, and builds a newer one when
    /// that is not enough.
    pub async fn follow(self, stream: Arc<Stream>) {
        tokio::join!(self.build_newer(), self.listen(&stream));
    }

    /// Takes over what has changed in the database until now; false where that takes a new snapshot, or there is none yet.
    ///
    /// # Errors
    /// [`DataError::Database`]; then the one that answers goes on to.
    pub async fn catch_up(&self) -> Result<bool> {
        let _turn = self.0.turn.lock().await;
        let Some(now) = self.0.gazetteer.load_full() else { return Ok(false) };
        let (newer, is_newest) = now.caught_up(&self.0.store).await?;
        if let Some(newer) = newer {
            self.0.gazetteer.store(Some(Arc::new(newer)));
        }
        Ok(is_newest)
    }

    /// Makes the gazetteer that of the database's state; true if a snapshot was built for it.
    ///
    /// # Errors
    /// [`DataError::Database`]; then the one that answers goes on to.
    pub async fn refresh(&self) -> Result<bool> {
        if self.catch_up().await? || self.map().await? {
            return Ok(false);
        }
        self.rebuild().await?;
        Ok(true)
    }

    /// Builds a snapshot of the database's state beside the one that answers.
    async fn rebuild(&self) -> Result<()> {
        let begun = Instant::now();
        let keep = self.0.cache.as_deref().map_or(Keep::Nowhere, Keep::In);
        let (gazetteer, collected) = super::build(&self.0.store, keep, &Progress::silent()).await?;
        let (duration_ms, size_bytes) =
            (begun.elapsed().as_millis() as u64, gazetteer.snapshot().bytes().len());
        tracing::info!(
            version = gazetteer.version().0,
            duration_ms,
            size_bytes,
            ?collected,
            "gazetteer built"
        );
        self.take(gazetteer).await
    }

    /// Lets a gazetteer answer, with all that has changed since it was built.
    async fn take(&self, gazetteer: Gazetteer) -> Result<()> {
        let _turn = self.0.turn.lock().await;
        let (newer, _) = gazetteer.caught_up(&self.0.store).await?;
        let mut newest = newer.unwrap_or(gazetteer);
        newest.hits = Some(Arc::clone(&self.0.hits));
        self.0.gazetteer.store(Some(Arc::new(newest)));
        Ok(())
    }

    /// Maps the kept gazetteer of the database's state; false if there is none that is whole.
    async fn map(&self) -> Result<bool> {
        let Some(cache) = &self.0.cache else { return Ok(false) };
        let Some(kept) = Gazetteer::kept(&self.0.store, cache).await? else { return Ok(false) };
        self.take(kept).await?;
        Ok(true)
    }

    fn changes(&self) -> usize {
        self.0.gazetteer.load().as_ref().map_or(0, |now| now.changes())
    }

    async fn build_newer(&self) {
        let mut is_due = false;
        loop {
            let built = if is_due { self.rebuild().await } else { self.refresh().await.map(drop) };
            if let Err(error) = built {
                tracing::warn!(%error, "no newer gazetteer could be built, trying again");
                tokio::time::sleep(TRY_AGAIN_AFTER).await;
                continue;
            }
            is_due = tokio::select! {
                () = self.0.older.notified() => MANY_CHANGES <= self.changes(),
                () = tokio::time::sleep(AT_LEISURE) => 0 < self.changes(),
            };
        }
    }

    async fn listen(&self, stream: &Arc<Stream>) {
        loop {
            if let Err(error) = self.listen_once(stream).await {
                tracing::warn!(%error, "lost the stream of new addresses, taking it up again");
            }
            tokio::time::sleep(TRY_AGAIN_AFTER).await;
        }
    }

    async fn listen_once(&self, stream: &Arc<Stream>) -> Result<(), StreamEnd> {
        let mut events = stream.subscribe(None, Scope::whole()).await?;
        // Whatever happened before we listened.
        self.catch_up_surely().await;
        loop {
            // Borders may come with divisions of other names.
            if matches!(
                events.next().await?.topic.as_str(),
                "gazetteer" | "alias" | "boundary" | "map"
            ) {
                self.catch_up_surely().await;
            }
        }
    }

    /// Takes over what has changed, however long the database is away, and has a snapshot built where that is due.
    async fn catch_up_surely(&self) {
        let is_newest = loop {
            match self.catch_up().await {
                Ok(is_newest) => break is_newest,
                Err(error) => {
                    tracing::warn!(%error, "what changed in the gazetteer cannot be read, trying again");
                    tokio::time::sleep(TRY_AGAIN_AFTER).await;
                }
            }
        };
        if !is_newest || MANY_CHANGES <= self.changes() {
            self.0.older.notify_one();
        }
    }
}

impl fmt::Debug for Geocoder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Geocoder")
            .field("gazetteer", &*self.0.gazetteer.load())
            .finish_non_exhaustive()
    }
}
