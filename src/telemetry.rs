//! Log lines: where they go, in which form, and how many; and traces, where a collector
//! wants them.

use std::collections::HashMap;
use std::time::Duration;

use opentelemetry::KeyValue;
use opentelemetry::trace::TracerProvider;
use opentelemetry_otlp::{
    ExporterBuildError, Protocol, SpanExporter, WithExportConfig, WithHttpConfig,
};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::{Sampler, SdkTracerProvider};
use secrecy::ExposeSecret;
use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::{SubscriberInitExt, TryInitError};
use tracing_subscriber::{EnvFilter, Layer, fmt};

use crate::config::{LogConfig, TracesConfig};

/// How long the collector may take over what it is sent, and how long the last of it may
/// keep the process.
const COLLECTOR_LIMIT: Duration = Duration::from_secs(5);

/// Why logging could not be set up.
#[derive(Debug, thiserror::Error)]
pub enum TelemetryError {
    /// `LOG_LEVEL` is no filter directive.
    #[error("LOG_LEVEL must be a level or a filter such as info,wathiqa=debug")]
    Filter(#[from] tracing_subscriber::filter::ParseError),
    /// Something in this process has set up logging before.
    #[error("logging is set up already")]
    Twice(#[from] TryInitError),
    /// The client of the collector cannot be made.
    #[error("the collector of traces cannot be asked: {0}")]
    Client(#[from] reqwest::Error),
    /// The exporter cannot be made.
    #[error("traces cannot be exported: {0}")]
    Exporter(#[from] ExporterBuildError),
}

/// What is to be kept until the process ends: dropped, it sends the last traces.
#[must_use = "the last traces are sent when it is dropped"]
#[derive(Debug)]
pub struct Telemetry(Option<SdkTracerProvider>);

impl Drop for Telemetry {
    fn drop(&mut self) {
        if let Some(provider) = &self.0
            && let Err(error) = provider.shutdown_with_timeout(COLLECTOR_LIMIT)
        {
            tracing::warn!(%error, "the last traces were not sent");
        }
    }
}

/// Sends log lines to the standard output: JSON for machines, text for people; and the
/// spans of requests to a collector, where one is set. To be called once, from `main`,
/// outside of any runtime.
///
/// # Errors
///
/// [`TelemetryError`] when the level is no filter, logging is set up already, or traces
/// cannot be exported.
pub fn init(log: &LogConfig, traces: Option<&TracesConfig>) -> Result<Telemetry, TelemetryError> {
    let lines = if log.json {
        fmt::layer().json().flatten_event(true).boxed()
    } else {
        fmt::layer().compact().boxed()
    };
    let lines = lines.with_filter(EnvFilter::try_new(&log.level)?);
    let provider = traces.map(provider).transpose()?;
    let spans = provider.as_ref().map(|provider| {
        tracing_opentelemetry::layer()
            .with_tracer(provider.tracer("wathiqa"))
            .with_location(false)
            .with_threads(false)
            .with_tracked_inactivity(false)
            // Our own alone: those of the exporter's client would make ever more of them.
            .with_filter(Targets::new().with_target("wathiqa", LevelFilter::INFO))
    });
    tracing_subscriber::registry().with(lines).with(spans).try_init()?;
    Ok(Telemetry(provider))
}

/// Sends spans in batches, from a thread of its own.
fn provider(config: &TracesConfig) -> Result<SdkTracerProvider, TelemetryError> {
    let client = reqwest::blocking::Client::builder()
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .timeout(COLLECTOR_LIMIT)
        .build()?;
    let headers = config.headers.iter();
    let headers: HashMap<_, _> =
        headers.map(|(name, value)| (name.clone(), value.expose_secret().to_owned())).collect();
    let exporter = SpanExporter::builder()
        .with_http()
        .with_http_client(client)
        .with_protocol(Protocol::HttpBinary)
        .with_endpoint(config.endpoint.as_str())
        .with_timeout(COLLECTOR_LIMIT)
        .with_headers(headers)
        .build()?;
    let resource = Resource::builder_empty()
        .with_service_name(config.service.clone())
        .with_attribute(KeyValue::new("service.version", env!("CARGO_PKG_VERSION")))
        .build();
    Ok(SdkTracerProvider::builder()
        .with_batch_exporter(exporter)
        .with_resource(resource)
        .with_sampler(Sampler::ParentBased(Box::new(Sampler::TraceIdRatioBased(config.share))))
        .build())
}
