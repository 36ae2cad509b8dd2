//! The settings of the local service: the environment, then `.env`, then what
//! suits a laptop.

use std::collections::BTreeMap;
use std::fs::{self, OpenOptions};
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};

/// Only this machine may call unless a setting says otherwise.
const LOCAL: &str = "127.0.0.1";

/// What the service is started with beside the environment.
#[derive(Debug)]
pub(crate) struct Settings {
    root: PathBuf,
    variables: BTreeMap<String, String>,
    is_alone: bool,
}

impl Settings {
    /// Reads `.env` and fills in what is missing: a local `HOST`, and a
    /// `JWT_SECRET` that is made once and kept in the data folder.
    pub(crate) fn read(root: &Path) -> anyhow::Result<Self> {
        let variables = dotenv(&root.join(".env"))?;
        let mut settings = Self { root: root.to_owned(), variables, is_alone: false };
        fs::create_dir_all(settings.data()).context("the data folder")?;
        if settings.get("HOST").is_none() {
            settings.set("HOST", LOCAL.to_owned());
        }
        if settings.get("JWT_SECRET").is_none() {
            let secret = kept_secret(&settings.data().join("jwt-secret"))?;
            settings.set("JWT_SECRET", secret);
        }
        Ok(settings)
    }

    /// Settings that neither the environment nor `.env` adds to.
    pub(crate) fn alone(variables: BTreeMap<String, String>) -> Self {
        Self { root: std::env::temp_dir(), variables, is_alone: true }
    }

    pub(crate) fn is_alone(&self) -> bool {
        self.is_alone
    }

    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    pub(crate) fn data(&self) -> PathBuf {
        self.root.join(".data")
    }

    /// A variable as the service will see it; an empty one counts as none.
    pub(crate) fn get(&self, name: &str) -> Option<String> {
        let real = std::env::var(name).ok().filter(|value| !value.trim().is_empty());
        let real = real.filter(|_| !self.is_alone);
        real.or_else(|| self.variables.get(name).cloned())
    }

    pub(crate) fn set(&mut self, name: &str, value: String) {
        self.variables.insert(name.to_owned(), value);
    }

    /// What is to be set for the service: whatever the environment leaves open.
    pub(crate) fn for_service(&self) -> impl Iterator<Item = (&str, String)> {
        self.variables.keys().filter_map(|name| Some((name.as_str(), self.get(name)?)))
    }

    /// Where the service can be reached from this machine.
    pub(crate) fn address(&self) -> anyhow::Result<SocketAddr> {
        let port = self.get("PORT").unwrap_or_else(|| "8000".to_owned());
        let port = port.parse().with_context(|| format!("PORT is no port number: {port}"))?;
        let host = self.get("HOST").unwrap_or_else(|| LOCAL.to_owned());
        let host: std::net::IpAddr =
            host.parse().with_context(|| format!("HOST is no IP address: {host}"))?;
        Ok(SocketAddr::new(host, port))
    }

    /// The URL for a client on this machine.
    pub(crate) fn url(&self) -> String {
        let Ok(mut address) = self.address() else { return format!("http://{LOCAL}:8000") };
        if address.ip().is_unspecified() {
            address.set_ip([127, 0, 0, 1].into());
        }
        format!("http://{address}")
    }

    /// Tells about a port in use before anything is started.
    pub(crate) fn refuse_taken_port(&self) -> anyhow::Result<()> {
        let address = self.address()?;
        if let Err(error) = TcpListener::bind(address) {
            bail!(
                "cannot listen on {address}: {error}; stop what uses the port, \
                 or choose another: PORT=8001 scripts/serve"
            );
        }
        Ok(())
    }
}

fn dotenv(path: &Path) -> anyhow::Result<BTreeMap<String, String>> {
    if !path.exists() {
        return Ok(BTreeMap::new());
    }
    let entries = dotenvy::from_path_iter(path).context(".env")?;
    let entries: Result<Vec<_>, _> = entries.collect();
    // The value stays out of the message: it may be a secret.
    let entries = entries.map_err(|_| anyhow::anyhow!(".env has a line that is not NAME=value"))?;
    Ok(entries.into_iter().filter(|(_, value)| !value.trim().is_empty()).collect())
}

/// A secret that nobody knows.
pub(crate) fn random_secret() -> anyhow::Result<String> {
    let mut random = [0; 32];
    fs::File::open("/dev/urandom")?.read_exact(&mut random)?;
    Ok(random.iter().fold(String::new(), |text, byte| format!("{text}{byte:02x}")))
}

/// Reads the secret, or makes one that only its owner can read.
fn kept_secret(path: &Path) -> anyhow::Result<String> {
    if let Ok(secret) = fs::read_to_string(path) {
        return Ok(secret);
    }
    let secret = random_secret()?;
    let mut file =
        OpenOptions::new().write(true).create_new(true).mode(0o600).open(path).context("secret")?;
    file.write_all(secret.as_bytes())?;
    Ok(secret)
}
