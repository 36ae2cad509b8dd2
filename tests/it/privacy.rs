//! What a person is called, and what is read off a card, is told to whoever asks for it
//! and to nobody else: not to the log, the metrics, the traces, the audit, nor in any refusal.
//!
//! A service in production, with all of its own log lines, is driven through everything
//! that people do and do wrong, with values that stand nowhere else.

mod planted;
mod service;

use reqwest::Method;
use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};
use specimen::{Kind, Level};

use crate::support::{Card, Database, card};
use planted::Planted;
use service::{METRICS_TOKEN, Service};

const NAME: &str = "Xqzelda Vwkarim";
const NAME_AR: &str = "زقظيلدا فوكريم";
const EMAIL: &str = "xqzelda.vwkarim@example.ma";
const PASSWORD: &str = "Qv7-plateau-ours-xqz";
const WRONG_PASSWORD: &str = "Qv8-montagne-loup-xqz";
const PHONE: &str = "+212 699 517 283";
const ADDRESS: &str = "17 Rue Jfqwixel, Tzaqnoul";

#[actix_web::test]
async fn planted_values_are_nowhere_but_in_the_answers_that_are_to_hold_them() {
    let database = Database::migrated();
    let mut planted =
        Planted::of(&[NAME, NAME_AR, EMAIL, PASSWORD, WRONG_PASSWORD, PHONE, ADDRESS]);
    planted.add_words(NAME);
    planted.add_words(NAME_AR);
    let cards = [(Kind::Cin2020, "cin"), (Kind::Permis, "permis"), (Kind::Gris, "gris")];
    let cards = cards.map(|(kind, slug)| (slug, card(kind, Level::Clean, 11)));
    for (_, card) in &cards {
        planted.add_leaves(&card.truth);
    }
    let mut service = Service::start(&database.direct_url());

    let token = enter(&mut service, &mut planted).await;
    work(&mut service, &mut planted, &token, &cards).await;
    do_wrong(&mut service, &token, &cards[0].1).await;
    break_the_database(&mut service, &database, &token, &cards).await;
    leave(&mut service, &token).await;

    let metrics = service.send(Method::GET, "/metrics", METRICS_TOKEN, None).await;
    assert!(metrics.text().contains("http_requests_total"));
    let refusals = service.refusals.len();
    assert!(refusals > 40, "{refusals} refusals");
    let mut places = std::mem::take(&mut service.refusals);
    places.push(("metrics".to_owned(), metrics.text()));
    places.append(&mut service.audits);
    let (log, traces) = service.stop();
    assert!(log.len() > 100, "{} lines of the log: {log:?}", log.len());
    let spans = traces.spans().len();
    assert!(spans > 100, "{spans} spans");
    places.push(("log".to_owned(), log.join("\n")));
    places.push(("traces".to_owned(), traces.text()));
    let found: Vec<String> =
        places.iter().flat_map(|(place, text)| planted.found_in(place, text)).collect();
    assert!(found.is_empty(), "{} values told:\n{}", found.len(), found.join("\n"));
}

/// Registers, logs in, fills in the profile; the administrator's token.
async fn enter(service: &mut Service, planted: &mut Planted) -> String {
    let account = json!({ "email": EMAIL, "password": PASSWORD, "full_name": NAME });
    assert_eq!(service.post("/auth/register", "", &account).await.status, 201);
    let login = json!({ "email": EMAIL, "password": PASSWORD, "refresh": true });
    let session = service.post("/auth/login", "", &login).await.json();
    let token = planted.secret(&session["token"]);
    let refreshed = json!({ "refresh_token": planted.secret(&session["refresh_token"]) });
    let session = service.post("/auth/refresh", "", &refreshed).await.json();
    planted.secret(&session["token"]);
    // Used again at once, and once more with something added.
    service.post("/auth/refresh", "", &refreshed).await;
    let altered = format!("{}x", planted.secret(&session["refresh_token"]));
    service.post("/auth/refresh", "", &json!({ "refresh_token": altered })).await;

    let profile = json!({ "full_name": NAME_AR, "phone": PHONE, "address": ADDRESS });
    let saved = service.send(Method::PUT, "/me", &token, Some(&profile)).await;
    assert_eq!(saved.status, 200, "{}", saved.text());
    let guest = "jfqwixel.tzaqnoul@example.ma";
    planted.add(guest);
    let invited = json!({ "email": guest, "role": "agent" });
    let invitation = service.post("/organisation/invitations", &token, &invited).await;
    assert_eq!(invitation.status, 201, "{}", invitation.text());
    let invitation = planted.secret(&invitation.json()["token"]);
    let elsewhere = json!({ "email": EMAIL, "password": PASSWORD, "invitation": invitation });
    service.post("/auth/register", "", &elsewhere).await;
    let key = json!({ "name": NAME, "scopes": ["read"] });
    let key = service.post("/organisation/keys", &token, &key).await;
    assert_eq!(key.status, 201, "{}", key.text());
    let key = planted.secret(&key.json()["key"]);
    assert_eq!(service.get("/cin/all", &key).await.status, 200);
    assert_eq!(service.get("/me", &key).await.status, 403);
    assert_eq!(service.get("/cin/all", &format!("{key}x")).await.status, 401);
    token
}

/// Has cards read, and looks at everything; what was read is planted too.
async fn work(
    service: &mut Service,
    planted: &mut Planted,
    token: &str,
    cards: &[(&str, Card); 3],
) {
    for (slug, card) in cards {
        // The second time, of other pictures, the record is updated.
        let swapped = Card {
            recto: card.verso.clone(),
            verso: card.recto.clone(),
            truth: card.truth.clone(),
        };
        for card in [card, &swapped] {
            let read = service.process(slug, token, card).await;
            assert_eq!(read.status, 200, "{slug}: {}", read.text());
            planted.add_values(&read.json()["fields"]);
        }
        let id = 1;
        for path in [format!("/{slug}/all"), format!("/{slug}/{id}")] {
            let shown = service.get(&path, token).await;
            assert_eq!(shown.status, 200, "{path}");
            assert!(!planted.found_in(&path, &shown.text()).is_empty(), "{path} tells nothing");
        }
        assert_eq!(service.get(&format!("/{slug}/{id}/images/recto"), token).await.status, 200);
        review(service, token, slug).await;
    }
    let charts = ["overview", "gender-distribution", "cities-distribution", "daily-stats"];
    for chart in [&charts[..], &["monthly-stats", "dashboard", "essential"]].concat() {
        assert_eq!(service.get(&format!("/charts/{chart}"), token).await.status, 200, "{chart}");
    }
    let person = json!({ "cin": cards[0].1.truth["cin"] });
    let exported = service.post("/exports/person", token, &person).await;
    assert_eq!(exported.status, 200, "{}", exported.text());
    let part = Part::bytes(cards[0].1.recto.clone()).file_name(format!("{NAME}.jpg"));
    service.form("/quality", token, Form::new().part("image", part)).await;
}

/// Corrects, looks for and takes out what was read.
async fn review(service: &mut Service, token: &str, slug: &str) {
    let correction = json!({ "nom_fr": NAME, "nom_ar": NAME_AR });
    let corrected =
        service.send(Method::PATCH, &format!("/{slug}/1"), token, Some(&correction)).await;
    assert_eq!(corrected.status, 200, "{}", corrected.text());
    service.post(&format!("/{slug}/1/approve"), token, &json!({})).await;
    let name = planted::encoded(NAME);
    for path in [
        format!("/{slug}?name={name}&sort=name&limit=1&total=true"),
        format!("/search?q={name}&kind={slug}"),
        format!("/{slug}/1/history"),
        format!("/exports/{slug}?name={name}"),
        format!("/exports/{slug}?format=xlsx"),
        "/reviews".to_owned(),
        "/expiring".to_owned(),
    ] {
        assert_eq!(service.get(&path, token).await.status, 200, "{path}");
    }
}

/// Everything that is refused, with planted values wherever a client can put them.
async fn do_wrong(service: &mut Service, token: &str, card: &Card) {
    let number = card.truth["cin"].as_str().unwrap().to_owned();
    let texts = [NAME, NAME_AR, EMAIL, PASSWORD, PHONE, &number];
    for text in texts {
        let path = planted::encoded(text);
        for wrong in [
            format!("/{path}"),
            format!("/cin/{path}"),
            format!("/cin/{path}/images/{path}"),
            format!("/cin/1/images/{path}"),
            format!("/permis/all/{path}?q={path}"),
            format!("/organisation/audit?before={path}"),
            format!("/cin?cursor={path}"),
            format!("/cin?sort={path}&name={path}"),
            format!("/search?q={path}&kind={path}"),
            format!("/persons/{path}"),
            format!("/exports/cin?format={path}"),
            format!("/charts/{path}?name={path}"),
            format!("/docs/{path}"),
            format!("/.well-known/{path}"),
        ] {
            let answer = service.get(&wrong, token).await;
            assert!((400..500).contains(&answer.status), "{wrong}: {}", answer.status);
        }
        service.get(&format!("/cin/all?name={path}"), &path).await;
        service.send(Method::DELETE, &format!("/cin/{path}"), token, None).await;
        service.send(Method::PATCH, &format!("/organisation/members/{path}"), token, None).await;
        let correction = json!({ text: text });
        service.send(Method::PATCH, "/cin/1", token, Some(&correction)).await;
        let correction = json!({ "sexe": text, "nom_fr": text });
        service.send(Method::PATCH, "/cin/1", token, Some(&correction)).await;
        service.raw("/auth/login", "application/json", &format!("{{\"email\": \"{text}\"")).await;
        service.raw("/auth/login", "application/json", &format!("[\"{text}\"]")).await;
        service.raw("/auth/login", &format!("text/x; name={path}"), text).await;
        service.raw("/cin/process", &format!("multipart/form-data; boundary={path}"), text).await;
        let member = json!({ "email": { text: text }, "password": [text] });
        service.post("/auth/login", "", &member).await;
        let export = json!({ "cin": format!("{text}/{text}") });
        service.post("/exports/person", token, &export).await;
        let invitation = json!({ "email": text, "role": text });
        service.post("/organisation/invitations", token, &invitation).await;
        service.post("/auth/oidc", "", &json!({ "id_token": text })).await;
        wrong_uploads(service, token, text, card).await;
    }
    for body in [
        json!({ "email": EMAIL, "password": WRONG_PASSWORD }),
        json!({ "email": format!("{EMAIL}\0"), "password": PASSWORD }),
        json!({ "email": EMAIL.to_uppercase(), "password": WRONG_PASSWORD }),
        json!({ "email": format!("nobody.{EMAIL}"), "password": WRONG_PASSWORD }),
    ] {
        assert_eq!(service.post("/auth/login", "", &body).await.status, 401, "{body}");
    }
    let account = json!({ "email": EMAIL, "password": WRONG_PASSWORD, "full_name": NAME });
    assert_eq!(service.post("/auth/register", "", &account).await.status, 409);
    for (email, password) in [(NAME, PASSWORD), (EMAIL, EMAIL), (EMAIL, "xqz")] {
        let account = json!({ "email": email, "password": password, "full_name": NAME });
        assert!(service.post("/auth/register", "", &account).await.status >= 400);
    }
    let change = json!({ "current_password": WRONG_PASSWORD, "new_password": PASSWORD });
    assert_eq!(service.post("/auth/password", token, &change).await.status, 401);
    for claims in planted::claims_of(EMAIL) {
        assert_eq!(service.get("/me", &claims).await.status, 401);
    }
}

/// Uploads whose parts, names and types hold `text`.
async fn wrong_uploads(service: &mut Service, token: &str, text: &str, card: &Card) {
    let part = |bytes: &[u8]| Part::bytes(bytes.to_vec()).file_name(format!("../{text}.jpg"));
    let cut = &card.recto[..card.recto.len() / 3];
    for form in [
        Form::new().part("recto", part(text.as_bytes())).part("verso", part(text.as_bytes())),
        Form::new().part("recto", part(cut)).part("verso", part(cut)),
        Form::new().part(text.to_owned(), part(&card.recto)),
        Form::new().text("recto", text.to_owned()).text(text.to_owned(), text.to_owned()),
        Form::new().part("recto", part(b"")),
        Form::new().part("recto", part(b"GIF89a")).part("recto", part(b"GIF89a")),
    ] {
        let answer = service.form("/cin/process", token, form).await;
        assert!((400..500).contains(&answer.status), "{text}: {}", answer.text());
    }
}

/// Failures inside the database, which tells the whole row to whoever asks it why.
async fn break_the_database(
    service: &mut Service,
    database: &Database,
    token: &str,
    cards: &[(&str, Card); 3],
) {
    use diesel::connection::SimpleConnection;
    let mut connection = database.connect();
    connection
        .batch_execute(
            "ALTER TABLE cin_data ADD CONSTRAINT refused CHECK (nom_fr IS NULL) NOT VALID;
             ALTER TABLE users ADD CONSTRAINT refused_too CHECK (full_name IS NULL) NOT VALID;
             ALTER TABLE permi_data DROP COLUMN nom_fr CASCADE;",
        )
        .unwrap();
    for (slug, card) in &cards[..2] {
        assert_eq!(service.process(slug, token, card).await.status, 500, "{slug}");
    }
    let profile = json!({ "full_name": NAME, "phone": PHONE });
    assert_eq!(service.send(Method::PUT, "/me", token, Some(&profile)).await.status, 500);
    let email = format!("again.{EMAIL}");
    let account = json!({ "email": email, "password": PASSWORD, "full_name": NAME });
    assert_eq!(service.post("/auth/register", "", &account).await.status, 500);
}

/// Erases, reads the audit, and logs out.
async fn leave(service: &mut Service, token: &str) {
    let erased = service.send(Method::DELETE, "/cin/1", token, None).await;
    assert_eq!(erased.status, 200, "{}", erased.text());
    // What was looked at is told after a second.
    actix_web::rt::time::sleep(std::time::Duration::from_millis(1500)).await;
    let audit = service.get("/organisation/audit?limit=1000", token).await;
    let entries = audit.json()["entries"].as_array().map_or(0, Vec::len);
    assert!(entries > 10, "{entries} entries");
    service.audits.push(("audit".to_owned(), audit.text()));
    assert_eq!(service.post("/auth/logout", token, &Value::Null).await.status, 200);
    assert_eq!(service.get("/me", token).await.status, 401);
}
