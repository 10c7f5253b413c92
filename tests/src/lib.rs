//! The harness: a private cluster, a database of its own for each test, and the built `wangge` in front of it.
//!
//! Reading order: [`cluster`] (PostgreSQL and its databases), [`town`] (a town small enough to draw by hand), [`app`] (the
//! binary), [`oracle`] (the border rule once more, in SQL), then the readers [`sse`] and [`redact`].
//! This crate knows nothing of how the service is written: it sees what a caller and a database administrator see.

pub mod app;
pub mod cluster;
pub mod command;
pub mod oracle;
pub mod publishing;
pub mod redact;
pub mod shared_data;
pub mod sse;
pub mod tiling;
pub mod town;

use std::path::{Path, PathBuf};

/// The folder that holds the workspace.
///
/// # Panics
/// Never: this crate's folder lies in it.
pub fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("the crate lies in the workspace")
        .to_path_buf()
}

/// The folder that cargo builds into, from where this program itself lies (`target/debug/deps/it-…` or `target/debug/load`).
///
/// # Panics
/// When the operating system does not tell where this program lies.
pub fn target_dir() -> PathBuf {
    profile_dir().parent().expect("a profile's folder lies in the target folder").to_path_buf()
}

/// The folder of the profile that this program was built with, where `wangge` lies too.
///
/// # Panics
/// When the operating system does not tell where this program lies.
pub fn profile_dir() -> PathBuf {
    let program = std::env::current_exe().expect("the operating system knows where we are");
    let folder = program.parent().expect("a program lies in a folder");
    if folder.ends_with("deps") || folder.ends_with("examples") {
        folder.parent().expect("deps lies in the profile's folder").to_path_buf()
    } else {
        folder.to_path_buf()
    }
}
