//! Which view an answer uses: the version in force at its time. Newer ones are loaded when the stream says so.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use arc_swap::ArcSwap;
use chrono::{DateTime, Utc};
use tokio::sync::Mutex;

use super::{Borders, Duty, RoutingView};
use crate::domain::id::BoundaryVersionId;
use crate::error::{DataError, Result};
use crate::jobs::relay::{Stream, StreamEnd};
use crate::store::{BoundaryVersion, Newest, Scope, Store};

/// How many old versions are kept besides the newest: a report of last month is rare, a year's replay is one version
/// after the other.
const KEPT: usize = 4;
const TRY_AGAIN_AFTER: Duration = Duration::from_secs(1);

/// Holds the views; one per process.
#[derive(Debug)]
pub struct Routing {
    store: Store,
    state: ArcSwap<Known>,
    loading: Mutex<()>,
    /// Where this node keeps what it can build again.
    cache: Option<PathBuf>,
}

#[derive(Clone, Debug, Default)]
struct Known {
    /// In the order in which they come into force.
    versions: Vec<BoundaryVersion>,
    duty: Arc<Duty>,
    borders: HashMap<BoundaryVersionId, Arc<Borders>>,
}

impl Routing {
    /// Loads the version in force (if there is one yet), the rosters and the versions to come.
    ///
    /// # Errors
    /// [`DataError::Database`].
    pub async fn start(store: Store) -> Result<Arc<Self>> {
        Self::start_cached(store, None).await
    }

    /// The same for a node that keeps a folder for what it can build again.
    ///
    /// # Errors
    /// [`DataError::Database`].
    pub async fn start_cached(store: Store, cache: Option<PathBuf>) -> Result<Arc<Self>> {
        let (state, loading) = (ArcSwap::default(), Mutex::new(()));
        let routing = Self { store, state, loading, cache };
        routing.reload().await?;
        Ok(Arc::new(routing))
    }

    /// The view in force now.
    ///
    /// # Errors
    /// [`DataError::NoBoundaries`] before the first city is loaded.
    pub async fn now(&self) -> Result<RoutingView> {
        self.at(Utc::now()).await
    }

    /// The view with the borders in force at `at`; before the first version, the first.
    ///
    /// # Errors
    /// [`DataError::NoBoundaries`] before the first city is loaded.
    pub async fn at(&self, at: DateTime<Utc>) -> Result<RoutingView> {
        let known = self.state.load();
        let version = known.version_at(at).ok_or(DataError::NoBoundaries)?;
        match known.borders.get(&version) {
            Some(borders) => {
                Ok(RoutingView { borders: Arc::clone(borders), duty: Arc::clone(&known.duty) })
            }
            None => self.load_version(version).await,
        }
    }

    /// When the first borders came into force; none before the first city is loaded.
    pub fn since(&self) -> Option<DateTime<Utc>> {
        self.state.load().versions.first().map(|version| version.effective_at)
    }

    /// The view with the borders of this version.
    ///
    /// # Errors
    /// [`DataError::NotFound`] when there is no such version.
    pub async fn version(&self, version: BoundaryVersionId) -> Result<RoutingView> {
        let known = self.state.load();
        if !known.versions.iter().any(|known| known.id == version) {
            return Err(DataError::NotFound { what: "boundary version", id: version.to_string() });
        }
        self.load_version(version).await
    }

    /// The rosters, desks and categories in force now, also before the first city is loaded.
    pub fn duty(&self) -> Arc<Duty> {
        Arc::clone(&self.state.load().duty)
    }

    /// The highest versions these views know of.
    pub fn newest(&self) -> Newest {
        let known = self.state.load();
        let boundary = known.versions.iter().map(|version| version.id.0).max().unwrap_or(0);
        Newest { boundary, roster: known.duty.version().0 }
    }

    /// Reads rosters and the list of versions anew, and the borders of the version in force and of those to come.
    ///
    /// # Errors
    /// [`DataError::Database`]; then everything stays as it was.
    pub async fn reload(&self) -> Result<()> {
        let _one_at_a_time = self.loading.lock().await;
        let old = self.state.load_full();
        let versions = self.store.boundary_versions().await?;
        let duty = Arc::new(Duty::load(&self.store).await?);
        let mut next = Known { versions, duty, borders: old.borders.clone() };
        for version in next.in_force_and_to_come(Utc::now()) {
            if !next.borders.contains_key(&version) {
                let borders = self.read(version).await?;
                next.keep(borders);
            }
        }
        self.state.store(Arc::new(next));
        Ok(())
    }

    /// Reloads if the database has newer versions than `newest` says we know; true if it had.
    ///
    /// # Errors
    /// [`DataError::Database`].
    pub async fn reload_if_older_than(&self, newest: Newest) -> Result<bool> {
        let known = self.newest();
        let older = known.boundary < newest.boundary || known.roster < newest.roster;
        if older {
            self.reload().await?;
        }
        Ok(older)
    }

    /// Follows the stream until the task is aborted: reloads whenever it tells of new borders or another duty. The stream
    /// is in order of commit and misses nothing, so neither does this.
    pub async fn follow(self: Arc<Self>, stream: Arc<Stream>) {
        loop {
            if let Err(error) = self.follow_stream(&stream).await {
                tracing::warn!(%error, "lost the stream of new versions, taking it up again");
            }
            tokio::time::sleep(TRY_AGAIN_AFTER).await;
        }
    }

    async fn follow_stream(&self, stream: &Arc<Stream>) -> Result<(), StreamEnd> {
        let mut events = stream.subscribe(None, Scope::whole()).await?;
        // Whatever happened before we followed.
        self.reload().await?;
        loop {
            let event = events.next().await?;
            match event.topic.as_str() {
                "boundary" => {
                    self.reload_if_older_than(self.store.newest_versions().await?).await?;
                    tracing::info!(newest = ?self.newest(), "new borders are known");
                }
                // Categories and units have no version of their own.
                "duty" => self.reload().await?,
                _ => {}
            }
        }
    }

    async fn load_version(&self, version: BoundaryVersionId) -> Result<RoutingView> {
        let _one_at_a_time = self.loading.lock().await;
        let known = self.state.load_full();
        let duty = Arc::clone(&known.duty);
        if let Some(borders) = known.borders.get(&version) {
            return Ok(RoutingView { borders: Arc::clone(borders), duty });
        }
        let borders = self.read(version).await?;
        let mut next = Known::clone(&known);
        next.keep(Arc::clone(&borders));
        self.state.store(Arc::new(next));
        Ok(RoutingView { borders, duty })
    }

    /// Reads a version whole, or only what it changes when one from before is known.
    async fn read(&self, version: BoundaryVersionId) -> Result<Arc<Borders>> {
        let known = self.state.load_full();
        let before = known.borders.values().filter(|one| one.version() < version);
        let before = before.max_by_key(|one| one.version()).map(Arc::clone);
        let divisions = self.store.boundary_divisions(version).await?;
        // Indexing a city takes tens of milliseconds that other answers should not wait for.
        let built = match before {
            None => {
                let shapes = self.store.boundary_grids(version).await?;
                tokio::task::spawn_blocking(move || Borders::new(version, shapes, divisions))
            }
            Some(before) => {
                let ids = self.store.boundary_grid_ids(version).await?.into_iter().collect();
                let new = self.store.boundary_grids_new(before.version(), version).await?;
                tokio::task::spawn_blocking(move || before.next(version, &ids, &new, divisions))
            }
        };
        let broken = |error: tokio::task::JoinError| DataError::Broken {
            what: "border index",
            why: error.to_string(),
        };
        let borders = Arc::new(built.await.map_err(broken)?);
        if !borders.is_hastened() {
            let (hastened, cache) = (Arc::clone(&borders), self.cache.clone());
            tokio::task::spawn_blocking(move || hastened.hasten(cache.as_deref()));
        }
        Ok(borders)
    }
}

impl Known {
    fn version_at(&self, at: DateTime<Utc>) -> Option<BoundaryVersionId> {
        let in_force = self.versions.iter().rev().find(|version| version.effective_at <= at);
        in_force.or(self.versions.first()).map(|version| version.id)
    }

    fn in_force_and_to_come(&self, now: DateTime<Utc>) -> Vec<BoundaryVersionId> {
        let to_come = self.versions.iter().filter(|version| now < version.effective_at);
        self.version_at(now).into_iter().chain(to_come.map(|version| version.id)).collect()
    }

    /// Adds borders and drops the oldest kept ones beyond the limit.
    fn keep(&mut self, borders: Arc<Borders>) {
        let needed = self.in_force_and_to_come(Utc::now());
        let mut old: Vec<BoundaryVersionId> =
            self.borders.keys().copied().filter(|version| !needed.contains(version)).collect();
        old.sort_unstable();
        while old.len() >= KEPT {
            self.borders.remove(&old.remove(0));
        }
        self.borders.insert(borders.version(), borders);
    }
}
