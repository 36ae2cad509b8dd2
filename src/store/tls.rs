//! The TLS that the database really speaks, told by a side connection with a
//! second, independent client.

use std::time::Duration;

use openssl::error::ErrorStack;
use openssl::ssl::{SslConnector, SslMethod, SslVerifyMode, SslVersion};
use postgres_openssl::MakeTlsConnector;
use tokio_postgres::{Client, Connection, NoTls, Socket};

use crate::config::DatabaseConfig;
use crate::store::StoreError;
use crate::store::settings::{Settings, TlsMode};

const PROBE_LIMIT: Duration = Duration::from_secs(15);

/// What the server and the connection to it are, for the log line at start.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServerInfo {
    /// Such as `15.8`.
    pub server_version: String,
    /// Such as `TLSv1.3`; none on a plaintext connection.
    pub tls_protocol: Option<String>,
    /// Such as `TLS_AES_256_GCM_SHA384`.
    pub tls_cipher: Option<String>,
}

/// Connects once beside the pool, under the same TLS policy, and tells what it
/// found.
///
/// # Errors
///
/// [`StoreError::Unavailable`] when the server cannot be reached or its
/// certificate is not trusted; the reason is logged. [`StoreError::Settings`]
/// when the authority's file cannot be read.
pub async fn probe(config: &DatabaseConfig) -> Result<ServerInfo, StoreError> {
    let settings = Settings::parse(&config.url)?;
    // The driver's own limit covers TCP alone, not TLS and log-in.
    tokio::time::timeout(PROBE_LIMIT, connect_and_ask(&settings)).await.unwrap_or_else(|_| {
        tracing::warn!("the database did not answer in time");
        Err(StoreError::Unavailable)
    })
}

async fn connect_and_ask(settings: &Settings) -> Result<ServerInfo, StoreError> {
    let driver = settings.tokio_config();
    if settings.tls == TlsMode::Disable {
        let (client, connection) = driver.connect(NoTls).await.map_err(unreachable)?;
        return ask(client, connection).await;
    }
    let connector = connector(settings).map_err(|_| {
        StoreError::Settings("the file that sslrootcert names is no readable certificate".into())
    })?;
    let (client, connection) = driver.connect(connector).await.map_err(unreachable)?;
    ask(client, connection).await
}

/// Carries libpq's modes over to OpenSSL.
fn connector(settings: &Settings) -> Result<MakeTlsConnector, ErrorStack> {
    let mut builder = SslConnector::builder(SslMethod::tls_client())?;
    builder.set_min_proto_version(Some(SslVersion::TLS1_2))?;
    match settings.authority.as_deref() {
        Some("system") => builder.set_default_verify_paths()?,
        Some(file) => builder.set_ca_file(file)?,
        // `require` promises encryption alone, as in libpq.
        None => builder.set_verify(SslVerifyMode::NONE),
    }
    let verifies_host = settings.tls == TlsMode::VerifyFull;
    let mut connector = MakeTlsConnector::new(builder.build());
    connector.set_callback(move |connection, _| {
        connection.set_verify_hostname(verifies_host);
        Ok(())
    });
    Ok(connector)
}

async fn ask<S>(client: Client, connection: Connection<Socket, S>) -> Result<ServerInfo, StoreError>
where
    S: tokio_postgres::tls::TlsStream + Unpin,
{
    let questions = async move {
        let version = client.query_one("SHOW server_version", &[]).await?.try_get(0)?;
        let tls = client
            .query_opt(
                "SELECT version, cipher FROM pg_stat_ssl WHERE pid = pg_backend_pid() AND ssl",
                &[],
            )
            .await?;
        let (tls_protocol, tls_cipher) = match tls {
            Some(row) => (row.try_get(0)?, row.try_get(1)?),
            None => (None, None),
        };
        Ok(ServerInfo { server_version: version, tls_protocol, tls_cipher })
    };
    // The connection ends when the questions are answered and the client is gone.
    let (answers, _) = tokio::join!(questions, connection);
    answers.map_err(unreachable)
}

#[expect(clippy::needless_pass_by_value, reason = "the shape of map_err")]
fn unreachable(error: tokio_postgres::Error) -> StoreError {
    tracing::warn!(error = %crate::store::chain(&error), "the database cannot be reached");
    StoreError::Unavailable
}
