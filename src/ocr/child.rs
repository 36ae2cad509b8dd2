//! One worker process as the pool sees it: started, greeted, asked, killed.

use std::io::{self, Read, Write};
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use rustix::io::Errno;
use rustix::net::{RecvFlags, recv};

use super::protocol::{self, Answer, Greeting};
use super::tally::Ending;
use super::{Line, Model, OcrEngine, OcrError, Snippet, Word};

/// How long a worker may take to load its models.
const START: Duration = Duration::from_secs(60);

/// A worker process and our end of its socket. Dropping it kills and reaps it.
pub(super) struct Worker {
    child: Child,
    socket: UnixStream,
    greeting: Option<Greeting>,
    started: Instant,
    pub(super) documents: u32,
}

impl Worker {
    /// Starts `program ocr-worker <tessdata>`; does not wait for its models.
    pub(super) fn start(program: &Path, tessdata: &Path) -> io::Result<Self> {
        let (ours, theirs) = UnixStream::pair()?;
        let child = Command::new(program)
            .arg("ocr-worker")
            .arg(tessdata)
            .env_clear()
            // Without it libtesseract is eight times slower. It must stand in the
            // environment before the process starts: libgomp reads it when it loads.
            .env("OMP_THREAD_LIMIT", "1")
            .stdin(Stdio::from(OwnedFd::from(theirs)))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()?;
        Ok(Self { child, socket: ours, greeting: None, started: Instant::now(), documents: 0 })
    }

    /// Waits until the models are loaded, and tells what they are.
    pub(super) fn greeting(&mut self) -> Result<&Greeting, OcrError> {
        if self.greeting.is_none() {
            let mut pipe = Timed { socket: &self.socket, until: self.started + START };
            let greeting = protocol::receive(&mut pipe)
                .ok()
                .and_then(|message| serde_json::from_slice(&message).ok())
                .ok_or(OcrError::Unavailable)?;
            self.greeting = Some(greeting);
        }
        self.greeting.as_ref().ok_or(OcrError::Unavailable)
    }

    /// Whether the process is still there. One of several threads that was killed cannot be
    /// waited for before the last of them has ended: its first one, then its socket, tell sooner.
    pub(super) fn lives(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
            && !is_dead(self.child.id())
            && is_open(&self.socket)
    }

    fn ask(&mut self, snippets: &[Snippet], until: Instant) -> Result<Answer, OcrError> {
        let mut pipe = Timed { socket: &self.socket, until };
        protocol::send(&mut pipe, &protocol::encode(snippets)).map_err(|error| reason(&error))?;
        let message = protocol::receive(&mut pipe).map_err(|error| reason(&error))?;
        let answer: Answer = serde_json::from_slice(&message).map_err(|_| OcrError::Crashed)?;
        if plausible(snippets, &answer) { Ok(answer) } else { Err(OcrError::Crashed) }
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        // Both fail only for a process that is gone already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Whether an answer can be one to these snippets: a worker that was broken
/// into must not reach further than wrong text.
fn plausible(snippets: &[Snippet], answer: &Answer) -> bool {
    let sane = |word: &Word| {
        let rect = [word.rect.x, word.rect.y, word.rect.width, word.rect.height];
        rect.iter().all(|side| (0.0..=1e6).contains(side))
            && (0.0..=1.0).contains(&word.confidence)
            && word.text.len() <= 4096
    };
    let mut words = answer.iter().flatten().flat_map(|line| &line.words);
    snippets.len() == answer.len() && words.all(sane)
}

/// Whether the first thread of a process has ended (proc(5), `stat`).
fn is_dead(process: u32) -> bool {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
    // The name before it may hold anything, brackets too.
    stat.rsplit(')').next().is_some_and(|rest| rest.trim_start().starts_with(['Z', 'X']))
}

/// Whether the other end of a socket was not closed.
fn is_open(socket: &UnixStream) -> bool {
    let look = RecvFlags::PEEK | RecvFlags::DONTWAIT;
    match recv(socket, &mut [0_u8; 1], look) {
        Ok((_, length)) => length > 0,
        Err(error) => matches!(error, Errno::AGAIN | Errno::INTR),
    }
}

fn reason(error: &io::Error) -> OcrError {
    match error.kind() {
        io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut => OcrError::Deadline,
        _ => OcrError::Crashed,
    }
}

/// A socket on which all reads and writes together end at one moment.
struct Timed<'a> {
    socket: &'a UnixStream,
    until: Instant,
}

impl Timed<'_> {
    fn left(&self) -> io::Result<Duration> {
        let left = self.until.saturating_duration_since(Instant::now());
        if left.is_zero() { Err(io::ErrorKind::TimedOut.into()) } else { Ok(left) }
    }
}

impl Read for Timed<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.socket.set_read_timeout(Some(self.left()?))?;
        self.socket.read(buffer)
    }
}

impl Write for Timed<'_> {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        self.socket.set_write_timeout(Some(self.left()?))?;
        self.socket.write(buffer)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.socket.flush()
    }
}

/// A worker lent to one side of one document, with the moment at which it ends.
pub(super) struct Lent {
    pub(super) worker: Worker,
    pub(super) until: Instant,
    /// Why it is of no further use, once it is not.
    pub(super) failed: Option<Ending>,
}

impl OcrEngine for Lent {
    fn has(&self, model: Model) -> bool {
        let greeting = self.worker.greeting.as_ref();
        model != Model::Own || greeting.is_some_and(|greeting| greeting.recogniser)
    }

    fn read(&mut self, snippets: &[Snippet]) -> Result<Vec<Vec<Line>>, OcrError> {
        if self.failed.is_some() {
            return Err(OcrError::Crashed);
        }
        let answer = self.worker.ask(snippets, self.until);
        // After a failure the two ends no longer agree on where they are.
        self.failed = match &answer {
            Ok(_) => None,
            Err(OcrError::Deadline) => Some(Ending::Overdue),
            Err(_) => Some(Ending::Crashed),
        };
        answer
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_process_that_nobody_has_waited_for_yet_is_dead() {
        let mut child = Command::new("sleep").arg("600").spawn().unwrap();
        assert!(!is_dead(child.id()));
        child.kill().unwrap();
        while !is_dead(child.id()) {
            std::thread::yield_now();
        }
        child.wait().unwrap();
    }

    #[test]
    fn a_socket_is_open_until_its_other_end_is_closed() {
        let (ours, mut theirs) = UnixStream::pair().unwrap();
        assert!(is_open(&ours));
        theirs.write_all(b"greeting").unwrap();
        assert!(is_open(&ours));
        drop(theirs);
        let mut said = [0; 8];
        (&ours).read_exact(&mut said).unwrap();
        assert_eq!(&said, b"greeting");
        assert!(!is_open(&ours));
    }
}
