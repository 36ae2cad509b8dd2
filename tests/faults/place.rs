//! A Postgres that can be stopped, started again and copied.

use std::fs::{self, Permissions};
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, ensure};
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use private_postgres::{Cluster, run_as_superuser};
use tempfile::TempDir;

/// The database of the service.
pub(crate) const DATABASE: &str = "faults";

/// How a server is told to stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shutdown {
    /// It ends its sessions and writes a checkpoint.
    Fast,
    /// It ends as in a power cut.
    Immediate,
}

/// A server with its folder, which goes with it.
pub(crate) struct Place {
    cluster: Option<Cluster>,
    url: String,
    folder: PathBuf,
    _base: TempDir,
}

impl Place {
    /// A new server with an empty database.
    pub(crate) fn new() -> anyhow::Result<Self> {
        let base = open_folder()?;
        let folder = base.path().join("primary");
        let cluster = Cluster::persistent(&folder).context("the private Postgres")?;
        cluster.create_database(DATABASE, None)?;
        let url = cluster.url(DATABASE);
        Ok(Self { cluster: Some(cluster), url, folder, _base: base })
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    pub(crate) fn port(&self) -> anyhow::Result<u16> {
        self.cluster.as_ref().map(Cluster::port).context("the server is stopped")
    }

    /// A connection of the story's own.
    pub(crate) fn connect(&self) -> anyhow::Result<PgConnection> {
        PgConnection::establish(&self.url).context("the story's own connection")
    }

    pub(crate) fn execute(&self, sql: &str) -> anyhow::Result<()> {
        self.connect()?.batch_execute(sql).context("a statement of the story")
    }

    /// The number that a query calls `count`.
    pub(crate) fn count(&self, query: &str) -> anyhow::Result<i64> {
        #[derive(QueryableByName)]
        struct Row {
            #[diesel(sql_type = diesel::sql_types::BigInt)]
            count: i64,
        }
        let row = diesel::sql_query(query).get_result::<Row>(&mut self.connect()?)?;
        Ok(row.count)
    }

    pub(crate) fn stop(&mut self, how: Shutdown) -> anyhow::Result<()> {
        if how == Shutdown::Immediate {
            let status = fs::read_to_string(self.folder.join("data/postmaster.pid"))?;
            let pid = status.lines().next().context("no process number")?;
            signal("-QUIT", pid)?;
        }
        self.cluster = None;
        Ok(())
    }

    /// Starts the server where it was, on the port that it had.
    pub(crate) fn start(&mut self) -> anyhow::Result<()> {
        self.cluster = Some(Cluster::persistent(&self.folder)?);
        ensure!(self.cluster.as_ref().map(|it| it.url(DATABASE)).as_ref() == Some(&self.url));
        Ok(())
    }

    /// Makes a standby of the stopped server: the same data at the same address, and no
    /// writes.
    pub(crate) fn become_standby(&mut self) -> anyhow::Result<()> {
        fs::write(self.folder.join("data/standby.signal"), "")?;
        self.start()
    }

    /// Keeps the tables of the database in another folder, of another file system.
    pub(crate) fn move_database_to(&mut self, folder: &Path) -> anyhow::Result<()> {
        self.stop(Shutdown::Fast)?;
        fs::create_dir(folder)?;
        let owner = fs::metadata(self.folder.join("data"))?;
        chown(folder, Some(owner.uid()), Some(owner.gid()))?;
        run_as_superuser(
            &self.folder,
            &format!(
                "CREATE TABLESPACE elsewhere LOCATION '{}'\n\
                 ALTER DATABASE {DATABASE} SET TABLESPACE elsewhere\n",
                folder.display()
            ),
        )?;
        self.start()
    }

    /// Ends the standby's recovery: it takes writes again.
    pub(crate) fn promote(&mut self) -> anyhow::Result<()> {
        self.stop(Shutdown::Fast)?;
        fs::remove_file(self.folder.join("data/standby.signal"))?;
        self.start()
    }
}

/// A folder that the server's user may pass through.
pub(crate) fn open_folder() -> anyhow::Result<TempDir> {
    let base = tempfile::Builder::new().prefix("wathiqa-faults").tempdir_in("/tmp")?;
    fs::set_permissions(base.path(), Permissions::from_mode(0o711))?;
    Ok(base)
}

/// Sends a signal to a process.
pub(crate) fn signal(signal: &str, pid: &str) -> anyhow::Result<()> {
    run(Command::new("kill").args([signal, pid]))
}

/// Runs a command of the machine.
pub(crate) fn run(command: &mut Command) -> anyhow::Result<()> {
    let output = command.output().with_context(|| format!("{}", name(command).display()))?;
    let told = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "{}: {told}", name(command).display());
    Ok(())
}

fn name(command: &Command) -> &Path {
    Path::new(command.get_program())
}
