//! What row-level security costs beside the filter that every query has: the same reads
//! of the same rows, without it and with it, by turns within one run.
//!
//! Two databases with the same content; one of them has policies, forced on the owner.
//! `cargo bench --bench isolation`; docs/adr/0001-isolation.md tells what it found.

use std::time::{Duration, Instant};

use anyhow::ensure;
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use private_postgres::Cluster;
use wathiqa::config::{Config, DatabaseConfig};
use wathiqa::documents::cin::Cin;
use wathiqa::documents::{DocumentKind, DocumentRecord, Scope};
use wathiqa::store::schema::cin_data;
use wathiqa::store::{OrganisationId, Store, StoreError};

type CinRecord = <Cin as DocumentKind>::Record;

/// Tasks that read at the same time, as many as each pool has connections.
const TASKS: usize = 8;
const ROUNDS: usize = 21;
const ROUND: Duration = Duration::from_millis(300);
/// Cards of each of the two organisations.
const CARDS: i32 = 10_000;
/// Rows of a list.
const PAGE: i64 = 100;

/// The wall: nothing is seen or written but rows of the organisation that the transaction
/// names. Without a name nothing is.
const WALL: &str = "
    ALTER TABLE cin_data ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
    CREATE POLICY of_the_organisation ON cin_data USING (
        organisation_id = NULLIF(current_setting('wathiqa.organisation', true), '')::bigint
    )";

/// How the organisation is told to the database, if it is.
#[derive(Clone, Copy)]
enum Telling {
    /// Not at all: the filter of the query is alone.
    No,
    /// Once for each connection, which is not possible behind PgBouncer or with a pool
    /// that organisations share: what the policy costs by itself.
    Connection,
    /// In the transaction of the query: begin, tell, ask, commit.
    Transaction,
    /// The same, with begin and tell in one round trip.
    Batch,
}

/// What is compared with the first of them.
const VARIANTS: [(&str, Telling); 4] = [
    ("the filter alone, as today", Telling::No),
    ("policy, told once a connection", Telling::Connection),
    ("policy, told in a transaction", Telling::Transaction),
    ("policy, told together with BEGIN", Telling::Batch),
];

/// What is read.
#[derive(Clone, Copy)]
enum Reading {
    List,
    Find,
}

fn list(connection: &mut PgConnection, scope: Scope) -> Result<usize, StoreError> {
    let rows = cin_data::table
        .filter(cin_data::organisation_id.eq(scope.organisation()))
        .order(cin_data::id)
        .limit(PAGE)
        .select(CinRecord::as_select());
    Ok(rows.load::<CinRecord>(connection)?.len())
}

fn find(connection: &mut PgConnection, scope: Scope, id: i32) -> Result<usize, StoreError> {
    Ok(usize::from(CinRecord::find(connection, scope, id)?.is_some()))
}

/// One read as a request makes it; whether it saw what it should.
async fn read(store: &Store, scope: Scope, reading: Reading, telling: Telling, id: i32) -> bool {
    let ask = move |connection: &mut PgConnection| match reading {
        Reading::List => list(connection, scope).map(|rows| rows == PAGE as usize),
        Reading::Find => find(connection, scope, id).map(|rows| rows == 1),
    };
    let organisation = scope.organisation();
    let asked = store.read(move |connection| match telling {
        Telling::No | Telling::Connection => ask(connection),
        Telling::Transaction => connection.transaction(|connection| {
            diesel::sql_query("SELECT set_config('wathiqa.organisation', $1, true)")
                .bind::<Text, _>(organisation.to_string())
                .execute(connection)?;
            ask(connection)
        }),
        Telling::Batch => {
            connection.batch_execute(&format!(
                "BEGIN; SELECT set_config('wathiqa.organisation', '{organisation}', true)"
            ))?;
            let asked = ask(connection);
            connection.batch_execute("COMMIT")?;
            asked
        }
    });
    asked.await.is_ok_and(|is_right| is_right)
}

fn main() -> anyhow::Result<()> {
    if !std::env::args().any(|argument| argument == "--bench") {
        return Ok(());
    }
    let cluster = Cluster::temporary()?;
    cluster.create_database("plain", None)?;
    let plain = config(&cluster.url("plain"))?;
    wathiqa::store::migrate(&plain)?;
    fill(&cluster.url("plain"))?;
    cluster.create_database("walled", Some("plain"))?;
    for (database, statement) in [
        ("walled", WALL),
        ("plain", "VACUUM ANALYZE cin_data"),
        ("walled", "VACUUM ANALYZE cin_data"),
    ] {
        PgConnection::establish(&cluster.url(database))?.batch_execute(statement)?;
    }
    let walled = cluster.url("walled");
    let told = config(&format!("{walled}&options=-c%20wathiqa.organisation%3D2"))?;
    holds(&walled)?;
    let stores = [&plain, &told, &config(&walled)?, &config(&walled)?].map(Store::open);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        for (what, reading) in
            [("lists of 100 rows", Reading::List), ("reads by primary key", Reading::Find)]
        {
            compare(what, &stores, reading).await?;
        }
        for store in &stores {
            store.close(Duration::from_secs(5)).await;
        }
        Ok(())
    })
}

fn config(url: &str) -> anyhow::Result<DatabaseConfig> {
    let config = Config::from_lookup(&|name| match name {
        "DATABASE_URL" => Some(url.to_owned()),
        "JWT_SECRET" => Some("a-secret-that-only-this-bench-knows-01".to_owned()),
        "DB_POOL_MAX" | "DB_POOL_MIN" => Some(TASKS.to_string()),
        _ => None,
    })?;
    Ok(config.database)
}

/// Identity cards of people who do not exist, of two organisations by turns.
fn fill(url: &str) -> anyhow::Result<()> {
    PgConnection::establish(url)?.batch_execute(&format!(
        "INSERT INTO organisations (id, name) VALUES (2, 'a'), (3, 'b');
         INSERT INTO cin_data (cin, nom_fr, nom_ar, prenom_fr, prenom_ar, date_naissance,
            lieu_fr, lieu_ar, adresse_fr, adresse_ar, sexe, validite, numero_etat_civil,
            organisation_id)
         SELECT 'ZZ' || (100000 + n), 'SPECIMEN', 'نموذج', 'FICTIF', 'خيالي', date '1990-01-01' + n % 5000,
            'RABAT', 'الرباط', 'RUE EXEMPLE ' || n || ' RABAT', 'زنقة المثال ' || n || ' الرباط',
            'F', date '2031-01-01' + n % 3000, n || '/1990', 2 + n % 2
         FROM generate_series(1, 2 * {CARDS}) AS n"
    ))?;
    Ok(())
}

/// Checks that the wall is one, and what it does to whoever does not know of it.
fn holds(url: &str) -> anyhow::Result<()> {
    #[derive(QueryableByName)]
    struct Count {
        #[diesel(sql_type = BigInt)]
        count: i64,
    }
    let connection = &mut PgConnection::establish(url)?;
    let mut count = |before: &str| -> anyhow::Result<i64> {
        connection.batch_execute(before)?;
        let all = diesel::sql_query("SELECT count(*) FROM cin_data");
        Ok(all.get_result::<Count>(connection)?.count)
    };
    ensure!(count("SELECT")? == 0, "rows are seen without an organisation");
    ensure!(count("SET wathiqa.organisation = '3'")? == i64::from(CARDS), "not the rows of one");
    ensure!(count("RESET wathiqa.organisation")? == 0, "rows are seen afterwards");
    // What the application before does: it names no organisation and counts on the default.
    let old = "INSERT INTO cin_data (cin) VALUES ('AB1')";
    ensure!(connection.batch_execute(old).is_err(), "the wall lets the old application write");
    Ok(())
}

/// Lets the variants take turns and prints how their rates compare.
async fn compare(what: &str, stores: &[Store; 4], reading: Reading) -> anyhow::Result<()> {
    let mut rates = VARIANTS.map(|_| Vec::new());
    // The first round warms all up; each begins with another one.
    for round in 0..=ROUNDS {
        for turn in 0..VARIANTS.len() {
            let which = (turn + round) % VARIANTS.len();
            let rate = rate(&stores[which], reading, VARIANTS[which].1).await?;
            if round > 0 {
                rates[which].push(rate);
            }
        }
    }
    println!("\n| {what} | a second | ratio | quartiles |\n|---|---:|---:|---:|");
    for ((name, _), of_variant) in VARIANTS.iter().zip(&rates) {
        let ratios: Vec<f64> = of_variant.iter().zip(&rates[0]).map(|(a, b)| a / b).collect();
        let at = |share| quantile(&ratios, share);
        let rate = quantile(of_variant, 0.5);
        println!("| {name} | {rate:.0} | {:.3} | {:.3} to {:.3} |", at(0.5), at(0.25), at(0.75));
    }
    Ok(())
}

/// How many reads a second `TASKS` tasks get through.
async fn rate(store: &Store, reading: Reading, telling: Telling) -> anyhow::Result<f64> {
    let scope = Scope::of(OrganisationId(2), None);
    let begun = Instant::now();
    let task = async |nth: usize| {
        let mut done = 0_i32;
        while begun.elapsed() < ROUND {
            // Even ids are those of the first organisation.
            let id = 2 + 2 * ((done * 37 + nth as i32 * 1009) % (CARDS - 1));
            ensure!(read(store, scope, reading, telling, id).await, "a read failed");
            done += 1;
        }
        Ok(done)
    };
    let counts = futures_util::future::try_join_all((0..TASKS).map(task)).await?;
    Ok(f64::from(counts.into_iter().sum::<i32>()) / begun.elapsed().as_secs_f64())
}

fn quantile(values: &[f64], share: f64) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted[((sorted.len() - 1) as f64 * share).round() as usize]
}
