//! Why Redis cannot be used, in words that may be logged.

use redis::RedisError;

/// Says in a few words what an error means. Its own text may name host and user.
pub(super) fn reason(error: &RedisError) -> &'static str {
    // Codes that the crate knows are spelled in its way, others as the server does.
    let known = [
        ("NOAUTH", "it wants a password"),
        ("WRONGPASS", "the password is refused"),
        ("Password authentication failed", "the password is refused"),
        ("NoPerm", "its user may not use our keys or commands"),
        ("OOM", "it is full"),
        ("ReadOnly", "it takes no writes"),
        ("MISCONF", "it takes no writes, for it cannot save them"),
        ("BusyLoading", "it is starting"),
        ("MasterDown", "it is a standby without its primary"),
        ("Moved", "it is a cluster, which needs another kind of client"),
        ("max number of clients", "it has no connection left for us"),
        ("certificate verify failed", "its certificate is not trusted"),
        ("Connection refused", "nothing listens there"),
        ("lookup address", "its host has no address"),
    ];
    let text = error.to_string();
    match known.iter().find(|(part, _)| text.contains(part)) {
        Some((_, reason)) => reason,
        None if error.is_timeout() => SILENT,
        None if error.is_io_error() => "the connection was lost",
        None => "it refuses what we ask",
    }
}

/// When it lets us wait.
pub(super) const SILENT: &str = "it does not answer";
