//! From a request to its answer: which map, which layer, whose turn.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use arc_swap::ArcSwapOption;
use tilejson::TileJSON;
use tokio::sync::{Mutex, Semaphore};
use tokio::time::{Instant, timeout};

use crate::cache::{AnswerCache, CacheFigures, TileAnswer};
use crate::catalog::{self, LAYERS};
use crate::encoded::Gzipped;
use crate::error::TileError;
use crate::fonts::Fonts;
use crate::layer::{Layer, TileId};
use crate::martin::MartinProvider;
use crate::options::TileOptions;
use crate::provider::{MapState, ProviderError, TileProvider};

/// Answers for tiles and glyphs. Cheap to clone; all clones share one cache.
#[derive(Debug, Clone)]
pub struct TileService {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    painter: Arc<Painter>,
    map: ArcSwapOption<MapState>,
    refreshing: Mutex<()>,
    tiles: Arc<AnswerCache<TileKey>>,
    fonts: Fonts,
    /// When the database was last asked for the map because of a request for an unknown version.
    asked_at: Mutex<Option<Instant>>,
}

/// The version is part of the key: what belongs to another map can never be taken for this one's.
type TileKey = (&'static str, u32, TileId);

/// Unknown versions in requests make the service look into the database at most this often.
const LOOK_INTERVAL: Duration = Duration::from_secs(1);

impl TileService {
    /// A service on the database at `database_url`, with the fonts in the directory `fonts`. Waits half a
    /// minute for a database that is starting. A database without a map is fine: one may be loaded later.
    ///
    /// # Errors
    /// [`TileError::DatabaseAway`] or [`TileError::Database`].
    pub async fn connect(database_url: &str, fonts: &Path) -> Result<Self, TileError> {
        Self::connect_with(database_url, fonts, TileOptions::default()).await
    }

    /// The same with other limits.
    ///
    /// # Errors
    /// As [`connect`](Self::connect).
    pub async fn connect_with(
        database_url: &str,
        fonts: &Path,
        options: TileOptions,
    ) -> Result<Self, TileError> {
        let provider = MartinProvider::connect(database_url, &options).await?;
        Self::with_provider(Arc::new(provider), fonts, options).await
    }

    /// A service on anything that draws tiles.
    ///
    /// # Errors
    /// What the provider says when it is asked for its map.
    pub async fn with_provider(
        provider: Arc<dyn TileProvider>,
        fonts: &Path,
        options: TileOptions,
    ) -> Result<Self, TileError> {
        let shared = Shared {
            map: ArcSwapOption::empty(),
            refreshing: Mutex::new(()),
            tiles: AnswerCache::new(options.tile_cache_bytes),
            fonts: Fonts::open(fonts, options.glyph_cache_bytes),
            painter: Arc::new(Painter::new(provider, options)),
            asked_at: Mutex::new(None),
        };
        let service = Self { shared: Arc::new(shared) };
        service.refresh().await?;
        Ok(service)
    }

    /// The layers there are.
    pub fn layers(&self) -> &'static [Layer] {
        &LAYERS
    }

    /// The map version that is drawn, as far as this service knows.
    pub fn version(&self) -> Option<u32> {
        self.shared.map.load().as_ref().map(|map| map.version)
    }

    /// The map that is drawn, as far as this service knows.
    pub fn map(&self) -> Option<Arc<MapState>> {
        self.shared.map.load_full()
    }

    /// Asks the database which map is drawn now, and drops all tiles if it is another one than before.
    /// To be called whenever `wangge_version` is notified; a request for an unknown version does it too.
    ///
    /// # Errors
    /// [`TileError::DatabaseAway`] or [`TileError::Database`].
    pub async fn refresh(&self) -> Result<Option<u32>, TileError> {
        // one at a time: an answer that was overtaken by a later one must not bring an old map back
        let _turn = self.shared.refreshing.lock().await;
        let found = self.shared.painter.provider.map().await?;
        let before = self.version();
        let version = found.as_ref().map(|map| map.version);
        self.shared.map.store(found.map(Arc::new));
        if version != before {
            self.shared.tiles.clear();
            tracing::info!(map.version = version, "map version {version:?} is drawn now");
        }
        Ok(version)
    }

    /// The tile `z/x/y` of a layer in a map version.
    ///
    /// # Errors
    /// Any [`TileError`] but those of fonts; [`TileError::kind`] says what to make of it.
    pub async fn tile(
        &self,
        layer: &str,
        version: u32,
        z: u8,
        x: u32,
        y: u32,
    ) -> Result<TileAnswer, TileError> {
        let layer = catalog::find(layer)?;
        let tile = layer.tile_id(z, x, y)?;
        self.check_version(version).await?;
        let painter = Arc::clone(&self.shared.painter);
        let fill = async move { painter.paint(layer, tile, version).await };
        let answer = self.shared.tiles.get_or_fill((layer.name, version, tile), fill).await;
        match answer {
            Err(TileError::Superseded) => {
                let current = self.refresh().await?.ok_or(TileError::NoMap)?;
                Err(TileError::OtherVersion { asked: version, current })
            }
            answer => answer,
        }
    }

    /// What a map client has to know about a layer, as TileJSON 3. `base_url` is this service as the client
    /// sees it, such as `https://wall.example`.
    ///
    /// # Errors
    /// [`TileError::UnknownLayer`], or [`TileError::NoMap`] before the first load.
    pub fn tilejson(&self, layer: &str, base_url: &str) -> Result<TileJSON, TileError> {
        let layer = catalog::find(layer)?;
        let map = self.map().ok_or(TileError::NoMap)?;
        Ok(catalog::describe(layer, &map, base_url.trim_end_matches('/')))
    }

    /// The glyphs `start..=end` of a comma-separated font stack, as the protocol buffer that map clients read.
    ///
    /// # Errors
    /// [`TileError::UnknownFont`] with the names there are, [`TileError::GlyphRange`], [`TileError::Font`].
    pub async fn font_range(
        &self,
        stack: &str,
        start: u32,
        end: u32,
    ) -> Result<Gzipped, TileError> {
        self.shared.fonts.range(stack, start, end).await
    }

    /// Names to be used in font stacks, sorted.
    pub fn font_names(&self) -> Vec<String> {
        self.shared.fonts.names()
    }

    /// How the tile cache has been doing.
    pub fn tile_figures(&self) -> CacheFigures {
        self.shared.tiles.figures()
    }

    /// The figures after the cache has done its housekeeping.
    #[cfg(test)]
    async fn settled_figures(&self) -> CacheFigures {
        self.shared.tiles.settle().await;
        self.tile_figures()
    }

    /// How the glyph cache has been doing.
    pub fn glyph_figures(&self) -> CacheFigures {
        self.shared.fonts.figures()
    }

    async fn check_version(&self, asked: u32) -> Result<(), TileError> {
        if self.version() == Some(asked) {
            return Ok(());
        }
        self.look_for_map().await?;
        match self.version() {
            Some(current) if current == asked => Ok(()),
            Some(current) => Err(TileError::OtherVersion { asked, current }),
            None => Err(TileError::NoMap),
        }
    }

    /// Another node may have told a client about a map that this one has not heard of.
    async fn look_for_map(&self) -> Result<(), TileError> {
        let mut asked_at = self.shared.asked_at.lock().await;
        if asked_at.is_some_and(|at| at.elapsed() < LOOK_INTERVAL) {
            return Ok(());
        }
        self.refresh().await?;
        *asked_at = Some(Instant::now());
        Ok(())
    }
}

/// Draws what the cache does not have, so many at a time.
#[derive(Debug)]
struct Painter {
    provider: Arc<dyn TileProvider>,
    low_zoom: Semaphore,
    high_zoom: Semaphore,
    options: TileOptions,
}

impl Painter {
    fn new(provider: Arc<dyn TileProvider>, options: TileOptions) -> Self {
        let low_zoom = Semaphore::new(options.low_zoom_connections);
        let high_zoom = Semaphore::new(options.high_zoom_connections);
        Self { provider, low_zoom, high_zoom, options }
    }

    async fn paint(
        &self,
        layer: &'static Layer,
        tile: TileId,
        version: u32,
    ) -> Result<TileAnswer, TileError> {
        let turns = if TileOptions::is_low_zoom(tile) { &self.low_zoom } else { &self.high_zoom };
        let wait = self.options.turn_timeout;
        let turn = timeout(wait, turns.acquire()).await;
        let turn = turn.map_err(|_late| TileError::Busy { waited_ms: wait.as_millis() })?;
        let _turn = turn.expect("the semaphore is never closed");

        let limit = self.options.statement_timeout;
        let too_slow = || TileError::TooSlow { layer: layer.name, limit_ms: limit.as_millis() };
        // twice, for a lost connection's second try; the database enforces the limit itself
        let drawn = timeout(limit * 2, self.provider.tile(layer, tile, version)).await;
        let body = match drawn.map_err(|_late| too_slow())? {
            Err(ProviderError::TooSlow) => return Err(too_slow()),
            drawn => drawn?,
        };
        if body.is_empty() {
            return Ok(TileAnswer::Empty);
        }
        Ok(TileAnswer::Drawn(Gzipped::encode(body).await?))
    }
}

impl From<ProviderError> for TileError {
    fn from(error: ProviderError) -> Self {
        match error {
            ProviderError::Superseded => Self::Superseded,
            ProviderError::Away(source) => Self::DatabaseAway(source),
            ProviderError::Failed(source) => Self::Database(source),
            slow @ ProviderError::TooSlow => Self::DatabaseAway(Arc::new(slow)),
        }
    }
}

#[cfg(test)]
#[path = "tile_service_tests.rs"]
mod tests;
