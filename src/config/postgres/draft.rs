//! The parts of a database as they are collected, and the policy that completes them.

use std::net::IpAddr;

use secrecy::SecretString;

use crate::config::ConfigError;
use crate::config::postgres::host::{self, Provider};
use crate::config::postgres::variables::Pooler;
use crate::config::postgres::{Parameters, TlsMode};

/// Parameters of libpq that pass through, each with what its value must be.
const FURTHER: [(&str, Value); 20] = [
    ("sslcert", Value::Text),
    ("sslkey", Value::Text),
    ("sslpassword", Value::Text),
    ("sslcrl", Value::Text),
    ("sslsni", Value::OneOf(&["0", "1"])),
    ("ssl_min_protocol_version", Value::OneOf(&["TLSv1.2", "TLSv1.3"])),
    ("require_auth", Value::Text),
    ("requirepeer", Value::Text),
    ("sslnegotiation", Value::OneOf(&["postgres", "direct"])),
    ("channel_binding", Value::OneOf(&["disable", "prefer", "require"])),
    (
        "target_session_attrs",
        Value::OneOf(&["any", "read-write", "read-only", "primary", "standby", "prefer-standby"]),
    ),
    ("connect_timeout", Value::Number),
    ("keepalives", Value::OneOf(&["0", "1"])),
    ("keepalives_idle", Value::Number),
    ("keepalives_interval", Value::Number),
    ("keepalives_count", Value::Number),
    ("tcp_user_timeout", Value::Number),
    ("application_name", Value::Text),
    ("gssencmode", Value::OneOf(&["disable", "prefer", "require"])),
    ("options", Value::Text),
];

/// What is sent where nothing else is asked for. The client's side of a connection
/// through which nothing comes back is given up after `tcp_user_timeout` milliseconds:
/// keepalives do not fire while sent data is unacknowledged.
const DEFAULTS: [(&str, &str); 7] = [
    ("connect_timeout", "10"),
    ("keepalives_idle", "10"),
    ("keepalives_interval", "3"),
    ("keepalives_count", "2"),
    ("tcp_user_timeout", "3000"),
    ("application_name", "wathiqa"),
    ("gssencmode", "disable"),
];

/// What the value of a parameter may be.
enum Value {
    Text,
    Number,
    OneOf(&'static [&'static str]),
}

impl Value {
    fn admits(&self, value: &str) -> bool {
        match self {
            Self::Text => !value.is_empty(),
            // Zero would mean to wait for ever.
            Self::Number => value.parse::<u32>().is_ok_and(|number| number > 0),
            Self::OneOf(words) => words.contains(&value),
        }
    }
}

/// What was found so far.
#[derive(Default)]
pub(super) struct Draft {
    pub(super) host: String,
    pub(super) port: Option<u16>,
    pub(super) user: String,
    pub(super) password: String,
    pub(super) database: String,
    pub(super) authority: Option<String>,
    pub(super) address: Option<IpAddr>,
    /// All modes asked for; those that waver between plaintext and TLS are none.
    pub(super) tls: Vec<TlsMode>,
    pub(super) wavers: bool,
    pub(super) says_pooled: bool,
    pub(super) further: Vec<(&'static str, String)>,
    pub(super) notices: Vec<String>,
}

impl Draft {
    /// Takes a parameter of a URL's query.
    pub(super) fn parameter(
        &mut self,
        name: &'static str,
        key: &str,
        value: String,
    ) -> Result<(), ConfigError> {
        match key {
            "sslmode" | "ssl" => self.ask_for_tls(name, &value)?,
            "sslrootcert" => self.authority = Some(value).filter(|file| !file.is_empty()),
            "host" => self.host = value,
            "hostaddr" => self.set_address(name, &value)?,
            "port" => self.set_port(name, &value)?,
            "user" => self.user = value,
            "password" => self.password = value,
            "dbname" => self.database = value,
            "pgbouncer" => self.says_pooled = matches!(value.as_str(), "true" | "1"),
            _ => self.further_parameter(name, key, value)?,
        }
        Ok(())
    }

    fn further_parameter(
        &mut self,
        name: &'static str,
        key: &str,
        value: String,
    ) -> Result<(), ConfigError> {
        let Some((key, values)) = FURTHER.iter().find(|(known, _)| *known == key) else {
            // Half of a password that was not encoded is no name to tell.
            let told = key.len() < 40 && key.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
            let told = if told { key } else { "of an odd name" };
            self.notices.push(format!("{name}: the parameter {told} has no effect here"));
            return Ok(());
        };
        if !values.admits(&value) {
            return Err(ConfigError::refused(name, format!("its {key} has a value of no use")));
        }
        self.further.retain(|(given, _)| given != key);
        self.further.push((key, value));
        Ok(())
    }

    pub(super) fn set_port(&mut self, name: &'static str, text: &str) -> Result<(), ConfigError> {
        let port = text.parse().ok().filter(|port| *port > 0);
        self.port = Some(port.ok_or_else(|| {
            ConfigError::refused(name, "its port is not a number from 1 to 65535")
        })?);
        Ok(())
    }

    pub(super) fn set_address(
        &mut self,
        name: &'static str,
        text: &str,
    ) -> Result<(), ConfigError> {
        let address = text.parse();
        let no_address = |_| ConfigError::refused(name, "its hostaddr is no IP address");
        self.address = Some(address.map_err(no_address)?);
        Ok(())
    }

    /// Reads `sslmode`, or the `ssl` of asyncpg.
    pub(super) fn ask_for_tls(
        &mut self,
        name: &'static str,
        word: &str,
    ) -> Result<(), ConfigError> {
        let mode = match word.to_ascii_lowercase().as_str() {
            "" => return Ok(()),
            "prefer" | "allow" => {
                self.wavers = true;
                return Ok(());
            }
            "require" | "true" | "1" | "on" | "no-verify" => TlsMode::Require,
            "verify-ca" => TlsMode::VerifyCa,
            "verify-full" => TlsMode::VerifyFull,
            "disable" | "false" | "0" | "off" => TlsMode::Disable,
            _ => {
                let known = "its sslmode is none of require, verify-ca, verify-full, disable";
                return Err(ConfigError::refused(name, known));
            }
        };
        self.tls.push(mode);
        Ok(())
    }

    /// Fills in what is missing and holds everything against the policy.
    pub(super) fn finish(
        mut self,
        name: &'static str,
        told: Pooler,
        notices: &mut Vec<String>,
    ) -> Result<Parameters, ConfigError> {
        self.require_parts(name)?;
        let tls = self.tls_mode(name)?;
        let first_label = self.host.split('.').next().unwrap_or_default();
        let port = self.port.unwrap_or(5432);
        let seems_pooled =
            self.says_pooled || first_label.ends_with("-pooler") || matches!(port, 6432 | 6543);
        let pooled = match told {
            Pooler::Auto => seems_pooled,
            Pooler::On => true,
            Pooler::Off => false,
        };
        if pooled {
            self.drop_what_poolers_refuse(name);
        }
        for (key, value) in DEFAULTS {
            if !self.further.iter().any(|(given, _)| *given == key) {
                self.further.push((key, value.to_owned()));
            }
        }
        notices.append(&mut self.notices);
        Ok(Parameters {
            host: self.host,
            address: self.address,
            port,
            user: self.user,
            password: SecretString::from(self.password),
            database: self.database,
            tls,
            authority: self.authority,
            pooled,
            further: self.further,
        })
    }

    fn require_parts(&mut self, name: &'static str) -> Result<(), ConfigError> {
        let texts = self.further.iter().map(|(_, value)| value);
        let own = [&self.host, &self.user, &self.password, &self.database];
        if texts.chain(own).chain(&self.authority).any(|text| text.contains('\0')) {
            return Err(ConfigError::refused(name, "it contains a NUL"));
        }
        if self.host.contains(',') {
            return Err(ConfigError::refused(name, "it names several hosts; give one"));
        }
        if self.user.is_empty() {
            return Err(ConfigError::refused(name, "it names no user"));
        }
        if self.host.is_empty() {
            self.host = self.address.map_or_else(|| "localhost".to_owned(), |ip| ip.to_string());
        }
        if self.database.is_empty() {
            self.database.clone_from(&self.user);
        }
        Ok(())
    }

    /// Settles on one mode: of several the strictest, of none TLS.
    fn tls_mode(&mut self, name: &'static str) -> Result<TlsMode, ConfigError> {
        let strictest = self.tls.iter().copied().max();
        let mut note = |text: &str| self.notices.push(format!("{name}: {text}"));
        if strictest != self.tls.iter().copied().min() {
            note("it asks for TLS in several ways; the strictest counts");
        }
        if self.wavers {
            note("a mode that falls back to plaintext counts as require");
        }
        if host::is_socket(&self.host) && self.address.is_none() {
            if strictest.is_some_and(|mode| mode > TlsMode::Disable) {
                note("a Unix socket carries no TLS; nothing leaves this machine");
            }
            return Ok(TlsMode::Disable);
        }
        let unsaid = if self.authority.is_some() { TlsMode::VerifyFull } else { TlsMode::Require };
        let mut mode = strictest.unwrap_or(unsaid);
        if mode == TlsMode::Disable {
            if self.wavers {
                return Ok(TlsMode::Require);
            }
            if host::is_public_provider(&self.host) || !host::is_private(&self.host, self.address) {
                return Err(ConfigError::refused(name, plaintext_refusal(&self.host)));
            }
            note("TLS is switched off; passwords and records travel in the clear");
            return Ok(mode);
        }
        if self.authority.is_none() && mode >= TlsMode::VerifyCa {
            self.authority = Some("system".to_owned());
        }
        // Anyone can get a certificate from a public authority, so libpq refuses less.
        if self.authority.as_deref() == Some("system") && mode < TlsMode::VerifyFull {
            note("with the machine's own authorities the host is verified too");
            mode = TlsMode::VerifyFull;
        }
        Ok(mode)
    }

    /// PgBouncer has no SCRAM with channel binding and takes no start-up options but
    /// those of its configuration; Neon's pooler does take the name of an endpoint.
    fn drop_what_poolers_refuse(&mut self, name: &'static str) {
        let is_endpoint = |key: &str, value: &str| {
            key == "options" && value.split_whitespace().all(|word| word.starts_with("endpoint="))
        };
        let mut dropped = Vec::new();
        self.further.retain(|(key, value)| {
            let refused = matches!(*key, "channel_binding" | "options") && !is_endpoint(key, value);
            if refused {
                dropped.push(format!("{name}: {key} is dropped, the pooler refuses it"));
            }
            !refused
        });
        self.notices.append(&mut dropped);
    }
}

fn plaintext_refusal(host: &str) -> String {
    let whose = match Provider::of(host) {
        Provider::Other => "a host outside this machine and its private network".to_owned(),
        provider => format!("a public host of {provider}, which anyone on the way could read"),
    };
    format!("it switches TLS off for {whose}; leave sslmode out or say sslmode=require")
}

impl Parameters {
    /// The same database at the host that Neon's pooler stands in front of; of other
    /// poolers the direct address cannot be told.
    pub(super) fn without_pooler(&self) -> Self {
        let mut direct = self.clone();
        if self.provider() == Provider::Neon
            && let Some((label, rest)) = self.host.split_once('.')
            && let Some(label) = label.strip_suffix("-pooler")
        {
            direct.host = format!("{label}.{rest}");
            direct.pooled = false;
        }
        direct
    }
}
