//! Records as a workbook (ECMA-376). It can only be sent when it is whole, so it is written
//! to a file that has no name and goes with its last reader.

use std::fs::File;
use std::io::{Seek as _, SeekFrom};

use actix_web::web;
use rust_xlsxwriter::{Workbook, XlsxError};
use serde_json::Value;

use super::super::problem::ApiError;
use super::Records;
use super::table::columns;
use crate::documents::DocumentKind;

pub(in crate::api) const CONTENT_TYPE: &str =
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// Rows of a sheet at most, with the one of names.
const ROWS: u32 = 1_048_576;

/// Writes all records, of which the first are fetched already.
pub(super) async fn write<K: DocumentKind>(
    mut records: Records,
    first: Vec<Value>,
) -> Result<File, ApiError> {
    let mut book = Book { workbook: Workbook::new(), names: columns::<K>().collect(), row: ROWS };
    let mut batch = first;
    loop {
        let is_last = batch.is_empty();
        book = blocking(move || book.add(&batch).map(|()| book)).await?;
        if is_last {
            break;
        }
        batch = records.next().await?;
    }
    blocking(move || book.finish()).await
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, XlsxError> + Send + 'static,
) -> Result<T, ApiError> {
    let done = web::block(work).await.map_err(|error| ApiError::Internal(Box::new(error)))?;
    done.map_err(|error| ApiError::Internal(Box::new(error)))
}

struct Book {
    workbook: Workbook,
    names: Vec<&'static str>,
    /// The next row of the last sheet.
    row: u32,
}

impl Book {
    fn add(&mut self, records: &[Value]) -> Result<(), XlsxError> {
        if self.workbook.worksheets().is_empty() {
            self.begin_sheet()?;
        }
        for record in records {
            if self.row == ROWS {
                self.begin_sheet()?;
            }
            let last = self.workbook.worksheets().len() - 1;
            let sheet = self.workbook.worksheet_from_index(last)?;
            for (column, name) in (0..).zip(&self.names) {
                match &record[*name] {
                    Value::Null => {}
                    Value::Number(number) => {
                        sheet.write_number(
                            self.row,
                            column,
                            number.as_f64().unwrap_or_default(),
                        )?;
                    }
                    Value::Bool(flag) => {
                        sheet.write_boolean(self.row, column, *flag)?;
                    }
                    // Always a text: no formula is ever made of what a card says.
                    Value::String(text) => {
                        sheet.write_string(self.row, column, text)?;
                    }
                    other => {
                        sheet.write_string(self.row, column, other.to_string())?;
                    }
                }
            }
            self.row += 1;
        }
        Ok(())
    }

    fn begin_sheet(&mut self) -> Result<(), XlsxError> {
        let sheet = self.workbook.add_worksheet_with_constant_memory()?;
        sheet.set_freeze_panes(1, 0)?;
        for (column, name) in (0..).zip(&self.names) {
            sheet.write_string(0, column, *name)?;
        }
        self.row = 1;
        Ok(())
    }

    fn finish(mut self) -> Result<File, XlsxError> {
        let mut file = tempfile::tempfile()?;
        self.workbook.save_to_writer(&mut file)?;
        file.seek(SeekFrom::Start(0))?;
        Ok(file)
    }
}
