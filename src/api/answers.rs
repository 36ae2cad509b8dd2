//! Answers that cost several counts of the database, kept for some seconds where replicas
//! share a Redis. Without one each is computed.

use std::time::Duration;

use crate::cache::{Cache, Step};
use crate::store::OrganisationId;

/// How long an answer is kept: what somebody else writes into the database is seen then.
const KEPT: Duration = Duration::from_secs(5);

/// The answers that are kept, by the name of their chart.
pub(super) const KEPT_CHARTS: [&str; 10] = [
    "overview",
    "gender_distribution",
    "cities_distribution",
    "license_categories",
    "car_usage_types",
    "monthly_stats",
    "daily_stats",
    "monthly_evolution",
    "dashboard",
    "essential",
];

/// The kept answers.
#[derive(Clone)]
pub(crate) struct Answers(Cache);

impl Answers {
    /// Keeps answers where `cache` says.
    pub(crate) const fn new(cache: Cache) -> Self {
        Self(cache)
    }

    /// Finds what was answered a moment ago.
    pub(crate) async fn find(&self, organisation: OrganisationId, chart: &str) -> Option<String> {
        let kept = self.0.get(&key(organisation, chart)).await?;
        String::from_utf8(kept).ok()
    }

    /// Keeps an answer.
    pub(crate) async fn keep(&self, organisation: OrganisationId, chart: &str, answer: &str) {
        self.0.put(&key(organisation, chart), answer.as_bytes(), KEPT).await;
    }

    /// Forgets all answers of an organisation; for
    /// [`State::records_changed`](super::server::State::records_changed).
    pub(super) async fn forget_charts(&self, organisation: OrganisationId) {
        let steps = KEPT_CHARTS.map(|chart| Step::Remove { key: key(organisation, chart) });
        let _away = self.0.add(&steps).await;
    }
}

fn key(organisation: OrganisationId, chart: &str) -> String {
    format!("chart:{organisation}:{chart}")
}
