//! `xtask serve`: the service with a private database, until Ctrl-C. Called by
//! `scripts/serve`, which has built both. `xtask run`: the same for one command.

mod once;
mod service;
mod settings;

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::{Context, bail};
use private_postgres::Cluster;

use service::{Outcome, Service};
use settings::Settings;

/// The database of the local service.
const DATABASE: &str = "wathiqa";

fn main() -> ExitCode {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    let outcome = match arguments.as_slice() {
        [command] if command == "serve" => serve(),
        [command, rest @ ..] if command == "run" => run(rest),
        _ => Err(anyhow::anyhow!("usage: xtask serve | run [NAME=value…] -- command…")),
    };
    outcome.unwrap_or_else(|error| {
        eprintln!("xtask: {error:#}");
        ExitCode::FAILURE
    })
}

/// Counts the requests to stop; called before anything is started, so that none is lost.
fn stops() -> anyhow::Result<Arc<AtomicUsize>> {
    let stops = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&stops);
    ctrlc::set_handler(move || {
        counted.fetch_add(1, Ordering::SeqCst);
    })?;
    Ok(stops)
}

fn run(arguments: &[String]) -> anyhow::Result<ExitCode> {
    let stops = stops()?;
    once::run(&wathiqa()?, &stops, arguments)
}

fn serve() -> anyhow::Result<ExitCode> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().context("no project folder")?;
    let stops = stops()?;
    let mut settings = Settings::read(root)?;
    settings.refuse_taken_port()?;
    // Lives until the service has stopped.
    // Not PGHOST: that is what this machine's own tools talk to.
    let given = ["DATABASE_URL", "DB_HOST", "POSTGRES_HOST"];
    let _cluster = match given.into_iter().find(|name| settings.get(name).is_some()) {
        Some(name) => {
            eprintln!("serve: using the database of {name}");
            None
        }
        None => Some(private_database(&mut settings)?),
    };
    let program = wathiqa()?;
    let mut service = Service::start(&program, &settings)?;
    match service.wait_until_ready(&settings, &stops)? {
        Outcome::Ready => {}
        Outcome::Ended(code) => return Ok(code),
    }
    match draw_specimen(&program, &settings) {
        Ok(folder) => print_sequence(&settings.url(), &folder),
        Err(error) => eprintln!("serve: no specimen was drawn: {error:#}"),
    }
    service.run_until_stopped(&stops)
}

/// Starts Postgres under the data folder and points the service to it.
fn private_database(settings: &mut Settings) -> anyhow::Result<Cluster> {
    let folder = settings.data().join("postgres");
    let cluster = Cluster::persistent(&folder).context("the private Postgres")?;
    cluster.ensure_database(DATABASE)?;
    settings.set("DATABASE_URL", cluster.url(DATABASE));
    eprintln!(
        "serve: private Postgres on 127.0.0.1:{}, TLS only, data in {}",
        cluster.port(),
        cluster.folder().display()
    );
    Ok(cluster)
}

/// The service's executable, built beside this one.
fn wathiqa() -> anyhow::Result<PathBuf> {
    let program = std::env::current_exe()?.with_file_name("wathiqa");
    if !program.is_file() {
        bail!("{} is missing: run scripts/serve", program.display());
    }
    Ok(program)
}

fn draw_specimen(program: &Path, settings: &Settings) -> anyhow::Result<PathBuf> {
    let folder = settings.data().join("specimen");
    let output = Command::new(program)
        .args(["specimen", "cin-2020", "--level", "clean", "--seed", "1", "--out"])
        .arg(&folder)
        .output()?;
    if !output.status.success() {
        bail!("{}", String::from_utf8_lossy(&output.stderr).trim());
    }
    Ok(folder)
}

/// Prints commands that can be pasted into another terminal as they are.
fn print_sequence(url: &str, specimen: &Path) {
    let specimen = specimen.display();
    println!(
        r#"
Wathiqa serves on {url} (its API page: {url}/docs). Ctrl-C stops it.
Paste this into another terminal; the card is a specimen that was just drawn:

  # register (409 when it was done before)
  curl -sS {url}/auth/register -H 'Content-Type: application/json' \
    -d '{{"email": "essai@example.ma", "password": "mot de passe d essai", "full_name": "Essai"}}'; echo
  # log in
  TOKEN=$(curl -sS {url}/auth/login -H 'Content-Type: application/json' \
    -d '{{"email": "essai@example.ma", "password": "mot de passe d essai"}}' \
    | sed -E 's/.*"token": ?"([^"]+)".*/\1/')
  # process a card
  curl -sS {url}/cin/process -H "Authorization: Bearer $TOKEN" \
    -F 'recto=@"{specimen}/recto.png"' -F 'verso=@"{specimen}/verso.png"'; echo
  # list the cards
  curl -sS {url}/cin/all -H "Authorization: Bearer $TOKEN"; echo
"#
    );
}
