//! Making, starting and stopping the server. Everything here blocks and is called with the cluster's lock held.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use rand::RngCore as _;

use super::binaries::{Binaries, major_of};
use super::error::EmbeddedError;
use super::place::{Place, make_private_dir};
use super::proc;
use super::settings;
use super::user::ServerUser;

/// The owner of everything in the cluster.
pub(super) const OWNER: &str = "wangge";
const SETTINGS: &str = "wangge.conf";
const LOCK_WAIT: Duration = Duration::from_mins(2);
/// Children of a killed server notice its death within a second or at the end of their statement.
const ORPHAN_WAIT: Duration = Duration::from_secs(10);
const LOG_LIMIT_BYTES: u64 = 64 * 1024 * 1024;

/// Waits for the cluster's lock; it is free again when the returned file is dropped, however this process ends.
pub(super) fn lock(place: &Place) -> Result<File, EmbeddedError> {
    let path = place.lock();
    let file = OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .mode(0o600)
        .open(&path)
        .map_err(EmbeddedError::file("open", &path))?;
    let begun = Instant::now();
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(TryLockError::WouldBlock) if begun.elapsed() < LOCK_WAIT => {
                std::thread::sleep(Duration::from_millis(50));
            }
            Err(TryLockError::WouldBlock) => {
                return Err(EmbeddedError::Locked { lock: path, waited_s: LOCK_WAIT.as_secs() });
            }
            Err(TryLockError::Error(error)) => {
                return Err(EmbeddedError::file("lock", path)(error));
            }
        }
    }
}

/// Makes the cluster if it is missing and starts its server if it is not running.
pub(super) fn ensure_running(place: &Place, user: ServerUser) -> Result<(), EmbeddedError> {
    let data = place.data();
    if proc::server_of(&data).is_some() {
        return Ok(());
    }
    let binaries = Binaries::find(major_of(&data))?;
    if !data.exists() {
        make(place, user, &binaries)?;
    }
    start(place, user, &binaries)
}

/// Stops the server: open transactions are rolled back, everything acknowledged is on disk. No server is no error.
pub(super) fn stop(place: &Place, user: ServerUser) -> Result<(), EmbeddedError> {
    let data = place.data();
    if proc::server_of(&data).is_none() {
        return Ok(());
    }
    let binaries = Binaries::find(major_of(&data))?;
    let mut command = user.command(&binaries.program("pg_ctl"), place.home());
    command.args(["stop", "--mode=fast", "--wait", "--timeout=120", "--silent", "-D"]).arg(&data);
    run("pg_ctl stop", command)
}

/// The error for a server that does not answer.
pub(super) fn not_ready(place: &Place, why: String) -> EmbeddedError {
    EmbeddedError::NotReady { dir: place.home().to_owned(), why, log: log_tail(place) }
}

/// The last lines of the server's log.
fn log_tail(place: &Place) -> String {
    let log = fs::read(place.log()).unwrap_or_default();
    let text = String::from_utf8_lossy(&log);
    let lines: Vec<&str> = text.lines().rev().take(15).collect();
    lines.into_iter().rev().collect::<Vec<_>>().join("\n")
}

/// Runs `initdb` beside and renames the result into place: a data directory is complete or not there. What a killed
/// predecessor left behind carries another name and is swept away.
fn make(place: &Place, user: ServerUser, binaries: &Binaries) -> Result<(), EmbeddedError> {
    sweep(place)?;
    write_password(place, user)?;
    let making = place.home().join(format!("making-{:08x}", rand::rng().next_u32()));
    make_private_dir(&making, user)?;
    let mut command = user.command(&binaries.program("initdb"), place.home());
    command
        .args(["--auth=scram-sha-256", "--encoding=UTF8", "--locale=C.UTF-8", "--data-checksums"])
        .arg(format!("--username={OWNER}"))
        .arg("--pwfile")
        .arg(place.password())
        .arg("-D")
        .arg(&making);
    run("initdb", command)?;
    let main = making.join("postgresql.conf");
    OpenOptions::new()
        .append(true)
        .open(&main)
        .and_then(|mut file| writeln!(file, "\ninclude = '{SETTINGS}'"))
        .map_err(EmbeddedError::file("write", &main))?;
    fs::rename(&making, place.data()).map_err(EmbeddedError::file("rename", &making))
}

fn sweep(place: &Place) -> Result<(), EmbeddedError> {
    let home = place.home();
    for entry in fs::read_dir(home).map_err(EmbeddedError::file("list", home))?.flatten() {
        if entry.file_name().to_string_lossy().starts_with("making-") {
            // A predecessor's initdb may still be writing there; then the next call sweeps.
            if let Err(error) = fs::remove_dir_all(entry.path()) {
                tracing::warn!(dir = %entry.path().display(), %error, "cannot remove a half-made cluster");
            }
        }
    }
    Ok(())
}

fn write_password(place: &Place, user: ServerUser) -> Result<(), EmbeddedError> {
    let path = place.password();
    let mut secret = [0u8; 32];
    rand::rng().fill_bytes(&mut secret);
    OpenOptions::new()
        .create(true)
        .truncate(true)
        .write(true)
        .mode(0o600)
        .open(&path)
        .and_then(|mut file| file.write_all(hex::encode(secret).as_bytes()))
        .map_err(EmbeddedError::file("write", &path))?;
    user.own(&path)
}

fn start(place: &Place, user: ServerUser, binaries: &Binaries) -> Result<(), EmbeddedError> {
    let data = place.data();
    let socket_dir = place.make_socket_dir(user)?;
    clear_the_dead(&data, &socket_dir)?;
    let conf = data.join(SETTINGS);
    fs::write(&conf, settings::text(&socket_dir, settings::memory_bytes()))
        .map_err(EmbeddedError::file("write", &conf))?;
    user.own(&conf)?;
    let log = place.log();
    if fs::metadata(&log).is_ok_and(|log| log.len() > LOG_LIMIT_BYTES) {
        let old = log.with_extension("log.1");
        fs::rename(&log, old).map_err(EmbeddedError::file("rename", &log))?;
    }
    // It watches the new process, so that one that ends is told at once. Recovery replays at most `max_wal_size`.
    let mut command = user.command(&binaries.program("pg_ctl"), place.home());
    command.args(["start", "--wait", "--timeout=120", "--silent", "-D"]);
    command.arg(&data).arg("-l").arg(&log);
    run("pg_ctl start", command).map_err(|error| not_ready(place, error.to_string()))
}

/// Removes the pid and lock files of a killed server, after proving that no process of it is left. In a container without
/// a reaping init a killed server stays a zombie, and its pid would block the start for ever; a pid may also be in use by
/// something else by now.
fn clear_the_dead(data: &Path, socket_dir: &Path) -> Result<(), EmbeddedError> {
    let begun = Instant::now();
    loop {
        let left = proc::working_in(data);
        if left.is_empty() {
            break;
        }
        if begun.elapsed() > ORPHAN_WAIT {
            // No server is above them: crash recovery will undo whatever they are in the middle of.
            let mut kill = Command::new("kill");
            kill.arg("-KILL").args(left.iter().map(u32::to_string));
            run("kill", kill)?;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    let pid_file = data.join("postmaster.pid");
    for path in [pid_file, socket_dir.join(".s.PGSQL.5432"), socket_dir.join(".s.PGSQL.5432.lock")]
    {
        match fs::remove_file(&path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(EmbeddedError::file("remove", path)(error));
            }
            _ => {}
        }
    }
    Ok(())
}

/// Runs a program to its end; its output goes into the error. `pg_ctl start` leaves the server holding our pipes, so the
/// output goes to a file that has no name.
fn run(program: &'static str, mut command: Command) -> Result<(), EmbeddedError> {
    let failed = |output: String| EmbeddedError::Program { program, output };
    let said = tempfile::tempfile().map_err(|error| failed(error.to_string()))?;
    let copy = || said.try_clone().map_err(|error| failed(error.to_string()));
    let status = command
        .stdout(copy()?)
        .stderr(copy()?)
        .status()
        .map_err(|error| failed(error.to_string()))?;
    if status.success() {
        return Ok(());
    }
    Err(failed(format!("{status}: {}", read_back(said).trim())))
}

fn read_back(mut file: File) -> String {
    use std::io::{Read as _, Seek as _};
    let mut text = String::new();
    match file.rewind().and_then(|()| file.read_to_string(&mut text)) {
        Ok(_) => text,
        Err(error) => format!("(its output cannot be read: {error})"),
    }
}
