//! Backends that are killed at random, and backends of the whole pool at once.

use std::time::{Duration, Instant};

use diesel::prelude::*;

use crate::load::Load;
use crate::place::Place;
use crate::service::Service;
use crate::{Options, Outcome, story};

const KILLS_PER_SECOND: u32 = 5;

pub(crate) fn make(options: &Options) -> anyhow::Result<Outcome> {
    let (lasting, wanted) = if options.full { (60, 10_000) } else { (5, 100) };
    story(async {
        let place = Place::new()?;
        let service = Service::start(place.url(), &[("DB_POOL_MAX", "8")]).await?;
        let mut load = Load::start(&service.user().await?, 4, true)?;
        let mut murderer = place.connect()?;
        let (begun, mut killed) = (Instant::now(), 0);
        while begun.elapsed() < Duration::from_secs(lasting) {
            killed += diesel::sql_query(
                "SELECT pg_terminate_backend(pid) FROM (SELECT pid FROM pg_stat_activity
                 WHERE application_name = 'wathiqa' ORDER BY random() LIMIT 1) AS victim",
            )
            .execute(&mut murderer)?;
            tokio::time::sleep(Duration::from_secs(1) / KILLS_PER_SECOND).await;
        }
        load.stop().await;
        let mut faults = load.discrepancies(&place)?;
        let (reads, cards) = (load.reads.borrow(), load.cards.borrow());
        if reads.failures() + reads.refused > 0 {
            faults.push(format!("{} reads refused, failed: {:?}", reads.refused, reads.failed));
        }
        if reads.done < wanted || cards.done == 0 {
            faults.push(format!("{} reads and {} cards are too few", reads.done, cards.done));
        }
        let seen = format!(
            "{killed} kills; {} reads, {} failed, slowest {} ms; {} cards kept, {} refused, {} failed",
            reads.done,
            reads.failures() + reads.refused,
            reads.slowest.as_millis(),
            cards.done,
            cards.refused,
            cards.failures(),
        );
        Ok(Outcome { seen, faults })
    })
}
