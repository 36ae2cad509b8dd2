//! `wathiqa administrator <email> [--revoke]`

use std::process::ExitCode;

use wathiqa::store::users;

#[derive(clap::Args)]
pub(crate) struct Options {
    /// The e-mail address of the account
    email: String,
    /// Take the role away instead
    #[arg(long)]
    revoke: bool,
}

pub(crate) fn run(options: &Options) -> anyhow::Result<ExitCode> {
    let (email, role) = (options.email.clone(), !options.revoke);
    let known = super::with_store(async move |store| {
        store.write(move |connection| users::set_administrator(connection, &email, role)).await
    })?;
    anyhow::ensure!(known.is_some(), "no account has this address");
    Ok(ExitCode::SUCCESS)
}
