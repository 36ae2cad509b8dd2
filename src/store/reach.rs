//! Whether the database can be reached, told in the log when it changes.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

/// What the last requests found.
#[derive(Debug)]
pub(super) struct Reach {
    reached: AtomicBool,
    /// Why the last try to connect failed.
    reason: Mutex<&'static str>,
}

impl Default for Reach {
    fn default() -> Self {
        Self {
            reached: AtomicBool::new(true),
            reason: Mutex::new("no connection was free in time"),
        }
    }
}

impl Reach {
    /// Notes whether a request got a connection.
    pub(super) fn note(&self, reached: bool) {
        // Most often nothing has changed, and nothing is written that others read.
        if self.reached.load(Ordering::Relaxed) == reached
            || self.reached.swap(reached, Ordering::Relaxed) == reached
        {
            return;
        }
        if reached {
            tracing::info!("the database can be reached again");
        } else {
            let reason = *self.reason.lock().unwrap_or_else(PoisonError::into_inner);
            tracing::warn!(reason, "the database cannot be reached");
        }
    }

    /// Notes why a connection could not be made, by what libpq says, which itself names
    /// host and role and stays out of the log.
    pub(super) fn explain(&self, message: &str) {
        let known = [
            ("password authentication failed", "the password is refused"),
            ("no pg_hba.conf entry", "the server's pg_hba.conf refuses this role or host"),
            ("does not exist", "the role or the database does not exist"),
            ("certificate verify failed", "the server's certificate is not trusted"),
            ("server certificate for", "the server's certificate is made out to another host"),
            ("Connection refused", "nothing listens there"),
            ("could not translate host name", "its host has no address"),
            ("timeout expired", "it does not answer"),
            ("starting up", "it is starting"),
            ("shutting down", "it is stopping"),
            ("too many", "it has no connection left for us"),
            ("remaining connection slots", "it has no connection left for us"),
        ];
        let reason = known.iter().find(|(text, _)| message.contains(text));
        let reason = reason.map_or("it refuses connections", |(_, reason)| reason);
        *self.reason.lock().unwrap_or_else(PoisonError::into_inner) = reason;
    }
}
