//! Organisations, roles and invitations.

use std::time::Duration;

use serde_json::{Value, json};

use crate::support::{PASSWORD, spawn_app, spawn_app_with};
use wathiqa::config::Registration;

#[actix_web::test]
async fn who_registers_alone_runs_an_organisation() {
    let app = spawn_app().await;
    let salma = app.register_and_login("salma@example.ma").await;

    let organisation = salma.get("/organisation").await.json();
    let members = salma.get("/organisation/members").await.json();

    assert_eq!(organisation["name"], "salma@example.ma");
    assert_eq!(organisation["retention_days"], Value::Null);
    assert_eq!(members[0]["role"], "admin");
    assert_eq!(members.as_array().unwrap().len(), 1);
}

#[actix_web::test]
async fn an_invitation_lets_one_person_in_with_its_role() {
    let app = spawn_app().await;
    let salma = app.register_and_login("salma@example.ma").await;
    let body = json!({ "email": "Omar@example.ma", "role": "reviewer" });
    let invited = salma.post("/organisation/invitations", &body).await.json();
    let register = async |email: &str| {
        let token = &invited["token"];
        let body = json!({ "email": email, "password": PASSWORD, "invitation": token });
        app.post("/auth/register", &body).await
    };

    let other = register("zineb@example.ma").await;
    let meant = register("omar@example.ma").await;
    let again = register("omar2@example.ma").await;

    assert_eq!((other.status, meant.status, again.status), (400, 201, 400));
    assert_eq!(other.json()["code"], "invitation-unusable");
    let members = salma.get("/organisation/members").await.json();
    assert_eq!(members[1]["email"], "omar@example.ma");
    assert_eq!(members[1]["role"], "reviewer");
    assert_eq!(salma.get("/organisation/invitations").await.json(), json!([]));
}

#[actix_web::test]
async fn an_invitation_that_expired_or_was_withdrawn_lets_nobody_in() {
    let app = spawn_app().await;
    let salma = app.register_and_login("salma@example.ma").await;
    let invite = async |email: &str| {
        let body = json!({ "email": email, "role": "agent" });
        salma.post("/organisation/invitations", &body).await.json()
    };
    let (late, gone) = (invite("late@example.ma").await, invite("gone@example.ma").await);
    app.execute("UPDATE invitations SET expires_at = now() WHERE email = 'late@example.ma'");
    let withdrawn = salma.delete(&format!("/organisation/invitations/{}", gone["id"])).await;

    assert_eq!(withdrawn.status, 200);
    for (email, invited) in [("late@example.ma", late), ("gone@example.ma", gone)] {
        let body = json!({ "email": email, "password": PASSWORD, "invitation": invited["token"] });
        assert_eq!(app.post("/auth/register", &body).await.status, 400, "{email}");
    }
}

#[actix_web::test]
async fn an_invitation_is_shown_once_and_stored_as_a_digest() {
    let app = spawn_app_with(|config| {
        config.http.frontend = Some("https://app.example.ma".into());
    })
    .await;
    let salma = app.register_and_login("salma@example.ma").await;
    let body = json!({ "email": "omar@example.ma", "role": "agent" });

    let invited = salma.post("/organisation/invitations", &body).await.json();

    let token = invited["token"].as_str().unwrap();
    assert_eq!(invited["link"], format!("https://app.example.ma/invitation#{token}"));
    let listed = salma.get("/organisation/invitations").await;
    assert!(!listed.text().contains(token));
    assert_eq!(listed.json()[0]["email"], "omar@example.ma");
    let stored = app.text("SELECT invitations::text AS text FROM invitations");
    assert!(!stored.contains(token));
}

#[actix_web::test]
async fn sixteen_uses_of_one_invitation_at_once_make_one_account() {
    let app = spawn_app().await;
    let salma = app.register_and_login("salma@example.ma").await;
    let body = json!({ "email": "omar@example.ma", "role": "agent" });
    let invited = salma.post("/organisation/invitations", &body).await.json();
    let body =
        json!({ "email": "omar@example.ma", "password": PASSWORD, "invitation": invited["token"] });

    let answers =
        futures_util::future::join_all((0..16).map(|_| app.post("/auth/register", &body))).await;

    assert_eq!(answers.iter().filter(|answer| answer.status == 201).count(), 1);
    assert_eq!(app.rows("users"), 2);
}

#[actix_web::test]
async fn a_known_address_is_not_invited() {
    let app = spawn_app().await;
    let salma = app.register_and_login("salma@example.ma").await;
    app.register("omar@example.ma").await;

    let body = json!({ "email": "OMAR@example.ma", "role": "agent" });
    let invited = salma.post("/organisation/invitations", &body).await;

    assert_eq!((invited.status, invited.json()["code"].clone()), (409, json!("email-taken")));
}

#[actix_web::test]
async fn who_may_register_is_a_setting() {
    let mode = |registration| spawn_app_with(move |config| config.auth.registration = registration);
    let invite = mode(Registration::Invite).await;
    let closed = mode(Registration::Closed).await;

    let without = invite.register("salma@example.ma").await;
    let body = json!({ "email": "a@b.ma", "password": PASSWORD, "invitation": "wqi_nonsense" });
    let nonsense = invite.post("/auth/register", &body).await;
    let refused = closed.post("/auth/register", &body).await;

    assert_eq!(
        (without.status, without.json()["code"].clone()),
        (403, json!("invitation-required"))
    );
    assert_eq!(
        (nonsense.status, nonsense.json()["code"].clone()),
        (400, json!("invitation-unusable"))
    );
    assert_eq!(
        (refused.status, refused.json()["code"].clone()),
        (403, json!("registration-closed"))
    );
}

#[actix_web::test]
async fn each_role_may_what_it_is_for() {
    let app = spawn_app().await;
    let admin = app.register_and_login("admin@example.ma").await;
    let agent = admin.colleague("agent@example.ma", "agent").await;
    let reviewer = admin.colleague("reviewer@example.ma", "reviewer").await;
    let auditor = admin.colleague("auditor@example.ma", "auditor").await;
    app.execute("INSERT INTO cin_data (cin, organisation_id) VALUES ('AB123456', 2)");
    let callers = [&agent, &reviewer, &admin, &auditor];
    let mut statuses = Vec::new();

    for (method, path) in [
        ("GET", "/cin/all"),
        ("POST", "/cin/process"),
        ("GET", "/organisation/audit"),
        ("GET", "/organisation/members"),
        ("POST", "/organisation/keys"),
        ("POST", "/exports/person"),
        ("DELETE", "/cin/999999"),
        ("GET", "/debug/pool"),
    ] {
        let mut row = Vec::new();
        for caller in callers {
            let request = caller.request(method.parse().unwrap(), path).json(&json!({}));
            row.push(request.send().await.unwrap().status().as_u16());
        }
        statuses.push((path, row));
    }

    let expected = [
        ("/cin/all", [200, 200, 200, 200]),
        ("/cin/process", [400, 400, 400, 403]),
        ("/organisation/audit", [403, 403, 200, 200]),
        ("/organisation/members", [403, 403, 200, 403]),
        ("/organisation/keys", [403, 403, 400, 403]),
        ("/exports/person", [403, 403, 400, 403]),
        ("/cin/999999", [403, 403, 404, 403]),
        ("/debug/pool", [403, 403, 403, 403]),
    ];
    assert_eq!(statuses, expected.map(|(path, row)| (path, row.to_vec())));
}

#[actix_web::test]
async fn a_changed_role_and_a_removed_member_are_known_to_another_replica_within_a_second() {
    let app = spawn_app().await;
    let other = app.replica().await;
    let admin = app.register_and_login("admin@example.ma").await;
    let omar = admin.colleague("omar@example.ma", "admin").await;
    let elsewhere = other.session(&omar.token);
    let id = elsewhere.get("/me").await.json()["id"].to_string();
    let member = format!("/organisation/members/{id}");

    let demoted = admin.patch(&member, &json!({ "role": "agent" })).await;
    actix_web::rt::time::sleep(Duration::from_secs(1)).await;
    assert_eq!((demoted.status, demoted.json()["role"].clone()), (200, json!("agent")));
    assert_eq!(elsewhere.get("/organisation/members").await.status, 403);
    assert_eq!(elsewhere.get("/cin/all").await.status, 200);

    assert_eq!(admin.delete(&member).await.status, 204);
    actix_web::rt::time::sleep(Duration::from_secs(1)).await;
    assert_eq!(elsewhere.get("/cin/all").await.status, 401);
    assert_eq!(omar.get("/cin/all").await.status, 401);
}

#[actix_web::test]
async fn an_organisation_keeps_an_admin() {
    let app = spawn_app().await;
    let admin = app.register_and_login("admin@example.ma").await;
    admin.colleague("omar@example.ma", "agent").await;
    let id = admin.get("/me").await.json()["id"].to_string();
    let member = format!("/organisation/members/{id}");

    let demoted = admin.patch(&member, &json!({ "role": "agent" })).await;
    let removed = admin.delete(&member).await;

    assert_eq!((demoted.status, removed.status), (409, 409));
    assert_eq!(removed.json()["code"], "last-admin");
    assert_eq!(admin.get("/organisation/members").await.json()[0]["role"], "admin");
}

#[actix_web::test]
async fn two_admins_cannot_step_down_at_once() {
    let app = spawn_app().await;
    let first = app.register_and_login("first@example.ma").await;
    let second = first.colleague("second@example.ma", "admin").await;
    let path = async |session: &crate::support::Session<'_>| {
        format!("/organisation/members/{}", session.get("/me").await.json()["id"])
    };
    let (one, two) = (path(&first).await, path(&second).await);
    let role = json!({ "role": "agent" });

    let answers =
        futures_util::future::join(first.patch(&one, &role), second.patch(&two, &role)).await;

    let mut statuses = [answers.0.status, answers.1.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 409]);
}

#[actix_web::test]
async fn a_retention_period_and_a_name_are_checked_and_saved() {
    let app = spawn_app().await;
    let admin = app.register_and_login("admin@example.ma").await;

    for body in [
        json!({ "retention_days": 0 }),
        json!({ "retention_days": 40_000 }),
        json!({ "retention_days": "30" }),
        json!({ "name": "" }),
        json!({ "name": 5 }),
    ] {
        let answer = admin.patch("/organisation", &body).await;
        assert_eq!((answer.status, answer.json()["code"].clone()), (400, json!("invalid-member")));
    }
    let body = json!({ "name": "Agence", "retention_days": 30 });
    let saved = admin.patch("/organisation", &body).await.json();
    let kept = admin.patch("/organisation", &json!({ "retention_days": null })).await.json();

    assert_eq!((&saved["name"], &saved["retention_days"]), (&json!("Agence"), &json!(30)));
    assert_eq!((&kept["name"], &kept["retention_days"]), (&json!("Agence"), &json!(null)));
}
