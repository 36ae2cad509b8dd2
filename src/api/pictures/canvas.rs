//! The sheet that pictures are drawn on: SVG, mirrored for languages that are written from
//! right to left. A mirrored text stays readable: its anchor is, and `direction="rtl"` on
//! the picture says that it starts at the right.

use std::io;

use plotters::prelude::{DrawingBackend, SVGBackend};
use plotters_backend::{
    BackendColor, BackendCoord, BackendStyle, BackendTextStyle, DrawingErrorKind,
};

/// What drawing comes to.
type Drawn = Result<(), DrawingErrorKind<io::Error>>;

/// A sheet of SVG.
pub(super) struct Canvas<'a> {
    sheet: SVGBackend<'a>,
    mirrored: bool,
}

impl<'a> Canvas<'a> {
    /// A sheet of `size` pixels that writes into `svg`.
    pub(super) fn new(svg: &'a mut String, size: (u32, u32), mirrored: bool) -> Self {
        Self { sheet: SVGBackend::with_string(svg, size), mirrored }
    }

    fn place(&self, (x, y): BackendCoord) -> BackendCoord {
        if self.mirrored { (self.sheet.get_size().0 as i32 - x, y) } else { (x, y) }
    }
}

impl DrawingBackend for Canvas<'_> {
    type ErrorType = io::Error;

    fn get_size(&self) -> (u32, u32) {
        self.sheet.get_size()
    }

    fn ensure_prepared(&mut self) -> Drawn {
        self.sheet.ensure_prepared()
    }

    fn present(&mut self) -> Drawn {
        self.sheet.present()
    }

    fn draw_pixel(&mut self, point: BackendCoord, color: BackendColor) -> Drawn {
        self.sheet.draw_pixel(self.place(point), color)
    }

    fn draw_line<S: BackendStyle>(
        &mut self,
        from: BackendCoord,
        to: BackendCoord,
        style: &S,
    ) -> Drawn {
        self.sheet.draw_line(self.place(from), self.place(to), style)
    }

    fn draw_rect<S: BackendStyle>(
        &mut self,
        upper_left: BackendCoord,
        bottom_right: BackendCoord,
        style: &S,
        fill: bool,
    ) -> Drawn {
        let (one, other) = (self.place(upper_left), self.place(bottom_right));
        let upper_left = (one.0.min(other.0), one.1.min(other.1));
        let bottom_right = (one.0.max(other.0), one.1.max(other.1));
        self.sheet.draw_rect(upper_left, bottom_right, style, fill)
    }

    fn draw_path<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        path: I,
        style: &S,
    ) -> Drawn {
        let path: Vec<_> = path.into_iter().map(|point| self.place(point)).collect();
        self.sheet.draw_path(path, style)
    }

    fn fill_polygon<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        corners: I,
        style: &S,
    ) -> Drawn {
        let corners: Vec<_> = corners.into_iter().map(|point| self.place(point)).collect();
        self.sheet.fill_polygon(corners, style)
    }

    fn draw_circle<S: BackendStyle>(
        &mut self,
        center: BackendCoord,
        radius: u32,
        style: &S,
        fill: bool,
    ) -> Drawn {
        self.sheet.draw_circle(self.place(center), radius, style, fill)
    }

    fn draw_text<S: BackendTextStyle>(
        &mut self,
        text: &str,
        style: &S,
        position: BackendCoord,
    ) -> Drawn {
        self.sheet.draw_text(text, style, self.place(position))
    }
}
