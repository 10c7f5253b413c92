//! What stops a whole import. A bad row does not: it becomes a [`Refusal`](super::report::Refusal).

use std::path::PathBuf;

/// Why a file could not be imported at all; nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The file cannot be opened or read.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the operating system says.
        source: std::io::Error,
    },
    /// The file is not what it should be, or is damaged.
    #[error("{}: {why}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What was found and why it cannot be read.
        why: String,
    },
    /// An option contradicts the file or is missing.
    #[error("{0}")]
    Option(String),
    /// `--strict` was given and a row had to be refused.
    #[error("row {row} was refused and --strict was given: {reason}")]
    Strict {
        /// The first refused row.
        row: u64,
        /// Why it was refused.
        reason: String,
    },
    /// The database refused or did not answer.
    #[error("the database failed")]
    Database(#[from] sqlx::Error),
    /// The data crate refused, for example because no boundaries are there yet.
    #[error(transparent)]
    Data(#[from] crate::DataError),
    /// A reader failed in a way that it should not; a defect of this program.
    #[error("the reader stopped: {0}")]
    Stopped(String),
}

impl ImportError {
    /// An unreadable file with a sentence.
    pub(crate) fn unreadable(path: &std::path::Path, why: impl Into<String>) -> Self {
        Self::Unreadable { path: path.to_owned(), why: why.into() }
    }

    /// A read that failed: a file cut off says so, other failures say what the system says.
    pub(crate) fn io(path: &std::path::Path, source: std::io::Error) -> Self {
        match source.kind() {
            std::io::ErrorKind::UnexpectedEof => Self::unreadable(
                path,
                "the file is cut off: it ends in the middle of what it announces",
            ),
            std::io::ErrorKind::InvalidInput | std::io::ErrorKind::InvalidData => {
                Self::unreadable(path, format!("the file is damaged: {source}"))
            }
            _ => Self::Io { path: path.to_owned(), source },
        }
    }
}
