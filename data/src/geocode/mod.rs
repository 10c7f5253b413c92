//! The gazetteer of the city in memory: what the geocoder answers from, on every node.
//!
//! Addresses, places by name, crossings and the names of divisions are read from one state of the database in one pass
//! ([`build`]), and written as one file that is mapped at later starts. What changes afterwards (single addresses, and what people
//! call places) lies over it as soon as the stream tells of it; what changes at large is built anew. Either is swapped whole.
//! Which grid a place lies in is not taken from it: that is asked of the borders of the answer's own time.
//!
//! Reading order: `source` (rows to a snapshot), `file` (what is kept), `changed` (what lies over it), [`Gazetteer`] (what is
//! asked), [`Geocoder`] (which one).

mod changed;
mod file;
mod holder;
mod province;
mod source;
mod witness;

#[cfg(test)]
mod geocode_tests;

use std::collections::HashMap;
use std::fmt;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use spatial::code::DivisionCode;
use spatial::geocode::{Area, Corrected, KnownPlace, Overlay, Snapshot};
use spatial::nearest::Places;

use self::changed::Changed;
use self::file::Body;
pub use self::holder::Geocoder;
pub use self::source::Collected;
use crate::Store;
use crate::domain::alias_book::AliasBook;
use crate::domain::id::{AliasId, BoundaryVersionId, GazetteerVersion};
use crate::error::{DataError, Result};
use crate::jobs::alias::AliasHits;
use crate::progress::Progress;
use crate::store::GazetteerState;

/// One state of the gazetteer, immutable: a snapshot and what was changed since it was built.
pub struct Gazetteer {
    base: Arc<Base>,
    /// The state of the database that both together have.
    state: GazetteerState,
    changed: Changed,
    /// Where it is counted which aliases were read; none without a service.
    hits: Option<Arc<AliasHits>>,
}

/// A snapshot with all that is found out about it.
struct Base {
    snapshot: Snapshot<Body>,
    state: GazetteerState,
    places: Places,
    /// What lies in the areas that callers have asked for, by code.
    areas: Mutex<HashMap<String, Arc<Area>>>,
}

/// Areas that are remembered: all divisions of a large city.
const MOST_AREAS: usize = 2_000;

impl Gazetteer {
    /// The gazetteer in a file that [`build`] wrote.
    ///
    /// # Errors
    /// [`DataError::Broken`] with what is wrong with the file.
    pub fn open(path: &Path) -> Result<Self> {
        file::open(path).map_err(|why| DataError::Broken {
            what: "gazetteer",
            why: format!("{}: {why}", path.display()),
        })
    }

    /// The gazetteer of the database's state that is kept in a folder, if one is there that is whole and of which everything
    /// that changed since is known.
    ///
    /// # Errors
    /// [`DataError::Database`].
    pub async fn kept(store: &Store, folder: &Path) -> Result<Option<Self>> {
        let state = store.gazetteer_state().await?;
        let files = file::stamped(folder, &state);
        let stamps: Vec<String> = files.iter().map(|file| file.0.clone()).collect();
        let known = store.gazetteer_versions_of(&stamps).await?;
        let mut files: Vec<_> = files
            .into_iter()
            .filter_map(|(stamp, path)| Some((*known.get(&stamp)?, stamp, path)))
            .collect();
        files.sort();
        while let Some((version, stamp, path)) = files.pop() {
            let begun = std::time::Instant::now();
            let Some(mapped) = file::mapped(path).await? else { continue };
            let of = &mapped.state;
            if (of.version, &of.stamp, &of.divisions) != (version, &stamp, &state.divisions) {
                continue;
            }
            let (newer, is_newest) = mapped.caught_up(store).await?;
            if is_newest {
                // None: it is of this very state.
                let now = newer.unwrap_or(mapped);
                let duration_ms = begun.elapsed().as_millis() as u64;
                let (version, changes) = (now.version().0, now.changes());
                tracing::info!(version, changes, duration_ms, "gazetteer mapped");
                return Ok(Some(now));
            }
        }
        Ok(None)
    }

    /// The same snapshot with everything that has changed until now, if anything has, and whether that is the state of
    /// the database. Where it is not, the addresses are as they were, and a snapshot must be built.
    ///
    /// # Errors
    /// [`DataError::Database`].
    pub async fn caught_up(&self, store: &Store) -> Result<(Option<Self>, bool)> {
        let base = &self.base.state;
        let found = store.gazetteer_changes(base.version).await?;
        let told = found.addresses.filter(|_| found.state.divisions == base.divisions);
        let is_newest = told.is_some();
        let (state, addresses) = match told {
            Some(addresses) => (found.state, addresses),
            None => (self.state.clone(), self.changed.addresses.clone()),
        };
        let is_same = state == self.state
            && addresses == self.changed.addresses
            && self.changed.book.readings().eq(&found.readings);
        if is_same {
            return Ok((None, is_newest));
        }
        let (base, hits) = (Arc::clone(&self.base), self.hits.clone());
        let newer = tokio::task::spawn_blocking(move || {
            let changed = Changed::over(&base.snapshot, addresses, found.readings);
            Self { base, state, changed, hits }
        });
        let newer = newer
            .await
            .map_err(|error| DataError::Broken { what: "gazetteer", why: error.to_string() })?;
        Ok((Some(newer), is_newest))
    }

    /// A gazetteer in memory.
    #[cfg(test)]
    pub(crate) fn of_bytes(bytes: Vec<u8>, state: GazetteerState) -> Result<Self, String> {
        file::of_bytes(bytes, state)
    }

    /// What texts are looked up in.
    pub fn snapshot(&self) -> &Snapshot<impl AsRef<[u8]>> {
        &self.base.snapshot
    }

    fn over(snapshot: Snapshot<Body>, state: GazetteerState) -> Self {
        let places = Places::new(snapshot.places());
        let base = Base { snapshot, state: state.clone(), places, areas: Mutex::default() };
        Self { base: Arc::new(base), state, changed: Changed::default(), hits: None }
    }

    /// What was changed since the snapshot was built.
    pub fn overlay(&self) -> &Overlay {
        &self.changed.overlay
    }

    /// How many addresses were changed since then.
    pub fn changes(&self) -> usize {
        self.changed.addresses.len()
    }

    /// The places of the snapshot by where they are.
    pub fn places(&self) -> &Places {
        &self.base.places
    }

    /// Whether a place of the snapshot is where it says.
    pub fn is_there(&self, place: &KnownPlace) -> bool {
        let off = |of: Corrected| self.changed.off.contains(&of);
        !place.record.is_some_and(|id| off(Corrected::Address(id)))
            && !place.building.is_some_and(|id| off(Corrected::Building(id)))
    }

    /// What is new or lies elsewhere than in the snapshot, with its places.
    pub fn new_places(&self) -> Option<&(Snapshot<Vec<u8>>, Places)> {
        self.changed.near.as_ref()
    }

    /// The id that an address of the snapshot has now.
    pub fn id_now(&self, record: u32) -> u32 {
        self.changed.renewed.get(&record).copied().unwrap_or(record)
    }

    /// What lies in a division; nothing in one that it does not name.
    pub fn area(&self, code: &str) -> Arc<Area> {
        let areas = || self.base.areas.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(area) = areas().get(code) {
            return Arc::clone(area);
        }
        let parsed = code.parse::<DivisionCode>();
        let area = parsed
            .map_or_else(|_| Area::default(), |code| self.base.snapshot.area_of_division(code));
        let area = Arc::new(area);
        let mut areas = areas();
        if areas.len() < MOST_AREAS {
            areas.insert(code.to_owned(), Arc::clone(&area));
        }
        area
    }

    /// What people call places.
    pub fn book(&self) -> &AliasBook {
        &self.changed.book
    }

    /// Counts that aliases were read, by the ids of their entries.
    pub fn count(&self, read: &[u64]) {
        if let Some(hits) = &self.hits {
            hits.count(read.iter().map(|&id| AliasId(id as i32)));
        }
    }

    /// Its version.
    pub fn version(&self) -> GazetteerVersion {
        self.state.version
    }

    /// The borders whose divisions it names; none where there were none.
    pub fn boundary_version(&self) -> Option<BoundaryVersionId> {
        self.state.boundary_version
    }

    /// The name of this state, the same wherever the database is restored.
    pub fn stamp(&self) -> &str {
        &self.state.stamp
    }
}

impl fmt::Debug for Gazetteer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Gazetteer")
            .field("state", &self.state)
            .field("addresses", &self.base.snapshot.len())
            .field("changes", &self.changes())
            .finish_non_exhaustive()
    }
}

/// Where a gazetteer stays when it has been built.
#[derive(Clone, Copy, Debug)]
pub enum Keep<'a> {
    /// In memory only.
    Nowhere,
    /// In this file.
    At(&'a Path),
    /// In a folder, by its state, for the next start; in memory if that cannot be written.
    In(&'a Path),
}

/// Builds the gazetteer of the database as it is now; it knows no aliases until it has [caught up](Gazetteer::caught_up).
///
/// # Errors
/// [`DataError::Database`], or [`DataError::Broken`] when the file of [`Keep::At`] cannot be written.
pub async fn build(
    store: &Store,
    keep: Keep<'_>,
    progress: &Progress,
) -> Result<(Gazetteer, Collected)> {
    let (bytes, state, collected) = source::collect(store, progress).await?;
    let (path, is_wish) = match keep {
        Keep::Nowhere => (None, true),
        Keep::At(path) => (Some(path.to_path_buf()), false),
        Keep::In(folder) => (Some(file::path_in(folder, &state)), true),
    };
    let opened = tokio::task::spawn_blocking(move || {
        let Some(path) = path else { return file::of_bytes(bytes, state) };
        match file::keep(&path, &bytes, &state) {
            Err(why) if is_wish => {
                tracing::warn!(why, "the gazetteer cannot be kept for the next start");
                file::of_bytes(bytes, state)
            }
            kept => kept,
        }
    });
    let broken = |why| DataError::Broken { what: "gazetteer", why };
    let gazetteer = opened.await.map_err(|error| broken(error.to_string()))?.map_err(broken)?;
    Ok((gazetteer, collected))
}
