//! Clients that ask for one thing again and again over connections that stay open. They do
//! no more than find where an answer ends, so that little of the machine goes to them.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// What a client asks for, and the status that it expects.
#[derive(Clone)]
pub(crate) struct Ask {
    pub(crate) address: SocketAddr,
    request: Vec<u8>,
    status: u16,
}

impl Ask {
    /// A `GET` with a token, where there is one, and further headers.
    pub(crate) fn new(address: SocketAddr, path: &str, token: &str, headers: &str) -> Self {
        let token = match token {
            "" => String::new(),
            token => format!("Authorization: Bearer {token}\r\n"),
        };
        let request = format!("GET {path} HTTP/1.1\r\nHost: bench\r\n{token}{headers}\r\n");
        Self { address, request: request.into_bytes(), status: 200 }
    }

    /// The same, expecting another status.
    pub(crate) fn expecting(self, status: u16) -> Self {
        Self { status, ..self }
    }
}

/// What some clients saw.
#[derive(Default)]
pub(crate) struct Seen {
    /// How long each answer took, shortest first.
    pub(crate) times: Vec<Duration>,
    pub(crate) bytes: u64,
    pub(crate) failed: u32,
}

impl Seen {
    /// In milliseconds.
    pub(crate) fn quantile(&self, share: f64) -> f64 {
        let at = (self.times.len().saturating_sub(1) as f64 * share).round() as usize;
        self.times.get(at).map_or(f64::NAN, |time| time.as_secs_f64() * 1e3)
    }
}

/// Lets so many clients ask, each again and again until `lasting` is over, but once at
/// least.
pub(crate) async fn ask(what: &Ask, clients: usize, lasting: Duration) -> Seen {
    let begun = Instant::now();
    let each = (0..clients).map(|_| async move {
        let mut seen = Seen::default();
        if let Err(error) = ask_until(what, begun + lasting, &mut seen).await {
            eprintln!("a request failed: {error:#}");
            seen.failed += 1;
        }
        seen
    });
    let mut all = Seen::default();
    for seen in futures_util::future::join_all(each).await {
        all.times.extend(seen.times);
        all.bytes += seen.bytes;
        all.failed += seen.failed;
    }
    all.times.sort();
    all
}

async fn ask_until(what: &Ask, until: Instant, seen: &mut Seen) -> anyhow::Result<()> {
    let mut connection = Connection::open(what.address).await?;
    loop {
        let begun = Instant::now();
        let (status, bytes) = connection.exchange(&what.request).await?;
        ensure!(status == what.status, "status {status}");
        seen.times.push(begun.elapsed());
        seen.bytes += bytes;
        if Instant::now() >= until {
            return Ok(());
        }
    }
}

/// The value of a header of one answer.
pub(crate) async fn header(what: &Ask, name: &str) -> anyhow::Result<String> {
    let mut connection = Connection::open(what.address).await?;
    connection.stream.write_all(&what.request).await?;
    let head = connection.head().await?;
    let mut lines = head.lines().filter_map(|line| line.split_once(':'));
    let found = lines.find(|(known, _)| known.eq_ignore_ascii_case(name));
    Ok(found.context("no such header")?.1.trim().to_owned())
}

struct Connection {
    stream: TcpStream,
    buffer: Box<[u8]>,
    /// What was read and not used yet.
    from: usize,
    to: usize,
}

impl Connection {
    async fn open(address: SocketAddr) -> anyhow::Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, buffer: vec![0; 64 * 1024].into(), from: 0, to: 0 })
    }

    /// Sends a request and reads its answer to the end: its status, and the bytes of its
    /// body.
    async fn exchange(&mut self, request: &[u8]) -> anyhow::Result<(u16, u64)> {
        self.stream.write_all(request).await?;
        let head = self.head().await?;
        let status = head.get(9..12).context("no status")?.parse()?;
        let lower = head.to_ascii_lowercase();
        if status == 304 {
            return Ok((status, 0));
        }
        if let Some((_, rest)) = lower.split_once("content-length:") {
            let length = rest.split("\r\n").next().unwrap_or_default().trim().parse()?;
            self.skip(length).await?;
            return Ok((status, length));
        }
        ensure!(lower.contains("transfer-encoding: chunked"), "an answer without an end");
        let mut bytes = 0;
        loop {
            let line = self.until(b"\r\n").await?;
            let length = u64::from_str_radix(line.trim(), 16)?;
            self.skip(length + 2).await?;
            bytes += length;
            if length == 0 {
                return Ok((status, bytes));
            }
        }
    }

    async fn head(&mut self) -> anyhow::Result<String> {
        self.until(b"\r\n\r\n").await
    }

    /// Reads up to a mark, which must come soon.
    async fn until(&mut self, mark: &[u8]) -> anyhow::Result<String> {
        loop {
            let unused = &self.buffer[self.from..self.to];
            if let Some(at) = unused.windows(mark.len()).position(|window| window == mark) {
                let text = String::from_utf8(unused[..at].to_vec())?;
                self.from += at + mark.len();
                return Ok(text);
            }
            self.buffer.copy_within(self.from..self.to, 0);
            (self.from, self.to) = (0, self.to - self.from);
            self.fill().await?;
        }
    }

    async fn skip(&mut self, mut bytes: u64) -> anyhow::Result<()> {
        loop {
            let unused = bytes.min((self.to - self.from) as u64);
            self.from += unused as usize;
            bytes -= unused;
            if bytes == 0 {
                return Ok(());
            }
            (self.from, self.to) = (0, 0);
            self.fill().await?;
        }
    }

    async fn fill(&mut self) -> anyhow::Result<()> {
        let read = self.stream.read(&mut self.buffer[self.to..]).await?;
        ensure!(read > 0, "the connection was cut");
        self.to += read;
        Ok(())
    }
}
