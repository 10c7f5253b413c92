//! `wangge import`.

use std::io::IsTerminal;
use std::path::Path;

use anyhow::Context;
use indicatif::{ProgressBar, ProgressStyle};

use super::Globals;

/// Arguments of `wangge import`.
#[derive(Debug, clap::Args)]
pub struct Args {}

/// Runs `wangge import`.
///
/// # Errors
/// Always, until it is written.
#[expect(clippy::unused_async, reason = "being written")]
pub async fn run(_args: Args, _globals: &Globals) -> anyhow::Result<()> {
    anyhow::bail!("being written")
}

/// Reads `field=column`.
pub(super) fn pair(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((field, column)) if !field.is_empty() && !column.is_empty() => {
            Ok((field.trim().to_owned(), column.to_owned()))
        }
        _ => Err(format!("{text:?} is not FIELD=COLUMN")),
    }
}

/// Writes a report as JSON.
pub(super) fn write_report(path: &Path, report: &impl serde::Serialize) -> anyhow::Result<()> {
    let text = serde_json::to_string_pretty(report).context("the report is not JSON")?;
    std::fs::write(path, text).with_context(|| format!("cannot write {}", path.display()))
}

/// A progress bar over bytes on standard error; invisible where nobody looks.
pub(super) fn bar(name: &'static str, size_bytes: u64) -> ProgressBar {
    if !std::io::stderr().is_terminal() || size_bytes == 0 {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{msg} [{bar:40}] {bytes}/{total_bytes} {eta}");
    let bar = ProgressBar::new(size_bytes).with_message(name);
    match style {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}
