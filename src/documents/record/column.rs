//! The columns of a row as people may correct them: where the card prints each, and what
//! form its values have.

use chrono::NaiveDate;
use serde_json::Value;

/// Characters of a text at most.
const TEXT_MAXIMUM: usize = 250;

/// A column of a row that a person may correct.
#[derive(Debug, Clone, Copy)]
pub struct Column {
    /// The member of the flat row.
    pub name: &'static str,
    /// The dotted path of the leaf in the contract's nested answer.
    pub path: &'static str,
    /// What its values look like.
    pub form: Form,
}

/// What the values of a column look like.
#[derive(Debug, Clone, Copy)]
pub enum Form {
    /// One line of text.
    Text,
    /// A day, `YYYY-MM-DD`.
    Day,
    /// A whole number, not negative.
    Count,
    /// One of these.
    OneOf(&'static [&'static str]),
    /// The number of the document, which is never empty: gives its one spelling.
    Number(fn(&str) -> Option<String>),
}

impl Column {
    /// A column of one line of text.
    pub(crate) const fn text(name: &'static str, path: &'static str) -> Self {
        Self { name, path, form: Form::Text }
    }

    /// A column of days.
    pub(crate) const fn day(name: &'static str, path: &'static str) -> Self {
        Self { name, path, form: Form::Day }
    }

    /// Takes a value as a person gives it, or nothing where it does not have the form.
    pub fn accept(&self, given: &Value) -> Option<Value> {
        match (given, self.form) {
            (Value::Null, Form::Number(_)) => None,
            (Value::Null, _) => Some(Value::Null),
            (Value::String(text), form) => accept_text(text, form).map(Value::String),
            (Value::Number(number), Form::Count) => number
                .as_i64()
                .and_then(|number| i32::try_from(number).ok())
                .filter(|&number| number >= 0)
                .map(Value::from),
            _ => None,
        }
    }
}

fn accept_text(text: &str, form: Form) -> Option<String> {
    let text = text.trim();
    let is_clean = !text.is_empty()
        && text.chars().count() <= TEXT_MAXIMUM
        && !text.chars().any(|letter| letter.is_control() || is_direction(letter));
    match form {
        _ if !is_clean => None,
        Form::Text => Some(text.to_owned()),
        Form::Day => NaiveDate::parse_from_str(text, "%Y-%m-%d")
            .ok()
            .map(|day| day.to_string())
            .filter(|day| day == text),
        Form::Count => None,
        Form::OneOf(names) => {
            names.iter().find(|&&name| name == text).map(|name| (*name).to_owned())
        }
        Form::Number(spell) => spell(text),
    }
}

/// Whether it is a sign that only turns the direction of writing. The contract sends none.
const fn is_direction(letter: char) -> bool {
    matches!(letter, '\u{200e}' | '\u{200f}' | '\u{061c}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn accept(form: Form, given: &Value) -> Option<Value> {
        Column { name: "x", path: "x", form }.accept(given)
    }

    #[test]
    fn a_text_is_one_clean_line() {
        assert_eq!(accept(Form::Text, &json!(" EL FASSI ")), Some(json!("EL FASSI")));
        assert_eq!(accept(Form::Text, &json!("الفاسي")), Some(json!("الفاسي")));
        assert_eq!(accept(Form::Text, &Value::Null), Some(Value::Null));
        for refused in [json!(""), json!("a\nb"), json!("a\u{202e}b"), json!(5), json!([])] {
            assert_eq!(accept(Form::Text, &refused), None, "{refused}");
        }
    }

    #[test]
    fn a_day_is_one_of_the_calendar() {
        assert_eq!(accept(Form::Day, &json!("1990-02-28")), Some(json!("1990-02-28")));
        for refused in ["1990-02-30", "28.02.1990", "1990-2-28", "+1990-02-28", "infinity"] {
            assert_eq!(accept(Form::Day, &json!(refused)), None, "{refused}");
        }
    }

    #[test]
    fn a_count_is_a_whole_number() {
        assert_eq!(accept(Form::Count, &json!(7)), Some(json!(7)));
        for refused in [json!(-1), json!(1.5), json!("7"), json!(4_294_967_296_i64)] {
            assert_eq!(accept(Form::Count, &refused), None, "{refused}");
        }
    }

    #[test]
    fn a_number_is_never_emptied() {
        let number = Form::Number(|text| Some(text.to_uppercase()));
        assert_eq!(accept(number, &json!("ab123456")), Some(json!("AB123456")));
        assert_eq!(accept(number, &Value::Null), None);
    }
}
