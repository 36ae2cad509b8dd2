//! What `/metrics` shows, and how it is measured. Labels are words of this program alone:
//! patterns of routes, kinds of documents, codes of problems. Never a path, a value or a
//! person.

mod names;

use std::sync::Arc;
use std::time::{Duration, Instant};

use actix_web::http::StatusCode;
use metrics::{
    counter, describe_counter, describe_gauge, describe_histogram, gauge, histogram,
    set_global_recorder, with_local_recorder,
};
use metrics_exporter_prometheus::{BuildError, PrometheusBuilder, PrometheusRecorder};
use metrics_process::Collector;

use crate::cache::CacheState;
use crate::documents::confidence::CERTAIN;
use crate::documents::{self, Leaf, REVIEW_BELOW, Reason, Status};
use crate::limits::LOGIN_RULES;
use crate::ocr::OcrState;
use crate::store::{PoolState, Store};

use super::limiting::QUOTAS;
use super::server::State;

/// Upper bounds of the buckets of durations, in seconds: from a health check to a document
/// that waited in the queue.
const DURATION_BUCKETS: [f64; 13] =
    [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 20.0];

/// How long a scrape waits for the database.
const DATABASE_LIMIT: Duration = Duration::from_secs(2);

/// How often what was measured is put into its buckets, whether or not anybody scrapes:
/// until then each duration takes memory of its own.
pub(super) const UPKEEP_EVERY: Duration = Duration::from_secs(15);

/// The recorder of one service.
pub(crate) struct Metrics {
    recorder: Arc<PrometheusRecorder>,
    process: Collector,
}

impl Metrics {
    /// Makes the recorder, with everything at nought that can be counted before it occurs:
    /// a rate needs to have seen the value before.
    pub(crate) fn new() -> Result<Self, BuildError> {
        let recorder = PrometheusBuilder::new().set_buckets(&DURATION_BUCKETS)?.build_recorder();
        let process = Collector::default();
        with_local_recorder(&recorder, || {
            for (name, help) in names::COUNTERS {
                describe_counter!(name, help);
            }
            for (name, help) in names::GAUGES {
                describe_gauge!(name, help);
            }
            for (name, help) in names::HISTOGRAMS {
                describe_histogram!(name, help);
            }
            process.describe();
            begin_at_nought();
        });
        Ok(Self { recorder: Arc::new(recorder), process })
    }

    /// Has what the layers below count counted here. There is one such service in a process;
    /// of another one only what its edge measures is shown.
    pub(crate) fn record_all_layers(&self) {
        if set_global_recorder(Arc::clone(&self.recorder)).is_err() {
            tracing::debug!("another service of this process counts what the layers below do");
        }
    }

    /// Counts a request that comes in, and later that it is answered or given up.
    pub(crate) fn begin_request(&self) -> UnderWay<'_> {
        with_local_recorder(&self.recorder, || gauge!(names::IN_FLIGHT).increment(1.0));
        UnderWay(self)
    }

    /// Measures an answer.
    pub(crate) fn answered(
        &self,
        method: &'static str,
        route: &str,
        status: StatusCode,
        started: Instant,
    ) {
        let labels = [
            ("method", method.to_owned()),
            ("route", route.to_owned()),
            ("status", status.as_str().to_owned()),
        ];
        with_local_recorder(&self.recorder, || {
            counter!(names::REQUESTS, &labels).increment(1);
            histogram!(names::REQUEST_DURATION, &labels).record(started.elapsed());
        });
    }

    /// Counts a document that was read: whether a person should look at it, and how sure
    /// each field is that its card prints.
    pub(crate) fn document_read(
        &self,
        kind: &'static str,
        status: Status,
        leaves: &[Leaf],
        stages: &[(&'static str, Duration)],
    ) {
        self.document_ended(kind, outcome(status));
        with_local_recorder(&self.recorder, || {
            for level in leaves.iter().filter_map(level) {
                counter!(names::FIELDS, "kind" => kind, "confidence" => level).increment(1);
            }
            for (stage, duration) in stages {
                histogram!(names::STAGE_DURATION, "kind" => kind, "stage" => *stage)
                    .record(*duration);
            }
        });
    }

    /// Counts what became of a document, in one word.
    pub(crate) fn document_ended(&self, kind: &'static str, outcome: &'static str) {
        with_local_recorder(&self.recorder, || {
            counter!(names::DOCUMENTS, "kind" => kind, "outcome" => outcome).increment(1);
        });
    }

    /// Puts what was measured into its buckets.
    pub(crate) fn upkeep(&self) {
        self.recorder.handle().run_upkeep();
    }

    /// Looks at everything that has a state, and writes all in Prometheus' text format.
    pub(crate) async fn render(&self, state: &State) -> String {
        let asked = Instant::now();
        let answer = tokio::time::timeout(DATABASE_LIMIT, state.store.ready()).await;
        let is_up = answer.is_ok_and(|answer| answer.is_ok());
        with_local_recorder(&self.recorder, || {
            gauge!(names::DATABASE_UP).set(u8::from(is_up));
            gauge!(names::DATABASE_RESPONSE).set(asked.elapsed().as_secs_f64());
            measure_pool(&state.store);
            measure_ocr(&state.ocr.state());
            gauge!(names::BUILD, "version" => env!("CARGO_PKG_VERSION"),
                "tesseract" => state.ocr.version().to_owned())
            .set(1);
            match state.quotas.cache().state() {
                CacheState::Absent => {}
                CacheState::Well => gauge!(names::REDIS_UP).set(1),
                CacheState::Away => gauge!(names::REDIS_UP).set(0),
            }
            self.process.collect();
        });
        self.recorder.handle().render()
    }
}

/// A request that is not answered yet.
pub(crate) struct UnderWay<'a>(&'a Metrics);

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        with_local_recorder(&self.0.recorder, || gauge!(names::IN_FLIGHT).decrement(1.0));
    }
}

/// Makes the counters whose labels are known beforehand.
fn begin_at_nought() {
    counter!(names::DATABASE_RETRIES).absolute(0);
    counter!(names::DATABASE_FAULTS).absolute(0);
    gauge!(names::IN_FLIGHT).set(0);
    let _ = histogram!(names::DATABASE_WAIT);
    for policy in QUOTAS.iter().chain(&LOGIN_RULES) {
        counter!(names::LIMITED, "policy" => *policy).absolute(0);
    }
    for kind in documents::slugs() {
        for status in [Status::Complete, Status::NeedsReview] {
            counter!(names::DOCUMENTS, "kind" => kind, "outcome" => outcome(status)).absolute(0);
        }
        for level in LEVELS {
            counter!(names::FIELDS, "kind" => kind, "confidence" => level).absolute(0);
        }
    }
}

fn measure_pool(store: &Store) {
    let PoolState { checked_in, checked_out, .. } = store.pool_state();
    gauge!(names::CONNECTIONS, "state" => "idle").set(checked_in);
    gauge!(names::CONNECTIONS, "state" => "busy").set(checked_out);
    gauge!(names::CONNECTIONS_MAX).set(store.connections_max());
    gauge!(names::DATABASE_WAITING).set(store.waiting() as f64);
}

fn measure_ocr(state: &OcrState) {
    gauge!(names::OCR_UP).set(u8::from(state.healthy));
    gauge!(names::OCR_WORKERS, "state" => "busy").set(state.busy as f64);
    gauge!(names::OCR_WORKERS, "state" => "idle")
        .set(state.workers.saturating_sub(state.busy) as f64);
    gauge!(names::OCR_WAITING).set(state.waiting as f64);
    gauge!(names::OCR_QUEUE).set(state.queue as f64);
    for (reason, count) in state.replaced {
        counter!(names::OCR_REPLACED, "reason" => reason).absolute(count);
    }
}

/// The levels of confidence, as scrapers are shown them.
const LEVELS: [&str; 4] = ["high", "medium", "low", "null"];

/// How sure a field is; nothing for one that this card does not print.
fn level(leaf: &Leaf) -> Option<&'static str> {
    let [high, medium, low, null] = LEVELS;
    match leaf.reason {
        Some(Reason::MarkedAbsent | Reason::NotPrinted) => None,
        Some(_) => Some(null),
        None if leaf.confidence >= CERTAIN => Some(high),
        None if leaf.confidence >= REVIEW_BELOW => Some(medium),
        None => Some(low),
    }
}

const fn outcome(status: Status) -> &'static str {
    match status {
        Status::NeedsReview => "needs_review",
        _ => "complete",
    }
}
