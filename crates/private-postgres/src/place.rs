//! The folder of one server: where it lies, who owns what in it.
//!
//! | Entry | Mode | Owner | What |
//! |---|---|---|---|
//! | `data/` | 0700 | the server's user | the database |
//! | `server.key` | 0600 | the server's user | the private key |
//! | `password` | 0600 | who starts it | of the role |
//! | `ca.crt`, `server.crt`, `pg_hba.conf` | 0644 | who starts it | |
//! | `server.log`, `lock`, `port` | 0600 | who starts it | |

use std::fs::{self, DirBuilder, File, OpenOptions, Permissions};
use std::io::Write;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt, chown, symlink};
use std::path::{Path, PathBuf};

use crate::host::Account;
use crate::{Error, at};

/// Where folders lie whose wished place the server's user cannot enter.
const ELSEWHERE: &str = "/var/lib/private-postgres";

#[derive(Debug)]
pub(crate) struct Place {
    base: PathBuf,
    temporary: bool,
    /// Held as long as the server runs.
    lock: File,
}

impl Place {
    /// A new folder under `TMPDIR`, or under `/tmp` or `/var/tmp` where the
    /// server's user cannot enter that.
    pub(crate) fn temporary(account: Option<&Account>) -> Result<Self, Error> {
        let candidates = [std::env::temp_dir(), PathBuf::from("/tmp"), PathBuf::from("/var/tmp")];
        let enterable = |path: &&PathBuf| account.is_none_or(|account| account.can_enter(path));
        let parent = candidates.iter().find(enterable).unwrap_or(&candidates[0]);
        let base = parent.join(format!("private-postgres-{}", random_hex(8)?));
        DirBuilder::new().mode(0o700).create(&base).map_err(at(&base))?;
        Self::lock(base, true)
    }

    /// `folder`, made when missing.
    pub(crate) fn persistent(folder: &Path, account: Option<&Account>) -> Result<Self, Error> {
        let folder = std::path::absolute(folder).map_err(at(folder))?;
        if let Some(parent) = folder.parent() {
            fs::create_dir_all(parent).map_err(at(parent))?;
        }
        let base = match account {
            Some(account) if !account.can_enter(folder.parent().unwrap_or(&folder)) => {
                elsewhere(&folder)?
            }
            _ => folder,
        };
        // The server's user passes through to `data/` and sees nothing else.
        let mode = if account.is_some() { 0o711 } else { 0o700 };
        fs::create_dir_all(&base).map_err(at(&base))?;
        fs::set_permissions(&base, Permissions::from_mode(mode)).map_err(at(&base))?;
        Self::lock(base, false)
    }

    fn lock(base: PathBuf, temporary: bool) -> Result<Self, Error> {
        let path = base.join("lock");
        let mut options = OpenOptions::new();
        let lock = options.create(true).append(true).mode(0o600).open(&path).map_err(at(&path))?;
        if lock.try_lock().is_err() {
            return Err(Error::AlreadyRunning(base));
        }
        Ok(Self { base, temporary, lock })
    }

    pub(crate) fn base(&self) -> &Path {
        &self.base
    }

    pub(crate) fn is_temporary(&self) -> bool {
        self.temporary
    }

    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.base.join(name)
    }

    pub(crate) fn data(&self) -> PathBuf {
        self.file("data")
    }

    /// A copy of the lock, for the process that outlives this one by a moment.
    pub(crate) fn lock_for_guardian(&self) -> Result<File, Error> {
        self.lock.try_clone().map_err(at(&self.base))
    }

    /// Removes the `postmaster.pid` of a server that was killed. Postgres would
    /// refuse to start if another program has that process number by now.
    pub(crate) fn clear_stale_pid(&self) -> Result<(), Error> {
        let path = self.data().join("postmaster.pid");
        let Ok(text) = fs::read_to_string(&path) else { return Ok(()) };
        let pid = text.lines().next().unwrap_or_default().trim();
        // The lock is ours, so only a server started by other means can run here.
        let runs_here = fs::read_link(format!("/proc/{pid}/cwd"))
            .is_ok_and(|folder| fs::canonicalize(self.data()).is_ok_and(|data| data == folder));
        if runs_here {
            return Err(Error::AlreadyRunning(self.base.clone()));
        }
        fs::remove_file(&path).map_err(at(&path))
    }

    pub(crate) fn is_initialised(&self) -> bool {
        self.file("initialised").is_file()
    }

    pub(crate) fn mark_initialised(&self) -> Result<(), Error> {
        self.write_public("initialised", "")
    }

    /// Makes an empty `data/`, in place of one that was left half made.
    pub(crate) fn make_data_folder(&self, account: Option<&Account>) -> Result<(), Error> {
        let data = self.data();
        if data.exists() {
            fs::remove_dir_all(&data).map_err(at(&data))?;
        }
        DirBuilder::new().mode(0o700).create(&data).map_err(at(&data))?;
        give(&data, account)?;
        // Only now may the server's user enter a temporary folder: everything
        // above was written where nobody else could reach.
        self.hand_over(account)
    }

    /// Gives a temporary folder to the server's user, whose guardian removes it.
    pub(crate) fn hand_over(&self, account: Option<&Account>) -> Result<(), Error> {
        if self.temporary { give(&self.base, account) } else { Ok(()) }
    }

    /// The password of the role, made at the first start.
    pub(crate) fn password(&self) -> Result<String, Error> {
        let path = self.file("password");
        if self.is_initialised() {
            return fs::read_to_string(&path).map_err(at(&path));
        }
        let password = random_hex(24)?;
        self.write_secret("password", password.as_bytes(), None)?;
        Ok(password)
    }

    pub(crate) fn kept_port(&self) -> Option<u16> {
        fs::read_to_string(self.file("port")).ok()?.parse().ok()
    }

    pub(crate) fn keep_port(&self, port: u16) -> Result<(), Error> {
        self.write_secret("port", port.to_string().as_bytes(), None)
    }

    pub(crate) fn write_public(&self, name: &str, bytes: impl AsRef<[u8]>) -> Result<(), Error> {
        self.write(name, bytes.as_ref(), 0o644).map(drop)
    }

    pub(crate) fn write_secret(
        &self,
        name: &str,
        bytes: &[u8],
        account: Option<&Account>,
    ) -> Result<(), Error> {
        give(&self.write(name, bytes, 0o600)?, account)
    }

    fn write(&self, name: &str, bytes: &[u8], mode: u32) -> Result<PathBuf, Error> {
        let path = self.file(name);
        // A new file, so that neither the mode nor the owner of an old one stays.
        let _ = fs::remove_file(&path);
        let mut file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(mode)
            .open(&path)
            .map_err(at(&path))?;
        file.write_all(bytes).map_err(at(&path))?;
        fs::set_permissions(&path, Permissions::from_mode(mode)).map_err(at(&path))?;
        Ok(path)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if self.temporary {
            // Gone already when a guardian has served it.
            let _ = fs::remove_dir_all(&self.base);
        }
    }
}

/// The folder in place of one that cannot be entered, and a link to it there.
fn elsewhere(wished: &Path) -> Result<PathBuf, Error> {
    use std::os::unix::ffi::OsStrExt;
    let digest = openssl::sha::sha256(wished.as_os_str().as_bytes());
    let folder = Path::new(ELSEWHERE).join(hex(&digest[..8]));
    fs::create_dir_all(&folder).map_err(at(&folder))?;
    fs::set_permissions(ELSEWHERE, Permissions::from_mode(0o711)).map_err(at(&folder))?;
    if fs::read_link(wished).is_ok_and(|target| target == folder) {
        return Ok(folder);
    }
    symlink(&folder, wished).map_err(at(wished))?;
    Ok(folder)
}

fn give(path: &Path, account: Option<&Account>) -> Result<(), Error> {
    account.map_or(Ok(()), |account| {
        chown(path, Some(account.uid), Some(account.gid)).map_err(at(path))
    })
}

fn random_hex(bytes: usize) -> Result<String, Error> {
    let mut random = vec![0; bytes];
    openssl::rand::rand_bytes(&mut random)?;
    Ok(hex(&random))
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
