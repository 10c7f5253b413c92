//! `wangge openapi`: the description of the API, for client generators.

use super::{Globals, print};

/// Arguments of `wangge openapi`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  wangge openapi > openapi.json\n  \
                        npx openapi-typescript <(wangge openapi) -o schema.gen.ts")]
pub struct Args {}

/// Runs `wangge openapi`.
///
/// # Errors
/// When standard output is closed.
#[expect(clippy::unused_async, reason = "all commands are run the same way")]
pub async fn run(_args: Args, _globals: &Globals) -> anyhow::Result<()> {
    print::line(crate::openapi::text().trim_end())
}
