//! What is counted of an organisation, kept for some seconds where replicas share a Redis.
//! Without one it is asked of the database each time. Charts are made of it in any language
//! and format, so that one change makes one thing stale.

use std::time::Duration;

use crate::cache::{Cache, Step};
use crate::documents::statistics::Counts;
use crate::store::OrganisationId;

/// How long counts are kept: what somebody else writes into the database is seen then.
const KEPT: Duration = Duration::from_secs(5);

/// The kept counts.
#[derive(Clone)]
pub(crate) struct Answers(Cache);

impl Answers {
    /// Keeps counts where `cache` says.
    pub(crate) const fn new(cache: Cache) -> Self {
        Self(cache)
    }

    /// Finds what was counted a moment ago.
    pub(crate) async fn find(&self, organisation: OrganisationId) -> Option<Counts> {
        let kept = self.0.get(&key(organisation)).await?;
        // What another version wrote and this one cannot read is counted anew.
        serde_json::from_slice(&kept).ok()
    }

    /// Keeps counts.
    pub(crate) async fn keep(&self, organisation: OrganisationId, counts: &Counts) {
        if let Ok(kept) = serde_json::to_vec(counts) {
            self.0.put(&key(organisation), &kept, KEPT).await;
        }
    }

    /// Forgets what was counted of an organisation; for
    /// [`State::records_changed`](super::server::State::records_changed).
    pub(super) async fn forget_charts(&self, organisation: OrganisationId) {
        let _away = self.0.add(&[Step::Remove { key: key(organisation) }]).await;
    }
}

fn key(organisation: OrganisationId) -> String {
    format!("counts:{organisation}")
}
