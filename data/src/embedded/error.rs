//! Why a private cluster could not be made, started or stopped.

use std::path::PathBuf;

/// A failure of the private cluster, in words that say what to do.
#[derive(Debug, thiserror::Error)]
pub enum EmbeddedError {
    /// The directory holds something else; nothing in it was touched.
    #[error("{} is not a cluster made by wangge ({found}); it was left untouched, choose another directory", dir.display())]
    Foreign {
        /// The directory that was asked for.
        dir: PathBuf,
        /// What was found there.
        found: String,
    },
    /// No usable PostgreSQL on this machine.
    #[error(
        "no PostgreSQL {wanted} found in {searched}: install postgresql-15 and postgresql-15-postgis-3, or set PG_BIN"
    )]
    NoBinaries {
        /// The version that would do.
        wanted: String,
        /// Where it was looked for.
        searched: String,
    },
    /// Root may not run PostgreSQL and there is nobody to run it as.
    #[error(
        "PostgreSQL refuses to run as root and there is no user named postgres: install postgresql-15"
    )]
    NoServerUser,
    /// Another process holds the cluster's lock for too long.
    #[error("{} has been locked by another wangge process for {waited_s} s", lock.display())]
    Locked {
        /// The lock file.
        lock: PathBuf,
        /// How long it was waited for, in seconds.
        waited_s: u64,
    },
    /// A file operation failed.
    #[error("cannot {what} {}", path.display())]
    File {
        /// What was tried.
        what: &'static str,
        /// On which path.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// One of PostgreSQL's own programs failed.
    #[error("{program} failed: {output}")]
    Program {
        /// Its name.
        program: &'static str,
        /// The end of what it said.
        output: String,
    },
    /// The server does not answer.
    #[error("the database server in {} is not ready: {why}; the end of its log:\n{log}", dir.display())]
    NotReady {
        /// The cluster's directory.
        dir: PathBuf,
        /// What was observed.
        why: String,
        /// The last lines of the server's log.
        log: String,
    },
    /// A statement to the running server failed.
    #[error("the database server refused a statement")]
    Sql(#[from] sqlx::Error),
    /// A background thread of this process died.
    #[error("a worker thread was lost")]
    Thread(#[from] tokio::task::JoinError),
}

impl EmbeddedError {
    /// Wraps an i/o error with what was tried on which path.
    pub(super) fn file(
        what: &'static str,
        path: impl Into<PathBuf>,
    ) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.into();
        move |source| Self::File { what, path, source }
    }
}
