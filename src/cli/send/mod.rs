//! `wathiqa send <kind> <folder>…`: sends folders of photographs to a running service.
//!
//! What became of each card is noted beside the pictures as soon as it is known, so that
//! a run that was cut off goes on where it stopped. The notes name files and records, and
//! hold nothing of what a card says.

mod card;
mod client;
mod journal;
mod summary;

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::{Context, bail, ensure};
use futures_util::StreamExt;
use futures_util::stream;
use indicatif::{ProgressBar, ProgressFinish, ProgressStyle};
use secrecy::SecretString;
use url::Url;
use wathiqa::config::is_private_or_tls;
use wathiqa::documents::{DocumentKind, KindVisitor, visit_kinds};

use card::Card;
use client::{Client, Fate, Stop};
use journal::Journal;
use summary::Summary;

/// The file with the notes, in the first folder.
const JOURNAL: &str = ".wathiqa-send.jsonl";

#[derive(clap::Args)]
pub(crate) struct Options {
    /// cin, permis or gris
    kind: String,
    /// Folders of pictures: a folder for each card with recto.jpg and verso.jpg, or names such
    /// as 0017-recto.jpg and 0017-verso.jpg
    #[arg(required = true)]
    folders: Vec<PathBuf>,
    /// Where the service is
    #[arg(long, default_value = "http://127.0.0.1:8000")]
    to: Url,
    /// The file with a token or with a key of the organisation; - is the standard input
    #[arg(long)]
    token_file: PathBuf,
    /// Cards under way at a time
    #[arg(long, default_value_t = 2, value_parser = clap::value_parser!(u8).range(1..=16))]
    at_once: u8,
    /// Send cards anew that the service refused in an earlier run
    #[arg(long)]
    again: bool,
    /// Where the notes are kept [default: .wathiqa-send.jsonl in the first folder]
    #[arg(long)]
    journal: Option<PathBuf>,
}

pub(crate) fn run(options: &Options) -> anyhow::Result<ExitCode> {
    ensure!(
        is_private_or_tls(&options.to),
        "--to: cards and tokens go to another machine by https alone"
    );
    let needs_verso = needs_verso(&options.kind)
        .with_context(|| format!("`{}` is no kind of document", options.kind))?;
    let found = card::find(&options.folders, needs_verso)?;
    ensure!(
        !found.cards.is_empty() || !found.incomplete.is_empty(),
        "there is no picture in there whose name ends in recto or verso"
    );
    let journal = options.journal.clone().unwrap_or_else(|| options.folders[0].join(JOURNAL));
    let mut journal = Journal::open(&journal, &options.to, &options.kind)?;
    let client = Client::new(&options.to, &options.kind, token(&options.token_file)?)?;
    let mut summary = Summary::new(found.incomplete);
    let stopped = actix_web::rt::System::new().block_on(send(
        &client,
        found.cards,
        options,
        &mut journal,
        &mut summary,
    ));
    summary.write(&mut io::stdout().lock())?;
    if let Err(why) = stopped {
        bail!("{why}; begin again to go on where this stopped");
    }
    Ok(if summary.is_clean() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

async fn send(
    client: &Client,
    cards: Vec<Card>,
    options: &Options,
    journal: &mut Journal,
    summary: &mut Summary,
) -> Result<(), Stop> {
    let bar = bar(cards.len());
    let known = journal.known(options.again);
    let sent = stream::iter(cards).map(|card| {
        let known = &known;
        async move {
            let begun = Instant::now();
            let fate = deliver(client, &card, known).await;
            (card, fate, begun.elapsed())
        }
    });
    let mut sent = std::pin::pin!(sent.buffer_unordered(options.at_once.into()));
    while let Some((card, fate, took)) = sent.next().await {
        let fate = fate?;
        journal.note(&card, &fate)?;
        summary.add(&card, &fate, took);
        bar.inc(1);
    }
    Ok(())
}

/// Sends a card, unless it is known what became of these very pictures.
async fn deliver(client: &Client, card: &Card, known: &journal::Known) -> Result<Fate, Stop> {
    let pictures = match card.read() {
        Ok(pictures) => pictures,
        Err(error) => return Ok(Fate::Unreadable { why: error.to_string() }),
    };
    let digest = pictures.digest();
    if known.contains(&digest) {
        return Ok(Fate::SentBefore);
    }
    client.process(pictures, digest).await
}

/// It is taken away when it is dropped, also where sending stops early.
fn bar(cards: usize) -> ProgressBar {
    let form = "{bar:40} {pos}/{len} cards, {elapsed} gone, {eta} to go";
    let style = ProgressStyle::with_template(form).unwrap_or_else(|_| ProgressStyle::default_bar());
    let bar =
        ProgressBar::new(cards as u64).with_style(style).with_finish(ProgressFinish::AndClear);
    bar.enable_steady_tick(Duration::from_millis(250));
    bar
}

fn token(file: &Path) -> anyhow::Result<SecretString> {
    let text = if file == Path::new("-") {
        io::read_to_string(io::stdin())
    } else {
        std::fs::read_to_string(file)
    };
    let text = text.with_context(|| format!("--token-file {}", file.display()))?;
    let token = text.trim();
    ensure!(!token.is_empty(), "--token-file: there is nothing in it");
    Ok(token.into())
}

/// Whether cards of a kind must have two pictures; nothing for no kind.
fn needs_verso(slug: &str) -> Option<bool> {
    struct Find<'a>(&'a str, Option<bool>);
    impl KindVisitor for Find<'_> {
        fn visit<K: DocumentKind>(&mut self) {
            if K::SLUG == self.0 {
                self.1 = Some(K::VERSO_REQUIRED);
            }
        }
    }
    let mut find = Find(slug, None);
    visit_kinds(&mut find);
    find.1
}

/// Writes a line, ignoring that a reader such as `head` has left.
fn line(out: &mut impl Write, text: &str) -> io::Result<()> {
    match writeln!(out, "{text}") {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => other,
    }
}
