//! Accounts, the keys of tokens, sessions and sign-in at another provider.

use std::time::Duration;

use openssl::pkey::{PKey, Private, Public};
use secrecy::SecretString;
use url::{Host, Url};

use crate::config::key_file;
use crate::config::reader::Reader;

const DAY: u64 = 24 * 60 * 60;

/// With what tokens are signed: this algorithm and no other is accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SigningAlgorithm {
    /// HMAC with SHA-256: whoever verifies can sign too.
    Hs256,
    /// Ed25519.
    EdDsa,
    /// RSA (PKCS #1 v1.5) with SHA-256.
    Rs256,
}

/// Who may make an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Registration {
    /// Anybody.
    Open,
    /// Whoever was invited.
    Invite,
    /// Nobody.
    Closed,
}

/// The OpenID provider whose users may sign in here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OidcConfig {
    /// `OIDC_ISSUER`, character by character as the provider names itself.
    pub issuer: String,
    /// `OIDC_CLIENT_ID`: the audience of its ID tokens that are meant for this service.
    pub client_id: String,
}

/// Accounts and tokens.
#[derive(Debug, Clone)]
pub struct AuthConfig {
    /// `JWT_ALGORITHM`: `HS256` (default), `EdDSA` or `RS256`.
    pub algorithm: SigningAlgorithm,
    /// `JWT_SECRET`, at least 32 characters. There always is one for HS256.
    pub jwt_secret: Option<SecretString>,
    /// `JWT_SECRET_PREVIOUS`, comma-separated: verify, but sign no more.
    pub jwt_secrets_previous: Vec<SecretString>,
    /// `JWT_KEY_FILE`, of the kind that the algorithm asks for. There always is
    /// one for the others than HS256.
    pub jwt_key: Option<PKey<Private>>,
    /// `JWT_KEY_FILES_PREVIOUS`, comma-separated: verify, but sign no more.
    pub jwt_keys_previous: Vec<PKey<Public>>,
    /// `TOKEN_ISSUER`, default `wathiqa`.
    pub token_issuer: String,
    /// `TOKEN_AUDIENCE`, default `wathiqa`.
    pub token_audience: String,
    /// `LEGACY_TOKENS`, default on: whether tokens of exactly `sub`, `iat` and `exp`
    /// are accepted that another service signed with the secret. HS256 only.
    pub legacy_tokens: bool,
    /// `ACCESS_TOKEN_MINUTES`, default 60, at most 1440.
    pub token_lifetime: Duration,
    /// `SHORT_TOKEN_MINUTES`, default 15, at most 1440: of an access token that
    /// comes with a refresh token.
    pub short_token_lifetime: Duration,
    /// `REFRESH_IDLE_DAYS`, default 14: a session ends that was not used for so long.
    pub refresh_idle: Duration,
    /// `REFRESH_DAYS`, default 30: a session ends after it in any case.
    pub refresh_lifetime: Duration,
    /// `PASSWORD_MIN_LENGTH`, default 12; 6 suits the legacy test clients.
    pub password_min_length: usize,
    /// `COMMON_PASSWORDS`: `refuse` or `allow` those that are easily guessed; by default
    /// refused where `PASSWORD_MIN_LENGTH` is at least 8, the least that NIST SP 800-63B
    /// allows: whoever sets less means passwords of tests.
    pub refuse_common: bool,
    /// `REGISTRATION`: `open` (default), `invite` or `closed`.
    pub registration: Registration,
    /// `OIDC_ISSUER` and `OIDC_CLIENT_ID`; none is off.
    pub oidc: Option<OidcConfig>,
}

impl AuthConfig {
    pub(super) fn read(reader: &mut Reader<'_>) -> Option<Self> {
        let algorithm = read_algorithm(reader);
        let shared = algorithm == SigningAlgorithm::Hs256;
        let (jwt_secret, jwt_secrets_previous) = read_secrets(reader, shared);
        let jwt_key = key_file::read_private(reader, "JWT_KEY_FILE", algorithm);
        let jwt_keys_previous =
            key_file::read_previous(reader, "JWT_KEY_FILES_PREVIOUS", algorithm);
        let token_issuer = read_name(reader, "TOKEN_ISSUER");
        let token_audience = read_name(reader, "TOKEN_AUDIENCE");
        let legacy = reader.switch("LEGACY_TOKENS", true);
        let minutes = |reader: &mut Reader<'_>, name, default| {
            Duration::from_secs(60 * reader.number(name, default, 1..=1440))
        };
        let token_lifetime = minutes(reader, "ACCESS_TOKEN_MINUTES", 60);
        let short_token_lifetime = minutes(reader, "SHORT_TOKEN_MINUTES", 15);
        let (refresh_idle, refresh_lifetime) = read_refresh(reader);
        let password_min_length = reader.number("PASSWORD_MIN_LENGTH", 12, 6..=128);
        let refuse_common = reader.parsed(
            "COMMON_PASSWORDS",
            password_min_length >= 8,
            "refuse or allow",
            |value| match value {
                "refuse" => Some(true),
                "allow" => Some(false),
                _ => None,
            },
        );
        let registration = read_registration(reader);
        let oidc = read_oidc(reader);
        // What is missing was told already; the rest is read all the same.
        let is_complete = if shared { jwt_secret.is_some() } else { jwt_key.is_some() };
        is_complete.then_some(Self {
            algorithm,
            jwt_secret,
            jwt_secrets_previous,
            jwt_key,
            jwt_keys_previous,
            token_issuer,
            token_audience,
            legacy_tokens: legacy && shared,
            token_lifetime,
            short_token_lifetime,
            refresh_idle,
            refresh_lifetime,
            password_min_length,
            refuse_common,
            registration,
            oidc,
        })
    }
}

fn read_algorithm(reader: &mut Reader<'_>) -> SigningAlgorithm {
    let expected = "HS256, EdDSA or RS256";
    reader.parsed("JWT_ALGORITHM", SigningAlgorithm::Hs256, expected, |value| match value {
        "HS256" => Some(SigningAlgorithm::Hs256),
        "EdDSA" => Some(SigningAlgorithm::EdDsa),
        "RS256" => Some(SigningAlgorithm::Rs256),
        _ => None,
    })
}

fn read_secrets(
    reader: &mut Reader<'_>,
    is_required: bool,
) -> (Option<SecretString>, Vec<SecretString>) {
    let is_long = |value: &str| value.chars().count() >= 32;
    let expected = "at least 32 characters, such as `openssl rand -hex 32` prints";
    let secret = if is_required {
        reader.required("JWT_SECRET", expected, is_long)
    } else {
        let secret = reader.parsed("JWT_SECRET", None, expected, |value| {
            is_long(value).then(|| Some(value.to_owned()))
        });
        secret.map(SecretString::from)
    };
    let expected = "secrets of at least 32 characters each, comma-separated";
    let previous = reader.parsed("JWT_SECRET_PREVIOUS", Vec::new(), expected, |value| {
        let secrets = value.split(',').map(str::trim).filter(|secret| !secret.is_empty());
        secrets.map(|secret| is_long(secret).then(|| SecretString::from(secret))).collect()
    });
    (secret, previous)
}

/// A name that goes into every token: `wathiqa` unless told otherwise.
fn read_name(reader: &mut Reader<'_>, name: &'static str) -> String {
    let expected = "at most 200 characters without spaces";
    reader.parsed(name, "wathiqa".to_owned(), expected, |value| {
        let is_plain =
            !value.contains(|letter: char| letter.is_whitespace() || letter.is_control());
        (is_plain && value.len() <= 200).then(|| value.to_owned())
    })
}

fn read_refresh(reader: &mut Reader<'_>) -> (Duration, Duration) {
    let idle = reader.number("REFRESH_IDLE_DAYS", 14, 1..=365);
    // Whoever raises the first alone means sessions to last as long.
    let absolute = reader.number("REFRESH_DAYS", idle.max(30), 1..=365);
    if absolute < idle {
        reader.wrong("REFRESH_DAYS", "no less than REFRESH_IDLE_DAYS");
    }
    (Duration::from_secs(DAY * idle), Duration::from_secs(DAY * absolute))
}

fn read_registration(reader: &mut Reader<'_>) -> Registration {
    let expected = "open, invite or closed";
    reader.parsed("REGISTRATION", Registration::Open, expected, |value| match value {
        "open" => Some(Registration::Open),
        "invite" => Some(Registration::Invite),
        "closed" => Some(Registration::Closed),
        _ => None,
    })
}

fn read_oidc(reader: &mut Reader<'_>) -> Option<OidcConfig> {
    let expected = "a URL such as https://accounts.example.org; http is for this machine alone";
    let issuer = reader.parsed("OIDC_ISSUER", None, expected, |value| {
        is_issuer(value).then(|| Some(value.to_owned()))
    });
    let client_id = reader.text("OIDC_CLIENT_ID");
    match (issuer, client_id) {
        (Some(issuer), Some(client_id)) => Some(OidcConfig { issuer, client_id }),
        (Some(_), None) => {
            reader.missing("OIDC_CLIENT_ID", "the client that OIDC_ISSUER knows this service as");
            None
        }
        (None, _) => None,
    }
}

/// OpenID Connect Discovery 1.0, section 3: https, no query, no fragment.
fn is_issuer(text: &str) -> bool {
    let Ok(url) = Url::parse(text) else { return false };
    let is_bare = url.query().is_none() && url.fragment().is_none();
    is_bare && url.username().is_empty() && url.password().is_none() && is_private_or_tls(&url)
}

/// Whether nobody on the way can read or change what is fetched from there:
/// https, or http to this machine.
pub fn is_private_or_tls(url: &Url) -> bool {
    let is_local = match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => return false,
    };
    url.scheme() == "https" || (url.scheme() == "http" && is_local)
}

#[cfg(test)]
mod tests;
