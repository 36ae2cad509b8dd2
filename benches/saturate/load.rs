//! Clients that send one document after the other, more than there are engines.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use reqwest::Client;
use reqwest::multipart::{Form, Part};
use specimen::{Kind, Level};
use tokio::task::JoinSet;

use crate::service::Service;

/// A document, encoded.
struct Document {
    path: &'static str,
    recto: Vec<u8>,
    verso: Vec<u8>,
}

/// What the clients share.
struct Shared {
    documents: Vec<Document>,
    url: String,
    token: String,
    stopping: AtomicBool,
    /// How many answers came with each status.
    answers: Mutex<BTreeMap<u16, u32>>,
}

/// The clients at work, on a thread of their own so that they delay no measurement.
pub(crate) struct Load {
    shared: Arc<Shared>,
    thread: JoinHandle<()>,
}

impl Load {
    /// Draws documents and starts `clients` that send them.
    pub(crate) fn start(service: &Service, clients: usize) -> anyhow::Result<Self> {
        let mut documents = Vec::new();
        for (nth, kind) in Kind::ALL.into_iter().enumerate() {
            let drawn = specimen::draw(kind, Level::Photo, nth as u64 + 1)?;
            let path = kind.slug();
            let (recto, verso) = (drawn.recto.encode()?, drawn.verso.encode()?);
            documents.push(Document { path, recto, verso });
        }
        let shared = Arc::new(Shared {
            documents,
            url: service.url.clone(),
            token: service.token.clone(),
            stopping: AtomicBool::new(false),
            answers: Mutex::default(),
        });
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let of_thread = Arc::clone(&shared);
        let thread = std::thread::spawn(move || {
            runtime.block_on(async {
                let mut sending = JoinSet::new();
                for nth in 0..clients {
                    sending.spawn(send(Arc::clone(&of_thread), nth));
                }
                while sending.join_next().await.is_some() {}
            });
        });
        Ok(Self { shared, thread })
    }

    /// Lets the clients finish what they sent; how many answers came with each status.
    pub(crate) fn stop(self) -> String {
        self.shared.stopping.store(true, Ordering::Relaxed);
        let _ = self.thread.join();
        let answers = self.shared.answers.lock().unwrap_or_else(PoisonError::into_inner);
        let each: Vec<String> =
            answers.iter().map(|(status, count)| format!("{status} × {count}")).collect();
        each.join(", ")
    }
}

/// One client, until the load is stopped.
async fn send(shared: Arc<Shared>, first: usize) {
    let Ok(client) = Client::builder().no_proxy().build() else { return };
    for nth in first.. {
        if shared.stopping.load(Ordering::Relaxed) {
            return;
        }
        let document = &shared.documents[nth % shared.documents.len()];
        let part = |bytes: &[u8]| Part::bytes(bytes.to_vec()).file_name("card");
        let form =
            Form::new().part("recto", part(&document.recto)).part("verso", part(&document.verso));
        let request = client.post(format!("{}/{}/process", shared.url, document.path));
        let answer = request.bearer_auth(&shared.token).multipart(form).send().await;
        let status = answer.map_or(0, |answer| answer.status().as_u16());
        let mut answers = shared.answers.lock().unwrap_or_else(PoisonError::into_inner);
        *answers.entry(status).or_default() += 1;
    }
}
