//! URLs as deployments write them, and what libpq is told.

use super::*;

fn settings(url: &str) -> Settings {
    Settings::parse(&url.into()).unwrap()
}

fn refusal(url: &str) -> String {
    Settings::parse(&url.into()).unwrap_err().to_string()
}

#[test]
fn a_url_that_says_nothing_of_tls_gets_it() {
    for url in ["postgres://u:p@db.example.org/d", "postgresql+psycopg2://u@h/d?sslmode=prefer"] {
        assert_eq!(settings(url).tls, TlsMode::Require, "{url}");
    }
}

#[test]
fn a_given_authority_means_full_verification() {
    let settings = settings("postgresql+asyncpg://u@h/d?sslrootcert=/etc/ca.pem");

    assert_eq!(settings.tls, TlsMode::VerifyFull);
    assert!(settings.conninfo().expose_secret().contains("sslrootcert='/etc/ca.pem'"));
}

#[test]
fn full_verification_without_an_authority_asks_the_system() {
    let settings = settings("postgres://u@h/d?sslmode=verify-full");

    assert!(settings.conninfo().expose_secret().contains("sslrootcert='system'"));
}

#[test]
fn plaintext_is_for_private_hosts_alone() {
    for host in ["127.0.0.1", "localhost", "10.1.2.3", "[::1]", "dpg-abc-a", "db.railway.internal"]
    {
        let url = format!("postgres://u@{host}/d?sslmode=disable");
        assert_eq!(settings(&url).tls, TlsMode::Disable, "{host}");
    }
    for host in ["ep-x.eu-central-1.aws.neon.tech", "8.8.8.8", "dpg-abc-a.render.com"] {
        let refusal = refusal(&format!("postgres://u:hidden@{host}/d?ssl=disable"));
        assert!(refusal.contains("TLS") && !refusal.contains("hidden"), "{refusal}");
    }
}

#[test]
fn a_private_name_does_not_hide_a_public_address() {
    let refusal = refusal("postgres://u@localhost/d?sslmode=disable&hostaddr=8.8.8.8");

    assert!(refusal.contains("TLS"), "{refusal}");
}

#[test]
fn passwords_survive_every_spelling() {
    for (written, meant) in [
        ("p%40ss", "p@ss"),
        ("a+b", "a+b"),
        ("a#b", "a#b"),
        ("it%27s%5C", "it's\\"),
        ("50%25", "50%"),
    ] {
        let settings = settings(&format!("postgres://u:{written}@h:5433/d"));
        assert_eq!(settings.password.expose_secret(), meant);
        assert_eq!((settings.host.as_str(), settings.port), ("h", 5433));
    }
}

#[test]
fn values_cannot_break_out_of_the_connection_string() {
    let conninfo = settings("postgres://u:x%27%20sslmode%3D%27disable@h/d").conninfo();

    assert!(conninfo.expose_secret().contains(r"password='x\' sslmode=\'disable'"));
}

#[test]
fn a_pooler_is_told_by_its_name_and_left_out_for_migrations() {
    let pooled = settings("postgres://u@ep-x-pooler.neon.tech/d?channel_binding=require");

    assert!(pooled.pooled);
    assert!(!pooled.conninfo().expose_secret().contains("channel_binding"));
    assert_eq!(pooled.direct().host, "ep-x.neon.tech");
}

#[test]
fn neither_debug_output_nor_errors_show_the_password() {
    assert!(!format!("{:?}", settings("postgres://u:hidden@h/d")).contains("hidden"));
    assert!(!refusal("mysql://u:hidden@h/d").contains("hidden"));
    assert!(!refusal("postgres://u:hidden/x@h/d").contains("hidden"));
}
