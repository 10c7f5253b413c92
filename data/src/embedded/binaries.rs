//! Which PostgreSQL to run: `PG_BIN` if set, otherwise Debian's, the newest from 15 on.

use std::fs;
use std::path::{Path, PathBuf};

use super::error::EmbeddedError;

/// The oldest major version whose behaviour the schema relies on.
const OLDEST: u32 = 15;
const DEBIAN: &str = "/usr/lib/postgresql";

/// The folder with `initdb`, `pg_ctl` and `postgres`.
#[derive(Clone, Debug)]
pub(super) struct Binaries(PathBuf);

impl Binaries {
    /// Those for an existing cluster of version `major`, or the newest when there is none yet.
    pub(super) fn find(major: Option<u32>) -> Result<Self, EmbeddedError> {
        if let Some(dir) = std::env::var_os("PG_BIN").map(PathBuf::from) {
            return if dir.join("initdb").is_file() {
                Ok(Self(dir))
            } else {
                Err(no_binaries(major, dir.display().to_string()))
            };
        }
        let mut installed: Vec<(u32, PathBuf)> = fs::read_dir(DEBIAN)
            .into_iter()
            .flatten()
            .flatten()
            .filter_map(|entry| {
                let version = entry.file_name().to_str()?.parse().ok()?;
                let dir = entry.path().join("bin");
                dir.join("initdb").is_file().then_some((version, dir))
            })
            .collect();
        installed.sort();
        installed
            .into_iter()
            .rev()
            .find(|(version, _)| major.map_or(OLDEST <= *version, |major| major == *version))
            .map(|(_, dir)| Self(dir))
            .ok_or_else(|| no_binaries(major, format!("{DEBIAN}/*/bin")))
    }

    /// The path of one program.
    pub(super) fn program(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

/// The major version a data directory was made by.
pub(super) fn major_of(data: &Path) -> Option<u32> {
    fs::read_to_string(data.join("PG_VERSION")).ok()?.trim().parse().ok()
}

fn no_binaries(major: Option<u32>, searched: String) -> EmbeddedError {
    let wanted = major.map_or_else(|| format!("{OLDEST} or newer"), |major| major.to_string());
    EmbeddedError::NoBinaries { wanted, searched }
}
