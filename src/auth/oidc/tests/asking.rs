//! When the provider is asked, and what becomes of a sign-in when it is of no use.

use std::time::Instant;

use super::*;

#[tokio::test]
async fn keys_are_asked_for_at_the_first_token_and_then_known() {
    let pair = Pair::ec("a");
    let provider = StandIn::of(&[&pair]);
    let verifier = provider.verifier();
    assert_eq!(provider.questions(), 0);

    for _ in 0..5 {
        let token = pair.sign(&pair.header(), &provider.claims());
        verifier.verify(&token, None).await.unwrap();
    }

    assert_eq!(provider.questions(), 2);
}

#[tokio::test]
async fn whoever_comes_at_once_shares_one_question() {
    let pair = Pair::ec("a");
    let provider = StandIn::of(&[&pair]);
    let (verifier, token) = (provider.verifier(), pair.sign(&pair.header(), &provider.claims()));

    let all = (0..20).map(|_| verifier.verify(&token, None));
    let outcomes = futures_util::future::join_all(all).await;

    assert!(outcomes.iter().all(Result::is_ok));
    assert_eq!(provider.questions(), 2);
}

#[tokio::test]
async fn a_key_that_the_provider_changes_is_found_and_the_old_one_forgotten() {
    let (old, new) = (Pair::rsa("2024"), Pair::ec("2025"));
    let provider = StandIn::of(&[&old]);
    let verifier = provider.hurried(|pace| pace.again_after = Duration::ZERO);
    let sign = |pair: &Pair| pair.sign(&pair.header(), &provider.claims());
    verifier.verify(&sign(&old), None).await.unwrap();

    provider.publish(&[&old, &new]);
    verifier.verify(&sign(&new), None).await.unwrap();
    verifier.verify(&sign(&old), None).await.unwrap();
    assert_eq!(provider.questions(), 4);
    provider.publish(&[&new]);

    let stale = provider.hurried(|pace| pace.fresh_for = Duration::ZERO);
    assert_eq!(refusal(stale.verify(&sign(&old), None).await), Refusal::UnknownKey);
    assert!(stale.verify(&sign(&new), None).await.is_ok());
}

#[tokio::test]
async fn invented_key_names_do_not_make_us_ask() {
    let pair = Pair::ec("a");
    let provider = StandIn::of(&[&pair]);
    let verifier = provider.verifier();
    verifier.verify(&pair.sign(&pair.header(), &provider.claims()), None).await.unwrap();

    for number in 0..50 {
        let header = json!({"alg": "ES256", "kid": format!("invented {number}")});
        let token = pair.sign(&header, &provider.claims());
        assert_eq!(refusal(verifier.verify(&token, None).await), Refusal::UnknownKey);
    }

    assert_eq!(provider.questions(), 2);
}

#[tokio::test]
async fn whose_key_is_known_does_not_wait_for_a_slow_provider() {
    let pair = Pair::ec("a");
    let provider = StandIn::of(&[&pair]);
    let verifier = provider.hurried(|pace| pace.again_after = Duration::from_millis(50));
    let known = pair.sign(&pair.header(), &provider.claims());
    verifier.verify(&known, None).await.unwrap();
    provider.reply(|_| Reply::Hang);
    tokio::time::sleep(Duration::from_millis(60)).await;
    let unknown = pair.sign(&json!({"alg": "ES256", "kid": "new"}), &provider.claims());

    let other = {
        let verifier = verifier.clone();
        tokio::spawn(async move { verifier.verify(&unknown, None).await })
    };
    tokio::time::sleep(Duration::from_millis(50)).await;
    let began = Instant::now();
    verifier.verify(&known, None).await.unwrap();

    assert!(began.elapsed() < Duration::from_millis(200), "{:?}", began.elapsed());
    assert!(matches!(fault(other.await.unwrap()), ProviderError::Slow));
}

#[tokio::test]
async fn a_provider_of_no_use_is_told_as_such() {
    let pair = Pair::ec("a");
    let provider = StandIn::start();
    let token = pair.sign(&pair.header(), &provider.claims());
    let discovery = |member: &str, value: Value| {
        let mut discovery = provider.discovery();
        discovery[member] = value;
        Reply::Json(discovery)
    };
    let good = StandIn::of(&[&pair]);
    let documents = [
        (Reply::Status(404), "it answers 404"),
        (Reply::Status(500), "it answers 500"),
        (Reply::Redirect(format!("{}/.well-known/openid-configuration", good.issuer)), "302"),
        (Reply::Bytes(2 << 20), "too large"),
        (Reply::Json(json!([])), "misshapen"),
        (Reply::Json(json!({"issuer": provider.issuer})), "misshapen"),
        (discovery("issuer", json!(good.issuer)), "another issuer"),
        (discovery("issuer", json!(format!("{}/", provider.issuer))), "another issuer"),
        (discovery("jwks_uri", json!("http://keys.example.ma/jwks")), "not behind https"),
        (discovery("jwks_uri", json!("file:///etc/passwd")), "not behind https"),
        (Reply::Hang, "too long to answer"),
    ];
    for (document, expected) in documents {
        provider.reply(move |_| document.clone());
        let told = fault(provider.hurried(|_| ()).verify(&token, None).await).to_string();
        assert!(told.contains(expected), "{told} is not {expected}");
    }
    assert_eq!(good.questions(), 0);
}

#[tokio::test]
async fn keys_of_no_use_are_told_as_such() {
    let pair = Pair::ec("a");
    let provider = StandIn::start();
    let token = pair.sign(&pair.header(), &provider.claims());
    for (keys, expected) in [
        (Reply::Hang, "too long to answer"),
        (Reply::Bytes(2 << 20), "too large"),
        (Reply::Redirect("http://127.0.0.1:1/".to_owned()), "302"),
        (Reply::Json(json!({"keys": 5})), "misshapen"),
    ] {
        let discovery = provider.discovery();
        provider.reply(move |path| match path {
            "/jwks" => keys.clone(),
            _ => Reply::Json(discovery.clone()),
        });
        let told = fault(provider.hurried(|_| ()).verify(&token, None).await).to_string();
        assert!(told.contains(expected), "{told} is not {expected}");
    }
}

#[tokio::test]
async fn a_provider_that_comes_back_is_used_again() {
    let pair = Pair::ec("a");
    let provider = StandIn::start();
    let verifier = provider.hurried(|pace| pace.retry_after = Duration::from_millis(300));
    let token = pair.sign(&pair.header(), &provider.claims());
    assert!(matches!(fault(verifier.verify(&token, None).await), ProviderError::Status(_)));

    provider.publish(&[&pair]);

    // For a moment nobody asks, however many come.
    assert!(matches!(fault(verifier.verify(&token, None).await), ProviderError::Status(_)));
    assert_eq!(provider.questions(), 1);
    tokio::time::sleep(Duration::from_millis(320)).await;
    assert!(verifier.verify(&token, None).await.is_ok());
}

#[tokio::test]
async fn a_provider_that_is_not_there_is_no_fault_of_the_token() {
    let pair = Pair::ec("a");
    let provider = StandIn::start();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let issuer = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let config = OidcConfig { issuer, client_id: CLIENT.to_owned() };
    let token = pair.sign(&pair.header(), &provider.claims());

    let told = fault(OidcVerifier::new(&config).unwrap().verify(&token, None).await);

    assert!(told.to_string().contains("Connection refused"), "{told}");
}

#[tokio::test]
async fn nobody_waits_longer_for_having_come_together() {
    let pair = Pair::ec("a");
    let provider = StandIn::start();
    provider.reply(|_| Reply::Hang);
    let (verifier, token) =
        (provider.hurried(|_| ()), pair.sign(&pair.header(), &provider.claims()));

    let began = Instant::now();
    let all = (0..20).map(|_| verifier.verify(&token, None));
    let outcomes = futures_util::future::join_all(all).await;

    assert!(outcomes.iter().all(Result::is_err));
    assert!(began.elapsed() < Duration::from_secs(2), "{:?}", began.elapsed());
    assert_eq!(provider.questions(), 1);
}
