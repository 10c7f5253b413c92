//! The fonts inside the binary, as the files that glyphs are drawn from.

use std::path::Path;

use anyhow::Context;
use tempfile::TempDir;

use crate::assets;

/// Unpacks the fonts the pages were built with into a folder that lives as long as the value.
///
/// # Errors
/// When the temporary folder cannot be written.
pub fn unpack() -> anyhow::Result<TempDir> {
    let folder = tempfile::Builder::new()
        .prefix("wangge-fonts-")
        .tempdir()
        .context("no temporary folder for the fonts")?;
    for name in assets::names().filter(|name| name.starts_with("fonts/")) {
        let (Some(bytes), Some(file)) = (assets::file(&name), Path::new(&*name).file_name()) else {
            continue;
        };
        let path = folder.path().join(file);
        std::fs::write(&path, bytes).with_context(|| format!("cannot write {}", path.display()))?;
    }
    Ok(folder)
}
