//! More slow queries than there are connections.

use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection;

use crate::load::{Fate, Tally};
use crate::place::Place;
use crate::service::{Service, client};
use crate::{Options, Outcome, story};

const SETTINGS: [(&str, &str); 3] =
    [("DB_POOL_MAX", "4"), ("DB_POOL_QUEUE", "8"), ("DB_POOL_WAIT_SECONDS", "2")];
/// Four run, eight wait, the rest is sent away.
const REQUESTS: usize = 40;
const HEALTH_P99: Duration = Duration::from_millis(20);

pub(crate) fn make(options: &Options) -> anyhow::Result<Outcome> {
    let held = Duration::from_secs(if options.full { 20 } else { 4 });
    story(async {
        let place = Place::new()?;
        let service = Service::start(place.url(), &SETTINGS).await?;
        let user = service.user().await?;
        // Whoever reads the table waits for this transaction.
        let mut holder = place.connect()?;
        holder.batch_execute("BEGIN; LOCK TABLE cin_data")?;

        let begun = Instant::now();
        let requests: Vec<_> = (0..REQUESTS)
            .map(|_| {
                let request = user.get("/cin/all");
                tokio::task::spawn_local(async move {
                    let begun = Instant::now();
                    (Fate::of(request).await.0, begun.elapsed())
                })
            })
            .collect();
        let health = health(&service, held).await?;
        holder.batch_execute("COMMIT")?;
        let released = Instant::now();
        let (fate, _) = Fate::of(user.get("/cin/all")).await;
        let back = released.elapsed();

        let mut tally = Tally::default();
        let mut at_once = 0;
        for request in requests {
            let (fate, took) = request.await?;
            at_once += usize::from(fate == Fate::Refused && took < Duration::from_secs(1));
            tally.add(fate, took);
        }
        let mut faults = Vec::new();
        // One that waited to tell who asks may be sent away when it comes to the list.
        if tally.done == 0 || tally.failures() > 0 || at_once < REQUESTS - 12 {
            faults.push(format!("{tally:?}, {at_once} at once"));
        }
        if health > HEALTH_P99 {
            faults.push(format!("/health took {} ms", health.as_millis()));
        }
        if fate != Fate::Done || back > Duration::from_secs(1) {
            faults.push(format!("{fate:?} {} ms after", back.as_millis()));
        }
        let seen = format!(
            "of {REQUESTS} lists {} ran, {} waited in vain and {at_once} were refused at once, all within {} s; \
             /health p99 {:.1} ms; back after {} ms",
            tally.done,
            tally.refused - at_once,
            begun.elapsed().as_secs(),
            health.as_secs_f64() * 1000.0,
            back.as_millis(),
        );
        Ok(Outcome { seen, faults })
    })
}

/// The p99 of `/health` for so long.
async fn health(service: &Service, lasting: Duration) -> anyhow::Result<Duration> {
    let (client, begun) = (client()?, Instant::now());
    let mut times = Vec::new();
    while begun.elapsed() < lasting {
        let asked = Instant::now();
        client.get(format!("{}/health", service.url())).send().await?.error_for_status()?;
        times.push(asked.elapsed());
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    times.sort();
    Ok(times[times.len() * 99 / 100])
}
