//! SIGTERM while cards are being read.

use std::time::{Duration, Instant};

use crate::load::{Card, Fate, Tally};
use crate::place::Place;
use crate::service::{Service, User};
use crate::{Options, Outcome, story};

/// Requests that are under way when the signal comes.
const CARDS: usize = 4;
const READS: usize = 20;

/// Fewer than cards, so that some wait.
const ENGINES: u64 = 2;

/// How many documents wait for an engine.
async fn waiting(user: &User) -> u64 {
    let (_, report) = Fate::of(user.get("/ready")).await;
    report["ocr"]["waiting"].as_u64().unwrap_or_default()
}

pub(crate) fn make(options: &Options) -> anyhow::Result<Outcome> {
    let times = if options.full { 20 } else { 2 };
    story(async {
        let place = Place::new()?;
        let card = Card::draw(1)?;
        let mut tally = Tally::default();
        let mut faults = Vec::new();
        let mut slowest = Duration::ZERO;
        for time in 0..times {
            let mut service = Service::start(place.url(), &[("OCR_WORKERS", "2")]).await?;
            let user = service.user().await?;
            let cards = (0..CARDS).map(|n| card.process(&user, time * CARDS + n));
            let reads = (0..READS).map(|_| user.get("/cin/all"));
            let under_way: Vec<_> = reads
                .chain(cards)
                .map(|request| tokio::task::spawn_local(async { Fate::of(request).await.0 }))
                .collect();
            // Those beyond the engines wait for one: then all have been accepted.
            let until = Instant::now() + Duration::from_secs(20);
            while waiting(&user).await < CARDS as u64 - ENGINES && Instant::now() < until {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
            service.terminate()?;
            let told = Instant::now();
            while Fate::of(user.get("/health")).await.0 == Fate::Done {
                if told.elapsed() > Duration::from_secs(2) {
                    faults.push("it still accepts".to_owned());
                    break;
                }
            }
            for request in under_way {
                tally.add(request.await?, Duration::ZERO);
            }
            let status = service.ended(Duration::from_secs(30)).await?;
            slowest = slowest.max(told.elapsed());
            if !status.success() {
                faults.push(format!("{status}"));
            }
        }
        if tally.failures() + tally.refused > 0 {
            faults.push(format!("lost: {:?}, {} refused", tally.failed, tally.refused));
        }
        let seen = format!(
            "{times} times: {} requests under way, all answered; new ones refused; exit 0 after {} ms at most",
            tally.done,
            slowest.as_millis()
        );
        Ok(Outcome { seen, faults })
    })
}
