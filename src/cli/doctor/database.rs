//! What the doctor finds out about the database.

use wathiqa::config::DatabaseConfig;
use wathiqa::config::postgres::{Parameters, Provider, TlsMode};
use wathiqa::store::inspect::{self, Handshake};
use wathiqa::store::pending;
use wathiqa::store::tls::{self, ServerInfo};

use super::Report;

/// A certificate with fewer days left is worth a look.
const RENEW_DAYS: i32 = 30;
/// Tokens and revocations depend on the time of day.
const CLOCK_SECONDS: f64 = 5.0;

/// Looks at everything from the variables to the schema, as far as it gets.
pub(super) async fn check(report: &mut Report, config: &DatabaseConfig) {
    let parameters = &config.postgres.parameters;
    report.ok("database settings", format!("taken from {}", config.postgres.source));
    for notice in &config.postgres.notices {
        report.warn("database settings", notice);
    }
    check_host(report, parameters);
    check_tls(report, parameters).await;
    match tls::probe(parameters).await {
        Ok(server) => {
            report.ok("log-in", "the role and its password are accepted");
            check_server(report, config, &server);
            check_schema(report, config).await;
        }
        Err(error) => report.fail("log-in", error),
    }
}

fn check_host(report: &mut Report, parameters: &Parameters) {
    match parameters.provider() {
        Provider::Other => report.ok("provider", "none that is known by its host"),
        provider => report.ok("provider", provider),
    }
    if parameters.pooled {
        report.ok("pooler", "in transaction mode; no prepared statements are kept");
    } else {
        report.ok("pooler", "none");
    }
}

async fn check_tls(report: &mut Report, parameters: &Parameters) {
    if parameters.is_socket() {
        report.ok("tls", "a Unix socket, which carries none");
        return;
    }
    let asked = parameters.clone();
    let handshake = actix_web::rt::task::spawn_blocking(move || inspect::handshake(&asked)).await;
    match handshake {
        Ok(Ok(handshake)) => {
            report.ok("tls", format!("{}, {}", handshake.protocol, handshake.cipher));
            check_certificate(report, parameters, &handshake);
        }
        Ok(Err(error)) if parameters.tls == TlsMode::Disable => report.warn("tls", error),
        Ok(Err(error)) => report.fail("tls", error),
        Err(error) => report.fail("tls", error),
    }
    match inspect::accepts_plaintext(parameters).await {
        Some(false) => report.ok("plaintext", "refused by the server"),
        Some(true) => report.warn(
            "plaintext",
            "accepted by the server; let its pg_hba.conf have hostssl lines alone",
        ),
        None => report.warn("plaintext", "not known, the server did not answer"),
    }
}

fn check_certificate(report: &mut Report, parameters: &Parameters, handshake: &Handshake) {
    let Handshake { subject, issuer, expires, days_left, distrust, .. } = handshake;
    let what = format!("{subject}; signed by {issuer}; valid until {expires}, {days_left} days");
    if *days_left < 0 {
        report.fail("certificate", format!("{what}: it has expired"));
    } else if *days_left < RENEW_DAYS {
        report.warn("certificate", format!("{what}: renew it"));
    } else {
        report.ok("certificate", what);
    }
    match (distrust, parameters.tls) {
        (Some(why), TlsMode::VerifyCa | TlsMode::VerifyFull) => {
            report.fail("trust", format!("not trusted: {why}"));
        }
        (Some(why), _) => {
            report.warn("trust", format!("not asked for; no authority here vouches for it: {why}"));
        }
        (None, TlsMode::VerifyCa | TlsMode::VerifyFull) => {
            report.ok("trust", format!("verified, {}", parameters.tls.as_libpq()));
        }
        (None, _) => report.warn("trust", "not asked for; sslmode=verify-full would succeed"),
    }
}

fn check_server(report: &mut Report, config: &DatabaseConfig, server: &ServerInfo) {
    report.ok("server", format!("PostgreSQL {}", server.server_version));
    if server.is_standby {
        report.fail("role of the server", "a standby, which takes no writes");
    }
    let wanted = i64::from(config.pool_max);
    let admitted = i64::from(server.max_connections);
    if wanted + 3 > admitted && !config.postgres.parameters.pooled {
        let text = format!("DB_POOL_MAX is {wanted}, the server admits {admitted} in all");
        report.warn("connections", text);
    } else {
        report.ok("connections", format!("{wanted} at most, of {admitted}"));
    }
    if server.statement_timeout == "0" {
        report.warn(
            "statement timeout",
            "none; say ALTER ROLE … SET statement_timeout = '30s', so that no query holds a \
             connection for ever",
        );
    } else {
        report.ok("statement timeout", &server.statement_timeout);
    }
    let english = ["C", "POSIX"].contains(&server.messages.as_str())
        || server.messages.starts_with("C.")
        || server.messages.starts_with("en");
    if english {
        report.ok("messages", "in English");
    } else {
        let text = "not in English: a full disk would be answered 500 and not 503; set lc_messages";
        report.warn("messages", text);
    }
    if server.clock_ahead.abs() > CLOCK_SECONDS {
        let text = format!("the server's is {:.0} s ahead of this machine's", server.clock_ahead);
        report.warn("clock", text);
    } else {
        report.ok("clock", "the same here and there");
    }
}

async fn check_schema(report: &mut Report, config: &DatabaseConfig) {
    let asked = config.clone();
    let plan = actix_web::rt::task::spawn_blocking(move || pending(&asked)).await;
    match plan {
        Ok(Ok(plan)) if plan.is_empty() => report.ok("migrations", "all applied"),
        Ok(Ok(plan)) => {
            report
                .warn("migrations", format!("{} pending; the next start applies them", plan.len()));
        }
        Ok(Err(error)) => report.fail("migrations", error),
        Err(error) => report.fail("migrations", error),
    }
}
