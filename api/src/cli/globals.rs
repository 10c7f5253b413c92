//! What every command understands: which database, and how much to log.

use std::io::{IsTerminal, stderr};
use std::path::PathBuf;

use anyhow::Context;
use data::Store;
use data::embedded::{Cluster, ClusterStatus};
use tracing_subscriber::EnvFilter;

/// Options of every command.
#[derive(Clone, Debug, clap::Args)]
pub struct Globals {
    /// PostgreSQL to use; without it a private cluster in --pg-dir
    #[arg(long, env = "DATABASE_URL", global = true, hide_env_values = true, value_name = "URL")]
    pub database_url: Option<String>,
    /// Folder of the private cluster
    #[arg(
        long,
        env = "WANGGE_PG_DIR",
        global = true,
        default_value = "./var/pg",
        value_name = "DIR"
    )]
    pub pg_dir: PathBuf,
    /// Log as JSON lines instead of text (what is logged: `RUST_LOG`)
    #[arg(long, env = "WANGGE_LOG_JSON", global = true)]
    pub log_json: bool,
}

/// What is logged unless `RUST_LOG` says otherwise. Libraries speak only when something is wrong; martin warns at every
/// start that a newer PostGIS exists.
const QUIET: &str = "info,sqlx=error,martin_core=warn,\
    martin_core::tiles::postgres::pool=error,deadpool=error,hyper=warn";

/// Starts logging to standard error; `RUST_LOG` is added to what is logged by itself, such as `wangge::access=debug`.
pub fn init_tracing(globals: &Globals) {
    let asked = std::env::var(EnvFilter::DEFAULT_ENV).unwrap_or_default();
    let filter = EnvFilter::try_new(format!("{QUIET},{asked}")).unwrap_or_else(|error| {
        super::print::note(format_args!("RUST_LOG is not understood and left out: {error}"));
        EnvFilter::new(QUIET)
    });
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(stderr);
    // A second start happens only in tests; the first one stays.
    let _ = if globals.log_json {
        builder.json().flatten_event(true).try_init()
    } else {
        builder.with_ansi(stderr().is_terminal()).try_init()
    };
}

/// A database that answers, and whose it is.
#[derive(Debug)]
pub struct Database {
    /// Where it is. Contains the password.
    pub url: String,
    /// Whether it is the private cluster.
    private: bool,
    /// The private cluster, when this process started it.
    started: Option<Cluster>,
}

impl Globals {
    /// The database the options name: the one of `--database-url`, else the private cluster, started when it is not
    /// running.
    ///
    /// # Errors
    /// What the cluster said.
    pub async fn open_database(&self) -> anyhow::Result<Database> {
        if let Some(url) = self.named_database() {
            return Ok(Database { url: url.to_owned(), private: false, started: None });
        }
        let was_running = matches!(Cluster::status(&self.pg_dir)?, ClusterStatus::Running { .. });
        let cluster = Cluster::open(&self.pg_dir)
            .await
            .with_context(|| format!("no private cluster in {}", self.pg_dir.display()))?;
        let url = cluster.url();
        Ok(Database { url, private: true, started: (!was_running).then_some(cluster) })
    }

    /// The database that was named; an empty name is none.
    pub fn named_database(&self) -> Option<&str> {
        self.database_url.as_deref().filter(|url| !url.is_empty())
    }

    /// The store of that database, its schema brought up to date.
    ///
    /// # Errors
    /// When the database cannot be reached or migrated.
    pub async fn open_store(&self) -> anyhow::Result<(Store, Database)> {
        let database = self.open_database().await?;
        let store = Store::connect(&database.url).await.context("cannot reach the database")?;
        store.migrate().await.context("cannot bring the schema up to date")?;
        Ok((store, database))
    }
}

impl Database {
    /// Whether it is the private cluster.
    pub fn is_private(&self) -> bool {
        self.private
    }

    /// Stops the private cluster if this process started it.
    ///
    /// # Errors
    /// What the cluster said.
    pub async fn release(self) -> anyhow::Result<()> {
        if let Some(cluster) = self.started {
            cluster.stop().await.context("the private cluster did not stop")?;
        }
        Ok(())
    }
}
