//! The bounded pool of worker processes: as many documents at work as there are
//! workers, a short queue before them, and [`Busy`] beyond.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use tokio::sync::{AcquireError, Semaphore};

use super::child::{Lent, Worker};
use super::protocol::Greeting;
use super::tally::{Ending, OcrState, Tally};
use super::{Engines, OcrEngine, OcrError, Page};
use crate::config::OcrConfig;

/// Sides that a worker reads before it is replaced, so that what a C library
/// may leak is given back.
const RECYCLE_AFTER: u32 = 200;

/// The queue is full, or the service is stopping: try again later.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("all engines are at work and the queue is full")]
pub struct Busy;

/// Worker processes with warm models, lent to one picture at a time. Clones
/// share them; the last one dropped kills them all.
#[derive(Clone)]
pub struct OcrPool {
    desk: Arc<Desk>,
    permits: Arc<Semaphore>,
    waiting: Arc<AtomicUsize>,
}

/// Where workers are lent and handed back.
struct Desk {
    config: OcrConfig,
    greeting: Greeting,
    /// The workers that are not lent; `None` where one has to be started first.
    idle: Mutex<Vec<Option<Worker>>>,
    handed_back: Condvar,
    broken: AtomicBool,
    replaced: Tally,
}

impl OcrPool {
    /// Starts all workers and waits until their models are loaded.
    ///
    /// # Errors
    ///
    /// [`OcrError::Unavailable`] when a worker cannot be started or a model is missing.
    pub fn start(config: &OcrConfig) -> Result<Self, OcrError> {
        let count = config.workers.max(1);
        let mut workers = (0..count)
            .map(|_| Worker::start(&config.program, &config.tessdata))
            .collect::<Result<Vec<_>, _>>()
            .map_err(|_| OcrError::Unavailable)?;
        let mut greeting = None;
        for worker in &mut workers {
            greeting = Some(worker.greeting()?.clone());
        }
        let desk = Desk {
            config: config.clone(),
            greeting: greeting.ok_or(OcrError::Unavailable)?,
            idle: Mutex::new(workers.into_iter().map(Some).collect()),
            handed_back: Condvar::new(),
            broken: AtomicBool::new(false),
            replaced: Tally::default(),
        };
        Ok(Self {
            desk: Arc::new(desk),
            permits: Arc::new(Semaphore::new(count)),
            waiting: Arc::default(),
        })
    }

    /// Runs `work` on a thread where it may block, once one of as many permits
    /// as there are workers is free. The permit goes with the work: a caller who
    /// leaves frees nothing early.
    ///
    /// # Errors
    ///
    /// [`Busy`], at once, when the queue is full; nothing was started then.
    pub async fn run<T, W>(&self, work: W) -> Result<T, Busy>
    where
        T: Send + 'static,
        W: FnOnce(&dyn Engines) -> T + Send + 'static,
    {
        let permit = if let Ok(permit) = Arc::clone(&self.permits).try_acquire_owned() {
            permit
        } else {
            let _place = Place::take(&self.waiting, self.desk.config.queue).ok_or(Busy)?;
            let permit = Arc::clone(&self.permits).acquire_owned().await;
            permit.map_err(|_: AcquireError| Busy)?
        };
        let desk = Arc::clone(&self.desk);
        let span = tracing::Span::current();
        let done = tokio::task::spawn_blocking(move || {
            let result = span.in_scope(|| work(desk.as_ref()));
            drop(permit);
            result
        });
        match done.await {
            Ok(result) => Ok(result),
            Err(error) if error.is_panic() => std::panic::resume_unwind(error.into_panic()),
            Err(_) => Err(Busy),
        }
    }

    /// Whether workers can be had: false after one could not be started, until one was.
    pub fn healthy(&self) -> bool {
        !self.desk.broken.load(Ordering::Relaxed)
    }

    /// The version of the engine, such as `5.3.0`.
    pub fn version(&self) -> &str {
        &self.desk.greeting.version
    }

    /// The languages that are loaded.
    pub fn languages(&self) -> &[String] {
        &self.desk.greeting.languages
    }

    /// Whether our own recogniser reads beside the library.
    pub fn has_recogniser(&self) -> bool {
        self.desk.greeting.recogniser
    }

    /// How the pool is now.
    pub fn state(&self) -> OcrState {
        let workers = self.desk.config.workers.max(1);
        OcrState {
            workers,
            busy: workers.saturating_sub(self.desk.idle().len()),
            waiting: self.waiting.load(Ordering::Relaxed),
            queue: self.desk.config.queue,
            healthy: self.healthy(),
            replaced: self.desk.replaced.read(),
        }
    }
}

impl Engines for OcrPool {
    fn with_engine(
        &self,
        work: &mut dyn FnMut(&mut dyn OcrEngine) -> Result<Page, OcrError>,
    ) -> Result<Page, OcrError> {
        self.desk.with_engine(work)
    }
}

impl Engines for Desk {
    fn with_engine(
        &self,
        work: &mut dyn FnMut(&mut dyn OcrEngine) -> Result<Page, OcrError>,
    ) -> Result<Page, OcrError> {
        let until = Instant::now() + self.config.deadline;
        let slot = Slot { worker: self.take(until)?, desk: self };
        slot.lend(until, work)
    }
}

impl Desk {
    fn idle(&self) -> MutexGuard<'_, Vec<Option<Worker>>> {
        // Nothing is left half done under this lock.
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for a slot that is not lent.
    fn take(&self, until: Instant) -> Result<Option<Worker>, OcrError> {
        let left = until.saturating_duration_since(Instant::now());
        let (mut idle, _) = self
            .handed_back
            .wait_timeout_while(self.idle(), left, |idle| idle.is_empty())
            .unwrap_or_else(PoisonError::into_inner);
        idle.pop().ok_or(OcrError::Unavailable)
    }

    fn start(&self) -> Result<Worker, OcrError> {
        Worker::start(&self.config.program, &self.config.tessdata)
            .map_err(|_| OcrError::Unavailable)
    }

    /// The worker if it lives and has its models, else a new one that has.
    fn ready(&self, worker: Option<Worker>) -> Result<Worker, OcrError> {
        let usable = worker.and_then(|mut worker| {
            let usable = worker.lives() && worker.greeting().is_ok();
            if !usable {
                self.replaced.count(Ending::Crashed);
            }
            usable.then_some(worker)
        });
        let ready = usable.map_or_else(
            || {
                let mut worker = self.start()?;
                worker.greeting()?;
                Ok(worker)
            },
            Ok,
        );
        self.broken.store(ready.is_err(), Ordering::Relaxed);
        ready
    }
}

/// A place at the desk; it is given back whatever happens, a panic included.
struct Slot<'a> {
    worker: Option<Worker>,
    desk: &'a Desk,
}

impl Slot<'_> {
    fn lend(
        mut self,
        until: Instant,
        work: &mut dyn FnMut(&mut dyn OcrEngine) -> Result<Page, OcrError>,
    ) -> Result<Page, OcrError> {
        let worker = self.desk.ready(self.worker.take())?;
        let mut lent = Lent { worker, until, failed: None };
        let page = work(&mut lent);
        lent.worker.documents += 1;
        let is_old = lent.worker.documents >= RECYCLE_AFTER;
        let ending = lent.failed.or(is_old.then_some(Ending::Retired));
        self.worker = if let Some(ending) = ending {
            self.desk.replaced.count(ending);
            drop(lent);
            // It loads its models while nobody waits for it.
            self.desk.start().ok()
        } else {
            Some(lent.worker)
        };
        page
    }
}

impl Drop for Slot<'_> {
    fn drop(&mut self) {
        self.desk.idle().push(self.worker.take());
        self.desk.handed_back.notify_one();
    }
}

/// One place in the queue, left on drop.
struct Place<'a>(&'a AtomicUsize);

impl<'a> Place<'a> {
    fn take(waiting: &'a AtomicUsize, queue: usize) -> Option<Self> {
        let taken = waiting.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |count| {
            (count < queue).then_some(count + 1)
        });
        taken.ok().map(|_| Self(waiting))
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;
    use std::os::unix::fs::PermissionsExt;
    use std::path::Path;
    use std::sync::mpsc;
    use std::time::Duration;

    use image::GrayImage;
    use tempfile::TempDir;

    use super::*;
    use crate::ocr::{Layout, Model, Snippet};

    /// A worker that greets as a real one and then does what `then` says.
    fn impostor(folder: &TempDir, then: &str) -> OcrConfig {
        let program = folder.path().join("worker");
        let greeting = r#"{"version":"0.0","languages":[]}"#;
        let length = greeting.len();
        let script = format!(
            "#!/bin/sh\nprintf '\\{length:03o}\\000\\000\\000%s' '{greeting}' >&0\n\
             echo $$ >> {}\n{then}\n",
            folder.path().join("started").display()
        );
        let mut file = std::fs::File::create(&program).unwrap();
        file.write_all(script.as_bytes()).unwrap();
        file.set_permissions(std::fs::Permissions::from_mode(0o755)).unwrap();
        OcrConfig {
            program,
            workers: 1,
            queue: 0,
            deadline: Duration::from_secs(20),
            tessdata: folder.path().to_owned(),
        }
    }

    fn read_something(pool: &dyn Engines) -> OcrError {
        let snippet =
            Snippet { image: GrayImage::new(9, 9), model: Model::French, layout: Layout::Line };
        pool.with_engine(&mut |engine| {
            Err(engine.read(std::slice::from_ref(&snippet)).expect_err("an impostor cannot read"))
        })
        .unwrap_err()
    }

    /// The process numbers of the workers that were started so far.
    fn started(folder: &TempDir) -> Vec<u32> {
        let list = std::fs::read_to_string(folder.path().join("started")).unwrap_or_default();
        list.lines().filter_map(|line| line.parse().ok()).collect()
    }

    #[test]
    fn a_worker_that_hangs_is_killed_at_the_deadline_and_leaves_no_zombie() {
        let folder = tempfile::tempdir().unwrap();
        let mut config = impostor(&folder, "exec sleep 600");
        config.deadline = Duration::from_millis(300);
        let pool = OcrPool::start(&config).unwrap();
        assert!(matches!(read_something(&pool), OcrError::Deadline | OcrError::Unavailable));
        let first = started(&folder)[0];
        assert!(!Path::new(&format!("/proc/{first}")).exists());
    }

    #[test]
    fn a_worker_that_dies_costs_its_own_request_and_is_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let pool = OcrPool::start(&impostor(&folder, "head -c 4 >/dev/null; exit 3")).unwrap();
        assert!(matches!(read_something(&pool), OcrError::Crashed));
        assert!(matches!(read_something(&pool), OcrError::Crashed));
        assert!(started(&folder).len() >= 2);
        assert!(pool.healthy());
        assert_eq!(pool.state().replaced, [("deadline", 0), ("crashed", 2), ("recycled", 0)]);
    }

    #[test]
    fn an_answer_that_is_none_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let lie = "head -c 4 >/dev/null; printf '\\002\\000\\000\\000[]' >&0; exec sleep 600";
        let pool = OcrPool::start(&impostor(&folder, lie)).unwrap();
        assert!(matches!(read_something(&pool), OcrError::Crashed));
    }

    #[test]
    fn all_workers_end_with_the_pool() {
        let folder = tempfile::tempdir().unwrap();
        let pool = OcrPool::start(&impostor(&folder, "exec sleep 600")).unwrap();
        let _ = pool.clone();
        // The greeting is sent before the number is written down.
        while started(&folder).is_empty() {
            std::thread::yield_now();
        }
        drop(pool);
        for process in started(&folder) {
            assert!(!Path::new(&format!("/proc/{process}")).exists());
        }
    }

    #[test]
    fn a_program_that_cannot_be_started_is_told_at_once() {
        let folder = tempfile::tempdir().unwrap();
        let mut config = impostor(&folder, "");
        config.program = folder.path().join("missing");
        assert!(matches!(OcrPool::start(&config), Err(OcrError::Unavailable)));
    }

    #[tokio::test]
    async fn beyond_the_queue_the_pool_is_busy_at_once() {
        let folder = tempfile::tempdir().unwrap();
        let pool = OcrPool::start(&impostor(&folder, "exec sleep 600")).unwrap();
        let (release, wait) = mpsc::channel::<()>();
        let (entered, begun) = tokio::sync::oneshot::channel();
        let working = pool.clone();
        let first = tokio::spawn(async move {
            working
                .run(move |_| {
                    let _ = entered.send(());
                    wait.recv().is_ok()
                })
                .await
        });
        begun.await.unwrap();
        assert_eq!(pool.run(|_| ()).await, Err(Busy));
        release.send(()).unwrap();
        assert_eq!(first.await.unwrap(), Ok(true));
        assert_eq!(pool.run(|_| 7).await, Ok(7));
    }
}
