//! `wathiqa serve`

use std::net::TcpListener;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::Context;
use wathiqa::api::Application;
use wathiqa::config::{Config, DatabaseConfig};
use wathiqa::store::tls::{self, ServerInfo};
use wathiqa::{store, telemetry};

pub(crate) fn run() -> anyhow::Result<ExitCode> {
    super::load_dotenv()?;
    let config = Config::from_env()?;
    let _telemetry = telemetry::init(&config.log, config.traces.as_ref())?;
    actix_web::rt::System::new().block_on(serve(config))?;
    Ok(ExitCode::SUCCESS)
}

async fn serve(config: Config) -> anyhow::Result<()> {
    super::tell_notices(&config.database);
    match config.redis_url {
        None => tracing::info!("REDIS_URL is not set: caches and limits are local to this process"),
        Some(_) => {
            tracing::info!(
                "REDIS_URL is set: caches and limits are shared while it can be reached"
            );
        }
    }
    let server = reach_database(&config.database).await?;
    tracing::info!(
        version = server.server_version,
        tls = server.tls_protocol.as_deref().unwrap_or("none"),
        cipher = server.tls_cipher.as_deref().unwrap_or("none"),
        "Connected to database"
    );
    store::migrate(&config.database).context("the database cannot be migrated")?;
    let (host, port) = (config.http.host, config.http.port);
    let listener = TcpListener::bind((host, port))
        .with_context(|| format!("cannot listen on {host}:{port} (HOST, PORT)"))?;
    Ok(Application::build(&config, listener)?.run().await?)
}

/// The longest pause between two tries to reach the database.
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// Waits for a database that is down, without listening, so that a platform keeps the
/// instance before this one. What no waiting mends ends the start at once.
async fn reach_database(config: &DatabaseConfig) -> anyhow::Result<ServerInfo> {
    let (started, postgres) = (Instant::now(), &config.postgres);
    let mut pause = Duration::from_millis(250);
    loop {
        let mut answer = tls::probe(&postgres.parameters).await;
        // Migrations go around a pooler, and what is behind it may be down by itself.
        if answer.is_ok() && postgres.parameters.pooled {
            answer = tls::probe(&postgres.direct).await.and(answer);
        }
        let error = match answer {
            Ok(server) => return Ok(server),
            Err(error) => error,
        };
        if error.is_final() || started.elapsed() + pause > config.start_wait {
            return Err(error.into());
        }
        tracing::warn!(reason = %error, again_in = ?pause, "waiting for the database");
        actix_web::rt::time::sleep(pause).await;
        pause = (2 * pause).min(LONGEST_PAUSE);
    }
}
