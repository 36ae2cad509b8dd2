//! Slows the guessing of passwords, without a way to lock somebody else out.
//!
//! Three counts of failures decide: of one account from one network, of one account
//! from all networks that never logged in to it, and of one network over all accounts.
//! A network that has logged in to an account never waits because of others.

use std::time::Duration;

use crate::cache::Step;
use crate::limits::turns::{Turn, Turns};
use crate::limits::{LIMITED_METRIC, Limits, Network, Policy, Tally, known};

/// The first wait; each further failure doubles it.
const FIRST_WAIT: Duration = Duration::from_secs(1);
const LONGEST_WAIT: Duration = Duration::from_secs(15 * 60);

/// A rule of waiting: some failures are free, then each doubles the wait.
#[derive(Debug, Clone, Copy)]
struct Slowing {
    name: &'static str,
    free: u32,
    /// Failures count for so long.
    memory: Duration,
}

/// One account from one network. Fifteen failures lead to the longest wait, and at one in
/// 15 min twenty-four are in the memory: whoever got there stays there.
const PAIR: Slowing =
    Slowing { name: "login-pair", free: 5, memory: Duration::from_secs(6 * 60 * 60) };

/// One account from all networks that are strange to it. Its memory is short: a few
/// failures now and then must not make strangers wait, who may be the owner on a journey.
const ACCOUNT: Slowing =
    Slowing { name: "login-account", free: 20, memory: Duration::from_secs(15 * 60) };

/// One network over all accounts; the quota is a setting.
const NETWORK: Policy =
    Policy { name: "login-network", quota: 0, window: Duration::from_secs(5 * 60) };

/// The rules by which log-ins are refused, as metrics name them.
pub const LOGIN_RULES: [&str; 3] = [PAIR.name, ACCOUNT.name, NETWORK.name];

/// Log-ins to one account, and from one network, whose passwords are verified at the same
/// time in one process: fewer than the failures that are free, so that those who are right
/// are not refused because they come together.
const ACCOUNT_AT_ONCE: usize = 2;
const NETWORK_AT_ONCE: usize = 8;
/// When to come again where too many wait for their turn.
const CROWDED: Wait = Wait { after: FIRST_WAIT, rule: "login-crowd" };

impl Slowing {
    fn wait(self, failures: u32) -> Duration {
        match failures.checked_sub(self.free) {
            None => Duration::ZERO,
            Some(beyond) => {
                FIRST_WAIT.saturating_mul(2_u32.saturating_pow(beyond)).min(LONGEST_WAIT)
            }
        }
    }
}

/// A log-in that is refused unseen: the password was not looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("too many failed log-ins, the next is allowed in {} s", after.as_secs_f64().ceil())]
pub struct Wait {
    /// Until the next is allowed.
    pub after: Duration,
    /// Which rule asks for the longest wait: for logs and metrics, not for the client.
    pub rule: &'static str,
}

/// Decides which log-ins may be tried. Clones share the counts.
#[derive(Debug, Clone)]
pub struct LoginGuard {
    limits: Limits,
    network: Policy,
    turns: Turns,
}

impl LoginGuard {
    /// Makes a guard that allows a network so many failures in five minutes over all
    /// accounts; 0 means no limit to these.
    pub fn new(limits: Limits, failures_per_address: u32) -> Self {
        let network = Policy { quota: failures_per_address, ..NETWORK };
        Self { limits, network, turns: Turns::default() }
    }

    /// Decides whether a password for `account` may be verified now. To be asked before
    /// it is, in the same way whether or not there is such an account; `account` is the
    /// address as it is compared. `is_known_network` says whether this network has
    /// logged in to this account before.
    ///
    /// The attempt counts as a failure from here on, so that a hundred at once get
    /// no more tries than a hundred in a row; what it comes to is told to the [`Attempt`].
    /// Those who come together wait for their turn, some at a time.
    ///
    /// # Errors
    ///
    /// [`Wait`] when it may not; that costs nothing.
    pub async fn admit(
        &self,
        account: &str,
        network: Network,
        is_known_network: bool,
    ) -> Result<Attempt, Wait> {
        let network = network.to_string();
        // Whoever holds a turn of the second kind waits for none of the first.
        let turns = [
            self.turns.take(&format!("account {account}"), ACCOUNT_AT_ONCE).await.ok_or(CROWDED)?,
            self.turns.take(&format!("network {network}"), NETWORK_AT_ONCE).await.ok_or(CROWDED)?,
        ];
        let now = self.limits.now();
        let tally = |rule: Slowing, subject: &[&str]| Trail {
            rule,
            tally: Tally::of(rule.name, subject, rule.memory, now),
        };
        let mut trails = vec![tally(PAIR, &[account, &network])];
        if !is_known_network {
            trails.push(tally(ACCOUNT, &[account]));
        }
        let from = Tally::of(self.network.name, &[&network], self.network.window, now);
        let attempt = Attempt { limits: self.limits.clone(), trails, network: from, _turns: turns };

        let mut steps = attempt.network.spend(1).to_vec();
        steps.extend(attempt.trails.iter().flat_map(Trail::enter));
        let outcomes = self.limits.add(&steps, now).await;
        let refusal = self.judge(&attempt, &outcomes);
        match refusal {
            None => Ok(attempt),
            Some(wait) => {
                attempt.void().await;
                metrics::counter!(LIMITED_METRIC, "policy" => wait.rule).increment(1);
                Err(wait)
            }
        }
    }

    /// The longest wait that a rule asks for.
    fn judge(&self, attempt: &Attempt, outcomes: &[i64]) -> Option<Wait> {
        let (network, trails) = outcomes.split_at(2);
        let (previous, present) = (known(network[0]), known(network[1] - 1));
        let balance = attempt.network.moment.judge(self.network.quota, previous, present, true);
        let of_network = balance.retry_after.filter(|_| self.network.quota > 0);
        let of_network = of_network.map(|after| Wait { after, rule: self.network.name });
        let of_trails = attempt.trails.iter().zip(trails.chunks_exact(3));
        let of_trails = of_trails.filter_map(|(trail, outcomes)| trail.judge(outcomes));
        of_trails.chain(of_network).max_by_key(|wait| wait.after)
    }
}

/// A log-in that was let in. Unless one of its methods is called it stays counted as a
/// failure, as when the client hangs up.
#[derive(Debug)]
#[must_use = "what it came to must be told"]
pub struct Attempt {
    limits: Limits,
    trails: Vec<Trail>,
    network: Tally,
    /// Given back when it is told what the attempt came to.
    _turns: [Turn; 2],
}

impl Attempt {
    /// The password was wrong: the next wait begins now.
    pub async fn failed(self) {
        let steps: Vec<_> = self.trails.iter().map(Trail::fail).collect();
        self.take(&steps).await;
    }

    /// The password was right: this network's failures with this account are forgotten.
    pub async fn succeeded(self) {
        let mut steps = vec![self.network.change(-1)];
        for trail in &self.trails {
            match trail.rule.name {
                name if name == PAIR.name => steps.extend(trail.forget()),
                _ => steps.push(trail.tally.change(-1)),
            }
        }
        self.take(&steps).await;
    }

    /// Nobody learned whether it was right, as in an outage: it counts for nothing.
    pub async fn void(self) {
        let tallies = self.trails.iter().map(|trail| &trail.tally).chain([&self.network]);
        let steps: Vec<_> = tallies.map(|tally| tally.change(-1)).collect();
        self.take(&steps).await;
    }

    async fn take(&self, steps: &[Step]) {
        self.limits.add(steps, self.limits.now()).await;
    }
}

/// The failures that one rule looks at, and the mark of the latest.
#[derive(Debug)]
struct Trail {
    rule: Slowing,
    tally: Tally,
}

impl Trail {
    fn mark(&self) -> String {
        format!("{}:last", self.tally.subject)
    }

    /// A mark outlives the failures that it is the latest of.
    fn kept(&self) -> Duration {
        2 * self.rule.memory
    }

    fn enter(&self) -> [Step; 3] {
        let [read, count] = self.tally.spend(1);
        // Not renewed by those who are refused, or they would put the next one off.
        [read, count, Step::MarkFirst { key: self.mark(), keep: self.kept() }]
    }

    fn fail(&self) -> Step {
        Step::Mark { key: self.mark(), keep: self.kept() }
    }

    fn forget(&self) -> Vec<Step> {
        let mark = Step::Remove { key: self.mark() };
        self.tally.forget().into_iter().chain([mark]).collect()
    }

    fn judge(&self, outcomes: &[i64]) -> Option<Wait> {
        let (previous, present) = (known(outcomes[0]), known(outcomes[1] - 1));
        let failures = self.tally.moment.count(previous, present);
        let age = Duration::from_millis(known(outcomes[2]));
        let after = self.rule.wait(failures).saturating_sub(age);
        (!after.is_zero()).then_some(Wait { after, rule: self.rule.name })
    }
}

#[cfg(test)]
pub(super) mod tests;
