//! A restart of Postgres under load.

use std::time::{Duration, Instant};

use crate::load::{Fate, Load};
use crate::place::{Place, Shutdown};
use crate::service::Service;
use crate::{Options, Outcome, story};

/// Full service must be back so soon after the server accepts connections.
const BACK: Duration = Duration::from_secs(2);

/// No request waits longer, however many wait.
const PATIENCE: Duration = Duration::from_secs(12);

pub(crate) fn make(options: &Options, how: Shutdown) -> anyhow::Result<Outcome> {
    let down = Duration::from_secs(if options.full { 60 } else { 12 });
    story(async {
        let mut place = Place::new()?;
        let service = Service::start(place.url(), &[]).await?;
        let user = service.user().await?;
        let mut load = Load::start(&user, 12, true)?;
        tokio::time::sleep(Duration::from_secs(2)).await;
        place.stop(how)?;
        tokio::time::sleep(down / 2).await;
        let health = Fate::of(user.get("/health")).await.0;
        let readiness = Fate::of(user.get("/ready")).await.0;
        tokio::time::sleep(down / 2).await;
        // Off this thread, which the clients need.
        let place = tokio::task::spawn_blocking(move || place.start().map(|()| place)).await??;
        let accepting = Instant::now();
        let before = load.reads.borrow().done;
        while load.reads.borrow().done == before && accepting.elapsed() < 2 * BACK {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        let first = accepting.elapsed();
        tokio::time::sleep(Duration::from_secs(4)).await;
        load.stop().await;
        let mut faults = load.discrepancies(&place)?;
        let (reads, cards) = (load.reads.borrow(), load.cards.borrow());
        if reads.failures() + cards.failures() > 0 {
            faults.push(format!("failed: {:?} {:?}", reads.failed, cards.failed));
        }
        // A short outage is waited for: nobody is refused at all.
        let last = reads.last_trouble.max(cards.last_trouble).unwrap_or(accepting);
        let back = last.saturating_duration_since(accepting);
        if (health, readiness) != (Fate::Done, Fate::Refused) {
            faults.push("/health or /ready is wrong while it is down".to_owned());
        }
        if reads.slowest > PATIENCE {
            faults.push(format!("one waited {} ms", reads.slowest.as_millis()));
        }
        if back.max(first) > BACK {
            faults.push("it is not back in time".to_owned());
        }
        let seen = format!(
            "down {} s, /ready 503; {} reads done, {} refused after {} ms at most, 0 failed; first answer {} ms and last refusal {} ms after it accepts",
            down.as_secs(),
            reads.done,
            reads.refused + cards.refused,
            reads.slowest.as_millis(),
            first.as_millis(),
            back.as_millis(),
        );
        Ok(Outcome { seen, faults })
    })
}
