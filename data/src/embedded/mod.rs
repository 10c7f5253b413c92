//! The private PostgreSQL cluster: a database for whoever has none, made, started and recovered without being asked.
//!
//! Reading order: [`Cluster`] here, then `place` (what is where, and whose), `server` (initdb, start, stop), `proc` (what
//! really runs), `settings`, `user`, `binaries`. The server outlives this process, so that a restart of the service costs
//! nothing; [`Cluster::stop`] ends it.

mod binaries;
mod error;
mod place;
mod proc;
mod server;
mod settings;
mod user;

#[cfg(test)]
mod embedded_tests;

use std::path::Path;
use std::time::{Duration, Instant};

use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::{Connection as _, Executor as _};

pub use self::error::EmbeddedError;
use self::place::Place;
use self::server::OWNER;
use self::user::ServerUser;

/// The database of the service.
const DATABASE: &str = "wangge";
/// Recovery after a kill replays at most `max_wal_size`.
const READY_WITHIN: Duration = Duration::from_mins(2);

/// A running private cluster.
#[derive(Clone, Debug)]
pub struct Cluster {
    place: Place,
    password: String,
}

/// What is known of a cluster without starting it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClusterStatus {
    /// There is none in the directory.
    Absent,
    /// It exists and its server does not run.
    Stopped,
    /// Its server was killed: it left its pid file behind. [`Cluster::open`] recovers it.
    Killed,
    /// Its server runs as process `pid`.
    Running {
        /// The server's process id.
        pid: u32,
    },
}

impl Cluster {
    /// Makes the cluster in `dir` if there is none, starts it if it is stopped, attaches if it runs. Afterwards it
    /// accepts connections and has the database `wangge`. Any number of processes may do so at once.
    ///
    /// # Errors
    /// [`EmbeddedError::Foreign`] when `dir` holds anything that was not made here, which is then left untouched;
    /// otherwise what the system or the server said.
    pub async fn open(dir: &Path) -> Result<Self, EmbeddedError> {
        let mut died = 0;
        loop {
            let dir = dir.to_owned();
            let (cluster, _lock) = tokio::task::spawn_blocking(move || {
                let user = ServerUser::choose()?;
                let place = Place::claim(&dir, user)?;
                let lock = server::lock(&place)?;
                server::ensure_running(&place, user)?;
                Self::over(place).map(|cluster| (cluster, lock))
            })
            .await??;
            match cluster.wait_until_ready().await {
                // We attached to a server that was just being killed.
                Err(EmbeddedError::NotReady { .. }) if cluster.is_gone() && died < 2 => died += 1,
                Err(error) => return Err(error),
                Ok(()) => {
                    cluster.create_database(DATABASE, None).await?;
                    return Ok(cluster);
                }
            }
        }
    }

    /// The cluster in `dir` if its server runs; starts nothing.
    ///
    /// # Errors
    /// As [`Cluster::open`].
    pub fn attach(dir: &Path) -> Result<Option<Self>, EmbeddedError> {
        match Place::existing(dir)? {
            Some(place) if proc::server_of(&place.data()).is_some() => Self::over(place).map(Some),
            _ => Ok(None),
        }
    }

    /// Whether there is a cluster in `dir` and whether it runs; changes nothing.
    ///
    /// # Errors
    /// [`EmbeddedError::Foreign`] when `dir` holds something else.
    pub fn status(dir: &Path) -> Result<ClusterStatus, EmbeddedError> {
        Ok(match Place::existing(dir)? {
            None => ClusterStatus::Absent,
            Some(place) => match proc::server_of(&place.data()) {
                Some(pid) => ClusterStatus::Running { pid },
                None if place.data().join("postmaster.pid").exists() => ClusterStatus::Killed,
                None => ClusterStatus::Stopped,
            },
        })
    }

    /// Stops the server of the cluster in `dir`; true when there was one to stop. Open transactions are rolled back.
    ///
    /// # Errors
    /// What `pg_ctl` said, or [`EmbeddedError::Foreign`].
    pub async fn stop_at(dir: &Path) -> Result<bool, EmbeddedError> {
        let dir = dir.to_owned();
        tokio::task::spawn_blocking(move || {
            let user = ServerUser::choose()?;
            let Some(place) = Place::existing(&dir)? else { return Ok(false) };
            let _lock = server::lock(&place)?;
            let runs = proc::server_of(&place.data()).is_some();
            server::stop(&place, user)?;
            Ok(runs)
        })
        .await?
    }

    /// Stops the server. Open transactions are rolled back; nothing acknowledged is lost.
    ///
    /// # Errors
    /// What `pg_ctl` said.
    pub async fn stop(&self) -> Result<(), EmbeddedError> {
        Self::stop_at(self.place.home()).await.map(drop)
    }

    /// The url of the database `wangge`, for sqlx and tokio-postgres alike. It contains the password.
    pub fn url(&self) -> String {
        self.url_for(DATABASE)
    }

    /// The url of the database `name`. It contains the password.
    pub fn url_for(&self, name: &str) -> String {
        let dir = percent_encoded(&self.place.socket_dir().to_string_lossy());
        let name = percent_encoded(name);
        format!("postgres://{OWNER}:{}@{dir}/{name}?sslmode=disable", self.password)
    }

    /// The directory the cluster really lives in, absolute and free of links.
    pub fn home(&self) -> &Path {
        self.place.home()
    }

    /// Creates the database `name`, as a copy of `template` if one is given; nothing to do when it exists.
    ///
    /// # Errors
    /// [`EmbeddedError::Sql`], for instance while somebody is connected to the template.
    pub async fn create_database(
        &self,
        name: &str,
        template: Option<&str>,
    ) -> Result<(), EmbeddedError> {
        let mut connection = self.connect().await?;
        let exists: bool =
            sqlx::query_scalar("select exists(select 1 from pg_database where datname = $1)")
                .bind(name)
                .fetch_one(&mut connection)
                .await?;
        if !exists {
            // Names cannot be parameters of this statement, so they are quoted into it.
            let template = template
                .map_or_else(String::new, |template| format!(" template {}", quoted(template)));
            let statement = format!("create database {}{template}", quoted(name));
            connection.execute(statement.as_str()).await?;
        }
        connection.close().await?;
        Ok(())
    }

    /// Drops the database `name` with whoever is connected to it; nothing to do when it does not exist.
    ///
    /// # Errors
    /// [`EmbeddedError::Sql`].
    pub async fn drop_database(&self, name: &str) -> Result<(), EmbeddedError> {
        let mut connection = self.connect().await?;
        let statement = format!("drop database if exists {} with (force)", quoted(name));
        connection.execute(statement.as_str()).await?;
        connection.close().await?;
        Ok(())
    }

    fn over(place: Place) -> Result<Self, EmbeddedError> {
        let path = place.password();
        let password =
            std::fs::read_to_string(&path).map_err(EmbeddedError::file("read", &path))?;
        Ok(Self { place, password })
    }

    async fn connect(&self) -> Result<PgConnection, EmbeddedError> {
        let options: PgConnectOptions = self.url_for("postgres").parse()?;
        Ok(PgConnection::connect_with(&options).await?)
    }

    fn is_gone(&self) -> bool {
        proc::server_of(&self.place.data()).is_none()
    }

    async fn wait_until_ready(&self) -> Result<(), EmbeddedError> {
        let begun = Instant::now();
        loop {
            let why = match self.connect().await {
                Ok(connection) => return Ok(connection.close().await?),
                Err(EmbeddedError::Sql(error)) => error.to_string(),
                Err(other) => return Err(other),
            };
            if begun.elapsed() > READY_WITHIN || self.is_gone() {
                return Err(server::not_ready(&self.place, why));
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
    }
}

/// An SQL name in double quotes.
fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// Percent encoding of everything but letters, digits and `_-.`.
fn percent_encoded(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'_' | b'-' | b'.' => {
                char::from(byte).to_string()
            }
            _ => format!("%{byte:02X}"),
        })
        .collect()
}
