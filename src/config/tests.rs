//! Settings from a map in place of the process's environment.

use std::collections::BTreeMap;
use std::time::Duration;

use secrecy::ExposeSecret;

use super::*;

const REQUIRED: [(&str, &str); 2] = [
    ("DATABASE_URL", "postgres://app:secret@db.example.ma/app"),
    ("JWT_SECRET", "0123456789abcdef0123456789abcdef"),
];

fn config(variables: &[(&str, &str)]) -> Result<Config, ConfigErrors> {
    let map: BTreeMap<_, _> = variables.iter().copied().collect();
    Config::from_lookup(&|name| map.get(name).map(|&value| value.to_owned()))
}

fn config_with(variables: &[(&str, &str)]) -> Result<Config, ConfigErrors> {
    config(&[&REQUIRED, variables].concat())
}

fn wrong_names(variables: &[(&str, &str)]) -> Vec<&'static str> {
    config_with(variables).unwrap_err().0.iter().map(|error| error.name).collect()
}

#[test]
fn the_url_and_the_secret_are_enough() {
    let config = config_with(&[]).unwrap();

    assert_eq!(config.environment, Environment::Development);
    assert_eq!((config.http.host.to_string().as_str(), config.http.port), ("0.0.0.0", 8000));
    assert_eq!((config.database.pool_min, config.database.pool_max), (10, 30));
    assert_eq!(config.database.pool_wait, Duration::from_secs(30));
    assert_eq!(config.database.pool_lifetime, Duration::from_secs(300));
    assert_eq!(config.auth.token_lifetime, Duration::from_secs(3600));
    assert_eq!(config.auth.registration, Registration::Open);
    assert!(config.ocr.workers >= 1);
    assert!(!config.log.json);
}

#[test]
fn every_mistake_is_told_at_once_by_name_and_without_the_value() {
    let errors = config(&[
        ("JWT_SECRET", "short-secret"),
        ("PORT", "eighty"),
        ("HOST", "localhost"),
        ("DB_POOL_WAIT_SECONDS", "-1"),
        ("OCR_WORKERS", "0"),
    ])
    .unwrap_err();

    let names: Vec<_> = errors.0.iter().map(|error| error.name).collect();
    let expected =
        ["HOST", "PORT", "DATABASE_URL", "DB_POOL_WAIT_SECONDS", "JWT_SECRET", "OCR_WORKERS"];
    assert_eq!(names, expected);
    let told = errors.to_string();
    assert!(told.contains("DATABASE_URL is missing: expected a URL such as postgres://"), "{told}");
    assert!(told.contains("JWT_SECRET is wrong: expected at least 32 characters"), "{told}");
    assert!(!told.contains("short-secret"), "{told}");
}

#[test]
fn an_empty_value_is_none() {
    let config = config_with(&[("PORT", ""), ("ENVIRONMENT", " "), ("METRICS_TOKEN", "")]).unwrap();

    assert_eq!(config.http.port, 8000);
    assert!(config.http.metrics_token.is_none());
    assert_eq!(wrong_names(&[("JWT_SECRET", "  ")]), ["JWT_SECRET"]);
}

#[test]
fn origins_of_all_four_variables_are_allowed_as_browsers_write_them() {
    let config = config_with(&[
        ("ALLOWED_ORIGINS", "https://a.example.ma/, http://localhost:3000"),
        ("CORS_ORIGIN", "https://B.example.ma:443"),
        ("FRONTEND_URL", "https://a.example.ma"),
    ])
    .unwrap();

    let expected = ["http://localhost:3000", "https://a.example.ma", "https://b.example.ma"];
    assert_eq!(config.http.allowed_origins, expected);
    assert_eq!(wrong_names(&[("FRONTEND_URL", "https://a.example.ma/login")]), ["FRONTEND_URL"]);
    assert_eq!(wrong_names(&[("CORS_ORIGIN", "a.example.ma")]), ["CORS_ORIGIN"]);
}

#[test]
fn any_origin_is_refused_in_production_alone() {
    let any = ("ALLOWED_ORIGINS", "*");

    assert_eq!(config_with(&[any]).unwrap().http.allowed_origins, ["*"]);
    assert_eq!(wrong_names(&[any, ("ENVIRONMENT", "production")]), ["ALLOWED_ORIGINS"]);
}

#[test]
fn production_logs_json() {
    assert!(config_with(&[("ENVIRONMENT", "production")]).unwrap().log.json);
}

#[test]
fn the_words_of_python_for_levels_are_understood() {
    let level = |value| config_with(&[("LOG_LEVEL", value)]).map(|config| config.log.level);

    assert_eq!(level("WARNING").as_deref(), Ok("warn"));
    assert_eq!(level("info,wathiqa=debug").as_deref(), Ok("info,wathiqa=debug"));
    assert_eq!(wrong_names(&[("LOG_LEVEL", "wathiqa=loud")]), ["LOG_LEVEL"]);
}

#[test]
fn urls_of_sqlalchemy_are_accepted_and_those_of_other_databases_are_not() {
    for scheme in ["postgres", "postgresql", "postgresql+asyncpg", "postgresql+psycopg2"] {
        let url = format!("{scheme}://u:p@h/d");
        let config = config_with(&[("DATABASE_URL", &url)]).unwrap();
        let postgres = config.database.postgres;
        assert_eq!((postgres.source, postgres.parameters.host.as_str()), ("DATABASE_URL", "h"));
        assert_eq!(postgres.parameters.password.expose_secret(), "p");
    }
    for url in ["mysql://u:p@h/d", "h/d", "postgresqlx://h/d"] {
        assert_eq!(wrong_names(&[("DATABASE_URL", url)]), ["DATABASE_URL"]);
    }
}

#[test]
fn a_pool_cannot_keep_more_than_it_may_open() {
    let wrong = wrong_names(&[("DB_POOL_MIN", "9"), ("DB_POOL_MAX", "8")]);

    assert_eq!(wrong, ["DB_POOL_MIN"]);
}

#[test]
fn secrets_do_not_show_in_debug_output() {
    let shown = format!("{:?}", config_with(&[("METRICS_TOKEN", "0123456789abcdef")]).unwrap());

    assert!(!shown.contains("0123456789abcdef"), "{shown}");
    assert!(!shown.contains("app:secret"), "{shown}");
}

#[test]
fn limits_are_for_production_apart_from_failed_log_ins() {
    let development = config_with(&[]).unwrap().limits;
    let production = config_with(&[("ENVIRONMENT", "production")]).unwrap().limits;
    let own = config_with(&[("ENVIRONMENT", "production"), ("REQUESTS_PER_MINUTE", "0")]);

    let numbers = |limits: LimitsConfig| {
        [
            limits.login_failures_per_address,
            limits.registrations_per_hour,
            limits.process_per_minute,
            limits.process_at_once,
            limits.requests_per_minute,
        ]
    };
    assert_eq!(numbers(development), [20, 0, 0, 0, 0]);
    assert_eq!(numbers(production), [20, 10, 30, 2, 600]);
    assert_eq!(numbers(own.unwrap().limits), [20, 10, 30, 2, 0]);
    assert_eq!(wrong_names(&[("PROCESS_AT_ONCE", "-1")]), ["PROCESS_AT_ONCE"]);
}

#[test]
fn trusted_proxies_are_addresses_and_networks_but_not_everybody() {
    let proxies = |value| {
        let limits = config_with(&[("TRUSTED_PROXIES", value)]).map(|config| config.limits);
        limits.map(|limits| limits.trusted_proxies.iter().map(ToString::to_string).collect())
    };

    let all: Vec<_> = proxies("10.1.2.3/8, 203.0.113.7,fd00::/8, ,::1").unwrap();
    assert_eq!(all, ["10.0.0.0/8", "203.0.113.7/32", "fd00::/8", "::1/128"]);
    for wrong in ["proxy.internal", "10.0.0.0/33", "10.0.0.1:80", "0.0.0.0/0", "::/0", "*"] {
        assert_eq!(wrong_names(&[("TRUSTED_PROXIES", wrong)]), ["TRUSTED_PROXIES"], "{wrong}");
    }
}

#[test]
fn a_redis_is_told_by_its_url_which_is_never_told_again() {
    for url in [
        "redis://cache:6379",
        "redis://cache/1",
        "rediss://default:pass%40word@cache.example.ma:6380/0",
        "redis://[::1]:6379",
        "redis+unix:///run/redis/redis.sock",
    ] {
        let config = config_with(&[("REDIS_URL", url)]).unwrap();
        assert_eq!(config.redis_url.as_ref().map(ExposeSecret::expose_secret), Some(url));
        assert!(!format!("{config:?}").contains(url));
    }
    for url in
        ["cache:6379", "http://cache", "redis:", "redis://", "redis://cache/one", "rdis://hidden"]
    {
        let errors = config_with(&[("REDIS_URL", url)]).unwrap_err();
        assert_eq!(errors.0[0].name, "REDIS_URL", "{url}");
        assert!(!errors.to_string().contains("hidden"), "{errors}");
    }
}

#[test]
fn passwords_of_tests_are_allowed_by_their_length_alone() {
    let refuses = |variables: &[_]| config_with(variables).unwrap().auth.refuse_common;

    assert!(refuses(&[]));
    assert!(!refuses(&[("PASSWORD_MIN_LENGTH", "6")]));
    assert!(refuses(&[("PASSWORD_MIN_LENGTH", "6"), ("COMMON_PASSWORDS", "refuse")]));
    assert!(!refuses(&[("COMMON_PASSWORDS", "allow")]));
}

#[test]
fn pictures_are_kept_with_a_master_key_alone() {
    let keys =
        [("MASTER_KEYS", "the-first-of-two-master-keys-0001, the-second-of-two-master-keys-002")];

    assert_eq!(wrong_names(&[("KEEP_IMAGES", "on")]), ["KEEP_IMAGES"]);
    assert_eq!(wrong_names(&[("MASTER_KEYS", "short")]), ["MASTER_KEYS"]);
    let kept = config_with(&[keys[0], ("KEEP_IMAGES", "on"), ("IMAGE_DAYS", "7")]).unwrap().data;
    assert!(kept.keep_images);
    assert_eq!(kept.master_keys.len(), 2);
    assert_eq!(kept.image_lifetime, Duration::from_secs(7 * 86_400));
    let signing = config_with(&[]).unwrap().data.master_keys;
    assert_eq!(signing[0].expose_secret(), REQUIRED[1].1);
}
