//! A restart of Postgres under load.

use std::time::{Duration, Instant};

use anyhow::Context;

use crate::load::Load;
use crate::place::{Place, Shutdown};
use crate::service::Service;
use crate::{Options, Outcome, story};

/// Full service must be back so soon after the server accepts connections.
const BACK: Duration = Duration::from_secs(2);

pub(crate) fn make(options: &Options, how: Shutdown) -> anyhow::Result<Outcome> {
    let down = Duration::from_secs(if options.full { 15 } else { 2 });
    story(async {
        let mut place = Place::new()?;
        let service = Service::start(place.url(), &[]).await?;
        let mut load = Load::start(&service.user().await?, 4, true)?;
        tokio::time::sleep(Duration::from_secs(2)).await;
        place.stop(how)?;
        tokio::time::sleep(down).await;
        // Off this thread, which the clients need.
        let place = tokio::task::spawn_blocking(move || place.start().map(|()| place)).await??;
        let accepting = Instant::now();
        let before = load.reads.borrow().done;
        tokio::time::sleep(Duration::from_secs(4)).await;
        load.stop().await;
        let mut faults = load.discrepancies(&place)?;
        let (reads, cards) = (load.reads.borrow(), load.cards.borrow());
        if reads.failures() + cards.failures() > 0 {
            faults.push(format!("failed: {:?} {:?}", reads.failed, cards.failed));
        }
        if reads.done == before {
            faults.push("no read after the restart".to_owned());
        }
        let last = reads.last_trouble.max(cards.last_trouble).context("no outage was seen")?;
        let back = last.saturating_duration_since(accepting);
        if back > BACK {
            faults.push(format!("still refusing after {} ms", back.as_millis()));
        }
        let seen = format!(
            "down {} s; {} reads done, {} refused, 0 failed; last refusal {} ms after it accepts",
            down.as_secs(),
            reads.done,
            reads.refused + cards.refused,
            back.as_millis(),
        );
        Ok(Outcome { seen, faults })
    })
}
