//! PgBouncer in transaction mode in front of a cluster, as managed databases have it.

use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::guardian::Guardian;
use crate::host::Account;
use crate::place::Place;
use crate::{Cluster, Error, ROLE, at, certificate, free_port, url};

/// A running pooler; TLS on both of its sides. Dropping it stops it and removes its files.
#[derive(Debug)]
pub struct Pooler {
    // Dropped first: the pooler stops before its folder is let go.
    _guardian: Guardian,
    place: Place,
    port: u16,
    password: String,
}

impl Pooler {
    /// Starts a pooler that knows every database of the cluster. It must end before the
    /// cluster does.
    ///
    /// # Errors
    ///
    /// When none can be started: see [`Error`].
    pub fn start(cluster: &Cluster) -> Result<Self, Error> {
        let program = find().ok_or(Error::NoPooler)?;
        let account = Account::for_server()?;
        let place = Place::temporary(account.as_ref())?;
        certificate::ensure(&place, account.as_ref())?;
        let port = free_port(None).map_err(at(place.base()))?;
        let users = format!("\"{ROLE}\" \"{}\"\n", cluster.password);
        place.write_secret("users.txt", users.as_bytes(), account.as_ref())?;
        place.write_secret(
            "pgbouncer.ini",
            settings(cluster, &place, port).as_bytes(),
            account.as_ref(),
        )?;
        place.hand_over(account.as_ref())?;
        let mut command = Command::new(program);
        command.arg(place.file("pgbouncer.ini"));
        let answers = || TcpStream::connect(("127.0.0.1", port)).is_ok();
        // SIGTERM is the immediate shutdown; SIGINT would wait for clients.
        let guardian = Guardian::start(&command, "TERM", &place, account.as_ref(), answers)?;
        Ok(Self { _guardian: guardian, place, port, password: cluster.password.clone() })
    }

    /// The URL of `database` through the pooler, with full verification of its
    /// certificate. It holds the password: do not print it.
    pub fn url(&self, database: &str) -> String {
        let url = url(&self.password, self.port, database, &self.place.file("ca.crt"));
        format!("{url}&pgbouncer=true")
    }
}

/// Looks where Debian installs it and in `PATH`.
fn find() -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::env::split_paths(&path).chain(["/usr/sbin".into()]);
    folders.map(|folder| folder.join("pgbouncer")).find(|program| program.is_file())
}

/// Few connections to the server, so that clients do share them.
fn settings(cluster: &Cluster, place: &Place, port: u16) -> String {
    let file = |name: &str| place.file(name).display().to_string();
    let (key, certificate, users) = (file("server.key"), file("server.crt"), file("users.txt"));
    let authority: &Path = &cluster.root_certificate();
    format!(
        "[databases]\n\
         * = host=127.0.0.1 port={}\n\
         [pgbouncer]\n\
         listen_addr = 127.0.0.1\n\
         listen_port = {port}\n\
         unix_socket_dir =\n\
         pool_mode = transaction\n\
         default_pool_size = 4\n\
         max_client_conn = 1000\n\
         auth_type = scram-sha-256\n\
         auth_file = {users}\n\
         client_tls_sslmode = require\n\
         client_tls_key_file = {key}\n\
         client_tls_cert_file = {certificate}\n\
         server_tls_sslmode = verify-full\n\
         server_tls_ca_file = {}\n\
         server_reset_query_always = 0\n\
         log_connections = 0\n\
         log_disconnections = 0\n",
        cluster.port(),
        authority.display(),
    )
}
