//! The schema: migrations embedded in the binary, run under an advisory lock.

use crate::config::DatabaseConfig;
use crate::store::StoreError;

/// Applies what is pending, in one transaction, and returns the names.
///
/// Blocks; to be called before the service listens.
///
/// # Errors
///
/// [`StoreError::Migration`] when one fails; then none is applied.
pub fn migrate(config: &DatabaseConfig) -> Result<Vec<String>, StoreError> {
    let _ = config;
    Err(StoreError::Unavailable)
}

/// Lists the names of migrations that are not applied yet.
///
/// # Errors
///
/// [`StoreError`] when the database cannot be reached.
pub fn pending(config: &DatabaseConfig) -> Result<Vec<String>, StoreError> {
    let _ = config;
    Err(StoreError::Unavailable)
}
