//! The profile of our own tokens, and what is no token at all.

use super::*;

#[test]
fn an_issued_token_says_what_was_granted() {
    let session = Uuid::new_v4();
    let grant = Grant { user: UserId(42), session: Some(session), ..grant() };

    let claims = tokens().verify(&tokens().issue(&grant).unwrap()).unwrap();

    assert_eq!((claims.user, claims.version), (UserId(42), Some(3)));
    assert_eq!(claims.session, Some(session));
    assert_eq!((claims.expires_at - claims.issued_at).num_seconds(), 900);
    assert!((Utc::now() - claims.issued_at).num_seconds() <= 1);
}

#[test]
fn an_issued_token_is_of_rfc_9068() {
    let token = tokens().issue(&grant()).unwrap();
    let parts: Vec<_> = token.split('.').collect();
    let part = |index: usize| -> Value {
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(parts[index]).unwrap()).unwrap()
    };

    assert_eq!(part(0), own_header());
    let payload = part(1);
    assert_eq!((&payload["iss"], &payload["aud"]), (&json!("wathiqa"), &json!("wathiqa")));
    assert_eq!((&payload["sub"], &payload["ver"]), (&json!("7"), &json!(3)));
    assert!(payload.get("sid").is_none());
}

#[test]
fn two_tokens_of_one_second_are_revoked_apart() {
    let tokens = tokens();
    let [first, second] = [(), ()].map(|()| tokens.issue(&grant()).unwrap());

    assert_ne!(tokens.verify(&first).unwrap().key, tokens.verify(&second).unwrap().key);
}

#[test]
fn every_changed_character_makes_a_token_unusable() {
    let tokens = tokens();
    let token = tokens.issue(&grant()).unwrap();
    for index in 0..token.len() {
        let mut bytes = token.clone().into_bytes();
        bytes[index] = if bytes[index] == b'A' { b'B' } else { b'A' };
        let changed = String::from_utf8(bytes).unwrap();
        assert!(tokens.verify(&changed).is_err(), "at {index}");
    }
}

#[test]
fn a_token_cut_at_any_length_is_refused() {
    for tokens in [tokens(), tokens_of_pair("EdDSA", &ed25519(), &[])] {
        let token = tokens.issue(&grant()).unwrap();
        for length in 0..token.len() {
            assert!(tokens.verify(&token[..length]).is_err(), "of {length}");
        }
        assert!(tokens.verify(&format!("{token}A")).is_err());
        assert!(tokens.verify(&format!("{token}=")).is_err());
        assert!(tokens.verify(&format!("{token}.")).is_err());
    }
}

#[test]
fn no_algorithm_but_ours_is_accepted() {
    let others = ["none", "None", "NONE", "nOnE", "", "hs256", "HS384", "HS512", "RS256", "ES256"];
    for algorithm in others {
        for header in [own_header(), legacy_header()] {
            let header = with(header, "alg", json!(algorithm));
            assert_eq!(refusal(&header, &own_payload()), TokenError::Malformed, "{header}");
            assert_eq!(refusal(&header, &legacy_payload()), TokenError::Malformed, "{header}");
        }
    }
    for algorithm in [Value::Null, json!(["HS256"]), json!(256)] {
        let header = with(own_header(), "alg", algorithm);
        assert_eq!(refusal(&header, &own_payload()), TokenError::Malformed);
    }
}

#[test]
fn an_unsigned_token_is_refused() {
    let token = tokens().issue(&grant()).unwrap();
    let (message, _) = token.rsplit_once('.').unwrap();
    assert_eq!(tokens().verify(&format!("{message}.")), Err(TokenError::Signature));

    for none in ["none", "None", "NONE", "nOnE"] {
        let header = URL_SAFE_NO_PAD.encode(with(own_header(), "alg", json!(none)).to_string());
        let payload = URL_SAFE_NO_PAD.encode(own_payload().to_string());
        for token in [format!("{header}.{payload}."), format!("{header}.{payload}")] {
            assert!(tokens().verify(&token).is_err(), "{none}");
        }
    }
}

#[test]
fn what_our_profile_demands_is_told_by_us_alone() {
    assert!(outcome(&own_header(), &own_payload()).is_ok());
    for claim in ["iss", "aud", "sub", "iat", "exp", "jti", "ver"] {
        let payload = with(own_payload(), claim, Value::Null);
        assert_eq!(refusal(&own_header(), &payload), TokenError::Malformed, "without {claim}");
        let mut null = own_payload();
        null[claim] = Value::Null;
        assert_eq!(refusal(&own_header(), &null), TokenError::Malformed, "{claim} null");
    }
    let misshapen = [
        ("sub", json!(7)),
        ("sub", json!("+7")),
        ("sub", json!("0")),
        ("sub", json!("-7")),
        ("sub", json!("7 ")),
        ("sub", json!("99999999999")),
        ("exp", json!("tomorrow")),
        ("exp", json!(i64::MAX)),
        ("iat", json!("today")),
        ("iat", json!(i64::MIN)),
        ("ver", json!("0")),
        ("ver", json!(i64::MAX)),
        ("sid", json!("no uuid")),
        ("iss", json!(["wathiqa"])),
        ("aud", json!({"wathiqa": true})),
        ("nbf", json!("later")),
    ];
    for (claim, value) in misshapen {
        let payload = with(own_payload(), claim, value);
        assert_eq!(refusal(&own_header(), &payload), TokenError::Malformed, "{payload}");
    }
    assert_eq!(refusal(&own_header(), &json!([])), TokenError::Malformed);
}

#[test]
fn a_token_of_another_issuer_audience_or_type_is_refused() {
    let foreign = [
        ("iss", json!("another")),
        ("iss", json!("")),
        ("iss", json!("Wathiqa")),
        ("aud", json!("another")),
        ("aud", json!([])),
        ("aud", json!(["another", "others"])),
    ];
    for (claim, value) in foreign {
        let payload = with(own_payload(), claim, value);
        assert_eq!(refusal(&own_header(), &payload), TokenError::Foreign, "{payload}");
    }
    for name in [json!("JWT"), json!("rt+jwt"), json!("AT+JWT"), json!(""), Value::Null] {
        let header = with(own_header(), "typ", name);
        assert_eq!(refusal(&header, &own_payload()), TokenError::Foreign, "{header}");
    }
    let several = with(own_payload(), "aud", json!(["another", "wathiqa"]));
    assert!(outcome(&own_header(), &several).is_ok());
}

#[test]
fn issuer_and_audience_are_settings() {
    let ours = tokens_with(&[("TOKEN_ISSUER", "https://a.ma"), ("TOKEN_AUDIENCE", "cards")]);
    let token = ours.issue(&grant()).unwrap();

    assert!(ours.verify(&token).is_ok());
    assert_eq!(tokens().verify(&token), Err(TokenError::Foreign));
    for other in [("TOKEN_ISSUER", "https://a.ma"), ("TOKEN_AUDIENCE", "cards")] {
        assert_eq!(tokens_with(&[other]).verify(&token), Err(TokenError::Foreign));
    }
}

#[test]
fn a_token_is_valid_in_its_time_alone() {
    let at = |claim, seconds| with(own_payload(), claim, json!(in_seconds(seconds)));

    assert_eq!(refusal(&own_header(), &at("exp", -10)), TokenError::Expired);
    assert!(outcome(&own_header(), &at("exp", -2)).is_ok());
    assert_eq!(refusal(&own_header(), &at("nbf", 30)), TokenError::Malformed);
    assert!(outcome(&own_header(), &at("nbf", -30)).is_ok());
    assert_eq!(refusal(&own_header(), &at("iat", 3600)), TokenError::Malformed);
    assert!(outcome(&own_header(), &at("iat", 3)).is_ok());
}

#[test]
fn critical_extensions_and_long_tokens_are_refused() {
    for critical in [json!(["b64"]), json!([]), json!("b64"), json!(1)] {
        let header = with(own_header(), "crit", critical);
        assert_eq!(refusal(&header, &own_payload()), TokenError::Malformed);
    }
    let long = with(own_payload(), "more", json!("x".repeat(MAX_BYTES)));
    assert_eq!(refusal(&own_header(), &long), TokenError::TooLong);
    assert_eq!(tokens().verify(&"x".repeat(1 << 20)), Err(TokenError::TooLong));
}

#[test]
fn a_key_that_a_token_brings_along_is_not_looked_at() {
    let pair = rsa().rsa().unwrap();
    let (n, e) = (pair.n().to_vec(), pair.e().to_vec());
    let jwk = json!({
        "kty": "RSA", "n": URL_SAFE_NO_PAD.encode(n), "e": URL_SAFE_NO_PAD.encode(e),
    });
    let header = with(own_header(), "jwk", jwk);
    let header = with(header, "jku", json!("http://127.0.0.1:9/keys"));

    let forged = signed(&header, &own_payload(), b"a secret of whoever made the token");

    assert_eq!(tokens().verify(&forged), Err(TokenError::Signature));
}

#[test]
fn nonsense_is_refused() {
    for token in
        ["", ".", "..", "...", "a.b.c", "é.é.é", "\0", "eyJ.eyJ.eyJ", "W10.W10.", "bnVsbA.e30."]
    {
        assert!(tokens().verify(token).is_err(), "{token:?}");
    }
}

#[test]
fn a_member_told_twice_makes_a_token_malformed() {
    let token = |header: &str, payload: &str| {
        let message =
            format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(payload));
        let signature = digest::hmac(SECRET.as_bytes(), message.as_bytes());
        format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature))
    };
    let (header, payload) = (own_header().to_string(), own_payload().to_string());
    let twice = |text: &str, member: &str| text.replacen('{', &format!("{{{member},"), 1);

    assert!(tokens().verify(&token(&header, &payload)).is_ok());
    for member in ["\"sub\":\"1\"", "\"iss\":\"wathiqa\"", "\"exp\":1", "\"ver\":9"] {
        let token = token(&header, &twice(&payload, member));
        assert_eq!(tokens().verify(&token), Err(TokenError::Malformed), "{member}");
    }
    for member in ["\"alg\":\"none\"", "\"kid\":\"x\"", "\"typ\":\"JWT\""] {
        let token = token(&twice(&header, member), &payload);
        assert_eq!(tokens().verify(&token), Err(TokenError::Malformed), "{member}");
    }
}
