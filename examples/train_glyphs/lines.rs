//! Draws a page of lines in both scripts, upright or on its head, photographs
//! it badly, and cuts squares out of the lines as the service does.

use ab_glyph::{Font, FontRef};
use anyhow::{Context, ensure};
use cosmic_text::{Attrs, Buffer, Family, FontSystem, Metrics, Shaping, SwashCache, Wrap, fontdb};
use image::{GrayImage, Luma, imageops};
use rand::Rng;
use rand::seq::IndexedRandom;
use wathiqa::imaging::{Rect, decode, find_print, rectify};
use wathiqa::ocr::glance::squares;
use wathiqa::ocr::glyphs::Patch;

use crate::fonts::is_left_out;
use crate::page::{Example, HEIGHT, WIDTH, pattern, photographed};

const LABELS: [&str; 12] = [
    "Nom",
    "Prénom",
    "Né le",
    "à",
    "Date de naissance",
    "Valable jusqu'au",
    "Adresse",
    "Fils de",
    "N° état civil",
    "Puissance fiscale",
    "Délivré le",
    "Catégorie",
];
const ARABIC_LABELS: [&str; 12] = [
    "المملكة المغربية",
    "الاسم العائلي",
    "الاسم الشخصي",
    "تاريخ الازدياد",
    "مزداد بتاريخ",
    "صالحة إلى غاية",
    "العنوان",
    "رقم",
    "ابن",
    "بنت",
    "نوع الوقود",
    "القوة الجبائية",
];
const ARABIC_LETTERS: &str = "ابتثجحخدذرزسشصضطظعغفقكلمنهويىةأإآئؤء";

/// Writes lines with the machine's fonts.
pub(crate) struct Writer {
    fonts: FontSystem,
    scaler: SwashCache,
    latin: Vec<Face>,
    arabic: Vec<Face>,
    /// French and Arabic names.
    names: Vec<(String, String)>,
}

struct Face {
    family: String,
    weight: fontdb::Weight,
    style: fontdb::Style,
}

impl Writer {
    /// Takes stock of the fonts, and of the names in a CSV file (fr, ar, …).
    pub(crate) fn load(names: &std::path::Path) -> anyhow::Result<Self> {
        let fonts = FontSystem::new();
        let (mut latin, mut arabic) = (Vec::new(), Vec::new());
        for info in fonts.db().faces() {
            let Some((family, _)) = info.families.first() else { continue };
            let key = family.to_lowercase().replace(' ', "");
            if is_left_out(&key) || key == "notosans" {
                continue;
            }
            let has = |letters: &str| {
                let found = fonts.db().with_face_data(info.id, |data, index| {
                    FontRef::try_from_slice_and_index(data, index)
                        .is_ok_and(|font| letters.chars().all(|one| font.glyph_id(one).0 != 0))
                });
                found.unwrap_or(false)
            };
            let face = || Face { family: family.clone(), weight: info.weight, style: info.style };
            if has("AZaz09é/") {
                latin.push(face());
            }
            if has(ARABIC_LETTERS) {
                arabic.push(face());
            }
        }
        ensure!(!latin.is_empty() && !arabic.is_empty(), "no fonts were found");
        println!("{} faces write French, {} Arabic", latin.len(), arabic.len());
        let mut rows = csv::Reader::from_path(names)?;
        let pair = |row: csv::StringRecord| Some((row.get(0)?.to_owned(), row.get(1)?.to_owned()));
        let names = rows.records().flatten().filter_map(pair).collect();
        Ok(Self { fonts, scaler: SwashCache::new(), latin, arabic, names })
    }

    /// The squares of a page of lines that chance draws, and what each is.
    pub(crate) fn squares(&mut self, rng: &mut impl Rng) -> anyhow::Result<Vec<Example>> {
        let paper = rng.random_range(170..=255_u8);
        let mut page = GrayImage::from_pixel(WIDTH, HEIGHT, Luma([paper]));
        if rng.random_bool(0.5) {
            pattern(&mut page, rng);
        }
        let mut drawn = Vec::new();
        let mut y = 24.0;
        while y < HEIGHT as f32 - 60.0 {
            y += self.row(&mut page, y, &mut drawn, rng) + rng.random_range(6.0..30.0);
        }
        let turned = rng.random_bool(0.5);
        if turned {
            page = imageops::rotate180(&page);
            for (_, rect) in &mut drawn {
                rect.x = WIDTH as f32 - rect.right();
                rect.y = HEIGHT as f32 - rect.bottom();
            }
        }
        let slope = rng.random_range(-0.02..0.02_f32);
        let picture = photographed(&page, slope, paper, rng)?;
        let card = rectify(&decode(&picture).context("a page does not decode")?);
        let mut examples = Vec::new();
        for segment in &find_print(&card.pixels).segments {
            let place = card.placement.upload_box(&segment.rect);
            let Some(arabic) = script_at(&place, &drawn, slope) else { continue };
            let class = 2 * usize::from(arabic) + usize::from(turned);
            for square in squares(&segment.rect) {
                let patch = Patch::cut(&card.pixels, &square, &square);
                examples.extend(patch.map(|patch| Example { patch, class }));
            }
        }
        Ok(examples)
    }

    /// Draws a row of one or two texts and says how high it is.
    fn row(
        &mut self,
        page: &mut GrayImage,
        top: f32,
        drawn: &mut Vec<(bool, Rect)>,
        rng: &mut impl Rng,
    ) -> f32 {
        let em = rng.random_range(16.0..52.0_f32);
        let ink = rng.random_range(0..110_u8);
        let mut x = rng.random_range(20.0..200.0_f32);
        let mut lowest = em;
        while x < WIDTH as f32 - 4.0 * em {
            let arabic = rng.random_bool(0.5);
            let text = if arabic { self.arabic_text(rng) } else { self.latin_text(rng) };
            let rect = self.write(page, &text, arabic, em, (x, top), ink, rng);
            if let Some(rect) = rect {
                lowest = lowest.max(rect.bottom() - top);
                x = rect.right();
                drawn.push((arabic, rect));
            }
            x += rng.random_range(2.0..12.0) * em;
        }
        lowest
    }

    fn latin_text(&self, rng: &mut impl Rng) -> String {
        let name = |rng: &mut _| self.names.choose(rng).map_or("", |name| &name.0).to_owned();
        match rng.random_range(0..10) {
            0..4 => name(rng),
            4 => format!("{} {}", name(rng), name(rng)),
            5 => LABELS.choose(rng).unwrap_or(&"Nom").to_string(),
            6 => format!(
                "{:02}{sep}{:02}{sep}{}",
                rng.random_range(1..29),
                rng.random_range(1..13),
                rng.random_range(1930..2040),
                sep = ['.', '/', '-'].choose(rng).unwrap_or(&'/')
            ),
            7 => rng.random_range(10..9_999_999).to_string(),
            _ => (0..rng.random_range(2..12))
                .map(|_| {
                    *b"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789abdeghnrt".choose(rng).unwrap_or(&b'A')
                        as char
                })
                .collect(),
        }
    }

    fn arabic_text(&self, rng: &mut impl Rng) -> String {
        let name = |rng: &mut _| self.names.choose(rng).map_or("", |name| &name.1).to_owned();
        match rng.random_range(0..10) {
            0..4 => name(rng),
            4 | 5 => format!("{} {}", name(rng), name(rng)),
            6 | 7 => ARABIC_LABELS.choose(rng).unwrap_or(&"رقم").to_string(),
            _ => {
                let letters: Vec<char> = ARABIC_LETTERS.chars().collect();
                let letter = |_| *letters.choose(rng).unwrap_or(&'ا');
                (0..7).map(letter).collect()
            }
        }
    }

    /// Writes a text and gives the box of its ink.
    #[expect(clippy::too_many_arguments, reason = "what, how and where to write")]
    fn write(
        &mut self,
        page: &mut GrayImage,
        text: &str,
        arabic: bool,
        em: f32,
        place: (f32, f32),
        ink: u8,
        rng: &mut impl Rng,
    ) -> Option<Rect> {
        let face = if arabic { &self.arabic } else { &self.latin }.choose(rng)?;
        let family = Family::Name(&face.family);
        let attrs = Attrs::new().family(family).weight(face.weight).style(face.style);
        let mut buffer = Buffer::new(&mut self.fonts, Metrics::new(em, em * 1.5));
        buffer.set_wrap(Wrap::None);
        buffer.set_text(text, &attrs, Shaping::Advanced, None);
        buffer.shape_until_scroll(&mut self.fonts, false);
        let mut inked: Option<Rect> = None;
        for glyph in buffer.layout_runs().flat_map(|run| run.glyphs) {
            let placed = glyph.physical((0.0, 0.0), 1.0);
            let image = self.scaler.get_image_uncached(&mut self.fonts, placed.cache_key);
            let Some(image) = image.filter(|image| image.placement.width > 0) else { continue };
            let left = place.0 as i32 + placed.x + image.placement.left;
            let top = (place.1 + em) as i32 + placed.y - image.placement.top;
            let (wide, high) = (image.placement.width, image.placement.height);
            for (index, cover) in image.data.iter().take((wide * high) as usize).enumerate() {
                let (x, y) =
                    (left + (index as u32 % wide) as i32, top + (index as u32 / wide) as i32);
                if (0..WIDTH as i32).contains(&x) && (0..HEIGHT as i32).contains(&y) {
                    let Luma([pixel]) = page.get_pixel_mut(x as u32, y as u32);
                    let cover = f32::from(*cover) / 255.0;
                    *pixel = (f32::from(*pixel) * (1.0 - cover) + f32::from(ink) * cover) as u8;
                }
            }
            let rect = Rect::new(left as f32, top as f32, wide as f32, high as f32);
            inked = Some(inked.map_or(rect, |all| all.union(&rect)));
        }
        inked.filter(|rect| rect.x >= 0.0 && rect.right() < WIDTH as f32)
    }
}

/// Whether what was drawn in a box of the picture is Arabic; nothing where it
/// is both, or neither.
fn script_at(place: &Rect, drawn: &[(bool, Rect)], slope: f32) -> Option<bool> {
    let (mid_x, mid_y) = (WIDTH as f32 / 2.0, HEIGHT as f32 / 2.0);
    let mut scripts = drawn.iter().filter_map(|(arabic, rect)| {
        let (x, y) = (rect.mid_x() - mid_x, rect.mid_y() - mid_y);
        let (x, y) = (mid_x + x - slope * y, mid_y + y + slope * x);
        let across =
            (x + rect.width / 2.0).min(place.right()) - (x - rect.width / 2.0).max(place.x);
        let near = (y - place.mid_y()).abs() < 0.35 * rect.height.max(place.height);
        (near && across > 0.5 * rect.width.min(place.width)).then_some(*arabic)
    });
    let first = scripts.next()?;
    scripts.all(|other| other == first).then_some(first)
}
