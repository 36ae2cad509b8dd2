//! What the safety of the pool costs: a read by primary key through [`Store::read`], against
//! the same query through an r2d2 pool that checks nothing and never retires.
//!
//! The two take turns within one run, so that what else the machine does strikes both.
//! `cargo bench --bench pool`

use std::time::{Duration, Instant};

use diesel::prelude::*;
use diesel::sql_types::Integer;
use private_postgres::Cluster;
use wathiqa::config::Config;
use wathiqa::store::{Store, StoreError};

/// Tasks that read at the same time, as many as each pool has connections.
const TASKS: usize = 8;
const ROUNDS: usize = 15;
const ROUND: Duration = Duration::from_millis(400);

/// Connects, and believes in every connection.
struct Trusting(String);

impl r2d2::ManageConnection for Trusting {
    type Connection = PgConnection;
    type Error = ConnectionError;

    fn connect(&self) -> Result<PgConnection, ConnectionError> {
        PgConnection::establish(&self.0)
    }

    fn is_valid(&self, _: &mut PgConnection) -> Result<(), ConnectionError> {
        Ok(())
    }

    fn has_broken(&self, _: &mut PgConnection) -> bool {
        false
    }
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Integer)]
    id: i32,
}

fn read(connection: &mut PgConnection) -> QueryResult<i32> {
    let query = diesel::sql_query("SELECT id FROM cin_data WHERE id = $1");
    query.bind::<Integer, _>(77).get_result::<Row>(connection).map(|row| row.id)
}

fn main() -> anyhow::Result<()> {
    if !std::env::args().any(|argument| argument == "--bench") {
        return Ok(());
    }
    let cluster = Cluster::temporary()?;
    cluster.create_database("bench", None)?;
    let url = cluster.url("bench");
    let config = Config::from_lookup(&|name| match name {
        "DATABASE_URL" => Some(url.clone()),
        "JWT_SECRET" => Some("a-secret-that-only-this-bench-knows-01".to_owned()),
        "DB_POOL_MAX" | "DB_POOL_MIN" => Some(TASKS.to_string()),
        _ => None,
    })?
    .database;
    wathiqa::store::migrate(&config)?;
    let mut connection = PgConnection::establish(&url)?;
    diesel::sql_query(
        "INSERT INTO cin_data (cin) SELECT 'ZZ' || n FROM generate_series(1, 1000) AS n",
    )
    .execute(&mut connection)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(compare(&config, url.clone()))
}

async fn compare(config: &wathiqa::config::DatabaseConfig, url: String) -> anyhow::Result<()> {
    let store = Store::open(config);
    let bare = r2d2::Pool::builder()
        .max_size(TASKS as u32)
        .test_on_check_out(false)
        .max_lifetime(None)
        .idle_timeout(None)
        .build(Trusting(url))?;
    let mut ratios = Vec::new();
    let (mut safe_rates, mut bare_rates) = (Vec::new(), Vec::new());
    // The first round warms both up.
    for round in 0..=ROUNDS {
        let safe = rate(|| async { store.read(|it| Ok(read(it)?)).await.is_ok() }).await?;
        let without = rate(|| {
            let pool = bare.clone();
            async move {
                let task = tokio::task::spawn_blocking(move || {
                    let mut connection = pool.get().map_err(|_| StoreError::Unavailable)?;
                    Ok::<_, StoreError>(read(&mut connection)?)
                });
                task.await.is_ok_and(|outcome| outcome.is_ok())
            }
        })
        .await?;
        if round > 0 {
            ratios.push(safe / without);
            safe_rates.push(safe);
            bare_rates.push(without);
        }
    }
    println!("| Reads by primary key | a second (median of {ROUNDS} rounds) |\n|---|---:|");
    println!("| checked, with the bypass | {:.0} |", median(&mut safe_rates));
    println!("| no check at all | {:.0} |", median(&mut bare_rates));
    println!("| ratio, median of the rounds | {:.3} |", median(&mut ratios));
    store.close(Duration::from_secs(5)).await;
    Ok(())
}

/// How many reads a second `TASKS` tasks get through.
async fn rate<F>(one: impl Fn() -> F) -> anyhow::Result<f64>
where
    F: Future<Output = bool>,
{
    let begun = Instant::now();
    let task = async || {
        let mut done = 0_u32;
        while begun.elapsed() < ROUND {
            anyhow::ensure!(one().await, "a read failed");
            done += 1;
        }
        Ok(done)
    };
    let counts = futures_util::future::try_join_all((0..TASKS).map(|_| task())).await?;
    Ok(f64::from(counts.into_iter().sum::<u32>()) / begun.elapsed().as_secs_f64())
}

fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
