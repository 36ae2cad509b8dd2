//! The variables that describe the database, and which of them count.

use crate::config::postgres::draft::Draft;
use crate::config::{ConfigError, Lookup};

/// Every variable that is looked at, the first found counting.
pub const NAMES: [&str; 28] = [
    "DATABASE_URL",
    "DATABASE_DIRECT_URL",
    "DIRECT_URL",
    "DATABASE_URL_UNPOOLED",
    "DB_POOLER",
    "DB_USER",
    "DB_PASSWORD",
    "DB_HOST",
    "DB_PORT",
    "DB_NAME",
    "DB_SSLMODE",
    "DB_SSLROOTCERT",
    "POSTGRES_USER",
    "POSTGRES_PASSWORD",
    "POSTGRES_HOST",
    "POSTGRES_PORT",
    "POSTGRES_DB",
    "POSTGRES_SSLMODE",
    "POSTGRES_SSLROOTCERT",
    "PGUSER",
    "PGPASSWORD",
    "PGHOST",
    "PGHOSTADDR",
    "PGPORT",
    "PGDATABASE",
    "PGSSLMODE",
    "PGSSLROOTCERT",
    "PGSERVICE",
];

const EXPECTED: &str = "a URL such as postgres://user:password@host:5432/database?sslmode=require";

/// The parts of a database in variables of their own.
pub(super) struct Family {
    name: &'static str,
    user: &'static str,
    password: &'static str,
    host: &'static str,
    address: Option<&'static str>,
    port: &'static str,
    database: &'static str,
    tls: &'static str,
    authority: &'static str,
}

/// In the order in which they count.
const FAMILIES: [Family; 3] = [
    Family {
        name: "DB_*",
        user: "DB_USER",
        password: "DB_PASSWORD",
        host: "DB_HOST",
        address: None,
        port: "DB_PORT",
        database: "DB_NAME",
        tls: "DB_SSLMODE",
        authority: "DB_SSLROOTCERT",
    },
    Family {
        name: "POSTGRES_*",
        user: "POSTGRES_USER",
        password: "POSTGRES_PASSWORD",
        host: "POSTGRES_HOST",
        address: None,
        port: "POSTGRES_PORT",
        database: "POSTGRES_DB",
        tls: "POSTGRES_SSLMODE",
        authority: "POSTGRES_SSLROOTCERT",
    },
    Family {
        name: "PG*",
        user: "PGUSER",
        password: "PGPASSWORD",
        host: "PGHOST",
        address: Some("PGHOSTADDR"),
        port: "PGPORT",
        database: "PGDATABASE",
        tls: "PGSSLMODE",
        authority: "PGSSLROOTCERT",
    },
];

impl Family {
    /// Whether one of the parts is given that name a database: a password or a port
    /// alone does not.
    fn is_given(&self, lookup: Lookup<'_>) -> bool {
        let parts = [Some(self.user), Some(self.host), self.address, Some(self.database)];
        parts.into_iter().flatten().any(|name| text(lookup, name).is_some())
    }

    fn draft(&self, lookup: Lookup<'_>) -> Result<Draft, ConfigError> {
        let required = |name: &'static str, what: &str| {
            text(lookup, name).ok_or_else(|| ConfigError::missing(name, what))
        };
        let address = self.address.and_then(|name| Some((name, text(lookup, name)?)));
        let mut draft =
            Draft { user: required(self.user, "the role to log in as")?, ..Draft::default() };
        if let Some((name, address)) = address {
            draft.set_address(name, &address)?;
            draft.host = text(lookup, self.host).unwrap_or(address);
        } else {
            draft.host = required(self.host, "the host of the database")?;
        }
        if let Some(port) = text(lookup, self.port) {
            draft.set_port(self.port, &port)?;
        }
        draft.database = text(lookup, self.database).unwrap_or_default();
        // A blank may be part of a password; the end of a file's last line is not.
        let password = lookup(self.password).unwrap_or_default();
        password.trim_end_matches(['\r', '\n']).clone_into(&mut draft.password);
        if let Some(mode) = text(lookup, self.tls) {
            draft.ask_for_tls(self.tls, &mode)?;
        }
        draft.authority = text(lookup, self.authority);
        Ok(draft)
    }
}

/// What describes the database.
pub(super) enum Source {
    Url(String),
    Parts(&'static Family),
}

impl Source {
    pub(super) fn find(lookup: Lookup<'_>) -> Result<Self, ConfigError> {
        if text(lookup, "PGSERVICE").is_some() {
            let why = "libpq would mix the service's settings with these; unset it";
            return Err(ConfigError::refused("PGSERVICE", why));
        }
        if let Some(url) = text(lookup, "DATABASE_URL") {
            return Ok(Self::Url(url));
        }
        let given = FAMILIES.iter().find(|family| family.is_given(lookup));
        given.map(Self::Parts).ok_or_else(|| ConfigError::missing("DATABASE_URL", EXPECTED))
    }

    /// The name that stands for it in messages.
    pub(super) const fn name(&self) -> &'static str {
        match self {
            Self::Url(_) => "DATABASE_URL",
            Self::Parts(family) => family.name,
        }
    }

    pub(super) fn draft(&self, lookup: Lookup<'_>) -> Result<Draft, ConfigError> {
        match self {
            Self::Url(url) => Draft::of_url("DATABASE_URL", url),
            Self::Parts(family) => family.draft(lookup),
        }
    }

    /// Which other variables are given without effect. `PG*` are often those of the
    /// machine's own tools, and are mentioned only where they ask for TLS.
    pub(super) fn overruled(&self, lookup: Lookup<'_>) -> Vec<String> {
        let own = match self {
            Self::Url(_) => "",
            Self::Parts(family) => family.name,
        };
        let others = FAMILIES.iter().filter(|family| family.name != own);
        let tls = others.flat_map(|family| [family.tls, family.authority]);
        let tls = tls.filter(|name| text(lookup, name).is_some());
        let tls = tls.map(|name| format!("{} overrules {name}", self.name()));
        let behind = match self {
            Self::Url(_) => &FAMILIES[..2],
            Self::Parts(family) if family.name == FAMILIES[0].name => &FAMILIES[1..2],
            Self::Parts(_) => &[],
        };
        let given = behind.iter().filter(|family| family.is_given(lookup));
        given
            .map(|family| format!("{} overrules {}", self.name(), family.name))
            .chain(tls)
            .collect()
    }
}

/// Whether a pooler in transaction mode stands in front.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pooler {
    /// Told from the host, the port and the URL.
    Auto,
    On,
    Off,
}

impl Pooler {
    pub(super) fn read(lookup: Lookup<'_>) -> Result<Self, ConfigError> {
        match text(lookup, "DB_POOLER").as_deref() {
            None | Some("auto") => Ok(Self::Auto),
            Some("on") => Ok(Self::On),
            Some("off") => Ok(Self::Off),
            Some(_) => Err(ConfigError::wrong("DB_POOLER", "auto, on or off")),
        }
    }
}

/// The URL of the database without the pooler, and the variable that gives it.
pub(super) fn direct_url(lookup: Lookup<'_>) -> Option<(&'static str, String)> {
    let names = ["DATABASE_DIRECT_URL", "DIRECT_URL", "DATABASE_URL_UNPOOLED"];
    names.into_iter().find_map(|name| Some((name, text(lookup, name)?)))
}

/// A value that is more than blanks.
fn text(lookup: Lookup<'_>, name: &str) -> Option<String> {
    lookup(name).map(|value| value.trim().to_owned()).filter(|value| !value.is_empty())
}
