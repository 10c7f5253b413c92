//! What is really running, read from /proc: a pid file proves nothing after a kill.

use std::fs;
use std::path::{Path, PathBuf};

/// The state letter of `/proc/{pid}/stat`; `None` when there is no such process.
fn state_of(pid: u32) -> Option<char> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The name in parentheses may hold anything, so read from its last closing one.
    stat.rsplit_once(')')?.1.trim_start().chars().next()
}

/// Whether `pid` is alive: neither gone nor a zombie that nobody collected.
pub(super) fn is_alive(pid: u32) -> bool {
    state_of(pid).is_some_and(|state| !matches!(state, 'Z' | 'X'))
}

/// All living processes that work in the data directory: the server and its children change into it.
pub(super) fn working_in(data: &Path) -> Vec<u32> {
    let pids = fs::read_dir("/proc").into_iter().flatten().flatten();
    pids.filter_map(|entry| entry.file_name().to_str()?.parse().ok())
        .filter(|&pid| is_alive(pid) && works_in(pid, data) && is_postgres(pid))
        .collect()
}

fn works_in(pid: u32, data: &Path) -> bool {
    fs::read_link(format!("/proc/{pid}/cwd")).is_ok_and(|dir: PathBuf| dir == data)
}

fn is_postgres(pid: u32) -> bool {
    fs::read_to_string(format!("/proc/{pid}/comm")).is_ok_and(|name| name.trim() == "postgres")
}

/// The pid in the first line of the server's pid file.
pub(super) fn recorded_pid(data: &Path) -> Option<u32> {
    fs::read_to_string(data.join("postmaster.pid")).ok()?.lines().next()?.trim().parse().ok()
}

/// The server's pid if it is running on `data` now.
pub(super) fn server_of(data: &Path) -> Option<u32> {
    recorded_pid(data).filter(|&pid| is_alive(pid) && works_in(pid, data) && is_postgres(pid))
}

#[cfg(test)]
mod tests {
    use super::{is_alive, working_in};

    #[test]
    fn this_process_lives_and_a_zombie_does_not() {
        assert!(is_alive(std::process::id()));
        let mut child = std::process::Command::new("true").spawn().unwrap();
        // Until it is waited for, a child that has ended is a zombie.
        while is_alive(child.id()) {
            std::thread::yield_now();
        }
        assert!(std::path::Path::new(&format!("/proc/{}", child.id())).exists());
        child.wait().unwrap();
    }

    #[test]
    fn a_process_that_is_not_a_server_does_not_count() {
        let here = std::env::current_dir().unwrap();
        assert_eq!(working_in(&here), Vec::<u32>::new());
    }
}
