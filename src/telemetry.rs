//! Log lines: where they go, in which form, and how many.

use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::{SubscriberInitExt, TryInitError};

use crate::config::LogConfig;

/// Why logging could not be set up.
#[derive(Debug, thiserror::Error)]
pub enum TelemetryError {
    /// `LOG_LEVEL` is no filter directive.
    #[error("LOG_LEVEL must be a level or a filter such as info,wathiqa=debug")]
    Filter(#[from] tracing_subscriber::filter::ParseError),
    /// Something in this process has set up logging before.
    #[error("logging is set up already")]
    Twice(#[from] TryInitError),
}

/// Sends log lines to the standard output: JSON for machines, text for people.
/// To be called once, from `main`.
///
/// # Errors
///
/// [`TelemetryError`] when the level is no filter or logging is set up already.
pub fn init(config: &LogConfig) -> Result<(), TelemetryError> {
    let registry = tracing_subscriber::registry().with(EnvFilter::try_new(&config.level)?);
    if config.json {
        registry.with(fmt::layer().json().flatten_event(true)).try_init()?;
    } else {
        registry.with(fmt::layer().compact()).try_init()?;
    }
    Ok(())
}
