//! `wangge locate`.

use super::Globals;

/// Arguments of `wangge locate`.
#[derive(Debug, clap::Args)]
pub struct Args {}

/// Runs `wangge locate`.
///
/// # Errors
/// Always, until it is written.
#[expect(clippy::unused_async, reason = "being written")]
pub async fn run(_args: Args, _globals: &Globals) -> anyhow::Result<()> {
    anyhow::bail!("being written")
}
