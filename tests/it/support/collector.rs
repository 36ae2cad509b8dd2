//! A collector of traces on loopback: takes OTLP over HTTP and keeps it.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::trace::v1::Span;
use prost::Message;

/// A request as it came: its head in lower case, and its body.
type Sent = (String, Vec<u8>);

/// Everything that it was sent.
#[derive(Clone, Default)]
pub(crate) struct Collector {
    sent: Arc<Mutex<Vec<Sent>>>,
    port: u16,
}

impl Collector {
    /// Listens on a port of its own until the test's process ends.
    pub(crate) fn start() -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let collector = Self { port, ..Self::default() };
        let (accepting, sent) = (listener, Arc::clone(&collector.sent));
        std::thread::spawn(move || {
            for stream in accepting.incoming().map(Result::unwrap) {
                let sent = Arc::clone(&sent);
                std::thread::spawn(move || take(&stream, &sent));
            }
        });
        collector
    }

    /// Its address, for `OTEL_EXPORTER_OTLP_ENDPOINT`.
    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// The heads of what it was sent.
    pub(crate) fn heads(&self) -> Vec<String> {
        self.sent.lock().unwrap().iter().map(|(head, _)| head.clone()).collect()
    }

    /// All bodies, with what is no text replaced: protobuf keeps texts as they are.
    pub(crate) fn text(&self) -> String {
        let sent = self.sent.lock().unwrap();
        sent.iter().map(|(_, body)| String::from_utf8_lossy(body).into_owned()).collect()
    }

    /// All spans.
    pub(crate) fn spans(&self) -> Vec<Span> {
        let sent = self.sent.lock().unwrap();
        let requests =
            sent.iter().map(|(_, body)| ExportTraceServiceRequest::decode(&**body).unwrap());
        let resources = requests.flat_map(|request| request.resource_spans);
        resources.flat_map(|resource| resource.scope_spans).flat_map(|scope| scope.spans).collect()
    }
}

/// Takes the requests of one connection, one after the other.
fn take(stream: &TcpStream, sent: &Mutex<Vec<Sent>>) {
    let (mut reader, mut writer) = (BufReader::new(stream), stream);
    loop {
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            match reader.read_line(&mut head) {
                Ok(0) | Err(_) => return,
                Ok(_) => {}
            }
        }
        let head = head.to_ascii_lowercase();
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
        let mut body = vec![0; length.expect("a length").trim().parse().unwrap()];
        reader.read_exact(&mut body).unwrap();
        sent.lock().unwrap().push((head, body));
        // An empty message is an answer without complaints.
        let answer = "HTTP/1.1 200 OK\r\ncontent-type: application/x-protobuf\r\n\
                      content-length: 0\r\n\r\n";
        if writer.write_all(answer.as_bytes()).is_err() {
            return;
        }
    }
}
