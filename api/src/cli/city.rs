//! `wangge city`.

use super::Globals;

/// Arguments of `wangge city`.
#[derive(Debug, clap::Args)]
pub struct Args {}

/// Runs `wangge city`.
///
/// # Errors
/// Always, until it is written.
#[expect(clippy::unused_async, reason = "being written")]
pub async fn run(_args: Args, _globals: &Globals) -> anyhow::Result<()> {
    anyhow::bail!("being written")
}
