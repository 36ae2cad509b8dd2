//! `wathiqa serve`

use std::net::TcpListener;
use std::process::ExitCode;

use anyhow::Context;
use wathiqa::api::Application;
use wathiqa::config::{Config, DatabaseConfig};
use wathiqa::{store, telemetry};

pub(crate) fn run() -> anyhow::Result<ExitCode> {
    super::load_dotenv()?;
    let config = Config::from_env()?;
    telemetry::init(&config.log)?;
    actix_web::rt::System::new().block_on(serve(config))?;
    Ok(ExitCode::SUCCESS)
}

async fn serve(config: Config) -> anyhow::Result<()> {
    super::tell_notices(&config.database);
    match config.redis_url {
        None => tracing::info!("REDIS_URL is not set: caches and limits are local to this process"),
        Some(_) => {
            tracing::warn!("REDIS_URL is not used by this version: caches and limits are local");
        }
    }
    log_database(&config.database).await?;
    store::migrate(&config.database).context("the database cannot be migrated")?;
    let (host, port) = (config.http.host, config.http.port);
    let listener = TcpListener::bind((host, port))
        .with_context(|| format!("cannot listen on {host}:{port} (HOST, PORT)"))?;
    Ok(Application::build(&config, listener)?.run().await?)
}

/// Logs what server this is and how the connection to it is protected.
async fn log_database(config: &DatabaseConfig) -> anyhow::Result<()> {
    let server = store::tls::probe(config).await?;
    tracing::info!(
        version = server.server_version,
        tls = server.tls_protocol.as_deref().unwrap_or("none"),
        cipher = server.tls_cipher.as_deref().unwrap_or("none"),
        "Connected to database"
    );
    Ok(())
}
