//! Where the parts of a cluster are, and the proof that they are ours.
//!
//! ```text
//! var/pg/wangge-cluster   the marker: this directory was made by wangge
//! var/pg/lock             held while somebody makes, starts or stops
//! var/pg/password         0600
//! var/pg/data/            the server's; appears complete, by a rename, or not at all
//! var/pg/making-*/        a data directory being made
//! var/pg/run/             the socket, if the path is short enough for one
//! var/pg/server.log
//! ```

use std::fs::{self, DirBuilder};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, symlink};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::error::EmbeddedError;
use super::user::ServerUser;

const MARKER: &str = "wangge-cluster";
const MARKER_TEXT: &str =
    "This directory was made by wangge and holds its private PostgreSQL cluster.\n";
const LOCK: &str = "lock";
/// Where clusters go whose own directory the server's user cannot reach.
const REFUGE: &str = "/var/lib/wangge";
/// Linux keeps 108 bytes for a socket's path, the last one zero.
const SOCKET_PATH_BYTES: usize = 107;
const SOCKET_NAME: &str = "/.s.PGSQL.5432.lock";

/// The directory of one cluster, absolute and free of links.
#[derive(Clone, Debug)]
pub(super) struct Place {
    home: PathBuf,
}

impl Place {
    /// The place behind `dir` if there is a cluster of ours, without creating anything.
    pub(super) fn existing(dir: &Path) -> Result<Option<Self>, EmbeddedError> {
        match fs::canonicalize(dir) {
            Ok(home) => {
                refuse_foreign(&home)?;
                Ok(home.join(MARKER).exists().then_some(Self { home }))
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(EmbeddedError::file("resolve", dir)(error)),
        }
    }

    /// The place behind `dir`, made if it is missing, refused if it holds anything foreign.
    pub(super) fn claim(dir: &Path, user: ServerUser) -> Result<Self, EmbeddedError> {
        let dir = std::path::absolute(dir).map_err(EmbeddedError::file("resolve", dir))?;
        if !dir.exists() {
            if let Some(parent) = dir.parent() {
                fs::create_dir_all(parent).map_err(EmbeddedError::file("create", parent))?;
            }
            make_private_dir(&dir, user)?;
        }
        let home = fs::canonicalize(&dir).map_err(EmbeddedError::file("resolve", &dir))?;
        refuse_foreign(&home)?;
        let place = Self { home };
        let fresh = !place.home.join(MARKER).exists();
        if fresh {
            user.own(&place.home)?;
        }
        if user.may_enter(&place.home) {
            place.mark(user)?;
            return Ok(place);
        }
        if !fresh {
            return Err(EmbeddedError::File {
                what: "let the database server enter",
                path: place.home,
                source: std::io::ErrorKind::PermissionDenied.into(),
            });
        }
        Self::take_refuge(&dir, user)
    }

    /// Puts the cluster where the server's user can reach it and leaves a link at `dir`, which is empty.
    fn take_refuge(dir: &Path, user: ServerUser) -> Result<Self, EmbeddedError> {
        let home = Path::new(REFUGE).join(short_hash(dir));
        fs::create_dir_all(REFUGE).map_err(EmbeddedError::file("create", REFUGE))?;
        if !home.exists() {
            make_private_dir(&home, user)?;
        }
        refuse_foreign(&home)?;
        let place = Self { home };
        place.mark(user)?;
        fs::remove_dir(dir).map_err(EmbeddedError::file("replace by a link", dir))?;
        symlink(&place.home, dir).map_err(EmbeddedError::file("link", dir))?;
        Ok(place)
    }

    fn mark(&self, user: ServerUser) -> Result<(), EmbeddedError> {
        let marker = self.home.join(MARKER);
        if !marker.exists() {
            fs::write(&marker, MARKER_TEXT).map_err(EmbeddedError::file("write", &marker))?;
            user.own(&marker)?;
        }
        Ok(())
    }

    /// The cluster's directory.
    pub(super) fn home(&self) -> &Path {
        &self.home
    }

    /// The server's data directory.
    pub(super) fn data(&self) -> PathBuf {
        self.home.join("data")
    }

    /// What the server says.
    pub(super) fn log(&self) -> PathBuf {
        self.home.join("server.log")
    }

    /// The file that is locked while somebody makes, starts or stops the server.
    pub(super) fn lock(&self) -> PathBuf {
        self.home.join(LOCK)
    }

    /// The file with the password of the owner of the cluster.
    pub(super) fn password(&self) -> PathBuf {
        self.home.join("password")
    }

    /// The socket's directory: below the home unless its path would be too long for a socket.
    pub(super) fn socket_dir(&self) -> PathBuf {
        let run = self.home.join("run");
        if run.as_os_str().len() + SOCKET_NAME.len() <= SOCKET_PATH_BYTES {
            run
        } else {
            std::env::temp_dir().join(format!("wangge-{}", short_hash(&self.home)))
        }
    }

    /// Makes the socket's directory, and makes sure that nobody else made it.
    pub(super) fn make_socket_dir(&self, user: ServerUser) -> Result<PathBuf, EmbeddedError> {
        let dir = self.socket_dir();
        if dir.symlink_metadata().is_err() {
            make_private_dir(&dir, user)?;
        }
        let found = dir.symlink_metadata().map_err(EmbeddedError::file("look at", &dir))?;
        if !found.is_dir() || found.uid() != user.uid()? || found.mode() & 0o077 != 0 {
            let found =
                "its socket directory belongs to somebody else or is open to others".to_owned();
            return Err(EmbeddedError::Foreign { dir, found });
        }
        Ok(dir)
    }
}

/// Creates a directory that only the server's user may enter.
pub(super) fn make_private_dir(dir: &Path, user: ServerUser) -> Result<(), EmbeddedError> {
    match DirBuilder::new().mode(0o700).create(dir) {
        Ok(()) => user.own(dir),
        // Another wangge process was faster.
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(EmbeddedError::file("create", dir)(error)),
    }
}

/// An error if `home` holds anything while our marker is missing.
fn refuse_foreign(home: &Path) -> Result<(), EmbeddedError> {
    let foreign = |found: String| EmbeddedError::Foreign { dir: home.to_owned(), found };
    if !home.is_dir() {
        return Err(foreign("it is not a directory".to_owned()));
    }
    if home.join(MARKER).is_file() {
        return Ok(());
    }
    let entries = fs::read_dir(home).map_err(EmbeddedError::file("list", home))?;
    let names = entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned());
    match names.into_iter().next() {
        None => Ok(()),
        Some(_) if home.join("PG_VERSION").exists() => {
            Err(foreign("it is the data directory of another cluster".to_owned()))
        }
        // Between our look for the marker and the listing, another wangge process may have written it.
        Some(_) if home.join(MARKER).is_file() => Ok(()),
        Some(name) => Err(foreign(format!("it holds {name:?} but no {MARKER}"))),
    }
}

fn short_hash(path: &Path) -> String {
    let mut hash = hex::encode(Sha256::digest(path.as_os_str().as_encoded_bytes()));
    hash.truncate(16);
    hash
}
