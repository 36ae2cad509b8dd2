//! One connection to Redis that all requests share, and who may use it when.
//!
//! A request that fails closes the door, and from then on nobody waits: a task in
//! the background makes a new connection, tries it, and opens the door again.

use std::fmt;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock, Weak};
use std::time::Duration;

use redis::aio::MultiplexedConnection;
use redis::{AsyncConnectionConfig, Client, FromRedisValue, Pipeline, RedisError, cmd};
use secrecy::{ExposeSecret, SecretString};
use tokio::runtime::Handle;
use tokio::time::timeout;

use crate::cache::reason::{SILENT, reason};
use crate::cache::{Step, commands, prefixed};

/// The pause before the next connection is tried.
const PAUSE: Duration = Duration::from_secs(1);
/// A new connection has to be made within this, and to pass its trial within as long.
const CONNECT_LIMIT: Duration = Duration::from_secs(2);

/// A connection and which one it is.
#[derive(Clone)]
struct Line {
    connection: MultiplexedConnection,
    number: u64,
}

pub(super) struct Door {
    client: Client,
    /// How long a request may wait.
    limit: Duration,
    /// Where the connection is driven: the runtime of the start, for one of a worker is
    /// as busy as its requests.
    home: Option<Handle>,
    /// None while the door is closed.
    line: RwLock<Option<Line>>,
    numbers: AtomicU64,
    /// Whether a task is making a connection.
    dialling: AtomicBool,
    /// What the log was told last.
    told: Mutex<Option<bool>>,
}

impl Door {
    /// Begins to connect, when called within a runtime; else the first request does.
    pub(super) fn open(url: &SecretString, limit: Duration) -> Option<Arc<Self>> {
        let Ok(client) = Client::open(url.expose_secret()) else {
            tracing::warn!("REDIS_URL is not usable: caches and limits are local");
            return None;
        };
        let door = Arc::new(Self {
            client,
            limit,
            home: Handle::try_current().ok(),
            line: RwLock::default(),
            numbers: AtomicU64::default(),
            dialling: AtomicBool::default(),
            told: Mutex::default(),
        });
        door.dial(Duration::ZERO);
        Some(door)
    }

    pub(super) fn is_open(&self) -> bool {
        self.line.read().unwrap_or_else(PoisonError::into_inner).is_some()
    }

    /// Sends commands when the door is open. Whoever gets no answer in time closes it.
    pub(super) async fn ask<T: FromRedisValue>(self: &Arc<Self>, commands: &Pipeline) -> Option<T> {
        let line = self.line.read().unwrap_or_else(PoisonError::into_inner).clone();
        let Some(Line { mut connection, number }) = line else {
            self.dial(Duration::ZERO);
            return None;
        };
        let why = match timeout(self.limit, commands.query_async(&mut connection)).await {
            Ok(Ok(answer)) => return Some(answer),
            Ok(Err(error)) => reason(&error),
            Err(_) => SILENT,
        };
        self.close(number, why);
        None
    }

    /// Connects apart and returns the server's version.
    pub(super) async fn probe(&self) -> Result<String, &'static str> {
        let mut connection = self.connect().await?;
        let mut info = Pipeline::new();
        info.cmd("INFO").arg("server");
        let told = timeout(CONNECT_LIMIT, info.query_async::<(String,)>(&mut connection)).await;
        let (told,) = told.map_err(|_| SILENT)?.map_err(|error| reason(&error))?;
        let version = told.lines().find_map(|line| line.strip_prefix("redis_version:"));
        Ok(version.unwrap_or("of an unknown version").trim().to_owned())
    }

    /// Closes the door unless somebody has opened it anew in the meantime.
    fn close(self: &Arc<Self>, number: u64, why: &'static str) {
        {
            let mut line = self.line.write().unwrap_or_else(PoisonError::into_inner);
            if line.as_ref().is_none_or(|line| line.number != number) {
                return;
            }
            *line = None;
        }
        self.tell(Err(why));
        self.dial(PAUSE);
    }

    /// Makes a connection in the background after `pause`, unless a task does already.
    fn dial(self: &Arc<Self>, pause: Duration) {
        let Some(home) = self.home.clone().or_else(|| Handle::try_current().ok()) else { return };
        if self.dialling.swap(true, Ordering::AcqRel) {
            return;
        }
        // The task does not keep the door: it ends when nobody has it any more.
        let dialling = Dialling(Arc::downgrade(self));
        home.spawn(async move {
            tokio::time::sleep(pause).await;
            while let Some(door) = dialling.0.upgrade() {
                match door.connect().await {
                    Ok(connection) => {
                        let number = door.numbers.fetch_add(1, Ordering::Relaxed);
                        let line = Some(Line { connection, number });
                        *door.line.write().unwrap_or_else(PoisonError::into_inner) = line;
                        door.tell(Ok(()));
                        return;
                    }
                    Err(why) => door.tell(Err(why)),
                }
                drop(door);
                tokio::time::sleep(PAUSE).await;
            }
        });
    }

    /// Makes a connection that can do what requests do: a server that is full or takes no
    /// writes does not pass.
    async fn connect(&self) -> Result<MultiplexedConnection, &'static str> {
        let config = AsyncConnectionConfig::new()
            .set_connection_timeout(Some(CONNECT_LIMIT))
            .set_response_timeout(Some(CONNECT_LIMIT));
        let attempt = async {
            let mut connection =
                self.client.get_multiplexed_async_connection_with_config(&config).await?;
            // A refusal of all we ask is told best by a command of its own: redis 1.8 panics
            // where a transaction is refused before its first command.
            let _: Option<i64> =
                cmd("GET").arg(prefixed("trial")).query_async(&mut connection).await?;
            let (key, keep) = ("trial".to_owned(), PAUSE);
            let steps = [
                Step::Add { key: key.clone(), by: 1, keep },
                Step::MarkFirst { key: key.clone(), keep },
                Step::Read { key },
            ];
            commands(&steps).query_async::<Vec<Option<i64>>>(&mut connection).await?;
            Ok::<_, RedisError>(connection)
        };
        let made = timeout(2 * CONNECT_LIMIT, attempt).await.map_err(|_| SILENT)?;
        made.map_err(|error| reason(&error))
    }

    /// Tells the log what has changed, once.
    fn tell(&self, found: Result<(), &'static str>) {
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        if told.replace(found.is_ok()) == Some(found.is_ok()) {
            return;
        }
        match found {
            Ok(()) => tracing::info!("Redis can be reached: caches and limits are shared"),
            Err(reason) => {
                tracing::warn!(reason, "Redis cannot be used: caches and limits are local");
            }
        }
    }
}

impl fmt::Debug for Door {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Door").field("open", &self.is_open()).finish_non_exhaustive()
    }
}

/// The right to make the connection, given back however the task ends.
struct Dialling(Weak<Door>);

impl Drop for Dialling {
    fn drop(&mut self) {
        if let Some(door) = self.0.upgrade() {
            door.dialling.store(false, Ordering::Release);
        }
    }
}
