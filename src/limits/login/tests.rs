//! Attackers and their victims, by a clock that is moved by hand.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::UNIX_EPOCH;

use futures_util::future::join_all;

use super::*;
use crate::cache::Cache;

/// A clock that stands still until it is moved.
#[derive(Clone)]
pub(in crate::limits) struct Hand(Arc<AtomicU64>);

impl Hand {
    pub(in crate::limits) fn new() -> Self {
        // A moment within a window of every length.
        Self(Arc::new(AtomicU64::new(1_800_000_123_456)))
    }

    pub(in crate::limits) fn pass(&self, time: Duration) {
        self.0.fetch_add(time.as_millis() as u64, Ordering::Relaxed);
    }

    pub(in crate::limits) fn limits(&self) -> Limits {
        let hand = self.clone();
        Limits::with_clock(Cache::open(None), move || {
            UNIX_EPOCH + Duration::from_millis(hand.0.load(Ordering::Relaxed))
        })
    }

    fn guard(&self) -> LoginGuard {
        LoginGuard::new(self.limits(), 20)
    }
}

const VICTIM: &str = "fatima@example.ma";
const SECOND: Duration = Duration::from_secs(1);

fn network(number: u32) -> Network {
    Network::from(IpAddr::from(Ipv4Addr::from(0xC000_0000 + number)))
}

/// Guesses once; how long to wait when it was not let in.
async fn guess(guard: &LoginGuard, account: &str, network: Network) -> Result<(), Wait> {
    guard.admit(account, network, false).await?.failed().await;
    Ok(())
}

async fn log_in(guard: &LoginGuard, network: Network, is_known: bool) -> Result<(), Wait> {
    guard.admit(VICTIM, network, is_known).await?.succeeded().await;
    Ok(())
}

#[test]
fn five_are_free_then_waits_double_up_to_a_quarter_of_an_hour() {
    let waits: Vec<_> = (3..8).map(|failures| PAIR.wait(failures).as_secs()).collect();

    assert_eq!(waits, [0, 0, 1, 2, 4]);
    assert_eq!(PAIR.wait(14).as_secs(), 512);
    assert_eq!(PAIR.wait(15).as_secs(), 900);
    assert_eq!(PAIR.wait(u32::MAX).as_secs(), 900);
}

#[tokio::test]
async fn a_network_waits_after_its_failures_and_a_success_clears_them() {
    let (hand, network) = (Hand::new(), network(1));
    let guard = hand.guard();
    for _ in 0..5 {
        guess(&guard, VICTIM, network).await.unwrap();
    }

    let refused = guess(&guard, VICTIM, network).await.unwrap_err();
    assert_eq!((refused.after, refused.rule), (SECOND, "login-pair"));
    hand.pass(SECOND);
    guess(&guard, VICTIM, network).await.unwrap();
    assert_eq!(guess(&guard, VICTIM, network).await.unwrap_err().after, 2 * SECOND);
    hand.pass(2 * SECOND);
    log_in(&guard, network, true).await.unwrap();

    for _ in 0..5 {
        guess(&guard, VICTIM, network).await.unwrap();
    }
}

#[tokio::test]
async fn whoever_asks_all_the_time_is_let_in_as_soon_as_whoever_waits() {
    let (hand, network) = (Hand::new(), network(1));
    let guard = hand.guard();
    for _ in 0..5 {
        guess(&guard, VICTIM, network).await.unwrap();
    }

    for _ in 0..10 {
        assert!(guess(&guard, VICTIM, network).await.is_err());
        hand.pass(SECOND / 10);
    }

    assert!(guess(&guard, VICTIM, network).await.is_ok());
}

#[tokio::test]
async fn fifty_at_once_get_no_more_tries_than_fifty_in_a_row() {
    let hand = Hand::new();
    let guard = hand.guard();
    let together = (0..50).map(|_| guess(&guard, VICTIM, network(1)));
    let together = join_all(together).await;
    assert_eq!(together.iter().filter(|guess| guess.is_ok()).count(), 5);

    let strangers = (100..150).map(|number| guess(&guard, "omar@example.ma", network(number)));
    let strangers = join_all(strangers).await;
    assert_eq!(strangers.iter().filter(|guess| guess.is_ok()).count(), 20);
}

#[tokio::test]
async fn those_who_are_right_are_let_in_however_many_come_together() {
    let guard = Hand::new().guard();
    let of_one_account = (0..50).map(|_| log_in(&guard, network(1), false));
    let of_one_network = (0..50).map(async |number| {
        let account = format!("{number}@example.ma");
        guard.admit(&account, network(1), false).await?.succeeded().await;
        Ok::<_, Wait>(())
    });

    assert!(join_all(of_one_account).await.iter().all(Result::is_ok));
    assert!(join_all(of_one_network).await.iter().all(Result::is_ok));
}

#[tokio::test]
async fn a_burst_after_a_rest_gets_what_the_rest_would_have_allowed_in_a_row() {
    let (hand, network) = (Hand::new(), network(1));
    let guard = hand.guard();
    for _ in 0..5 {
        guess(&guard, VICTIM, network).await.unwrap();
    }
    hand.pass(600 * SECOND);

    let mut admitted = 0;
    for _ in 0..50 {
        // Dropped, as by a client that hangs up.
        admitted += u32::from(guard.admit(VICTIM, network, false).await.is_ok());
    }

    // Waits of 1, 2, … 512 s: in a row, nine of them fit.
    assert!(admitted <= 10, "{admitted}");
}

#[tokio::test]
async fn a_network_gets_twenty_failures_in_five_minutes_over_all_accounts() {
    let hand = Hand::new();
    let guard = hand.guard();

    for number in 0..20 {
        guess(&guard, &format!("{number}@example.ma"), network(1)).await.unwrap();
    }

    let refused = guess(&guard, "another@example.ma", network(1)).await.unwrap_err();
    assert_eq!(refused.rule, "login-network");
    assert!(guess(&guard, "another@example.ma", network(2)).await.is_ok());
    hand.pass(refused.after);
    assert!(guess(&guard, "another@example.ma", network(1)).await.is_ok());
}

#[tokio::test]
async fn successes_and_outages_cost_nothing() {
    let hand = Hand::new();
    let guard = hand.guard();

    for _ in 0..100 {
        log_in(&guard, network(1), false).await.unwrap();
        guard.admit(VICTIM, network(1), false).await.unwrap().void().await;
    }

    for number in 0..20 {
        guess(&guard, &format!("{number}@example.ma"), network(1)).await.unwrap();
    }
}

#[tokio::test]
async fn without_a_quota_a_network_is_not_limited_over_all_accounts() {
    let guard = LoginGuard::new(Hand::new().limits(), 0);

    for number in 0..100 {
        guess(&guard, &format!("{number}@example.ma"), network(1)).await.unwrap();
    }
}

#[tokio::test]
async fn hanging_up_saves_no_try_and_locks_nobody_out() {
    let (hand, network) = (Hand::new(), network(1));
    let guard = hand.guard();
    for _ in 0..5 {
        drop(guard.admit(VICTIM, network, true).await.unwrap());
    }

    let refused = log_in(&guard, network, true).await.unwrap_err();
    hand.pass(refused.after);

    assert!(log_in(&guard, network, true).await.is_ok());
}

/// Guesses the victim's password from `networks` networks in turn, as often as it is let, for
/// `hours`, while the victim logs in each minute from where he always does. Returns how
/// many guesses there were in each hour.
async fn siege(networks: u32, hours: usize) -> Vec<u32> {
    let hand = Hand::new();
    let guard = hand.guard();
    let home = network(1_000_000);
    let mut guesses = vec![0; hours];
    for second in 0..3600 * hours {
        for turn in 0..8 {
            let from = network((second as u32 * 8 + turn) % networks);
            guesses[second / 3600] += u32::from(guess(&guard, VICTIM, from).await.is_ok());
        }
        if second % 60 == 0 {
            log_in(&guard, home, true).await.expect("the victim is never refused at home");
        }
        hand.pass(SECOND);
    }
    guesses
}

#[tokio::test]
async fn an_attacker_at_one_network_gets_four_guesses_an_hour() {
    let guesses = siege(1, 8).await;

    // Five free, ten waits that double, then one each quarter of an hour.
    assert!(guesses[0] <= 18, "{guesses:?}");
    assert!(guesses[1..].iter().all(|count| (1..=5).contains(count)), "{guesses:?}");
}

#[tokio::test]
async fn an_attacker_at_a_thousand_networks_gets_about_a_hundred_guesses_an_hour() {
    let guesses = siege(1000, 3).await;

    // Twenty free in a quarter of an hour, and those that the first waits let through.
    assert!(guesses.iter().all(|count| (90..=115).contains(count)), "{guesses:?}");
}

#[tokio::test]
async fn the_victim_may_mistype_at_home_during_a_siege() {
    let hand = Hand::new();
    let guard = hand.guard();
    for number in 0..500 {
        let _ = guess(&guard, VICTIM, network(number)).await;
    }

    // A stranger waits, be it the victim on a journey; not for long.
    let wait = guess(&guard, VICTIM, network(2_000_000)).await.unwrap_err();
    assert_eq!((wait.after, wait.rule), (SECOND, "login-account"));
    let home = network(1_000_000);
    for _ in 0..5 {
        guard.admit(VICTIM, home, true).await.unwrap().failed().await;
    }
    hand.pass(SECOND);

    assert!(log_in(&guard, home, true).await.is_ok());
}
