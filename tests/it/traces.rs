//! Traces: a client's is continued, in the log and at a collector, and none is made unless
//! somebody asks for them.

use opentelemetry_proto::tonic::common::v1::any_value::Value as Told;
use opentelemetry_proto::tonic::trace::v1::Span;
use opentelemetry_proto::tonic::trace::v1::span::SpanKind;
use reqwest::multipart::{Form, Part};
use reqwest::{Client, Method, RequestBuilder};
use serde_json::{Value, json};
use specimen::{Kind, Level};

use crate::support::{Answer, Collector, Database, PASSWORD, Process, card};

const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
const PARENT: &str = "00f067aa0ba902b7";
const EMAIL: &str = "xqzelda@example.ma";

struct Service {
    process: Process,
    client: Client,
}

impl Service {
    fn start(database: &Database, variables: &[(&str, &str)]) -> Self {
        let process = Process::start(&database.direct_url(), variables);
        Self { process, client: Client::builder().no_proxy().build().unwrap() }
    }

    /// A request that belongs to the trace of its client.
    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let request = self.client.request(method, format!("{}{path}", self.process.address));
        let traceparent = format!("00-{TRACE}-{PARENT}-01");
        request.header("traceparent", traceparent).header("tracestate", format!("v={EMAIL}"))
    }

    /// Makes an account; its token.
    async fn enter(&self) -> String {
        let account = json!({ "email": EMAIL, "password": PASSWORD });
        let register = self.request(Method::POST, "/auth/register").json(&account);
        assert_eq!(Answer::of(register).await.status, 201);
        let login = Answer::of(self.request(Method::POST, "/auth/login").json(&account)).await;
        login.json()["token"].as_str().unwrap().to_owned()
    }
}

/// The lines about requests.
fn of_requests(lines: &[String]) -> Vec<Value> {
    let lines = lines.iter().map(|line| serde_json::from_str::<Value>(line).unwrap());
    lines.filter(|line| line["message"] == "answered").collect()
}

fn attribute<'a>(span: &'a Span, name: &str) -> Option<&'a Told> {
    let found = span.attributes.iter().find(|attribute| attribute.key == name)?;
    found.value.as_ref()?.value.as_ref()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[actix_web::test]
async fn a_trace_of_the_client_goes_on_in_the_log_and_at_the_collector() {
    let (database, collector) = (Database::migrated(), Collector::start());
    let url = collector.url();
    let service = Service::start(
        &database,
        &[
            ("OTEL_EXPORTER_OTLP_ENDPOINT", &url),
            ("OTEL_EXPORTER_OTLP_HEADERS", "authorization=Bearer%20hidden"),
            ("OTEL_SERVICE_NAME", "cards-of-rabat"),
            // Traces do not depend on how much is logged.
            ("LOG_LEVEL", "warn,wathiqa::api::edge=info,wathiqa::api::server=info"),
            // Whoever sends a traceparent has decided already.
            ("OTEL_TRACES_SAMPLER_ARG", "0"),
        ],
    );
    let token = service.enter().await;
    let specimen = card(Kind::Permis, Level::Clean, 5);
    let part = |bytes: &[u8]| Part::bytes(bytes.to_vec()).file_name("card.jpg");
    let form = Form::new().part("recto", part(&specimen.recto));
    let read = service.request(Method::POST, "/permis/process").bearer_auth(&token);
    let read = Answer::of(read.multipart(form)).await;
    assert_eq!(read.status, 200, "{}", read.text());
    let alone = service.client.get(format!("{}/health", service.process.address));
    assert_eq!(Answer::of(alone).await.status, 200);

    let lines = service.process.stop();

    let answered = of_requests(&lines);
    assert_eq!(answered.len(), 4, "{lines:?}");
    let trace_of = |line: &Value| line["span"]["trace_id"].as_str().unwrap().to_owned();
    assert!(answered[..3].iter().all(|line| trace_of(line) == TRACE), "{answered:?}");
    assert_ne!(trace_of(&answered[3]), TRACE);
    assert_eq!(trace_of(&answered[3]).len(), 32);

    let spans = collector.spans();
    let named = |name: &str| spans.iter().find(|span| span.name == name).expect(name);
    let process = named("POST /permis/process");
    assert_eq!(process.kind(), SpanKind::Server);
    assert_eq!(hex(&process.parent_span_id), PARENT);
    assert_eq!(attribute(process, "http.response.status_code"), Some(&Told::IntValue(200)));
    for name in ["read", "store"] {
        assert_eq!(named(name).parent_span_id, process.span_id, "{name}");
    }
    // The share is 0: a request whose client did not decide is not traced.
    assert!(spans.iter().all(|span| hex(&span.trace_id) == TRACE), "{spans:?}");
    assert_eq!(spans.len(), 5, "{spans:?}");

    let heads = collector.heads();
    for wanted in ["post /v1/traces", "application/x-protobuf", "authorization: bearer hidden"] {
        assert!(heads.iter().all(|head| head.contains(wanted)), "{wanted}: {heads:?}");
    }
    let text = collector.text();
    assert!(text.contains("cards-of-rabat"));
    let name = specimen.truth["identite"]["nom"]["fr"].as_str().unwrap();
    for personal in [EMAIL, PASSWORD, &token, name, "hidden"] {
        assert!(!text.contains(personal), "{personal}");
    }
}

#[actix_web::test]
async fn without_a_collector_the_log_alone_goes_on_with_the_trace() {
    let database = Database::migrated();
    let service = Service::start(&database, &[]);
    assert_eq!(Answer::of(service.request(Method::GET, "/health")).await.status, 200);
    let alone = service.client.get(format!("{}/health", service.process.address));
    assert_eq!(Answer::of(alone).await.status, 200);

    let answered = of_requests(&service.process.stop());

    assert_eq!(answered[0]["span"]["trace_id"], TRACE);
    assert_eq!(answered[1]["span"].get("trace_id"), None);
    assert_eq!(answered[0]["span"].get("otel.name"), None);
}

#[actix_web::test]
async fn a_collector_that_is_away_costs_no_request() {
    let database = Database::migrated();
    let service =
        Service::start(&database, &[("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:1")]);

    let token = service.enter().await;
    let me = service.request(Method::GET, "/me").bearer_auth(token);
    assert_eq!(Answer::of(me).await.status, 200);

    // It ends in order, and says what was lost.
    let lines = service.process.stop().join("\n");
    assert!(lines.contains("OpenTelemetry") || lines.contains("opentelemetry"), "{lines}");
}
