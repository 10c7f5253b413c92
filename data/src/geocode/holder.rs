//! Which gazetteer answers: the newest that is built. A newer one is built beside the answers and swapped in whole.

use std::fmt;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};
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
use crate::jobs::alias::Aliases;
use crate::jobs::relay::{Stream, StreamEnd};
use crate::progress::Progress;
use crate::store::Scope;

const TRY_AGAIN_AFTER: Duration = Duration::from_secs(1);

/// Holds the gazetteer of a process; cheap to clone.
#[derive(Clone)]
pub struct Geocoder(Arc<Held>);

struct Held {
    store: Store,
    /// Where this node keeps what it can build again.
    cache: Option<PathBuf>,
    gazetteer: ArcSwapOption<Gazetteer>,
    witnesses: Witnesses,
    aliases: OnceLock<Arc<Aliases>>,
    /// Told when the database may hold a newer state than ours.
    older: Notify,
}

impl Geocoder {
    /// One without a gazetteer, until it is told to build one.
    pub fn empty(store: Store) -> Self {
        Self::over(store, None)
    }

    /// Maps the gazetteer of the database's state from `cache`, if it is there. If not, there is none until
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
        let (gazetteer, older) = (ArcSwapOption::empty(), Notify::new());
        let (witnesses, aliases) = (Witnesses::default(), OnceLock::new());
        Self(Arc::new(Held { store, cache, gazetteer, witnesses, aliases, older }))
    }

    /// The gazetteer that answers now; whoever has it keeps it.
    ///
    /// # Errors
    /// [`DataError::NotReady`] until the first one is built.
    pub fn now(&self) -> Result<Arc<Gazetteer>> {
        let gazetteer = self.0.gazetteer.load_full();
        let gazetteer = gazetteer.ok_or(DataError::NotReady { what: "gazetteer" })?;
        if let Some(aliases) = self.0.aliases.get() {
            gazetteer.aliases.get_or_init(|| Arc::clone(aliases));
        }
        Ok(gazetteer)
    }

    /// Reads texts with these aliases from now on.
    pub fn hear(&self, aliases: Arc<Aliases>) {
        self.0.aliases.get_or_init(|| aliases);
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

    /// Follows the stream until the task is aborted: builds a newer gazetteer whenever it tells of one.
    pub async fn follow(self, stream: Arc<Stream>) {
        tokio::join!(self.build_newer(), self.listen(&stream));
    }

    /// Builds the gazetteer of the database's state, unless it is the one that answers; true if it was built.
    ///
    /// # Errors
    /// [`DataError::Database`]; then the one that answers goes on to.
    pub async fn refresh(&self) -> Result<bool> {
        let state = self.0.store.gazetteer_state().await?;
        if self.0.gazetteer.load().as_ref().is_some_and(|one| one.is_of(&state))
            || self.map().await?
        {
            return Ok(false);
        }
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
        self.0.gazetteer.store(Some(Arc::new(gazetteer)));
        Ok(true)
    }

    /// Maps the kept gazetteer of the database's state; false if there is none that is whole.
    async fn map(&self) -> Result<bool> {
        let Some(cache) = &self.0.cache else { return Ok(false) };
        let kept = Gazetteer::kept(&self.0.store, cache).await?;
        let is_there = kept.is_some();
        if let Some(kept) = kept {
            self.0.gazetteer.store(Some(Arc::new(kept)));
        }
        Ok(is_there)
    }

    async fn build_newer(&self) {
        loop {
            if let Err(error) = self.refresh().await {
                tracing::warn!(%error, "no newer gazetteer could be built, trying again");
                tokio::time::sleep(TRY_AGAIN_AFTER).await;
                continue;
            }
            self.0.older.notified().await;
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
        self.0.older.notify_one();
        loop {
            // Borders may come with divisions of other names.
            if matches!(events.next().await?.topic.as_str(), "gazetteer" | "boundary" | "map") {
                self.0.older.notify_one();
            }
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
