//! The pool's connections: proven alive before use and retired on time, which
//! r2d2 promises for idle ones only.

use std::ops::{Deref, DerefMut};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use diesel::connection::{CacheSize, Connection, TransactionManager};
use diesel::prelude::*;
use diesel::sql_types::Integer;
use openssl::rand::rand_bytes;
use r2d2::ManageConnection;
use secrecy::ExposeSecret;

use crate::config::postgres::Parameters;
use crate::store::drivers;
use crate::store::reach::Reach;

/// A connection used so recently is not asked again whether it is alive: a
/// glance at its socket, which costs no round trip, is enough.
const PROVEN_FOR: Duration = Duration::from_millis(500);

/// Why a connection cannot be used.
#[derive(Debug, thiserror::Error)]
pub(super) enum ConnectionFault {
    /// None could be made.
    #[error("a connection could not be made")]
    Refused(#[source] diesel::ConnectionError),
    /// The server closed it.
    #[error("the connection was lost")]
    Lost(#[source] diesel::result::Error),
    /// It is old enough to be replaced.
    #[error("the connection has reached its age")]
    Expired,
}

/// A connection with its age.
pub(super) struct Managed {
    connection: PgConnection,
    expires_at: Instant,
    proven_at: Instant,
}

impl Deref for Managed {
    type Target = PgConnection;

    fn deref(&self) -> &PgConnection {
        &self.connection
    }
}

impl DerefMut for Managed {
    fn deref_mut(&mut self) -> &mut PgConnection {
        &mut self.connection
    }
}

impl Managed {
    /// Looks at the socket without a round trip. The first look swallows the
    /// server's last message, the second sees that it has hung up.
    fn peek(&mut self) -> Result<(), ConnectionFault> {
        for _ in 0..2 {
            self.connection
                .notifications_iter()
                .next()
                .transpose()
                .map_err(ConnectionFault::Lost)?;
        }
        Ok(())
    }

    /// The server has answered a question of `asked_at` on it.
    pub(super) const fn has_answered(&mut self, asked_at: Instant) {
        self.proven_at = asked_at;
    }

    /// Has the pool replace it when it comes back.
    pub(super) fn retire(&mut self) {
        self.expires_at = Instant::now();
    }

    fn ping(&mut self) -> Result<(), ConnectionFault> {
        diesel::select(1.into_sql::<Integer>())
            .execute(&mut self.connection)
            .map_err(ConnectionFault::Lost)?;
        Ok(())
    }
}

/// What a lost connection says about the others. What kills one often kills all, so those
/// proven before are asked again and not only glanced at. One through which nothing
/// comes back any more was not closed but cut off, and so were all that are as old: to
/// ask each of them would take as long again.
#[derive(Debug, Clone)]
pub(super) struct Doubt(Arc<Mutex<Since>>);

#[derive(Debug)]
struct Since {
    lost: Instant,
    cut_off: Instant,
}

/// A server that is there hangs up at once; only silence takes so long.
const SILENCE: Duration = Duration::from_secs(1);

impl Doubt {
    pub(super) fn none() -> Self {
        let now = Instant::now();
        Self(Arc::new(Mutex::new(Since { lost: now, cut_off: now })))
    }

    /// A connection that was asked at `asked_at` is found to be lost.
    pub(super) fn raise(&self, asked_at: Instant) {
        let now = Instant::now();
        let mut since = self.since();
        since.lost = now;
        if now.duration_since(asked_at) >= SILENCE {
            // Those made while this one was silent may be sound.
            since.cut_off = since.cut_off.max(asked_at);
        }
    }

    /// Whether the connection is to be asked, and whether it is lost unasked.
    fn about(&self, managed: &Managed) -> (bool, bool) {
        let since = self.since();
        (managed.proven_at <= since.lost, managed.proven_at <= since.cut_off)
    }

    fn since(&self) -> MutexGuard<'_, Since> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Makes and checks the pool's connections.
#[derive(Debug)]
pub(super) struct Manager {
    parameters: Parameters,
    lifetime: Duration,
    doubt: Doubt,
}

impl Manager {
    pub(super) const fn new(parameters: Parameters, lifetime: Duration, doubt: Doubt) -> Self {
        Self { parameters, lifetime, doubt }
    }

    /// Up to a tenth less than the lifetime, so that connections made
    /// together do not expire together.
    fn expiry(&self) -> Instant {
        Instant::now() + self.lifetime.mul_f64(1.0 - 0.1 * random_share())
    }
}

/// A number from 0 to 1 that is another one each time.
pub(super) fn random_share() -> f64 {
    let mut byte = [0];
    if rand_bytes(&mut byte).is_ok() { f64::from(byte[0]) / 255.0 } else { 0.5 }
}

/// Connects, with prepared statements only where they outlive a transaction.
pub(super) fn establish(parameters: &Parameters) -> Result<PgConnection, diesel::ConnectionError> {
    let mut connection = PgConnection::establish(drivers::conninfo(parameters).expose_secret())?;
    if parameters.pooled {
        connection.set_prepared_statement_cache_size(CacheSize::Disabled);
    }
    Ok(connection)
}

impl ManageConnection for Manager {
    type Connection = Managed;
    type Error = ConnectionFault;

    fn connect(&self) -> Result<Managed, ConnectionFault> {
        let connection = establish(&self.parameters).map_err(ConnectionFault::Refused)?;
        Ok(Managed { connection, expires_at: self.expiry(), proven_at: Instant::now() })
    }

    fn is_valid(&self, managed: &mut Managed) -> Result<(), ConnectionFault> {
        let asked_at = Instant::now();
        let (doubtful, cut_off) = self.doubt.about(managed);
        if asked_at >= managed.expires_at || cut_off {
            return Err(ConnectionFault::Expired);
        }
        let rested = asked_at.saturating_duration_since(managed.proven_at) >= PROVEN_FOR;
        let needs_ping = rested || doubtful;
        let alive = managed.peek().and_then(|()| if needs_ping { managed.ping() } else { Ok(()) });
        match &alive {
            Err(_) => self.doubt.raise(asked_at),
            Ok(()) if needs_ping => managed.proven_at = asked_at,
            Ok(()) => {}
        }
        alive
    }

    fn has_broken(&self, managed: &mut Managed) -> bool {
        type Transactions = <PgConnection as Connection>::TransactionManager;
        // Whether it is still alive is looked at when it is taken out again.
        std::thread::panicking()
            || Transactions::is_broken_transaction_manager(&mut managed.connection)
            || Instant::now() >= managed.expires_at
    }
}

/// Notes what the pool's own threads met; what it means for a request is told
/// by the request.
#[derive(Debug)]
pub(super) struct NoteFaults(pub(super) Arc<Reach>);

impl r2d2::HandleError<ConnectionFault> for NoteFaults {
    fn handle_error(&self, fault: ConnectionFault) {
        if matches!(fault, ConnectionFault::Expired) {
            return;
        }
        metrics::counter!(crate::store::FAULTS_METRIC).increment(1);
        if let ConnectionFault::Refused(error) = &fault {
            self.0.explain(&error.to_string());
        }
        // libpq names host and user in its messages, so not above debug.
        tracing::debug!(error = ?fault, "a pooled connection is of no use");
    }
}
