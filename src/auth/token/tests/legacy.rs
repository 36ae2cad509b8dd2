//! Tokens of the service that shares the secret.

use super::*;

#[test]
fn a_token_of_the_service_that_shares_the_secret_is_valid() {
    for header in [legacy_header(), json!({"alg": "HS256"}), json!({"typ": "jwt", "alg": "HS256"})]
    {
        let claims = outcome(&header, &legacy_payload()).unwrap();

        assert_eq!((claims.user, claims.version, claims.session), (UserId(7), None, None));
    }
}

#[test]
fn a_token_of_this_service_before_it_had_a_profile_is_valid() {
    let payload = with(legacy_payload(), "jti", json!(Uuid::new_v4().to_string()));

    assert!(outcome(&legacy_header(), &payload).is_ok());
}

#[test]
fn a_signature_with_another_secret_is_refused() {
    let token =
        signed(&legacy_header(), &legacy_payload(), b"another secret, as long as the first");

    assert_eq!(tokens().verify(&token), Err(TokenError::Signature));
}

#[test]
fn the_secret_before_is_tried_too_while_it_is_listed() {
    let token = signed(&legacy_header(), &legacy_payload(), BEFORE.as_bytes());

    let rotated = tokens_with(&[("JWT_SECRET_PREVIOUS", BEFORE)]);

    assert_eq!(rotated.verify(&token).unwrap().user, UserId(7));
    assert_eq!(tokens().verify(&token), Err(TokenError::Signature));
}

#[test]
fn an_expired_token_of_the_secret_before_is_told_as_expired() {
    let payload = with(legacy_payload(), "exp", json!(in_seconds(-60)));
    let token = signed(&legacy_header(), &payload, BEFORE.as_bytes());

    let rotated = tokens_with(&[("JWT_SECRET_PREVIOUS", BEFORE)]);

    assert_eq!(rotated.verify(&token), Err(TokenError::Expired));
}

#[test]
fn the_profile_can_be_switched_off() {
    let strict = tokens_with(&[("LEGACY_TOKENS", "off")]);
    let token = signed(&legacy_header(), &legacy_payload(), SECRET.as_bytes());

    assert_eq!(strict.verify(&token), Err(TokenError::UnknownKey));
    assert!(strict.verify(&strict.issue(&grant()).unwrap()).is_ok());
}

#[test]
fn a_wrong_issuer_audience_or_type_is_refused_where_a_right_one_is_not_needed() {
    for (claim, value) in [
        ("iss", json!("another")),
        ("aud", json!("another")),
        ("aud", json!(["another"])),
        ("aud", json!([])),
    ] {
        let payload = with(legacy_payload(), claim, value);
        assert_eq!(refusal(&legacy_header(), &payload), TokenError::Foreign, "{payload}");
    }
    for (claim, value) in [("iss", json!(["wathiqa"])), ("aud", json!(5))] {
        let payload = with(legacy_payload(), claim, value);
        assert_eq!(refusal(&legacy_header(), &payload), TokenError::Malformed, "{payload}");
    }
    for name in [json!("at+jwt"), json!("logout+jwt"), json!("")] {
        let header = with(legacy_header(), "typ", name);
        assert_eq!(refusal(&header, &legacy_payload()), TokenError::Foreign, "{header}");
    }
    for claim in ["iss", "aud"] {
        let payload = with(legacy_payload(), claim, json!("wathiqa"));
        assert!(outcome(&legacy_header(), &payload).is_ok(), "{payload}");
        let mut null = legacy_payload();
        null[claim] = Value::Null;
        assert_eq!(refusal(&legacy_header(), &null), TokenError::Malformed);
    }
}

#[test]
fn what_was_signed_for_another_use_is_refused() {
    for (claim, value) in [
        ("purpose", json!("reset-password")),
        ("scope", json!("openid")),
        ("ver", json!(0)),
        ("sid", json!(Uuid::new_v4().to_string())),
        ("email", json!("someone@example.ma")),
    ] {
        let payload = with(legacy_payload(), claim, value);
        assert_eq!(refusal(&legacy_header(), &payload), TokenError::Malformed, "{payload}");
    }
}

#[test]
fn a_token_that_lacks_or_misspells_a_claim_is_refused() {
    for claim in ["sub", "iat", "exp"] {
        let payload = with(legacy_payload(), claim, Value::Null);
        assert_eq!(refusal(&legacy_header(), &payload), TokenError::Malformed, "without {claim}");
    }
    for (claim, value) in [
        ("sub", json!(7)),
        ("sub", json!("7; DROP TABLE users")),
        ("sub", json!("٧")),
        ("exp", json!("tomorrow")),
        ("exp", json!(i64::MAX)),
        ("nbf", json!(in_seconds(30))),
        ("iat", json!(in_seconds(3600))),
    ] {
        let payload = with(legacy_payload(), claim, value);
        assert_eq!(refusal(&legacy_header(), &payload), TokenError::Malformed, "{payload}");
    }
}

#[test]
fn our_own_token_without_its_key_is_no_legacy_token() {
    let header = with(own_header(), "kid", Value::Null);

    assert_eq!(refusal(&header, &own_payload()), TokenError::Malformed);
    let payload = with(own_payload(), "ver", Value::Null);
    assert_eq!(refusal(&header, &payload), TokenError::Foreign);
}
