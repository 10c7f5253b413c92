//! Running `wangge` as a command that ends.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use anyhow::{Context, Result, bail};

/// Where the built binary lies.
///
/// # Errors
/// When it has not been built: `cargo build --workspace --bins --tests` does.
pub fn binary() -> Result<PathBuf> {
    let path = crate::profile_dir().join("wangge");
    if !path.is_file() {
        bail!("{} is not built: cargo build --workspace --bins --tests", path.display());
    }
    Ok(path)
}

/// `wangge` with nothing from the caller's surroundings that would point it at another database.
///
/// # Errors
/// When the binary has not been built.
pub fn wangge() -> Result<Command> {
    let mut command = Command::new(binary()?);
    for (variable, _) in std::env::vars_os() {
        let name = variable.to_string_lossy();
        if name.starts_with("WANGGE_") || name == "DATABASE_URL" || name == "RUST_LOG" {
            command.env_remove(&variable);
        }
    }
    command.env("WANGGE_CACHE_DIR", crate::target_dir().join("test-cache"));
    command.current_dir(crate::repository()).stdin(Stdio::null());
    Ok(command)
}

/// Which database a command is to use.
#[derive(Clone, Copy, Debug)]
pub enum Server<'a> {
    /// None: it must do without.
    None,
    /// The one at a url.
    Url(&'a str),
    /// The private cluster in a folder, which the command starts itself.
    Folder(&'a Path),
}

impl<'a> From<&'a str> for Server<'a> {
    fn from(url: &'a str) -> Self {
        Self::Url(url)
    }
}

impl<'a> From<&'a String> for Server<'a> {
    fn from(url: &'a String) -> Self {
        Self::Url(url)
    }
}

impl<'a> From<&'a Path> for Server<'a> {
    fn from(folder: &'a Path) -> Self {
        Self::Folder(folder)
    }
}

impl Server<'_> {
    /// Tells `command` by its environment.
    pub fn tell(self, command: &mut Command) {
        match self {
            Self::None => {}
            Self::Url(url) => drop(command.env("DATABASE_URL", url)),
            Self::Folder(folder) => drop(command.env("WANGGE_PG_DIR", folder)),
        }
    }
}

/// What a command left behind.
#[derive(Debug)]
pub struct Outcome {
    /// Its exit code; `None` when a signal ended it.
    pub code: Option<i32>,
    /// What it wrote to standard output.
    pub stdout: String,
    /// What it wrote to standard error.
    pub stderr: String,
}

impl From<Output> for Outcome {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code(),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }
}

/// Runs `wangge` with these arguments on a database, whatever comes of it.
///
/// # Errors
/// When it cannot be started.
pub fn try_run<'a>(server: impl Into<Server<'a>>, arguments: &[&str]) -> Result<Outcome> {
    let mut command = wangge()?;
    server.into().tell(&mut command);
    let output =
        command.args(arguments).output().with_context(|| format!("wangge {arguments:?}"))?;
    Ok(output.into())
}

/// Runs `wangge` like [`try_run`] and gives back its standard output.
///
/// # Errors
/// When it cannot be started or ends with a code other than 0; the error carries what it said.
pub fn run<'a>(server: impl Into<Server<'a>>, arguments: &[&str]) -> Result<String> {
    let outcome = try_run(server, arguments)?;
    if outcome.code != Some(0) {
        bail!(
            "wangge {arguments:?} ended with {:?}:\n{}\n{}",
            outcome.code,
            outcome.stdout,
            outcome.stderr
        );
    }
    Ok(outcome.stdout)
}
