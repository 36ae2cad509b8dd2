//! The counts behind the charts, held against the records themselves, whoever wrote them.

use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection;
use rand::seq::IndexedRandom;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde_json::json;
use specimen::{Kind, Level};
use wathiqa::documents::cin::Cin;
use wathiqa::housekeeping;
use wathiqa::store::audit::Trail;
use wathiqa::store::{Store, migrate};
use wathiqa::vault::Vault;

use crate::adoption::TABLES;
use crate::support::{Database, TestApp, card, serve, spawn_app};

/// How many counts differ from those of the rows, spelled out here once more.
const WRONG: &str = "
    WITH found AS (
        SELECT organisation_id, 'cin' AS kind, dimension, key, count(*) AS records,
            count(confidence) AS judged, coalesce(sum(round(confidence * 1000000)), 0) AS confidence
        FROM cin_data CROSS JOIN LATERAL (VALUES ('all', ''), ('sex', left(coalesce(sexe, ''), 200)),
            ('town', coalesce(town, '')), ('day',
            coalesce((created_at AT TIME ZONE 'Africa/Casablanca')::date::text, ''))) AS k (dimension, key)
        GROUP BY organisation_id, dimension, key
        UNION ALL
        SELECT organisation_id, 'permis', dimension, key, count(*),
            count(confidence), coalesce(sum(round(confidence * 1000000)), 0)
        FROM permi_data CROSS JOIN LATERAL (VALUES ('all', ''), ('category', left(coalesce(categorie, ''), 200)),
            ('day', coalesce((created_at AT TIME ZONE 'Africa/Casablanca')::date::text, ''))) AS k (dimension, key)
        GROUP BY organisation_id, dimension, key
        UNION ALL
        SELECT organisation_id, 'gris', dimension, key, count(*),
            count(confidence), coalesce(sum(round(confidence * 1000000)), 0)
        FROM gris_data CROSS JOIN LATERAL (VALUES ('all', ''), ('usage', left(coalesce(usage_type, ''), 200)),
            ('circulation', coalesce(to_char(date_premiere_immatriculation, 'YYYY-MM'), '')),
            ('day', coalesce((created_at AT TIME ZONE 'Africa/Casablanca')::date::text, ''))) AS k (dimension, key)
        GROUP BY organisation_id, dimension, key
    ), kept AS (SELECT * FROM record_counts WHERE (records, judged, confidence) <> (0, 0, 0))
    SELECT count(*)::text AS text
    FROM found FULL JOIN kept USING (organisation_id, kind, dimension, key)
    WHERE (found.records, found.judged, found.confidence)
        IS DISTINCT FROM (kept.records, kept.judged, kept.confidence)";

/// A statement that somebody may run on the tables.
fn statement(random: &mut ChaCha8Rng) -> String {
    let (table, label, place) = *[
        ("cin_data", "sexe", "lieu_fr"),
        ("permi_data", "categorie", "lieu_fr"),
        ("gris_data", "usage_type", "adresse_fr"),
    ]
    .choose(random)
    .unwrap();
    let value =
        *["NULL", "''", "'M'", "'F'", "'B'", "repeat('long', 2000)"].choose(random).unwrap();
    let town = *["NULL", "'FES'", "'RABAT'", "'NULLE PART'"].choose(random).unwrap();
    let confidence = *["NULL", "0", "0.3333333", "random()"].choose(random).unwrap();
    let made = *["NULL", "now()", "now() - random() * interval '99 days'", "'2026-11-21 23:30Z'"]
        .choose(random)
        .unwrap();
    let organisation = random.random_range(1..4);
    let (one, other) = (random.random_range(0..9), random.random_range(1..40));
    match random.random_range(0..12) {
        0..6 => format!(
            "INSERT INTO {table} ({label}, {place}, confidence, created_at, organisation_id)
             SELECT {value}, {town}, {confidence}, {made}, {organisation} FROM generate_series(1, {other})"
        ),
        6 => format!("UPDATE {table} SET organisation_id = {organisation} WHERE id % 9 = {one}"),
        7 => format!("UPDATE {table} SET {label} = {value}, confidence = {confidence} WHERE id % 9 = {one}"),
        8 => format!("UPDATE {table} SET {place} = {town}, created_at = {made} WHERE id % 9 = {one}"),
        9 => "UPDATE gris_data SET date_premiere_immatriculation = date '1999-01-31' + id".to_owned(),
        10 => format!("DELETE FROM {table} WHERE id % 9 = {one}"),
        _ if one == 0 => format!("TRUNCATE {table}"),
        _ => format!("DELETE FROM {table} WHERE id % 40 = {other}"),
    }
}

/// Runs statements, some of them in a transaction that is taken back. What the database
/// refuses, as it may when strangers wait for each other, has changed nothing.
fn write_at_random(app: &TestApp, seed: u64, statements: usize) -> std::thread::JoinHandle<usize> {
    let mut connection = app.connect();
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    std::thread::spawn(move || {
        let mut done = 0;
        for _ in 0..statements {
            let statement = statement(&mut random);
            let end = *["COMMIT", "COMMIT", "COMMIT", "ROLLBACK"].choose(&mut random).unwrap();
            match connection.batch_execute(&format!("BEGIN; {statement}; {end}")) {
                Ok(()) => done += 1,
                Err(_) => connection.batch_execute("ROLLBACK").unwrap(),
            }
        }
        done
    })
}

#[actix_web::test]
async fn the_counts_are_those_of_the_rows_whoever_writes_at_once() {
    let app = spawn_app().await;
    let salma = app.register_and_login("salma@example.ma").await;
    app.register("nadia@example.ma").await;
    let store = Store::open(&app.config.database);
    let drawn = card(Kind::Cin2020, Level::Clean, 3);

    let writers: Vec<_> = (0..4).map(|seed| write_at_random(&app, seed, 120)).collect();
    let processed = async {
        let answer = salma.process::<Cin>(&drawn.recto, Some(&drawn.verso)).await;
        let id = answer.json()["id"].clone();
        salma.process::<Cin>(&drawn.recto, Some(&drawn.verso)).await;
        (answer.status, salma.delete(&format!("/cin/{id}")).await.status)
    };
    let looking = async {
        for _ in 0..20 {
            housekeeping::look_up_towns(&store).await.unwrap();
        }
    };
    let ((processed, erased), ()) = futures_util::future::join(processed, looking).await;
    let done: Vec<usize> = writers.into_iter().map(|writer| writer.join().unwrap()).collect();

    assert_eq!(processed, 200);
    // Somebody else may have moved or deleted it before.
    assert!([200, 404].contains(&erased), "{erased}");
    assert!(done.iter().all(|done| *done > 60), "{done:?}");
    assert!(app.rows("cin_data") > 0 && app.rows("record_counts") > 50);
    assert_eq!(app.text(WRONG), "0");
    housekeeping::look_up_towns(&store).await.unwrap();
    assert_eq!(app.text("SELECT count(*)::text AS text FROM cin_data WHERE town IS NULL"), "0");
    assert_eq!(app.text(WRONG), "0");
    app.execute("TRUNCATE cin_data, permi_data, gris_data");
    assert_eq!(app.text(WRONG), "0");
    let total = salma.get("/charts/overview").await.json()["total_cards"].clone();
    assert_eq!(total, 0);
    store.close(Duration::from_secs(1)).await;
}

#[actix_web::test]
async fn an_adopted_database_is_counted_and_its_towns_are_looked_up() {
    let database = Database::empty();
    let connection = &mut database.connect();
    connection.batch_execute(TABLES).unwrap();
    connection
        .batch_execute(
            "INSERT INTO cin_data (cin, sexe, lieu_fr, adresse_fr)
                SELECT 'ZZ' || n, (ARRAY['M', 'F', NULL])[1 + n % 3],
                    (ARRAY['FES', NULL, 'NULLE PART', ''])[1 + n % 4], n || ' RUE FICTIVE RABAT'
                FROM generate_series(1, 5000) AS n;
             INSERT INTO gris_data (numero_matricule_marocain, date_premiere_immatriculation)
                VALUES ('1 أ 1', '2020-02-10'), ('2 أ 1', 'infinity'), ('3 أ 1', NULL);
             INSERT INTO users (email, hashed_password) VALUES ('old@example.ma', 'x')",
        )
        .unwrap();
    migrate(&database.config()).unwrap();
    let hash = bcrypt::hash("test123", 4).unwrap();
    connection.batch_execute(&format!("UPDATE users SET hashed_password = '{hash}'")).unwrap();
    let app = serve(database).await;
    let login = json!({ "email": "old@example.ma", "password": "test123" });
    let token = app.post("/auth/login", &login).await.json()["token"].clone();
    let session = app.session(token.as_str().unwrap());

    let before = session.get("/charts/dashboard").await.json();
    let counted = app.text(WRONG);
    let (one, other) = (Store::open(&app.config.database), Store::open(&app.config.database));
    let looking = async |store: &Store| housekeeping::look_up_towns(store).await.unwrap();
    let (first, second) = futures_util::future::join(looking(&one), looking(&other)).await;
    let after = session.get("/charts/dashboard").await.json();

    assert_eq!(counted, "0");
    assert_eq!(before["overview"]["total_cards"], 5003);
    let towns = json!([
        { "name": "RABAT", "value": 3750, "percentage": 75 },
        { "name": "FÈS", "value": 1250, "percentage": 25 },
    ]);
    assert_eq!((&before["cities_distribution"], &after), (&towns, &before));
    // The service may have begun by itself.
    assert!(first + second <= 5000);
    assert_eq!(app.text("SELECT count(town)::text AS text FROM cin_data"), "5000");
    assert_eq!(app.text(WRONG), "0");
    let states =
        "SELECT concat(min(revision), max(revision), count(updated_at)) AS text FROM cin_data";
    assert_eq!(app.text(states), "110", "nobody sees another state of the records");
    let evolution = session.get("/gris/evolution-mensuel").await;
    assert_eq!(evolution.text(), r#"{"2020-02":1}"#);
    for store in [one, other] {
        store.close(Duration::from_secs(1)).await;
    }
}

#[actix_web::test]
async fn a_town_is_written_with_the_card_and_looked_up_where_somebody_changed_it() {
    let app = spawn_app().await;
    let salma = app.register_and_login("salma@example.ma").await;
    let drawn = card(Kind::Cin2020, Level::Clean, 3);
    let answer = salma.process::<Cin>(&drawn.recto, Some(&drawn.verso)).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(app.text("SELECT count(town)::text AS text FROM cin_data"), "1");

    app.execute("UPDATE cin_data SET lieu_fr = 'AGADIR'");
    let seen = salma.get("/charts/cities-distribution").await.json();
    let state = "SELECT concat_ws(' ', revision, coalesce(town, 'none')) AS text FROM cin_data";
    let started = Instant::now();
    while app.text(state) != "2 AGADIR" {
        assert!(started.elapsed() < Duration::from_secs(60), "{}", app.text(state));
        tokio::time::sleep(Duration::from_millis(200)).await;
    }

    assert_eq!(seen[0]["name"], "AGADIR");
    assert_eq!(salma.get("/charts/cities-distribution").await.json(), seen);
}

#[actix_web::test]
async fn writers_of_an_organisation_never_wait_for_each_other_in_a_circle() {
    let app = spawn_app().await;
    let salma = app.register_and_login("salma@example.ma").await;
    salma.patch("/organisation", &json!({ "retention_days": 30 })).await;
    app.execute(
        "INSERT INTO cin_data (cin, organisation_id, updated_at)
            SELECT n::text, 2, now() - interval '31 days' * (n % 2) FROM generate_series(1, 400) AS n",
    );
    let drawn = card(Kind::Cin2020, Level::Clean, 3);
    let trail = Trail::new(Vault::new(&app.config.data.master_keys).unwrap());
    let store = Store::open(&app.config.database);

    let erasing = (1..=100).map(|id| {
        let session = app.session(&salma.token);
        async move { session.delete(&format!("/cin/{id}")).await.status }
    });
    let recording = (0..3).map(|_| salma.process::<Cin>(&drawn.recto, Some(&drawn.verso)));
    let keeping = async {
        let mut records = 0;
        for _ in 0..4 {
            records +=
                housekeeping::run(&store, &trail, Duration::from_secs(99)).await.unwrap().records;
            housekeeping::look_up_towns(&store).await.unwrap();
        }
        records
    };
    let (erased, recorded, _) = futures_util::future::join3(
        futures_util::future::join_all(erasing),
        futures_util::future::join_all(recording),
        keeping,
    )
    .await;
    // The server tells of deadlocks with a delay.
    tokio::time::sleep(Duration::from_secs(2)).await;

    assert!(erased.iter().all(|status| [200, 404].contains(status)), "{erased:?}");
    assert!(recorded.iter().all(|answer| answer.status == 200));
    let deadlocks = "SELECT deadlocks::text AS text FROM pg_stat_database
        WHERE datname = current_database()";
    assert_eq!(app.text(deadlocks), "0");
    assert_eq!(app.text(WRONG), "0");
    store.close(Duration::from_secs(1)).await;
}
