//! The one error of this crate's actions and queries.

/// What can go wrong between a request and the database.
#[derive(Debug, thiserror::Error)]
pub enum DataError {
    /// What was asked for does not exist (or is out of the asker's sight).
    #[error("{what} {id:?} does not exist")]
    NotFound {
        /// The kind of thing, in the words of the glossary.
        what: &'static str,
        /// The id or code that was asked for.
        id: String,
    },
    /// What was given breaks a rule; every fault is listed.
    #[error("invalid request: {}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
    Invalid(Vec<Fault>),
    /// An idempotency key was used again for something else.
    #[error("idempotency key {key:?} was used before with a different body")]
    KeyReused {
        /// The key as it was given.
        key: String,
    },
    /// Something was changed from a version that is not the newest any more.
    #[error("{what} {given} was edited, but {newest} is the newest by now")]
    Stale {
        /// What has versions, in the words of the glossary.
        what: &'static str,
        /// The version it was made from.
        given: i32,
        /// The newest.
        newest: i32,
    },
    /// What was asked for cannot be done as things stand; nothing was written.
    #[error("{0}")]
    Conflict(String),
    /// The asker may not do this.
    #[error("{0}")]
    Forbidden(String),
    /// The city has no boundaries yet, so nothing can be routed.
    #[error("no boundary version is in force: load or import a city first")]
    NoBoundaries,
    /// Something that this node is still building; it will be there in a while.
    #[error("the {what} is still being built on this node: ask again in a few seconds")]
    NotReady {
        /// What is not there yet, in the words of the glossary.
        what: &'static str,
    },
    /// The database refused or did not answer.
    #[error("the database failed")]
    Database(#[from] sqlx::Error),
    /// The schema could not be brought up to date.
    #[error("a migration failed")]
    Migration(#[from] sqlx::migrate::MigrateError),
    /// Something stored cannot be read back; this is a defect, not the caller's fault.
    #[error("stored {what} is broken: {why}")]
    Broken {
        /// What was read.
        what: &'static str,
        /// Why it cannot be.
        why: String,
    },
}

impl DataError {
    /// Whether the database could not be reached or went away, so that the same request may succeed later.
    pub fn is_unavailable(&self) -> bool {
        use sqlx::Error;
        match self {
            Self::Database(Error::Database(refusal)) => refusal.code().is_some_and(|code| {
                // connection exceptions, lack of resources, operator intervention (a server that stops or starts)
                ["08", "53", "57"].iter().any(|class| code.starts_with(class))
            }),
            Self::Database(
                Error::Io(_)
                | Error::PoolTimedOut
                | Error::PoolClosed
                | Error::Protocol(_)
                | Error::WorkerCrashed
                | Error::Tls(_),
            ) => true,
            _ => false,
        }
    }
}

impl DataError {
    /// A request with a single fault.
    pub fn invalid(pointer: impl Into<String>, detail: impl Into<String>) -> Self {
        Self::Invalid(vec![Fault::at(pointer, detail)])
    }
}

/// One thing wrong with a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// JSON pointer to the member at fault, such as `/location/lng`; empty for the whole.
    pub pointer: String,
    /// What was got and why it is wrong.
    pub detail: String,
}

impl Fault {
    /// A fault at `pointer`.
    pub fn at(pointer: impl Into<String>, detail: impl Into<String>) -> Self {
        Self { pointer: pointer.into(), detail: detail.into() }
    }
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.pointer.is_empty() {
            f.write_str(&self.detail)
        } else {
            write!(f, "{}: {}", self.pointer, self.detail)
        }
    }
}

/// Shorthand for results of this crate.
pub type Result<T, E = DataError> = std::result::Result<T, E>;
