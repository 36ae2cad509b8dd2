//! Postgres, reached only through [`Store::run`].

/// What went wrong with the database, by what a caller can do about it.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// It cannot be reached, or no connection was free in time: try again later.
    #[error("the database cannot be reached")]
    Unavailable,
    /// The row exists already.
    #[error("a row with the same key exists")]
    Conflict,
    /// A query failed for a reason that is a fault of this program.
    #[error("a query failed")]
    Query(#[source] diesel::result::Error),
}

/// The pooled database.
#[derive(Debug, Clone)]
pub struct Store;
