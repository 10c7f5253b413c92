//! What every route can reach.

use std::sync::Arc;

use data::Store;
use metrics_exporter_prometheus::PrometheusHandle;
use tiles::TileService;
use tokio_util::sync::CancellationToken;

use crate::config::Config;
use crate::metrics;

/// Shared by all routes; cheap to clone.
#[derive(Clone)]
pub struct AppState(Arc<Shared>);

struct Shared {
    store: Store,
    tiles: TileService,
    config: Config,
    metrics: &'static PrometheusHandle,
    stopping: CancellationToken,
}

impl AppState {
    /// State over an open database.
    pub fn new(store: Store, tiles: TileService, config: Config) -> Self {
        Self(Arc::new(Shared {
            store,
            tiles,
            config,
            metrics: metrics::install(),
            stopping: CancellationToken::new(),
        }))
    }

    /// The database.
    pub fn store(&self) -> &Store {
        &self.0.store
    }

    /// The map.
    pub fn tiles(&self) -> &TileService {
        &self.0.tiles
    }

    /// What was set.
    pub fn config(&self) -> &Config {
        &self.0.config
    }

    /// The service as clients see it, when that was set.
    pub fn public_url(&self) -> Option<&str> {
        self.0.config.public_url.as_deref()
    }

    /// What was counted.
    pub fn metrics(&self) -> &'static PrometheusHandle {
        self.0.metrics
    }

    /// Cancelled when the service begins to stop: streams end then.
    pub fn stopping(&self) -> &CancellationToken {
        &self.0.stopping
    }
}
