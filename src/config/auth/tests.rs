//! Settings of accounts and tokens, with key files as operators make them.

use std::io::Write;

use openssl::rsa::Rsa;
use openssl::symm::Cipher;
use tempfile::NamedTempFile;

use super::*;
use crate::config::{Config, ConfigErrors};

const SECRET: &str = "0123456789abcdef0123456789abcdef";

fn config(variables: &[(&str, &str)]) -> Result<AuthConfig, ConfigErrors> {
    let value = |name: &str| {
        let database = ("DATABASE_URL", "postgres://nobody@localhost/none");
        let mut all = variables.iter().chain(std::iter::once(&database));
        all.find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
    };
    Config::from_lookup(&value).map(|config| config.auth)
}

fn shared(variables: &[(&str, &str)]) -> Result<AuthConfig, ConfigErrors> {
    config(&[&[("JWT_SECRET", SECRET)], variables].concat())
}

fn wrong_names(outcome: Result<AuthConfig, ConfigErrors>) -> Vec<&'static str> {
    outcome.unwrap_err().0.iter().map(|error| error.name).collect()
}

fn file(content: &[u8]) -> (NamedTempFile, String) {
    let mut file = NamedTempFile::new().unwrap();
    file.write_all(content).unwrap();
    let path = file.path().to_str().unwrap().to_owned();
    (file, path)
}

fn pem(key: &PKey<Private>) -> Vec<u8> {
    key.private_key_to_pem_pkcs8().unwrap()
}

fn rsa(bits: u32) -> PKey<Private> {
    PKey::from_rsa(Rsa::generate(bits).unwrap()).unwrap()
}

fn told(algorithm: &str, content: &[u8]) -> String {
    let (_kept, path) = file(content);
    let errors =
        config(&[("JWT_ALGORITHM", algorithm), ("JWT_KEY_FILE", &path)]).unwrap_err().to_string();
    assert!(!errors.contains(&path), "{errors}");
    errors
}

#[test]
fn a_secret_alone_gives_the_defaults() {
    let auth = shared(&[]).unwrap();

    assert_eq!(auth.algorithm, SigningAlgorithm::Hs256);
    assert_eq!((auth.token_issuer.as_str(), auth.token_audience.as_str()), ("wathiqa", "wathiqa"));
    assert!(auth.legacy_tokens);
    assert_eq!(auth.short_token_lifetime, Duration::from_secs(900));
    assert_eq!(auth.refresh_idle, Duration::from_secs(14 * DAY));
    assert_eq!(auth.refresh_lifetime, Duration::from_secs(30 * DAY));
    assert_eq!((auth.registration, auth.oidc), (Registration::Open, None));
}

#[test]
fn each_algorithm_asks_for_its_own_key() {
    assert_eq!(wrong_names(config(&[])), ["JWT_SECRET"]);
    for algorithm in ["EdDSA", "RS256"] {
        let outcome = config(&[("JWT_ALGORITHM", algorithm), ("JWT_SECRET", SECRET)]);
        assert_eq!(wrong_names(outcome), ["JWT_KEY_FILE"]);
    }
    for unknown in ["none", "HS512", "ES256", "eddsa"] {
        assert_eq!(wrong_names(shared(&[("JWT_ALGORITHM", unknown)])), ["JWT_ALGORITHM"]);
    }
}

#[test]
fn every_secret_has_to_be_long_and_none_is_told() {
    let (short, long) = ("a-short-one", "another-0123456789abcdef0123456789");
    let both = format!("{long}, {short}");

    let errors = shared(&[("JWT_SECRET_PREVIOUS", &both)]).unwrap_err();

    assert_eq!(errors.0[0].name, "JWT_SECRET_PREVIOUS");
    assert!(!errors.to_string().contains(short), "{errors}");
    let two = format!("{long},{SECRET},");
    let auth = shared(&[("JWT_SECRET_PREVIOUS", &two)]).unwrap();
    assert_eq!(auth.jwt_secrets_previous.len(), 2);
    let shown = format!("{auth:?}");
    assert!(!shown.contains(long) && !shown.contains(SECRET), "{shown}");
}

#[test]
fn key_files_are_read_private_or_public() {
    let keys = [
        ("EdDSA", PKey::generate_ed25519().unwrap(), PKey::generate_ed25519().unwrap()),
        ("RS256", rsa(2048), rsa(2048)),
    ];
    for (algorithm, current, before) in keys {
        let (_current, path) = file(&pem(&current));
        let (_private, private) = file(&pem(&before));
        let (_public, public) = file(&before.public_key_to_pem().unwrap());
        let previous = format!("{private}, {public}");

        let auth = config(&[
            ("JWT_ALGORITHM", algorithm),
            ("JWT_KEY_FILE", &path),
            ("JWT_KEY_FILES_PREVIOUS", &previous),
            ("MASTER_KEYS", SECRET),
        ])
        .unwrap();

        assert!(auth.jwt_key.is_some_and(|key| key.public_eq(&current)));
        assert_eq!(auth.jwt_keys_previous.len(), 2);
        assert!(auth.jwt_keys_previous.iter().all(|key| key.public_eq(&before)));
        // Whoever shares no secret can sign nothing with one.
        assert!(auth.jwt_secret.is_none() && !auth.legacy_tokens);
    }
}

#[test]
fn without_a_secret_the_keys_at_rest_are_given_by_themselves() {
    let (_current, path) = file(&pem(&PKey::generate_ed25519().unwrap()));

    let outcome = config(&[("JWT_ALGORITHM", "EdDSA"), ("JWT_KEY_FILE", &path)]);

    assert_eq!(wrong_names(outcome), ["MASTER_KEYS"]);
}

#[test]
fn what_is_wrong_with_a_key_file_is_told_by_its_variable_alone() {
    let ed25519 = PKey::generate_ed25519().unwrap();
    let locked = rsa(2048)
        .private_key_to_pem_pkcs8_passphrase(Cipher::aes_256_cbc(), b"a passphrase")
        .unwrap();

    assert!(
        told("RS256", &pem(&rsa(1024))).contains("JWT_KEY_FILE is not usable: the RSA key has")
    );
    assert!(told("RS256", &pem(&ed25519)).contains("the key is not one of RSA"));
    assert!(told("EdDSA", &pem(&rsa(2048))).contains("the key is not one of Ed25519"));
    assert!(told("EdDSA", &ed25519.public_key_to_pem().unwrap()).contains("no PEM key"));
    assert!(told("EdDSA", b"nonsense").contains("no PEM key"));
    assert!(told("RS256", &locked).contains("no PEM key, or one with a passphrase"));
    let missing = [("JWT_ALGORITHM", "EdDSA"), ("JWT_KEY_FILE", "/no/such/file")];
    let told = config(&missing).unwrap_err().to_string();
    assert!(told.contains("JWT_KEY_FILE is not usable: the file cannot be read"), "{told}");
    assert!(!told.contains("/no/such/file"), "{told}");
}

#[test]
fn a_wrong_file_among_the_previous_ones_stops_the_start() {
    let (_current, path) = file(&pem(&rsa(2048)));
    let (_short, short) = file(&pem(&rsa(1024)));
    for previous in ["/no/such/file", &short] {
        let outcome = config(&[
            ("JWT_ALGORITHM", "RS256"),
            ("JWT_KEY_FILE", &path),
            ("JWT_KEY_FILES_PREVIOUS", previous),
            ("MASTER_KEYS", SECRET),
        ]);
        assert_eq!(wrong_names(outcome), ["JWT_KEY_FILES_PREVIOUS"]);
    }
}

#[test]
fn a_session_does_not_end_before_it_may_rest() {
    let days = |idle, absolute| {
        shared(&[("REFRESH_IDLE_DAYS", idle), ("REFRESH_DAYS", absolute)])
            .map(|auth| (auth.refresh_idle.as_secs() / DAY, auth.refresh_lifetime.as_secs() / DAY))
    };

    assert_eq!(days("7", "7").unwrap(), (7, 7));
    assert_eq!(days("60", "").unwrap(), (60, 60));
    let outcome = shared(&[("REFRESH_IDLE_DAYS", "20"), ("REFRESH_DAYS", "10")]);
    assert_eq!(wrong_names(outcome), ["REFRESH_DAYS"]);
    assert_eq!(wrong_names(shared(&[("SHORT_TOKEN_MINUTES", "0")])), ["SHORT_TOKEN_MINUTES"]);
}

#[test]
fn words_are_understood_as_they_are_written() {
    for (word, meaning) in [
        ("open", Registration::Open),
        ("invite", Registration::Invite),
        ("closed", Registration::Closed),
    ] {
        assert_eq!(shared(&[("REGISTRATION", word)]).unwrap().registration, meaning);
    }
    assert!(!shared(&[("LEGACY_TOKENS", "off")]).unwrap().legacy_tokens);
    for (name, word) in
        [("REGISTRATION", "Closed"), ("LEGACY_TOKENS", "false"), ("TOKEN_ISSUER", "two words")]
    {
        assert_eq!(wrong_names(shared(&[(name, word)])), [name]);
    }
}

#[test]
fn a_provider_is_reached_over_tls_or_on_this_machine() {
    let issuer = |issuer| shared(&[("OIDC_ISSUER", issuer), ("OIDC_CLIENT_ID", "cards")]);

    for usable in [
        "https://accounts.example.ma",
        "https://id.example.ma/realms/cards",
        "https://id.example.ma/",
        "http://127.0.0.1:9400",
        "http://localhost:9400",
        "http://[::1]:9400",
    ] {
        let oidc = issuer(usable).unwrap().oidc.unwrap();
        assert_eq!((oidc.issuer.as_str(), oidc.client_id.as_str()), (usable, "cards"));
    }
    for refused in [
        "http://accounts.example.ma",
        "http://127.0.0.1.example.ma",
        "http://localhost.example.ma",
        "https://id.example.ma/?a=b",
        "https://id.example.ma/#a",
        "https://user:password@id.example.ma",
        "ftp://127.0.0.1",
        "accounts.example.ma",
    ] {
        assert_eq!(wrong_names(issuer(refused)), ["OIDC_ISSUER"], "{refused}");
    }
    let alone = shared(&[("OIDC_ISSUER", "https://accounts.example.ma")]);
    assert_eq!(wrong_names(alone), ["OIDC_CLIENT_ID"]);
    assert_eq!(shared(&[("OIDC_CLIENT_ID", "cards")]).unwrap().oidc, None);
}
