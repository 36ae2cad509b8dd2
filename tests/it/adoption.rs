//! A database of the application before: adopted with every byte, and still its own.

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::Text;
use reqwest::Method;
use serde_json::json;
use wathiqa::store::{StoreError, migrate};

use crate::support::{Answer, Database, serve};

/// The tables as SQLAlchemy makes them, from the description in the contract.
pub(crate) const TABLES: &str = "
    CREATE TABLE users (id SERIAL NOT NULL, email VARCHAR, hashed_password VARCHAR,
        full_name VARCHAR, PRIMARY KEY (id));
    CREATE UNIQUE INDEX ix_users_email ON users (email);
    CREATE INDEX ix_users_id ON users (id);
    CREATE TABLE cin_data (id SERIAL NOT NULL, cin VARCHAR, nom_fr VARCHAR, nom_ar VARCHAR,
        prenom_fr VARCHAR, prenom_ar VARCHAR, date_naissance DATE, lieu_fr VARCHAR,
        lieu_ar VARCHAR, adresse_fr VARCHAR, adresse_ar VARCHAR, sexe VARCHAR, validite DATE,
        pere_fr VARCHAR, pere_ar VARCHAR, mere_fr VARCHAR, mere_ar VARCHAR,
        numero_etat_civil VARCHAR, PRIMARY KEY (id), UNIQUE (cin));
    CREATE TABLE permi_data (id SERIAL NOT NULL, numero_permis VARCHAR, nom_fr VARCHAR,
        nom_ar VARCHAR, prenom_fr VARCHAR, prenom_ar VARCHAR, date_naissance DATE,
        lieu_fr VARCHAR, lieu_ar VARCHAR, date_delivrance DATE, date_expiration DATE,
        categorie VARCHAR, PRIMARY KEY (id), UNIQUE (numero_permis));
    CREATE TABLE gris_data (id SERIAL NOT NULL, numero_matricule_marocain VARCHAR,
        immatriculation_anterieure VARCHAR, date_premiere_immatriculation DATE,
        date_derniere_immatriculation DATE, date_mutation DATE, marque VARCHAR, type VARCHAR,
        genre VARCHAR, type_carburant VARCHAR, numero_chassis VARCHAR, nombre_cylindres INTEGER,
        puissance_fiscale INTEGER, restriction VARCHAR, usage_type VARCHAR,
        usage_description VARCHAR, nom_fr VARCHAR, nom_ar VARCHAR, prenom_fr VARCHAR,
        prenom_ar VARCHAR, adresse_fr VARCHAR, adresse_ar VARCHAR, date_validite DATE,
        PRIMARY KEY (id), UNIQUE (numero_matricule_marocain));
";

/// A hundred thousand rows: NULLs, empty texts, quotes, line ends, marks of direction,
/// letters beyond the first plane, dates before and after every calendar.
const ROWS: &str = r"
    INSERT INTO cin_data (cin, nom_fr, nom_ar, adresse_fr, date_naissance, sexe)
        SELECT 'ZZ' || n,
            (ARRAY[NULL, '', 'O''BRIEN \ %s', E'deux\nlignes\t', 'é̀ SPECIMEN'])[1 + n % 5],
            (ARRAY[NULL, 'نموذج', E'\u200fنموذج\u200e', 'نـموذج', E'\U0001F600'])[1 + n % 5],
            repeat('x', n % 300), date '1900-01-01' + n, (ARRAY['M', 'F', NULL, '?'])[1 + n % 4]
        FROM generate_series(1, 40000) AS n;
    INSERT INTO cin_data (cin) VALUES (NULL), (NULL), ('');
    INSERT INTO permi_data (numero_permis, nom_fr, date_expiration)
        SELECT n || '/1', '=1+1', CASE WHEN n % 7 = 0 THEN 'infinity' ELSE date '2020-01-01' + n END
        FROM generate_series(1, 30000) AS n;
    INSERT INTO gris_data (numero_matricule_marocain, nombre_cylindres, puissance_fiscale)
        SELECT n || ' أ 1', NULLIF(n % 13, 0), -n FROM generate_series(1, 30000) AS n;
";

/// A digest of each table as the old application selects it.
fn digests(connection: &mut PgConnection) -> Vec<String> {
    let columns = |table: &str| {
        let start = TABLES.find(&format!("CREATE TABLE {table} (")).unwrap();
        let (_, rest) = TABLES[start..].split_once('(').unwrap();
        let (columns, _) = rest.split_once("PRIMARY KEY").unwrap();
        let names = columns.split(',').filter_map(|column| column.split_whitespace().next());
        names.collect::<Vec<_>>().join(", ")
    };
    let digest = |table: &str| {
        let columns = columns(table);
        let rows = format!("(SELECT {columns} FROM {table}) AS t");
        let digest = "md5(string_agg(t::text, '|' ORDER BY id)) || count(*)";
        text(connection, &format!("SELECT {digest} AS text FROM {rows}"))
    };
    ["users", "cin_data", "permi_data", "gris_data"].map(digest).into()
}

#[actix_web::test]
async fn a_hundred_thousand_rows_are_adopted_byte_for_byte_and_shown_to_their_users() {
    let database = Database::empty();
    let connection = &mut database.connect();
    connection.batch_execute(TABLES).unwrap();
    connection.batch_execute(ROWS).unwrap();
    let hash = bcrypt::hash("test123", 4).unwrap();
    let user = format!(
        "INSERT INTO users (email, hashed_password, full_name)
         VALUES ('Old@Example.org', '{hash}', NULL), (NULL, NULL, NULL)"
    );
    connection.batch_execute(&user).unwrap();
    let before = digests(connection);

    assert!(!migrate(&database.config()).unwrap().is_empty());
    assert_eq!(digests(connection), before);
    assert_eq!(migrate(&database.config()).unwrap(), Vec::<String>::new());
    assert_eq!(digests(connection), before);

    let app = serve(database).await;
    let login = json!({ "email": "old@example.org", "password": "test123" });
    let answer = app.post("/auth/login", &login).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let session = app.session(answer.json()["token"].as_str().unwrap());
    for (path, rows) in [("/cin/all", 40_003), ("/permis/all", 30_000), ("/gris/all", 30_000)] {
        let listed = Answer::of(session.request(Method::GET, path)).await;
        assert_eq!((listed.status, listed.json().as_array().unwrap().len()), (200, rows), "{path}");
    }
    // Of all the log-in has changed the hash alone.
    assert_eq!(digests(connection)[1..], before[1..]);
}

#[test]
fn the_old_application_goes_on_writing_and_reading() {
    let database = Database::empty();
    let connection = &mut database.connect();
    connection.batch_execute(TABLES).unwrap();
    migrate(&database.config()).unwrap();

    connection
        .batch_execute(
            "INSERT INTO users (email, hashed_password, full_name) VALUES ('a@b.c', 'x', 'A');
             INSERT INTO cin_data (cin, nom_fr, validite) VALUES ('ZZ1', 'SPECIMEN', '2030-01-01');
             INSERT INTO permi_data (numero_permis, categorie) VALUES ('1/1', 'B');
             INSERT INTO gris_data (numero_matricule_marocain, marque) VALUES ('1 أ 1', 'X');
             UPDATE cin_data SET nom_fr = 'OTHER' WHERE cin = 'ZZ1';
             DELETE FROM permi_data WHERE numero_permis = '1/1'",
        )
        .unwrap();

    let twice = connection.batch_execute("INSERT INTO cin_data (cin) VALUES ('ZZ1')");
    assert!(twice.is_err(), "a number is still unique");
    let twice = connection.batch_execute("INSERT INTO users (email) VALUES ('a@b.c')");
    assert!(twice.is_err(), "an address is still unique");
}

#[test]
fn a_database_that_holds_something_else_is_left_as_it_is() {
    for (other, told) in [
        ("CREATE VIEW cin_data AS SELECT 1 AS id", "cin_data exists that is no table"),
        ("CREATE TABLE gris_data (id serial, fruit text)", "lacks the columns"),
        ("CREATE TABLE organisations (id int)", "organisations"),
        ("CREATE TABLE revoked_tokens (id int)", "revoked_tokens"),
        (
            "CREATE TABLE users (id bigserial, email varchar, hashed_password varchar, full_name int)",
            "other types: id (int8, not int4), full_name (int4, not varchar)",
        ),
    ] {
        let database = Database::empty();
        let connection = &mut database.connect();
        connection.batch_execute(other).unwrap();
        let objects = "SELECT string_agg(relname, ' ' ORDER BY relname) AS text FROM pg_class
            WHERE relnamespace = 'public'::regnamespace";
        let before = text(connection, objects);

        let refused = migrate(&database.config()).unwrap_err();

        assert!(matches!(refused, StoreError::Migration(_)), "{refused:?}");
        assert!(refused.to_string().contains(told), "{refused}");
        assert_eq!(text(connection, objects), before, "{other}");
    }
}

/// The text that a query calls `text`, of its one row.
fn text(connection: &mut PgConnection, query: &str) -> String {
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = Text)]
        text: String,
    }
    diesel::sql_query(query).get_result::<Row>(connection).unwrap().text
}
