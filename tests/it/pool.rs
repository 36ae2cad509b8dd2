//! The pool: TLS or nothing, dead connections replaced before use, bounded.

use std::sync::mpsc;
use std::time::{Duration, Instant};

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Integer, Text};
use wathiqa::config::DatabaseConfig;
use wathiqa::store::tls::{self, ProbeError};
use wathiqa::store::{Store, StoreError, migrate};

use crate::support::Database;

diesel::define_sql_function!(fn pg_backend_pid() -> Integer);

async fn backend(store: &Store) -> i32 {
    store
        .run(|connection| Ok(diesel::select(pg_backend_pid()).get_result(connection)?))
        .await
        .unwrap()
}

/// Ends every connection to the test's database but the test's own, and waits
/// until they have ended.
fn kill_backends(database: &Database) -> i64 {
    #[derive(QueryableByName)]
    struct Killed {
        #[diesel(sql_type = BigInt)]
        killed: i64,
    }
    diesel::sql_query(
        "SELECT count(pg_terminate_backend(pid, 10000)) AS killed FROM pg_stat_activity
         WHERE datname = current_database() AND pid <> pg_backend_pid()",
    )
    .get_result::<Killed>(&mut database.connect())
    .unwrap()
    .killed
}

fn with_url(database: &Database, change: impl FnOnce(String) -> String) -> DatabaseConfig {
    let mut config = database.config_with(change);
    config.pool_wait = Duration::from_millis(300);
    config
}

#[tokio::test]
async fn the_connection_is_encrypted_and_named() {
    #[derive(QueryableByName, PartialEq, Debug)]
    struct Seen {
        #[diesel(sql_type = Bool)]
        ssl: bool,
        #[diesel(sql_type = Text)]
        application_name: String,
    }
    let database = Database::migrated();
    let store = Store::open(&database.config());

    let seen = store
        .read(|connection| {
            Ok(diesel::sql_query(
                "SELECT ssl, application_name FROM pg_stat_ssl JOIN pg_stat_activity USING (pid)
                 WHERE pid = pg_backend_pid()",
            )
            .get_result::<Seen>(connection)?)
        })
        .await
        .unwrap();

    assert_eq!(seen, Seen { ssl: true, application_name: "wathiqa".into() });
}

#[tokio::test]
async fn the_probe_tells_version_protocol_and_cipher() {
    let database = Database::migrated();

    let info = tls::probe(&database.config().postgres.parameters).await.unwrap();

    assert!(info.server_version.starts_with(|first: char| first.is_ascii_digit()), "{info:?}");
    assert_eq!(info.tls_protocol.as_deref(), Some("TLSv1.3"));
    assert!(info.tls_cipher.is_some());
}

#[tokio::test]
async fn a_server_that_no_known_authority_vouches_for_is_refused_by_both_drivers() {
    let database = Database::migrated();
    let config = with_url(&database, |url| {
        let (url, _) = url.split_once('?').unwrap();
        format!("{url}?sslmode=verify-full&sslrootcert=system")
    });

    let pooled = Store::open(&config).ready().await;

    assert!(matches!(pooled, Err(StoreError::Unavailable)));
    assert!(matches!(tls::probe(&config.postgres.parameters).await, Err(ProbeError::Refused(_))));
    assert!(matches!(migrate(&config), Err(StoreError::Migration(_))));
}

#[tokio::test]
async fn a_certificate_made_out_to_another_host_is_refused_by_both_drivers() {
    let database = Database::migrated();
    let elsewhere = |mode| {
        database.config_with(|url| {
            let url = url.replace("@127.0.0.1:", "@db.example.org:");
            format!("{}&hostaddr=127.0.0.1", url.replace("sslmode=verify-full", mode))
        })
    };
    let (named, unnamed) = (elsewhere("sslmode=verify-ca"), elsewhere("sslmode=verify-full"));

    assert!(matches!(migrate(&named), Ok(applied) if applied.is_empty()));
    assert!(tls::probe(&named.postgres.parameters).await.is_ok());
    assert!(matches!(migrate(&unnamed), Err(StoreError::Migration(_))));
    assert!(matches!(tls::probe(&unnamed.postgres.parameters).await, Err(ProbeError::Refused(_))));
}

#[tokio::test]
async fn plaintext_is_refused_by_the_server_even_where_it_may_be_asked_for() {
    let database = Database::migrated();
    let config = with_url(&database, |url| url.replace("sslmode=verify-full", "sslmode=disable"));

    let refused = Store::open(&config).ready().await;

    assert!(matches!(refused, Err(StoreError::Unavailable)));
    let told = tls::probe(&config.postgres.parameters).await.unwrap_err();
    assert!(told.to_string().contains("no encryption"), "{told}");
}

#[tokio::test]
async fn connections_that_died_in_the_pool_never_reach_a_caller() {
    let database = Database::migrated();
    let store = Store::open(&database.config());
    for _ in 0..10 {
        let together = futures_util::future::join_all((0..6).map(|_| backend(&store))).await;
        assert_eq!(together.len(), 6);

        assert!(kill_backends(&database) > 0);

        assert!(store.ready().await.is_ok());
    }
}

#[tokio::test]
async fn a_read_whose_connection_dies_under_it_is_tried_once_more() {
    let database = std::sync::Arc::new(Database::migrated());
    let store = Store::open(&database.config());
    let first = std::sync::Arc::new(std::sync::atomic::AtomicBool::new(true));

    let victim = std::sync::Arc::clone(&database);
    let answer = store
        .read(move |connection| {
            if first.swap(false, std::sync::atomic::Ordering::SeqCst) {
                kill_backends(&victim);
            }
            Ok(diesel::select(7.into_sql::<Integer>()).get_result::<i32>(connection)?)
        })
        .await;

    assert_eq!(answer.unwrap(), 7);
}

#[tokio::test]
async fn a_connection_is_used_again_until_its_age_and_no_longer() {
    let database = Database::migrated();
    // To the server itself: a pooler's backends are not our connections.
    let mut config = database.config_with(|url| url);
    config.pool_max = 1;
    let lasting = Store::open(&config);
    config.pool_lifetime = Duration::from_secs(1);
    let ageing = Store::open(&config);

    let (first, ages) = (backend(&lasting).await, backend(&ageing).await);
    tokio::time::sleep(config.pool_lifetime).await;

    assert_eq!(backend(&lasting).await, first);
    assert_ne!(backend(&ageing).await, ages);
}

#[tokio::test]
async fn a_connection_that_never_rests_is_retired_all_the_same() {
    let database = Database::migrated();
    let mut config = database.config_with(|url| url);
    config.pool_max = 1;
    config.pool_lifetime = Duration::from_secs(2);
    let store = Store::open(&config);
    let mut since: Vec<(i32, Instant)> = Vec::new();
    let begun = Instant::now();
    while begun.elapsed() < Duration::from_secs(5) {
        let (first, second) = tokio::join!(backend(&store), backend(&store));
        for pid in [first, second] {
            match since.iter().find(|(known, _)| *known == pid) {
                None => since.push((pid, Instant::now())),
                // Two seconds, and what a busy machine adds.
                Some((_, first)) => assert!(first.elapsed() < Duration::from_millis(3500)),
            }
        }
    }

    assert!(since.len() >= 2, "{} connections", since.len());
}

#[tokio::test]
async fn more_than_may_wait_are_sent_away_at_once() {
    let database = Database::migrated();
    let mut config = database.config();
    config.pool_max = 1;
    config.pool_queue = 2;
    let store = Store::open(&config);
    while store.ready().await.is_err() {}
    let (release, released) = mpsc::channel::<()>();
    let holder = store.run(move |_| {
        let _ = released.recv();
        Ok(())
    });
    let others = async {
        let begun = Instant::now();
        let waiting = futures_util::future::join_all((0..5).map(|_| store.ready()));
        let hurry = async {
            tokio::time::sleep(Duration::from_millis(200)).await;
            release.send(()).unwrap();
        };
        (tokio::join!(waiting, hurry).0, begun.elapsed())
    };
    let (held, (outcomes, _)) = tokio::join!(holder, others);

    held.unwrap();
    assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 2);
    let unavailable =
        |outcome: &&Result<(), StoreError>| matches!(outcome, Err(StoreError::Unavailable));
    assert_eq!(outcomes.iter().filter(unavailable).count(), 3);
}

#[tokio::test]
async fn a_session_that_takes_no_writes_is_not_kept() {
    let database = Database::migrated();
    let mut config = database.config_with(|url| url);
    config.pool_max = 1;
    let store = Store::open(&config);
    let write = || {
        store.write(|connection| {
            let insert = diesel::sql_query("INSERT INTO organisations (name) VALUES ('x')");
            Ok(insert.execute(connection)?)
        })
    };
    let connection = &mut database.connect();
    let mut alter = |change: &str| {
        let statement = format!(
            "DO $$ BEGIN EXECUTE 'ALTER DATABASE ' || quote_ident(current_database()) ||
             ' {change}'; END $$"
        );
        diesel::sql_query(statement).execute(connection).unwrap();
    };

    alter("SET default_transaction_read_only = on");
    assert!(matches!(write().await, Err(StoreError::ReadOnly)));
    alter("RESET default_transaction_read_only");
    assert!(matches!(write().await, Ok(1)));
}

#[tokio::test]
async fn a_write_is_repeated_when_it_was_lost_before_its_commit_and_kept_once() {
    let database = std::sync::Arc::new(Database::migrated());
    let store = Store::open(&database.config_with(|url| url));
    let tries = std::sync::Arc::new(std::sync::atomic::AtomicUsize::new(0));

    let (victim, counted) = (std::sync::Arc::clone(&database), std::sync::Arc::clone(&tries));
    let outcome = store
        .write(move |connection| {
            diesel::sql_query("INSERT INTO organisations (name) VALUES ('once')")
                .execute(connection)?;
            if counted.fetch_add(1, std::sync::atomic::Ordering::SeqCst) == 0 {
                kill_backends(&victim);
            }
            Ok(diesel::select(7.into_sql::<Integer>()).get_result::<i32>(connection)?)
        })
        .await;

    assert_eq!(outcome.unwrap(), 7);
    assert_eq!(tries.load(std::sync::atomic::Ordering::SeqCst), 2);
    let kept = diesel::sql_query("SELECT 1 FROM organisations WHERE name = 'once'");
    assert_eq!(kept.execute(&mut database.connect()).unwrap(), 1);
}

#[tokio::test]
async fn whoever_finds_no_free_connection_in_time_is_told_to_come_back() {
    let database = Database::migrated();
    let mut config = database.config();
    config.pool_max = 1;
    config.pool_wait = Duration::from_secs(1);
    let store = Store::open(&config);
    // The first connection of a busy machine may take longer than the wait.
    while store.ready().await.is_err() {}
    let (holds, held) = tokio::sync::oneshot::channel();
    let (release, released) = mpsc::channel::<()>();
    let holder = tokio::spawn({
        let store = store.clone();
        async move {
            store
                .run(move |_| {
                    holds.send(()).unwrap();
                    let _ = released.recv();
                    Ok(())
                })
                .await
        }
    });
    held.await.unwrap();

    let refused = store.ready().await;

    assert!(matches!(refused, Err(StoreError::Unavailable)));
    assert_eq!(store.pool_state().checked_out, 1);
    assert_eq!(store.pool_state().overflow, 1);
    release.send(()).unwrap();
    holder.await.unwrap().unwrap();
    assert!(store.ready().await.is_ok());
}

#[tokio::test]
async fn a_query_that_panics_costs_its_caller_an_error_and_nothing_else() {
    let database = Database::migrated();
    let mut config = database.config();
    config.pool_max = 1;
    let store = Store::open(&config);

    let failed = store.run::<(), _>(|_| panic!("as a fault of ours would")).await;

    assert!(matches!(failed, Err(StoreError::Query(_))));
    assert!(store.ready().await.is_ok());
}
