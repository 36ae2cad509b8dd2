//! The binding to libtesseract's C interface (`capi.h` of version 5): as little
//! of it as reading grey pixels needs. The only unsafe code of the project.
//!
//! It is used inside worker processes alone, so that a picture on which the
//! engine hangs, crashes or eats memory costs a process and not the service.
#![expect(unsafe_code, reason = "a C library is called here, and only here")]

use std::ffi::{CStr, CString, c_char, c_int, c_uchar, c_void};
use std::path::Path;
use std::ptr::{NonNull, null_mut};

use super::{Layout, Rect, Word};

/// `TessBaseAPI`, opaque to us.
type Handle = c_void;

unsafe extern "C" {
    fn TessVersion() -> *const c_char;
    fn TessDeleteText(text: *const c_char);
    fn TessBaseAPICreate() -> *mut Handle;
    fn TessBaseAPIDelete(handle: *mut Handle);
    fn TessBaseAPIInit3(
        handle: *mut Handle,
        datapath: *const c_char,
        language: *const c_char,
    ) -> c_int;
    fn TessBaseAPISetVariable(
        handle: *mut Handle,
        name: *const c_char,
        value: *const c_char,
    ) -> c_int;
    fn TessBaseAPISetPageSegMode(handle: *mut Handle, mode: c_int);
    fn TessBaseAPISetImage(
        handle: *mut Handle,
        imagedata: *const c_uchar,
        width: c_int,
        height: c_int,
        bytes_per_pixel: c_int,
        bytes_per_line: c_int,
    );
    fn TessBaseAPISetSourceResolution(handle: *mut Handle, ppi: c_int);
    fn TessBaseAPIRecognize(handle: *mut Handle, monitor: *mut c_void) -> c_int;
    fn TessBaseAPIGetTsvText(handle: *mut Handle, page_number: c_int) -> *mut c_char;
    fn TessBaseAPIClear(handle: *mut Handle);
}

/// Why the library gave nothing.
#[derive(Debug, thiserror::Error)]
pub(super) enum TesseractError {
    /// The model is missing or not one that this library can load.
    #[error("the model {0} cannot be loaded")]
    Model(String),
    /// The library does not know the setting.
    #[error("the engine has no setting {0}")]
    Setting(String),
    /// The library was given pixels and failed.
    #[error("the engine failed")]
    Failed,
}

/// The version of the linked library, such as `5.3.0`.
pub(super) fn version() -> String {
    // SAFETY: takes nothing and returns a static, terminated string.
    unsafe { CStr::from_ptr(TessVersion()) }.to_string_lossy().into_owned()
}

/// One loaded model.
pub(super) struct Tesseract {
    handle: NonNull<Handle>,
}

impl Tesseract {
    /// Loads `language` from the folder `tessdata` and applies `settings`.
    pub(super) fn load(
        tessdata: &Path,
        language: &str,
        settings: &[(&str, &str)],
    ) -> Result<Self, TesseractError> {
        let refused = || TesseractError::Model(language.to_owned());
        let folder =
            CString::new(tessdata.as_os_str().as_encoded_bytes()).map_err(|_| refused())?;
        let name = CString::new(language).map_err(|_| refused())?;
        // SAFETY: takes nothing; null is handled by `NonNull::new`.
        let handle = NonNull::new(unsafe { TessBaseAPICreate() }).ok_or_else(refused)?;
        let engine = Self { handle };
        // SAFETY: the handle is live, both strings are terminated and are copied by the callee.
        let status = unsafe { TessBaseAPIInit3(handle.as_ptr(), folder.as_ptr(), name.as_ptr()) };
        if status != 0 {
            return Err(refused());
        }
        for (setting, value) in settings {
            engine.set(setting, value)?;
        }
        Ok(engine)
    }

    fn set(&self, name: &str, value: &str) -> Result<(), TesseractError> {
        let unknown = || TesseractError::Setting(name.to_owned());
        let key = CString::new(name).map_err(|_| unknown())?;
        let value = CString::new(value).map_err(|_| unknown())?;
        // SAFETY: the handle is live, both strings are terminated and are copied by the callee.
        let known =
            unsafe { TessBaseAPISetVariable(self.handle.as_ptr(), key.as_ptr(), value.as_ptr()) };
        if known == 0 { Err(unknown()) } else { Ok(()) }
    }

    /// Reads `width` × `height` grey pixels. Boxes are in these pixels.
    pub(super) fn read(
        &mut self,
        pixels: &[u8],
        width: u32,
        height: u32,
        layout: Layout,
    ) -> Result<Vec<Word>, TesseractError> {
        let (columns, rows) = match (c_int::try_from(width), c_int::try_from(height)) {
            (Ok(columns), Ok(rows)) if columns > 0 && rows > 0 => (columns, rows),
            _ => return Err(TesseractError::Failed),
        };
        if pixels.len() as u64 != u64::from(width) * u64::from(height) {
            return Err(TesseractError::Failed);
        }
        let mode = match layout {
            Layout::Block => 6,
            Layout::Line => 7,
            Layout::Word => 8,
            Layout::Sparse => 11,
        };
        let handle = self.handle.as_ptr();
        // SAFETY: the handle is live and initialised; `pixels` holds `rows` lines of `columns`
        // bytes (checked above), and the callee copies them before it returns.
        let text = unsafe {
            TessBaseAPISetPageSegMode(handle, mode);
            TessBaseAPISetImage(handle, pixels.as_ptr(), columns, rows, 1, columns);
            TessBaseAPISetSourceResolution(handle, 300);
            if TessBaseAPIRecognize(handle, null_mut()) == 0 {
                TessBaseAPIGetTsvText(handle, 0)
            } else {
                null_mut()
            }
        };
        let words = if text.is_null() {
            Err(TesseractError::Failed)
        } else {
            // SAFETY: not null, terminated, owned by us until it is handed back below.
            let tsv = unsafe { CStr::from_ptr(text) }.to_string_lossy().into_owned();
            // SAFETY: it came from the library, which asks for it back, once.
            unsafe { TessDeleteText(text) };
            Ok(words(&tsv))
        };
        // SAFETY: the handle is live; frees the picture and its results, keeps the model.
        unsafe { TessBaseAPIClear(handle) };
        words
    }
}

impl Drop for Tesseract {
    fn drop(&mut self) {
        // SAFETY: the handle came from `TessBaseAPICreate` and is deleted once.
        unsafe { TessBaseAPIDelete(self.handle.as_ptr()) };
    }
}

/// The words of the library's table: level 5 rows of twelve tab-separated columns.
fn words(tsv: &str) -> Vec<Word> {
    tsv.lines().filter_map(word).collect()
}

fn word(row: &str) -> Option<Word> {
    let mut columns = row.split('\t');
    if columns.next()? != "5" {
        return None;
    }
    let mut numbers = columns.by_ref().skip(5);
    let mut number = || numbers.next()?.parse::<f32>().ok();
    let rect = Rect::new(number()?, number()?, number()?, number()?);
    let confidence = (number()? / 100.0).clamp(0.0, 1.0);
    let text = numbers.next()?.trim();
    (!text.is_empty()).then(|| Word::new(text, confidence, rect))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_word_rows_of_the_table_are_kept() {
        let tsv = "1\t1\t0\t0\t0\t0\t0\t0\t90\t30\t-1\t\n\
                   5\t1\t1\t1\t1\t1\t4\t6\t40\t12\t96.5\tROYAUME\n\
                   5\t1\t1\t1\t1\t2\t50\t6\t20\t12\t41\t \n";
        let found = words(tsv);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].text, "ROYAUME");
        assert_eq!(found[0].rect, Rect::new(4.0, 6.0, 40.0, 12.0));
        assert!((found[0].confidence - 0.965).abs() < 1e-6);
    }
}
