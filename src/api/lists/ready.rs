//! Batches that are ready to be sent, kept for a short while.

use std::sync::Arc;
use std::time::Duration;

use actix_web::web::Bytes;
use flate2::Crc;
use memmap2::MmapMut;
use moka::future::Cache;

use super::gzip;
use crate::documents::ListPage;
use crate::store::{OrganisationId, StoreError};

/// How long a batch is kept, whoever asks for it: it is personal data.
const KEPT: Duration = Duration::from_secs(60);
/// How often those that were kept long enough are thrown away.
const SWEEP: Duration = Duration::from_secs(15);
/// A batch of more bytes is not kept.
const LONGEST: usize = 1024 * 1024;
/// A batch of as many bytes has memory pages of its own.
const MAPPED: usize = 64 * 1024;
/// What a batch takes beside its bytes.
const BESIDE: usize = 256;

/// How a batch is coded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Coding {
    /// As it is.
    Identity,
    /// A stretch of a gzip stream.
    Gzip,
}

/// Whose batch it is, and which. The generation is part of it: a batch is found only by
/// who knows that nothing has changed since.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Key {
    pub(super) organisation: OrganisationId,
    pub(super) kind: &'static str,
    pub(super) generation: i64,
    /// The id after which it begins.
    pub(super) after: Option<i32>,
    pub(super) coding: Coding,
}

/// Some rows of a list.
pub(super) struct Batch {
    pub(super) bytes: Bytes,
    /// The id after which the next begins, if there is one.
    pub(super) next: Option<i32>,
    /// Of the bytes before they were compressed.
    pub(super) checksum: Option<Crc>,
}

impl Batch {
    pub(super) fn plain(page: ListPage) -> Self {
        Self { bytes: held(page.json), next: page.next, checksum: None }
    }

    /// The same, compressed.
    pub(super) fn squeezed(&self) -> Self {
        let (deflated, checksum) = gzip::deflate(&self.bytes);
        Self { bytes: deflated.into(), next: self.next, checksum: Some(checksum) }
    }

    /// The body of an answer that has this batch alone.
    pub(super) fn alone(&self) -> Bytes {
        match &self.checksum {
            None => self.bytes.clone(),
            Some(checksum) => [gzip::HEADER, &self.bytes, &gzip::trailer(checksum)].concat().into(),
        }
    }
}

/// Holds long batches in memory pages of their own, which go back as soon as they are sent.
/// On the heap each would keep what is around it from being used again: with 256 clients
/// that took five times the memory.
fn held(mut json: Vec<u8>) -> Bytes {
    if json.len() >= MAPPED
        && let Ok(mut pages) = MmapMut::map_anon(json.len())
    {
        pages.copy_from_slice(&json);
        return Bytes::from_owner(pages);
    }
    json.shrink_to_fit();
    json.into()
}

/// The batches that are kept.
pub(crate) struct Ready(Option<Cache<Key, Arc<Batch>>>);

impl Ready {
    /// Keeps `capacity` bytes at most; with none every batch is read anew. The sweeper
    /// lives in the runtime that this is called in.
    pub(crate) fn new(capacity: u64) -> Self {
        if capacity == 0 {
            return Self(None);
        }
        let weigh = |_: &Key, batch: &Arc<Batch>| {
            u32::try_from(batch.bytes.len() + BESIDE).unwrap_or(u32::MAX)
        };
        let kept =
            Cache::builder().max_capacity(capacity).weigher(weigh).time_to_live(KEPT).build();
        let swept = kept.clone();
        // What is too old is not found, but would stay in memory until something else is
        // looked for.
        tokio::spawn(async move {
            loop {
                tokio::time::sleep(SWEEP).await;
                swept.run_pending_tasks().await;
            }
        });
        Self(Some(kept))
    }

    /// Finds a batch, or makes it; those who ask for the same at once wait for one.
    pub(super) async fn find_or(
        &self,
        key: Key,
        make: impl AsyncFnOnce() -> Result<Batch, StoreError>,
    ) -> Result<Arc<Batch>, StoreError> {
        let Some(kept) = &self.0 else { return Box::pin(make()).await.map(Arc::new) };
        if let Some(found) = kept.get(&key).await {
            return Ok(found);
        }
        let make = Box::pin(async { make().await.map(Arc::new) });
        let found = Box::pin(kept.try_get_with(key, make)).await.map_err(StoreError::from)?;
        if found.bytes.len() > LONGEST {
            kept.invalidate(&key).await;
        }
        Ok(found)
    }
}
