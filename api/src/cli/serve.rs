//! `wangge serve`: the API, the tiles and the pages.

use super::Globals;
use crate::config::Config;
use crate::node::Node;

/// Arguments of `wangge serve`.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  wangge serve\n  wangge serve --listen 0.0.0.0:8080 --public-wall\n  \
                        DATABASE_URL=postgres://app@db.lan/wangge wangge serve --public-url https://grid.example\n  \
                        RUST_LOG=info,wangge::access=debug wangge serve --log-json"
)]
pub struct Args {
    #[command(flatten)]
    pub(super) config: Config,
}

/// Runs `wangge serve`.
///
/// # Errors
/// When the database or the address cannot be used.
pub async fn run(args: Args, globals: &Globals) -> anyhow::Result<()> {
    Node::open(args.config, globals).await?.run().await
}
