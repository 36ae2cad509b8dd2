//! W3C trace context: a request that belongs to a trace of its client goes on with it, in
//! the log and, where traces are exported, as a child of the client's span.

use actix_web::http::StatusCode;
use actix_web::http::header::{HeaderMap, HeaderName};
use opentelemetry::Context;
use opentelemetry::propagation::{Extractor, TextMapPropagator};
use opentelemetry::trace::{SpanContext, Status, TraceContextExt, TraceId, TraceState};
use opentelemetry_sdk::propagation::TraceContextPropagator;
use tracing::Span;
use tracing::field::display;
use tracing_opentelemetry::OpenTelemetrySpanExt;

/// Gives the span of a request its place in the trace that `traceparent` names, or in a new
/// one where traces are exported, and the log the trace's id. `name` is what the collector
/// calls it.
pub(crate) fn begin(span: &Span, headers: &HeaderMap, name: &str) {
    let parent = parent(headers);
    let mut trace = parent.as_ref().map(SpanContext::trace_id);
    let context =
        parent.map_or_else(Context::new, |parent| Context::new().with_remote_span_context(parent));
    // Refused where nothing is exported.
    if span.set_parent(context).is_ok() {
        span.record("otel.name", name);
        span.record("otel.kind", "server");
        trace = Some(span.context().span().span_context().trace_id());
    }
    if let Some(trace) = trace.filter(|trace| *trace != TraceId::INVALID) {
        span.record("trace_id", display(trace));
    }
}

/// Tells the collector how a request was answered.
pub(crate) fn end(span: &Span, status: StatusCode) {
    span.set_attribute("http.response.status_code", i64::from(status.as_u16()));
    if status.is_server_error() {
        span.set_status(Status::error(""));
    }
}

/// What `traceparent` says. `tracestate` is left behind: it may hold anything.
fn parent(headers: &HeaderMap) -> Option<SpanContext> {
    let context = TraceContextPropagator::new().extract(&Headers(headers));
    let told = context.span().span_context().clone();
    told.is_valid().then(|| {
        let (trace, span, flags) = (told.trace_id(), told.span_id(), told.trace_flags());
        SpanContext::new(trace, span, flags, true, TraceState::NONE)
    })
}

struct Headers<'a>(&'a HeaderMap);

impl Extractor for Headers<'_> {
    fn get(&self, key: &str) -> Option<&str> {
        self.0.get(key)?.to_str().ok()
    }

    fn keys(&self) -> Vec<&str> {
        self.0.keys().map(HeaderName::as_str).collect()
    }
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::HeaderValue;

    use super::*;

    fn told(traceparent: &str) -> Option<String> {
        let mut headers = HeaderMap::new();
        let value = HeaderValue::from_str(traceparent).unwrap();
        headers.insert(HeaderName::from_static("traceparent"), value);
        headers.insert(HeaderName::from_static("tracestate"), HeaderValue::from_static("a=b"));
        let parent = parent(&headers)?;
        assert_eq!(parent.trace_state().header(), "");
        Some(parent.trace_id().to_string())
    }

    #[test]
    fn a_trace_of_the_client_is_continued_and_nothing_else() {
        let (trace, span) = ("4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7");

        assert_eq!(told(&format!("00-{trace}-{span}-01")).as_deref(), Some(trace));
        for wrong in [
            String::new(),
            trace.to_owned(),
            format!("00-{trace}-{span}"),
            format!("00-{}-{span}-01", "0".repeat(32)),
            format!("00-{trace}-{}-01", "0".repeat(16)),
            format!("00-{}-{span}-01", trace.to_uppercase()),
            format!("00-{}x-{span}-01", &trace[..31]),
        ] {
            assert_eq!(told(&wrong), None, "{wrong}");
        }
    }
}
