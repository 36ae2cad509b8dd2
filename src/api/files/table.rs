//! Records as lines of text: CSV for spreadsheets, one JSON value a line for programs.

use std::io;

use serde_json::Value;

use crate::documents::{DocumentKind, DocumentRecord};

/// What says to a spreadsheet that a text is UTF-8.
const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

/// The columns of a file: those of the row, then what is known of the record.
pub(super) fn columns<K: DocumentKind>() -> impl Iterator<Item = &'static str> {
    let row = K::Record::COLUMNS.iter().map(|column| column.name);
    let known = ["status", "confidence", "expired", "revision", "created_at", "updated_at"];
    ["id"].into_iter().chain(row).chain(known)
}

/// The mark and the names of the columns.
pub(super) fn csv_header<K: DocumentKind>() -> Vec<u8> {
    let names: Vec<&str> = columns::<K>().collect();
    [BYTE_ORDER_MARK, names.join(",").as_bytes(), b"\r\n"].concat()
}

/// Records as CSV (RFC 4180).
pub(super) fn csv_lines<K: DocumentKind>(records: &[Value]) -> io::Result<Vec<u8>> {
    let terminator = csv::Terminator::CRLF;
    let mut lines = csv::WriterBuilder::new().terminator(terminator).from_writer(Vec::new());
    for record in records {
        lines.write_record(columns::<K>().map(|name| cell(&record[name])))?;
    }
    lines.into_inner().map_err(csv::IntoInnerError::into_error)
}

/// Records as JSON, each on a line of its own.
pub(super) fn json_lines(records: &[Value]) -> io::Result<Vec<u8>> {
    let mut lines = Vec::new();
    for record in records {
        serde_json::to_writer(&mut lines, record)?;
        lines.push(b'\n');
    }
    Ok(lines)
}

/// A value as the text of a cell. A text that a spreadsheet would take for a formula is
/// told apart by an apostrophe, which it does not show.
fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) if is_formula(text) => format!("'{text}"),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn is_formula(text: &str) -> bool {
    text.trim_start_matches(' ')
        .starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_becomes_a_formula() {
        for text in ["=1+1", "+212", "-1", "@SUM(A1)", "\t=1", " =1", "＝1"] {
            assert_eq!(cell(&text.into()), format!("'{text}"));
        }
        assert_eq!(cell(&"EL FASSI".into()), "EL FASSI");
        assert_eq!(cell(&(-1).into()), "-1");
    }
}
