//! From a seed to a picture of a line.

use std::cell::RefCell;

use image::GrayImage;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use specimen::data::one_of;

use crate::alphabet::{is_arabic, plain};
use crate::camera::Shot;
use crate::choice::Choice;
use crate::clutter;
use crate::cut::cut;
use crate::faces::Face;
use crate::ink::Ink;
use crate::press::{Piece, Press, Type};
use crate::raster::Area;
use crate::text::Wording;
use crate::{Camera, DrawError, Filters, Ground, Kind, Level, LineSpecimen, Split};
use crate::{ground, ink};

/// Labels are at most so long.
const LABEL_MAX: usize = 100;

/// Heights of a capital that are drawn around the print.
const MARGIN: f32 = 1.5;

thread_local! {
    static PRESS: RefCell<Press> = RefCell::new(Press::new());
}

/// Draws the picture of a split, a seed and an index.
///
/// # Errors
///
/// [`DrawError::FontsMissing`] where families of the split are not installed and
/// the filters do not say to do without; [`DrawError::NoFont`] where no family is left.
pub fn draw(
    split: Split,
    seed: u64,
    index: u64,
    filters: &Filters,
) -> Result<LineSpecimen, DrawError> {
    let mut rng = source(split, seed, index);
    let kind = match filters.kinds.as_slice() {
        [] => Kind::choose(&Kind::ALL, &mut rng),
        kinds => Kind::choose(kinds, &mut rng),
    };
    let level = level(filters, &mut rng);
    let cameras = Camera::ALL.map(|camera| camera.level() == level && camera.is_for(split));
    let cameras: Vec<Camera> =
        Camera::ALL.into_iter().zip(cameras).filter(|one| one.1).map(|one| one.0).collect();
    let grounds: Vec<Ground> =
        Ground::ALL.into_iter().filter(|ground| ground.is_for(split)).collect();
    let (camera, ground) = (*one_of(&mut rng, &cameras), *one_of(&mut rng, &grounds));
    let choice = Choice::of(split, filters)?;
    let (wording, visual) = fitting(kind, &mut rng);
    let (latin, arabic) = choice.faces(kind, &wording.text(), &mut rng)?;
    let has_arabic = wording.text().chars().any(is_arabic);
    let shot = camera.shoot(&mut rng);
    let image = PRESS
        .with_borrow_mut(|press| picture(press, &wording, (latin, arabic), ground, shot, &mut rng));
    Ok(LineSpecimen {
        image,
        text: plain(&wording.text()),
        visual,
        kind,
        level,
        font: if has_arabic { arabic.family } else { latin.family },
        ground,
        camera,
    })
}

/// The source of chance of one picture; no two have any in common.
fn source(split: Split, seed: u64, index: u64) -> ChaCha8Rng {
    let mut key = [0; 32];
    key[..8].copy_from_slice(&seed.to_le_bytes());
    key[8..16].copy_from_slice(&index.to_le_bytes());
    key[16] = split as u8;
    ChaCha8Rng::from_seed(key)
}

fn level(filters: &Filters, rng: &mut impl Rng) -> Level {
    if !filters.levels.is_empty() {
        return *one_of(rng, &filters.levels);
    }
    match rng.random_range(0..100) {
        0..14 => Level::Clean,
        14..38 => Level::Scan,
        38..72 => Level::Photo,
        _ => Level::Hard,
    }
}

/// A wording of the kind with its label, short enough for one.
fn fitting(kind: Kind, rng: &mut impl Rng) -> (Wording, String) {
    loop {
        let wording = kind.invent(rng);
        let label = wording.visual();
        let is_text = !label.is_empty() || kind == Kind::Nothing;
        if is_text && label.chars().count() <= LABEL_MAX {
            return (wording, label);
        }
    }
}

/// The picture of a wording.
fn picture(
    press: &mut Press,
    wording: &Wording,
    (latin, arabic): (&Face, &Face),
    ground: Ground,
    shot: Shot,
    rng: &mut impl Rng,
) -> GrayImage {
    // Capitals of values are some 0.033 of a card's height, those of labels less.
    let height = shot.width * 53.98 / 85.6;
    let seen = height * rng.random_range(0.021..0.046) * rng.random_range(0.9..1.1);
    // Few pixels are drawn finer than they are seen: the lens softens, not the printer.
    let capital = if shot.blur > 0.0 { (seen * 1.2).max(18.0) } else { seen };
    let set = typesetting(wording, (latin, arabic), capital, rng);
    let canvas = match press.print(&wording.pieces, &set) {
        Some(mask) => printed(press, mask, &set, wording, ground, rng),
        None => empty(capital, ground, rng),
    };
    let mut shot = shot;
    loop {
        let photo = shot.take(&canvas.picture, canvas.print, seen / capital, rng);
        if wording.pieces.is_empty() || photo.is_legible() || !shot.soften() {
            return cut(photo, shot.width, seen, rng);
        }
    }
}

/// A drawn patch and the box of its print.
struct Canvas {
    picture: GrayImage,
    print: Area,
}

fn typesetting<'a>(
    wording: &Wording,
    (latin, arabic): (&'a Face, &'a Face),
    capital: f32,
    rng: &mut impl Rng,
) -> Type<'a> {
    let now_and_then = |rng: &mut ChaCha8Rng, share: f64, range: std::ops::Range<f32>, or: f32| {
        if rng.random_bool(share) { rng.random_range(range) } else { or }
    };
    let mut rng = ChaCha8Rng::from_rng(rng);
    Type {
        latin,
        arabic,
        one_face: wording.text().chars().any(is_arabic) && rng.random_bool(0.5),
        capital,
        alef: capital * rng.random_range(0.85..1.3),
        stretch: now_and_then(&mut rng, 0.35, 0.8..1.15, 1.0),
        slant: now_and_then(&mut rng, 0.1, -0.08..0.2, 0.0),
        spacing: capital * now_and_then(&mut rng, 0.25, -0.05..0.2, 0.0),
        embolden: capital * now_and_then(&mut rng, 0.12, 0.0..0.05, 0.0),
    }
}

/// A patch with the print, at times parts of the rows above and below, and rules.
fn printed(
    press: &mut Press,
    mask: GrayImage,
    set: &Type<'_>,
    wording: &Wording,
    ground: Ground,
    rng: &mut impl Rng,
) -> Canvas {
    let unit = set.capital;
    let margin = unit * MARGIN;
    let (wide, high) = (mask.width(), mask.height());
    let around = |pixels: u32| pixels + 2 * margin as u32;
    let paper = rng.random_range(150..=255_u8).max(rng.random_range(150..=255));
    let mut picture = ground.paint((around(wide), around(high)), paper, unit, rng);
    let ink = Ink::choose(paper, unit, rng);
    let at = (margin as i32, margin as i32);
    if rng.random_bool(0.07) {
        watermark(press, &mut picture, set, rng);
    }
    if rng.random_bool(0.25) {
        neighbours(press, &mut picture, set, wording, (&ink, high), rng);
    }
    if rng.random_bool(0.06) {
        let y = if rng.random_bool(0.8) {
            margin + high as f32 + unit * rng.random_range(0.08..0.4)
        } else {
            margin - unit * rng.random_range(0.15..0.4)
        };
        clutter::rule(&mut picture, y, unit * rng.random_range(0.04..0.1), ink.tone);
    }
    let mask = ink.lay(mask, rng);
    ink.stamp(&mut picture, &mask, at);
    if rng.random_bool(0.12) {
        ground::shine(&mut picture, unit, rng);
    }
    Canvas { picture, print: [margin, margin, wide as f32, high as f32] }
}

/// Large pale letters under or over the row, as specimens and copies have.
fn watermark(press: &mut Press, picture: &mut GrayImage, set: &Type<'_>, rng: &mut impl Rng) {
    let size = rng.random_range(2.0..6.0);
    let large =
        Type { slant: rng.random_range(-0.3..0.3), ..Type::plain(set.latin, set.capital * size) };
    let text = *one_of(rng, &["SPECIMEN", "MAROC", "COPIE", "DUPLICATA"]);
    let pieces = [Piece { text: text.to_owned(), gap: 0.0 }];
    let Some(mask) = press.print(&pieces, &large) else { return };
    let x = rng.random_range(-(mask.width() as i32)..picture.width() as i32);
    let y = rng.random_range(-(mask.height() as i32) / 2..picture.height() as i32);
    let tone = rng.random_range(60..190);
    ink::print(picture, &mask, (x, y), tone, rng.random_range(20..80));
}

/// Rows above and below of which a cut may show a sliver.
fn neighbours(
    press: &mut Press,
    picture: &mut GrayImage,
    set: &Type<'_>,
    wording: &Wording,
    (ink, high): (&Ink, u32),
    rng: &mut impl Rng,
) {
    let margin = (set.capital * MARGIN) as i32;
    for above in [true, false] {
        let gap = (set.capital * rng.random_range(0.3..1.1)) as i32;
        let pieces: Vec<Piece> = wording.pieces.iter().rev().cloned().collect();
        let Some(mask) = press.print(&pieces, set) else { continue };
        let x = margin + (set.capital * rng.random_range(-8.0..8.0)) as i32;
        let y =
            if above { margin - gap - mask.height() as i32 } else { margin + high as i32 + gap };
        ink.stamp(picture, &mask, (x, y));
    }
}

/// A patch without text.
fn empty(unit: f32, ground: Ground, rng: &mut impl Rng) -> Canvas {
    let (wide, high) = (unit * rng.random_range(1.0..24.0), unit * rng.random_range(0.8..1.6));
    let margin = unit * MARGIN;
    let paper = rng.random_range(120..=255_u8);
    let around = |pixels: f32| (pixels + 2.0 * margin) as u32;
    let mut picture = ground.paint((around(wide), around(high)), paper, unit, rng);
    let print = [margin, margin, wide, high];
    clutter::draw(&mut picture, print, unit, Ink::choose(paper, unit, rng).tone, rng);
    Canvas { picture, print }
}
