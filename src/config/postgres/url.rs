//! Database URLs as deployments write them: those of libpq, SQLAlchemy and asyncpg.

use ::url::{Host, Url};
use percent_encoding::percent_decode_str;

use crate::config::ConfigError;
use crate::config::postgres::draft::Draft;

impl Draft {
    /// Takes a URL apart; `name` is the variable that holds it.
    pub(super) fn of_url(name: &'static str, text: &str) -> Result<Self, ConfigError> {
        let url = parse(name, text)?;
        let decoded = |text: &str| decoded(name, text);
        let mut draft = Self {
            host: host(name, &url)?,
            port: url.port(),
            user: decoded(url.username())?,
            password: decoded(url.password().unwrap_or_default())?,
            database: decoded(url.path().trim_start_matches('/'))?,
            ..Self::default()
        };
        for pair in url.query().unwrap_or_default().split('&').filter(|pair| !pair.is_empty()) {
            // `query_pairs` would turn a plus sign into a blank.
            let (key, value) = pair.split_once('=').ok_or_else(|| broken(name))?;
            draft.parameter(name, &decoded(key)?, decoded(value)?)?;
        }
        Ok(draft)
    }
}

/// What a reserved letter in a password does to a URL.
fn broken(name: &'static str) -> ConfigError {
    ConfigError::refused(name, "it is malformed; percent-encode the password")
}

fn parse(name: &'static str, text: &str) -> Result<Url, ConfigError> {
    let expected = "postgres://user:password@host:port/database";
    let (scheme, rest) =
        text.trim().split_once("://").ok_or_else(|| ConfigError::wrong(name, expected))?;
    // SQLAlchemy names its driver after a plus sign.
    let family = scheme.split('+').next().unwrap_or_default();
    if !["postgres", "postgresql"].iter().any(|known| family.eq_ignore_ascii_case(known)) {
        return Err(ConfigError::refused(name, "its scheme is not postgres or postgresql"));
    }
    // No part of a database URL is a fragment: a bare `#` belongs to the password.
    let rest = rest.replace('#', "%23");
    let end = rest.find(['/', '?']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at(end);
    let (account, host) = match authority.rsplit_once('@') {
        Some((account, host)) => (format!("{account}@"), host),
        None => (String::new(), authority),
    };
    if host.contains(',') {
        return Err(ConfigError::refused(name, "it names several hosts; give one"));
    }
    // libpq lets the host be left out behind a user; `url` does not.
    let unsaid = host.is_empty() && !account.is_empty() || host.starts_with(':');
    let standard = if unsaid { "localhost" } else { "" };
    Url::parse(&format!("postgres://{account}{standard}{host}{path}")).map_err(|_| broken(name))
}

fn host(name: &'static str, url: &Url) -> Result<String, ConfigError> {
    match url.host() {
        None => Ok(String::new()),
        // `url` keeps the hosts of unknown schemes percent-encoded, as in
        // `%2Fvar%2Frun%2Fpostgresql` for a Unix socket.
        Some(Host::Domain(domain)) => decoded(name, domain),
        Some(Host::Ipv4(address)) => Ok(address.to_string()),
        Some(Host::Ipv6(address)) => Ok(address.to_string()),
    }
}

fn decoded(name: &'static str, text: &str) -> Result<String, ConfigError> {
    let text = percent_decode_str(text)
        .decode_utf8()
        .map_err(|_| ConfigError::refused(name, "a percent-encoded part is not UTF-8"))?;
    Ok(text.into_owned())
}
