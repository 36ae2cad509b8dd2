//! Starts a private, TLS-only Postgres from the server binaries that are
//! installed, for development and for tests.
//!
//! The server listens on 127.0.0.1 alone, has no Unix socket, and lets one
//! ordinary role in, with SCRAM over TLS; its superuser cannot log in at all.
//! Started by root, it runs as `postgres` (or `nobody`). A guardian process
//! stops it when the process that started it ends, however it ends.

mod certificate;
mod guardian;
mod host;
mod place;
mod pooler;

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::net::TcpListener;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use guardian::Guardian;
use host::{Account, Binaries};
use place::Place;
pub use pooler::Pooler;

/// The role that may log in. It owns the databases it makes and is no superuser.
pub const ROLE: &str = "wathiqa";

/// Why there is no server.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No server binaries were found.
    #[error(
        "no Postgres server binaries found: set PG_BIN to the folder that has initdb, or run scripts/setup"
    )]
    NoBinaries,
    /// Root has no ordinary user to run the server as.
    #[error("started by root, and /etc/passwd has neither a postgres nor a nobody user")]
    NoAccount,
    /// PgBouncer is not installed.
    #[error("pgbouncer was not found: run scripts/setup")]
    NoPooler,
    /// Another process serves the same data folder.
    #[error("a server already runs on {}", .0.display())]
    AlreadyRunning(PathBuf),
    /// A tool of Postgres failed; its own words follow.
    #[error("{tool} failed: {output}")]
    Tool {
        /// The name of the executable.
        tool: &'static str,
        /// What it wrote.
        output: String,
    },
    /// The server ended or did not get ready; the end of its log follows.
    #[error("the server did not start: {0}")]
    NotReady(String),
    /// A file could not be read or written.
    #[error("{}: {source}", path.display())]
    File {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// No certificate could be made or read.
    #[error("certificate: {0}")]
    Certificate(#[from] openssl::error::ErrorStack),
}

/// Names the file that an I/O error is about.
fn at(path: &Path) -> impl FnOnce(io::Error) -> Error + '_ {
    move |source| Error::File { path: path.to_owned(), source }
}

/// A running server. Dropping it stops the server and, when it is temporary,
/// removes its data.
#[derive(Debug)]
pub struct Cluster {
    // Dropped first: the server stops before its folder is let go.
    _guardian: Guardian,
    binaries: Binaries,
    place: Place,
    port: u16,
    password: String,
}

impl Cluster {
    /// Starts a server that forgets everything when it stops. It does not wait
    /// for the disk, which a database of tests need not do.
    ///
    /// # Errors
    ///
    /// When no server can be started: see [`Error`].
    pub fn temporary() -> Result<Self, Error> {
        let account = Account::for_server()?;
        retry(|| Self::start(Place::temporary(account.as_ref())?, account.as_ref()))
    }

    /// Starts a server that keeps its data in `folder`, makes it on first use,
    /// and takes up what a server that was killed has left there.
    ///
    /// Where root starts it and the server's user cannot enter a folder above
    /// (`/root`, for example), the data lies in
    /// `/var/lib/private-postgres/<digest of the path>`, and `folder` is a link to it.
    ///
    /// # Errors
    ///
    /// When no server can be started: see [`Error`].
    pub fn persistent(folder: &Path) -> Result<Self, Error> {
        let mut account = Account::for_server()?;
        if let Some(account) = &mut account {
            account.yield_to_owner_of(&folder.join("data"));
        }
        retry(|| Self::start(Place::persistent(folder, account.as_ref())?, account.as_ref()))
    }

    fn start(place: Place, account: Option<&Account>) -> Result<Self, Error> {
        let binaries = Binaries::find()?;
        place.clear_stale_pid()?;
        certificate::ensure(&place, account)?;
        let password = place.password()?;
        let hba = format!("hostssl all {ROLE} 127.0.0.1/32 scram-sha-256\n");
        place.write_public("pg_hba.conf", &hba)?;
        if !place.is_initialised() {
            initialise(&binaries, &place, account, &password)?;
        }
        let port = free_port(place.kept_port()).map_err(at(place.base()))?;
        place.keep_port(port)?;
        let command = server_command(&binaries, &place, port);
        // SIGINT is the fast shutdown: it ends the sessions and writes a checkpoint.
        let guardian = Guardian::start(&command, "INT", &place, account, || is_ready(&place))?;
        Ok(Self { _guardian: guardian, binaries, place, port, password })
    }

    /// The URL of `database`, with full verification of the server's certificate.
    /// It holds the password: do not print it.
    pub fn url(&self, database: &str) -> String {
        url(&self.password, self.port, database, &self.root_certificate())
    }

    /// The port on 127.0.0.1.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The folder that the data, the certificates and the server's log are in.
    pub fn folder(&self) -> &Path {
        self.place.base()
    }

    /// The certificate of the authority that signed the server's certificate.
    pub fn root_certificate(&self) -> PathBuf {
        self.place.file("ca.crt")
    }

    /// Makes an empty database, or a copy of `template`, to which nobody may be connected.
    ///
    /// # Errors
    ///
    /// [`Error::Tool`] when the server refuses, such as for a name already taken.
    pub fn create_database(&self, name: &str, template: Option<&str>) -> Result<(), Error> {
        let template = template.unwrap_or("template0");
        self.sql(&format!("CREATE DATABASE {} TEMPLATE {}", quote(name), quote(template)))
    }

    /// Makes an empty database unless it exists.
    ///
    /// # Errors
    ///
    /// [`Error::Tool`] when the server refuses.
    pub fn ensure_database(&self, name: &str) -> Result<(), Error> {
        match self.create_database(name, None) {
            Err(Error::Tool { output, .. }) if output.contains("already exists") => Ok(()),
            result => result,
        }
    }

    /// Drops a database if it exists and ends the connections to it.
    ///
    /// # Errors
    ///
    /// [`Error::Tool`] when the server refuses.
    pub fn drop_database(&self, name: &str) -> Result<(), Error> {
        self.sql(&format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", quote(name)))
    }

    fn sql(&self, statement: &str) -> Result<(), Error> {
        let mut psql = host::clean_command(&self.binaries.tool("psql"));
        psql.args(["--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--command", statement])
            .env("PGHOST", "localhost")
            .env("PGHOSTADDR", "127.0.0.1")
            .env("PGPORT", self.port.to_string())
            .env("PGUSER", ROLE)
            .env("PGPASSWORD", &self.password)
            .env("PGDATABASE", "postgres")
            .env("PGSSLMODE", "verify-full")
            .env("PGSSLROOTCERT", self.root_certificate());
        run("psql", &mut psql, None)
    }
}

/// Makes the data folder and the one role that may log in. The role is made
/// without a network by the server's single-user mode.
fn initialise(
    binaries: &Binaries,
    place: &Place,
    account: Option<&Account>,
    password: &str,
) -> Result<(), Error> {
    place.make_data_folder(account)?;
    let mut initdb = host::clean_command(&binaries.tool("initdb"));
    initdb.args(["--auth=reject", "--encoding=UTF8", "--locale=C.UTF-8", "--username=superuser"]);
    if place.is_temporary() {
        initdb.arg("--no-sync");
    }
    initdb.arg("--pgdata").arg(place.data());
    host::become_user(&mut initdb, account);
    run("initdb", &mut initdb, None)?;

    let role = format!("CREATE ROLE {ROLE} LOGIN CREATEDB PASSWORD '{password}';\n");
    single_user(binaries, place, account, &role)?;
    place.mark_initialised()
}

/// Runs statements, one a line, as the superuser: without a network and without a server.
fn single_user(
    binaries: &Binaries,
    place: &Place,
    account: Option<&Account>,
    statements: &str,
) -> Result<(), Error> {
    let mut single = host::clean_command(&binaries.tool("postgres"));
    single.arg("--single").arg("-D").arg(place.data());
    single.args(["-c", "password_encryption=scram-sha-256", "-c", "exit_on_error=on", "postgres"]);
    host::become_user(&mut single, account);
    run("postgres", &mut single, Some(statements))
}

/// Lets the superuser, who cannot log in to the server, run statements on a stopped one
/// that [`Cluster::persistent`] made in `folder`: one statement a line.
///
/// # Errors
///
/// [`Error::AlreadyRunning`] while it runs, [`Error::Tool`] when a statement fails.
pub fn run_as_superuser(folder: &Path, statements: &str) -> Result<(), Error> {
    let mut account = Account::for_server()?;
    if let Some(account) = &mut account {
        account.yield_to_owner_of(&folder.join("data"));
    }
    let place = Place::persistent(folder, account.as_ref())?;
    single_user(&Binaries::find()?, &place, account.as_ref(), statements)
}

fn server_command(binaries: &Binaries, place: &Place, port: u16) -> Command {
    let mut settings = vec![
        "listen_addresses=127.0.0.1".to_owned(),
        "unix_socket_directories=".to_owned(),
        format!("port={port}"),
        "max_connections=200".to_owned(),
        "ssl=on".to_owned(),
        "ssl_min_protocol_version=TLSv1.2".to_owned(),
        format!("ssl_cert_file={}", place.file("server.crt").display()),
        format!("ssl_key_file={}", place.file("server.key").display()),
        format!("hba_file={}", place.file("pg_hba.conf").display()),
        "logging_collector=off".to_owned(),
        "timezone=UTC".to_owned(),
    ];
    if place.is_temporary() {
        let fast = ["fsync=off", "synchronous_commit=off", "full_page_writes=off"];
        settings.extend(fast.map(str::to_owned));
    }
    let mut command = host::clean_command(&binaries.tool("postgres"));
    command.arg("-D").arg(place.data());
    for setting in settings {
        command.arg("-c").arg(setting);
    }
    command
}

fn url(password: &str, port: u16, database: &str, root_certificate: &Path) -> String {
    let root = percent_encode(root_certificate);
    format!(
        "postgres://{ROLE}:{password}@127.0.0.1:{port}/{database}?sslmode=verify-full&sslrootcert={root}"
    )
}

fn is_ready(place: &Place) -> bool {
    let status = fs::read_to_string(place.data().join("postmaster.pid"));
    status.is_ok_and(|text| text.lines().nth(7).is_some_and(|line| line.trim() == "ready"))
}

/// Tries again when another program took the free port in the meantime.
fn retry(mut start: impl FnMut() -> Result<Cluster, Error>) -> Result<Cluster, Error> {
    for _ in 0..3 {
        match start() {
            Err(Error::NotReady(log)) if log.contains("could not bind") => {}
            result => return result,
        }
    }
    start()
}

/// A port that is free now: the wished one if it still is, else one that the
/// system chooses.
fn free_port(wished: Option<u16>) -> io::Result<u16> {
    if let Some(port) = wished
        && TcpListener::bind(("127.0.0.1", port)).is_ok()
    {
        return Ok(port);
    }
    Ok(TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port())
}

/// Runs a tool to its end and keeps what it says for the error.
fn run(tool: &'static str, command: &mut Command, input: Option<&str>) -> Result<(), Error> {
    let failed = |output: String| Error::Tool { tool, output };
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().map_err(|error| failed(error.to_string()))?;
    if let Some(mut stdin) = child.stdin.take() {
        stdin
            .write_all(input.unwrap_or_default().as_bytes())
            .map_err(|error| failed(error.to_string()))?;
    }
    let output = child.wait_with_output().map_err(|error| failed(error.to_string()))?;
    let said = [output.stdout, output.stderr].concat();
    let said = String::from_utf8_lossy(&said);
    if output.status.success() && !said.contains("FATAL:") {
        Ok(())
    } else {
        Err(failed(said.trim().to_owned()))
    }
}

fn quote(identifier: &str) -> String {
    format!("\"{}\"", identifier.replace('"', "\"\""))
}

/// Writes a path so that it may stand in a URL's query.
fn percent_encode(path: &Path) -> String {
    use std::fmt::Write as _;
    use std::os::unix::ffi::OsStrExt;
    path.as_os_str().as_bytes().iter().fold(String::new(), |mut encoded, &byte| {
        if byte.is_ascii_alphanumeric() || b"/-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            let _ = write!(encoded, "%{byte:02X}");
        }
        encoded
    })
}

/// Opens a log to append to.
fn open_log(path: &Path) -> Result<File, Error> {
    OpenOptions::new().create(true).read(true).append(true).mode(0o600).open(path).map_err(at(path))
}
