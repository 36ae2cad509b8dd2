//! What the machine offers: server binaries and the user to run them as.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::Error;

/// The folder of the server binaries.
#[derive(Debug, Clone)]
pub(crate) struct Binaries(PathBuf);

impl Binaries {
    /// Looks in `PG_BIN`, where `pg_config` points, and where Debian installs
    /// servers, newest first.
    pub(crate) fn find() -> Result<Self, Error> {
        let named = std::env::var_os("PG_BIN").filter(|value| !value.is_empty());
        let candidates = match named {
            Some(folder) => vec![PathBuf::from(folder)],
            None => pg_config().into_iter().chain(debian()).collect(),
        };
        let complete = |folder: &PathBuf| {
            ["initdb", "postgres", "psql"].iter().all(|tool| folder.join(tool).is_file())
        };
        candidates.into_iter().find(complete).map(Self).ok_or(Error::NoBinaries)
    }

    pub(crate) fn tool(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

fn pg_config() -> Option<PathBuf> {
    let output = Command::new("pg_config").arg("--bindir").output().ok()?;
    let folder = String::from_utf8(output.stdout).ok()?;
    output.status.success().then(|| PathBuf::from(folder.trim()))
}

fn debian() -> Vec<PathBuf> {
    let entries = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let version = |path: &PathBuf| {
        path.file_name().and_then(OsStr::to_str).and_then(|name| name.parse::<u32>().ok())
    };
    let mut folders: Vec<_> = entries.map(|entry| entry.path()).collect();
    folders.sort_by_key(|path| std::cmp::Reverse(version(path)));
    folders.into_iter().map(|path| path.join("bin")).collect()
}

/// The ordinary user that the server runs as when root starts it: Postgres
/// refuses to run as root.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Account {
    pub(crate) uid: u32,
    pub(crate) gid: u32,
}

impl Account {
    /// `None` for an ordinary user, who runs the server as himself.
    pub(crate) fn for_server() -> Result<Option<Self>, Error> {
        if !rustix::process::geteuid().is_root() {
            return Ok(None);
        }
        let passwd =
            fs::read_to_string("/etc/passwd").map_err(crate::at(Path::new("/etc/passwd")))?;
        ["postgres", "nobody"]
            .into_iter()
            .find_map(|name| Self::in_passwd(&passwd, name))
            .map(Some)
            .ok_or(Error::NoAccount)
    }

    /// Keeps the user whom existing data belongs to, such as the person who
    /// started the server before and now does so through sudo.
    pub(crate) fn yield_to_owner_of(&mut self, data: &Path) {
        if let Ok(status) = fs::metadata(data)
            && status.uid() != 0
        {
            (self.uid, self.gid) = (status.uid(), status.gid());
        }
    }

    fn in_passwd(passwd: &str, name: &str) -> Option<Self> {
        passwd.lines().find_map(|line| {
            let mut fields = line.split(':');
            (fields.next() == Some(name)).then_some(())?;
            let uid = fields.nth(1)?.parse().ok()?;
            let gid = fields.next()?.parse().ok()?;
            Some(Self { uid, gid })
        })
    }

    /// Whether the user may pass through `folder` and everything above it.
    pub(crate) fn can_enter(self, folder: &Path) -> bool {
        folder.ancestors().filter(|path| !path.as_os_str().is_empty()).all(|path| {
            let Ok(status) = fs::metadata(path) else { return false };
            let bit = if status.uid() == self.uid {
                0o100
            } else if status.gid() == self.gid {
                0o010
            } else {
                0o001
            };
            status.mode() & bit != 0
        })
    }
}

/// A command that inherits nothing of this process's environment, such as
/// `PGOPTIONS` or a foreign locale.
pub(crate) fn clean_command(program: &Path) -> Command {
    let mut command = Command::new(program);
    command.env_clear().env("PATH", "/usr/bin:/bin").env("LC_ALL", "C.UTF-8").env("TZ", "UTC");
    command.current_dir("/");
    command
}

/// Lets the command run as the server's user; supplementary groups are dropped too.
pub(crate) fn become_user(command: &mut Command, account: Option<&Account>) {
    if let Some(account) = account {
        command.uid(account.uid).gid(account.gid);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_is_found_by_its_whole_name() {
        let passwd = "postgres2:x:7:8::/:/bin/sh\npostgres:x:106:111:,,,:/var/lib:/bin/bash\n";

        let account = Account::in_passwd(passwd, "postgres").unwrap();

        assert_eq!((account.uid, account.gid), (106, 111));
        assert!(Account::in_passwd(passwd, "nobody").is_none());
    }
}
