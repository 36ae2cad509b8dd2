//! A restart of Postgres under load.

use std::time::{Duration, Instant};

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
        if back.max(first) > BACK {
            faults.push("it is not back in time".to_owned());
        }
        let seen = format!(
            "down {} s; {} reads done, {} refused, 0 failed; first answer {} ms and last refusal {} ms after it accepts",
            down.as_secs(),
            reads.done,
            reads.refused + cards.refused,
            first.as_millis(),
            back.as_millis(),
        );
        Ok(Outcome { seen, faults })
    })
}
