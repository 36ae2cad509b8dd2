//! SIGTERM while cards are being read.

use std::time::{Duration, Instant};

use specimen::{Kind, Level};

use crate::load::{Fate, Tally, card};
use crate::place::Place;
use crate::service::Service;
use crate::{Options, Outcome, story};

/// Requests that are under way when the signal comes.
const CARDS: usize = 4;
const READS: usize = 20;

pub(crate) fn make(options: &Options) -> anyhow::Result<Outcome> {
    let times = if options.full { 20 } else { 2 };
    story(async {
        let place = Place::new()?;
        let drawn = specimen::draw(Kind::Cin2020, Level::Clean, 1)?;
        let (recto, verso) = (drawn.recto.encode()?, drawn.verso.encode()?);
        let mut tally = Tally::default();
        let mut faults = Vec::new();
        let mut slowest = Duration::ZERO;
        for _ in 0..times {
            let mut service = Service::start(place.url(), &[]).await?;
            let user = service.user().await?;
            let cards = (0..CARDS).map(|_| card(&user, &recto, &verso));
            let reads = (0..READS).map(|_| user.get("/cin/all"));
            let under_way: Vec<_> = cards
                .chain(reads)
                .map(|request| tokio::task::spawn_local(async { Fate::of(request).await.0 }))
                .collect();
            // They have been accepted, and the cards are being read.
            tokio::time::sleep(Duration::from_millis(150)).await;
            service.terminate()?;
            let told = Instant::now();
            tokio::time::sleep(Duration::from_millis(100)).await;
            if Fate::of(user.get("/health")).await.0 == Fate::Done {
                faults.push("it still accepts".to_owned());
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
