//! The gazetteer of the city in memory: what the geocoder answers from, on every node.
//!
//! Addresses, places by name, crossings and the names of divisions are read from one state of the database in one pass
//! ([`build`]), written as one file that is mapped at later starts, and swapped whole when the stream tells of a newer
//! state. Which grid a place lies in is not taken from it: that is asked of the borders of the answer's own time.
//!
//! Reading order: `source` (rows to a snapshot), `file` (what is kept), [`Gazetteer`] (what is asked), [`Geocoder`] (which one).

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
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use spatial::code::DivisionCode;
use spatial::geocode::{Area, Overlay, Snapshot};
use spatial::nearest::Places;

use self::file::Body;
pub use self::holder::Geocoder;
pub use self::source::Collected;
use crate::Store;
use crate::domain::id::{BoundaryVersionId, GazetteerVersion};
use crate::error::{DataError, Result};
use crate::jobs::alias::Aliases;
use crate::progress::Progress;
use crate::store::GazetteerState;

/// One state of the gazetteer, immutable.
pub struct Gazetteer {
    snapshot: Snapshot<Body>,
    state: GazetteerState,
    places: Places,
    overlay: Overlay,
    /// What lies in the areas that callers have asked for, by code.
    areas: Mutex<HashMap<String, Arc<Area>>>,
    aliases: OnceLock<Arc<Aliases>>,
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

    /// The gazetteer of the database's state that is kept in a folder, if it is there and whole.
    ///
    /// # Errors
    /// [`DataError::Database`].
    pub async fn kept(store: &Store, folder: &Path) -> Result<Option<Self>> {
        let state = store.gazetteer_state().await?;
        let path = file::path_in(folder, &state);
        if !path.is_file() {
            return Ok(None);
        }
        let begun = std::time::Instant::now();
        let opened =
            tokio::task::spawn_blocking(move || file::open(&path).map_err(|why| (why, path)));
        let opened = opened
            .await
            .map_err(|error| DataError::Broken { what: "gazetteer", why: error.to_string() })?;
        match opened {
            Ok(gazetteer) if gazetteer.is_of(&state) => {
                let duration_ms = begun.elapsed().as_millis() as u64;
                tracing::info!(version = gazetteer.version().0, duration_ms, "gazetteer mapped");
                Ok(Some(gazetteer))
            }
            Ok(_) => Ok(None),
            Err((why, path)) => {
                tracing::warn!(why, file = %path.display(), "a kept gazetteer is not used");
                std::fs::remove_file(&path).ok();
                Ok(None)
            }
        }
    }

    /// A gazetteer in memory.
    #[cfg(test)]
    pub(crate) fn of_bytes(bytes: Vec<u8>, state: GazetteerState) -> Result<Self, String> {
        file::of_bytes(bytes, state)
    }

    /// What texts are looked up in.
    pub fn snapshot(&self) -> &Snapshot<impl AsRef<[u8]>> {
        &self.snapshot
    }

    fn over(snapshot: Snapshot<Body>, state: GazetteerState) -> Self {
        let places = Places::new(snapshot.places());
        let (overlay, areas) = (Overlay::default(), Mutex::default());
        Self { snapshot, state, places, overlay, areas, aliases: OnceLock::new() }
    }

    /// What was changed since it was built.
    pub fn overlay(&self) -> &Overlay {
        &self.overlay
    }

    /// Its places by where they are.
    pub fn places(&self) -> &Places {
        &self.places
    }

    /// What lies in a division; nothing in one that it does not name.
    pub fn area(&self, code: &str) -> Arc<Area> {
        let areas = || self.areas.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(area) = areas().get(code) {
            return Arc::clone(area);
        }
        let parsed = code.parse::<DivisionCode>();
        let area =
            parsed.map_or_else(|_| Area::default(), |code| self.snapshot.area_of_division(code));
        let area = Arc::new(area);
        let mut areas = areas();
        if areas.len() < MOST_AREAS {
            areas.insert(code.to_owned(), Arc::clone(&area));
        }
        area
    }

    /// What people call places, as this process hears of it; none without a service.
    pub fn aliases(&self) -> Option<&Arc<Aliases>> {
        self.aliases.get()
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

    /// Whether a database in this state needs no other gazetteer.
    pub fn is_of(&self, state: &GazetteerState) -> bool {
        (&self.state.stamp, &self.state.divisions) == (&state.stamp, &state.divisions)
    }
}

impl fmt::Debug for Gazetteer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Gazetteer")
            .field("state", &self.state)
            .field("addresses", &self.snapshot.len())
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

/// Builds the gazetteer of the database as it is now.
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
