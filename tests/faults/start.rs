//! Starts that meet: another replica, or a database that is not ours.

use std::time::{Duration, Instant};

use wathiqa::store::migrations;

use crate::place::{Place, Shutdown};
use crate::service::{Service, client};
use crate::{Options, Outcome, story};

pub(crate) fn together(options: &Options) -> anyhow::Result<Outcome> {
    let times = if options.full { 20 } else { 2 };
    story(async {
        let mut place = Place::new()?;
        let (mut faults, mut applied) = (Vec::new(), 0);
        for _ in 0..times {
            let one_worker = [("OCR_WORKERS", "1"), ("DB_POOL_MIN", "0")];
            let mut replicas = [
                Service::spawn(place.url(), &one_worker)?,
                Service::spawn(place.url(), &one_worker)?,
            ];
            for replica in &mut replicas {
                if let Err(error) = replica.wait_until_ready().await {
                    faults.push(error.to_string());
                }
            }
            let count = "SELECT count(*) AS count FROM __diesel_schema_migrations";
            applied = place.count(count)?;
            if applied != migrations::all()?.len() as i64 {
                faults.push(format!("{applied} migrations"));
            }
            drop(replicas);
            place = Place::new()?;
        }
        let seen = format!("{times} times: {applied} migrations, each once; both replicas ready");
        Ok(Outcome { seen, faults })
    })
}

/// A start while the database is down, which comes up later.
pub(crate) fn early(_: &Options) -> anyhow::Result<Outcome> {
    let away = Duration::from_secs(3);
    story(async {
        let mut place = Place::new()?;
        place.stop(Shutdown::Fast)?;
        let mut service = Service::spawn(place.url(), &[])?;
        tokio::time::sleep(away).await;
        let mut faults = Vec::new();
        if client()?.get(format!("{}/health", service.url())).send().await.is_ok() {
            faults.push("it listens without a database".to_owned());
        }
        place.start()?;
        let accepting = Instant::now();
        service.wait_until_ready().await?;
        let ready = accepting.elapsed().as_millis();
        let seen = format!(
            "away for {} s; no listener; ready {ready} ms after it accepts",
            away.as_secs()
        );
        Ok(Outcome { seen, faults })
    })
}

/// What of a database a failed start could have changed.
const EVERYTHING: &str = "SELECT count(*) AS count FROM pg_class
    WHERE relnamespace NOT IN (SELECT oid FROM pg_namespace WHERE nspname ~ '^(pg_|information_)')";

pub(crate) fn failing(_: &Options) -> anyhow::Result<Outcome> {
    story(async {
        let place = Place::new()?;
        place.execute("CREATE TABLE gris_data (id serial PRIMARY KEY, fruit text NOT NULL)")?;
        let before = place.count(EVERYTHING)?;
        let mut service = Service::spawn(place.url(), &[])?;
        let status = service.ended(Duration::from_secs(30)).await?;
        let answer = client()?.get(format!("{}/health", service.url())).send().await;
        let mut faults = Vec::new();
        if status.code() != Some(1) {
            faults.push(format!("{status}"));
        }
        if answer.is_ok() {
            faults.push("it listens".to_owned());
        }
        if place.count(EVERYTHING)? != before {
            faults.push("the database was changed".to_owned());
        }
        Ok(Outcome {
            seen: format!("{status}, refused connection, {before} objects as before"),
            faults,
        })
    })
}
