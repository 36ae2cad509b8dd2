//! A list of several batches on its way to a client.

use std::sync::Arc;

use actix_web::web::Bytes;
use flate2::Crc;
use futures_util::Stream;
use futures_util::stream::try_unfold;

use super::{Batch, Coding, List, gzip};
use crate::documents::DocumentKind;
use crate::store::StoreError;

/// The bytes that are handed over at once: they are copied into a buffer of the
/// connection, which keeps its size.
const PIECE: usize = 32 * 1024;

/// What was not sent yet.
pub(super) struct Sending<K> {
    list: List<K>,
    /// Of the batch that is being sent.
    rest: Bytes,
    next: Next,
    /// Of what was compressed.
    checksum: Option<Crc>,
}

/// What comes behind the rest.
enum Next {
    Batch(Arc<Batch>),
    /// The batch after this id, to be asked for.
    After(i32),
    End,
    Nothing,
}

impl<K: DocumentKind> Sending<K> {
    pub(super) fn new(list: List<K>, first: Arc<Batch>) -> Self {
        let (rest, checksum) = match list.coding {
            Coding::Identity => (Bytes::new(), None),
            Coding::Gzip => (Bytes::from_static(gzip::HEADER), Some(Crc::new())),
        };
        Self { list, rest, next: Next::Batch(first), checksum }
    }

    /// The pieces. A failure cuts the connection: the client must not take a part of the
    /// list for the whole.
    pub(super) fn stream(self) -> impl Stream<Item = Result<Bytes, StoreError>> {
        try_unfold(self, |mut sending| async move {
            let piece = sending.piece().await;
            let piece = piece.inspect_err(|error| tracing::warn!(%error, "a list was cut off"))?;
            Ok(piece.map(|piece| (piece, sending)))
        })
    }

    async fn piece(&mut self) -> Result<Option<Bytes>, StoreError> {
        while self.rest.is_empty() {
            match std::mem::replace(&mut self.next, Next::Nothing) {
                Next::Batch(batch) => self.begin(&batch),
                Next::After(id) => self.next = Next::Batch(self.list.after(id).await?),
                Next::End => {
                    let checksum = self.checksum.take();
                    self.rest = checksum.map_or_else(Bytes::new, |sum| gzip::trailer(&sum).into());
                }
                Next::Nothing => return Ok(None),
            }
        }
        Ok(Some(self.rest.split_to(self.rest.len().min(PIECE))))
    }

    fn begin(&mut self, batch: &Batch) {
        self.rest = batch.bytes.clone();
        self.next = batch.next.map_or(Next::End, Next::After);
        if let (Some(sum), Some(of_batch)) = (&mut self.checksum, &batch.checksum) {
            sum.combine(of_batch);
        }
    }
}
