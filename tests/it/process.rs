//! The executable as an operator runs it: its memory, and how it stops.

use std::net::TcpListener;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use reqwest::StatusCode;
use reqwest::multipart::{Form, Part};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};
use specimen::{Kind, Level};

use crate::support::{Card, Database, card};

/// `wathiqa serve` as a process, killed at the end of its test.
struct Service {
    process: Child,
    address: String,
    client: reqwest::Client,
    token: String,
    _database: Database,
}

impl Service {
    async fn start() -> Self {
        let database = Database::migrated();
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let process = Command::new(env!("CARGO_BIN_EXE_wathiqa"))
            .arg("serve")
            .current_dir(std::env::temp_dir())
            .env_clear()
            .env("DATABASE_URL", database.url())
            .env("DATABASE_DIRECT_URL", database.direct_url())
            .env("DB_POOL_MIN", "0")
            .env("JWT_SECRET", "a-secret-that-only-the-tests-know-0001")
            .env("HOST", "127.0.0.1")
            .env("PORT", port.to_string())
            .env("OCR_WORKERS", "2")
            .env("OCR_DEADLINE_SECONDS", "120")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        let address = format!("http://127.0.0.1:{port}");
        let mut service =
            Self { process, address, client, token: String::new(), _database: database };
        service.wait_until_ready().await;
        let account = json!({ "email": "salma@example.ma", "password": "correct horse battery",
            "full_name": "Salma Test" });
        service.post("/auth/register", &account).await;
        let login = service.post("/auth/login", &account).await;
        login["token"].as_str().unwrap().clone_into(&mut service.token);
        service
    }

    async fn wait_until_ready(&self) {
        let until = Instant::now() + Duration::from_secs(120);
        let ready = || self.client.get(format!("{}/ready", self.address)).send();
        while !ready().await.is_ok_and(|answer| answer.status() == StatusCode::OK) {
            assert!(Instant::now() < until, "the service does not become ready");
            actix_web::rt::time::sleep(Duration::from_millis(50)).await;
        }
    }

    async fn post(&self, path: &str, body: &Value) -> Value {
        let answer = self.client.post(format!("{}{path}", self.address)).json(body).send().await;
        answer.unwrap().json().await.unwrap()
    }

    /// Sends two pictures to `/cin/process`; the status of the answer.
    async fn process(&self, recto: &[u8], verso: &[u8]) -> StatusCode {
        let part = |bytes: &[u8]| Part::bytes(bytes.to_vec()).file_name("card");
        let form = Form::new().part("recto", part(recto)).part("verso", part(verso));
        let request = self.client.post(format!("{}/cin/process", self.address));
        request.bearer_auth(&self.token).multipart(form).send().await.unwrap().status()
    }

    /// The worker processes.
    fn workers(&self) -> Vec<i32> {
        let pid = self.process.id();
        let children = std::fs::read_to_string(format!("/proc/{pid}/task/{pid}/children"));
        let mut workers: Vec<i32> =
            children.unwrap().split_whitespace().map(|child| child.parse().unwrap()).collect();
        // Children are listed by the thread that started them.
        for thread in std::fs::read_dir(format!("/proc/{pid}/task")).unwrap() {
            let children = std::fs::read_to_string(thread.unwrap().path().join("children"));
            workers.extend(
                children
                    .unwrap_or_default()
                    .split_whitespace()
                    .map(|id| id.parse::<i32>().unwrap()),
            );
        }
        workers.sort_unstable();
        workers.dedup();
        workers
    }

    /// The most memory that the service and its workers have held, in MiB.
    fn peak(&self) -> u64 {
        let service = i32::try_from(self.process.id()).unwrap();
        let peak = |pid: i32| {
            let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
            let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
            let kib = line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<u64>().ok());
            kib.unwrap_or(0) / 1024
        };
        peak(service) + self.workers().into_iter().map(peak).sum::<u64>()
    }

    fn signal(&self, signal: Signal) {
        let pid = Pid::from_raw(i32::try_from(self.process.id()).unwrap()).unwrap();
        kill_process(pid, signal).unwrap();
    }

    fn wait(&mut self) -> ExitStatus {
        let until = Instant::now() + Duration::from_secs(60);
        loop {
            if let Some(status) = self.process.try_wait().unwrap() {
                return status;
            }
            assert!(Instant::now() < until, "the service does not stop");
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Whether a process is there and has not ended.
fn runs(pid: i32) -> bool {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    status.lines().any(|line| line.starts_with("State:") && !line.contains('Z'))
}

/// Pictures that are none, or too much of one.
fn bad_pictures() -> Vec<Vec<u8>> {
    let Card { recto, .. } = card(Kind::Cin2020, Level::Scan, 1);
    let giant = {
        let mut gif = b"BM".to_vec();
        gif.resize(26, 0);
        gif[14] = 40;
        gif[18..22].copy_from_slice(&50_000_u32.to_le_bytes());
        gif[22..26].copy_from_slice(&50_000_u32.to_le_bytes());
        gif.extend([1, 0, 24, 0]);
        gif.resize(60, 0);
        gif
    };
    let cut = recto[..recto.len() / 3].to_vec();
    let huge = [recto.as_slice(), &vec![0; 11 << 20]].concat();
    vec![Vec::new(), b"no picture at all".to_vec(), giant, cut, huge]
}

#[actix_web::test]
async fn bad_pictures_leave_no_memory_behind() {
    let service = Service::start().await;
    let bad = bad_pictures();
    // What the first of each needs once is not what they leave behind.
    for picture in &bad {
        assert_eq!(service.process(picture, picture).await, StatusCode::BAD_REQUEST);
    }
    let before = service.peak();

    for _ in 0..8 {
        for picture in &bad {
            assert_eq!(service.process(picture, picture).await, StatusCode::BAD_REQUEST);
        }
    }

    let after = service.peak();
    assert!(after <= before + 48, "from {before} MiB to {after} MiB");
    assert!(after <= 500, "{after} MiB");
}

#[actix_web::test]
async fn a_stop_waits_for_the_card_that_is_being_read() {
    let mut service = Service::start().await;
    let workers = service.workers();
    assert!(!workers.is_empty());
    let Card { recto, verso, .. } = card(Kind::Cin2020, Level::Clean, 1);

    let (answer, ()) = futures_util::future::join(service.process(&recto, &verso), async {
        actix_web::rt::time::sleep(Duration::from_millis(300)).await;
        service.signal(Signal::TERM);
    })
    .await;

    assert_eq!(answer, StatusCode::OK);
    assert!(service.wait().success());
    let until = Instant::now() + Duration::from_secs(10);
    for worker in workers {
        while runs(worker) {
            assert!(Instant::now() < until, "a worker is left");
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}
