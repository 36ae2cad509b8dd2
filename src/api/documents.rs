//! The paths of every kind of document.

use actix_web::http::Method;

use super::gate::Access::May;
use super::routes::Table;
use super::{changes, collection, files, lists, process, records};
use crate::auth::Permission::{Correct, Erase, Export, Process, Read};
use crate::documents::{DocumentKind, KindVisitor};

/// Gives each kind its paths.
pub(crate) struct Routes<'a>(pub(crate) &'a mut Table);

impl KindVisitor for Routes<'_> {
    fn visit<K: DocumentKind>(&mut self) {
        let path = |rest: &str| format!("/{}/{rest}", K::SLUG);
        self.0.on(Method::POST, &path("process"), May(Process), process::process::<K>);
        self.0.on(Method::GET, &path("all"), May(Read), lists::all::<K>);
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
