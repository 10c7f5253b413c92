//! `wangge db`: the private PostgreSQL cluster and its schema.

use anyhow::Context;
use clap::Subcommand;
use data::Store;
use data::embedded::{Cluster, ClusterStatus};

use super::{Globals, print};

/// Arguments of `wangge db`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  wangge db start\n  psql \"$(wangge db url)\"\n  \
                        wangge db migrate --database-url postgres://app@db.lan/wangge\n  wangge db stop")]
pub struct Args {
    #[command(subcommand)]
    act: Act,
}

/// What to do with it.
#[derive(Debug, Subcommand)]
enum Act {
    /// Make the private cluster if there is none, and start it
    Start,
    /// Stop the private cluster
    Stop,
    /// Say whether the private cluster runs
    Status,
    /// Bring the schema up to date
    Migrate,
    /// Print the address of the database, password included
    Url,
}

/// Runs `wangge db`.
///
/// # Errors
/// What the cluster or the database said.
pub async fn run(args: Args, globals: &Globals) -> anyhow::Result<()> {
    let dir = globals.pg_dir.as_path();
    match args.act {
        Act::Start => {
            let cluster = Cluster::open(dir).await?;
            print::line(format_args!("running in {}", cluster.home().display()))
        }
        Act::Stop => {
            let stopped = Cluster::stop_at(dir).await?;
            print::line(if stopped { "stopped" } else { "was not running" })
        }
        Act::Status => match Cluster::status(dir)? {
            ClusterStatus::Absent => print::line(format_args!("no cluster in {}", dir.display())),
            ClusterStatus::Stopped => print::line(format_args!("stopped in {}", dir.display())),
            ClusterStatus::Killed => {
                print::line(format_args!("killed in {}; a start recovers it", dir.display()))
            }
            ClusterStatus::Running { pid } => {
                print::line(format_args!("running in {} as process {pid}", dir.display()))
            }
        },
        Act::Migrate => {
            let database = globals.open_database().await?;
            let store = Store::connect(&database.url).await.context("cannot reach the database")?;
            store.migrate().await?;
            print::line("the schema is up to date")
        }
        Act::Url => print::line(url(globals)?),
    }
}

/// The address of a database that is there: asking for it starts nothing.
fn url(globals: &Globals) -> anyhow::Result<String> {
    if let Some(url) = globals.named_database() {
        return Ok(url.to_owned());
    }
    let dir = globals.pg_dir.as_path();
    let cluster = Cluster::attach(dir)?.with_context(|| {
        format!("the private cluster in {} is not running: wangge db start", dir.display())
    })?;
    Ok(cluster.url())
}
