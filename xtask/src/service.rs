//! The running service: started, waited for, stopped in order.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, ExitCode, ExitStatus};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use rustix::process::{Pid, Signal, kill_process};

use crate::settings::Settings;

/// The models are loaded and the schema is migrated within seconds; a cold disk
/// may need more.
const READY_LIMIT: Duration = Duration::from_secs(120);
const POLL: Duration = Duration::from_millis(100);

/// The service; dropping it kills it.
pub(crate) struct Service {
    process: Child,
}

/// How the start went.
pub(crate) enum Outcome {
    /// It answers.
    Ready,
    /// It ended, by itself or because it was told to.
    Ended(ExitCode),
}

impl Service {
    /// Starts it in a process group of its own, so that Ctrl-C reaches only this
    /// program, which stops things in order. Should this program be killed, the
    /// system stops the service.
    pub(crate) fn start(program: &Path, settings: &Settings) -> anyhow::Result<Self> {
        let mut command = Command::new("setpriv");
        if settings.is_alone() {
            let kept = ["PATH", "TESSDATA_PREFIX"].map(|name| (name, std::env::var_os(name)));
            command.env_clear();
            command.envs(kept.into_iter().filter_map(|(name, value)| Some((name, value?))));
        }
        let process = command
            .args(["--pdeathsig", "TERM", "--"])
            .arg(program)
            .arg("serve")
            .envs(settings.for_service())
            .current_dir(settings.root())
            .process_group(0)
            .spawn()
            .context("starting the service through setpriv (of util-linux)")?;
        Ok(Self { process })
    }

    /// Waits until `/ready` says so.
    pub(crate) fn wait_until_ready(
        &mut self,
        settings: &Settings,
        stops: &AtomicUsize,
    ) -> anyhow::Result<Outcome> {
        let url = settings.url();
        let address = url.trim_start_matches("http://");
        let started = Instant::now();
        while !is_ready(address) {
            if let Some(status) = self.process.try_wait()? {
                return Ok(Outcome::Ended(failure(status)));
            }
            if stops.load(Ordering::SeqCst) > 0 {
                return Ok(Outcome::Ended(self.stop(stops)?));
            }
            if started.elapsed() > READY_LIMIT {
                bail!("the service was not ready after {} s", READY_LIMIT.as_secs());
            }
            std::thread::sleep(POLL);
        }
        Ok(Outcome::Ready)
    }

    /// Waits for the service to end or for Ctrl-C or SIGTERM to end it.
    pub(crate) fn run_until_stopped(&mut self, stops: &AtomicUsize) -> anyhow::Result<ExitCode> {
        loop {
            if let Some(status) = self.process.try_wait()? {
                eprintln!("serve: the service ended by itself: {status}");
                return Ok(failure(status));
            }
            if stops.load(Ordering::SeqCst) > 0 {
                return self.stop(stops);
            }
            std::thread::sleep(POLL);
        }
    }

    /// Lets the service finish what it accepted; a second Ctrl-C does not wait.
    pub(crate) fn stop(&mut self, stops: &AtomicUsize) -> anyhow::Result<ExitCode> {
        eprintln!("serve: stopping");
        let asked = stops.load(Ordering::SeqCst);
        let _ = kill_process(Pid::from_child(&self.process), Signal::INT);
        loop {
            if let Some(status) = self.process.try_wait()? {
                return Ok(if status.success() { ExitCode::SUCCESS } else { failure(status) });
            }
            if stops.load(Ordering::SeqCst) > asked {
                bail!("stopped without waiting for open requests");
            }
            std::thread::sleep(POLL);
        }
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The service's own status, and a failure even if that claims success.
fn failure(status: ExitStatus) -> ExitCode {
    let code = status.code().and_then(|code| u8::try_from(code).ok()).filter(|&code| code != 0);
    ExitCode::from(code.unwrap_or(1))
}

/// Asks for `/ready` as simply as HTTP allows.
fn is_ready(address: &str) -> bool {
    let ask = || -> std::io::Result<String> {
        let mut stream = TcpStream::connect(address)?;
        stream.set_read_timeout(Some(Duration::from_secs(5)))?;
        write!(stream, "GET /ready HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n")?;
        let mut status = [0; 12];
        stream.read_exact(&mut status)?;
        Ok(String::from_utf8_lossy(&status).into_owned())
    };
    ask().is_ok_and(|status| status.ends_with("200"))
}
