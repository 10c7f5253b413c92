//! One node of the service, from start to stop: database, state, background jobs, listener.

use std::path::Path;

use anyhow::Context;
use data::Store;
use tempfile::TempDir;
use tiles::TileService;
use tokio::net::TcpListener;
use tokio_util::task::TaskTracker;

use crate::cli::Globals;
use crate::cli::globals::Database;
use crate::config::Config;
use crate::state::AppState;
use crate::{cli::print, fonts, router, server, watchdog};

/// Connections of one process: more than two cores can use, few enough that many nodes share one server.
const CONNECTIONS: u32 = 24;

/// A node that is ready to run.
pub struct Node {
    state: AppState,
    database: Database,
    listener: TcpListener,
    jobs: TaskTracker,
    /// Glyphs are drawn from these files as long as the service runs.
    _fonts: Option<TempDir>,
}

impl Node {
    /// Opens everything the service needs. The address is taken first: when it is in use, nothing else is touched.
    ///
    /// # Errors
    /// What cannot be used, and why.
    pub async fn open(config: Config, globals: &Globals) -> anyhow::Result<Self> {
        Self::open_prepared(config, globals, async |_store: &Store| Ok(())).await
    }

    /// The same, with something to be done to the database before the service looks at it.
    ///
    /// # Errors
    /// What cannot be used, and why.
    pub async fn open_prepared(
        config: Config,
        globals: &Globals,
        prepare: impl AsyncFnOnce(&Store) -> anyhow::Result<()>,
    ) -> anyhow::Result<Self> {
        let listener = server::bind(config.listen).await?;
        let database = globals.open_database().await?;
        let opened = Self::over(config, globals, &database, prepare).await;
        match opened {
            Ok((state, jobs, fonts)) => Ok(Self { state, database, listener, jobs, _fonts: fonts }),
            Err(error) => {
                database.release().await?;
                Err(error)
            }
        }
    }

    async fn over(
        config: Config,
        globals: &Globals,
        database: &Database,
        prepare: impl AsyncFnOnce(&Store) -> anyhow::Result<()>,
    ) -> anyhow::Result<(AppState, TaskTracker, Option<TempDir>)> {
        let store = Store::connect_serving(&database.url, CONNECTIONS)
            .await
            .context("cannot reach the database")?;
        store.migrate().await.context("cannot bring the schema up to date")?;
        prepare(&store).await?;
        let shipped = config.fonts.is_none().then(fonts::unpack).transpose()?;
        let folder = shipped.as_ref().map(TempDir::path).or(config.fonts.as_deref());
        let tiles = TileService::connect(&database.url, folder.unwrap_or(Path::new(".")))
            .await
            .context("the tiles cannot be drawn")?;
        let state = AppState::open(store, tiles, config)
            .await
            .context("the borders in force cannot be read")?;
        let jobs = TaskTracker::new();
        crate::jobs::start(&state, &jobs);
        if database.is_private() {
            jobs.spawn(watchdog::keep_running(globals.pg_dir.clone(), state.stopping().clone()));
        }
        Ok((state, jobs, shipped))
    }

    /// What routes can reach.
    pub fn state(&self) -> &AppState {
        &self.state
    }

    /// The address it listens on.
    ///
    /// # Errors
    /// When the system does not know.
    pub fn address(&self) -> anyhow::Result<std::net::SocketAddr> {
        self.listener.local_addr().context("the address of the listener is not known")
    }

    /// Runs a job beside the service; it must end when [`AppState::stopping`] is cancelled.
    pub fn spawn(&self, job: impl Future<Output = ()> + Send + 'static) {
        self.jobs.spawn(job);
    }

    /// Serves until it is told to stop, then ends everything in order.
    ///
    /// # Errors
    /// When the listener fails or the private cluster does not stop.
    pub async fn run(self) -> anyhow::Result<()> {
        let Self { state, database, listener, jobs, _fonts } = self;
        print::line(format_args!("listening on http://{}", listener.local_addr()?))?;
        let stopping = state.stopping().clone();
        let begin = stopping.clone();
        tokio::spawn(async move {
            match server::wish_to_stop().await {
                Ok(signal) => tracing::info!(
                    "{signal}: no new connections, requests in progress are finished"
                ),
                Err(error) => tracing::error!(%error, "signals cannot be received"),
            }
            begin.cancel();
        });
        let app = router::app(state.clone());
        let outcome = server::serve(listener, app, state.config(), stopping.clone()).await;
        stopping.cancel();
        jobs.close();
        jobs.wait().await;
        state.store().pool.close().await;
        database.release().await?;
        tracing::info!("stopped");
        outcome
    }
}
