//! A steady load of reads and of cards, and what became of each request.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;
use std::time::{Duration, Instant};

use reqwest::multipart::{Form, Part};
use serde_json::Value;
use specimen::{Kind, Level};
use tokio::task::JoinHandle;

use crate::service::User;

/// What became of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Fate {
    /// 200, with its body.
    Done,
    /// 503 with `Retry-After`.
    Refused,
    /// Anything else: a status, or how the connection failed.
    Failed(String),
}

impl Fate {
    pub(crate) async fn of(request: reqwest::RequestBuilder) -> (Self, Value) {
        let answer = match request.send().await {
            Ok(answer) => answer,
            Err(error) => return (Self::failed(&error), Value::Null),
        };
        let (status, again) = (answer.status(), answer.headers().contains_key("retry-after"));
        match answer.json().await {
            Ok(body) if status == 200 => (Self::Done, body),
            Ok(body) if status == 503 && again => (Self::Refused, body),
            Ok(_) => (Self::Failed(status.to_string()), Value::Null),
            Err(error) => (Self::failed(&error), Value::Null),
        }
    }

    fn failed(error: &reqwest::Error) -> Self {
        Self::Failed(if error.is_connect() { "no connection".into() } else { format!("{error:?}") })
    }
}

/// The fates of many requests.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    pub(crate) done: usize,
    pub(crate) refused: usize,
    pub(crate) failed: BTreeMap<String, usize>,
    pub(crate) slowest: Duration,
    /// When the last one was not done.
    pub(crate) last_trouble: Option<Instant>,
}

impl Tally {
    pub(crate) fn add(&mut self, fate: Fate, took: Duration) {
        self.slowest = self.slowest.max(took);
        if fate != Fate::Done {
            self.last_trouble = Some(Instant::now());
        }
        match fate {
            Fate::Done => self.done += 1,
            Fate::Refused => self.refused += 1,
            Fate::Failed(why) => *self.failed.entry(why).or_default() += 1,
        }
    }

    pub(crate) fn failures(&self) -> usize {
        self.failed.values().sum()
    }
}

/// The cards that are sent, each again and again.
const CARDS: u64 = 3;

/// Clients at work until they are told to stop.
pub(crate) struct Load {
    stopping: Rc<Cell<bool>>,
    clients: Vec<JoinHandle<()>>,
    pub(crate) reads: Rc<RefCell<Tally>>,
    pub(crate) cards: Rc<RefCell<Tally>>,
    /// How often each number was acknowledged.
    acknowledged: Rc<RefCell<BTreeMap<String, usize>>>,
}

impl Load {
    /// Starts `readers` that list, and one client that sends cards if `with_cards`.
    pub(crate) fn start(user: &User, readers: usize, with_cards: bool) -> anyhow::Result<Self> {
        let mut load = Self {
            stopping: Rc::default(),
            clients: Vec::new(),
            reads: Rc::default(),
            cards: Rc::default(),
            acknowledged: Rc::default(),
        };
        for _ in 0..readers {
            let (user, stopping, tally) = (user.clone(), load.stopping.clone(), load.reads.clone());
            load.clients.push(tokio::task::spawn_local(async move {
                while !stopping.get() {
                    let begun = Instant::now();
                    let (fate, _) = Fate::of(user.get("/cin/all")).await;
                    tally.borrow_mut().add(fate, begun.elapsed());
                    tokio::time::sleep(Duration::from_millis(2)).await;
                }
            }));
        }
        if with_cards {
            load.send_cards(user)?;
        }
        Ok(load)
    }

    fn send_cards(&mut self, user: &User) -> anyhow::Result<()> {
        let cards = (1..=CARDS).map(Card::draw).collect::<anyhow::Result<Vec<_>>>()?;
        let (user, stopping, tally) = (user.clone(), self.stopping.clone(), self.cards.clone());
        let acknowledged = self.acknowledged.clone();
        self.clients.push(tokio::task::spawn_local(async move {
            for (taken, card) in cards.iter().cycle().enumerate() {
                if stopping.get() {
                    return;
                }
                let begun = Instant::now();
                let (fate, body) = Fate::of(card.process(&user, taken)).await;
                if let (Fate::Done, Some(number)) = (&fate, body["cin"].as_str()) {
                    *acknowledged.borrow_mut().entry(number.to_owned()).or_default() += 1;
                }
                tally.borrow_mut().add(fate, begun.elapsed());
            }
        }));
        Ok(())
    }

    /// Lets every request end.
    pub(crate) async fn stop(&mut self) {
        self.stopping.set(true);
        for client in self.clients.drain(..) {
            let _ = client.await;
        }
    }

    /// What is wrong with the table: a card that was acknowledged is there once, with one
    /// earlier state for each further acknowledgement, and what was not acknowledged may
    /// have been kept at most once.
    pub(crate) fn discrepancies(&self, place: &crate::place::Place) -> anyhow::Result<Vec<String>> {
        let mut found = Vec::new();
        let mut unexplained = 0;
        for (number, times) in self.acknowledged.borrow().iter() {
            let rows = place
                .count(&format!("SELECT count(*) AS count FROM cin_data WHERE cin = '{number}'"))?;
            let states = place.count(&format!(
                "SELECT count(*) AS count FROM document_versions
                 WHERE record_id = (SELECT id FROM cin_data WHERE cin = '{number}')"
            ))?;
            if rows != 1 {
                found.push(format!("a card is there {rows} times"));
            }
            let kept = (rows + states) as usize;
            if kept < *times {
                found.push(format!("{times} acknowledged, {kept} kept"));
            }
            unexplained += kept.saturating_sub(*times);
        }
        let cards = self.cards.borrow();
        if unexplained > cards.refused + cards.failures() {
            found.push(format!("{unexplained} kept that nobody sent"));
        }
        Ok(found)
    }
}

/// A card that can be photographed again and again.
pub(crate) struct Card {
    recto: Vec<u8>,
    verso: Vec<u8>,
}

impl Card {
    pub(crate) fn draw(seed: u64) -> anyhow::Result<Self> {
        let mut drawn = specimen::draw(Kind::Cin2020, Level::Clean, seed)?;
        drawn.recto.jpeg = Some(95);
        drawn.verso.jpeg = Some(95);
        Ok(Self { recto: drawn.recto.encode()?, verso: drawn.verso.encode()? })
    }

    /// A request that processes the card. Each `taken` is another file: the service reads
    /// it, and does not answer what it knows of the same pictures.
    pub(crate) fn process(&self, user: &User, taken: usize) -> reqwest::RequestBuilder {
        let part = |bytes: Vec<u8>| Part::bytes(bytes).file_name("card");
        let form = Form::new()
            .part("recto", part(commented(&self.recto, taken)))
            .part("verso", part(self.verso.clone()));
        user.post("/cin/process").multipart(form)
    }
}

/// A JPEG file with a number as its comment, right after the marker that begins it.
fn commented(jpeg: &[u8], number: usize) -> Vec<u8> {
    let (start, rest) = jpeg.split_at(2);
    [start, &[0xff, 0xfe, 0, 10], &(number as u64).to_be_bytes(), rest].concat()
}
