//! Limits and caches with a real Redis, and with one that is away, silent, full or barred.

use std::net::{IpAddr, TcpListener};
use std::time::{Duration, Instant};

use secrecy::SecretString;
use wathiqa::cache::{Cache, CacheState, Step, TIME_LIMIT};
use wathiqa::limits::{Limits, LoginGuard, Network, Policy};

use crate::support::Redis;

const POLICY: Policy = Policy { name: "test", quota: 10, window: Duration::from_secs(3600) };
/// What a busy machine may add to the time limit.
const SLACK: Duration = Duration::from_millis(500);

fn open(url: &str) -> Cache {
    Cache::open(Some(&SecretString::from(url)))
}

/// As `open`, and never gives up on a server that is merely slow.
fn open_patiently(url: &str) -> Cache {
    Cache::with_time_limit(Some(&SecretString::from(url)), Duration::from_secs(10))
}

async fn becomes(cache: &Cache, state: CacheState) {
    let started = Instant::now();
    while cache.state() != state {
        assert!(started.elapsed() < Duration::from_secs(10), "never {state:?}");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// A replica's limits, once Redis is reached.
async fn replica(redis: &Redis) -> Limits {
    let cache = open_patiently(&redis.url());
    becomes(&cache, CacheState::Well).await;
    Limits::new(cache)
}

async fn allowed(limits: &[&Limits], key: &str, times: usize) -> usize {
    let mut count = 0;
    for turn in 0..times {
        count += usize::from(limits[turn % limits.len()].spend(POLICY, key).await.allowed);
    }
    count
}

#[tokio::test]
async fn replicas_count_together() {
    let redis = Redis::start(&[]);
    let (one, other) = (replica(&redis).await, replica(&redis).await);

    assert_eq!(allowed(&[&one, &other], "a", 30).await, 10);

    assert!(!one.would_allow(POLICY, "a").await.allowed);
    assert!(other.would_allow(POLICY, "b").await.allowed);
}

#[tokio::test]
async fn many_at_once_do_not_exceed_the_quota() {
    let redis = Redis::start(&[]);
    let (one, other) = (replica(&redis).await, replica(&redis).await);

    let tasks: Vec<_> = (0..100)
        .map(|turn| {
            let limits = if turn % 2 == 0 { one.clone() } else { other.clone() };
            tokio::spawn(async move { limits.spend(POLICY, "a").await.allowed })
        })
        .collect();
    let mut count = 0;
    for task in tasks {
        count += u32::from(task.await.unwrap());
    }

    assert_eq!(count, 10);
}

#[tokio::test]
async fn failed_log_ins_count_on_all_replicas() {
    let redis = Redis::start(&[]);
    let one = LoginGuard::new(replica(&redis).await, 20);
    let other = LoginGuard::new(replica(&redis).await, 20);
    let network = Network::from(IpAddr::from([192, 0, 2, 1]));

    for guard in [&one, &other, &one, &other, &one] {
        guard.admit("a@example.ma", network, false).await.unwrap().failed().await;
    }
    let wait = other.admit("a@example.ma", network, false).await.unwrap_err();
    assert!(wait.after <= Duration::from_secs(1), "{wait:?}");
    tokio::time::sleep(wait.after).await;
    other.admit("a@example.ma", network, false).await.unwrap().succeeded().await;

    for _ in 0..5 {
        one.admit("a@example.ma", network, true).await.unwrap().failed().await;
    }
    assert!(one.admit("a@example.ma", network, true).await.is_err());
}

#[tokio::test]
async fn all_keys_are_ours_expire_and_name_nobody() {
    let redis = Redis::start(&[]);
    let limits = replica(&redis).await;
    let guard = LoginGuard::new(limits.clone(), 20);
    let network = Network::from(IpAddr::from([192, 0, 2, 1]));

    limits.spend(POLICY, "fatima@example.ma").await;
    guard.admit("fatima@example.ma", network, false).await.unwrap().failed().await;
    limits.cache().put("answer", b"text", Duration::from_secs(9)).await;

    let told = redis.tell("KEYS *");
    let keys: Vec<_> = told.lines().filter(|line| line.contains(':')).collect();
    assert!(keys.len() >= 7, "{told}");
    for key in keys {
        assert!(key.starts_with("wathiqa:"), "{key}");
        assert!(!key.contains("fatima") && !key.contains("192.0.2.1"), "{key}");
        let kept = redis.tell(&format!("PTTL {key}"));
        assert!(kept.starts_with(':') && !kept.starts_with(":-"), "{key}: {kept}");
    }
}

#[tokio::test]
async fn what_is_put_is_found_until_it_expires() {
    let redis = Redis::start(&[]);
    let (one, other) = (open_patiently(&redis.url()), open_patiently(&redis.url()));
    becomes(&one, CacheState::Well).await;
    becomes(&other, CacheState::Well).await;

    one.put("kept", b"\0bytes\xff", Duration::from_secs(60)).await;
    one.put("brief", b"text", Duration::from_millis(20)).await;
    tokio::time::sleep(Duration::from_millis(40)).await;

    assert_eq!(other.get("kept").await.as_deref(), Some(&b"\0bytes\xff"[..]));
    assert_eq!(other.get("brief").await, None);
    assert_eq!(other.get("never").await, None);
    assert_eq!(other.state(), CacheState::Well);
}

#[tokio::test]
async fn the_age_of_a_mark_is_told_by_redis() {
    let redis = Redis::start(&[]);
    let cache = open_patiently(&redis.url());
    becomes(&cache, CacheState::Well).await;
    let keep = Duration::from_secs(60);
    let first = [Step::MarkFirst { key: "m".into(), keep }];

    assert!(cache.add(&first).await.unwrap()[0] < 55);
    tokio::time::sleep(Duration::from_millis(60)).await;
    let age = cache.add(&first).await.unwrap()[0];
    cache.add(&[Step::Mark { key: "m".into(), keep }]).await.unwrap();

    assert!((55..5000).contains(&age), "{age}");
    assert!(cache.add(&first).await.unwrap()[0] < age);
}

#[tokio::test]
async fn a_redis_that_dies_costs_no_request_and_no_limit() {
    let mut redis = Redis::start(&[]);
    let (one, other) = (replica(&redis).await, replica(&redis).await);
    assert_eq!(allowed(&[&one], "a", 6).await, 6);
    redis.kill();

    let started = Instant::now();
    // What this replica had counted still counts.
    assert_eq!(allowed(&[&one], "a", 50).await, 4);
    assert!(started.elapsed() < TIME_LIMIT + SLACK, "{:?}", started.elapsed());
    assert_eq!(one.cache().state(), CacheState::Away);
    assert_eq!(allowed(&[&other], "a", 50).await, 10);

    redis.start_again();
    becomes(one.cache(), CacheState::Well).await;
    becomes(other.cache(), CacheState::Well).await;
    assert_eq!(allowed(&[&one, &other], "b", 50).await, 10);
}

#[tokio::test]
async fn a_redis_that_hangs_costs_the_time_limit_once() {
    let redis = Redis::start(&[]);
    let limits = Limits::new(open(&redis.url()));
    becomes(limits.cache(), CacheState::Well).await;
    redis.freeze();

    let started = Instant::now();
    assert!(limits.spend(POLICY, "a").await.allowed);
    assert!(started.elapsed() < TIME_LIMIT + SLACK, "{:?}", started.elapsed());
    let started = Instant::now();
    assert_eq!(allowed(&[&limits], "a", 500).await, 9);
    assert!(started.elapsed() < SLACK, "{:?}", started.elapsed());

    // Tried again meanwhile, in the background.
    tokio::time::sleep(Duration::from_millis(1500)).await;
    assert_eq!(limits.cache().state(), CacheState::Away);
    let started = Instant::now();
    limits.spend(POLICY, "b").await;
    assert!(started.elapsed() < SLACK, "{:?}", started.elapsed());
    redis.thaw();
    becomes(limits.cache(), CacheState::Well).await;
}

#[tokio::test]
async fn a_port_that_never_answers_and_one_that_refuses_cost_nothing() {
    let silent = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let silent_address = silent.local_addr().unwrap().to_string();

    for address in [silent_address, "127.0.0.1:1".to_owned()] {
        let started = Instant::now();
        let limits = Limits::new(open(&format!("redis://{address}")));
        assert_eq!(allowed(&[&limits], "a", 500).await, 10, "{address}");
        assert!(started.elapsed() < SLACK, "{address}: {:?}", started.elapsed());
        assert_eq!(limits.cache().state(), CacheState::Away);
    }
}

#[tokio::test]
async fn a_redis_that_takes_no_writes_is_not_used_and_told_why() {
    let barred = Redis::start(&["--requirepass", "hidden"]);
    let full = Redis::start(&["--maxmemory", "1"]);
    let standby = Redis::start(&["--replicaof", "127.0.0.1 1"]);
    let cases = [
        (barred.url(), "it wants a password"),
        (barred.url_with("default:wrong@"), "the password is refused"),
        (full.url(), "it is full"),
        (standby.url(), "it takes no writes"),
    ];

    for (url, why) in cases {
        let limits = Limits::new(open(&url));
        assert_eq!(limits.cache().probe().await, Err(why));
        assert_eq!(allowed(&[&limits], "a", 30).await, 10, "{why}");
        assert_eq!(limits.cache().state(), CacheState::Away, "{why}");
    }
    let cache = open(&barred.url_with("default:hidden@"));
    becomes(&cache, CacheState::Well).await;
}

#[tokio::test]
async fn a_redis_that_becomes_full_is_left_alone_until_there_is_room() {
    let redis = Redis::start(&[]);
    let limits = replica(&redis).await;

    redis.tell("CONFIG SET maxmemory 1");
    assert_eq!(allowed(&[&limits], "a", 30).await, 10);
    assert_eq!(limits.cache().state(), CacheState::Away);

    redis.tell("CONFIG SET maxmemory 0");
    becomes(limits.cache(), CacheState::Well).await;
}
