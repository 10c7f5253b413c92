//! `wangge demo`: from nothing to a city on a map wall; a rerun takes seconds.

use std::fs::{self, OpenOptions, Permissions};
use std::io::Write;
use std::net::SocketAddr;
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use anyhow::Context;
use data::Store;
use data::city::{LoadError, Loaded, Present};
use data::progress::Progress;
use tokio_util::sync::CancellationToken;

use super::city::{Which, live};
use super::{Globals, print};
use crate::config::Config;
use crate::node::Node;

/// Arguments of `wangge demo`.
#[derive(Debug, clap::Args)]
#[command(mut_arg("listen", |listen| listen.default_value("0.0.0.0:8080")))]
#[command(mut_arg("public_wall", |wall| wall.hide(true)))]
#[command(
    after_help = "Makes what is missing: a private PostgreSQL cluster, the schema, a synthetic city, an API key. \
                        Then serves, with the wall open to everyone and invented incidents coming in.\n\nExamples:\n  \
                        wangge demo\n  wangge demo --listen 127.0.0.1:8081 --no-live\n  \
                        wangge demo --scale community --rate 10"
)]
pub struct Args {
    #[command(flatten)]
    pub(super) config: Config,
    #[command(flatten)]
    which: Which,
    /// Do not report invented incidents
    #[arg(long)]
    no_live: bool,
    /// How many times faster than life the invented incidents come
    #[arg(long, default_value_t = 60.0, value_name = "NUMBER", conflicts_with = "rate")]
    speed: f64,
    /// So many invented incidents in a second instead
    #[arg(long, value_name = "NUMBER")]
    rate: Option<f64>,
    /// Where the API key of the demo is kept; beside the cluster's folder, if not given
    #[arg(long, value_name = "FILE")]
    key_file: Option<PathBuf>,
}

/// Runs `wangge demo`.
///
/// # Errors
/// What could not be made, and why; what was made stays, and the next start goes on from there.
pub async fn run(args: Args, globals: &Globals) -> anyhow::Result<()> {
    let mut config = args.config;
    config.public_wall = true;
    let mut is_ours = true;
    let node = Node::open_prepared(config, globals, async |store: &Store| {
        is_ours = ensure_city(&args.which, store).await?;
        Ok(())
    })
    .await?;
    let key_file = args.key_file.unwrap_or_else(|| beside(&globals.pg_dir));
    let key = ensure_key(node.state().store(), &key_file).await?;
    let base = base_url(node.address()?);
    announce(&base, &key, &key_file)?;
    if !args.no_live && is_ours {
        let options = live::LiveOptions {
            url: base,
            key,
            pace: args.rate.map_or(live::Pace::Speed(args.speed), live::Pace::Rate),
            from: chrono::Utc::now(),
            as_told: false,
            count: None,
            story: live::new_story(),
            people: None,
            tells: false,
        };
        node.spawn(feed(args.which, options, node.state().stopping().clone()));
    }
    node.run().await
}

/// Loads the city unless it is there; false when the database holds another one, which is left alone.
async fn ensure_city(which: &Which, store: &Store) -> anyhow::Result<bool> {
    let progress = Progress::on_stderr();
    let loading = super::city::load(which, store, Present::Keep, &progress);
    let outcome = tokio::select! {
        outcome = loading => outcome,
        _ = tokio::signal::ctrl_c() => {
            anyhow::bail!("interrupted while the city was loaded: nothing is half there, start again any time")
        }
    };
    match outcome {
        Ok(Loaded::Fresh { boundary_version, .. }) => {
            print::note(format_args!("city loaded as boundary version {boundary_version}"));
            Ok(true)
        }
        Ok(Loaded::AlreadyThere) => {
            print::note("the city is there from an earlier start");
            Ok(true)
        }
        Err(error) if is_occupied(&error) => {
            print::note(format_args!(
                "{error:#}; it is shown as it is, without invented incidents"
            ));
            Ok(false)
        }
        Err(error) => Err(error),
    }
}

fn is_occupied(error: &anyhow::Error) -> bool {
    matches!(error.downcast_ref(), Some(LoadError::Occupied { .. }))
}

/// The key of an earlier start, if it still works, else a new one in the same file.
async fn ensure_key(store: &Store, file: &Path) -> anyhow::Result<String> {
    let known = fs::read_to_string(file).unwrap_or_default();
    let known = known.trim();
    if store.api_key_verify(known).await?.is_some_and(|caller| caller.may_write) {
        return Ok(known.to_owned());
    }
    let made = store.api_key_create("demo", "", true).await?;
    write_secret(file, &made.text)
        .with_context(|| format!("the key cannot be kept in {}", file.display()))?;
    Ok(made.text)
}

fn write_secret(file: &Path, secret: &str) -> std::io::Result<()> {
    let mut options = OpenOptions::new();
    let mut open = options.create(true).truncate(true).write(true).mode(0o600).open(file)?;
    // A file that was there keeps its mode.
    open.set_permissions(Permissions::from_mode(0o600))?;
    writeln!(open, "{secret}")
}

fn beside(pg_dir: &Path) -> PathBuf {
    pg_dir.parent().unwrap_or_else(|| Path::new(".")).join("demo.key")
}

/// An address that a browser on this machine can open.
fn base_url(address: SocketAddr) -> String {
    if address.ip().is_unspecified() {
        format!("http://localhost:{}", address.port())
    } else {
        format!("http://{address}")
    }
}

fn announce(base: &str, key: &str, key_file: &Path) -> anyhow::Result<()> {
    print::line(format_args!(
        "\n  map wall   {base}/wall\n  geocoder   {base}/geocode#key={key}\n  start      {base}/\n  API        {base}/docs\n  API key    {key}\n             \
         (kept in {})\n\nStop with Ctrl-C. The city stays; the next start takes seconds.\n",
        key_file.display()
    ))
}

/// Invented incidents until the service begins to stop. The demo goes on without them when they fail.
async fn feed(which: Which, options: live::LiveOptions, stopping: CancellationToken) {
    let drawn = async { which.draw(which.rows()?).await };
    let Some(city) = stopping.run_until_cancelled(drawn).await else { return };
    let outcome = match city {
        Ok(city) => live::live(city.into(), &options, stopping.cancelled()).await.map(drop),
        Err(error) => Err(error),
    };
    if let Err(error) = outcome {
        tracing::warn!("no more invented incidents: {error:#}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_readable_by_its_owner_only_also_over_an_open_file() {
        let file = std::env::temp_dir().join(format!("wangge-key-{}", std::process::id()));
        fs::write(&file, "old and longer than the new one").unwrap();
        write_secret(&file, "wg_a_b").unwrap();
        let mode = fs::metadata(&file).unwrap().permissions().mode();
        let text = fs::read_to_string(&file).unwrap();
        fs::remove_file(&file).unwrap();
        assert_eq!((mode & 0o777, text.as_str()), (0o600, "wg_a_b\n"));
    }

    #[test]
    fn the_address_to_open_is_one_that_opens() {
        assert_eq!(base_url("0.0.0.0:8080".parse().unwrap()), "http://localhost:8080");
        assert_eq!(base_url("[::]:80".parse().unwrap()), "http://localhost:80");
        assert_eq!(base_url("127.0.0.1:4".parse().unwrap()), "http://127.0.0.1:4");
    }
}
