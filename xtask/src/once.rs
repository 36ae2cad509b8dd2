//! `xtask run NAME=value… -- command…`: the service on a port and a database of its own, for as
//! long as a command runs. Nothing of it is kept.

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, TcpListener};
use std::path::Path;
use std::process::{Command, ExitCode};
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;

use anyhow::{Context, bail};
use private_postgres::Cluster;

use crate::DATABASE;
use crate::service::{Outcome, Service};
use crate::settings::{Settings, random_secret};

/// Runs the command; `{url}` in its arguments stands for the address of the service.
pub(crate) fn run(
    program: &Path,
    stops: &Arc<AtomicUsize>,
    arguments: &[String],
) -> anyhow::Result<ExitCode> {
    let (given, command) = split(arguments)?;
    let cluster = Cluster::temporary().context("the private Postgres")?;
    cluster.ensure_database(DATABASE)?;
    let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port();
    let mut variables = BTreeMap::from([
        ("HOST".to_owned(), Ipv4Addr::LOCALHOST.to_string()),
        ("PORT".to_owned(), port.to_string()),
        ("DATABASE_URL".to_owned(), cluster.url(DATABASE)),
        ("JWT_SECRET".to_owned(), random_secret()?),
        ("LOG_LEVEL".to_owned(), "warn".to_owned()),
    ]);
    variables.extend(given);
    let settings = Settings::alone(variables);
    let mut service = Service::start(program, &settings)?;
    if let Outcome::Ended(code) = service.wait_until_ready(&settings, stops)? {
        return Ok(code);
    }
    let (name, rest) = command.split_first().context("no command")?;
    let url = settings.url();
    let status = Command::new(name)
        .args(rest.iter().map(|argument| argument.replace("{url}", &url)))
        .status()
        .with_context(|| name.clone())?;
    service.stop(stops)?;
    let code = status.code().and_then(|code| u8::try_from(code).ok());
    Ok(ExitCode::from(code.unwrap_or(1)))
}

/// The variables before `--` and the command behind it.
fn split(arguments: &[String]) -> anyhow::Result<(BTreeMap<String, String>, &[String])> {
    let mut parts = arguments.splitn(2, |argument| argument == "--");
    let (Some(variables), Some(command)) = (parts.next(), parts.next()) else {
        bail!("usage: xtask run [NAME=value…] -- command…");
    };
    let pair = |text: &String| text.split_once('=').map(|(a, b)| (a.to_owned(), b.to_owned()));
    let pairs: Option<_> = variables.iter().map(pair).collect();
    Ok((pairs.context("before `--` stand variables, NAME=value")?, command))
}
