//! How to reach the database: one reading of the URL for both drivers, and the
//! rule that nothing is sent in the clear.

#[cfg(test)]
mod tests;

use std::net::IpAddr;
use std::time::Duration;

use percent_encoding::percent_decode_str;
use secrecy::{ExposeSecret, SecretString};
use url::{Host, Url};

use crate::store::StoreError;

/// What the connection asks of TLS, in libpq's words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TlsMode {
    /// Plaintext, asked for by name on a private host.
    Disable,
    /// Encrypted; the server's certificate is not checked.
    Require,
    /// The certificate must come from the given authority.
    VerifyCa,
    /// And be made out to the host.
    VerifyFull,
}

impl TlsMode {
    const fn as_libpq(self) -> &'static str {
        match self {
            Self::Disable => "disable",
            Self::Require => "require",
            Self::VerifyCa => "verify-ca",
            Self::VerifyFull => "verify-full",
        }
    }
}

/// A database URL, taken apart and completed.
#[derive(Clone)]
pub(super) struct Settings {
    pub(super) host: String,
    /// Where the host is, instead of what its name resolves to.
    address: Option<IpAddr>,
    pub(super) port: u16,
    pub(super) user: String,
    pub(super) password: SecretString,
    pub(super) database: String,
    pub(super) tls: TlsMode,
    /// A file, or `system` for the machine's own authorities.
    pub(super) authority: Option<String>,
    /// Whether a transaction pooler stands in front, which forgets prepared
    /// statements and session state between transactions.
    pub(super) pooled: bool,
    /// Other parameters that libpq knows, as the URL gave them.
    further: Vec<(String, String)>,
}

/// A parameter that was never set by the user must not be looked up in the
/// home directory: an unreadable one fails the connection, a stray root.crt
/// there changes what is verified.
const NO_FILE: &str = "/nonexistent/wathiqa";
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
const DEFAULTS: [(&str, &str); 7] = [
    ("connect_timeout", "10"),
    ("keepalives_idle", "10"),
    ("keepalives_interval", "3"),
    ("keepalives_count", "2"),
    // Keepalives do not fire while sent data is unacknowledged; this does.
    ("tcp_user_timeout", "15000"),
    ("application_name", "wathiqa"),
    ("gssencmode", "disable"),
];
const FURTHER: [&str; 12] = [
    "sslcert",
    "sslkey",
    "channel_binding",
    "target_session_attrs",
    "connect_timeout",
    "keepalives_idle",
    "keepalives_interval",
    "keepalives_count",
    "tcp_user_timeout",
    "application_name",
    "options",
    "sslnegotiation",
];

impl Settings {
    /// Takes a database URL apart.
    ///
    /// # Errors
    ///
    /// [`StoreError::Settings`] with what is wrong; never with the URL itself.
    pub(super) fn parse(url: &SecretString) -> Result<Self, StoreError> {
        let url = parse_url(url.expose_secret())?;
        let mut settings = Self {
            host: host(&url)?,
            address: None,
            port: url.port().unwrap_or(5432),
            user: decoded(url.username())?,
            password: SecretString::from(decoded(url.password().unwrap_or_default())?),
            database: decoded(url.path().trim_start_matches('/'))?,
            tls: TlsMode::Require,
            authority: None,
            pooled: false,
            further: Vec::new(),
        };
        let mut tls = None;
        for pair in url.query().unwrap_or_default().split('&').filter(|pair| !pair.is_empty()) {
            // `query_pairs` would turn a plus sign into a blank.
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            settings.parameter(&decoded(name)?, decoded(value)?, &mut tls)?;
        }
        settings.complete(tls)?;
        Ok(settings)
    }

    fn parameter(
        &mut self,
        name: &str,
        value: String,
        tls: &mut Option<TlsMode>,
    ) -> Result<(), StoreError> {
        match name {
            "sslmode" | "ssl" => *tls = tls_mode(&value)?,
            "sslrootcert" if !value.is_empty() => self.authority = Some(value),
            "host" if !value.is_empty() => self.host = value,
            "hostaddr" => {
                let address = value.parse().map_err(|_| wrong("its hostaddr is no IP address"))?;
                self.address = Some(address);
            }
            "user" => self.user = value,
            "password" => self.password = SecretString::from(value),
            "dbname" => self.database = value,
            "port" => self.port = value.parse().map_err(|_| wrong("its port is not a number"))?,
            "pgbouncer" => self.pooled = value == "true",
            _ if FURTHER.contains(&name) => self.further.push((name.to_owned(), value)),
            // The value may be a secret in the wrong place; the name is enough.
            _ => {
                tracing::warn!(parameter = name, "the database URL has a parameter without effect");
            }
        }
        Ok(())
    }

    fn complete(&mut self, tls: Option<TlsMode>) -> Result<(), StoreError> {
        if self.user.is_empty() {
            return Err(wrong("it names no user"));
        }
        if self.database.is_empty() {
            self.database.clone_from(&self.user);
        }
        self.tls = tls.unwrap_or(if self.authority.is_some() {
            TlsMode::VerifyFull
        } else {
            TlsMode::Require
        });
        let is_private = self.address.map_or_else(|| is_private(&self.host), is_private_address);
        if self.tls == TlsMode::Disable && !is_private {
            return Err(wrong(
                "it switches TLS off for a host outside this machine and its private network; \
                 leave sslmode out or say sslmode=require",
            ));
        }
        if matches!(self.tls, TlsMode::VerifyCa | TlsMode::VerifyFull) && self.authority.is_none() {
            self.authority = Some("system".to_owned());
        }
        let first_label = self.host.split('.').next().unwrap_or_default();
        self.pooled |= first_label.ends_with("-pooler") || matches!(self.port, 6432 | 6543);
        if self.pooled {
            self.drop_what_poolers_refuse();
        }
        Ok(())
    }

    fn drop_what_poolers_refuse(&mut self) {
        self.further.retain(|(name, _)| {
            let refused = matches!(name.as_str(), "channel_binding" | "options");
            if refused {
                tracing::warn!(parameter = %name, "dropped: the database's pooler refuses it");
            }
            !refused
        });
    }

    /// The same database without the pooler in front, for what needs a session.
    pub(super) fn direct(&self) -> Self {
        let mut direct = self.clone();
        let (label, rest) = match self.host.split_once('.') {
            Some((label, rest)) => (label, Some(rest)),
            None => (self.host.as_str(), None),
        };
        if let Some(label) = label.strip_suffix("-pooler") {
            direct.host = rest.map_or_else(|| label.to_owned(), |rest| format!("{label}.{rest}"));
            direct.pooled = false;
        }
        direct
    }

    /// The connection string for libpq, as keywords and values: libpq reads
    /// URLs differently in more than one place.
    pub(super) fn conninfo(&self) -> SecretString {
        let authority = self.authority.as_deref().unwrap_or(NO_FILE);
        let port = self.port.to_string();
        let address = self.address.map(|address| address.to_string());
        let mut pairs = vec![
            ("host", self.host.as_str()),
            ("port", &port),
            ("user", &self.user),
            ("password", self.password.expose_secret()),
            ("dbname", &self.database),
            ("sslmode", self.tls.as_libpq()),
            ("sslrootcert", authority),
        ];
        pairs.extend(address.as_deref().map(|address| ("hostaddr", address)));
        pairs.extend(self.further.iter().map(|(name, value)| (name.as_str(), value.as_str())));
        for (name, value) in DEFAULTS.into_iter().chain([("sslcert", NO_FILE)]) {
            if !pairs.iter().any(|(given, _)| *given == name) {
                pairs.push((name, value));
            }
        }
        let quoted = pairs.into_iter().map(|(name, value)| format!("{name}={}", quoted(value)));
        SecretString::from(quoted.collect::<Vec<_>>().join(" "))
    }

    /// The same for tokio-postgres. Built with setters, because its parser
    /// knows neither verify-full nor sslrootcert.
    pub(super) fn tokio_config(&self) -> tokio_postgres::Config {
        let mut config = tokio_postgres::Config::new();
        config
            .host(&self.host)
            .port(self.port)
            .user(&self.user)
            .password(self.password.expose_secret())
            .dbname(&self.database)
            .application_name("wathiqa")
            .connect_timeout(CONNECT_TIMEOUT)
            .ssl_mode(match self.tls {
                TlsMode::Disable => tokio_postgres::config::SslMode::Disable,
                _ => tokio_postgres::config::SslMode::Require,
            });
        if let Some(address) = self.address {
            config.hostaddr(address);
        }
        config
    }
}

impl std::fmt::Debug for Settings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Settings")
            .field("host", &self.host)
            .field("port", &self.port)
            .field("tls", &self.tls)
            .field("pooled", &self.pooled)
            .finish_non_exhaustive()
    }
}

fn wrong(what: &str) -> StoreError {
    StoreError::Settings(format!("DATABASE_URL is not usable: {what}"))
}

fn parse_url(text: &str) -> Result<Url, StoreError> {
    let (scheme, rest) = text
        .trim()
        .split_once("://")
        .ok_or_else(|| wrong("expected postgres://user:password@host:port/database"))?;
    let family = scheme.split('+').next().unwrap_or_default();
    if !matches!(family, "postgres" | "postgresql") {
        return Err(wrong("its scheme is not postgres or postgresql"));
    }
    // No part of a database URL is a fragment: a bare `#` belongs to the password.
    let rest = rest.replace('#', "%23");
    Url::parse(&format!("postgres://{rest}"))
        .map_err(|_| wrong("it is malformed; percent-encode the password"))
}

fn host(url: &Url) -> Result<String, StoreError> {
    match url.host() {
        None | Some(Host::Domain("")) => Ok("localhost".to_owned()),
        // `url` keeps the hosts of unknown schemes percent-encoded, as in
        // `%2Fvar%2Frun%2Fpostgresql` for a Unix socket.
        Some(Host::Domain(domain)) => decoded(domain),
        Some(Host::Ipv4(address)) => Ok(address.to_string()),
        Some(Host::Ipv6(address)) => Ok(address.to_string()),
    }
}

fn decoded(text: &str) -> Result<String, StoreError> {
    let text = percent_decode_str(text)
        .decode_utf8()
        .map_err(|_| wrong("a percent-encoded part is not UTF-8"))?;
    if text.contains('\0') {
        return Err(wrong("it contains a NUL"));
    }
    Ok(text.into_owned())
}

/// Reads `sslmode`, or asyncpg's `ssl`. libpq's wavering modes mean `require`.
fn tls_mode(value: &str) -> Result<Option<TlsMode>, StoreError> {
    match value {
        "" | "prefer" | "allow" => Ok(None),
        "require" | "true" | "1" | "on" => Ok(Some(TlsMode::Require)),
        "verify-ca" => Ok(Some(TlsMode::VerifyCa)),
        "verify-full" => Ok(Some(TlsMode::VerifyFull)),
        "disable" | "false" | "0" | "off" => Ok(Some(TlsMode::Disable)),
        _ => Err(wrong("its sslmode is none of require, verify-ca, verify-full, disable")),
    }
}

/// Whether a host can only be reached from this machine or its private network.
fn is_private(host: &str) -> bool {
    if let Ok(address) = host.parse() {
        return is_private_address(address);
    }
    // A name of one label, such as Render's internal `dpg-…-a` or a compose
    // service, is resolved by the private network alone.
    host.starts_with('/')
        || !host.contains('.')
        || host.ends_with(".internal")
        || host.ends_with(".localhost")
}

fn is_private_address(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => v4.is_loopback() || v4.is_private() || v4.is_link_local(),
        IpAddr::V6(v6) => v6.is_loopback() || v6.is_unique_local() || v6.is_unicast_link_local(),
    }
}

fn quoted(value: &str) -> String {
    format!("'{}'", value.replace('\\', "\\\\").replace('\'', "\\'"))
}
