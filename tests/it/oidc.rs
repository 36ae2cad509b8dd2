//! Sign-in at a provider that others wrote: a process of its own on loopback, with the
//! authorisation code flow over HTTP as a client's browser and back end go through it.

use std::net::TcpListener;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use reqwest::redirect::Policy;
use serde_json::{Value, json};
use url::Url;
use url::form_urlencoded::Serializer;
use wathiqa::auth::oidc::{OidcError, OidcVerifier, ProviderError, Refusal};
use wathiqa::config::OidcConfig;

use crate::support::{Answer, Session, python, spawn_app_with};

const CLIENT: &str = "cards";
const REDIRECT: &str = "https://app.example.ma/signed-in";

/// A provider of one test, ended with it.
struct Provider {
    process: Child,
    issuer: String,
    client: reqwest::Client,
}

impl Provider {
    async fn start() -> Self {
        let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        Self::start_at(free).await
    }

    async fn start_at(port: u16) -> Self {
        let user = json!({
            "sub": "salma", "email": "salma@example.ma", "email_verified": true, "name": "Salma",
        });
        let process = python("oidc-provider-mock")
            .args(["--host", "127.0.0.1", "--port", &port.to_string()])
            .args(["--user-claims", &user.to_string()])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let client = reqwest::Client::builder().no_proxy().redirect(Policy::none());
        let issuer = format!("http://127.0.0.1:{port}");
        let mut provider = Self { process, issuer, client: client.build().unwrap() };
        provider.wait().await;
        provider
    }

    async fn wait(&mut self) {
        let address = format!("{}/.well-known/openid-configuration", self.issuer);
        let began = Instant::now();
        while self.client.get(&address).send().await.is_err() {
            assert!(self.process.try_wait().unwrap().is_none(), "the provider ended");
            assert!(began.elapsed() < Duration::from_secs(60), "the provider does not start");
            actix_web::rt::time::sleep(Duration::from_millis(100)).await;
        }
    }

    async fn discovery(&self) -> Value {
        let address = format!("{}/.well-known/openid-configuration", self.issuer);
        self.client.get(address).send().await.unwrap().json().await.unwrap()
    }

    /// Signs in as a user and redeems the code: what an app does, its user's click included.
    async fn id_token(&self, client: &str, nonce: Option<&str>) -> String {
        let discovery = self.discovery().await;
        let endpoint = |name: &str| discovery[name].as_str().unwrap().to_owned();
        let mut authorize = Url::parse(&endpoint("authorization_endpoint")).unwrap();
        authorize
            .query_pairs_mut()
            .extend_pairs([("response_type", "code"), ("scope", "openid email profile")])
            .extend_pairs([("client_id", client), ("redirect_uri", REDIRECT), ("state", "s-1")])
            .extend_pairs(nonce.map(|nonce| ("nonce", nonce)));
        let page = self.client.get(authorize.clone()).send().await.unwrap();
        assert_eq!(page.status(), 200);
        let clicked = self.post(authorize.as_str(), &[("sub", "salma")]).await;
        assert_eq!(clicked.status(), 302);
        let back = Url::parse(clicked.headers()["location"].to_str().unwrap()).unwrap();
        assert!(back.as_str().starts_with(REDIRECT), "{back}");
        let code = back.query_pairs().find(|(name, _)| name == "code").unwrap().1.into_owned();

        let form = [
            ("grant_type", "authorization_code"),
            ("code", &code),
            ("redirect_uri", REDIRECT),
            ("client_id", client),
            ("client_secret", "only the app and the provider know it"),
        ];
        let redeemed = self.post(&endpoint("token_endpoint"), &form).await;
        let answer: Value = redeemed.json().await.unwrap();
        assert!(answer["id_token"].is_string(), "{answer}");
        answer["id_token"].as_str().unwrap().to_owned()
    }

    async fn post(&self, address: &str, form: &[(&str, &str)]) -> reqwest::Response {
        let body = Serializer::new(String::new()).extend_pairs(form).finish();
        let request = self.client.post(address).body(body);
        request.header("content-type", "application/x-www-form-urlencoded").send().await.unwrap()
    }

    fn verifier_for(&self, client: &str) -> OidcVerifier {
        let config = OidcConfig { issuer: self.issuer.clone(), client_id: client.to_owned() };
        OidcVerifier::new(&config).unwrap()
    }

    fn verifier(&self) -> OidcVerifier {
        self.verifier_for(CLIENT)
    }

    fn stop(&mut self) {
        // It may have ended by itself.
        let _ended = self.process.kill();
        let _status = self.process.wait();
    }
}

impl Drop for Provider {
    fn drop(&mut self) {
        self.stop();
    }
}

#[actix_web::test]
async fn somebody_who_signs_in_at_the_provider_is_known_here() {
    let provider = Provider::start().await;
    let token = provider.id_token(CLIENT, Some("n-1")).await;

    let identity = provider.verifier().verify(&token, Some("n-1")).await.unwrap();

    assert_eq!((&identity.issuer, identity.subject.as_str()), (&provider.issuer, "salma"));
    assert_eq!(identity.email.as_deref(), Some("salma@example.ma"));
    assert!(identity.email_verified);
    assert_eq!(identity.name.as_deref(), Some("Salma"));
    assert!(identity.expires_at > chrono::Utc::now());
}

#[actix_web::test]
async fn a_real_token_for_somebody_else_is_refused() {
    let provider = Provider::start().await;
    let verifier = provider.verifier();
    let refused = |outcome| match outcome {
        Err(OidcError::Unusable(refusal)) => refusal,
        other => panic!("{other:?}"),
    };

    let theirs = provider.id_token("another", None).await;
    assert_eq!(refused(verifier.verify(&theirs, None).await), Refusal::Foreign);

    let ours = provider.id_token(CLIENT, Some("n-1")).await;
    assert_eq!(refused(verifier.verify(&ours, Some("n-2")).await), Refusal::Nonce);
    assert_eq!(refused(verifier.verify(&ours, None).await), Refusal::Nonce);
    let (signed, _) = ours.rsplit_once('.').unwrap();
    let (_, signature) = theirs.rsplit_once('.').unwrap();
    let swapped = format!("{signed}.{signature}");
    assert_eq!(refused(verifier.verify(&swapped, Some("n-1")).await), Refusal::Signature);
    assert!(provider.verifier_for("another").verify(&theirs, None).await.is_ok());
}

#[actix_web::test]
async fn a_provider_that_ended_is_no_fault_of_the_token() {
    let mut provider = Provider::start().await;
    let (before, after) = (provider.verifier(), provider.verifier());
    let token = provider.id_token(CLIENT, None).await;
    before.verify(&token, None).await.unwrap();

    provider.stop();

    // Whose keys are known is let in all the same.
    assert!(before.verify(&token, None).await.is_ok());
    let outcome = after.verify(&token, None).await;
    assert!(matches!(outcome, Err(OidcError::Away(ProviderError::Unreachable(_)))), "{outcome:?}");
}

#[actix_web::test]
async fn the_keys_of_a_provider_that_starts_anew_are_others() {
    let mut provider = Provider::start().await;
    let port = Url::parse(&provider.issuer).unwrap().port().unwrap();
    let old = provider.id_token(CLIENT, None).await;
    provider.stop();

    // It keeps no keys.
    let provider = Provider::start_at(port).await;

    let outcome = provider.verifier().verify(&old, None).await;
    let is_refused =
        matches!(outcome, Err(OidcError::Unusable(Refusal::UnknownKey | Refusal::Signature)));
    assert!(is_refused, "{outcome:?}");
    let new = provider.id_token(CLIENT, None).await;
    assert!(provider.verifier().verify(&new, None).await.is_ok());
}

#[actix_web::test]
async fn an_identity_signs_in_as_the_account_that_linked_it_and_as_no_other() {
    let provider = Provider::start().await;
    let oidc = OidcConfig { issuer: provider.issuer.clone(), client_id: CLIENT.to_owned() };
    let app = spawn_app_with(|config| config.auth.oidc = Some(oidc)).await;
    let salma = app.register_and_login("salma@example.ma").await;
    let omar = app.register_and_login("omar@example.ma").await;
    let exchange = async |session: Option<&Session<'_>>, token: &str| -> Answer {
        let body = json!({ "id_token": token });
        match session {
            Some(session) => session.post("/auth/oidc", &body).await,
            None => app.post("/auth/oidc", &body).await,
        }
    };
    let refused = |answer: &Answer| (answer.status, answer.json()["code"].clone());

    let forged = exchange(None, "no.such.token").await;
    assert_eq!(refused(&forged), (401, json!("identity-token-unusable")));
    let token = provider.id_token(CLIENT, None).await;
    let unlinked = exchange(None, &token).await;
    assert_eq!(refused(&unlinked), (409, json!("link-required")));
    assert_eq!(exchange(Some(&salma), &token).await.status, 200);
    let again = exchange(Some(&salma), &token).await;
    assert_eq!(refused(&again), (401, json!("identity-token-unusable")));
    let token = provider.id_token(CLIENT, None).await;
    let other = exchange(Some(&omar), &token).await;
    assert_eq!(refused(&other), (409, json!("linked-elsewhere")));
    assert_eq!(exchange(None, &token).await.status, 200);
}
