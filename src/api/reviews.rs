//! What people should look at, the most urgent first.

use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;
use serde_json::{Value, json};

use super::caller::Caller;
use super::collection::{List, kind_named};
use super::entries::entry;
use super::freshness::Freshness;
use super::origin::RequestOrigin;
use super::problem::ApiError;
use super::server::State;
use crate::documents::browse::{Filter, Order, Place, Sort};
use crate::documents::{
    DocumentKind, DocumentRecord, KindVisitor, Scope, Status, review, statistics, visit_kinds,
};
use crate::store::audit::Action;
use crate::store::{Connection, StoreError};

/// Which records.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Queue {
    kind: Option<String>,
    limit: Option<String>,
    cursor: Option<String>,
}

/// `GET /reviews`: the records that need a person, with what is doubtful about each: the
/// leaf as the machine read it, with its confidence and its place in the picture.
pub(crate) async fn list(
    caller: Caller,
    freshness: Freshness,
    request: HttpRequest,
    wanted: web::Query<Queue>,
    origin: RequestOrigin,
    state: web::Data<State>,
) -> Result<HttpResponse, ApiError> {
    let Queue { kind, limit, cursor } = wanted.into_inner();
    let filter = Filter {
        kind: kind_named(kind.as_deref())?,
        status: Some(Status::NeedsReview),
        ..Filter::default()
    };
    let order = Order { by: Sort::Need, descending: false };
    let asked = List { filter, order, with_total: false, limit, cursor };
    let answer = asked.answer(&caller, &freshness, &request, &state, show).await?;
    state.reads.note(origin.0, Action::RecordsListed, None, Some("reviews"));
    Ok(answer)
}

fn show(
    connection: &mut Connection,
    scope: Scope,
    places: &[Place],
) -> Result<Vec<Value>, StoreError> {
    let mut items = Vec::with_capacity(places.len());
    for place in places {
        let mut item = Item { connection, scope, place, shown: Ok(None) };
        visit_kinds(&mut item);
        items.extend(item.shown?);
    }
    Ok(items)
}

/// Fetches one record of whichever kind.
struct Item<'a> {
    connection: &'a mut Connection,
    scope: Scope,
    place: &'a Place,
    shown: Result<Option<Value>, StoreError>,
}

impl KindVisitor for Item<'_> {
    fn visit<K: DocumentKind>(&mut self) {
        if self.place.kind != K::SLUG {
            return;
        }
        let found = K::Record::find(self.connection, self.scope, self.place.id);
        self.shown = found.map(|found| {
            found.map(|found| {
                let mut item = entry(&found.row, &found.standing, statistics::today());
                item["need"] = json!(found.standing.need);
                item["doubts"] = json!(review::doubts(&found));
                item["corrections"] = json!(found.corrections);
                item
            })
        });
    }
}
