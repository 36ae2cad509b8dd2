//! Lists of records, page by page: of one kind, and of all that expire soon.

use actix_web::http::header::{HeaderValue, LINK};
use actix_web::{HttpRequest, HttpResponse, web};
use chrono::{DateTime, Days, NaiveDate, Utc};
use serde::Deserialize;
use serde_json::{Value, json};

use super::caller::Caller;
use super::cursor;
use super::entries;
use super::freshness::Freshness;
use super::origin::RequestOrigin;
use super::problem::ApiError;
use super::server::State;
use crate::documents::browse::{self, Filter, Order, Place, Range, Sort};
use crate::documents::{DocumentKind, Scope, Status, slugs, statistics};
use crate::store::audit::Action;
use crate::store::{Connection, StoreError};

/// Records of a page, when the client says nothing and at most.
pub(super) const LIMIT: i64 = 50;
pub(super) const LIMIT_MAXIMUM: i64 = 200;
/// Characters of a text to filter by at most.
pub(super) const TEXT_MAXIMUM: usize = 100;
/// Days ahead that `GET /expiring` looks, when the client says nothing and at most.
const WITHIN: u64 = 30;
pub(super) const WITHIN_MAXIMUM: u64 = 3650;

/// Which records, in which order, and which page of them. What is no parameter is refused:
/// a filter with a slip of the pen would show everything.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Wanted {
    limit: Option<String>,
    cursor: Option<String>,
    sort: Option<String>,
    total: Option<String>,
    number: Option<String>,
    name: Option<String>,
    place: Option<String>,
    born_from: Option<String>,
    born_to: Option<String>,
    expires_from: Option<String>,
    expires_to: Option<String>,
    expired: Option<String>,
    created_from: Option<String>,
    created_to: Option<String>,
    status: Option<String>,
    confidence_from: Option<String>,
    confidence_to: Option<String>,
    created_by: Option<String>,
    /// Of an export alone.
    pub(super) format: Option<String>,
}

impl Wanted {
    /// The filter that the parameters name.
    pub(super) fn filter(
        &self,
        kind: Option<&'static str>,
        caller: &Caller,
    ) -> Result<Filter, ApiError> {
        Ok(Filter {
            kind,
            number: text(self.number.as_deref(), "number")?,
            name: text(self.name.as_deref(), "name")?,
            place: text(self.place.as_deref(), "place")?,
            born: (
                day(self.born_from.as_ref(), "born_from")?,
                day(self.born_to.as_ref(), "born_to")?,
            ),
            expires: self.expires()?,
            created: (
                moment(self.created_from.as_ref(), "created_from", false)?,
                moment(self.created_to.as_ref(), "created_to", true)?,
            ),
            status: self.status()?,
            confidence: (
                share(self.confidence_from.as_ref(), "confidence_from")?,
                share(self.confidence_to.as_ref(), "confidence_to")?,
            ),
            created_by: self.created_by(caller)?,
        })
    }

    /// The days of expiry, of which `expired` says the one that ends or begins today.
    fn expires(&self) -> Result<Range<NaiveDate>, ApiError> {
        let from = day(self.expires_from.as_ref(), "expires_from")?;
        let to = day(self.expires_to.as_ref(), "expires_to")?;
        let today = statistics::today();
        Ok(match flag(self.expired.as_deref(), "expired")? {
            None => (from, to),
            Some(true) => {
                let yesterday = today - Days::new(1);
                (from, Some(to.map_or(yesterday, |to| to.min(yesterday))))
            }
            Some(false) => (Some(from.map_or(today, |from| from.max(today))), to),
        })
    }

    fn status(&self) -> Result<Option<Status>, ApiError> {
        let Some(name) = &self.status else { return Ok(None) };
        let known = Status::ALL.into_iter().find(|status| status.as_str() == name);
        known.map(Some).ok_or(ApiError::InvalidParameter("status"))
    }

    fn created_by(&self, caller: &Caller) -> Result<Option<i32>, ApiError> {
        match self.created_by.as_deref() {
            None => Ok(None),
            Some("me") => Ok(Some(caller.person()?.0)),
            Some(id) => {
                let id = id.parse().ok().filter(|&id: &i32| id > 0);
                id.map(Some).ok_or(ApiError::InvalidParameter("created_by"))
            }
        }
    }

    /// The first of the parameters that say which page, and in which order.
    pub(super) fn of_pages(&self) -> Option<&'static str> {
        [
            ("limit", &self.limit),
            ("cursor", &self.cursor),
            ("sort", &self.sort),
            ("total", &self.total),
        ]
        .into_iter()
        .find_map(|(name, value)| value.as_ref().map(|_| name))
    }

    fn order(&self) -> Result<Order, ApiError> {
        let Some(text) = &self.sort else { return Ok(Order { by: Sort::Id, descending: true }) };
        let (name, descending) = match text.strip_prefix('-') {
            Some(name) => (name, true),
            None => (text.as_str(), false),
        };
        let by = Sort::NAMED.into_iter().find(|sort| sort.as_str() == name);
        by.map(|by| Order { by, descending }).ok_or(ApiError::InvalidParameter("sort"))
    }
}

/// `GET /{kind}`: a page of the organisation's records of one kind.
pub(crate) async fn list<K: DocumentKind>(
    caller: Caller,
    freshness: Freshness,
    request: HttpRequest,
    wanted: web::Query<Wanted>,
    origin: RequestOrigin,
    state: web::Data<State>,
) -> Result<HttpResponse, ApiError> {
    if wanted.format.is_some() {
        return Err(ApiError::InvalidParameter("format"));
    }
    let filter = wanted.filter(Some(K::SLUG), &caller)?;
    let order = wanted.order()?;
    let with_total = flag(wanted.total.as_deref(), "total")?.unwrap_or(false);
    let Wanted { limit, cursor, .. } = wanted.into_inner();
    let asked = List { filter, order, with_total, limit, cursor };
    let answer =
        asked.answer(&caller, &freshness, &request, &state, |connection, scope, places| {
            entries::fetch(connection, scope, of(places))
        });
    let answer = answer.await?;
    state.reads.note(origin.0, Action::RecordsListed, None, Some(K::SLUG));
    Ok(answer)
}

/// Which records expire soon.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Expiring {
    within: Option<String>,
    kind: Option<String>,
    limit: Option<String>,
    cursor: Option<String>,
}

/// `GET /expiring`: what expires from today on within some days, the soonest first.
pub(crate) async fn expiring(
    caller: Caller,
    freshness: Freshness,
    request: HttpRequest,
    wanted: web::Query<Expiring>,
    origin: RequestOrigin,
    state: web::Data<State>,
) -> Result<HttpResponse, ApiError> {
    let Expiring { within, kind, limit, cursor } = wanted.into_inner();
    let today = statistics::today();
    let last = today + Days::new(days(within.as_deref())?);
    let kind = kind_named(kind.as_deref())?;
    let filter = Filter { kind, expires: (Some(today), Some(last)), ..Filter::default() };
    let order = Order { by: Sort::Expiry, descending: false };
    let asked = List { filter, order, with_total: false, limit, cursor };
    let answer =
        asked.answer(&caller, &freshness, &request, &state, |connection, scope, places| {
            entries::fetch(connection, scope, of(places))
        });
    let answer = answer.await?;
    state.reads.note(origin.0, Action::RecordsListed, None, Some("expiring"));
    Ok(answer)
}

/// Kinds and ids of places.
pub(super) fn of(places: &[Place]) -> impl Iterator<Item = (&str, i32)> + Clone {
    places.iter().map(|place| (place.kind.as_str(), place.id))
}

/// Makes items of the records at some places.
pub(super) type Show = fn(&mut Connection, Scope, &[Place]) -> Result<Vec<Value>, StoreError>;

/// A list, of which a page is asked for.
pub(super) struct List {
    pub(super) filter: Filter,
    pub(super) order: Order,
    pub(super) with_total: bool,
    pub(super) limit: Option<String>,
    pub(super) cursor: Option<String>,
}

impl List {
    /// Answers a page: its items as `show` makes them, and where the next one begins.
    pub(super) async fn answer(
        self,
        caller: &Caller,
        freshness: &Freshness,
        request: &HttpRequest,
        state: &State,
        show: Show,
    ) -> Result<HttpResponse, ApiError> {
        let limit = page_size(self.limit.as_deref())?;
        let (scope, organisation) = (caller.scope(), caller.organisation());
        let Self { filter, order, with_total, cursor, .. } = self;
        let name = format!("{} {filter:?} {order:?}", request.path());
        let after = cursor
            .map(|cursor| cursor::read(&state.vault, organisation, &name, &cursor))
            .transpose()?;
        // What is asked wrongly is refused first.
        if let Some(unchanged) = freshness.unchanged() {
            return Ok(unchanged);
        }
        let found = state.store.read(move |connection| {
            let after = after.as_ref();
            // One more than asked for tells whether there is a next page.
            let mut places = browse::page(connection, scope, &filter, order, after, limit + 1)?;
            let has_more = places.len() as i64 > limit;
            places.truncate(limit as usize);
            let items = show(connection, scope, &places)?;
            let total =
                with_total.then(|| browse::count(connection, scope, &filter)).transpose()?;
            Ok((items, places.pop().filter(|_| has_more), total))
        });
        let (items, last, total) = found.await?;
        let next = last
            .map(|last| cursor::spell(&state.vault, organisation, &name, &last))
            .transpose()?
            .map(|cursor| address(request, Some(&cursor)));
        let mut answer = json!({ "items": items, "next": next });
        if let Some(total) = total {
            answer["total"] = total.into();
        }
        Ok(freshness.ok().insert_header((LINK, links(request, next.as_deref()))).json(answer))
    }
}

/// The address of a page of the list that was asked for.
fn address(request: &HttpRequest, cursor: Option<&str>) -> String {
    let others = request.query_string().split('&');
    let mut query: Vec<String> = others
        .filter(|pair| !pair.is_empty() && pair.split('=').next() != Some("cursor"))
        .map(str::to_owned)
        .collect();
    query.extend(cursor.map(|cursor| format!("cursor={cursor}")));
    if query.is_empty() {
        request.path().to_owned()
    } else {
        format!("{}?{}", request.path(), query.join("&"))
    }
}

/// The header `Link` (RFC 8288): the first page, and the next one where there is one.
fn links(request: &HttpRequest, next: Option<&str>) -> HeaderValue {
    let first = address(request, None);
    let links = match next {
        Some(next) => format!("<{next}>; rel=\"next\", <{first}>; rel=\"first\""),
        None => format!("<{first}>; rel=\"first\""),
    };
    HeaderValue::from_str(&links).unwrap_or(HeaderValue::from_static(""))
}

/// The records of a page: any number is brought within the bounds.
pub(super) fn page_size(limit: Option<&str>) -> Result<i64, ApiError> {
    let Some(text) = limit else { return Ok(LIMIT) };
    // Not every text that Rust reads as a number is one to others: `inf`, `NaN`.
    let is_number =
        text.bytes().all(|octet| matches!(octet, b'0'..=b'9' | b'-' | b'+' | b'.' | b'e' | b'E'));
    let number = text.parse::<f64>().ok().filter(|_| is_number);
    let number = number.ok_or(ApiError::InvalidParameter("limit"))?;
    Ok(number.clamp(1.0, LIMIT_MAXIMUM as f64) as i64)
}

/// The kind of that name, or all of them.
pub(super) fn kind_named(name: Option<&str>) -> Result<Option<&'static str>, ApiError> {
    let Some(name) = name else { return Ok(None) };
    let known = slugs().into_iter().find(|slug| *slug == name);
    known.map(Some).ok_or(ApiError::InvalidParameter("kind"))
}

/// A text to look for: with a letter or a digit in it.
pub(super) fn text(
    given: Option<&str>,
    parameter: &'static str,
) -> Result<Option<String>, ApiError> {
    let Some(text) = given else { return Ok(None) };
    let text = text.trim();
    let is_usable = text.chars().any(char::is_alphanumeric)
        && text.chars().count() <= TEXT_MAXIMUM
        && !text.chars().any(char::is_control);
    if is_usable { Ok(Some(text.to_owned())) } else { Err(ApiError::InvalidParameter(parameter)) }
}

fn day(given: Option<&String>, parameter: &'static str) -> Result<Option<NaiveDate>, ApiError> {
    let Some(text) = given else { return Ok(None) };
    let day = NaiveDate::parse_from_str(text, "%Y-%m-%d").ok();
    // Of four digits, as it is shown.
    let day = day.filter(|day| day.to_string() == *text);
    day.map(Some).ok_or(ApiError::InvalidParameter(parameter))
}

/// A moment (RFC 3339), or a day of Africa/Casablanca: its beginning or its end.
fn moment(
    given: Option<&String>,
    parameter: &'static str,
    is_end: bool,
) -> Result<Option<DateTime<Utc>>, ApiError> {
    let Some(text) = given else { return Ok(None) };
    if let Ok(moment) = DateTime::parse_from_rfc3339(text) {
        return Ok(Some(moment.to_utc()));
    }
    let day = day(given, parameter)?;
    Ok(day.map(|day| {
        if is_end {
            statistics::beginning_of(day + Days::new(1)) - chrono::TimeDelta::microseconds(1)
        } else {
            statistics::beginning_of(day)
        }
    }))
}

fn share(given: Option<&String>, parameter: &'static str) -> Result<Option<f64>, ApiError> {
    let Some(text) = given else { return Ok(None) };
    let share = text.parse::<f64>().ok().filter(|share| (0.0..=1.0).contains(share));
    share.map(Some).ok_or(ApiError::InvalidParameter(parameter))
}

fn flag(given: Option<&str>, parameter: &'static str) -> Result<Option<bool>, ApiError> {
    match given {
        None => Ok(None),
        Some("true") => Ok(Some(true)),
        Some("false") => Ok(Some(false)),
        Some(_) => Err(ApiError::InvalidParameter(parameter)),
    }
}

/// Days, as `30d` or `30`.
fn days(given: Option<&str>) -> Result<u64, ApiError> {
    let Some(text) = given else { return Ok(WITHIN) };
    let days = text.strip_suffix('d').unwrap_or(text).parse().ok();
    days.filter(|&days| days <= WITHIN_MAXIMUM).ok_or(ApiError::InvalidParameter("within"))
}
