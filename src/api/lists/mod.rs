//! `GET /{kind}/all`: the organisation's rows, flat, as the old application lists them.
//!
//! A list is made of batches. No connection is held while a client reads, and the next
//! batch is asked for when the one before is on its way.

mod ready;
mod sending;

use std::marker::PhantomData;
use std::sync::Arc;

use actix_web::http::Method;
use actix_web::http::header::CONTENT_ENCODING;
use actix_web::web::Bytes;
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder, web};

use super::caller::Caller;
use super::compression::{GZIP, LONG, WORTH, takes_gzip};
use super::freshness::Freshness;
use super::gzip;
use super::origin::RequestOrigin;
use super::problem::ApiError;
use super::server::State;
use crate::documents::{DocumentKind, DocumentRecord, Scope};
use crate::store::StoreError;
use crate::store::audit::Action;

pub(super) use ready::Ready;
use ready::{Batch, Coding, Key};
use sending::Sending;

/// Rows of a batch. Fewer cost more queries, more hold more memory for each client that
/// reads slowly; docs/PERFORMANCE.md has the measurements.
const BATCH: u16 = 500;

/// Answers with the list, or that the client has it already.
pub(super) async fn all<K: DocumentKind>(
    caller: Caller,
    freshness: Freshness,
    origin: RequestOrigin,
    request: HttpRequest,
    state: web::Data<State>,
) -> Result<HttpResponse, ApiError> {
    let note = |origin: RequestOrigin| {
        state.reads.note(origin.0, Action::RecordsListed, None, Some(K::SLUG));
    };
    if let Some(unchanged) = freshness.unchanged() {
        note(origin);
        return Ok(unchanged);
    }
    let mut list = List::<K> {
        state: state.clone(),
        scope: caller.scope(),
        coding: if takes_gzip(&request) { Coding::Gzip } else { Coding::Identity },
        kind: PhantomData,
    };
    let first = list.first(freshness.generation()).await?;
    note(origin);
    let mut answer = freshness.ok();
    answer.content_type("application/json");
    Ok(list.answer(answer, first, request.method() == Method::HEAD))
}

/// A list that is being sent.
struct List<K> {
    state: web::Data<State>,
    scope: Scope,
    coding: Coding,
    kind: PhantomData<fn() -> K>,
}

impl<K: DocumentKind> List<K> {
    /// The first batch. One that is the whole list and short is not compressed.
    async fn first(&mut self, generation: i64) -> Result<Arc<Batch>, StoreError> {
        if self.coding == Coding::Gzip {
            let plain = self.batch(generation, None, Coding::Identity).await?;
            if plain.next.is_some() || plain.bytes.len() >= WORTH {
                return self.batch(generation, None, Coding::Gzip).await;
            }
            self.coding = Coding::Identity;
            return Ok(plain);
        }
        self.batch(generation, None, self.coding).await
    }

    /// The batch after an id, of a generation that is fresh now.
    async fn after(&self, id: i32) -> Result<Arc<Batch>, StoreError> {
        let generation = self.state.generations.of(self.scope.organisation()).await?;
        self.batch(generation, Some(id), self.coding).await
    }

    async fn batch(
        &self,
        generation: i64,
        after: Option<i32>,
        coding: Coding,
    ) -> Result<Arc<Batch>, StoreError> {
        let organisation = self.scope.organisation();
        let plain =
            Key { organisation, kind: K::SLUG, generation, after, coding: Coding::Identity };
        let load = async || {
            let (store, scope) = (&self.state.store, self.scope);
            let read = store
                .read(move |connection| K::Record::write_page(connection, scope, after, BATCH));
            Ok(Batch::plain(read.await?))
        };
        let ready = &self.state.lists;
        match coding {
            Coding::Identity => ready.find_or(plain, load).await,
            Coding::Gzip => {
                let squeeze = async || {
                    let plain = ready.find_or(plain, load).await?;
                    if plain.bytes.len() <= LONG {
                        return Ok(plain.squeezed());
                    }
                    let squeezed = web::block(move || plain.squeezed()).await;
                    squeezed.map_err(|_stopping| StoreError::Unavailable)
                };
                ready.find_or(Key { coding, ..plain }, squeeze).await
            }
        }
    }

    /// The answer: in one piece when the first batch is all, else in many.
    fn answer(
        self,
        mut answer: HttpResponseBuilder,
        first: Arc<Batch>,
        is_head: bool,
    ) -> HttpResponse {
        if self.coding == Coding::Gzip {
            answer.insert_header((CONTENT_ENCODING, GZIP));
        }
        if first.next.is_none() {
            return answer.body(first.alone());
        }
        if is_head {
            // Nobody reads the rest.
            return answer.streaming(futures_util::stream::empty::<Result<Bytes, StoreError>>());
        }
        answer.streaming(Sending::new(self, first).stream())
    }
}
