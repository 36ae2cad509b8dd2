//! Records of every kind by what they have in common: filtered, sorted, page by page.
//!
//! The view `documents` holds them all. A page begins after a position, never at a count of
//! rows, so that neither its cost nor its content depends on what was added before it.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{BoxedSqlQuery, SqlQuery};
use diesel::sql_types::{BigInt, Date, Double, Integer, Text, Timestamptz};
use serde_json::Value;

use crate::documents::{Scope, Status};
use crate::store::StoreError;

/// Bounds, either of which may be open; both belong to the range.
pub type Range<T> = (Option<T>, Option<T>);

/// Which records. What is none filters nothing.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Filter {
    /// The slug of a kind; none for all of them.
    pub kind: Option<&'static str>,
    /// How the number begins, however it is spaced.
    pub number: Option<String>,
    /// Words or beginnings of words of the names, in either script.
    pub name: Option<String>,
    /// Words of the birthplace or the address.
    pub place: Option<String>,
    /// When the holder was born.
    pub born: Range<NaiveDate>,
    /// When the document expires.
    pub expires: Range<NaiveDate>,
    /// When it was first recorded.
    pub created: Range<DateTime<Utc>>,
    /// How it stands.
    pub status: Option<Status>,
    /// Its confidence, 0 to 1.
    pub confidence: Range<f64>,
    /// The user who recorded it first.
    pub created_by: Option<i32>,
}

/// What records are sorted by. Ties are told apart by id, then by kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sort {
    /// The key, in the order of recording.
    Id,
    /// When it was first recorded; those of the application before come first.
    Created,
    /// The family name in Latin letters.
    Name,
    /// The day of birth; those without one come last.
    Birth,
    /// The day of expiry; those without one come last.
    Expiry,
    /// The confidence; those without one come first.
    Confidence,
    /// How urgently a person should look at it, the most urgent first.
    Need,
}

impl Sort {
    /// Those that a caller may name.
    pub const NAMED: [Self; 6] =
        [Self::Id, Self::Created, Self::Name, Self::Birth, Self::Expiry, Self::Confidence];

    /// The spelling in the interface.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Id => "id",
            Self::Created => "created",
            Self::Name => "name",
            Self::Birth => "birth",
            Self::Expiry => "expiry",
            Self::Confidence => "confidence",
            Self::Need => "need",
        }
    }

    /// The column of the view and its type.
    const fn column(self) -> (&'static str, &'static str) {
        match self {
            Self::Id => ("id", "integer"),
            Self::Created => ("by_created", "timestamptz"),
            Self::Name => ("by_name", "text"),
            Self::Birth => ("by_birth", "date"),
            Self::Expiry => ("by_expiry", "date"),
            Self::Confidence => ("by_confidence", "double precision"),
            Self::Need => ("by_need", "double precision"),
        }
    }
}

/// In which order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Order {
    /// By what.
    pub by: Sort,
    /// Whether the greatest come first.
    pub descending: bool,
}

/// A record's place in an order.
#[derive(Debug, Clone, PartialEq, Eq, QueryableByName)]
#[diesel(check_for_backend(Pg))]
pub struct Place {
    /// The slug of the kind.
    #[diesel(sql_type = Text)]
    pub kind: String,
    /// The id within its kind.
    #[diesel(sql_type = Integer)]
    pub id: i32,
    /// What it is sorted by, as the database spells it.
    #[diesel(sql_type = Text)]
    pub key: String,
}

/// Lists the places of at most `limit` records after a place, or from the first on.
///
/// # Errors
///
/// [`StoreError`] when the database cannot be reached.
pub fn page(
    connection: &mut PgConnection,
    scope: Scope,
    filter: &Filter,
    order: Order,
    after: Option<&Place>,
    limit: i64,
) -> Result<Vec<Place>, StoreError> {
    Ok(page_query(scope, filter, order, after, limit).boxed().load(connection)?)
}

fn page_query(
    scope: Scope,
    filter: &Filter,
    order: Order,
    after: Option<&Place>,
    limit: i64,
) -> Statement {
    let mut statement = Statement::default();
    let (key, cast) = order.by.column();
    let (direction, beyond) = if order.descending { ("DESC", "<") } else { ("ASC", ">") };
    statement.push(&format!("SELECT kind, id, {key}::text AS key FROM "));
    statement.matching(scope, filter);
    if let Some(place) = after {
        // Within one kind its name adds nothing, and the comparison is the index's own.
        let kinds = if filter.kind.is_some() { "" } else { ", kind" };
        statement.push(&format!(" AND ({key}, id{kinds}) {beyond} ("));
        statement.bind(Bind::Text(place.key.clone()));
        statement.push(&format!("::{cast}, "));
        statement.bind(Bind::Integer(place.id));
        if filter.kind.is_none() {
            statement.push(", ");
            statement.bind(Bind::Text(place.kind.clone()));
        }
        statement.push(")");
    }
    let tie = if order.by == Sort::Id { String::new() } else { format!(", id {direction}") };
    let kind = if filter.kind.is_some() { String::new() } else { format!(", kind {direction}") };
    statement.push(&format!(" ORDER BY {key} {direction}{tie}{kind} LIMIT "));
    statement.bind(Bind::BigInt(limit));
    statement
}

/// Counts the records.
///
/// # Errors
///
/// [`StoreError`] when the database cannot be reached.
pub fn count(
    connection: &mut PgConnection,
    scope: Scope,
    filter: &Filter,
) -> Result<i64, StoreError> {
    #[derive(QueryableByName)]
    struct Counted {
        #[diesel(sql_type = BigInt)]
        count: i64,
    }
    let mut statement = Statement::default();
    if *filter == (Filter { kind: filter.kind, ..Filter::default() }) {
        // Of all, the database keeps count.
        statement.push(
            "SELECT coalesce(sum(records), 0)::bigint AS count FROM record_counts
             WHERE dimension = 'all' AND organisation_id = ",
        );
        statement.bind(Bind::BigInt(scope.organisation.0));
        if let Some(kind) = filter.kind {
            statement.push(" AND kind = ");
            statement.bind(Bind::Text(kind.to_owned()));
        }
    } else {
        statement.push("SELECT count(*) AS count FROM ");
        statement.matching(scope, filter);
    }
    Ok(statement.boxed().get_result::<Counted>(connection)?.count)
}

/// Tells how the database would look for a page, for whoever wonders about its cost.
///
/// # Errors
///
/// [`StoreError`] when the database cannot be reached.
pub fn explain(
    connection: &mut PgConnection,
    scope: Scope,
    filter: &Filter,
    order: Order,
    after: Option<&Place>,
) -> Result<Vec<String>, StoreError> {
    let mut statement = page_query(scope, filter, order, after, 50);
    statement.text.insert_str(0, "EXPLAIN ");
    explained(statement, connection)
}

pub(super) fn explained(
    statement: Statement,
    connection: &mut PgConnection,
) -> Result<Vec<String>, StoreError> {
    #[derive(QueryableByName)]
    struct Line {
        #[diesel(sql_type = Text, column_name = "QUERY PLAN")]
        line: String,
    }
    let lines = statement.boxed().load::<Line>(connection)?;
    Ok(lines.into_iter().map(|line| line.line).collect())
}

/// Whose card it is: the names in both scripts, and the day of birth.
#[derive(Clone, PartialEq, Eq)]
pub struct Holder {
    names: [String; 4],
    born_on: NaiveDate,
}

impl Holder {
    /// The holder that a flat row names; none where one of the values is missing.
    pub fn of(row: &Value) -> Option<Self> {
        let text = |column: &str| row.get(column)?.as_str().map(str::to_owned);
        Some(Self {
            names: [text("nom_fr")?, text("prenom_fr")?, text("nom_ar")?, text("prenom_ar")?],
            born_on: text("date_naissance")?.parse().ok()?,
        })
    }
}

/// Lists kinds and ids of the records of a holder of these names and this day of birth.
///
/// # Errors
///
/// [`StoreError`] when the database cannot be reached.
pub fn namesakes(
    connection: &mut PgConnection,
    scope: Scope,
    holder: &Holder,
) -> Result<Vec<(String, i32)>, StoreError> {
    let mut statement = Statement::default();
    statement.push("SELECT kind, id, '' AS key FROM ");
    statement.documents(scope, None);
    statement.and("by_birth = ", Bind::Day(holder.born_on));
    statement.push(" AND alike = wathiqa_fold(wathiqa_names(");
    for (index, name) in holder.names.iter().enumerate() {
        statement.push(if index > 0 { ", " } else { "" });
        statement.bind(Bind::Text(name.clone()));
    }
    statement.push("))");
    let places: Vec<Place> = statement.boxed().load(connection)?;
    Ok(places.into_iter().map(|place| (place.kind, place.id)).collect())
}

/// A value for a placeholder.
pub(super) enum Bind {
    Text(String),
    Integer(i32),
    BigInt(i64),
    Double(f64),
    Day(NaiveDate),
    Moment(DateTime<Utc>),
}

/// A statement with the values of its placeholders. It is made of texts of this program and
/// of placeholders, never of what a caller sends.
#[derive(Default)]
pub(super) struct Statement {
    text: String,
    values: Vec<Bind>,
}

impl Statement {
    pub(super) fn push(&mut self, text: &str) {
        self.text.push_str(text);
    }

    pub(super) fn bind(&mut self, value: Bind) {
        self.values.push(value);
        let place = format!("${}", self.values.len());
        self.push(&place);
    }

    fn and(&mut self, condition: &str, value: Bind) {
        self.push(" AND ");
        self.push(condition);
        self.bind(value);
    }

    /// The records that a caller may see, of one kind or all: every statement on the view
    /// begins here.
    pub(super) fn documents(&mut self, scope: Scope, kind: Option<&str>) {
        self.push("documents WHERE organisation_id = ");
        self.bind(Bind::BigInt(scope.organisation.0));
        if let Some(kind) = kind {
            self.and("kind = ", Bind::Text(kind.to_owned()));
        }
    }

    /// A condition that words are found.
    pub(super) fn finds(&mut self, scope: Scope, how: &'static str, asked: &str) {
        self.push(" AND search @@ wathiqa_query(");
        self.bind(Bind::BigInt(scope.organisation.0));
        self.push(&format!(", '{how}', "));
        self.bind(Bind::Text(asked.to_owned()));
        self.push(")");
    }

    /// The records that a filter leaves, as a table with its conditions.
    fn matching(&mut self, scope: Scope, filter: &Filter) {
        let asked =
            [("number", &filter.number), ("begins", &filter.name), ("places", &filter.place)];
        if asked.iter().any(|(_, asked)| asked.is_some()) {
            // By itself, so that words are looked up first: no order is worth testing the
            // words of every record for.
            self.push("(SELECT * FROM ");
            self.documents(scope, filter.kind);
            for (how, asked) in asked {
                if let Some(asked) = asked {
                    self.finds(scope, how, asked);
                }
            }
            self.push(" OFFSET 0) AS found WHERE true");
        } else {
            self.documents(scope, filter.kind);
        }
        self.within("by_birth", filter.born, Bind::Day, " AND by_birth < 'infinity'");
        self.within("by_expiry", filter.expires, Bind::Day, " AND by_expiry < 'infinity'");
        self.within("by_created", filter.created, Bind::Moment, "");
        self.within("by_confidence", filter.confidence, Bind::Double, " AND by_confidence >= 0");
        if let Some(status) = filter.status {
            self.and("status = ", Bind::Text(status.as_str().to_owned()));
        }
        if let Some(user) = filter.created_by {
            self.and("created_by = ", Bind::Integer(user));
        }
    }

    /// A range of a column; `known` leaves out those without a value.
    fn within<T>(&mut self, column: &str, range: Range<T>, bind: fn(T) -> Bind, known: &str) {
        if range.0.is_some() || range.1.is_some() {
            self.push(known);
        }
        if let Some(least) = range.0 {
            self.and(&format!("{column} >= "), bind(least));
        }
        if let Some(most) = range.1 {
            self.and(&format!("{column} <= "), bind(most));
        }
    }

    pub(super) fn boxed<'a>(self) -> BoxedSqlQuery<'a, Pg, SqlQuery> {
        let query = diesel::sql_query(self.text).into_boxed();
        self.values.into_iter().fold(query, |query, value| match value {
            Bind::Text(text) => query.bind::<Text, _>(text),
            Bind::Integer(number) => query.bind::<Integer, _>(number),
            Bind::BigInt(number) => query.bind::<BigInt, _>(number),
            Bind::Double(number) => query.bind::<Double, _>(number),
            Bind::Day(day) => query.bind::<Date, _>(day),
            Bind::Moment(moment) => query.bind::<Timestamptz, _>(moment),
        })
    }
}
