//! Shapes and rasterises one line of print.

use harfrust::{Direction, Feature, Tag, UnicodeBuffer, script};
use image::{GrayImage, Luma};
use swash::scale::{Render, ScaleContext, Source};
use swash::zeno::{Format, Transform, Vector};

use crate::alphabet::is_arabic;
use crate::faces::Face;
use crate::order::{Run, runs};

/// How a line is set.
#[derive(Clone, Copy)]
pub(crate) struct Type<'a> {
    /// For French and digits.
    pub(crate) latin: &'a Face,
    /// For Arabic.
    pub(crate) arabic: &'a Face,
    /// Whether digits and signs come from the Arabic face too.
    pub(crate) one_face: bool,
    /// Height of a capital, in pixels.
    pub(crate) capital: f32,
    /// Height of an alef, in pixels.
    pub(crate) alef: f32,
    /// What widths are multiplied with.
    pub(crate) stretch: f32,
    /// How far letters lean, as a tangent.
    pub(crate) slant: f32,
    /// Pixels between two French letters or digits.
    pub(crate) spacing: f32,
    /// Pixels by which strokes are thickened.
    pub(crate) embolden: f32,
}

impl<'a> Type<'a> {
    /// All of one face, as it is; `capital` in pixels.
    pub(crate) fn plain(face: &'a Face, capital: f32) -> Self {
        Self {
            latin: face,
            arabic: face,
            one_face: true,
            capital,
            alef: capital,
            stretch: 1.0,
            slant: 0.0,
            spacing: 0.0,
            embolden: 0.0,
        }
    }
}

/// A part of a line with a direction of its own.
#[derive(Debug, Clone)]
pub(crate) struct Piece {
    /// In the order in which it is read.
    pub(crate) text: String,
    /// Heights of a capital that are left free before it.
    pub(crate) gap: f32,
}

/// A glyph where it is printed, and the character that it starts with.
struct Placed {
    x: f32,
    y: f32,
    glyph: u16,
    #[cfg(test)]
    letter: char,
}

/// Glyphs of one face.
struct Stretch<'a> {
    face: &'a Face,
    size: f32,
    glyphs: Vec<Placed>,
}

/// Shapes and rasterises; one for each thread.
pub(crate) struct Press {
    scaler: ScaleContext,
    buffer: UnicodeBuffer,
}

impl Press {
    pub(crate) fn new() -> Self {
        Self { scaler: ScaleContext::new(), buffer: UnicodeBuffer::new() }
    }

    /// The ink of the pieces from left to right, cropped to it: 255 where all of
    /// a pixel is inked. Nothing where there is none.
    pub(crate) fn print(&mut self, pieces: &[Piece], set: &Type<'_>) -> Option<GrayImage> {
        let stretches = self.lay_out(pieces, set);
        let mut blots = Vec::new();
        for stretch in &stretches {
            self.ink(stretch, set, &mut blots);
        }
        gather(&blots)
    }

    /// Glyphs from left to right on one baseline.
    fn lay_out<'a>(&mut self, pieces: &[Piece], set: &Type<'a>) -> Vec<Stretch<'a>> {
        let mut pen = 0.0;
        let mut stretches = Vec::new();
        for piece in pieces {
            pen += piece.gap * set.capital;
            for run in runs(&piece.text) {
                for (arabic, text) in by_face(&run, set) {
                    let run = Run { text, leftwards: run.leftwards };
                    stretches.extend(self.shape(&run, arabic, set, &mut pen));
                }
            }
        }
        stretches
    }

    /// Shapes what one face writes in one direction, and moves the pen behind it.
    fn shape<'a>(
        &mut self,
        run: &Run,
        arabic: bool,
        set: &Type<'a>,
        pen: &mut f32,
    ) -> Option<Stretch<'a>> {
        let face = if arabic { set.arabic } else { set.latin };
        let is_word = run.text.chars().any(is_arabic);
        // Digits of the Arabic face are as high as it made them beside its alef.
        let size = if arabic { set.alef / face.alef } else { set.capital / face.capital };
        if !size.is_finite() {
            return None;
        }
        let shaper = face.shaper()?;
        let mut buffer = std::mem::replace(&mut self.buffer, UnicodeBuffer::new());
        buffer.push_str(&run.text);
        buffer.set_direction(if run.leftwards {
            Direction::RightToLeft
        } else {
            Direction::LeftToRight
        });
        buffer.set_script(if is_word { script::ARABIC } else { script::LATIN });
        let features = if is_word { Vec::new() } else { french() };
        let glyphs = shaper.shape(buffer, &features);
        let scale = size / shaper.units_per_em() as f32;
        let spacing = if is_word { 0.0 } else { set.spacing };
        let placed = glyphs.glyph_infos().iter().zip(glyphs.glyph_positions());
        let placed = placed.map(|(info, position)| {
            let x = *pen + position.x_offset as f32 * scale * set.stretch;
            *pen += position.x_advance as f32 * scale * set.stretch + spacing;
            Placed {
                x,
                y: -(position.y_offset as f32) * scale,
                glyph: info.glyph_id as u16,
                #[cfg(test)]
                letter: run.text[info.cluster as usize..].chars().next().unwrap_or(' '),
            }
        });
        let stretch = Stretch { face, size, glyphs: placed.collect() };
        self.buffer = glyphs.clear();
        Some(stretch)
    }

    /// Rasterises glyphs of one face.
    fn ink(&mut self, stretch: &Stretch<'_>, set: &Type<'_>, blots: &mut Vec<Blot>) {
        let mut scaler = self.scaler.builder(stretch.face.font()).size(stretch.size).build();
        let lean = Transform::new(set.stretch, 0.0, set.slant, 1.0, 0.0, 0.0);
        let is_plain = (set.stretch - 1.0).abs() < f32::EPSILON && set.slant == 0.0;
        for placed in &stretch.glyphs {
            let (x, y) = (placed.x.floor(), placed.y.floor());
            let image = Render::new(&[Source::Outline])
                .format(Format::Alpha)
                .offset(Vector::new(placed.x - x, -(placed.y - y)))
                .transform((!is_plain).then_some(lean))
                .embolden(set.embolden)
                .render(&mut scaler, placed.glyph);
            let Some(image) = image.filter(|image| !image.data.is_empty()) else { continue };
            blots.push(Blot {
                left: x as i32 + image.placement.left,
                top: y as i32 - image.placement.top,
                width: image.placement.width as usize,
                height: image.placement.height as usize,
                ink: image.data,
            });
        }
    }

    /// The characters as they stand from left to right, as far as each starts a glyph.
    #[cfg(test)]
    pub(crate) fn order(&mut self, pieces: &[Piece], set: &Type<'_>) -> String {
        let stretches = self.lay_out(pieces, set);
        stretches.iter().flat_map(|stretch| stretch.glyphs.iter().map(|one| one.letter)).collect()
    }
}

/// Whether a digit or sign comes from the Arabic face.
fn is_shared(letter: char, arabic: &Face) -> bool {
    !letter.is_alphabetic() && arabic.alef > 0.0 && arabic.writes(std::iter::once(letter))
}

/// For French and digits: digits as high as capitals, as cards have them, and no
/// signs of programmers for two characters.
fn french() -> Vec<Feature> {
    vec![Feature::new(Tag::new(b"lnum"), 1, ..), Feature::new(Tag::new(b"calt"), 0, ..)]
}

/// Cuts a run into what the Arabic face writes and the rest, from left to right.
fn by_face(run: &Run, set: &Type<'_>) -> Vec<(bool, String)> {
    let mut parts: Vec<(bool, String)> = Vec::new();
    for letter in run.text.chars() {
        let arabic = match parts.last() {
            Some((before, _)) if letter == ' ' => *before,
            _ => is_arabic(letter) || set.one_face && is_shared(letter, set.arabic),
        };
        match parts.last_mut() {
            Some((before, text)) if *before == arabic => text.push(letter),
            _ => parts.push((arabic, letter.to_string())),
        }
    }
    if run.leftwards {
        parts.reverse();
    }
    parts
}

/// One rasterised glyph.
struct Blot {
    left: i32,
    top: i32,
    width: usize,
    height: usize,
    ink: Vec<u8>,
}

/// All glyphs on one mask.
fn gather(blots: &[Blot]) -> Option<GrayImage> {
    let left = blots.iter().map(|blot| blot.left).min()?;
    let top = blots.iter().map(|blot| blot.top).min()?;
    let right = blots.iter().map(|blot| blot.left + blot.width as i32).max()?;
    let bottom = blots.iter().map(|blot| blot.top + blot.height as i32).max()?;
    let mut mask = GrayImage::new((right - left) as u32, (bottom - top) as u32);
    for blot in blots {
        let (x, y) = ((blot.left - left) as u32, (blot.top - top) as u32);
        for (row, inks) in (y..).zip(blot.ink.chunks_exact(blot.width.max(1)).take(blot.height)) {
            for (column, &ink) in (x..).zip(inks) {
                let Luma([was]) = mask.get_pixel_mut(column, row);
                *was = (*was).max(ink);
            }
        }
    }
    Some(mask)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::faces::faces;
    use crate::fonts::FAMILIES;

    /// Glyphs of two letters have one place: the rest of a label may be missing.
    fn is_part_of(short: &str, long: &str) -> bool {
        let mut letters = long.chars();
        short.chars().all(|letter| letters.any(|other| other == letter))
    }

    #[test]
    fn glyphs_stand_in_the_order_of_the_label() {
        let face = |name: &str| {
            faces().iter().find(|face| FAMILIES[usize::from(face.family)].name == name)
        };
        let (dejavu, naskh) = (face("DejaVu Sans").unwrap(), face("Noto Naskh Arabic").unwrap());
        let texts = [
            "زنقة 12 رقم 5 حي الرياض",
            "12345-أ-6",
            "246 زنقة 40",
            "تاريخ 12/05/1990",
            "حي السلام بلوك A رقم 7",
            "Né(e) le 01.02.1990",
            "مزداد(ة)، ب",
            "إقامة 12-7 فاس",
        ];
        for arabic in [dejavu, naskh] {
            for one_face in [true, false] {
                let set = Type { arabic, one_face, ..Type::plain(dejavu, 30.0) };
                for text in texts {
                    let piece = Piece { text: text.to_owned(), gap: 0.0 };

                    let order = Press::new().order(&[piece], &set);

                    let printed: String = order.chars().filter(|letter| *letter != ' ').collect();
                    let label = bare(&crate::visual(text));
                    assert!(is_part_of(&bare(&printed), &label), "{printed} is not {label}");
                    assert!(printed.chars().count() + 2 >= label.replace(' ', "").chars().count());
                }
            }
        }
    }

    /// Without brackets: shaping turns them, so that a glyph's letter is the other one.
    fn bare(text: &str) -> String {
        text.chars().filter(|letter| !"()".contains(*letter)).collect()
    }

    #[test]
    fn a_text_without_ink_has_no_mask() {
        let face = &faces()[0];
        let blank = Piece { text: " ".to_owned(), gap: 0.0 };

        assert!(Press::new().print(&[blank], &Type::plain(face, 20.0)).is_none());
    }
}
