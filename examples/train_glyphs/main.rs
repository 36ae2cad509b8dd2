//! Trains the networks of `src/ocr` on drawn pages, which pass through the same
//! preparation as a photographed card: that of `glyphs`, which reads plates, and
//! that of `glance.rs`, which tells scripts and print on its head apart.
//!
//! ```sh
//! cargo run --release --example train-glyphs -- --out src/ocr/glyphs/weights.bin
//! cargo run --release --example train-glyphs -- --network glance --out src/ocr/glance.bin
//! ```
//!
//! Each takes some ten minutes on one core. Every TrueType or OpenType font under
//! `--fonts` that has the letters takes part; the kept weights were trained with
//! Debian's packages fonts-arabeyes, -farsiweb, -freefarsi, -hosny-thabit, -kacst,
//! -kacst-one, -lemonada, -paktype, -sil-harmattan, -sil-lateef, -sil-scheherazade,
//! -dejavu-core, -freefont-ttf, -noto-core, -lato, -roboto-unhinted, -cantarell,
//! -crosextra-caladea, -crosextra-carlito, -liberation2, -linuxlibertine, -hack-ttf,
//! -inconsolata, -sil-gentiumplus, -ebgaramond, -urw-base35, -open-sans, -ocr-a and
//! -ocr-b. The fonts that development specimens never use (Amiri, Noto Sans) are
//! left out here too.

mod fonts;
mod lines;
mod page;
mod train;

use std::path::PathBuf;

use clap::{Parser, ValueEnum};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use wathiqa::ocr::{glance, glyphs};

use crate::fonts::Fonts;
use crate::lines::Writer;

/// Trains a network.
#[derive(Parser)]
struct Options {
    /// Which one
    #[arg(long, value_enum, default_value = "glyphs")]
    network: Which,
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

/// The networks.
#[derive(Clone, Copy, ValueEnum)]
enum Which {
    /// The digits and letters of plates
    Glyphs,
    /// Script and direction of print
    Glance,
}

impl Which {
    /// The names of its classes.
    fn classes(self) -> Vec<String> {
        match self {
            Self::Glyphs => {
                let letters = glyphs::ALPHABET.iter().map(char::to_string);
                letters.chain(["other".to_owned()]).collect()
            }
            Self::Glance => glance::CLASSES.map(str::to_owned).to_vec(),
        }
    }
}

fn main() -> anyhow::Result<()> {
    let options = Options::parse();
    let mut examples = Vec::new();
    let mut unseen = Vec::new();
    let mut draw = painter(&options)?;
    for seed in 0..options.pages {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        if seed % 20 == 0 { &mut unseen } else { &mut examples }.extend(draw(&mut rng)?);
    }
    println!("{} glyphs to learn from, {} to test with", examples.len(), unseen.len());
    let mut rng = ChaCha8Rng::seed_from_u64(u64::MAX);
    let classes = options.network.classes();
    let weights = train::train(&mut examples, &unseen, &classes, options.epochs, &mut rng)?;
    std::fs::write(&options.out, glyphs::pack(&weights))?;
    Ok(())
}

/// Draws a page and takes its examples out again.
type Painter = Box<dyn FnMut(&mut ChaCha8Rng) -> anyhow::Result<Vec<page::Example>>>;

fn painter(options: &Options) -> anyhow::Result<Painter> {
    Ok(match options.network {
        Which::Glyphs => {
            let fonts = Fonts::load(&options.fonts)?;
            let (arabic, latin) = (fonts.arabic.len(), fonts.latin.len());
            println!("{arabic} fonts with the letters, {latin} with the digits");
            Box::new(move |rng| page::glyphs(&fonts, rng))
        }
        Which::Glance => {
            let mut writer = Writer::load(std::path::Path::new("src/documents/lexicon/names.csv"))?;
            Box::new(move |rng| writer.squares(rng))
        }
    })
}
