//! How Postgres is reached: one reading of the environment for every driver, and the
//! rule that nothing is sent in the clear.
//!
//! [`Postgres::from_variables`] is a pure function from variables to parameters. It logs
//! nothing: what an operator should know comes back as notices.

mod draft;
mod host;
#[cfg(test)]
mod tests;
mod url;
mod variables;

use std::net::IpAddr;

use secrecy::SecretString;

use crate::config::{ConfigError, Lookup};
use draft::Draft;
pub use host::Provider;
pub use variables::NAMES;
use variables::{Pooler, Source};

/// What a connection asks of TLS, from the weakest to the strictest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum TlsMode {
    /// Plaintext, asked for by name on a private host, or a Unix socket.
    Disable,
    /// Encrypted; the server's certificate is checked only where an authority is given.
    Require,
    /// The certificate must come from the authority.
    VerifyCa,
    /// And be made out to the host.
    VerifyFull,
}

impl TlsMode {
    /// The word of libpq for it.
    pub const fn as_libpq(self) -> &'static str {
        match self {
            Self::Disable => "disable",
            Self::Require => "require",
            Self::VerifyCa => "verify-ca",
            Self::VerifyFull => "verify-full",
        }
    }
}

/// Where a database is and how to log in to it.
#[derive(Clone)]
pub struct Parameters {
    /// A name, an address, or the folder of a Unix socket.
    pub host: String,
    /// Where the host is, instead of what its name resolves to.
    pub address: Option<IpAddr>,
    /// The port.
    pub port: u16,
    /// The role.
    pub user: String,
    /// Its password; may be empty where the server asks for none.
    pub password: SecretString,
    /// The database.
    pub database: String,
    /// What is asked of TLS.
    pub tls: TlsMode,
    /// The authority's file, or `system` for those of this machine.
    pub authority: Option<String>,
    /// Whether a pooler in transaction mode stands in front, which forgets prepared
    /// statements and session state between transactions.
    pub pooled: bool,
    /// Other parameters of libpq with their values, each once.
    pub further: Vec<(&'static str, String)>,
}

impl Parameters {
    /// A further parameter by name.
    pub fn further(&self, name: &str) -> Option<&str> {
        self.further.iter().find(|(known, _)| *known == name).map(|(_, value)| value.as_str())
    }

    /// Whether the host is the folder of a Unix socket.
    pub fn is_socket(&self) -> bool {
        host::is_socket(&self.host) && self.address.is_none()
    }

    /// Who runs the database, as far as the host tells.
    pub fn provider(&self) -> Provider {
        Provider::of(&self.host)
    }
}

impl std::fmt::Debug for Parameters {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Parameters")
            .field("host", &self.host)
            .field("port", &self.port)
            .field("tls", &self.tls)
            .field("pooled", &self.pooled)
            .finish_non_exhaustive()
    }
}

/// The database as the environment describes it.
#[derive(Debug, Clone)]
pub struct Postgres {
    /// For queries.
    pub parameters: Parameters,
    /// For migrations and whatever else needs a session: the same database without the
    /// pooler in front.
    pub direct: Parameters,
    /// Which variables were used.
    pub source: &'static str,
    /// What was dropped, weakened or overruled, to be logged once; never a value.
    pub notices: Vec<String>,
}

impl Postgres {
    /// Finds the database: `DATABASE_URL`, else `DB_*`, else `POSTGRES_*`, else `PG*`.
    ///
    /// # Errors
    ///
    /// A [`ConfigError`] naming the variable that is missing or of no use, and why;
    /// never with its value.
    pub fn from_variables(lookup: Lookup<'_>) -> Result<Self, ConfigError> {
        let source = Source::find(lookup)?;
        let pooler = Pooler::read(lookup)?;
        let name = source.name();
        let mut notices = source.overruled(lookup);
        let draft = source.draft(lookup)?;
        let parameters = draft.finish(name, pooler, &mut notices)?;
        let direct = match variables::direct_url(lookup) {
            Some((name, url)) => {
                Draft::of_url(name, &url)?.finish(name, Pooler::Off, &mut notices)?
            }
            None => parameters.without_pooler(),
        };
        if parameters.pooled && direct.pooled {
            notices.push(
                "migrations go through the pooler; give the direct address in DATABASE_DIRECT_URL"
                    .to_owned(),
            );
        }
        Ok(Self { parameters, direct, source: name, notices })
    }
}
