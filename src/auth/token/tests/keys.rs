//! Which key a token may be verified with: its own, of the pinned algorithm.

use jsonwebtoken::Algorithm;

use super::*;

fn header_of(tokens: &Tokens) -> Value {
    let name = match tokens.keys().algorithm() {
        Algorithm::HS256 => "HS256",
        Algorithm::RS256 => "RS256",
        _ => "EdDSA",
    };
    json!({"alg": name, "typ": "at+jwt", "kid": tokens.keys().current().0})
}

#[test]
fn each_algorithm_verifies_what_it_signs() {
    for tokens in
        [tokens_of_pair("EdDSA", &ed25519(), &[]), tokens_of_pair("RS256", &rsa(), &[]), tokens()]
    {
        let token = tokens.issue(&grant()).unwrap();

        assert_eq!(tokens.verify(&token).unwrap().version, Some(3));
        let header: Value = serde_json::from_slice(
            &URL_SAFE_NO_PAD.decode(token.split('.').next().unwrap()).unwrap(),
        )
        .unwrap();
        assert_eq!(header, header_of(&tokens));
    }
}

#[test]
fn another_key_of_the_same_kind_is_refused() {
    for (ours, theirs) in [
        (tokens_of_pair("EdDSA", &ed25519(), &[]), tokens_of_pair("EdDSA", &ed25519(), &[])),
        (tokens_of_pair("RS256", &rsa(), &[]), tokens_of_pair("RS256", &rsa(), &[])),
    ] {
        let token = theirs.issue(&grant()).unwrap();
        assert_eq!(ours.verify(&token), Err(TokenError::UnknownKey));

        // Signed by them, in our name.
        let mut header = Header::new(ours.keys().algorithm());
        header.typ = Some(TYPE.to_owned());
        header.kid = Some(ours.keys().current().0.to_owned());
        let forged = encode(&header, &own_payload(), theirs.keys().current().1).unwrap();
        assert_eq!(ours.verify(&forged), Err(TokenError::Signature));
    }
}

#[test]
fn a_public_key_is_no_secret() {
    for (name, pair) in [("EdDSA", ed25519()), ("RS256", rsa())] {
        let tokens = tokens_of_pair(name, &pair, &[]);
        let jwk = tokens.keys().jwks()["keys"][0].to_string();
        let public = [
            pair.public_key_to_pem().unwrap(),
            pair.public_key_to_der().unwrap(),
            jwk.into_bytes(),
            SECRET.into(),
        ];
        for secret in public {
            let header = with(header_of(&tokens), "alg", json!("HS256"));
            let without = with(header.clone(), "kid", Value::Null);
            let forged = [
                signed(&header, &own_payload(), &secret),
                signed(&without, &own_payload(), &secret),
                signed(&legacy_header(), &legacy_payload(), &secret),
                // What says RS256 or EdDSA and is an HMAC all the same.
                signed(&header_of(&tokens), &own_payload(), &secret),
            ];
            for token in forged {
                assert!(tokens.verify(&token).is_err(), "{name}");
            }
        }
    }
}

#[test]
fn tokens_of_one_algorithm_are_refused_by_another() {
    let pair = ed25519();
    let token = tokens_of_pair("EdDSA", &pair, &[]).issue(&grant()).unwrap();

    assert_eq!(tokens().verify(&token), Err(TokenError::UnknownKey));
    assert!(tokens_of_pair("EdDSA", &pair, &[]).verify(&token).is_ok());
    let shared = tokens().issue(&grant()).unwrap();
    assert_eq!(tokens_of_pair("EdDSA", &pair, &[]).verify(&shared), Err(TokenError::UnknownKey));
}

#[test]
fn a_kid_is_looked_up_and_nothing_else() {
    let strange = [
        json!(""),
        json!("unknown"),
        json!("../../../../dev/null"),
        json!("/proc/self/environ"),
        json!("file:///etc/passwd"),
        json!("' OR '1'='1"),
        json!("x' UNION SELECT 'secret"),
        json!("http://127.0.0.1/key"),
        json!("$(id)"),
        json!("a\u{0}b"),
        json!(0),
        json!(true),
        json!(["x"]),
        json!({"kid": "x"}),
    ];
    for kid in strange {
        let header = with(legacy_header(), "kid", kid);
        for payload in [own_payload(), legacy_payload()] {
            assert_eq!(refusal(&header, &payload), TokenError::UnknownKey, "{header}");
            // HMAC fills keys up with zeros: this is the empty one, as /dev/null would be.
            let empty = signed(&header, &payload, b"\0");
            assert_eq!(tokens().verify(&empty), Err(TokenError::UnknownKey), "{header}");
        }
    }
    let mut null = legacy_header();
    null["kid"] = Value::Null;
    assert_eq!(refusal(&null, &legacy_payload()), TokenError::UnknownKey);
}

#[test]
fn a_known_kid_is_no_way_to_the_legacy_profile() {
    for name in ["JWT", "at+jwt"] {
        let header = with(own_header(), "typ", json!(name));
        assert_eq!(refusal(&header, &legacy_payload()), TokenError::Malformed);
    }
}

#[test]
fn a_secret_is_rotated_without_signing_anybody_out() {
    let before = tokens_with(&[("JWT_SECRET", BEFORE)]);
    let during = tokens_with(&[("JWT_SECRET_PREVIOUS", BEFORE)]);
    let old = before.issue(&grant()).unwrap();

    assert!(during.verify(&old).is_ok());
    assert_eq!(during.keys().current().0, tokens().keys().current().0);
    assert_eq!(tokens().verify(&old), Err(TokenError::UnknownKey));
    // A replica that was not restarted yet is given the new secret beforehand.
    let prepared = tokens_with(&[("JWT_SECRET", BEFORE), ("JWT_SECRET_PREVIOUS", SECRET)]);
    assert!(prepared.verify(&during.issue(&grant()).unwrap()).is_ok());
}

#[test]
fn a_pair_is_rotated_without_signing_anybody_out() {
    for (name, old, new) in [("EdDSA", ed25519(), ed25519()), ("RS256", rsa(), rsa())] {
        let token = tokens_of_pair(name, &old, &[]).issue(&grant()).unwrap();
        let during = tokens_of_pair(name, &new, &[&old]);

        assert!(during.verify(&token).is_ok());
        assert_eq!(during.keys().jwks()["keys"].as_array().unwrap().len(), 2);
        let after = tokens_of_pair(name, &new, &[]);
        assert_eq!(after.verify(&token), Err(TokenError::UnknownKey));
        assert_eq!(after.keys().jwks()["keys"].as_array().unwrap().len(), 1);
    }
}

#[test]
fn published_keys_are_public_and_secrets_are_not_published() {
    assert_eq!(tokens().keys().jwks(), json!({"keys": []}));
    for (name, pair, members) in
        [("EdDSA", ed25519(), vec!["kty", "crv", "x"]), ("RS256", rsa(), vec!["kty", "n", "e"])]
    {
        let tokens = tokens_of_pair(name, &pair, &[&pair]);

        let jwks = tokens.keys().jwks();

        assert_eq!(jwks["keys"].as_array().unwrap().len(), 1);
        let jwk = &jwks["keys"][0];
        let told: Vec<_> = jwk.as_object().unwrap().keys().map(String::as_str).collect();
        let expected = members.iter().chain(&["use", "alg", "kid"]);
        assert!(expected.clone().all(|member| told.contains(member)), "{told:?}");
        assert_eq!(told.len(), expected.count(), "{told:?}");
        assert_eq!((&jwk["use"], &jwk["alg"]), (&json!("sig"), &json!(name)));
        assert_eq!(jwk["kid"], tokens.keys().current().0);
        let known: jsonwebtoken::jwk::JwkSet = serde_json::from_value(jwks.clone()).unwrap();
        assert_eq!(known.keys.len(), 1);
    }
}

#[test]
fn keys_do_not_show_in_debug_output() {
    let shown = format!("{:?} {:?}", config(&[]), tokens().keys());
    let pair = tokens_of_pair("EdDSA", &ed25519(), &[]);

    assert!(!shown.contains(SECRET), "{shown}");
    assert!(!format!("{:?}", pair.keys()).contains("PRIVATE"));
}
