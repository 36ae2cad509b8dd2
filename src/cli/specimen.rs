//! `wathiqa specimen <kind> [--level clean] [--seed 1] [--out DIR]`

use std::fs;
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context;
use specimen::{Kind, Level};

#[derive(clap::Args)]
pub(crate) struct Options {
    /// cin-2008, cin-2020, permis or gris
    kind: Kind,
    /// clean, scan, photo or hard
    #[arg(long, default_value = "clean")]
    level: Level,
    /// The same seed always gives the same card
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// The folder that receives the two pictures and truth.json
    #[arg(long, default_value = ".")]
    out: PathBuf,
}

pub(crate) fn run(options: &Options) -> anyhow::Result<ExitCode> {
    let drawn = specimen::draw(options.kind, options.level, options.seed)?;
    fs::create_dir_all(&options.out).with_context(|| options.out.display().to_string())?;
    let write = |name: &str, bytes: &[u8]| {
        let path = options.out.join(name);
        fs::write(&path, bytes).with_context(|| path.display().to_string())?;
        writeln!(io::stdout(), "{}", path.display())?;
        anyhow::Ok(())
    };
    for (side, picture) in [("recto", &drawn.recto), ("verso", &drawn.verso)] {
        write(&format!("{side}.{}", picture.extension()), &picture.encode()?)?;
    }
    write("truth.json", &serde_json::to_vec_pretty(&drawn.truth)?)?;
    Ok(ExitCode::SUCCESS)
}
