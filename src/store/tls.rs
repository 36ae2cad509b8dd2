//! The TLS that the database really speaks, told by a side connection with a
//! second, independent client.

use std::time::{Duration, SystemTime};

use openssl::error::ErrorStack;
use postgres_openssl::MakeTlsConnector;
use tokio_postgres::error::SqlState;
use tokio_postgres::{Client, Connection, NoTls, Socket};

use crate::config::postgres::{Parameters, TlsMode};
use crate::store::{drivers, inspect};

const PROBE_LIMIT: Duration = Duration::from_secs(15);

const FACTS: &str = "SELECT current_setting('server_version') AS version, \
    pg_is_in_recovery() AS is_standby, \
    current_setting('max_connections')::int AS max_connections, \
    current_setting('statement_timeout') AS statement_timeout, \
    current_setting('lc_messages') AS messages, \
    clock_timestamp() AS now";

/// What the server and the connection to it are.
#[derive(Debug, Clone, PartialEq)]
pub struct ServerInfo {
    /// Such as `15.8`.
    pub server_version: String,
    /// Such as `TLSv1.3`; none on a plaintext connection.
    pub tls_protocol: Option<String>,
    /// Such as `TLS_AES_256_GCM_SHA384`.
    pub tls_cipher: Option<String>,
    /// Whether it only repeats what another server writes.
    pub is_standby: bool,
    /// How many connections it admits.
    pub max_connections: i32,
    /// How long a statement of this role may take, as Postgres writes it; `0` is for ever.
    pub statement_timeout: String,
    /// The language of its messages.
    pub messages: String,
    /// How far its clock is ahead of this machine's, in seconds.
    pub clock_ahead: f64,
}

/// Why the server told nothing.
#[derive(Debug, thiserror::Error)]
pub enum ProbeError {
    /// A file of the settings is of no use.
    #[error("a file that sslrootcert, sslcert or sslkey names is no readable certificate or key")]
    Files(#[source] ErrorStack),
    /// It did not answer.
    #[error("the database did not answer in time")]
    Silent,
    /// It is not there, its certificate is not trusted, or it refuses the log-in.
    #[error("the database cannot be used: {}", crate::store::chain(.0))]
    Refused(tokio_postgres::Error),
}

impl ProbeError {
    /// Whether to try again cannot help: the role, its password, the database or the
    /// certificate is wrong.
    pub fn is_final(&self) -> bool {
        let Self::Refused(error) = self else { return matches!(self, Self::Files(_)) };
        let wrong = [
            SqlState::INVALID_PASSWORD,
            SqlState::INVALID_AUTHORIZATION_SPECIFICATION,
            SqlState::INVALID_CATALOG_NAME,
        ];
        let is_untrusted = || crate::store::chain(error).contains("certificate verify failed");
        error.code().map_or_else(is_untrusted, |code| wrong.contains(code))
    }
}

/// Connects once beside the pool, under the same TLS policy, and tells what it
/// found.
///
/// # Errors
///
/// [`ProbeError`], with the server's own words, which name the role and the database and
/// never the password.
pub async fn probe(parameters: &Parameters) -> Result<ServerInfo, ProbeError> {
    // The driver's own limit covers TCP alone, not TLS and log-in.
    let answers = tokio::time::timeout(PROBE_LIMIT, connect_and_ask(parameters));
    let mut info = answers.await.unwrap_or(Err(ProbeError::Silent))?;
    if parameters.pooled && parameters.tls != TlsMode::Disable {
        // The server told of its connection with the pooler, which is not ours.
        let asked = parameters.clone();
        let ours = tokio::task::spawn_blocking(move || inspect::handshake(&asked)).await;
        let ours = ours.ok().and_then(Result::ok);
        info.tls_protocol = ours.as_ref().map(|handshake| handshake.protocol.clone());
        info.tls_cipher = ours.map(|handshake| handshake.cipher);
    }
    Ok(info)
}

async fn connect_and_ask(parameters: &Parameters) -> Result<ServerInfo, ProbeError> {
    let driver = drivers::tokio_config(parameters);
    let answers = if parameters.tls == TlsMode::Disable {
        let (client, connection) = driver.connect(NoTls).await.map_err(ProbeError::Refused)?;
        ask(client, connection).await
    } else {
        let connector = connector(parameters).map_err(ProbeError::Files)?;
        let (client, connection) = driver.connect(connector).await.map_err(ProbeError::Refused)?;
        ask(client, connection).await
    };
    answers.map_err(ProbeError::Refused)
}

fn seconds_ahead(moment: SystemTime) -> f64 {
    match moment.duration_since(SystemTime::now()) {
        Ok(ahead) => ahead.as_secs_f64(),
        Err(behind) => -behind.duration().as_secs_f64(),
    }
}

fn connector(parameters: &Parameters) -> Result<MakeTlsConnector, ErrorStack> {
    let connector = drivers::tls_connector(parameters)?;
    let mode = parameters.tls;
    let mut connector = MakeTlsConnector::new(connector);
    connector.set_callback(move |connection, _| {
        drivers::verify_host(connection, mode);
        Ok(())
    });
    Ok(connector)
}

async fn ask<S>(
    client: Client,
    connection: Connection<Socket, S>,
) -> Result<ServerInfo, tokio_postgres::Error>
where
    S: tokio_postgres::tls::TlsStream + Unpin,
{
    let questions = async move {
        let facts = client.query_one(FACTS, &[]).await?;
        let now: SystemTime = facts.try_get("now")?;
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
        Ok(ServerInfo {
            server_version: facts.try_get("version")?,
            tls_protocol,
            tls_cipher,
            is_standby: facts.try_get("is_standby")?,
            max_connections: facts.try_get("max_connections")?,
            statement_timeout: facts.try_get("statement_timeout")?,
            messages: facts.try_get("messages")?,
            clock_ahead: seconds_ahead(now),
        })
    };
    // The connection ends when the questions are answered and the client is gone.
    let (answers, _) = tokio::join!(questions, connection);
    answers
}
