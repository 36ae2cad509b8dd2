//! Stops the server when its owner ends, whether that returned, panicked or was
//! killed.
//!
//! The guardian is a shell that is the parent of the server and reads a pipe
//! whose other end only the owner holds. The end of the pipe is the sign to
//! stop, so no signal can be missed and no process be mistaken for another.

use std::io::{Read, Seek, SeekFrom};
use std::os::unix::process::CommandExt;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::time::{Duration, Instant};

use crate::host::{self, Account};
use crate::place::Place;
use crate::{Error, at, open_log};

const SCRIPT: &str = r#"
temporary=$1; signal=$2; shift 2
exec 3<&0
"$@" </dev/null 3<&- & server=$!
{ read -r _ <&3; kill -"$signal" "$server"; } 2>/dev/null &
wait "$server"; status=$?
[ -z "$temporary" ] || rm -rf -- "$temporary"
exit "$status"
"#;

const START_LIMIT: Duration = Duration::from_secs(60);

/// Holds the owner's end of the pipe.
#[derive(Debug)]
pub(crate) struct Guardian {
    shell: Child,
    pipe: Option<ChildStdin>,
}

impl Guardian {
    /// Starts the server, waits until it is ready, and ends it with `signal`.
    pub(crate) fn start(
        server: &Command,
        signal: &str,
        place: &Place,
        account: Option<&Account>,
        is_ready: impl Fn() -> bool,
    ) -> Result<Self, Error> {
        let log_path = place.file("server.log");
        let mut log = open_log(&log_path)?;
        let log_start = log.metadata().map_err(at(&log_path))?.len();
        let mut shell = host::clean_command("/bin/sh".as_ref());
        shell.args(["-c", SCRIPT, "guardian"]);
        shell.arg(if place.is_temporary() { place.base() } else { "".as_ref() });
        shell.arg(signal);
        shell.arg(server.get_program()).args(server.get_args());
        // Ctrl-C at a terminal goes to the owner, which stops things in order.
        shell.process_group(0).stdin(Stdio::piped());
        // The server writes nothing to its standard output. As such it holds the
        // lock on the folder for as long as any of its processes lives.
        shell.stdout(place.lock_for_guardian()?).stderr(log.try_clone().map_err(at(&log_path))?);
        host::become_user(&mut shell, account);
        let mut shell = shell.spawn().map_err(at("/bin/sh".as_ref()))?;
        let pipe = shell.stdin.take();
        let mut guardian = Self { shell, pipe };

        let started = Instant::now();
        while guardian.runs() && started.elapsed() < START_LIMIT {
            if is_ready() {
                return Ok(guardian);
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        let mut written = String::new();
        // Read through a handle of its own: a temporary folder may be gone already.
        log.seek(SeekFrom::Start(log_start)).map_err(at(&log_path))?;
        log.read_to_string(&mut written).map_err(at(&log_path))?;
        Err(Error::NotReady(written.trim().to_owned()))
    }

    fn runs(&mut self) -> bool {
        matches!(self.shell.try_wait(), Ok(None))
    }
}

impl Drop for Guardian {
    fn drop(&mut self) {
        self.pipe = None;
        let _ = self.shell.wait();
    }
}
