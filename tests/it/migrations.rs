//! The schema: up and down, adopted databases, and the columns as diesel knows them.

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use diesel_migrations::{FileBasedMigrations, MigrationHarness};
use regex::Regex;
use wathiqa::store::{StoreError, migrate, migrations, pending};

use crate::support::Database;

/// The four tables as SQLAlchemy makes them, once with a unique constraint and
/// once with a unique index, and with rows: two addresses are twins but for case.
const OLD_APPLICATION: &str = "
    CREATE TABLE users (id SERIAL PRIMARY KEY, email VARCHAR NOT NULL,
        hashed_password VARCHAR NOT NULL, full_name VARCHAR);
    CREATE UNIQUE INDEX ix_users_email ON users (email);
    CREATE TABLE cin_data (id SERIAL PRIMARY KEY, cin VARCHAR UNIQUE, nom_fr VARCHAR,
        nom_ar VARCHAR, prenom_fr VARCHAR, prenom_ar VARCHAR, date_naissance DATE,
        lieu_fr VARCHAR, lieu_ar VARCHAR, adresse_fr VARCHAR, adresse_ar VARCHAR, sexe VARCHAR,
        validite DATE, pere_fr VARCHAR, pere_ar VARCHAR, mere_fr VARCHAR, mere_ar VARCHAR,
        numero_etat_civil VARCHAR);
    CREATE TABLE permi_data (id SERIAL PRIMARY KEY, numero_permis VARCHAR, nom_fr VARCHAR,
        nom_ar VARCHAR, prenom_fr VARCHAR, prenom_ar VARCHAR, date_naissance DATE,
        lieu_fr VARCHAR, lieu_ar VARCHAR, date_delivrance DATE, date_expiration DATE,
        categorie VARCHAR);
    CREATE UNIQUE INDEX ix_permi_data_numero_permis ON permi_data (numero_permis);
    INSERT INTO users (email, hashed_password) VALUES ('Twin@example.org', 'first'),
        ('twin@example.org', 'second'), ('other@example.org', 'third');
    INSERT INTO cin_data (cin) VALUES ('AB123456'), ('AB654321');
    INSERT INTO permi_data (numero_permis) VALUES ('55/193059');
";

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

fn lines(connection: &mut PgConnection, query: &str) -> Vec<String> {
    let found = diesel::sql_query(query).load::<Line>(connection).unwrap();
    found.into_iter().map(|line| line.line).collect()
}

/// Tables, columns, constraints, indexes and comments, one line each.
fn description(connection: &mut PgConnection) -> Vec<String> {
    lines(
        connection,
        "SELECT line FROM (
            SELECT concat_ws(' ', 'column', table_name, column_name, data_type, is_nullable,
                column_default) AS line
            FROM information_schema.columns WHERE table_schema = 'public'
            UNION ALL
            SELECT concat_ws(' ', 'constraint', conrelid::regclass, conname,
                pg_get_constraintdef(oid))
            FROM pg_constraint WHERE connamespace = 'public'::regnamespace
            UNION ALL
            SELECT 'index ' || indexdef FROM pg_indexes WHERE schemaname = 'public'
            UNION ALL
            SELECT concat_ws(' ', 'comment', objoid::regclass, attname, description)
            FROM pg_description
            LEFT JOIN pg_attribute ON attrelid = objoid AND attnum = objsubid AND attnum > 0
            JOIN pg_class ON pg_class.oid = objoid AND relnamespace = 'public'::regnamespace
        ) AS described WHERE line NOT LIKE '%__diesel_schema_migrations%' ORDER BY line",
    )
}

/// The lines that only one of two descriptions has.
fn difference<'a>(left: &'a [String], right: &'a [String]) -> Vec<&'a str> {
    let alone = |line: &&String| !(left.contains(line) && right.contains(line));
    left.iter().chain(right).filter(alone).map(String::as_str).collect()
}

fn count(connection: &mut PgConnection, table: &str) -> i64 {
    #[derive(QueryableByName)]
    struct Count {
        #[diesel(sql_type = BigInt)]
        count: i64,
    }
    let query = diesel::sql_query(format!("SELECT count(*) FROM {table}"));
    query.get_result::<Count>(connection).unwrap().count
}

#[test]
fn up_down_and_up_again_gives_the_same_schema() {
    let database = Database::empty();
    let config = database.config();

    let applied = migrate(&config).unwrap();
    let first = description(&mut database.connect());
    migrations::revert(&config).unwrap();
    let reverted = description(&mut database.connect());
    migrate(&config).unwrap();
    let second = description(&mut database.connect());

    assert_eq!(applied, migrations::all().unwrap());
    assert_eq!(reverted, Vec::<String>::new());
    assert!(first.len() > 100, "{}", first.len());
    assert_eq!(first, second);
}

#[test]
fn each_migration_can_be_taken_back_and_applied_again() {
    let database = Database::empty();
    let connection = &mut database.connect();
    let folder = format!("{}/migrations", env!("CARGO_MANIFEST_DIR"));
    let migrations = FileBasedMigrations::from_path(folder).unwrap();
    let mut before = description(connection);
    for name in migrations::all().unwrap() {
        connection.run_next_migration(migrations.clone()).unwrap();
        let applied = description(connection);
        connection.revert_last_migration(migrations.clone()).unwrap();
        assert_eq!(difference(&description(connection), &before), [""; 0], "{name} leaves that");
        connection.run_next_migration(migrations.clone()).unwrap();
        assert_eq!(difference(&description(connection), &applied), [""; 0], "{name}, again");
        before = applied;
    }
}

#[test]
fn a_migrated_database_has_nothing_pending_and_looking_changes_nothing() {
    let empty = Database::empty();
    let migrated = Database::migrated();

    assert_eq!(pending(&empty.config()).unwrap(), migrations::all().unwrap());
    assert_eq!(pending(&migrated.config()).unwrap(), Vec::<String>::new());
    assert_eq!(migrate(&migrated.config()).unwrap(), Vec::<String>::new());
    let tables = "SELECT tablename::text AS line FROM pg_tables WHERE schemaname = 'public'";
    assert_eq!(lines(&mut empty.connect(), tables), Vec::<String>::new());
}

#[test]
fn replicas_that_start_together_migrate_once() {
    let database = Database::empty();

    let replicas = [(), (), (), ()].map(|()| {
        let config = database.config();
        std::thread::spawn(move || migrate(&config))
    });
    let applied = replicas.map(|replica| replica.join().unwrap().unwrap().len());

    assert_eq!(applied.iter().sum::<usize>(), migrations::all().unwrap().len());
    assert_eq!(applied.iter().filter(|count| **count > 0).count(), 1);
}

#[test]
fn a_database_of_the_old_application_is_adopted_and_given_back_without_losing_a_row() {
    let database = Database::empty();
    let connection = &mut database.connect();
    connection.batch_execute(OLD_APPLICATION).unwrap();

    migrate(&database.config()).unwrap();

    // The old application goes on inserting what it knows of.
    connection
        .batch_execute(
            "INSERT INTO cin_data (cin) VALUES ('AB777777');
             INSERT INTO users (email, hashed_password) VALUES ('late@example.org', 'fourth')",
        )
        .unwrap();
    let adopted = "SELECT concat_ws(' ', cin, organisation_id, created_at IS NULL) AS line
        FROM cin_data ORDER BY id";
    assert_eq!(lines(connection, adopted), ["AB123456 1 t", "AB654321 1 t", "AB777777 1 f"]);
    let folded = "SELECT coalesce(email_folded, 'none') AS line FROM users ORDER BY id";
    assert_eq!(
        lines(connection, folded),
        ["twin@example.org", "none", "other@example.org", "none"]
    );

    migrations::revert(&database.config()).unwrap();

    assert_eq!(count(connection, "users"), 4);
    assert_eq!(count(connection, "cin_data"), 3);
    assert_eq!(count(connection, "permi_data"), 1);
    let twice = connection.batch_execute("INSERT INTO cin_data (cin) VALUES ('AB777777')");
    assert!(twice.is_err(), "the old unique key is back");
    migrate(&database.config()).unwrap();
    assert_eq!(count(connection, "cin_data"), 3);
}

#[test]
fn an_unrelated_table_of_the_same_name_stops_the_migration_and_is_named() {
    let database = Database::empty();
    database.connect().batch_execute("CREATE TABLE users (id serial, nickname text)").unwrap();

    let refused = migrate(&database.config()).unwrap_err();

    assert!(matches!(refused, StoreError::Migration(_)));
    let told = refused.to_string();
    assert!(told.contains("users") && told.contains("email"), "{told}");
    let tables = "SELECT tablename::text AS line FROM pg_tables WHERE schemaname = 'public'";
    assert_eq!(lines(&mut database.connect(), tables), ["users"]);
}

#[test]
fn every_column_says_what_it_holds() {
    let uncommented = lines(
        &mut Database::migrated().connect(),
        "SELECT concat_ws('.', attrelid::regclass, attname) AS line FROM pg_attribute
         JOIN pg_class ON pg_class.oid = attrelid
         WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND attnum > 0
           AND NOT attisdropped AND relname <> '__diesel_schema_migrations'
           AND col_description(attrelid, attnum) IS NULL",
    );

    assert_eq!(uncommented, Vec::<String>::new());
}

#[test]
fn the_schema_in_rust_is_that_of_the_database() {
    let actual = lines(
        &mut Database::migrated().connect(),
        "SELECT concat_ws(' ', table_name, column_name,
            CASE is_nullable WHEN 'YES' THEN 'Nullable<' || kind || '>' ELSE kind END) AS line
         FROM (SELECT *, CASE udt_name WHEN 'timestamptz' THEN 'Timestamptz'
                ELSE initcap(udt_name) END AS kind FROM information_schema.columns) AS columns
         WHERE table_schema = 'public' AND table_name <> '__diesel_schema_migrations'
            AND table_name NOT IN (SELECT viewname FROM pg_views WHERE schemaname = 'public')
         ORDER BY table_name, ordinal_position",
    );

    let schema = include_str!("../../src/store/schema.rs");
    let table =
        Regex::new(r"(?s)diesel::table! \{.*?    (\w+) \([\w, ]+\) \{(.*?)\n    \}").unwrap();
    let column = Regex::new(r"(\w+) -> ([\w<>]+),").unwrap();
    let declared: Vec<_> = table
        .captures_iter(schema)
        .flat_map(|table| {
            let name = table[1].to_owned();
            let columns = column.captures_iter(table.get(2).unwrap().as_str());
            let line = move |column: regex::Captures<'_>| {
                format!("{name} {} {}", column[1].trim_end_matches('_'), &column[2])
            };
            columns.map(line).collect::<Vec<_>>()
        })
        .collect();

    assert_eq!(declared, actual);
}
