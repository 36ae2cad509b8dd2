//! What the stages of reading one side cost: `cargo bench --bench stages`.
//!
//! The fields of the contract need none of this; `Server-Timing` tells the same
//! stages of a real request.

use std::hint::black_box;
use std::time::Duration;

use anyhow::Context;
use criterion::Criterion;
use specimen::{Kind, Level};
use wathiqa::config::OcrConfig;
use wathiqa::documents::cin::Cin;
use wathiqa::documents::{self, DocumentKind, Known, Part, Sheet, Sides};
use wathiqa::imaging::{self, quality};
use wathiqa::ocr::glance::Look;
use wathiqa::ocr::{self, Engines, OcrPool};

fn main() -> anyhow::Result<()> {
    let mut config = OcrConfig::from_env()?;
    config.program = env!("CARGO_BIN_EXE_wathiqa").into();
    config.workers = 1;
    let pool = OcrPool::start(&config)?;
    let drawn = specimen::draw(Kind::Cin2020, Level::Photo, 1)?;
    let mut criterion = Criterion::default()
        .sample_size(20)
        .measurement_time(Duration::from_secs(8))
        .configure_from_args();
    for (side, picture) in [("recto", &drawn.recto), ("verso", &drawn.verso)] {
        stages(&mut criterion, &pool, side, &picture.encode()?)?;
    }
    criterion.final_summary();
    Ok(())
}

fn stages(
    criterion: &mut Criterion,
    pool: &OcrPool,
    side: &str,
    encoded: &[u8],
) -> anyhow::Result<()> {
    let photo = imaging::decode(encoded)?;
    let card = imaging::rectify(&photo);
    let print = imaging::find_print(&card.pixels);
    let read =
        || pool.with_engine(&mut |engine| ocr::read_card(&card, print.clone(), &Known, engine));
    let page = read()?;
    let recognised = documents::recognise_any(&page).context("not recognised")?;
    let sheet = Sheet { page: page.clone(), part: Part::Recto, recognised: Some(recognised) };
    let sides = match recognised.side {
        documents::Side::Recto => Sides { recto: Some(sheet), verso: None },
        documents::Side::Verso => Sides { recto: None, verso: Some(sheet) },
    };

    let mut group = criterion.benchmark_group(side);
    group.bench_function("decode", |bench| bench.iter(|| imaging::decode(black_box(encoded))));
    group.bench_function("rectify", |bench| bench.iter(|| imaging::rectify(black_box(&photo))));
    group.bench_function("find print", |bench| {
        bench.iter(|| imaging::find_print(black_box(&card.pixels)));
    });
    group.bench_function("judge quality", |bench| {
        bench.iter(|| quality::judge(black_box(&photo), &card, &print));
    });
    group.bench_function("look", |bench| {
        bench.iter(|| {
            let look = |segment| Look::at(black_box(&card.pixels), segment);
            print.segments.iter().map(look).collect::<Vec<_>>()
        });
    });
    group.bench_function("read", |bench| bench.iter(read));
    group.bench_function("recognise", |bench| {
        bench.iter(|| documents::recognise_any(black_box(&page)));
    });
    group.bench_function("fields", |bench| bench.iter(|| Cin::read(black_box(&sides))));
    group.finish();
    Ok(())
}
