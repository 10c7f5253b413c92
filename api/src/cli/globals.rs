//! What every command understands: which database, and how much to log.

use std::io::{IsTerminal, stderr};
use std::path::PathBuf;

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
    /// Log as JSON lines instead of text (what is logged: RUST_LOG)
    #[arg(long, env = "WANGGE_LOG_JSON", global = true)]
    pub log_json: bool,
}

/// Starts logging to standard error; `RUST_LOG` chooses, default `info` with the noise of libraries off.
pub fn init_tracing(globals: &Globals) {
    let filter = EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| EnvFilter::new("info,sqlx=warn,martin_core=warn,hyper=warn"));
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(stderr);
    // A second start happens only in tests; the first one stays.
    let _ = if globals.log_json {
        builder.json().flatten_event(true).try_init()
    } else {
        builder.with_ansi(stderr().is_terminal()).try_init()
    };
}
