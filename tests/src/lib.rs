//! The harness: a private cluster, a database of its own for each test, and the built `wangge` in front of it.
//!
//! Reading order: [`cluster`] (PostgreSQL), [`city`] (a town small enough to draw by hand), [`app`] (the binary), then
//! the readers [`sse`] and [`redact`]. This crate knows nothing of how the service is written: it sees what a caller sees.

use std::path::{Path, PathBuf};

/// The folder that holds the workspace.
///
/// # Panics
/// Never: this crate's folder lies in it.
pub fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the crate lies in the workspace").to_path_buf()
}
