//! What every route can reach.

use std::sync::Arc;

use data::actions::report::Intake;
use data::geocode::Geocoder;
use data::jobs::geocode_job::GeocodeJobs;
use data::jobs::relay::Stream;
use data::routing::Routing;
use data::{DataError, Store};
use metrics_exporter_prometheus::PrometheusHandle;
use tiles::TileService;
use tokio_util::sync::CancellationToken;

use crate::config::Config;
use crate::figures::Figures;
use crate::metrics;

/// Shared by all routes; cheap to clone.
#[derive(Clone)]
pub struct AppState(Arc<Shared>);

struct Shared {
    store: Store,
    routing: Arc<Routing>,
    geocoder: Geocoder,
    intake: Intake,
    stream: Arc<Stream>,
    geocode_jobs: Arc<GeocodeJobs>,
    tiles: TileService,
    config: Config,
    wall_figures: Figures,
    metrics: &'static PrometheusHandle,
    stopping: CancellationToken,
}

impl AppState {
    /// State over an open database: reads the borders in force and the place of the stream.
    ///
    /// # Errors
    /// [`DataError::Database`].
    pub async fn open(store: Store, tiles: TileService, config: Config) -> Result<Self, DataError> {
        let cache = Some(config.cache_dir.clone());
        let routing = Routing::start_cached(store.clone(), cache.clone()).await?;
        let geocoder = Geocoder::start(store.clone(), cache).await?;
        let stream = Stream::open(store.clone()).await?;
        let geocode_jobs = GeocodeJobs::new(store.clone(), Arc::clone(&routing), geocoder.clone());
        let intake =
            Intake::new(store.clone(), Arc::clone(&routing), geocoder.clone(), stream.committed());
        Ok(Self(Arc::new(Shared {
            store,
            routing,
            geocoder,
            intake,
            stream,
            geocode_jobs,
            tiles,
            config,
            wall_figures: Figures::default(),
            metrics: metrics::install(),
            stopping: CancellationToken::new(),
        })))
    }

    /// The database.
    pub fn store(&self) -> &Store {
        &self.0.store
    }

    /// Borders and rosters, in memory.
    pub fn routing(&self) -> &Arc<Routing> {
        &self.0.routing
    }

    /// What places there are by name and number, in memory.
    pub fn geocoder(&self) -> &Geocoder {
        &self.0.geocoder
    }

    /// Takes reports in.
    pub fn intake(&self) -> &Intake {
        &self.0.intake
    }

    /// What happens, in order of commit.
    pub fn stream(&self) -> &Arc<Stream> {
        &self.0.stream
    }

    /// Works on files of addresses.
    pub fn geocode_jobs(&self) -> &Arc<GeocodeJobs> {
        &self.0.geocode_jobs
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

    /// The figures of walls, counted a moment ago at most.
    pub fn wall_figures(&self) -> &Figures {
        &self.0.wall_figures
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
