//! Environments as deployments have them, and what is made of each.

use std::fmt::Write as _;

use secrecy::ExposeSecret;

use super::*;

/// Variables, written as `NAME=value` with blanks between.
fn from(variables: &str) -> Result<Postgres, ConfigError> {
    let lookup = |name: &str| {
        let mut pairs = variables.split_whitespace().filter_map(|pair| pair.split_once('='));
        pairs.find(|(known, _)| *known == name).map(|(_, value)| value.to_owned())
    };
    Postgres::from_variables(&lookup)
}

fn of_url(url: &str) -> Result<Postgres, ConfigError> {
    let lookup = |name: &str| (name == "DATABASE_URL").then(|| url.to_owned());
    Postgres::from_variables(&lookup)
}

/// All that tells one set of parameters from another, on one line.
fn summary(parameters: &Parameters) -> String {
    let Parameters { host, port, user, database, .. } = parameters;
    let password = parameters.password.expose_secret();
    let mut line = format!("{user}:{password}@{host}:{port}/{database}");
    write!(line, " {}", parameters.tls.as_libpq()).unwrap();
    if let Some(authority) = &parameters.authority {
        write!(line, " ca={authority}").unwrap();
    }
    if let Some(address) = parameters.address {
        write!(line, " at={address}").unwrap();
    }
    if parameters.pooled {
        line.push_str(" pooled");
    }
    let defaults = &Draft { user: "u".into(), ..Draft::default() }
        .finish("", Pooler::Off, &mut Vec::new())
        .unwrap();
    for (name, value) in &parameters.further {
        if defaults.further(name) != Some(value) {
            write!(line, " {name}={value}").unwrap();
        }
    }
    line
}

/// A URL and what it means.
const URLS: [(&str, &str); 69] = [
    // Forms of URL.
    ("postgres://u:p@h:5433/d", "u:p@h:5433/d require"),
    ("postgresql://u:p@h/d", "u:p@h:5432/d require"),
    ("postgresql+asyncpg://u:p@h/d", "u:p@h:5432/d require"),
    ("postgresql+psycopg2://u:p@h/d?sslmode=require", "u:p@h:5432/d require"),
    ("postgres+psycopg://u:p@h/d", "u:p@h:5432/d require"),
    ("POSTGRESQL://u:p@h/d", "u:p@h:5432/d require"),
    ("  postgres://u:p@h/d\n", "u:p@h:5432/d require"),
    ("postgres://u@h/d", "u:@h:5432/d require"),
    ("postgres://u@h", "u:@h:5432/u require"),
    ("postgres://u@h/", "u:@h:5432/u require"),
    ("postgres://u:p@:5433/d", "u:p@localhost:5433/d require"),
    ("postgres://u:p@/d", "u:p@localhost:5432/d require"),
    ("postgres:///d?user=u", "u:@localhost:5432/d require"),
    ("postgres:///?user=u&password=p&host=h&port=5433&dbname=d", "u:p@h:5433/d require"),
    ("postgres://u:p@h/my-db_1", "u:p@h:5432/my-db_1 require"),
    ("postgres://u:p@h/d%20e", "u:p@h:5432/d e require"),
    // Passwords.
    ("postgres://u:p%40ss%2Fword@h/d", "u:p@ss/word@h:5432/d require"),
    ("postgres://u:a%3Ab%3Fc@h/d", "u:a:b?c@h:5432/d require"),
    ("postgres://u:a+b@h/d", "u:a+b@h:5432/d require"),
    ("postgres://u:a#b@h/d", "u:a#b@h:5432/d require"),
    ("postgres://u:p@ss@h/d", "u:p@ss@h:5432/d require"),
    ("postgres://u:50%25@h/d", "u:50%@h:5432/d require"),
    ("postgres://u:it%27s%5C@h/d", "u:it's\\@h:5432/d require"),
    ("postgres://u:%D9%83%D9%84%D9%85%D8%A9@h/d", "u:كلمة@h:5432/d require"),
    ("postgres://us%40er:p@h/d", "us@er:p@h:5432/d require"),
    // Addresses and sockets.
    ("postgres://u:p@[::1]:5433/d", "u:p@::1:5433/d require"),
    ("postgres://u:p@[2001:db8::7]/d", "u:p@2001:db8::7:5432/d require"),
    ("postgres://u:p@10.1.2.3/d", "u:p@10.1.2.3:5432/d require"),
    ("postgres://u:p@h/d?hostaddr=10.0.0.7", "u:p@h:5432/d require at=10.0.0.7"),
    ("postgres://u@%2Fvar%2Frun%2Fpostgresql/d", "u:@/var/run/postgresql:5432/d disable"),
    ("postgres://u@/d?host=/var/run/postgresql", "u:@/var/run/postgresql:5432/d disable"),
    ("postgres://u@/d?host=/run/pg&sslmode=require", "u:@/run/pg:5432/d disable"),
    (
        "postgres://u@/d?host=/run/pg&hostaddr=203.0.113.7",
        "u:@/run/pg:5432/d require at=203.0.113.7",
    ),
    (
        "postgres://u@/d?host=/run/pg&hostaddr=10.0.0.7&sslmode=disable",
        "u:@/run/pg:5432/d disable at=10.0.0.7",
    ),
    // TLS, in the words of libpq and of asyncpg.
    ("postgres://u:p@h/d?ssl=require", "u:p@h:5432/d require"),
    ("postgres://u:p@h/d?ssl=true", "u:p@h:5432/d require"),
    ("postgres://u:p@h/d?sslmode=", "u:p@h:5432/d require"),
    ("postgres://u:p@h/d?sslmode=prefer", "u:p@h:5432/d require"),
    ("postgres://u:p@h/d?sslmode=allow", "u:p@h:5432/d require"),
    ("postgres://u:p@h/d?sslmode=no-verify", "u:p@h:5432/d require"),
    ("postgres://u:p@h/d?sslmode=REQUIRE", "u:p@h:5432/d require"),
    ("postgres://u:p@h/d?ssl=verify-full", "u:p@h:5432/d verify-full ca=system"),
    ("postgres://u:p@h/d?sslmode=verify-ca", "u:p@h:5432/d verify-full ca=system"),
    ("postgres://u:p@h/d?sslrootcert=/ca.pem", "u:p@h:5432/d verify-full ca=/ca.pem"),
    ("postgres://u:p@h/d?sslrootcert=/ca.pem&sslmode=require", "u:p@h:5432/d require ca=/ca.pem"),
    ("postgres://u:p@h/d?sslmode=verify-ca&sslrootcert=/ca", "u:p@h:5432/d verify-ca ca=/ca"),
    ("postgres://u:p@h/d?sslmode=require&sslrootcert=system", "u:p@h:5432/d verify-full ca=system"),
    // Said twice, or against itself: the strictest mode, else the last word.
    ("postgres://u:p@h/d?ssl=true&sslmode=require", "u:p@h:5432/d require"),
    ("postgres://u:p@h/d?sslmode=disable&sslmode=require", "u:p@h:5432/d require"),
    ("postgres://u:p@h/d?sslmode=require&ssl=disable", "u:p@h:5432/d require"),
    ("postgres://u:p@h/d?sslmode=prefer&ssl=disable", "u:p@h:5432/d require"),
    (
        "postgres://u:p@db.neon.tech/d?ssl=disable&sslmode=require",
        "u:p@db.neon.tech:5432/d require",
    ),
    ("postgres://u:p@h:1/d?port=5433&host=i", "u:p@i:5433/d require"),
    (
        "postgres://u:p@h/d?connect_timeout=3&connect_timeout=4",
        "u:p@h:5432/d require connect_timeout=4",
    ),
    // Plaintext within a private network.
    ("postgres://u:p@localhost/d?sslmode=disable", "u:p@localhost:5432/d disable"),
    ("postgres://u:p@127.0.0.1/d?ssl=false", "u:p@127.0.0.1:5432/d disable"),
    ("postgres://u:p@[::ffff:127.0.0.1]/d?ssl=false", "u:p@::ffff:127.0.0.1:5432/d disable"),
    ("postgres://u:p@dpg-abc-a/d?sslmode=disable", "u:p@dpg-abc-a:5432/d disable"),
    ("postgres://u:p@db.railway.internal/d?ssl=off", "u:p@db.railway.internal:5432/d disable"),
    ("postgres://u:p@pg.app.svc/d?sslmode=disable", "u:p@pg.app.svc:5432/d disable"),
    // Poolers.
    (
        "postgres://u:p@ep-x-pooler.eu.aws.neon.tech/d?sslmode=require&channel_binding=require",
        "u:p@ep-x-pooler.eu.aws.neon.tech:5432/d require pooled",
    ),
    (
        "postgres://u:p@ep-x.eu.aws.neon.tech/d?channel_binding=require",
        "u:p@ep-x.eu.aws.neon.tech:5432/d require channel_binding=require",
    ),
    (
        "postgres://u@ep-cool-pooler.x.neon.tech/d?options=endpoint%3Dep-cool-darkness-1",
        "u:@ep-cool-pooler.x.neon.tech:5432/d require pooled options=endpoint=ep-cool-darkness-1",
    ),
    ("postgres://u:p@pg-pooler/d", "u:p@pg-pooler:5432/d require pooled"),
    (
        "postgres://u:p@h/d?require_auth=scram-sha-256&ssl_min_protocol_version=TLSv1.3",
        "u:p@h:5432/d require require_auth=scram-sha-256 ssl_min_protocol_version=TLSv1.3",
    ),
    ("postgres://u:p@h:6432/d?options=-c%20jit%3Doff", "u:p@h:6432/d require pooled"),
    ("postgres://u:p@h/d?pgbouncer=true", "u:p@h:5432/d require pooled"),
    ("postgres://u:p@h/d?options=-c%20jit%3Doff", "u:p@h:5432/d require options=-c jit=off"),
    // What libpq would refuse is dropped by name.
    (
        "postgres://u:p@h/d?schema=public&connection_limit=5&pool_timeout=0&application_name=a",
        "u:p@h:5432/d require application_name=a",
    ),
];

#[test]
fn urls_mean_what_their_writers_meant() {
    for (url, expected) in URLS {
        let found = of_url(url).unwrap_or_else(|error| panic!("{url}: {}", error.fault));
        assert_eq!(summary(&found.parameters), expected, "{url}");
        let used = ["connect_timeout", "tcp_user_timeout", "application_name", "keepalives_idle"];
        assert!(used.iter().all(|name| found.parameters.further(name).is_some()), "{url}");
    }
}

/// Variables, the ones used, and what they mean.
const PARTS: [(&str, &str, &str); 13] = [
    (
        "DB_USER=u DB_PASSWORD=p%40@:/ DB_HOST=h DB_PORT=5433 DB_NAME=d",
        "DB_*",
        "u:p%40@:/@h:5433/d require",
    ),
    ("DB_USER=u DB_PASSWORD=p DB_HOST=h DB_NAME=d", "DB_*", "u:p@h:5432/d require"),
    ("DB_USER=u DB_HOST=localhost DB_SSLMODE=disable", "DB_*", "u:@localhost:5432/u disable"),
    ("DB_USER=u DB_HOST=h DB_SSLROOTCERT=/ca", "DB_*", "u:@h:5432/u verify-full ca=/ca"),
    (
        "POSTGRES_USER=u POSTGRES_PASSWORD=p POSTGRES_HOST=h POSTGRES_PORT=5433 POSTGRES_DB=d",
        "POSTGRES_*",
        "u:p@h:5433/d require",
    ),
    (
        "PGUSER=u PGPASSWORD=p PGHOST=h PGPORT=5433 PGDATABASE=d PGSSLMODE=verify-full",
        "PG*",
        "u:p@h:5433/d verify-full ca=system",
    ),
    ("PGUSER=u PGHOSTADDR=10.0.0.7", "PG*", "u:@10.0.0.7:5432/u require at=10.0.0.7"),
    (
        "PGUSER=u PGHOST=ep-x-pooler.neon.tech",
        "PG*",
        "u:@ep-x-pooler.neon.tech:5432/u require pooled",
    ),
    // Precedence.
    (
        "DATABASE_URL=postgres://u@h/d DB_USER=v DB_HOST=i POSTGRES_USER=w PGUSER=x",
        "DATABASE_URL",
        "u:@h:5432/d require",
    ),
    ("DB_USER=v DB_HOST=i POSTGRES_USER=w POSTGRES_HOST=j", "DB_*", "v:@i:5432/v require"),
    ("POSTGRES_USER=w POSTGRES_HOST=j PGUSER=x PGHOST=k", "POSTGRES_*", "w:@j:5432/w require"),
    // A port or a password alone describes no database.
    ("DB_PORT=1 DB_PASSWORD=p PGUSER=x PGHOST=k", "PG*", "x:@k:5432/x require"),
    ("DB_POOLER=on PGUSER=x PGHOST=k", "PG*", "x:@k:5432/x require pooled"),
];

#[test]
fn parts_in_variables_of_their_own_count_in_order() {
    for (variables, source, expected) in PARTS {
        let found = from(variables).unwrap_or_else(|error| panic!("{variables}: {}", error.fault));
        assert_eq!((found.source, summary(&found.parameters).as_str()), (source, expected));
    }
}

/// Environments that are of no use, the variable that is at fault, and a word of why.
const REFUSED: [(&str, &str, &str); 34] = [
    ("", "DATABASE_URL", "is missing"),
    ("DATABASE_URL=hidden", "DATABASE_URL", "expected postgres://"),
    ("DATABASE_URL=mysql://u:hidden@h/d", "DATABASE_URL", "scheme"),
    ("DATABASE_URL=postgresqlx://u:hidden@h/d", "DATABASE_URL", "scheme"),
    ("DATABASE_URL=postgres://:hidden@h/d", "DATABASE_URL", "user"),
    ("DATABASE_URL=postgres://u:hid/den@h/d", "DATABASE_URL", "percent-encode"),
    ("DATABASE_URL=postgres://u:1?hidden@h/d", "DATABASE_URL", "percent-encode"),
    ("DATABASE_URL=postgres://u:hidden%FF@h/d", "DATABASE_URL", "UTF-8"),
    ("DATABASE_URL=postgres://u:hidden%00@h/d", "DATABASE_URL", "NUL"),
    ("DATABASE_URL=postgres://u:hidden@h:99999/d", "DATABASE_URL", "percent-encode"),
    ("DATABASE_URL=postgres://u:hidden@h/d?port=0", "DATABASE_URL", "port"),
    ("DATABASE_URL=postgres://u:hidden@h,i/d", "DATABASE_URL", "several hosts"),
    ("DATABASE_URL=postgres://u:hidden@h/d?hostaddr=i", "DATABASE_URL", "hostaddr"),
    ("DATABASE_URL=postgres://u:hidden@h/d?sslmode=maybe", "DATABASE_URL", "sslmode"),
    ("DATABASE_URL=postgres://u:hidden@h/d?connect_timeout=0", "DATABASE_URL", "connect_timeout"),
    ("DATABASE_URL=postgres://u@h/d?channel_binding=maybe", "DATABASE_URL", "channel_binding"),
    ("DATABASE_URL=postgres://u@ep-x.eu.aws.neon.tech/d?sslmode=disable", "DATABASE_URL", "Neon"),
    ("DATABASE_URL=postgres://u@EP-X.NEON.TECH./d?ssl=disable", "DATABASE_URL", "Neon"),
    (
        "DATABASE_URL=postgres://u@dpg-a.frankfurt-postgres.render.com/d?sslmode=disable",
        "DATABASE_URL",
        "Render",
    ),
    ("DATABASE_URL=postgres://u@x.proxy.rlwy.net:1234/d?ssl=disable", "DATABASE_URL", "Railway"),
    ("DATABASE_URL=postgres://u@x.up.railway.app/d?ssl=false", "DATABASE_URL", "Railway"),
    ("DATABASE_URL=postgres://u@db.example.org/d?sslmode=disable", "DATABASE_URL", "TLS"),
    (
        "DATABASE_URL=postgres://u@localhost/d?sslmode=disable&hostaddr=8.8.8.8",
        "DATABASE_URL",
        "TLS",
    ),
    ("DB_USER=u DB_HOST=x.neon.tech DB_SSLMODE=disable", "DB_*", "Neon"),
    ("DB_USER=u DB_HOST=x.neon.tech,db.internal DB_SSLMODE=disable", "DB_*", "several hosts"),
    ("DATABASE_URL=postgres://u:hidden@/d?host=h,i", "DATABASE_URL", "several hosts"),
    ("DATABASE_URL=postgres://u@%2Frun%2Fpg%2Cx.neon.tech/d", "DATABASE_URL", "several hosts"),
    (
        "DATABASE_URL=postgres://u@ep-x.neon.tech/d?hostaddr=10.0.0.5&sslmode=disable",
        "DATABASE_URL",
        "Neon",
    ),
    ("DATABASE_URL=postgres://u@134744072/d?sslmode=disable", "DATABASE_URL", "TLS"),
    ("DATABASE_URL=postgres://u@/d?host=0x08080808&ssl=off", "DATABASE_URL", "TLS"),
    ("DATABASE_URL=postgres://u@h/d PGSERVICE=hidden", "PGSERVICE", "unset it"),
    ("DB_HOST=h DB_PASSWORD=hidden", "DB_USER", "is missing"),
    ("POSTGRES_USER=u POSTGRES_PASSWORD=hidden", "POSTGRES_HOST", "is missing"),
    ("DB_USER=u DB_HOST=h DB_PORT=hidden", "DB_PORT", "port"),
];

#[test]
fn what_cannot_be_used_is_refused_with_its_name_and_a_reason() {
    for (variables, name, reason) in REFUSED {
        let error = from(variables).expect_err(variables);
        assert_eq!(error.name, name, "{variables}");
        assert!(error.fault.contains(reason), "{variables}: {}", error.fault);
        assert!(!error.fault.contains("hid"), "{variables}: {}", error.fault);
    }
}

#[test]
fn what_is_dropped_or_overruled_is_told_once_by_name_without_its_value() {
    for (variables, expected) in [
        ("DATABASE_URL=postgres://u:hidden@h/d", None),
        ("DATABASE_URL=postgres://u@h/d?schema=hidden", Some("schema has no effect")),
        ("DATABASE_URL=postgres://u@h/d?HID/DEN=1", Some("of an odd name")),
        (
            "DATABASE_URL=postgres://u@h-pooler.neon.tech/d?channel_binding=require",
            Some("channel_binding"),
        ),
        ("DATABASE_URL=postgres://u@pg-pooler/d", Some("DATABASE_DIRECT_URL")),
        ("DATABASE_URL=postgres://u@h/d PGSSLMODE=hidden", Some("overrules PGSSLMODE")),
        ("DATABASE_URL=postgres://u@localhost/d?sslmode=disable", Some("in the clear")),
        ("DATABASE_URL=postgres://u@h/d?sslmode=require&ssl=false", Some("the strictest counts")),
        ("DATABASE_URL=postgres://u@h/d?sslmode=prefer", Some("counts as require")),
        ("DATABASE_URL=postgres://u@h:6432/d", Some("DATABASE_DIRECT_URL")),
        ("DATABASE_URL=postgres://u@h/d DB_USER=hidden", Some("overrules DB_*")),
        ("DATABASE_URL=postgres://u@/d?host=/run&sslmode=require", Some("carries no TLS")),
    ] {
        let notices = from(variables).unwrap().notices;
        assert_eq!(notices.len(), usize::from(expected.is_some()), "{variables}: {notices:?}");
        assert!(notices.iter().all(|notice| notice.contains(expected.unwrap())), "{notices:?}");
        assert!(notices.iter().all(|notice| !notice.contains("hid")), "{notices:?}");
    }
}

#[test]
fn migrations_go_around_the_pooler() {
    let direct = |variables: &str| summary(&from(variables).unwrap().direct);

    let neon = "DATABASE_URL=postgres://u:p@ep-x-pooler.eu.aws.neon.tech/d";
    assert_eq!(direct(neon), "u:p@ep-x.eu.aws.neon.tech:5432/d require");
    for name in ["DATABASE_DIRECT_URL", "DIRECT_URL", "DATABASE_URL_UNPOOLED"] {
        let given = format!("DATABASE_URL=postgres://u@h:6432/d {name}=postgres://v@i/e");
        assert_eq!(direct(&given), "v:@i:5432/e require");
    }
    let same = "DATABASE_URL=postgres://u@h/d";
    assert_eq!(direct(same), summary(&from(same).unwrap().parameters));
    let wrong = "DATABASE_URL=postgres://u@h/d DIRECT_URL=postgres://v@x.neon.tech/e?ssl=disable";
    assert_eq!(from(wrong).unwrap_err().name, "DIRECT_URL");
}

#[test]
fn a_pooler_can_be_said_and_denied() {
    let pooled = |variables: &str| from(variables).unwrap().parameters.pooled;

    assert!(pooled("DATABASE_URL=postgres://u@h/d DB_POOLER=on"));
    assert!(!pooled("DATABASE_URL=postgres://u@h-pooler.neon.tech/d DB_POOLER=off"));
    assert_eq!(
        from("DATABASE_URL=postgres://u@h/d DB_POOLER=maybe").unwrap_err().name,
        "DB_POOLER"
    );
}

#[test]
fn providers_are_told_by_their_hosts() {
    for (host, provider) in [
        ("ep-x-pooler.eu-central-1.aws.neon.tech", Provider::Neon),
        ("dpg-abc-a.frankfurt-postgres.render.com", Provider::Render),
        ("dpg-abc-a", Provider::Render),
        ("monorail.proxy.rlwy.net", Provider::Railway),
        ("postgres.railway.internal", Provider::Railway),
        ("neon.tech.example.org", Provider::Other),
        ("notneon.tech", Provider::Other),
        ("localhost", Provider::Other),
    ] {
        assert_eq!(Provider::of(host), provider, "{host}");
    }
}

#[test]
fn a_password_keeps_its_blanks_and_loses_the_end_of_its_file() {
    let values = [("DB_USER", "u"), ("DB_HOST", "h"), ("DB_PASSWORD", " two words \n")];
    let lookup = |name: &str| {
        values.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
    };

    let found = Postgres::from_variables(&lookup).unwrap();

    assert_eq!(found.parameters.password.expose_secret(), " two words ");
}

#[test]
fn debug_output_shows_no_secret() {
    let found = of_url("postgres://someone:hidden@h/d?sslkey=/hidden.key").unwrap();

    assert!(!format!("{found:?}").contains("hidden"));
}
