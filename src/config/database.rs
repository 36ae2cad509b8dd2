//! Postgres and the pool in front of it.

use std::time::Duration;

use crate::config::postgres::{self, Postgres};
use crate::config::reader::Reader;
use crate::config::{ConfigErrors, environment};

/// Postgres and the pool in front of it.
#[derive(Debug, Clone)]
pub struct DatabaseConfig {
    /// `DATABASE_URL`, or its parts in variables of their own.
    pub postgres: Postgres,
    /// `DB_POOL_MIN`, default 10: connections kept open when idle.
    pub pool_min: u32,
    /// `DB_POOL_MAX`, default 30: connections at most.
    pub pool_max: u32,
    /// `DB_POOL_WAIT_SECONDS`, default 30: how long a request may wait for a
    /// connection before it is answered 503.
    pub pool_wait: Duration,
    /// `DB_POOL_QUEUE`, default 256: how many requests may wait; beyond them 503 at once.
    pub pool_queue: usize,
    /// `DB_POOL_LIFETIME_SECONDS`, default 300: a connection is retired after it.
    pub pool_lifetime: Duration,
    /// `DB_START_WAIT_SECONDS`, default 120: how long a start waits for a database that
    /// is down.
    pub start_wait: Duration,
}

impl DatabaseConfig {
    /// Reads what `migrate` needs.
    ///
    /// # Errors
    ///
    /// [`ConfigErrors`] names every variable that is missing or wrong.
    pub fn from_env() -> Result<Self, ConfigErrors> {
        let mut reader = Reader::new(&environment);
        let config = Self::read(&mut reader);
        reader.finish(config)
    }

    pub(super) fn read(reader: &mut Reader<'_>) -> Option<Self> {
        let postgres = reader.together(&postgres::NAMES, Postgres::from_variables);
        // Whoever lowers the greatest number alone means to keep no more than that.
        let pool_max = reader.number("DB_POOL_MAX", 30, 1..=1000);
        let pool_min = reader.number("DB_POOL_MIN", pool_max.min(10), 0..=1000);
        if pool_min > pool_max {
            reader.wrong("DB_POOL_MIN", "no more than DB_POOL_MAX");
        }
        let pool_wait = reader.seconds("DB_POOL_WAIT_SECONDS", 30, 1..=300);
        let pool_queue = reader.number("DB_POOL_QUEUE", 256, 0..=100_000);
        let pool_lifetime = reader.seconds("DB_POOL_LIFETIME_SECONDS", 300, 10..=86_400);
        let start_wait = reader.seconds("DB_START_WAIT_SECONDS", 120, 0..=86_400);
        Some(Self {
            postgres: postgres?,
            pool_min,
            pool_max,
            pool_wait,
            pool_queue,
            pool_lifetime,
            start_wait,
        })
    }
}
