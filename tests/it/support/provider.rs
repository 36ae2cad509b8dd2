//! A provider of identity that others wrote, on loopback.

use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use reqwest::redirect::Policy;
use serde_json::{Value, json};
use url::Url;
use url::form_urlencoded::Serializer;
use wathiqa::auth::OidcVerifier;
use wathiqa::config::OidcConfig;

/// What the provider knows the service as.
pub(crate) const CLIENT: &str = "cards";
const REDIRECT: &str = "https://app.example.ma/signed-in";

/// The provider's program, installed at the first use.
fn program() -> &'static PathBuf {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    PROGRAM.get_or_init(|| {
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/scripts/python");
        let output = Command::new(script).stderr(Stdio::inherit()).output().unwrap();
        assert!(output.status.success(), "scripts/python failed");
        let folder = String::from_utf8(output.stdout).unwrap();
        PathBuf::from(folder.trim()).join("oidc-provider-mock")
    })
}

/// A provider of one test, ended with it.
pub(crate) struct Provider {
    process: Child,
    pub(crate) issuer: String,
    client: reqwest::Client,
}

impl Provider {
    pub(crate) async fn start() -> Self {
        let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        Self::start_at(free).await
    }

    pub(crate) async fn start_at(port: u16) -> Self {
        let user = json!({
            "sub": "salma", "email": "salma@example.ma", "email_verified": true, "name": "Salma",
        });
        let process = Command::new(program())
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
    pub(crate) async fn id_token(&self, client: &str, nonce: Option<&str>) -> String {
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

    /// The settings of a service whose users sign in here.
    pub(crate) fn config_for(&self, client: &str) -> OidcConfig {
        OidcConfig { issuer: self.issuer.clone(), client_id: client.to_owned() }
    }

    pub(crate) fn verifier_for(&self, client: &str) -> OidcVerifier {
        OidcVerifier::new(&self.config_for(client)).unwrap()
    }

    pub(crate) fn verifier(&self) -> OidcVerifier {
        self.verifier_for(CLIENT)
    }

    pub(crate) fn stop(&mut self) {
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
