//! What the service does beside answering: some times a minute, once an hour, and before it
//! ends.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::time::Duration;

use futures_util::future::join3;
use tokio::time::{Instant, MissedTickBehavior, interval_at, timeout};

use super::metrics::UPKEEP_EVERY;
use super::server::State;
use crate::housekeeping::{self, Report};
use crate::store::audit::Trail;

/// How long after the start it is done first: not while everything else begins.
const FIRST_AFTER: Duration = Duration::from_secs(60);

/// How long after the start towns are looked up first: charts say what is true before, at
/// the cost of looking at each card that has none.
const LOOK_UP_AFTER: Duration = Duration::from_secs(5);

/// Does the housekeeping, for as long as it is polled.
pub(super) async fn keep_house(state: &State) -> Infallible {
    join3(keep_hourly(state), look_up_towns(state), keep_metrics(state)).await.0
}

async fn keep_metrics(state: &State) -> Infallible {
    let mut due = interval_at(Instant::now() + UPKEEP_EVERY, UPKEEP_EVERY);
    due.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        due.tick().await;
        state.metrics.upkeep();
    }
}

async fn look_up_towns(state: &State) -> Infallible {
    let mut due = interval_at(Instant::now() + LOOK_UP_AFTER, housekeeping::LOOK_UP_EVERY);
    due.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        due.tick().await;
        match housekeeping::look_up_towns(&state.store).await {
            Ok(0) => {}
            Ok(cards) => tracing::info!(cards, "looked up the towns of cards"),
            Err(error) => tracing::warn!(%error, "looking up towns is put off"),
        }
    }
}

async fn keep_hourly(state: &State) -> Infallible {
    let mut due = interval_at(Instant::now() + FIRST_AFTER, housekeeping::EVERY);
    due.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut told = BTreeMap::new();
    loop {
        due.tick().await;
        match housekeeping::run(&state.store, &state.trail, state.image_lifetime).await {
            Ok(report) if report == Report::default() => {}
            Ok(Report { records, images }) => {
                state.generations.forget_all();
                tracing::info!(records, images, "erased what was kept long enough");
            }
            Err(error) => tracing::warn!(%error, "the housekeeping is put off"),
        }
        tell_anchors(state, &mut told).await;
    }
}

/// Writes what was gathered, before the connections are closed.
pub(super) async fn finish(state: &State, grace: Duration) {
    if timeout(grace, state.reads.flush()).await.is_err() {
        tracing::error!("the latest reads were not audited: the database does not answer");
    }
}

/// Writes the ends of the audit's chains into the log, those that have moved: whoever can
/// change the database cannot change what was logged. See `wathiqa audit verify --anchor`.
async fn tell_anchors(state: &State, told: &mut BTreeMap<i64, i64>) {
    match state.store.read(Trail::anchors).await {
        Ok(anchors) => {
            for anchor in anchors {
                if told.insert(anchor.organisation, anchor.sequence) != Some(anchor.sequence) {
                    tracing::info!(%anchor, "the audit ends here");
                }
            }
        }
        Err(error) => tracing::warn!(%error, "the audit is not anchored"),
    }
}
