//! Lists in pages: sorted, filtered, counted, and stable while others write.

use serde_json::{Value, json};

use crate::support::{Session, TestApp, spawn_app};

/// The organisation of whoever registers first; 1 is that of the application before.
pub(crate) const ORGANISATION: i64 = 2;

/// The day that it is where the documents are from: an hour before it is in UTC.
const TODAY: &str = "(now() AT TIME ZONE 'Africa/Casablanca')::date";

/// Twelve identity cards, whose values go up and down in different ways.
fn fill(app: &TestApp) {
    app.execute(&format!(
        "INSERT INTO cin_data (organisation_id, cin, nom_fr, nom_ar, prenom_fr, prenom_ar,
            date_naissance, lieu_fr, adresse_fr, validite, status, confidence, created_at)
         SELECT {ORGANISATION}, 'AB' || (1000 + i), chr(64 + i % 5 + 1) || 'IDRISSI', 'الإدريسي',
            'SALMA', 'سلمى', CASE WHEN i % 6 > 0 THEN date '1990-01-01' + i * 400 END,
            CASE WHEN i % 2 = 0 THEN 'FES' ELSE 'RABAT' END, i || ' RUE TARIK',
            CASE WHEN i < 12 THEN {TODAY} - 6 + i END,
            CASE WHEN i % 3 = 0 THEN 'needs_review' ELSE 'complete' END, i / 20.0,
            timestamptz '2026-01-01 12:00+01' + i * interval '1 day'
         FROM generate_series(1, 12) AS i"
    ));
}

/// The ids of every page, one after the other, as a client follows `next`.
async fn follow(session: &Session<'_>, first: &str) -> Vec<Vec<i64>> {
    let mut pages = Vec::new();
    let mut address = Some(first.to_owned());
    while let Some(here) = address {
        let answer = session.get(&here).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        let page = answer.json();
        pages.push(ids(&page));
        address = page["next"].as_str().map(str::to_owned);
        let link = answer.header("link");
        assert!(link.contains("rel=\"first\""), "{link}");
        match &address {
            Some(next) => assert!(link.contains(&format!("<{next}>; rel=\"next\"")), "{link}"),
            None => assert!(!link.contains("rel=\"next\""), "{link}"),
        }
    }
    pages
}

fn ids(page: &Value) -> Vec<i64> {
    page["items"].as_array().unwrap().iter().map(|item| item["id"].as_i64().unwrap()).collect()
}

#[actix_web::test]
async fn pages_follow_one_another_in_every_order_and_leave_nothing_out() {
    let app = spawn_app().await;
    let session = app.register_and_login("salma@example.ma").await;
    fill(&app);

    for (sort, key) in [
        ("id", "id"),
        ("created", "created_at"),
        ("name", "nom_fr"),
        ("birth", "date_naissance"),
        ("expiry", "validite"),
        ("confidence", "confidence"),
    ] {
        for sort in [sort.to_owned(), format!("-{sort}")] {
            let all = session.get(&format!("/cin?limit=200&sort={sort}")).await.json();
            let whole = ids(&all);
            assert_eq!(whole.len(), 12, "{sort}");
            let keys: Vec<String> = all["items"]
                .as_array()
                .unwrap()
                .iter()
                // What has no value comes after all that has one.
                .map(|item| match &item[key] {
                    Value::Null => "~".to_owned(),
                    Value::Number(number) => format!("{:09.3}", number.as_f64().unwrap()),
                    other => other.to_string(),
                })
                .collect();
            let mut sorted = keys.clone();
            sorted.sort();
            if sort.starts_with('-') {
                sorted.reverse();
            }
            assert_eq!(keys, sorted, "{sort}");
            for limit in [1, 5, 12] {
                let pages = follow(&session, &format!("/cin?limit={limit}&sort={sort}")).await;
                assert!(pages.iter().all(|page| page.len() <= limit), "{sort} {limit}");
                assert_eq!(pages.concat(), whole, "{sort} {limit}");
            }
        }
    }
}

#[actix_web::test]
async fn what_comes_between_two_pages_moves_nothing() {
    let app = spawn_app().await;
    let session = app.register_and_login("salma@example.ma").await;
    fill(&app);
    let first = session.get("/cin?limit=4&sort=-id").await.json();

    app.execute(&format!(
        "INSERT INTO cin_data (organisation_id, cin) VALUES ({ORGANISATION}, 'ZZ1000');
         DELETE FROM cin_data WHERE id = {}",
        ids(&first)[3]
    ));
    let second = session.get(first["next"].as_str().unwrap()).await.json();

    assert_eq!(ids(&first), [12, 11, 10, 9]);
    assert_eq!(ids(&second), [8, 7, 6, 5]);
}

#[actix_web::test]
async fn filters_leave_what_was_asked_for() {
    let app = spawn_app().await;
    let session = app.register_and_login("salma@example.ma").await;
    fill(&app);
    app.execute("UPDATE cin_data SET created_by = 1 WHERE id IN (4, 5)");
    let today = app.text(&format!("SELECT {TODAY}::text AS text"));

    for (query, expected) in [
        ("number=ab1003", vec![3]),
        ("number=AB-10%2003", vec![3]),
        ("number=AB101", vec![10, 11, 12]),
        ("name=bidrissi", vec![1, 6, 11]),
        ("name=salma%20bidr", vec![1, 6, 11]),
        ("name=%D8%A7%D9%84%D8%A5%D8%AF%D8%B1%D9%8A%D8%B3%D9%8A&number=AB1001", vec![1]),
        ("place=fes&status=needs_review", vec![6, 12]),
        ("place=rabat&name=cidrissi", vec![7]),
        ("born_from=1992-01-01&born_to=1994-12-31", vec![2, 3, 4]),
        ("expires_to=2000-01-01", vec![]),
        (&format!("expires_from={today}&sort=expiry"), vec![6, 7, 8, 9, 10, 11]),
        ("expired=true", vec![1, 2, 3, 4, 5]),
        ("expired=false", vec![6, 7, 8, 9, 10, 11]),
        ("status=needs_review", vec![3, 6, 9, 12]),
        ("confidence_from=0.5&confidence_to=0.55", vec![10, 11]),
        ("created_from=2026-01-03&created_to=2026-01-04", vec![2, 3]),
        ("created_from=2026-01-12T00:00:00Z", vec![11, 12]),
        ("created_by=me", vec![4, 5]),
        ("created_by=1&status=complete", vec![4, 5]),
        ("created_by=77", vec![]),
    ] {
        let answer = session.get(&format!("/cin?{query}&total=true")).await;
        assert_eq!(answer.status, 200, "{query}: {}", answer.text());
        let page = answer.json();
        let mut found = ids(&page);
        found.sort_unstable();
        assert_eq!(found, expected, "{query}");
        assert_eq!(page["total"], expected.len(), "{query}");
    }
    let all = session.get("/cin?total=true&limit=3").await.json();
    assert_eq!((all["total"].clone(), ids(&all).len()), (json!(12), 3));
    assert!(session.get("/cin").await.json().get("total").is_none());
}

#[actix_web::test]
async fn a_page_has_a_size_within_bounds() {
    let app = spawn_app().await;
    let session = app.register_and_login("salma@example.ma").await;
    fill(&app);

    for (limit, size) in [("0", 1), ("-5", 1), ("2.9", 2), ("100000000000", 12), ("1e3", 12)] {
        let page = session.get(&format!("/cin?limit={limit}")).await.json();
        assert_eq!(ids(&page).len(), size, "{limit}");
    }
}

#[actix_web::test]
async fn what_is_no_filter_is_refused_by_name() {
    let app = spawn_app().await;
    let session = app.register_and_login("salma@example.ma").await;

    for (query, parameter) in [
        ("limit=many", "limit"),
        ("limit=inf", "limit"),
        ("sort=nom_fr", "sort"),
        ("sort=need", "sort"),
        ("status=done", "status"),
        ("born_from=01.02.1990", "born_from"),
        ("born_to=1990-02-30", "born_to"),
        ("created_from=yesterday", "created_from"),
        ("confidence_from=2", "confidence_from"),
        ("created_by=0", "created_by"),
        ("name=%20", "name"),
        ("name=%25%25", "name"),
        ("total=yes", "total"),
    ] {
        let answer = session.get(&format!("/cin?{query}")).await;
        assert_eq!(answer.status, 400, "{query}");
        assert_eq!(answer.json()["code"], "invalid-parameter", "{query}");
        assert_eq!(answer.json()["parameter"], parameter, "{query}");
    }
    // A slip of the pen would else show everything.
    assert_eq!(session.get("/cin?stauts=complete").await.status, 400);
}

#[actix_web::test]
async fn a_cursor_belongs_to_its_list_and_tells_nothing() {
    let app = spawn_app().await;
    let session = app.register_and_login("salma@example.ma").await;
    fill(&app);
    let page = session.get("/cin?limit=2&sort=name").await.json();
    let cursor = page["next"].as_str().unwrap().rsplit_once("cursor=").unwrap().1.to_owned();

    for other in [
        format!("/cin?sort=-name&cursor={cursor}"),
        format!("/cin?sort=name&status=complete&cursor={cursor}"),
        format!("/permis?sort=name&cursor={cursor}"),
        format!("/cin?sort=name&cursor={}", &cursor[1..]),
        "/cin?cursor=1".to_owned(),
    ] {
        let answer = session.get(&other).await;
        assert_eq!(answer.status, 400, "{other}");
        assert_eq!(answer.json()["code"], "cursor-unusable", "{other}");
    }
    let stranger = app.register_and_login("omar@example.ma").await;
    let stolen = stranger.get(&format!("/cin?limit=2&sort=name&cursor={cursor}")).await;
    assert_eq!(stolen.status, 400);
}

#[actix_web::test]
async fn what_expires_soon_is_listed_over_all_kinds_the_soonest_first() {
    let app = spawn_app().await;
    let session = app.register_and_login("salma@example.ma").await;
    app.execute(&format!(
        "INSERT INTO cin_data (organisation_id, cin, validite) VALUES
            ({ORGANISATION}, 'AB1', {TODAY} + 20), ({ORGANISATION}, 'AB2', {TODAY} - 2);
         INSERT INTO permi_data (organisation_id, numero_permis, date_expiration) VALUES
            ({ORGANISATION}, '1/1', {TODAY} + 10), ({ORGANISATION}, '1/2', NULL);
         INSERT INTO gris_data (organisation_id, numero_matricule_marocain, date_validite) VALUES
            ({ORGANISATION}, '1 A 1', {TODAY} + 31), ({ORGANISATION}, '1 A 2', {TODAY} + 1)"
    ));
    let shown = |page: Value| -> Vec<(String, i64)> {
        let items = page["items"].as_array().unwrap().clone();
        let place = |item: Value| {
            assert_eq!(item["expired"], false);
            (item["kind"].as_str().unwrap().to_owned(), item["id"].as_i64().unwrap())
        };
        items.into_iter().map(place).collect()
    };

    let month = shown(session.get("/expiring").await.json());
    let first = session.get("/expiring?within=40d&limit=2").await.json();
    let second = session.get(first["next"].as_str().unwrap()).await.json();
    let licences = shown(session.get("/expiring?within=365&kind=permis").await.json());

    let place = |kind: &str, id| (kind.to_owned(), id);
    assert_eq!(month, [place("gris", 2), place("permis", 1), place("cin", 1)]);
    assert_eq!(shown(first), [place("gris", 2), place("permis", 1)]);
    assert_eq!(shown(second), [place("cin", 1), place("gris", 1)]);
    assert_eq!(licences, [place("permis", 1)]);
    assert_eq!(session.get("/cin/2").await.json()["expired"], true);
    assert_eq!(session.get("/permis/2").await.json()["expired"], Value::Null);
    for refused in ["within=-1", "within=soon", "within=4000d", "kind=passport"] {
        assert_eq!(session.get(&format!("/expiring?{refused}")).await.status, 400, "{refused}");
    }
}
