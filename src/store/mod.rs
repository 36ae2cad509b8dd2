//! Postgres, reached only through [`Store::read`], [`Store::write`] and [`Store::run`].

pub mod access_changes;
pub mod api_keys;
pub mod audit;
mod drivers;
mod error;
pub mod generations;
pub mod idempotency;
pub mod identities;
mod ids;
pub mod inspect;
pub mod invitations;
pub mod known_networks;
pub mod members;
pub mod migrations;
mod pool;
mod reach;
pub mod record_counts;
pub mod record_turns;
pub mod refresh_tokens;
pub mod revocations;
mod role;
#[expect(missing_docs, reason = "generated; the columns' comments in the database describe them")]
pub mod schema;
mod stored_day;
pub mod tls;
mod turns;
pub mod users;

/// A connection, as the work that [`Store`] runs is given one.
pub use diesel::PgConnection as Connection;
pub use error::StoreError;
pub use ids::{InvitationId, KeyId, OrganisationId, UserId};
pub use migrations::{migrate, pending};
pub use role::{Role, UnknownRole};
pub use stored_day::StoredDay;

use std::sync::Arc;
use std::time::{Duration, Instant};

use diesel::Connection as _;
use diesel::prelude::*;
use diesel::result::Error as DieselError;
use diesel::sql_types::Integer;
use serde::Serialize;

use crate::config::DatabaseConfig;
use crate::store::pool::{Doubt, Manager, NoteFaults, random_share};
use crate::store::reach::Reach;
use crate::store::turns::Turns;

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

/// How long work waited for its turn and a connection.
pub const WAIT_METRIC: &str = "wathiqa_database_wait_duration_seconds";
/// Work that was begun again on another connection.
pub const RETRIES_METRIC: &str = "wathiqa_database_retries_total";
/// Connections that failed or could not be made.
pub const FAULTS_METRIC: &str = "wathiqa_database_connection_faults_total";

/// Twice the longest pause that r2d2 makes between two tries to connect, so an outage is
/// noticed to be over in half a second. How long requests wait is told at each.
const CONNECT_WAIT: Duration = Duration::from_secs(1);
/// How long a request waits for a connection when none can be made: longer
/// than a restart of the database, shorter than a client's patience.
const OUTAGE_WAIT: Duration = Duration::from_secs(10);
const IDLE_TIMEOUT: Duration = Duration::from_secs(120);

/// A request's work is begun at most so often, and within so long.
const TRIES: u32 = 4;
const BUDGET: Duration = Duration::from_secs(10);
/// The pause before the second try; each further one is twice as long.
const PAUSE: Duration = Duration::from_millis(50);

/// What a piece of work says of the connection that it had.
#[derive(Debug, Clone, Copy)]
enum Fate {
    /// The server answered, be it with a refusal.
    Answered,
    /// The connection was lost.
    Lost,
    /// The server takes no writes.
    ReadOnly,
}

impl Fate {
    const fn of<T>(outcome: &Result<T, StoreError>) -> Self {
        match outcome {
            Err(StoreError::Unavailable) => Self::Lost,
            Err(StoreError::ReadOnly) => Self::ReadOnly,
            _ => Self::Answered,
        }
    }
}

/// Does some work once, and tells whether it may be done again should it fail.
type Attempt<W, T> = fn(&W, &mut PgConnection) -> (Result<T, StoreError>, bool);

/// The pooled database. Clones share the pool.
#[derive(Clone)]
pub struct Store {
    pool: r2d2::Pool<Manager>,
    turns: Turns,
    doubt: Doubt,
    reach: Arc<Reach>,
    wait: Duration,
    pool_size: u32,
}

impl Store {
    /// Makes the pool. Nothing is awaited, so a database that is down does not stop
    /// the start.
    pub fn open(config: &DatabaseConfig) -> Self {
        let size = config.pool_max.max(1);
        let (doubt, reach) = (Doubt::none(), Arc::<Reach>::default());
        let manager =
            Manager::new(config.postgres.parameters.clone(), config.pool_lifetime, doubt.clone());
        let pool = r2d2::Pool::builder()
            .max_size(size)
            .min_idle(Some(config.pool_min.min(size)))
            .test_on_check_out(true)
            .max_lifetime(Some(config.pool_lifetime))
            .idle_timeout(Some(IDLE_TIMEOUT))
            .connection_timeout(CONNECT_WAIT)
            .error_handler(Box::new(NoteFaults(Arc::clone(&reach))))
            .build_unchecked(manager);
        Self {
            pool,
            doubt,
            reach,
            turns: Turns::new(size as usize, config.pool_queue, config.pool_wait),
            wait: config.pool_wait,
            pool_size: config.pool_min.min(size),
        }
    }

    /// Runs `work` once on a pooled connection, off the threads that serve requests. What
    /// only reads is better given to [`Store::read`], what writes to [`Store::write`].
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
        self.once(move |connection| {
            let outcome = work(connection);
            let fate = Fate::of(&outcome);
            (outcome, fate)
        })
        .await?
    }

    /// Runs `work` on a connection and learns from its fate.
    async fn once<T, W>(&self, work: W) -> Result<T, StoreError>
    where
        T: Send + 'static,
        W: FnOnce(&mut PgConnection) -> (T, Fate) + Send + 'static,
    {
        let started = Instant::now();
        let turn = self.turns.take().await?;
        let store = self.clone();
        let span = tracing::Span::current();
        let task = tokio::task::spawn_blocking(move || {
            // A client that hangs up drops the future but not this closure, so
            // the turn must go with the connection that it stands for.
            let _turn = turn;
            span.in_scope(|| {
                let wait = store.wait.saturating_sub(started.elapsed()).min(OUTAGE_WAIT);
                let connection = store.pool.get_timeout(wait);
                store.reach.note(connection.is_ok());
                metrics::histogram!(WAIT_METRIC).record(started.elapsed());
                let mut connection = connection.map_err(|_| StoreError::Unavailable)?;
                let asked_at = Instant::now();
                let (outcome, fate) = work(&mut connection);
                match fate {
                    Fate::Answered => connection.has_answered(asked_at),
                    Fate::Lost => store.doubt.raise(asked_at),
                    // After a failover another connection may find the new primary.
                    Fate::ReadOnly => connection.retire(),
                }
                Ok(outcome)
            })
        });
        task.await.unwrap_or_else(|_| {
            let panicked = DieselError::QueryBuilderError("the query's closure panicked".into());
            Err(StoreError::Query(panicked))
        })
    }

    /// Runs `work`, which only reads, and again on another connection when the first one
    /// was lost.
    ///
    /// # Errors
    ///
    /// As [`Store::run`].
    pub async fn read<T, W>(&self, work: W) -> Result<T, StoreError>
    where
        T: Send + 'static,
        W: Fn(&mut PgConnection) -> Result<T, StoreError> + Send + 'static,
    {
        self.repeat(work, |work, connection| (work(connection), true)).await
    }

    /// Runs `work` in a transaction, and again when the connection was lost before the
    /// commit was asked for: then nothing of it can have been kept. Beyond that point
    /// nobody knows, and it is not repeated.
    ///
    /// # Errors
    ///
    /// As [`Store::run`].
    pub async fn write<T, W>(&self, work: W) -> Result<T, StoreError>
    where
        T: Send + 'static,
        W: Fn(&mut PgConnection) -> Result<T, StoreError> + Send + 'static,
    {
        self.repeat(work, |work, connection| {
            let mut complete = false;
            let outcome = connection.transaction(|connection| {
                let done = work(connection)?;
                complete = true;
                Ok(done)
            });
            (outcome, !complete)
        })
        .await
    }

    /// Tries until `attempt` succeeds, fails for good or says that it must not be repeated.
    async fn repeat<T, W>(&self, work: W, attempt: Attempt<W, T>) -> Result<T, StoreError>
    where
        T: Send + 'static,
        W: Send + 'static,
    {
        let started = Instant::now();
        let mut work = work;
        for tried in 1.. {
            let turn = self.once(move |connection| {
                let (outcome, may_repeat) = attempt(&work, connection);
                let fate = Fate::of(&outcome);
                let unfinished = match outcome {
                    Err(error) if may_repeat && error.is_passing() => Err((work, error)),
                    outcome => Ok(outcome),
                };
                (unfinished, fate)
            });
            let (again, error) = match turn.await? {
                Ok(outcome) => return outcome,
                Err(unfinished) => unfinished,
            };
            if tried >= TRIES || started.elapsed() >= BUDGET {
                return Err(error);
            }
            metrics::counter!(RETRIES_METRIC).increment(1);
            tokio::time::sleep(jittered(PAUSE * 2_u32.pow(tried - 1))).await;
            work = again;
        }
        Err(StoreError::Unavailable)
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

    /// How many connections there are at most.
    pub fn connections_max(&self) -> u32 {
        self.pool.max_size()
    }

    /// Requests that wait for a connection now.
    pub fn waiting(&self) -> usize {
        self.turns.waiting()
    }

    /// Lets no one in any more and waits for the queries under way, at most
    /// `grace`. To be called before `main` returns: a process that exits while
    /// a thread is still connecting may crash in OpenSSL.
    pub async fn close(&self, grace: Duration) {
        if !self.turns.close(grace).await {
            tracing::warn!("queries are still running after the grace period");
        }
    }
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Store").field("pool", &self.pool_state()).finish_non_exhaustive()
    }
}

/// Half to the whole of a pause, so that those who wait together come back apart.
fn jittered(pause: Duration) -> Duration {
    pause.mul_f64(1.0 - 0.5 * random_share())
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
