//! A provider of our own on loopback, which can also do what real ones should not.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use openssl::bn::{BigNum, BigNumContext, BigNumRef};
use openssl::ec::{EcGroup, EcKey};
use openssl::ecdsa::EcdsaSig;
use openssl::hash::MessageDigest;
use openssl::nid::Nid;
use openssl::pkey::{PKey, Private};
use openssl::rsa::Rsa;
use openssl::sign::Signer;
use serde_json::{Value, json};

use super::*;
use crate::digest::sha256;

const CLIENT: &str = "cards";

mod asking;
mod refusing;

/// A key of the provider, with the name that it goes by.
#[derive(Clone)]
struct Pair {
    kid: &'static str,
    key: PKey<Private>,
}

impl Pair {
    fn rsa(kid: &'static str) -> Self {
        Self { kid, key: PKey::from_rsa(Rsa::generate(2048).unwrap()).unwrap() }
    }

    fn ec(kid: &'static str) -> Self {
        let group = EcGroup::from_curve_name(Nid::X9_62_PRIME256V1).unwrap();
        Self { kid, key: PKey::from_ec_key(EcKey::generate(&group).unwrap()).unwrap() }
    }

    fn algorithm(&self) -> &'static str {
        if self.key.rsa().is_ok() { "RS256" } else { "ES256" }
    }

    fn jwk(&self) -> Value {
        if let Ok(rsa) = self.key.rsa() {
            let (n, e) = (part(&rsa.n().to_vec()), part(&rsa.e().to_vec()));
            return json!({"kty": "RSA", "kid": self.kid, "use": "sig", "n": n, "e": e});
        }
        let ec = self.key.ec_key().unwrap();
        let (mut x, mut y) = (BigNum::new().unwrap(), BigNum::new().unwrap());
        let mut context = BigNumContext::new().unwrap();
        ec.public_key().affine_coordinates(ec.group(), &mut x, &mut y, &mut context).unwrap();
        let padded = |number: &BigNum| part(&number.to_vec_padded(32).unwrap());
        let (x, y) = (padded(&x), padded(&y));
        json!({"kty": "EC", "crv": "P-256", "kid": self.kid, "alg": "ES256", "x": x, "y": y})
    }

    fn header(&self) -> Value {
        json!({"alg": self.algorithm(), "kid": self.kid, "typ": "JWT"})
    }

    fn sign(&self, header: &Value, claims: &Value) -> String {
        let message = message(header, claims);
        let signature = if let Ok(key) = self.key.ec_key() {
            let signature = EcdsaSig::sign(&sha256(message.as_bytes()), &key).unwrap();
            let half = |number: &BigNumRef| number.to_vec_padded(32).unwrap();
            [half(signature.r()), half(signature.s())].concat()
        } else {
            let mut signer = Signer::new(MessageDigest::sha256(), &self.key).unwrap();
            signer.sign_oneshot_to_vec(message.as_bytes()).unwrap()
        };
        format!("{message}.{}", part(&signature))
    }
}

fn part(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

fn message(header: &Value, claims: &Value) -> String {
    format!("{}.{}", part(header.to_string().as_bytes()), part(claims.to_string().as_bytes()))
}

/// What the provider answers to a path.
#[derive(Clone)]
enum Reply {
    Json(Value),
    Bytes(usize),
    Redirect(String),
    Status(u16),
    Hang,
}

type Replies = Arc<Mutex<Box<dyn Fn(&str) -> Reply + Send>>>;

/// The provider: a thread that answers until the test's process ends.
struct StandIn {
    issuer: String,
    replies: Replies,
    questions: Arc<AtomicUsize>,
}

impl StandIn {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let issuer = format!("http://{}", listener.local_addr().unwrap());
        let replies: Replies = Arc::new(Mutex::new(Box::new(|_| Reply::Status(404))));
        let questions = Arc::new(AtomicUsize::new(0));
        let (shared, counted) = (Arc::clone(&replies), Arc::clone(&questions));
        thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let shared = Arc::clone(&shared);
                counted.fetch_add(1, Ordering::SeqCst);
                thread::spawn(move || answer(stream, &shared));
            }
        });
        Self { issuer, replies, questions }
    }

    fn of(pairs: &[&Pair]) -> Self {
        let provider = Self::start();
        provider.publish(pairs);
        provider
    }

    fn publish(&self, pairs: &[&Pair]) {
        let keys: Vec<_> = pairs.iter().map(|pair| pair.jwk()).collect();
        self.publish_jwks(json!({ "keys": keys }));
    }

    fn publish_jwks(&self, jwks: Value) {
        let discovery = self.discovery();
        self.reply(move |path| match path {
            "/.well-known/openid-configuration" => Reply::Json(discovery.clone()),
            "/jwks" => Reply::Json(jwks.clone()),
            _ => Reply::Status(404),
        });
    }

    fn discovery(&self) -> Value {
        json!({"issuer": self.issuer, "jwks_uri": format!("{}/jwks", self.issuer)})
    }

    fn reply(&self, replies: impl Fn(&str) -> Reply + Send + 'static) {
        *self.replies.lock().unwrap() = Box::new(replies);
    }

    /// How many requests came in.
    fn questions(&self) -> usize {
        self.questions.load(Ordering::SeqCst)
    }

    fn config(&self) -> OidcConfig {
        OidcConfig { issuer: self.issuer.clone(), client_id: CLIENT.to_owned() }
    }

    fn verifier(&self) -> OidcVerifier {
        OidcVerifier::new(&self.config()).unwrap()
    }

    fn hurried(&self, change: impl FnOnce(&mut Pace)) -> OidcVerifier {
        let mut pace = Pace { timeout: Duration::from_millis(500), ..Pace::default() };
        change(&mut pace);
        OidcVerifier::with_pace(&self.config(), pace).unwrap()
    }

    fn claims(&self) -> Value {
        let now = Utc::now().timestamp();
        json!({"iss": self.issuer, "sub": "salma", "aud": CLIENT, "iat": now, "exp": now + 300})
    }
}

fn answer(mut stream: TcpStream, replies: &Replies) {
    let mut request = Vec::new();
    let mut buffer = [0; 1024];
    while !request.windows(4).any(|end| end == b"\r\n\r\n") {
        match stream.read(&mut buffer) {
            Ok(length) if length > 0 => request.extend_from_slice(&buffer[..length]),
            _ => return,
        }
    }
    let request = String::from_utf8_lossy(&request).into_owned();
    let path = request.split(' ').nth(1).unwrap_or_default();
    let reply = replies.lock().unwrap()(path);
    let (head, body) = match reply {
        Reply::Json(value) => ("200 OK".to_owned(), value.to_string().into_bytes()),
        Reply::Bytes(length) => ("200 OK".to_owned(), vec![b' '; length]),
        Reply::Redirect(to) => (format!("302 Found\r\nLocation: {to}"), Vec::new()),
        Reply::Status(status) => (format!("{status} No"), Vec::new()),
        Reply::Hang => {
            // Until the other side gives up.
            let _closed = stream.read(&mut buffer);
            return;
        }
    };
    let length = body.len();
    let head = format!("HTTP/1.1 {head}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n");
    // The other side may have seen enough.
    let _gone = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(&body));
}

/// The reason of a refusal.
fn refusal(outcome: Result<Identity, OidcError>) -> Refusal {
    match outcome.unwrap_err() {
        OidcError::Unusable(refusal) => refusal,
        OidcError::Away(error) => panic!("the provider is away: {error}"),
    }
}

/// What is wrong with the provider.
fn fault(outcome: Result<Identity, OidcError>) -> ProviderError {
    match outcome.unwrap_err() {
        OidcError::Away(error) => error,
        OidcError::Unusable(refusal) => panic!("the token was refused: {refusal}"),
    }
}
