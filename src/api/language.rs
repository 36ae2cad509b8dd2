//! The language of messages: French, unless `Accept-Language` prefers Arabic or English.

use actix_web::http::header::{ACCEPT_LANGUAGE, HeaderMap};

/// A language that messages exist in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Language {
    /// The default.
    French,
    /// Modern standard Arabic.
    Arabic,
    /// English.
    English,
}

/// One text in each language.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Text {
    /// In French.
    pub(crate) fr: &'static str,
    /// In Arabic.
    pub(crate) ar: &'static str,
    /// In English.
    pub(crate) en: &'static str,
}

impl Text {
    /// The text in `language`.
    pub(crate) const fn in_language(&self, language: Language) -> &'static str {
        match language {
            Language::French => self.fr,
            Language::Arabic => self.ar,
            Language::English => self.en,
        }
    }
}

impl Language {
    /// The best language for a request, by the weights of RFC 9110, section 12.4.2.
    pub(crate) fn of(headers: &HeaderMap) -> Self {
        let Some(accepted) = headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok())
        else {
            return Self::French;
        };
        let mut best = (0.0, Self::French);
        for range in accepted.split(',') {
            let (tag, weight) = range.split_once(';').unwrap_or((range, "q=1"));
            let weight =
                weight.trim().strip_prefix("q=").and_then(|q| q.parse::<f32>().ok()).unwrap_or(0.0);
            let Some(language) = Self::from_tag(tag.trim()) else { continue };
            if weight > best.0 {
                best = (weight, language);
            }
        }
        best.1
    }

    /// The code for `Content-Language`.
    pub(crate) const fn tag(self) -> &'static str {
        match self {
            Self::French => "fr",
            Self::Arabic => "ar",
            Self::English => "en",
        }
    }

    fn from_tag(tag: &str) -> Option<Self> {
        let primary = tag.split('-').next().unwrap_or(tag);
        match primary.to_ascii_lowercase().as_str() {
            "fr" | "*" => Some(Self::French),
            "ar" => Some(Self::Arabic),
            "en" => Some(Self::English),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::HeaderValue;

    use super::*;

    fn language(accepted: &'static str) -> Language {
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT_LANGUAGE, HeaderValue::from_static(accepted));
        Language::of(&headers)
    }

    #[test]
    fn french_is_spoken_to_who_says_nothing() {
        assert_eq!(Language::of(&HeaderMap::new()), Language::French);
        assert_eq!(language("de, zh;q=0.5"), Language::French);
        assert_eq!(language(";;;q=,"), Language::French);
    }

    #[test]
    fn the_heaviest_known_language_wins_whatever_its_place() {
        assert_eq!(language("de, en;q=0.4, ar-MA;q=0.9, fr;q=0.2"), Language::Arabic);
        assert_eq!(language("EN-gb"), Language::English);
    }

    #[test]
    fn the_first_of_two_equals_wins() {
        assert_eq!(language("en, fr"), Language::English);
    }
}
