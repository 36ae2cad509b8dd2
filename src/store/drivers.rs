//! One description of a database, and what each of the two drivers is told of it.

#[cfg(test)]
mod tests;

use std::time::Duration;

use openssl::error::ErrorStack;
use openssl::ssl::{
    ConnectConfiguration, SslConnector, SslFiletype, SslMethod, SslVerifyMode, SslVersion,
};
use openssl::x509::store::X509StoreBuilder;
use secrecy::{ExposeSecret, SecretString};
use tokio_postgres::config::{ChannelBinding, SslMode, TargetSessionAttrs};

use crate::config::postgres::{Parameters, TlsMode};

/// A file that is not there. A parameter that was never set must not be looked up in the
/// home directory: an unreadable one fails the connection, a stray root.crt there
/// changes what is verified.
const NO_FILE: &str = "/nonexistent/wathiqa";

/// What libpq would else take from the environment or the home directory.
const UNSET: [(&str, &str); 10] = [
    ("sslcert", NO_FILE),
    ("sslkey", NO_FILE),
    ("sslcrl", NO_FILE),
    ("passfile", NO_FILE),
    ("sslnegotiation", "postgres"),
    ("ssl_min_protocol_version", "TLSv1.2"),
    ("sslsni", "1"),
    ("channel_binding", "prefer"),
    ("target_session_attrs", "any"),
    ("options", ""),
];

/// The connection string for libpq, as keywords and values: libpq reads URLs differently
/// from everyone else in more than one place.
pub(super) fn conninfo(parameters: &Parameters) -> SecretString {
    let port = parameters.port.to_string();
    // Empty, it keeps PGHOSTADDR away.
    let address = parameters.address.map(|address| address.to_string()).unwrap_or_default();
    let mut pairs = vec![
        ("host", parameters.host.as_str()),
        ("hostaddr", &address),
        ("port", &port),
        ("user", &parameters.user),
        ("password", parameters.password.expose_secret()),
        ("dbname", &parameters.database),
        ("sslmode", parameters.tls.as_libpq()),
        ("sslrootcert", parameters.authority.as_deref().unwrap_or(NO_FILE)),
    ];
    pairs.extend(parameters.further.iter().map(|(name, value)| (*name, value.as_str())));
    let unset = UNSET.into_iter().filter(|(name, _)| parameters.further(name).is_none());
    let all = pairs.into_iter().chain(unset);
    let quoted: Vec<String> =
        all.map(|(name, value)| format!("{name}={}", quoted(value))).collect();
    SecretString::from(quoted.join(" "))
}

fn quoted(value: &str) -> String {
    format!("'{}'", value.replace('\\', "\\\\").replace('\'', "\\'"))
}

/// The same for tokio-postgres. Built with setters, because its parser knows neither
/// verify-full nor sslrootcert.
pub(super) fn tokio_config(parameters: &Parameters) -> tokio_postgres::Config {
    let number = |name: &str| parameters.further(name).and_then(|text| text.parse::<u32>().ok());
    let seconds = |name: &str| number(name).map(|number| Duration::from_secs(number.into()));
    let mut config = tokio_postgres::Config::new();
    config
        .host(&parameters.host)
        .port(parameters.port)
        .user(&parameters.user)
        .password(parameters.password.expose_secret())
        .dbname(&parameters.database)
        .keepalives(parameters.further("keepalives") != Some("0"))
        .ssl_mode(match parameters.tls {
            TlsMode::Disable => SslMode::Disable,
            _ => SslMode::Require,
        });
    if let Some(address) = parameters.address {
        config.hostaddr(address);
    }
    if let Some(name) = parameters.further("application_name") {
        config.application_name(name);
    }
    if let Some(options) = parameters.further("options") {
        config.options(options);
    }
    match parameters.further("channel_binding") {
        Some("require") => config.channel_binding(ChannelBinding::Require),
        Some("disable") => config.channel_binding(ChannelBinding::Disable),
        _ => config.channel_binding(ChannelBinding::Prefer),
    };
    match parameters.further("target_session_attrs") {
        Some("read-write" | "primary") => {
            config.target_session_attrs(TargetSessionAttrs::ReadWrite)
        }
        Some("read-only" | "standby") => config.target_session_attrs(TargetSessionAttrs::ReadOnly),
        _ => config.target_session_attrs(TargetSessionAttrs::Any),
    };
    if let Some(limit) = seconds("connect_timeout") {
        config.connect_timeout(limit);
    }
    if let Some(idle) = seconds("keepalives_idle") {
        config.keepalives_idle(idle);
    }
    if let Some(interval) = seconds("keepalives_interval") {
        config.keepalives_interval(interval);
    }
    if let Some(count) = number("keepalives_count") {
        config.keepalives_retries(count);
    }
    if let Some(limit) = number("tcp_user_timeout") {
        config.tcp_user_timeout(Duration::from_millis(limit.into()));
    }
    config
}

/// The same for OpenSSL: libpq's modes and files, and never less than TLS 1.2.
pub(super) fn tls_connector(parameters: &Parameters) -> Result<SslConnector, ErrorStack> {
    let mut builder = SslConnector::builder(SslMethod::tls_client())?;
    let least = match parameters.further("ssl_min_protocol_version") {
        Some("TLSv1.3") => SslVersion::TLS1_3,
        _ => SslVersion::TLS1_2,
    };
    builder.set_min_proto_version(Some(least))?;
    match parameters.authority.as_deref() {
        Some("system") => builder.set_default_verify_paths()?,
        Some(file) => {
            // The authorities of this machine are in the store already, and libpq trusts
            // the given one alone.
            builder.set_cert_store(X509StoreBuilder::new()?.build());
            builder.set_ca_file(file)?;
        }
        // `require` promises encryption alone, as in libpq.
        None => builder.set_verify(SslVerifyMode::NONE),
    }
    if let Some(certificate) = parameters.further("sslcert") {
        builder.set_certificate_chain_file(certificate)?;
    }
    if let Some(key) = parameters.further("sslkey") {
        builder.set_private_key_file(key, SslFiletype::PEM)?;
    }
    Ok(builder.build())
}

/// Has the certificate's name checked where the mode asks for it.
pub(super) fn verify_host(connection: &mut ConnectConfiguration, mode: TlsMode) {
    connection.set_verify_hostname(mode == TlsMode::VerifyFull);
}
