//! ID tokens that are let in, and all the others.

use super::*;
use crate::digest::hmac;

fn with(mut claims: Value, member: &str, other: Value) -> Value {
    match other {
        Value::Null => claims.as_object_mut().unwrap().shift_remove(member),
        other => claims.as_object_mut().unwrap().insert(member.to_owned(), other),
    };
    claims
}

#[tokio::test]
async fn a_token_of_either_algorithm_tells_who_signed_in() {
    for pair in [Pair::rsa("a"), Pair::ec("b")] {
        let provider = StandIn::of(&[&pair]);
        let mut claims = provider.claims();
        claims["email"] = "salma@example.ma".into();
        claims["email_verified"] = true.into();
        claims["name"] = "Salma".into();

        let token = pair.sign(&pair.header(), &claims);
        let identity = provider.verifier().verify(&token, None).await.unwrap();

        assert_eq!((&identity.issuer, identity.subject.as_str()), (&provider.issuer, "salma"));
        assert_eq!(identity.email.as_deref(), Some("salma@example.ma"));
        assert!(identity.email_verified);
        assert_eq!(identity.name.as_deref(), Some("Salma"));
        assert!((identity.expires_at - Utc::now()).num_seconds() > 290);
        let shown = format!("{identity:?}");
        assert!(!shown.contains("salma") && !shown.contains("Salma"), "{shown}");
    }
}

#[tokio::test]
async fn an_address_is_verified_only_where_the_provider_says_so() {
    let pair = Pair::ec("a");
    let provider = StandIn::of(&[&pair]);
    let verifier = provider.verifier();
    for (told, verified) in [
        (Value::Null, false),
        (json!(false), false),
        (json!("false"), false),
        (json!(1), false),
        (json!("true"), true),
        (json!(true), true),
    ] {
        let claims = with(provider.claims(), "email_verified", told.clone());
        let token = pair.sign(&pair.header(), &claims);
        let identity = verifier.verify(&token, None).await.unwrap();
        assert_eq!(identity.email_verified, verified, "{told}");
    }
}

#[tokio::test]
async fn what_an_id_token_says_has_to_be_right() {
    let pair = Pair::ec("a");
    let provider = StandIn::of(&[&pair]);
    let verifier = provider.verifier();
    let now = Utc::now().timestamp();
    let wrong = [
        ("iss", json!("https://another.example.ma"), Refusal::Foreign),
        ("iss", json!(format!("{}/", provider.issuer)), Refusal::Foreign),
        ("iss", json!([provider.issuer]), Refusal::Malformed),
        ("iss", Value::Null, Refusal::Malformed),
        ("aud", json!("another"), Refusal::Foreign),
        ("aud", json!([]), Refusal::Foreign),
        ("aud", json!(["another", "others"]), Refusal::Foreign),
        ("aud", json!([CLIENT, "another"]), Refusal::Foreign),
        ("aud", Value::Null, Refusal::Malformed),
        ("exp", json!(now - 10), Refusal::Expired),
        ("exp", Value::Null, Refusal::Malformed),
        ("exp", json!("tomorrow"), Refusal::Malformed),
        ("iat", Value::Null, Refusal::Malformed),
        ("iat", json!(now + 3600), Refusal::Malformed),
        ("nbf", json!(now + 30), Refusal::Malformed),
        ("sub", Value::Null, Refusal::Malformed),
        ("sub", json!(""), Refusal::Malformed),
        ("sub", json!(7), Refusal::Malformed),
        ("sub", json!("x".repeat(256)), Refusal::Malformed),
        ("nonce", json!("of another question"), Refusal::Nonce),
        ("nonce", json!(""), Refusal::Nonce),
        ("more", json!("x".repeat(16 * 1024)), Refusal::TooLong),
    ];
    for (member, value, expected) in wrong {
        let claims = with(provider.claims(), member, value.clone());
        let token = pair.sign(&pair.header(), &claims);
        assert_eq!(refusal(verifier.verify(&token, None).await), expected, "{member}: {value}");
    }
}

#[tokio::test]
async fn a_token_for_several_says_that_it_was_given_to_us() {
    let pair = Pair::ec("a");
    let provider = StandIn::of(&[&pair]);
    let verifier = provider.verifier();
    let audience = |names: Value| with(provider.claims(), "aud", names);
    let token = |claims: &Value| pair.sign(&pair.header(), claims);

    assert!(verifier.verify(&token(&audience(json!([CLIENT]))), None).await.is_ok());
    let several = audience(json!(["another", CLIENT]));
    let ours = with(several.clone(), "azp", json!(CLIENT));
    assert!(verifier.verify(&token(&ours), None).await.is_ok());
    let theirs = with(several, "azp", json!("another"));
    assert_eq!(refusal(verifier.verify(&token(&theirs), None).await), Refusal::Foreign);
}

#[tokio::test]
async fn a_nonce_is_the_same_on_both_sides_or_on_none() {
    let pair = Pair::ec("a");
    let provider = StandIn::of(&[&pair]);
    let verifier = provider.verifier();
    let without = pair.sign(&pair.header(), &provider.claims());
    let with = pair.sign(&pair.header(), &with(provider.claims(), "nonce", json!("n-1")));

    assert!(verifier.verify(&with, Some("n-1")).await.is_ok());
    assert!(verifier.verify(&without, None).await.is_ok());
    assert_eq!(refusal(verifier.verify(&with, Some("n-2")).await), Refusal::Nonce);
    assert_eq!(refusal(verifier.verify(&with, None).await), Refusal::Nonce);
    assert_eq!(refusal(verifier.verify(&without, Some("n-1")).await), Refusal::Nonce);
}

#[tokio::test]
async fn the_key_decides_the_algorithm() {
    let (rsa, ec) = (Pair::rsa("a"), Pair::ec("b"));
    let provider = StandIn::of(&[&rsa, &ec]);
    let verifier = provider.verifier();
    for algorithm in ["none", "None", "NONE", "HS256", "HS512", "RS384", "PS256", "EdDSA", ""] {
        let header = with(rsa.header(), "alg", json!(algorithm));
        let token = rsa.sign(&header, &provider.claims());
        assert_eq!(refusal(verifier.verify(&token, None).await), Refusal::Malformed);
        let unsigned = format!("{}.", message(&header, &provider.claims()));
        assert_eq!(refusal(verifier.verify(&unsigned, None).await), Refusal::Malformed);
    }
    // The public key as the secret of an HMAC, under every name that it might pass by.
    for (algorithm, expected) in [("HS256", Refusal::Malformed), ("RS256", Refusal::Signature)] {
        let header = with(rsa.header(), "alg", json!(algorithm));
        for secret in [rsa.key.public_key_to_pem().unwrap(), rsa.key.public_key_to_der().unwrap()] {
            let message = message(&header, &provider.claims());
            let code = hmac(&secret, message.as_bytes());
            let token = format!("{message}.{}", part(&code));
            assert_eq!(refusal(verifier.verify(&token, None).await), expected);
        }
    }
    // The other algorithm than that of the key that is named.
    let header = json!({"alg": "ES256", "kid": rsa.kid});
    let token = ec.sign(&header, &provider.claims());
    assert_eq!(refusal(verifier.verify(&token, None).await), Refusal::UnknownKey);
}

#[tokio::test]
async fn a_signature_by_another_key_is_refused() {
    for (ours, other) in [(Pair::rsa("a"), Pair::rsa("a")), (Pair::ec("a"), Pair::ec("a"))] {
        let provider = StandIn::of(&[&ours]);
        let verifier = provider.verifier();
        let forged = other.sign(&ours.header(), &provider.claims());
        assert_eq!(refusal(verifier.verify(&forged, None).await), Refusal::Signature);

        let token = ours.sign(&ours.header(), &provider.claims());
        for length in 0..token.len() {
            assert!(verifier.verify(&token[..length], None).await.is_err(), "of {length}");
        }
    }
}

#[tokio::test]
async fn a_token_of_another_use_is_refused() {
    let pair = Pair::ec("a");
    let provider = StandIn::of(&[&pair]);
    let verifier = provider.verifier();
    for (member, value, expected) in [
        ("typ", json!("at+jwt"), Refusal::Foreign),
        ("typ", json!("logout+jwt"), Refusal::Foreign),
        ("typ", json!(1), Refusal::Foreign),
        ("crit", json!(["b64"]), Refusal::Malformed),
        ("kid", json!(["a"]), Refusal::UnknownKey),
        ("kid", json!("../a"), Refusal::UnknownKey),
        ("kid", json!(""), Refusal::UnknownKey),
    ] {
        let token = pair.sign(&with(pair.header(), member, value), &provider.claims());
        assert_eq!(refusal(verifier.verify(&token, None).await), expected, "{member}");
    }
    let untyped = pair.sign(&with(pair.header(), "typ", Value::Null), &provider.claims());
    assert!(verifier.verify(&untyped, None).await.is_ok());
    for nonsense in ["", ".", "..", "a.b.c", "é.é.é", "W10.e30.AA"] {
        assert_eq!(refusal(verifier.verify(nonsense, None).await), Refusal::Malformed);
    }
}

#[tokio::test]
async fn a_key_has_to_be_named_where_there_are_several() {
    let (one, two) = (Pair::rsa("a"), Pair::rsa("b"));
    let provider = StandIn::of(&[&one, &two]);
    let unnamed = |pair: &Pair, provider: &StandIn| {
        pair.sign(&with(pair.header(), "kid", Value::Null), &provider.claims())
    };

    let outcome = provider.verifier().verify(&unnamed(&one, &provider), None).await;

    assert_eq!(refusal(outcome), Refusal::UnknownKey);
    let alone = StandIn::of(&[&one]);
    assert!(alone.verifier().verify(&unnamed(&one, &alone), None).await.is_ok());
}

#[tokio::test]
async fn keys_of_another_use_or_strength_are_left_out() {
    let pair = Pair::rsa("a");
    let weak = Pair { kid: "a", key: PKey::from_rsa(Rsa::generate(1024).unwrap()).unwrap() };
    let jwk = |member: &str, value: Value| with(pair.jwk(), member, value);
    let keys = [
        jwk("use", json!("enc")),
        jwk("key_ops", json!(["encrypt"])),
        jwk("alg", json!("RS512")),
        jwk("kty", json!("oct")),
        jwk("n", json!("not base64!")),
        json!("nonsense"),
        json!({"kty": "oct", "kid": "a", "k": part(b"secret")}),
        with(Pair::ec("a").jwk(), "y", json!(part(&[1; 32]))),
        weak.jwk(),
    ];
    for key in keys {
        let provider = StandIn::start();
        provider.publish_jwks(json!({ "keys": [key] }));
        let signer = if key == weak.jwk() { &weak } else { &pair };
        let token = signer.sign(&pair.header(), &provider.claims());
        let outcome = provider.verifier().verify(&token, None).await;
        assert_eq!(refusal(outcome), Refusal::UnknownKey, "{key}");
    }
}
