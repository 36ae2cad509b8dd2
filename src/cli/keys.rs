//! `wathiqa keys rotate`

use std::process::ExitCode;

use wathiqa::config::DataConfig;
use wathiqa::documents::attachments;
use wathiqa::vault::Vault;

/// Keys encrypted anew in one transaction.
const BATCH: i64 = 500;

#[derive(clap::Args)]
pub(crate) struct Options {
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand)]
enum Command {
    /// Encrypt the keys of all kept pictures with the first of MASTER_KEYS; after it the
    /// others are needed for the audit alone
    Rotate,
}

pub(crate) fn run(options: &Options) -> anyhow::Result<ExitCode> {
    let Command::Rotate = options.command;
    super::load_dotenv()?;
    let vault = Vault::new(&DataConfig::from_env()?.master_keys)?;
    let rotated = super::with_store(async move |store| {
        let mut rotated = 0;
        loop {
            let vault = vault.clone();
            let done = store
                .write(move |connection| {
                    let current = vault.current();
                    let keys = attachments::list_wrapped_otherwise(connection, current, BATCH)?;
                    for key in &keys {
                        let wrapped = vault.rewrap(&key.key_id, &key.wrapped_key, &key.place())?;
                        attachments::rewrap(connection, key.id, current, &wrapped)?;
                    }
                    Ok(keys.len())
                })
                .await?;
            rotated += done;
            if done == 0 {
                return Ok(rotated);
            }
        }
    })?;
    println!("{rotated} pictures are under the current master key now");
    Ok(ExitCode::SUCCESS)
}
