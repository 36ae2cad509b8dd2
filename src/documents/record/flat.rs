//! Rows as the lists show them, written as JSON straight from what the database sends: a
//! value that only passes through becomes neither a string nor a member of a struct.

use std::io::Write as _;

use chrono::Datelike as _;
use diesel::connection::{DefaultLoadingMode, LoadConnection};
use diesel::deserialize::{self, FromSql};
use diesel::expression::QueryMetadata;
use diesel::pg::{Pg, PgValue};
use diesel::query_builder::{Query, QueryFragment, QueryId};
use diesel::row::Field as _;
use diesel::sql_types::{Date, Integer};
use diesel::{PgConnection, result::Error as DieselError};

use crate::store::{StoreError, StoredDay};

/// Some rows of a list, in the order of their ids.
#[derive(Debug)]
pub struct ListPage {
    /// Their part of one JSON array over all pages: the first page opens it, the last
    /// closes it, and every row but the list's first has a comma before it.
    pub json: Vec<u8>,
    /// The id after which the next page begins; none after the last page.
    pub next: Option<i32>,
}

/// A type whose columns can be written as JSON from what the database sends, just as serde
/// writes a value of the type.
pub(crate) trait Flat {
    /// Appends a value; none stands for NULL.
    fn write(value: Option<PgValue<'_>>, out: &mut Vec<u8>) -> deserialize::Result<()>;
}

/// A column of a row.
pub(crate) struct Column {
    /// The name of its member, quoted and with a colon.
    pub(crate) key: &'static str,
    /// Writes a value.
    pub(crate) write: fn(Option<PgValue<'_>>, &mut Vec<u8>) -> deserialize::Result<()>,
}

/// Declares the row of a kind once for all who read it: serde and diesel, which make
/// structs, and [`write_page`], which does not.
macro_rules! flat_row {
    (
        $(#[$meta:meta])*
        $visibility:vis struct $record:ident of $table:ident {
            $($(#[serde(rename = $renamed:literal)])? $field:ident: $type:ty,)*
        }
    ) => {
        $(#[$meta])*
        #[derive(
            serde::Serialize, serde::Deserialize, diesel::Queryable, diesel::Selectable,
            diesel::AsChangeset,
        )]
        #[diesel(
            table_name = $table, treat_none_as_null = true,
            check_for_backend(diesel::pg::Pg)
        )]
        $visibility struct $record {
            $($(#[serde(rename = $renamed)])? $field: $type,)*
        }

        impl $record {
            /// The columns in the order in which they are selected; the first is the id.
            const FLAT: &[$crate::documents::record::flat::Column] = &[$(
                $crate::documents::record::flat::Column {
                    key: $crate::documents::record::flat::flat_row!(@key $field $($renamed)?),
                    write: <$type as $crate::documents::record::flat::Flat>::write,
                },
            )*];
        }
    };
    (@key $field:ident) => { concat!("\"", stringify!($field), "\":") };
    (@key $field:ident $renamed:literal) => { concat!("\"", $renamed, "\":") };
}
pub(crate) use flat_row;

/// Writes the rows of a query, which selects `columns`, begins after a row and ends after
/// `limit` of them.
///
/// # Errors
///
/// [`StoreError`] when the database cannot be reached or sends what a column cannot hold.
pub(crate) fn write_page<Q>(
    connection: &mut PgConnection,
    query: Q,
    columns: &[Column],
    is_first: bool,
    limit: usize,
) -> Result<ListPage, StoreError>
where
    Q: Query + QueryFragment<Pg> + QueryId,
    Pg: QueryMetadata<Q::SqlType>,
{
    let rows = LoadConnection::<DefaultLoadingMode>::load(connection, query)?;
    let mut json = Vec::with_capacity(rows.size_hint().0 * ROW + 2);
    if is_first {
        json.push(b'[');
    }
    let (mut count, mut last) = (0, None);
    for row in rows {
        let row = row?;
        if count > 0 || !is_first {
            json.push(b',');
        }
        let written = write_row(&row, columns, &mut json);
        last = Some(written.map_err(DieselError::DeserializationError)?);
        count += 1;
    }
    let next = last.filter(|_| count >= limit);
    if next.is_none() {
        json.push(b']');
    }
    Ok(ListPage { json, next })
}

/// About the bytes of a row: an identity card has 430 to 480 (measured on drawn ones).
const ROW: usize = 512;

/// Writes a row and returns its id.
fn write_row<'a>(
    row: &impl diesel::row::Row<'a, Pg>,
    columns: &[Column],
    out: &mut Vec<u8>,
) -> deserialize::Result<i32> {
    let mut separator = b'{';
    for (nth, column) in columns.iter().enumerate() {
        out.push(separator);
        separator = b',';
        out.extend_from_slice(column.key.as_bytes());
        let field = row.get(nth).ok_or("a column is missing")?;
        (column.write)(field.value(), out)?;
    }
    out.push(b'}');
    let id = row.get(0).ok_or("a row without an id")?;
    i32::from_nullable_sql(id.value())
}

impl<T: Flat> Flat for Option<T> {
    fn write(value: Option<PgValue<'_>>, out: &mut Vec<u8>) -> deserialize::Result<()> {
        if value.is_some() {
            return T::write(value, out);
        }
        out.extend_from_slice(b"null");
        Ok(())
    }
}

impl Flat for i32 {
    fn write(value: Option<PgValue<'_>>, out: &mut Vec<u8>) -> deserialize::Result<()> {
        let number = <Self as FromSql<Integer, Pg>>::from_nullable_sql(value)?;
        out.extend_from_slice(itoa::Buffer::new().format(number).as_bytes());
        Ok(())
    }
}

impl Flat for String {
    // It is UTF-8: the connection asks for that, and the server verifies what it sends
    // whatever encoding the database has.
    fn write(value: Option<PgValue<'_>>, out: &mut Vec<u8>) -> deserialize::Result<()> {
        let value = value.ok_or(diesel::result::UnexpectedNullError)?;
        write_text(value.as_bytes(), out);
        Ok(())
    }
}

impl Flat for StoredDay {
    fn write(value: Option<PgValue<'_>>, out: &mut Vec<u8>) -> deserialize::Result<()> {
        let Some(day) = <Self as FromSql<Date, Pg>>::from_nullable_sql(value)?.day() else {
            out.extend_from_slice(b"null");
            return Ok(());
        };
        let Ok(year @ 0..=9999) = u16::try_from(day.year()) else {
            // As chrono writes years that have more than four digits or a sign.
            return Ok(write!(out, "\"{day:?}\"")?);
        };
        let digit = |number: u16| b'0' + (number % 10) as u8;
        let (month, day) = (day.month() as u16, day.day() as u16);
        out.extend_from_slice(&[
            b'"',
            digit(year / 1000),
            digit(year / 100),
            digit(year / 10),
            digit(year),
            b'-',
            digit(month / 10),
            digit(month),
            b'-',
            digit(day / 10),
            digit(day),
            b'"',
        ]);
        Ok(())
    }
}

/// Appends a text as serde_json does: what JSON demands is escaped, and nothing else.
fn write_text(text: &[u8], out: &mut Vec<u8>) {
    out.push(b'"');
    // Without an early end the loop is one that the compiler vectorises; texts are short.
    let is_plain = !text.iter().fold(false, |found, &byte| found | is_special(byte));
    if is_plain {
        out.extend_from_slice(text);
    } else {
        for &byte in text {
            write_byte(byte, out);
        }
    }
    out.push(b'"');
}

const fn is_special(byte: u8) -> bool {
    byte < b' ' || byte == b'"' || byte == b'\\'
}

fn write_byte(byte: u8, out: &mut Vec<u8>) {
    let letter = match byte {
        b'"' | b'\\' => byte,
        0x08 => b'b',
        b'\t' => b't',
        b'\n' => b'n',
        0x0C => b'f',
        b'\r' => b'r',
        0..b' ' => {
            const HEX: &[u8; 16] = b"0123456789abcdef";
            let (high, low) = (HEX[usize::from(byte >> 4)], HEX[usize::from(byte & 15)]);
            return out.extend_from_slice(&[b'\\', b'u', b'0', b'0', high, low]);
        }
        _ => return out.push(byte),
    };
    out.extend_from_slice(&[b'\\', letter]);
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn texts_are_written_as_serde_json_writes_them(text in "(\\PC|[\\x00-\\x1f\"\\\\\u{7f}]){0,40}") {
            let mut written = Vec::new();

            write_text(text.as_bytes(), &mut written);

            prop_assert_eq!(written, serde_json::to_vec(&text)?);
        }
    }

    #[test]
    fn every_character_of_one_byte_is_written_as_serde_json_writes_it() {
        for character in '\0'..='\u{7f}' {
            let mut written = Vec::new();

            write_text(&[character as u8], &mut written);

            assert_eq!(written, serde_json::to_vec(&character).unwrap(), "{character:?}");
        }
    }
}
