//! Peak resident memory of this process and its workers, from `/proc`.

use std::fs;

/// What was most so far.
#[derive(Default)]
pub(crate) struct Memory {
    /// Of this process while it read, in KiB.
    own: u64,
    /// Of all workers together, in KiB.
    workers: u64,
}

impl Memory {
    /// Starts counting this process's peak anew.
    pub(crate) fn forget_peak() {
        // Refused on some kernels: then the peak includes drawing.
        let _ = fs::write("/proc/self/clear_refs", "5");
    }

    /// Takes the peaks since the last [`Memory::forget_peak`] into account.
    pub(crate) fn note(&mut self) {
        self.own = self.own.max(peak("self").unwrap_or(0));
        self.workers = self.workers.max(children().iter().filter_map(|pid| peak(pid)).sum());
    }

    pub(crate) fn print(&self, workers: usize) {
        println!(
            "\nPeak resident memory while reading: {} MiB in this process, {} MiB in its {workers} \
             workers together.",
            self.own / 1024,
            self.workers / 1024
        );
    }
}

/// `VmHWM` of a process, in KiB.
fn peak(pid: &str) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_ascii_whitespace().nth(1)?.parse().ok()
}

fn children() -> Vec<String> {
    let parent = format!("PPid:\t{}", std::process::id());
    let Ok(entries) = fs::read_dir("/proc") else { return Vec::new() };
    entries
        .flatten()
        .filter_map(|entry| entry.file_name().into_string().ok())
        .filter(|name| name.bytes().all(|byte| byte.is_ascii_digit()))
        .filter(|pid| {
            fs::read_to_string(format!("/proc/{pid}/status"))
                .is_ok_and(|status| status.lines().any(|line| line == parent))
        })
        .collect()
}
