//! Values that must stand nowhere, and how they may be spelled.

use std::collections::BTreeSet;

use openssl::base64::encode_block;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};

/// Shorter values stand everywhere: a letter, a category, the power of a car.
const SHORTEST: usize = 5;

/// What was planted.
pub(super) struct Planted(BTreeSet<String>);

impl Planted {
    pub(super) fn of(values: &[&str]) -> Self {
        let mut planted = Self(BTreeSet::new());
        for value in values {
            planted.add(value);
        }
        planted
    }

    pub(super) fn add(&mut self, value: &str) {
        if value.chars().count() < SHORTEST {
            return;
        }
        self.0.insert(value.to_owned());
        self.0.insert(encoded(value));
        self.0.insert(encode_block(value.as_bytes()).trim_end_matches('=').to_owned());
        // Not ASCII: as JSON may escape it. Rust's debug form leaves letters as they are.
        let escaped: String =
            value.encode_utf16().map(|unit| format!("\\u{unit:04x}")).collect::<String>();
        self.0.insert(escaped);
        if let Some(spellings) = dates(value) {
            self.0.extend(spellings);
        }
    }

    /// Each word of a name by itself.
    pub(super) fn add_words(&mut self, name: &str) {
        name.split_whitespace().for_each(|word| self.add(word));
    }

    /// A secret that an answer gave: planted, and returned.
    pub(super) fn secret(&mut self, member: &Value) -> String {
        let secret = member.as_str().expect("a secret").to_owned();
        self.add(&secret);
        // Whoever has the signature has the token, and the payload names its holder.
        secret.split('.').filter(|part| part.len() > 42).for_each(|part| self.add(part));
        secret
    }

    /// Every text of what a card says.
    pub(super) fn add_leaves(&mut self, truth: &Value) {
        match truth {
            Value::String(text) => self.add(text),
            Value::Array(items) => items.iter().for_each(|item| self.add_leaves(item)),
            Value::Object(members) => members.values().for_each(|item| self.add_leaves(item)),
            _ => {}
        }
    }

    /// The value, and what was read before it was repaired, of every field of an answer.
    pub(super) fn add_values(&mut self, fields: &Value) {
        for field in fields.as_object().expect("fields").values() {
            self.add_leaves(&field["value"]);
            self.add_leaves(&field["raw"]);
        }
    }

    /// Each planted value in `text`, with what stands around it.
    pub(super) fn found_in(&self, place: &str, text: &str) -> Vec<String> {
        let lower = text.to_lowercase();
        let around = |value: &str| {
            let at = lower.find(&value.to_lowercase())?;
            let before: Vec<char> = lower[..at].chars().rev().take(100).collect();
            let before: String = before.into_iter().rev().collect();
            let after: String = lower[at..].chars().take(100).collect();
            Some(format!("{place} holds {value:?}: …{before}{after}…").replace('\n', "⏎"))
        };
        self.0.iter().filter_map(|value| around(value)).collect()
    }
}

/// A day in the spellings of cards, answers and databases.
fn dates(text: &str) -> Option<[String; 3]> {
    let day = ["%d.%m.%Y", "%d/%m/%Y", "%Y-%m-%d"]
        .into_iter()
        .find_map(|form| chrono::NaiveDate::parse_from_str(text, form).ok())?;
    Some(["%d.%m.%Y", "%d/%m/%Y", "%Y-%m-%d"].map(|form| day.format(form).to_string()))
}

/// As a path or a query spells it.
pub(super) fn encoded(text: &str) -> String {
    utf8_percent_encode(text, NON_ALPHANUMERIC).to_string()
}

/// Tokens that name somebody, and are none.
pub(super) fn claims_of(email: &str) -> [String; 4] {
    let part = |value: &Value| {
        encode_block(value.to_string().as_bytes()).trim_end_matches('=').replace(['+', '/'], "_")
    };
    let head = part(&json!({ "alg": "HS256", "typ": "at+jwt", "kid": email }));
    let body =
        part(&json!({ "sub": email, "email": email, "iss": email, "exp": 4_000_000_000_u32 }));
    [
        format!("{head}.{body}.{body}"),
        format!("{}.{body}.", part(&json!({ "alg": "none", "typ": email }))),
        email.to_owned(),
        format!("{head}.{email}.{email}"),
    ]
}
