//! Pages, filters and search over ever more records: what the database is asked and how
//! long it takes, over TLS, with the fetching of the rows.
//!
//! `cargo bench --bench browse [-- 100 10000 1000000]`; docs/PERFORMANCE.md tells what it
//! found. A million records of each kind take about 6 GB of disk while it runs.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use chrono::NaiveDate;
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use private_postgres::Cluster;
use wathiqa::config::{Config, DatabaseConfig};
use wathiqa::documents::browse::{self, Filter, Order, Place, Sort};
use wathiqa::documents::cin::Cin;
use wathiqa::documents::gris::Gris;
use wathiqa::documents::permis::Permis;
use wathiqa::documents::{DocumentKind, DocumentRecord, Scope, Status, search, slugs};
use wathiqa::store::{OrganisationId, StoreError};

const SIZES: [u32; 3] = [100, 10_000, 1_000_000];
/// Times that each case is asked, each time for something else where there is something.
const TIMES: usize = 200;
const LIMIT: i64 = 50;
const SCOPE: Scope = Scope::of(OrganisationId(2), None);

/// Records of each kind, with the names that the reader knows and values spread evenly.
const FILL: &str = "
    INSERT INTO {table} (organisation_id, {number}, nom_fr, nom_ar, prenom_fr, prenom_ar,
        {expiry}, status, need, confidence, created_at {columns})
    SELECT 2, {spelled}, family.fr, family.ar, given.fr, given.ar,
        date '2024-01-01' + (i * 7) % 3650,
        CASE WHEN i % 50 = 0 THEN 'needs_review' ELSE 'complete' END, (i % 97) / 10.0,
        0.5 + (i % 500) / 1000.0, now() - i * interval '20 seconds' {values}
    FROM generate_series(1, {size}) AS i
    JOIN bench_names AS family ON family.kind = 'family'
        AND family.place = (i * 7919::bigint) % (SELECT count(*) FROM bench_names WHERE kind = 'family')
    JOIN bench_names AS given ON given.kind = 'given'
        AND given.place = (i * 104729::bigint / 13) % (SELECT count(*) FROM bench_names WHERE kind = 'given')";

/// Table, number, its spelling, expiry, further columns and values.
const TABLES: [[&str; 6]; 3] = [
    [
        "cin_data",
        "cin",
        "chr(65 + i % 26) || chr(65 + i / 26 % 26) || (100000 + i)",
        "validite",
        ", date_naissance, lieu_fr, adresse_fr",
        ", date '1950-01-01' + (i * 11) % 20000, 'FES', i || ' RUE TARIK FES'",
    ],
    [
        "permi_data",
        "numero_permis",
        "i % 90 || '/' || (100000 + i)",
        "date_expiration",
        ", date_naissance, lieu_fr",
        ", date '1950-01-01' + (i * 11) % 20000, 'RABAT'",
    ],
    [
        "gris_data",
        "numero_matricule_marocain",
        "(1 + i % 99999) || ' أ ' || (1 + i / 99999)",
        "date_validite",
        ", adresse_fr",
        ", i || ' RUE TARIK'",
    ],
];

fn main() -> anyhow::Result<()> {
    if !std::env::args().any(|argument| argument == "--bench") {
        return Ok(());
    }
    let named: Vec<u32> = std::env::args().filter_map(|argument| argument.parse().ok()).collect();
    let sizes = if named.is_empty() { SIZES.to_vec() } else { named };
    for size in sizes {
        let cluster = Cluster::temporary()?;
        cluster.create_database("browse", None)?;
        wathiqa::store::migrate(&config(&cluster.url("browse"))?)?;
        let started = Instant::now();
        fill(&cluster.url("browse"), size)?;
        println!("\n{size} records of each kind, filled in {:.0?}", started.elapsed());
        println!("| asked for | p50 ms | p95 ms | p99 ms | plan |\n|---|---|---|---|---|");
        let mut connection = PgConnection::establish(&cluster.url("browse"))?;
        pages(&mut connection)?;
        searches(&mut connection)?;
    }
    Ok(())
}

fn config(url: &str) -> anyhow::Result<DatabaseConfig> {
    let variables = [("DATABASE_URL", url), ("JWT_SECRET", "a-secret-for-a-bench-of-32-letters")];
    let value = |name: &str| {
        variables.iter().find(|(known, _)| *known == name).map(|&(_, value)| value.to_owned())
    };
    Ok(Config::from_lookup(&value)?.database)
}

fn fill(url: &str, size: u32) -> anyhow::Result<()> {
    let mut connection = PgConnection::establish(url)?;
    let mut names = String::from(
        "INSERT INTO organisations (name) VALUES ('Bench');
         CREATE TABLE bench_names (kind text, place bigint, fr text, ar text);",
    );
    for (kind, list) in [("family", "family"), ("given", "given")] {
        let file = include_str!("../src/documents/lexicon/names.csv");
        let rows = csv::Reader::from_reader(file.as_bytes()).into_records().flatten();
        let rows = rows.filter(|row| row.get(2).is_some_and(|kind| kind.starts_with(list)));
        for (place, row) in rows.enumerate() {
            let (fr, ar) = (row.get(0).context("a name")?, row.get(1).context("a name")?);
            let fr = fr.replace('\'', "''");
            writeln!(names, "INSERT INTO bench_names VALUES ('{kind}', {place}, '{fr}', '{ar}');")?;
        }
    }
    connection.batch_execute(&names)?;
    let fills = TABLES.map(|table| {
        let url = url.to_owned();
        std::thread::spawn(move || fill_table(&url, table, size))
    });
    for fill in fills {
        fill.join().map_err(|_| anyhow::anyhow!("a fill failed"))??;
    }
    connection.batch_execute("VACUUM ANALYZE")?;
    Ok(())
}

/// Fills a table without its indexes, which are then built at once, and without what its
/// triggers count, which is asked of nothing here.
fn fill_table(url: &str, table: [&str; 6], size: u32) -> anyhow::Result<()> {
    let [name, number, spelled, expiry, columns, values] = table;
    let statement = [
        ("{table}", name),
        ("{number}", number),
        ("{spelled}", spelled),
        ("{expiry}", expiry),
        ("{columns}", columns),
        ("{values}", values),
        ("{size}", &size.to_string()),
    ]
    .iter()
    .fold(FILL.to_owned(), |text, (name, value)| text.replace(name, value));
    let mut connection = PgConnection::establish(url)?;
    connection.batch_execute(&format!(
        "DO $$
        DECLARE known record;
            definitions text[] := '{{}}';
            definition text;
        BEGIN
            SET LOCAL maintenance_work_mem = '512MB';
            ALTER TABLE {name} DISABLE TRIGGER USER;
            FOR known IN SELECT indexname, indexdef FROM pg_indexes
                WHERE tablename = '{name}' AND indexdef NOT LIKE '%UNIQUE%' LOOP
                definitions := definitions || known.indexdef;
                EXECUTE format('DROP INDEX %I', known.indexname);
            END LOOP;
            {statement};
            FOREACH definition IN ARRAY definitions LOOP
                EXECUTE definition;
            END LOOP;
            ALTER TABLE {name} ENABLE TRIGGER USER;
        END
        $$"
    ))?;
    Ok(())
}

/// A page of each order and filter, beginning anywhere.
fn pages(connection: &mut PgConnection) -> anyhow::Result<()> {
    let filter = Filter { kind: Some("cin"), ..Filter::default() };
    let id = Order { by: Sort::Id, descending: true };
    for by in Sort::NAMED {
        let order = Order { by, descending: false };
        let what = format!("a page by {}", by.as_str());
        page(connection, &what, &filter, order, |_| filter.clone())?;
    }
    let name = |name: &str| Filter { name: Some(name.to_owned()), ..filter.clone() };
    let families = ["BENALI", "EL FASSI", "ALAOUI", "IDRISSI", "TAZI"];
    page(connection, "filter: family name", &name("benali"), id, |i| name(families[i % 5]))?;
    page(connection, "filter: family and given name", &name("alaoui mohamed"), id, |i| {
        name(&format!("{} {}", families[i % 5], ["mohamed", "fatima", "ali"][i % 3]))
    })?;
    let number = |i: usize| Filter { number: Some(format!("AB{}", 100 + i)), ..filter.clone() };
    page(connection, "filter: number begins so", &number(1), id, number)?;
    let born = |i: usize| {
        let day = NaiveDate::from_ymd_opt(1955 + (i % 45) as i32, 3, 1);
        Filter { born: (day, day.map(|day| day + chrono::Days::new(30))), ..filter.clone() }
    };
    let birth = Order { by: Sort::Birth, descending: false };
    page(connection, "filter: born within a month", &born(1), birth, born)?;
    let status = Filter { status: Some(Status::NeedsReview), ..filter.clone() };
    page(connection, "filter: to be reviewed", &status, id, |_| status.clone())?;
    let today = NaiveDate::from_ymd_opt(2026, 11, 1);
    let expiring = Filter {
        expires: (today, today.map(|day| day + chrono::Days::new(30))),
        ..Filter::default()
    };
    let expiry = Order { by: Sort::Expiry, descending: false };
    page(connection, "expiring, all kinds", &expiring, expiry, |_| expiring.clone())?;
    let queue = Filter { status: Some(Status::NeedsReview), ..Filter::default() };
    let need = Order { by: Sort::Need, descending: false };
    page(connection, "the review queue, all kinds", &queue, need, |_| queue.clone())
}

fn page(
    connection: &mut PgConnection,
    what: &str,
    example: &Filter,
    order: Order,
    filter: impl Fn(usize) -> Filter,
) -> anyhow::Result<()> {
    let plan = plan(&browse::explain(connection, SCOPE, example, order, None)?);
    let mut after: Option<Place> = None;
    let times = (0..2 * TIMES).map(|turn| {
        let filter = filter(turn);
        let started = Instant::now();
        let places = browse::page(connection, SCOPE, &filter, order, after.as_ref(), LIMIT + 1)?;
        fetch(connection, &places)?;
        let took = started.elapsed();
        // On to the next page where the filter stays the same; the first again at the end, and
        // for the second half.
        let goes_on = filter == *example && turn + 1 != TIMES;
        after = goes_on.then(|| places.into_iter().nth(LIMIT as usize - 1)).flatten();
        Ok(took)
    });
    // The first half brings the pages of the tables into memory, where a database that is
    // in use has them.
    let times: Vec<Duration> = times.collect::<Result<_, StoreError>>()?;
    report(what, times[TIMES..].to_vec(), &plan)
}

fn fetch(connection: &mut PgConnection, places: &[Place]) -> Result<(), StoreError> {
    let ids = |kind: &str| -> Vec<i32> {
        places.iter().filter(|place| place.kind == kind).map(|place| place.id).collect()
    };
    fetch_kind::<Cin>(connection, &ids(Cin::SLUG))?;
    fetch_kind::<Permis>(connection, &ids(Permis::SLUG))?;
    fetch_kind::<Gris>(connection, &ids(Gris::SLUG))
}

fn fetch_kind<K: DocumentKind>(
    connection: &mut PgConnection,
    ids: &[i32],
) -> Result<(), StoreError> {
    if !ids.is_empty() {
        K::Record::find_several(connection, SCOPE, ids)?;
    }
    Ok(())
}

fn searches(connection: &mut PgConnection) -> anyhow::Result<()> {
    let kinds = slugs();
    for (what, asked) in [
        ("search: family name", &["benjelloun", "الفاسي", "Alaoui", "tazi"][..]),
        ("search: family and given name", &["alaoui mohamed", "فاطمة الفاسي", "tazi ali"]),
        ("search: another spelling", &["ben jeloun", "el fasi", "charkaoui"]),
        ("search: a slip of the pen", &["benkelloun", "cherkaoiu", "idriszi"]),
        ("search: number", &["AB100027", "1/100001", "17 أ 1"]),
        ("search: two letters", &["be", "al", "mo"]),
        ("search: nobody's name", &["xqzwvk", "قظيلد"]),
    ] {
        let plan = plan(&search::explain(connection, SCOPE, &kinds, asked[0])?);
        let times = (0..TIMES).map(|turn| {
            let started = Instant::now();
            search::search(connection, SCOPE, &kinds, asked[turn % asked.len()])?;
            Ok(started.elapsed())
        });
        report(what, times.collect::<Result<_, StoreError>>()?, &plan)?;
    }
    Ok(())
}

/// What of a plan tells its cost.
fn plan(lines: &[String]) -> String {
    let ways = ["Seq Scan", "Index Only Scan", "Bitmap Index Scan", "Index Scan"];
    let found = ways.iter().filter(|way| lines.iter().any(|line| line.contains(**way)));
    found.copied().collect::<Vec<_>>().join(", ")
}

fn report(what: &str, mut times: Vec<Duration>, plan: &str) -> anyhow::Result<()> {
    ensure!(!times.is_empty(), "nothing was timed");
    times.sort_unstable();
    let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize].as_secs_f64() * 1e3;
    println!("| {what} | {:.2} | {:.2} | {:.2} | {plan} |", at(0.5), at(0.95), at(0.99));
    Ok(())
}
