//! What the drivers are told.

use super::*;
use crate::config::postgres::Postgres;

fn parameters(url: &str) -> Parameters {
    let lookup = |name: &str| (name == "DATABASE_URL").then(|| url.to_owned());
    Postgres::from_variables(&lookup).unwrap().parameters
}

fn told_libpq(url: &str) -> String {
    conninfo(&parameters(url)).expose_secret().to_owned()
}

#[test]
fn values_cannot_break_out_of_the_connection_string() {
    let told = told_libpq("postgres://u:x%27%20sslmode%3D%27disable@h/d");

    assert!(told.contains(r"password='x\' sslmode=\'disable'"), "{told}");
}

#[test]
fn nothing_is_left_to_the_environment_or_the_home_directory() {
    let told = told_libpq("postgres://u@h/d");

    for said in ["sslmode='require'", "sslrootcert='/nonexistent/wathiqa'", "options=''"] {
        assert!(told.contains(said), "{said}: {told}");
    }
    let names = [
        "hostaddr",
        "sslcert",
        "sslkey",
        "sslcrl",
        "passfile",
        "channel_binding",
        "options",
        "connect_timeout",
        "sslnegotiation",
        "ssl_min_protocol_version",
        "sslsni",
        "target_session_attrs",
    ];
    assert!(names.iter().all(|name| told.matches(&format!(" {name}=")).count() == 1), "{told}");
}

#[test]
fn both_drivers_are_told_the_same() {
    let parameters = parameters(
        "postgres://u:p@h:5433/d?sslmode=require&hostaddr=10.0.0.7&channel_binding=require\
         &options=-c%20jit%3Doff&connect_timeout=7&keepalives_idle=21&keepalives_interval=4\
         &keepalives_count=5&tcp_user_timeout=9000&application_name=other\
         &target_session_attrs=read-write",
    );
    let told = conninfo(&parameters);
    let config = tokio_config(&parameters);

    let pairs = [
        ("user", config.get_user().map(str::to_owned)),
        ("password", config.get_password().map(|it| String::from_utf8(it.to_vec()).unwrap())),
        ("dbname", config.get_dbname().map(str::to_owned)),
        ("hostaddr", config.get_hostaddrs().first().map(ToString::to_string)),
        ("port", config.get_ports().first().map(ToString::to_string)),
        ("options", config.get_options().map(str::to_owned)),
        ("application_name", config.get_application_name().map(str::to_owned)),
        ("connect_timeout", config.get_connect_timeout().map(|it| it.as_secs().to_string())),
        ("keepalives_idle", Some(config.get_keepalives_idle().as_secs().to_string())),
        (
            "keepalives_interval",
            config.get_keepalives_interval().map(|it| it.as_secs().to_string()),
        ),
        ("keepalives_count", config.get_keepalives_retries().map(|it| it.to_string())),
        ("tcp_user_timeout", config.get_tcp_user_timeout().map(|it| it.as_millis().to_string())),
    ];
    for (name, value) in pairs {
        let pair = format!("{name}='{}'", value.unwrap_or_default());
        assert!(told.expose_secret().contains(&pair), "{pair}");
    }
    assert_eq!(config.get_channel_binding(), ChannelBinding::Require);
    assert_eq!(config.get_target_session_attrs(), TargetSessionAttrs::ReadWrite);
    assert_eq!(config.get_ssl_mode(), SslMode::Require);
}
