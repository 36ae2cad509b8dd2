//! What the service does by itself, once an hour: it erases records whose retention period
//! is over, pictures that were kept long enough, and what tokens and invitations leave. More
//! often it looks up the towns of cards that came without.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;

use crate::documents::cin::record::CinRecord;
use crate::documents::{
    DocumentKind, DocumentRecord, KindVisitor, Scope, attachments, visit_kinds,
};
use crate::store::audit::{Action, Actor, Deed, Origin, Trail};
use crate::store::members::{self, Retention};
use crate::store::{Connection, Store, StoreError};
use crate::store::{access_changes, idempotency, record_turns, refresh_tokens, revocations};

/// How often it is done.
pub const EVERY: Duration = Duration::from_secs(60 * 60);
/// Records erased in one transaction: it holds the chain of the organisation's audit.
const BATCH: i64 = 100;
/// How often towns are looked up.
pub const LOOK_UP_EVERY: Duration = Duration::from_secs(30);
/// Cards whose town is looked up in one transaction: who writes records waits meanwhile.
const LOOK_UP_BATCH: i64 = 1000;

/// What was done.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Records whose retention period was over.
    pub records: usize,
    /// Pictures that were kept long enough, besides those of these records.
    pub images: usize,
}

/// Does what is due. Replicas may do it at the same time.
///
/// # Errors
///
/// [`StoreError`] when the database refuses or cannot be reached; what was done until then
/// stays done.
pub async fn run(
    store: &Store,
    trail: &Trail,
    image_lifetime: Duration,
) -> Result<Report, StoreError> {
    let mut report = Report::default();
    for retention in store.read(members::list_retentions).await? {
        loop {
            let trail = trail.clone();
            let erased =
                store.write(move |connection| expire(connection, &trail, retention)).await?;
            report.records += erased;
            if erased == 0 {
                break;
            }
        }
    }
    let lifetime = TimeDelta::from_std(image_lifetime).unwrap_or(TimeDelta::MAX);
    report.images = store
        .write(move |connection| {
            revocations::delete_expired(connection)?;
            refresh_tokens::delete_expired(connection)?;
            access_changes::delete_seen(connection)?;
            idempotency::delete_expired(connection)?;
            let Some(moment) = Utc::now().checked_sub_signed(lifetime) else { return Ok(0) };
            attachments::erase_images_before(connection, moment)
        })
        .await?;
    Ok(report)
}

/// Looks up the towns of cards that came without one, as those do that an application before
/// wrote or somebody changed, and returns of how many. Replicas may do it at the same time.
///
/// # Errors
///
/// As [`run`].
pub async fn look_up_towns(store: &Store) -> Result<usize, StoreError> {
    let mut count = 0;
    for organisation in store.read(CinRecord::list_without_town).await? {
        let scope = Scope::of(organisation, None);
        loop {
            let looked_up = store.write(move |connection| {
                CinRecord::look_up_towns(connection, scope, LOOK_UP_BATCH)
            });
            let looked_up = looked_up.await?;
            count += looked_up;
            if looked_up < LOOK_UP_BATCH as usize {
                break;
            }
        }
    }
    Ok(count)
}

/// Erases some records of an organisation whose time is over; 0 when none is left.
fn expire(
    connection: &mut Connection,
    trail: &Trail,
    retention: Retention,
) -> Result<usize, StoreError> {
    let Some(moment) = Utc::now().checked_sub_signed(TimeDelta::days(retention.days.into())) else {
        return Ok(0);
    };
    record_turns::take(connection, retention.organisation)?;
    let mut expiry = Expiry {
        connection,
        trail,
        scope: Scope::of(retention.organisation, None),
        moment,
        // What has no date counts from the day when the period was set.
        undated: retention.set_at < moment,
        erased: Ok(0),
    };
    visit_kinds(&mut expiry);
    expiry.erased
}

/// Erases outdated records of each kind.
struct Expiry<'a> {
    connection: &'a mut Connection,
    trail: &'a Trail,
    scope: Scope,
    moment: DateTime<Utc>,
    undated: bool,
    erased: Result<usize, StoreError>,
}

impl KindVisitor for Expiry<'_> {
    fn visit<K: DocumentKind>(&mut self) {
        if let Ok(before) = self.erased {
            self.erased = self.erase::<K>().map(|erased| before + erased);
        }
    }
}

impl Expiry<'_> {
    fn erase<K: DocumentKind>(&mut self) -> Result<usize, StoreError> {
        let Self { connection, scope, moment, .. } = self;
        let mut ids = K::Record::list_outdated(connection, *scope, *moment, false, BATCH)?;
        if self.undated {
            ids.extend(K::Record::list_outdated(connection, *scope, *moment, true, BATCH)?);
        }
        let mut count = 0;
        for id in ids {
            let Some(erased) = K::Record::erase(connection, *scope, id)? else { continue };
            let origin = Origin::local(Actor::Service, Some(scope.organisation()));
            let deed = Deed::new(Action::RecordExpired)
                .to(K::SLUG, id)
                .with("versions", erased.versions)
                .with("images", erased.images);
            self.trail.append(connection, &origin, &deed)?;
            count += 1;
        }
        Ok(count)
    }
}
