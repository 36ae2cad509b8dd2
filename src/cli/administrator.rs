//! `wathiqa administrator <email> [--revoke]`

use std::process::ExitCode;
use std::time::Duration;

use wathiqa::config::DatabaseConfig;
use wathiqa::store::{Store, users};

/// How long the closing of the one connection may take.
const CLOSE: Duration = Duration::from_secs(1);

#[derive(clap::Args)]
pub(crate) struct Options {
    /// The e-mail address of the account
    email: String,
    /// Take the role away instead
    #[arg(long)]
    revoke: bool,
}

pub(crate) fn run(options: &Options) -> anyhow::Result<ExitCode> {
    super::load_dotenv()?;
    let store = Store::open(&DatabaseConfig::from_env()?);
    let (email, role) = (options.email.clone(), !options.revoke);
    let known = actix_web::rt::System::new().block_on(async {
        let known =
            store.write(move |connection| users::set_administrator(connection, &email, role)).await;
        store.close(CLOSE).await;
        known
    })?;
    anyhow::ensure!(known, "no account has this address");
    Ok(ExitCode::SUCCESS)
}
