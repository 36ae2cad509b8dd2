//! Postgres, reached only through [`Store::run`] and [`Store::read`].

mod ids;
pub mod migrations;
mod pool;
pub mod revocations;
#[expect(missing_docs, reason = "generated; the columns' comments in the database describe them")]
pub mod schema;
mod settings;
pub mod tls;
pub mod users;

pub use ids::{OrganisationId, UserId};
pub use migrations::{migrate, pending};

use std::sync::Arc;
use std::time::Duration;

use diesel::prelude::*;
use diesel::result::{DatabaseErrorKind, Error as DieselError};
use diesel::sql_types::Integer;
use serde::Serialize;
use tokio::sync::Semaphore;

use crate::config::DatabaseConfig;
use crate::store::pool::{Doubt, Manager, NoteFaults};
use crate::store::settings::{Settings, TlsMode};

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

/// How long r2d2 tries for a connection before it backs off; also twice its
/// longest pause between tries, so an outage is noticed to be over in seconds.
const CONNECT_WAIT: Duration = Duration::from_secs(3);
/// How long a request waits for a connection when none can be made: longer
/// than a restart of the database, shorter than a client's patience.
const OUTAGE_WAIT: Duration = Duration::from_secs(10);
const IDLE_TIMEOUT: Duration = Duration::from_secs(120);

/// The pooled database. Clones share the pool.
#[derive(Clone)]
pub struct Store {
    pool: r2d2::Pool<Manager>,
    /// As many permits as connections, so that waiting requests are tasks and
    /// not threads that fight over the pool.
    permits: Arc<Semaphore>,
    doubt: Doubt,
    wait: Duration,
    pool_size: u32,
}

impl Store {
    /// Makes the pool. Nothing is connected yet, so a database that is down
    /// does not stop the start.
    ///
    /// # Errors
    ///
    /// [`StoreError::Settings`] when the URL is malformed or asks for less
    /// than TLS where that is refused.
    pub fn open(config: &DatabaseConfig) -> Result<Self, StoreError> {
        let settings = Settings::parse(&config.url)?;
        if settings.tls == TlsMode::Disable {
            tracing::warn!("TLS to the database is switched off by sslmode=disable");
        }
        let size = config.pool_max.max(1);
        let doubt = Doubt::none();
        let pool = r2d2::Pool::builder()
            .max_size(size)
            .min_idle(Some(config.pool_min.min(size)))
            .test_on_check_out(true)
            .max_lifetime(Some(config.pool_lifetime))
            .idle_timeout(Some(IDLE_TIMEOUT))
            .connection_timeout(CONNECT_WAIT)
            .error_handler(Box::new(NoteFaults))
            .build_unchecked(Manager::new(settings, config.pool_lifetime, doubt.clone()));
        Ok(Self {
            pool,
            doubt,
            permits: Arc::new(Semaphore::new(size as usize)),
            wait: config.pool_wait,
            pool_size: config.pool_min.min(size),
        })
    }

    /// Runs `work` on a pooled connection, off the threads that serve requests.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`] when no connection was free in time or the
    /// connection was lost; else what `work` failed with.
    pub async fn run<T, W>(&self, work: W) -> Result<T, StoreError>
    where
        T: Send + 'static,
        W: FnOnce(&mut PgConnection) -> Result<T, StoreError> + Send + 'static,
    {
        let permit = tokio::time::timeout(self.wait, Arc::clone(&self.permits).acquire_owned())
            .await
            .map_err(|_| StoreError::Unavailable)?
            .map_err(|_| StoreError::Unavailable)?;
        let (pool, doubt) = (self.pool.clone(), self.doubt.clone());
        let wait = self.wait.min(OUTAGE_WAIT);
        let span = tracing::Span::current();
        let task = tokio::task::spawn_blocking(move || {
            // A client that hangs up drops the future but not this closure, so
            // the permit must go with the connection that it stands for.
            let _permit = permit;
            span.in_scope(|| {
                let mut connection = pool.get_timeout(wait).map_err(|_| StoreError::Unavailable)?;
                let outcome = work(&mut connection);
                if matches!(outcome, Err(StoreError::Unavailable)) {
                    doubt.raise();
                }
                outcome
            })
        });
        task.await.unwrap_or_else(|_| {
            let panicked = DieselError::QueryBuilderError("the query's closure panicked".into());
            Err(StoreError::Query(panicked))
        })
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
        let doubt = self.doubt.clone();
        let first = self.run(move |connection| {
            Ok(match work(connection) {
                Err(StoreError::Unavailable) => {
                    doubt.raise();
                    Err(work)
                }
                outcome => Ok(outcome),
            })
        });
        match first.await? {
            Ok(outcome) => outcome,
            Err(work) => self.run(work).await,
        }
    }

    /// Checks that the database answers.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when it does not.
    pub async fn ready(&self) -> Result<(), StoreError> {
        self.read(|connection| {
            diesel::select(1.into_sql::<Integer>()).execute(connection)?;
            Ok(())
        })
        .await
    }

    /// Tells how many connections are open and in use.
    pub fn pool_state(&self) -> PoolState {
        let state = self.pool.state();
        PoolState {
            pool_size: self.pool_size,
            checked_in: state.idle_connections,
            checked_out: state.connections.saturating_sub(state.idle_connections),
            overflow: state.connections.saturating_sub(self.pool_size),
        }
    }

    /// Lets no one in any more and waits for the queries under way, at most
    /// `grace`. To be called before `main` returns: a process that exits while
    /// a thread is still connecting may crash in OpenSSL.
    pub async fn close(&self, grace: Duration) {
        let all = self.permits.acquire_many(self.pool.max_size());
        if tokio::time::timeout(grace, all).await.is_err() {
            tracing::warn!("queries are still running after the grace period");
        }
        self.permits.close();
    }
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Store").field("pool", &self.pool_state()).finish_non_exhaustive()
    }
}

/// Spells an error with its causes, which some drivers leave out of their own text.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}
