//! What an operator wants to know of a database before anything depends on it: the TLS
//! that it speaks, its certificate, whether it also answers in the clear.

use std::error::Error as _;
use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream, ToSocketAddrs};
use std::time::Duration;

use openssl::asn1::{Asn1Time, Asn1TimeRef};
use openssl::ssl::{SslConnector, SslMethod, SslVerifyMode};
use openssl::x509::store::X509StoreBuilder;
use openssl::x509::{X509NameRef, X509VerifyResult};
use tokio_postgres::config::SslMode;
use tokio_postgres::error::SqlState;
use tokio_postgres::{Config, NoTls};

use crate::config::postgres::{Parameters, TlsMode};
use crate::store::drivers;

/// The request for TLS that opens a conversation (PostgreSQL documentation, "SSL Session
/// Encryption"): its length and its code.
const SSL_REQUEST: [u8; 8] = [0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f];
const LIMIT: Duration = Duration::from_secs(10);

/// What a TLS handshake with the server showed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Handshake {
    /// Such as `TLSv1.3`.
    pub protocol: String,
    /// Such as `TLS_AES_256_GCM_SHA384`.
    pub cipher: String,
    /// To whom the certificate is made out.
    pub subject: String,
    /// Who signed it.
    pub issuer: String,
    /// The last moment of its validity.
    pub expires: String,
    /// Days until then; negative when it has expired.
    pub days_left: i32,
    /// Why an authority of this machine, or the one that was given, does not vouch for it.
    pub distrust: Option<String>,
}

/// Why a handshake showed nothing.
#[derive(Debug, thiserror::Error)]
pub enum HandshakeError {
    /// The host has no address, or nothing listens there.
    #[error("cannot connect: {0}")]
    Connect(#[source] io::Error),
    /// The server speaks no TLS.
    #[error("the server offers no TLS")]
    NotOffered,
    /// The two sides do not agree on any TLS.
    #[error("the handshake failed: {0}")]
    Tls(String),
}

/// Makes a TLS handshake with the server and looks at its certificate, without logging
/// in. Blocks.
///
/// # Errors
///
/// [`HandshakeError`] says how far it came.
pub fn handshake(parameters: &Parameters) -> Result<Handshake, HandshakeError> {
    let tls = |error: &dyn std::fmt::Display| HandshakeError::Tls(error.to_string());
    let mut stream = connect(parameters).map_err(HandshakeError::Connect)?;
    let mut answer = [0];
    stream
        .write_all(&SSL_REQUEST)
        .and_then(|()| stream.read_exact(&mut answer))
        .map_err(HandshakeError::Connect)?;
    if answer != *b"S" {
        return Err(HandshakeError::NotOffered);
    }
    let mut connection = onlooker(parameters)
        .and_then(|connector| connector.configure())
        .map_err(|error| tls(&error))?;
    let mode =
        if parameters.tls == TlsMode::VerifyCa { parameters.tls } else { TlsMode::VerifyFull };
    drivers::verify_host(&mut connection, mode);
    let stream = connection.connect(&parameters.host, stream).map_err(|error| tls(&error))?;
    let ssl = stream.ssl();
    let certificate =
        ssl.peer_certificate().ok_or_else(|| HandshakeError::Tls("no certificate".into()))?;
    let verdict = ssl.verify_result();
    Ok(Handshake {
        protocol: ssl.version_str().to_owned(),
        cipher: ssl.current_cipher().map_or("none", |cipher| cipher.name()).to_owned(),
        subject: spelled(certificate.subject_name()),
        issuer: spelled(certificate.issuer_name()),
        expires: certificate.not_after().to_string(),
        days_left: days_until(certificate.not_after()).unwrap_or_default(),
        distrust: (verdict != X509VerifyResult::OK).then(|| verdict.error_string().to_owned()),
    })
}

/// Like the drivers' own connector, but it goes on whatever it thinks of the certificate,
/// and knows the machine's authorities where none is given.
fn onlooker(parameters: &Parameters) -> Result<SslConnector, openssl::error::ErrorStack> {
    let mut builder = SslConnector::builder(SslMethod::tls_client())?;
    match parameters.authority.as_deref() {
        None | Some("system") => builder.set_default_verify_paths()?,
        Some(file) => {
            // The authorities of this machine are in the store already, and libpq trusts
            // the given one alone.
            builder.set_cert_store(X509StoreBuilder::new()?.build());
            builder.set_ca_file(file)?;
        }
    }
    builder.set_verify(SslVerifyMode::NONE);
    Ok(builder.build())
}

fn connect(parameters: &Parameters) -> io::Result<TcpStream> {
    let addresses: Vec<SocketAddr> = match parameters.address {
        Some(address) => vec![(address, parameters.port).into()],
        None => (parameters.host.as_str(), parameters.port).to_socket_addrs()?.collect(),
    };
    let mut last = io::Error::from(io::ErrorKind::AddrNotAvailable);
    for address in addresses {
        match TcpStream::connect_timeout(&address, LIMIT) {
            Ok(stream) => {
                stream.set_read_timeout(Some(LIMIT))?;
                stream.set_write_timeout(Some(LIMIT))?;
                return Ok(stream);
            }
            Err(error) => last = error,
        }
    }
    Err(last)
}

fn spelled(name: &X509NameRef) -> String {
    let entries = name.entries().map(|entry| {
        let kind = entry.object().nid().short_name().unwrap_or("?");
        let value = entry.data().to_string().unwrap_or_default();
        format!("{kind}={value}")
    });
    entries.collect::<Vec<_>>().join(", ")
}

fn days_until(moment: &Asn1TimeRef) -> Option<i32> {
    Some(Asn1Time::days_from_now(0).ok()?.diff(moment).ok()?.days)
}

/// Whether the server would let this role log in without TLS. No password is sent.
/// Nothing is known when it does not answer.
pub async fn accepts_plaintext(parameters: &Parameters) -> Option<bool> {
    let mut config = Config::new();
    config
        .host(&parameters.host)
        .port(parameters.port)
        .user(&parameters.user)
        .dbname(&parameters.database)
        .ssl_mode(SslMode::Disable);
    if let Some(address) = parameters.address {
        config.hostaddr(address);
    }
    let answer = tokio::time::timeout(LIMIT, config.connect(NoTls)).await.ok()?;
    match answer {
        Ok(_) => Some(true),
        Err(error) if error.is_closed() => Some(false),
        // It says no before it asks who we are; other words say nothing about this.
        Err(error) if error.as_db_error().is_some() => {
            let no = [SqlState::INVALID_AUTHORIZATION_SPECIFICATION, SqlState::PROTOCOL_VIOLATION];
            error.code().is_some_and(|code| no.contains(code)).then_some(false)
        }
        Err(error) => {
            let unreachable = error.source().is_some_and(<dyn std::error::Error>::is::<io::Error>);
            // Else it asked for the password that we do not send.
            (!unreachable).then_some(true)
        }
    }
}
