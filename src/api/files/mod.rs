//! `GET /exports/{kind}`: the records of a kind as a file, however many there are, in the
//! memory of some hundred.

mod table;
mod workbook;

pub(super) use workbook::CONTENT_TYPE as WORKBOOK;

use std::io;

use actix_web::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, HeaderValue};
use actix_web::web::Bytes;
use actix_web::{HttpRequest, HttpResponse, web};
use futures_util::Stream;
use futures_util::stream::try_unfold;
use serde_json::{Value, json};

use super::caller::Caller;
use super::collection::Wanted;
use super::entries;
use super::origin::RequestOrigin;
use super::problem::ApiError;
use super::server::State;
use crate::documents::browse::{self, Filter, Order, Place, Sort};
use crate::documents::{DocumentKind, Scope, statistics};
use crate::store::audit::{Action, Deed};
use crate::store::{Store, StoreError};

/// Records fetched at once: no connection is held while a client takes its time.
const BATCH: i64 = 500;

/// The forms that a file may have.
pub(super) const FORMATS: [&str; 3] = ["csv", "ndjson", "xlsx"];

/// The filters of the list of a kind; `format` says which file, CSV when the client says
/// nothing.
pub(crate) async fn export<K: DocumentKind>(
    caller: Caller,
    request: HttpRequest,
    wanted: web::Query<Wanted>,
    origin: RequestOrigin,
    state: web::Data<State>,
) -> Result<HttpResponse, ApiError> {
    let format = format(&wanted)?;
    if let Some(parameter) = wanted.of_pages() {
        return Err(ApiError::InvalidParameter(parameter));
    }
    let filter = wanted.filter(Some(K::SLUG), &caller)?;
    let mut records = Records::of(&state, caller.scope(), filter);
    // What can be refused is refused before the first octet is sent.
    let first = records.next().await?;
    let (trail, deed) = (state.trail.clone(), told::<K>(&request, format));
    state.store.write(move |connection| trail.append(connection, &origin.0, &deed)).await?;
    let name = format!("attachment; filename=\"{}-{}.{format}\"", K::SLUG, statistics::today());
    let name = HeaderValue::from_str(&name).unwrap_or(HeaderValue::from_static("attachment"));
    let mut answer = HttpResponse::Ok();
    answer.insert_header((CONTENT_DISPOSITION, name));
    answer.insert_header((CACHE_CONTROL, HeaderValue::from_static("no-store")));
    Ok(match format {
        "xlsx" => {
            let file = workbook::write::<K>(records, first).await?;
            answer.content_type(WORKBOOK).streaming(pieces(file))
        }
        "ndjson" => answer.content_type("application/x-ndjson").streaming(lines(
            records,
            first,
            table::json_lines,
        )),
        _ => {
            let header = table::csv_header::<K>();
            answer.content_type("text/csv; charset=utf-8; header=present").streaming(lines_after(
                header,
                records,
                first,
                table::csv_lines::<K>,
            ))
        }
    })
}

/// Which file.
fn format(wanted: &Wanted) -> Result<&'static str, ApiError> {
    let Some(name) = wanted.format.as_deref() else { return Ok(FORMATS[0]) };
    let known = FORMATS.into_iter().find(|known| *known == name);
    known.ok_or(ApiError::InvalidParameter("format"))
}

/// What the audit tells: the names of the filters, never what they look for.
fn told<K: DocumentKind>(request: &HttpRequest, format: &str) -> Deed {
    let pairs = url::form_urlencoded::parse(request.query_string().as_bytes());
    let filters: Vec<String> =
        pairs.map(|(name, _)| name.into_owned()).filter(|name| name != "format").collect();
    Deed::new(Action::RecordsExported)
        .with("kind", K::SLUG)
        .with("format", format)
        .with("filters", json!(filters))
}

/// The records of an export, some at a time, by id.
struct Records {
    store: Store,
    scope: Scope,
    filter: Filter,
    after: Option<Place>,
    is_done: bool,
}

impl Records {
    fn of(state: &State, scope: Scope, filter: Filter) -> Self {
        Self { store: state.store.clone(), scope, filter, after: None, is_done: false }
    }

    /// The next ones; none when there are no more.
    async fn next(&mut self) -> Result<Vec<Value>, StoreError> {
        while !self.is_done {
            let (scope, filter, after) = (self.scope, self.filter.clone(), self.after.clone());
            let order = Order { by: Sort::Id, descending: false };
            let fetched = self.store.read(move |connection| {
                let places =
                    browse::page(connection, scope, &filter, order, after.as_ref(), BATCH)?;
                let named = places.iter().map(|place| (place.kind.as_str(), place.id));
                Ok((entries::fetch(connection, scope, named)?, places))
            });
            let (records, mut places) = fetched.await?;
            self.is_done = (places.len() as i64) < BATCH;
            self.after = places.pop();
            if !records.is_empty() {
                return Ok(records);
            }
        }
        Ok(Vec::new())
    }
}

/// The records as text, some at a time. A fault cuts the connection: the file would end
/// like a whole one.
fn lines(
    records: Records,
    first: Vec<Value>,
    spell: fn(&[Value]) -> io::Result<Vec<u8>>,
) -> impl Stream<Item = io::Result<Bytes>> {
    lines_after(Vec::new(), records, first, spell)
}

fn lines_after(
    header: Vec<u8>,
    records: Records,
    first: Vec<Value>,
    spell: fn(&[Value]) -> io::Result<Vec<u8>>,
) -> impl Stream<Item = io::Result<Bytes>> {
    try_unfold((Some((header, first)), records), move |(begun, mut records)| async move {
        let text = if let Some((mut text, first)) = begun {
            text.extend(spell(&first)?);
            text
        } else {
            let next = records.next().await.map_err(io::Error::other)?;
            if next.is_empty() {
                return Ok(None);
            }
            spell(&next)?
        };
        Ok(Some((Bytes::from(text), (None, records))))
    })
}

/// A file, some octets at a time.
fn pieces(file: std::fs::File) -> impl Stream<Item = io::Result<Bytes>> {
    const PIECE: usize = 64 * 1024;
    try_unfold(file, |file| async move {
        let read = web::block(move || {
            use io::Read as _;
            let mut piece = Vec::with_capacity(PIECE);
            (&file).take(PIECE as u64).read_to_end(&mut piece).map(|_| (piece, file))
        });
        let (piece, file) = read.await.map_err(io::Error::other)??;
        Ok((!piece.is_empty()).then(|| (Bytes::from(piece), file)))
    })
}
