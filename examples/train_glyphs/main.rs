//! Trains the glyph network of `src/ocr/glyphs` on drawn pages of digits and
//! plate letters, which pass through the same preparation as a photographed card.
//!
//! `cargo run --release --example train-glyphs -- --out src/ocr/glyphs/weights.bin`
//! takes some ten minutes on one core. Every TrueType or OpenType font under
//! `--fonts` that has the letters takes part; the kept weights were trained with
//! Debian's packages fonts-arabeyes, -farsiweb, -freefarsi, -hosny-thabit, -kacst,
//! -kacst-one, -lemonada, -paktype, -sil-harmattan, -sil-lateef, -sil-scheherazade,
//! -dejavu-core, -freefont-ttf, -noto-core, -lato, -roboto-unhinted, -cantarell,
//! -crosextra-caladea, -crosextra-carlito, -liberation2, -linuxlibertine, -hack-ttf,
//! -inconsolata, -sil-gentiumplus, -ebgaramond, -urw-base35, -open-sans, -ocr-a and
//! -ocr-b. The fonts that development specimens never use (Amiri, Noto Sans) are
//! left out here too.

mod fonts;
mod page;
mod train;

use std::path::PathBuf;

use clap::Parser;
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

use crate::fonts::Fonts;

/// Trains the glyph network.
#[derive(Parser)]
struct Options {
    /// Where fonts lie
    #[arg(long, default_value = "/usr/share/fonts")]
    fonts: PathBuf,
    /// Pages to draw, of some 200 glyphs each; a twentieth is kept for the test
    #[arg(long, default_value_t = 600)]
    pages: u64,
    /// Times that each glyph is learned from
    #[arg(long, default_value_t = 12)]
    epochs: u32,
    /// The file for the weights
    #[arg(long)]
    out: PathBuf,
}

fn main() -> anyhow::Result<()> {
    let options = Options::parse();
    let fonts = Fonts::load(&options.fonts)?;
    println!(
        "{} fonts with the letters, {} with the digits",
        fonts.arabic.len(),
        fonts.latin.len()
    );
    let mut examples = Vec::new();
    let mut unseen = Vec::new();
    for seed in 0..options.pages {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let glyphs = page::glyphs(&fonts, &mut rng)?;
        if seed % 20 == 0 { &mut unseen } else { &mut examples }.extend(glyphs);
    }
    println!("{} glyphs to learn from, {} to test with", examples.len(), unseen.len());
    let mut rng = ChaCha8Rng::seed_from_u64(u64::MAX);
    let weights = train::train(&mut examples, &unseen, options.epochs, &mut rng)?;
    std::fs::write(&options.out, wathiqa::ocr::glyphs::pack(&weights))?;
    Ok(())
}
