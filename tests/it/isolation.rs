//! No operation shows or touches what belongs to another organisation. The operations
//! come from the route table: one that is not named here fails the test.

use serde_json::{Value, json};
use specimen::{Kind, Level};
use wathiqa::api::{Access, operations};
use wathiqa::documents::cin::Cin;

use crate::support::{Answer, Session, card, spawn_app_with};

/// How an operation is tried by an outsider.
enum Trial {
    /// The path names something of the victim's: the id to put in, and the body to send.
    /// Another organisation's caller gets 404, as for what never was.
    Theirs(&'static str, Value),
    /// The answer is of the caller's own organisation: it must hold nothing of the victim's.
    Own(Value),
    /// It returns and takes nothing that belongs to an organisation.
    Nothing,
}

/// What an outsider tries on each operation.
fn trial(method: &str, path: &str) -> Option<Trial> {
    use Trial::{Nothing, Own, Theirs};
    let none = Value::Null;
    Some(match (method, path) {
        ("PATCH", "/organisation/members/{id}") => Theirs("member", json!({ "role": "agent" })),
        ("DELETE", "/organisation/members/{id}") => Theirs("member", none),
        ("DELETE", "/organisation/invitations/{id}") => Theirs("invitation", none),
        ("DELETE", "/organisation/keys/{id}") => Theirs("key", none),
        ("GET" | "DELETE", "/cin/{id}" | "/permis/{id}" | "/gris/{id}") => Theirs("record", none),
        ("PATCH", "/cin/{id}" | "/permis/{id}" | "/gris/{id}") => {
            Theirs("record", json!({ "nom_fr": "OUTSIDER" }))
        }
        ("POST", path) if path.ends_with("/{id}/approve") || path.ends_with("/{id}/reject") => {
            Theirs("record", none)
        }
        ("GET", path) if path.ends_with("/{id}/history") => Theirs("record", none),
        ("GET", "/persons/{cin}") => Theirs("cin", none),
        ("GET", path) if path.ends_with("/{id}/images/{side}") => Theirs("record", none),
        ("POST", "/exports/person") => Own(json!({ "cin": "{cin}" })),
        (
            "GET",
            "/me"
            | "/organisation"
            | "/organisation/members"
            | "/organisation/keys"
            | "/organisation/invitations"
            | "/organisation/audit"
            | "/cin/all"
            | "/permis/all"
            | "/gris/all"
            | "/gris/evolution-mensuel"
            | "/cin"
            | "/permis"
            | "/gris"
            | "/search"
            | "/expiring"
            | "/reviews"
            | "/exports/cin"
            | "/exports/permis"
            | "/exports/gris",
        ) => Own(none),
        ("GET", path) if path.starts_with("/charts/") => Own(none),
        ("PUT", "/me") => Own(json!({ "full_name": "Outsider" })),
        ("PATCH", "/organisation") => Own(json!({ "name": "Elsewhere" })),
        // What an outsider makes is the outsider's: the victim's rows are compared after it.
        (
            "POST",
            "/organisation/invitations"
            | "/organisation/keys"
            | "/quality"
            | "/cin/process"
            | "/permis/process"
            | "/gris/process",
        ) => Own(json!({})),
        ("POST", path) if path.starts_with("/auth/") => Nothing,
        (
            "GET",
            "/health"
            | "/ready"
            | "/metrics"
            | "/debug/pool"
            | "/openapi.json"
            | "/docs"
            | "/docs/{asset:.*}"
            | "/.well-known/jwks.json",
        ) => Nothing,
        _ => return None,
    })
}

/// What belongs to the victim.
struct Victim<'a> {
    session: Session<'a>,
    cin: String,
    record: i64,
    member: i64,
    invitation: i64,
    key: i64,
}

impl<'a> Victim<'a> {
    async fn with_everything(session: Session<'a>) -> Self {
        let colleague = session.colleague("karima@example.ma", "admin").await;
        let card = card(Kind::Cin2020, Level::Clean, 3);
        let processed = session.process::<Cin>(&card.recto, Some(&card.verso)).await;
        assert_eq!(processed.status, 200, "{}", processed.text());
        let id = async |path: &str, body: Value| {
            session.post(path, &body).await.json()["id"].as_i64().unwrap()
        };
        let invitation = json!({ "email": "guest@example.ma", "role": "agent" });
        let key = json!({ "name": "batch", "scopes": ["read"] });
        Self {
            cin: processed.json()["cin"].as_str().unwrap().to_owned(),
            record: processed.json()["id"].as_i64().unwrap(),
            member: colleague.get("/me").await.json()["id"].as_i64().unwrap(),
            invitation: id("/organisation/invitations", invitation).await,
            key: id("/organisation/keys", key).await,
            session,
        }
    }

    fn id(&self, what: &str) -> String {
        match what {
            "member" => self.member.to_string(),
            "invitation" => self.invitation.to_string(),
            "key" => self.key.to_string(),
            "record" => self.record.to_string(),
            "cin" => self.cin.clone(),
            other => panic!("{other}"),
        }
    }

    /// Every row of the victim's organisation, but what the audit and the clock add.
    fn rows(&self) -> String {
        let tables = [
            ("cin_data", "organisation_id = 2"),
            ("permi_data", "organisation_id = 2"),
            ("gris_data", "organisation_id = 2"),
            ("document_versions", "organisation_id = 2"),
            ("document_images", "organisation_id = 2"),
            ("invitations", "organisation_id = 2"),
            ("api_keys", "organisation_id = 2"),
            ("users", "organisation_id = 2"),
            ("organisations", "id = 2"),
        ];
        let digest = |(table, filter): (&str, &str)| {
            self.session.app.text(&format!(
                "SELECT coalesce(md5(string_agg(row::text, '|' ORDER BY row::text)), '') AS text
                 FROM (SELECT t::text AS row FROM {table} t WHERE {filter}) rows"
            ))
        };
        tables.map(digest).join(" ")
    }
}

#[actix_web::test]
async fn no_operation_reaches_into_another_organisation() {
    let app = spawn_app_with(|config| {
        config.data.keep_images = true;
        config.data.person_links = true;
        config.data.master_keys = vec!["a master key that only the tests know".into()];
    })
    .await;
    let victim = Victim::with_everything(app.register_and_login("victim@example.ma").await).await;
    let outsider = app.register_and_login("outsider@example.ma").await;
    let (before, secrets) = (victim.rows(), [victim.cin.as_str(), "karima@", "guest@", "victim@"]);

    for operation in operations() {
        let (method, path) = (operation.method.as_str(), operation.path.as_str());
        let trial = trial(method, path)
            .unwrap_or_else(|| panic!("{method} {path} is in the route table and not here"));
        let send = async |path: &str, body: &Value| {
            let request = outsider.request(method.parse().unwrap(), path);
            Answer::of(if body.is_null() { request } else { request.json(body) }).await
        };
        match trial {
            Trial::Nothing => assert!(
                !matches!(operation.access, Access::May(_) | Access::Person)
                    || path == "/auth/password",
                "{method} {path} is of an organisation"
            ),
            Trial::Own(body) => {
                let body = body.to_string().replace("{cin}", &victim.cin);
                let asked = match path {
                    "/search" => format!("/search?q={}", victim.cin),
                    "/cin" => format!("/cin?number={}&total=true", victim.cin),
                    "/expiring" => "/expiring?within=3650".to_owned(),
                    other => other.to_owned(),
                };
                let answer = send(&asked, &serde_json::from_str(&body).unwrap()).await;
                assert!(answer.status < 500, "{method} {path}: {}", answer.text());
                for secret in secrets {
                    assert!(!answer.text().contains(secret), "{method} {path} shows {secret}");
                }
            }
            Trial::Theirs(what, body) => {
                let with = |id: &str| {
                    path.replace("{id}", id).replace("{cin}", id).replace("{side}", "recto")
                };
                let theirs = send(&with(&victim.id(what)), &body).await;
                let nobodys = send(&with("999999"), &body).await;
                assert_eq!(theirs.status, 404, "{method} {path}");
                assert_eq!(unnamed(&theirs), unnamed(&nobodys), "{method} {path}");
            }
        }
        assert_eq!(victim.rows(), before, "{method} {path} changed a row of the victim's");
    }

    // The same paths are open to who belongs there.
    let own = format!("/cin/{}", victim.record);
    assert_eq!(victim.session.get(&own).await.status, 200);
    assert_eq!(victim.session.get(&format!("{own}/images/recto")).await.status, 200);
    assert_eq!(victim.session.get(&format!("/persons/{}", victim.cin)).await.status, 200);
    let found = victim.session.get(&format!("/search?q={}", victim.cin)).await.json();
    assert_eq!(found["items"][0]["id"], victim.record);
}

/// A refusal without what differs between any two.
fn unnamed(answer: &Answer) -> Value {
    let mut body = answer.json();
    body.as_object_mut().unwrap().remove("request_id");
    body
}

#[actix_web::test]
async fn what_is_no_id_is_not_found_in_whatever_form() {
    let app = spawn_app_with(|_| ()).await;
    let session = app.register_and_login("salma@example.ma").await;

    for id in
        ["0", "-1", "+1", "01", "2147483648", "9223372036854775808", "1%00", "1e3", "x", "%20"]
    {
        for path in [format!("/cin/{id}"), format!("/organisation/keys/{id}")] {
            let answer = session.delete(&path).await;
            assert_eq!(answer.status, 404, "{path}");
        }
    }
}
