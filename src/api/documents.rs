//! The paths of every kind of document, and the list of the old application.

use actix_web::http::Method;
use actix_web::{HttpResponse, web};

use super::caller::Caller;
use super::gate::Access::May;
use super::origin::RequestOrigin;
use super::problem::ApiError;
use super::routes::Table;
use super::server::State;
use super::{changes, collection, files, process, records};
use crate::auth::Permission::{Correct, Erase, Export, Process, Read};
use crate::documents::{DocumentKind, DocumentRecord, KindVisitor};
use crate::store::audit::Action;

/// Gives each kind its paths.
pub(crate) struct Routes<'a>(pub(crate) &'a mut Table);

impl KindVisitor for Routes<'_> {
    fn visit<K: DocumentKind>(&mut self) {
        let path = |rest: &str| format!("/{}/{rest}", K::SLUG);
        self.0.on(Method::POST, &path("process"), May(Process), process::process::<K>);
        self.0.on(Method::GET, &path("all"), May(Read), all::<K>);
        self.0.on(Method::GET, &format!("/{}", K::SLUG), May(Read), collection::list::<K>);
        let exports = format!("/exports/{}", K::SLUG);
        self.0.on(Method::GET, &exports, May(Export), files::export::<K>);
        self.0.on(Method::GET, &path("{id}"), May(Read), records::show::<K>);
        self.0.on(Method::PATCH, &path("{id}"), May(Correct), changes::correct::<K>);
        self.0.on(Method::POST, &path("{id}/approve"), May(Correct), changes::approve::<K>);
        self.0.on(Method::POST, &path("{id}/reject"), May(Correct), changes::reject::<K>);
        self.0.on(Method::GET, &path("{id}/history"), May(Read), changes::history::<K>);
        self.0.on(Method::DELETE, &path("{id}"), May(Erase), records::erase::<K>);
        self.0.on(Method::GET, &path("{id}/images/{side}"), May(Read), records::image::<K>);
    }
}

/// `GET /{kind}/all`: the organisation's rows, flat, as the old application lists them.
async fn all<K: DocumentKind>(
    caller: Caller,
    origin: RequestOrigin,
    state: web::Data<State>,
) -> Result<HttpResponse, ApiError> {
    let scope = caller.scope();
    let rows = state.store.read(move |connection| K::Record::list(connection, scope)).await?;
    state.reads.note(origin.0, Action::RecordsListed, None, Some(K::SLUG));
    Ok(HttpResponse::Ok().json(rows))
}
