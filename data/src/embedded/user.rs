//! As whom the server runs: PostgreSQL refuses root, so root hands it to the user `postgres`.

use std::fs;
use std::os::unix::fs::{MetadataExt, chown};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, Stdio};

use super::error::EmbeddedError;

/// The user the server runs as; `None` inside means this process's own.
#[derive(Clone, Copy, Debug)]
pub(super) struct ServerUser(Option<Account>);

#[derive(Clone, Copy, Debug)]
struct Account {
    uid: u32,
    gid: u32,
}

impl ServerUser {
    /// `postgres` when this process is root, otherwise whoever this process is.
    pub(super) fn choose() -> Result<Self, EmbeddedError> {
        let own = fs::metadata("/proc/self")
            .map_err(EmbeddedError::file("read the owner of", "/proc/self"))?;
        if own.uid() != 0 {
            return Ok(Self(None));
        }
        let users = fs::read_to_string("/etc/passwd")
            .map_err(EmbeddedError::file("read", "/etc/passwd"))?;
        account(&users, "postgres")
            .map(|found| Self(Some(found)))
            .ok_or(EmbeddedError::NoServerUser)
    }

    /// A command that will run as this user, in `dir`, without the caller's PostgreSQL environment.
    pub(super) fn command(self, program: &Path, dir: &Path) -> Command {
        let mut command = Command::new(program);
        command.current_dir(dir).stdin(Stdio::null());
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("PG") {
                command.env_remove(name);
            }
        }
        if let Self(Some(account)) = self {
            command.uid(account.uid).gid(account.gid);
        }
        command
    }

    /// Gives `path` to this user; nothing to do when that is the caller.
    pub(super) fn own(self, path: &Path) -> Result<(), EmbeddedError> {
        match self.0 {
            Some(account) => chown(path, Some(account.uid), Some(account.gid))
                .map_err(EmbeddedError::file("change the owner of", path)),
            None => Ok(()),
        }
    }

    /// Whether this user may enter `dir`, asked of the system itself rather than computed from modes.
    pub(super) fn may_enter(self, dir: &Path) -> bool {
        self.0.is_none()
            || self
                .command(Path::new("/bin/sh"), Path::new("/"))
                .args(["-c", "cd -- \"$1\" && test -w .", "sh"])
                .arg(dir)
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .status()
                .is_ok_and(|status| status.success())
    }

    /// Whether the server runs as this process's own user.
    #[cfg(test)]
    pub(super) fn is_self(self) -> bool {
        self.0.is_none()
    }

    /// The numeric id files of the server must belong to.
    pub(super) fn uid(self) -> Result<u32, EmbeddedError> {
        match self.0 {
            Some(account) => Ok(account.uid),
            None => fs::metadata("/proc/self")
                .map(|own| own.uid())
                .map_err(EmbeddedError::file("read the owner of", "/proc/self")),
        }
    }
}

/// The account of `name` in the text of a passwd file.
fn account(users: &str, name: &str) -> Option<Account> {
    let mut fields = users
        .lines()
        .map(|line| line.split(':'))
        .find_map(|mut fields| (fields.next() == Some(name)).then_some(fields))?;
    let uid = fields.nth(1)?.parse().ok()?;
    let gid = fields.next()?.parse().ok()?;
    Some(Account { uid, gid })
}

#[cfg(test)]
mod tests {
    use super::account;

    #[test]
    fn an_account_is_found_by_its_whole_name() {
        let users = "root:x:0:0::/root:/bin/sh\npostgres2:x:5:6::/:/bin/sh\npostgres:x:101:104::/:/bin/sh\n";
        let found = account(users, "postgres").unwrap();
        assert_eq!((found.uid, found.gid), (101, 104));
        assert!(account(users, "post").is_none());
    }
}
