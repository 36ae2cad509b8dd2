//! The OCR workers as real processes with the real engine: what they may do,
//! and what a picture that kills one costs.

use std::os::unix::ffi::OsStrExt;
use std::path::PathBuf;
use std::time::Duration;

use image::{GrayImage, Luma};
use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;
use wathiqa::config::OcrConfig;
use wathiqa::ocr::{Engines, Layout, Line, Model, OcrEngine, OcrError, OcrPool, Page, Snippet};

fn config() -> OcrConfig {
    OcrConfig {
        program: PathBuf::from(env!("CARGO_BIN_EXE_wathiqa")),
        workers: 1,
        queue: 4,
        deadline: Duration::from_secs(60),
        tessdata: PathBuf::from("/usr/share/tesseract-ocr/5/tessdata"),
    }
}

/// Runs `work` with an engine of the pool and gives back what it found.
fn with_engine<T>(
    pool: &OcrPool,
    mut work: impl FnMut(&mut dyn OcrEngine) -> Result<T, OcrError>,
) -> Result<T, OcrError> {
    let mut found = None;
    let empty = Page {
        width: 0.0,
        height: 0.0,
        lines: Vec::new(),
        mrz: Vec::new(),
        portrait: None,
        placement: wathiqa::ocr::Placement::IDENTITY,
    };
    pool.with_engine(&mut |engine| {
        found = Some(work(engine)?);
        Ok(empty.clone())
    })?;
    Ok(found.expect("the work was done"))
}

/// A pool of one worker, and that worker's process number. It reads its models
/// through a link of its own, by which it is told from other tests' workers.
fn start_one() -> (OcrPool, i32, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let models = folder.path().join("models");
    std::os::unix::fs::symlink(config().tessdata, &models).unwrap();
    let pool = OcrPool::start(&OcrConfig { tessdata: models.clone(), ..config() }).unwrap();
    let worker = std::fs::read_dir("/proc")
        .unwrap()
        .filter_map(|entry| entry.unwrap().file_name().to_str()?.parse::<i32>().ok())
        .find(|process| {
            let line = std::fs::read(format!("/proc/{process}/cmdline")).unwrap_or_default();
            line.split(|byte| *byte == 0).any(|argument| argument == models.as_os_str().as_bytes())
        })
        .unwrap();
    (pool, worker, folder)
}

fn blank_line() -> Snippet {
    let image = GrayImage::from_pixel(300, 60, Luma([255]));
    Snippet { image, model: Model::French, layout: Layout::Line }
}

/// Small marks without end: what takes the engine longest.
fn dense_picture() -> Snippet {
    let image = GrayImage::from_fn(3000, 3000, |x, y| {
        let dark = (x / 3 * 7 + y / 3 * 13 + (x / 3) * (y / 3)) % 5 < 2;
        Luma([if dark { 0 } else { 255 }])
    });
    Snippet { image, model: Model::French, layout: Layout::Sparse }
}

#[test]
fn a_worker_knows_the_thread_limit_and_nothing_else_of_its_environment() {
    let (_pool, worker, _models) = start_one();
    let environment = std::fs::read_to_string(format!("/proc/{worker}/environ")).unwrap();
    assert_eq!(environment, "OMP_THREAD_LIMIT=1\0");
}

#[test]
fn a_worker_is_bounded_in_memory_and_rights() {
    let (_pool, worker, _models) = start_one();
    let limits = std::fs::read_to_string(format!("/proc/{worker}/limits")).unwrap();
    let limit = |name: &str| {
        let line = limits.lines().find(|line| line.starts_with(name)).unwrap();
        line[name.len()..].split_whitespace().next().unwrap().to_owned()
    };
    assert_eq!(limit("Max address space"), (1_u64 << 30).to_string());
    assert_eq!(limit("Max core file size"), "0");
    assert_ne!(limit("Max cpu time"), "unlimited");
    let status = std::fs::read_to_string(format!("/proc/{worker}/status")).unwrap();
    assert!(status.contains("NoNewPrivs:\t1"));
}

#[test]
fn a_killed_worker_is_replaced_and_the_next_picture_is_read() {
    let (pool, worker, _models) = start_one();
    kill_process(Pid::from_raw(worker).unwrap(), Signal::KILL).unwrap();
    let state = format!("/proc/{worker}/stat");
    while std::fs::read_to_string(&state).is_ok_and(|stat| !stat.contains(") Z ")) {
        std::thread::yield_now();
    }
    let read = with_engine(&pool, |engine| engine.read(&[blank_line()]));
    assert!(matches!(read, Ok(answers) if answers.len() == 1));
    assert!(pool.healthy());
}

#[test]
fn a_picture_that_takes_too_long_costs_one_request() {
    let slow = OcrConfig { deadline: Duration::from_millis(400), ..config() };
    let pool = OcrPool::start(&slow).unwrap();
    let read: Result<Vec<Vec<Line>>, _> =
        with_engine(&pool, |engine| engine.read(&[dense_picture(), dense_picture()]));
    assert!(matches!(read, Err(OcrError::Deadline)));
}

#[test]
fn the_engine_tells_its_version_and_languages() {
    let pool = OcrPool::start(&config()).unwrap();
    assert!(pool.version().starts_with("5."));
    assert_eq!(pool.languages(), ["fra", "ara", "eng"]);
}

#[test]
fn a_missing_model_is_told_at_start() {
    let missing = OcrConfig { tessdata: PathBuf::from("/nonexistent"), ..config() };
    assert!(matches!(OcrPool::start(&missing), Err(OcrError::Unavailable)));
}
