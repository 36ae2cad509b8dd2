//! The names of all metrics, and what they tell. docs/OPERATIONS.md has them with their
//! labels; a test holds the two against each other and against what is shown.

/// Requests under way.
pub(super) const IN_FLIGHT: &str = "http_requests_in_flight";
/// Requests answered.
pub(super) const REQUESTS: &str = "http_requests_total";
/// How long answers took.
pub(super) const REQUEST_DURATION: &str = "http_request_duration_seconds";
/// Documents that came to an end.
pub(super) const DOCUMENTS: &str = "wathiqa_documents_total";
/// Fields of documents that were read.
pub(super) const FIELDS: &str = "wathiqa_document_fields_total";
/// How long the stages of reading took.
pub(super) const STAGE_DURATION: &str = "wathiqa_document_stage_duration_seconds";
/// Whether OCR workers can be had.
pub(super) const OCR_UP: &str = "wathiqa_ocr_up";
/// OCR workers.
pub(super) const OCR_WORKERS: &str = "wathiqa_ocr_workers";
/// Documents before the OCR workers.
pub(super) const OCR_WAITING: &str = "wathiqa_ocr_queue_length";
/// How many may stand there.
pub(super) const OCR_QUEUE: &str = "wathiqa_ocr_queue_limit";
/// OCR workers that were replaced.
pub(super) const OCR_REPLACED: &str = "wathiqa_ocr_workers_replaced_total";
/// Whether the database answers.
pub(super) const DATABASE_UP: &str = "wathiqa_database_up";
/// How long it took.
pub(super) const DATABASE_RESPONSE: &str = "wathiqa_database_response_seconds";
/// Connections of the pool.
pub(super) const CONNECTIONS: &str = "wathiqa_database_connections";
/// How many it may have.
pub(super) const CONNECTIONS_MAX: &str = "wathiqa_database_connections_max";
/// Requests before the pool.
pub(super) const DATABASE_WAITING: &str = "wathiqa_database_queue_length";
/// How long they waited; measured in [`crate::store`].
pub(super) const DATABASE_WAIT: &str = crate::store::WAIT_METRIC;
/// Work that was begun again; counted in [`crate::store`].
pub(super) const DATABASE_RETRIES: &str = crate::store::RETRIES_METRIC;
/// Connections that failed; counted in [`crate::store`].
pub(super) const DATABASE_FAULTS: &str = crate::store::FAULTS_METRIC;
/// Whether Redis can be used.
pub(super) const REDIS_UP: &str = "wathiqa_redis_up";
/// Refusals for coming too often; counted in [`crate::limits`].
pub(super) const LIMITED: &str = crate::limits::LIMITED_METRIC;
/// Which version runs.
pub(super) const BUILD: &str = "wathiqa_build_info";

/// What only grows, with what it tells.
pub(super) const COUNTERS: [(&str, &str); 7] = [
    (REQUESTS, "Requests that were answered"),
    (DOCUMENTS, "Documents that were sent to be read, by what became of them"),
    (FIELDS, "Fields of documents that were read, by how sure their value is"),
    (OCR_REPLACED, "OCR workers that were replaced, by why"),
    (DATABASE_RETRIES, "Work that was begun again on another connection"),
    (DATABASE_FAULTS, "Connections to the database that failed or could not be made"),
    (LIMITED, "Requests and log-ins refused for coming too often, by the limit"),
];

/// What goes up and down.
pub(super) const GAUGES: [(&str, &str); 12] = [
    (IN_FLIGHT, "Requests that are under way"),
    (OCR_UP, "Whether OCR workers can be had"),
    (OCR_WORKERS, "OCR workers, by what they do"),
    (OCR_WAITING, "Documents that wait for an OCR worker"),
    (OCR_QUEUE, "Documents that may wait for an OCR worker"),
    (DATABASE_UP, "Whether the database answered this scrape"),
    (DATABASE_RESPONSE, "How long it took, with the wait for a connection"),
    (CONNECTIONS, "Open connections to the database, by what they do"),
    (CONNECTIONS_MAX, "Connections to the database at most"),
    (DATABASE_WAITING, "Requests that wait for a connection to the database"),
    (REDIS_UP, "Whether Redis can be used; absent without REDIS_URL"),
    (BUILD, "Always 1, labelled with the versions"),
];

/// What is spread over buckets.
pub(super) const HISTOGRAMS: [(&str, &str); 3] = [
    (REQUEST_DURATION, "How long answers took, until their body began"),
    (STAGE_DURATION, "How long the stages of reading a document took"),
    (DATABASE_WAIT, "How long work waited for a connection to the database"),
];
