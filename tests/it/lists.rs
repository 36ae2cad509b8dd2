//! The lists of all records: what they hold, how they are sent, and when a client that has
//! one need not be sent it again.

use std::io::Read as _;
use std::time::{Duration, Instant};

use flate2::read::GzDecoder;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Answer, Session, TestApp, spawn_app, spawn_app_with};

/// How soon a list shows what was written elsewhere.
const SOON: Duration = Duration::from_secs(1);

/// Gives the organisation of an address identity cards, numbered from `first` on.
fn fill(app: &TestApp, email: &str, first: usize, count: usize, address: &str) {
    let last = first + count - 1;
    app.execute(&format!(
        "INSERT INTO cin_data (cin, nom_fr, nom_ar, date_naissance, adresse_fr, town,
            organisation_id)
         SELECT 'ZZ' || n, 'SPECIMEN', 'نموذج', date '1990-01-01' + n, {address}, '',
            organisation_id
         FROM users, generate_series({first}, {last}) AS n WHERE email = '{email}'"
    ));
}

async fn ask(session: &Session<'_>, path: &str, headers: &[(&str, &str)]) -> Answer {
    let request = session.request(Method::GET, path);
    let add = |request: reqwest::RequestBuilder, (name, value): &(&str, &str)| {
        request.header(*name, *value)
    };
    Answer::of(headers.iter().fold(request, add)).await
}

/// The cards of a list, by number.
fn numbers(answer: &Answer) -> Vec<String> {
    assert_eq!(answer.status, 200, "{}", answer.text());
    let rows = answer.json();
    rows.as_array().unwrap().iter().map(|row| row["cin"].as_str().unwrap().to_owned()).collect()
}

/// Asks until the list has so many cards; within a second.
async fn sees(session: &Session<'_>, count: usize) {
    let begun = Instant::now();
    while numbers(&session.get("/cin/all").await).len() != count {
        assert!(begun.elapsed() < SOON, "not seen within a second");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[actix_web::test]
async fn the_rows_of_a_list_are_those_of_each_record_alone() {
    let app = spawn_app().await;
    let session = app.register_and_login("salma@example.ma").await;
    app.execute(
        r#"INSERT INTO cin_data (cin, nom_fr, nom_ar, prenom_fr, adresse_fr, adresse_ar,
               date_naissance, validite, organisation_id)
           SELECT number, E'a"b\\c/d\b\f\n\r\t\u0001\u001f\u007f', 'فاطمة "الزهراء"', '', chr(119070), chr(8232),
               born::date, until::date, users.organisation_id
           FROM users, (VALUES ('A1', '0044-03-15 BC', 'infinity'), ('A2', '-infinity', '9999-12-31'),
               ('A3', '10000-01-01', '5874897-12-31'), ('A4', NULL, '0001-01-01'),
               ('A5', '2000-02-29', '1999-12-31'), ('A6', '0001-12-31 BC', '0009-09-09'),
               ('A7', '4713-01-01 BC', '262142-12-31')) AS hard (number, born, until);
           INSERT INTO permi_data (numero_permis, nom_ar, date_delivrance, organisation_id)
           SELECT '55/1', E'\\\\"', '2020-01-31', organisation_id FROM users;
           INSERT INTO gris_data (numero_matricule_marocain, type, nombre_cylindres,
               puissance_fiscale, date_mutation, organisation_id)
           SELECT '1-أ-1', 'CLIO', -2147483648, 2147483647, '2021-12-01', organisation_id FROM users"#,
    );

    for (slug, count) in [("cin", 7), ("permis", 1), ("gris", 1)] {
        let list = session.get(&format!("/{slug}/all")).await;

        let rows = list.json();
        let rows = rows.as_array().unwrap();
        assert_eq!(rows.len(), count, "{}", list.text());
        // As serde_json writes them, to the byte.
        assert_eq!(list.text(), serde_json::to_string(rows).unwrap());
        for row in rows {
            let row = row.as_object().unwrap();
            let alone = session.get(&format!("/{slug}/{}", row["id"])).await.json();
            let alone = alone.as_object().unwrap();
            let members: Vec<_> = alone.iter().take(row.len()).collect();
            assert_eq!(members, row.iter().collect::<Vec<_>>());
            // All other members are told of single records alone.
            assert_eq!(alone.keys().nth(row.len()).map(String::as_str), Some("kind"));
        }
    }
    let rows = session.get("/cin/all").await;
    assert_eq!(rows.json()[0]["date_naissance"], "-0043-03-15");
    assert_eq!(rows.json()[0]["validite"], Value::Null);
    assert_eq!(rows.json()[2]["date_naissance"], "+10000-01-01");
    assert_eq!(rows.json()[4]["date_naissance"], "2000-02-29");
    assert!(rows.text().contains("فاطمة"), "Arabic is sent as itself");
}

#[actix_web::test]
async fn a_list_is_the_same_however_long_it_is_and_however_it_is_sent() {
    let app = spawn_app().await;
    let session = app.register_and_login("salma@example.ma").await;
    let nadia = app.register_and_login("nadia@example.ma").await;

    let mut count = 0;
    for more in [1, 498, 1, 1, 499, 1, 2500] {
        fill(&app, "salma@example.ma", count + 1, more, "'RUE ' || n");
        fill(&app, "nadia@example.ma", count + 1, more, "'RUE ' || n");
        count += more;
        sees(&session, count).await;

        let plain = session.get("/cin/all").await;
        let expected: Vec<_> = (1..=count).map(|nth| format!("ZZ{nth}")).collect();
        assert_eq!(numbers(&plain), expected);
        assert_eq!(plain.header("content-encoding"), "");
        let is_one_batch = count < 500;
        assert_eq!(plain.headers.contains_key("content-length"), is_one_batch, "{count}");
        for accepted in ["gzip", "br, gzip;q=0.5, identity;q=0.1"] {
            let packed = ask(&session, "/cin/all", &[("accept-encoding", accepted)]).await;
            assert_eq!(packed.header("etag"), plain.header("etag"));
            let mut opened = Vec::new();
            if count == 1 {
                assert_eq!(packed.header("content-encoding"), "", "a short list is sent as it is");
                opened.clone_from(&packed.body);
            } else {
                assert_eq!(packed.header("content-encoding"), "gzip");
                GzDecoder::new(&packed.body[..]).read_to_end(&mut opened).unwrap();
            }
            assert!(opened == plain.body, "{count} rows, {accepted}");
        }
        for accepted in ["identity", "gzip;q=0", "br", "*;q=0, identity"] {
            let refused = ask(&session, "/cin/all", &[("accept-encoding", accepted)]).await;
            assert_eq!(refused.header("content-encoding"), "", "{accepted}");
            assert!(refused.body == plain.body, "{count} rows, {accepted}");
        }
        let head = Answer::of(session.request(Method::HEAD, "/cin/all")).await;
        assert_eq!((head.status, head.header("etag")), (200, plain.header("etag")));
        assert!(head.body.is_empty());
    }
    assert_eq!(numbers(&nadia.get("/cin/all").await).len(), count);
}

#[actix_web::test]
async fn a_client_that_has_the_list_is_told_so_until_it_changes() {
    let app = spawn_app().await;
    let replica = app.replica().await;
    let session = app.register_and_login("salma@example.ma").await;
    fill(&app, "salma@example.ma", 1, 3, "NULL");

    let list = session.get("/cin/all").await;

    let tag = list.header("etag");
    assert!(tag.starts_with("W/\""), "{tag}");
    assert_eq!(list.header("cache-control"), "private, no-cache");
    for name in ["Authorization", "Accept-Encoding"] {
        assert!(list.header("vary").contains(name), "{}", list.header("vary"));
    }
    let elsewhere = replica.session(&session.token);
    for (session, named) in [
        (&session, tag.to_owned()),
        (&session, format!("\"other\", {tag}")),
        (&session, tag.trim_start_matches("W/").to_owned()),
        (&session, "*".to_owned()),
        (&elsewhere, tag.to_owned()),
    ] {
        let unchanged = ask(session, "/cin/all", &[("if-none-match", &named)]).await;
        assert_eq!(unchanged.status, 304, "{named}");
        assert!(unchanged.body.is_empty());
        assert_eq!(unchanged.header("etag"), tag);
        assert_eq!(unchanged.header("cache-control"), "private, no-cache");
        assert!(unchanged.header("vary").contains("Authorization"));
    }
    // Neither another kind's list, nor that of another query, nor one that never was.
    for path in ["/permis/all", "/gris/all", "/cin/all?page=1"] {
        assert_eq!(ask(&session, path, &[("if-none-match", tag)]).await.status, 200, "{path}");
    }
    assert_eq!(ask(&session, "/cin/all", &[("if-none-match", "\"other\"")]).await.status, 200);
    // Nor that of another organisation, nor without a token.
    let nadia = app.register_and_login("nadia@example.ma").await;
    let hers = ask(&nadia, "/cin/all", &[("if-none-match", tag)]).await;
    assert_eq!((hers.status, hers.json()), (200, json!([])));
    let stranger = app.request(Method::GET, "/cin/all").header("if-none-match", tag);
    assert_eq!(Answer::of(stranger).await.status, 401);

    app.execute("UPDATE cin_data SET nom_fr = 'OTHER' WHERE cin = 'ZZ2'");
    tokio::time::sleep(SOON).await;
    for session in [&session, &elsewhere] {
        let changed = ask(session, "/cin/all", &[("if-none-match", tag)]).await;
        assert_eq!(changed.status, 200);
        assert_ne!(changed.header("etag"), tag);
        assert_eq!(changed.json()[1]["nom_fr"], "OTHER");
    }
}

#[actix_web::test]
async fn what_was_changed_here_is_seen_at_once_and_what_was_changed_elsewhere_within_a_second() {
    let app = spawn_app().await;
    let replica = app.replica().await;
    let session = app.register_and_login("salma@example.ma").await;
    let elsewhere = replica.session(&session.token);
    fill(&app, "salma@example.ma", 1, 30, "NULL");

    for left in (20..30).rev() {
        // Both know the list before it changes.
        let before = session.get("/cin/all").await;
        sees(&elsewhere, left + 1).await;
        let id = before.json()[0]["id"].to_string();
        let erased = session.delete(&format!("/cin/{id}")).await;
        assert_eq!(erased.status, 200, "{}", erased.text());

        let tag = before.header("etag");
        let after = ask(&session, "/cin/all", &[("if-none-match", tag)]).await;
        assert_eq!(numbers(&after).len(), left);
        sees(&elsewhere, left).await;
    }
    fill(&app, "salma@example.ma", 31, 5, "NULL");
    sees(&session, 25).await;
    sees(&elsewhere, 25).await;
    app.execute("TRUNCATE cin_data");
    sees(&session, 0).await;
}

#[actix_web::test]
async fn without_memory_for_lists_every_list_is_read_anew() {
    let app = spawn_app_with(|config| config.http.list_cache = 0).await;
    let session = app.register_and_login("salma@example.ma").await;
    fill(&app, "salma@example.ma", 1, 1100, "NULL");

    let list = session.get("/cin/all").await;

    assert_eq!(numbers(&list).len(), 1100);
    let tag = list.header("etag");
    assert_eq!(ask(&session, "/cin/all", &[("if-none-match", tag)]).await.status, 304);
}

#[actix_web::test]
async fn a_slow_reader_holds_no_connection_and_a_list_that_fails_is_cut_off() {
    let app = spawn_app_with(|config| config.database.pool_max = 1).await;
    let session = app.register_and_login("salma@example.ma").await;
    // More than the buffers between the two hold.
    fill(&app, "salma@example.ma", 1, 8000, "repeat(chr(64 + n % 26), 4000)");

    let slow = session.request(Method::GET, "/cin/all").send().await.unwrap();

    assert_eq!(slow.status(), 200);
    let others = tokio::time::timeout(Duration::from_secs(5), session.get("/permis/all"));
    assert_eq!(others.await.unwrap().status, 200);
    app.execute("ALTER TABLE cin_data RENAME TO gone");
    assert!(slow.bytes().await.is_err(), "a part of the list was taken for the whole");
    let refused = session.get("/cin/all").await;
    assert_eq!(refused.status, 500);
    assert!(refused.header("content-type").starts_with("application/problem+json"));
    assert_eq!(refused.header("cache-control"), "no-store");
    assert_eq!(refused.header("etag"), "");
}

#[actix_web::test]
async fn long_texts_are_compressed_and_nothing_else() {
    let app = spawn_app().await;
    let session = app.session("none");

    for (path, expected) in [
        ("/openapi.json", "gzip"),
        ("/docs/swagger-ui.css", "gzip"),
        ("/docs/swagger-ui-bundle.js", "gzip"),
        ("/docs/favicon-32x32.png", ""),
        ("/health", ""),
        ("/me", ""),
    ] {
        let packed = ask(&session, path, &[("accept-encoding", "gzip, deflate, br")]).await;
        let plain = session.get(path).await;

        assert_eq!(packed.header("content-encoding"), expected, "{path}");
        assert_eq!(plain.header("content-encoding"), "", "{path}");
        let is_packed = expected == "gzip";
        assert_eq!(packed.header("vary").contains("Accept-Encoding"), is_packed, "{path}");
        if is_packed {
            let mut opened = Vec::new();
            GzDecoder::new(&packed.body[..]).read_to_end(&mut opened).unwrap();
            assert!(opened == plain.body, "{path}");
        }
    }
}
