//! Reads variables one by one and remembers every mistake.

use std::fmt;
use std::ops::RangeInclusive;
use std::str::FromStr;
use std::time::Duration;

use secrecy::SecretString;

/// One variable that cannot be used. The value itself is never told: it may be a secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigError {
    /// The variable.
    pub name: &'static str,
    /// What it should have been.
    pub expected: String,
    /// Whether there was no value at all.
    pub missing: bool,
}

/// Everything that is wrong with the settings, told at once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigErrors(pub Vec<ConfigError>);

impl fmt::Display for ConfigErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the settings are not usable:")?;
        for ConfigError { name, expected, missing } in &self.0 {
            let fault = if *missing { "is missing" } else { "is wrong" };
            write!(f, "\n  {name} {fault}: expected {expected}")?;
        }
        Ok(())
    }
}

impl std::error::Error for ConfigErrors {}

/// Looks variables up; a blank value counts as none, as deployment forms leave
/// them behind.
pub(super) struct Reader<'a> {
    lookup: &'a dyn Fn(&str) -> Option<String>,
    asked: Vec<&'static str>,
    errors: Vec<ConfigError>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(lookup: &'a dyn Fn(&str) -> Option<String>) -> Self {
        Self { lookup, asked: Vec::new(), errors: Vec::new() }
    }

    /// The names asked for, in order.
    pub(super) fn asked(self) -> Vec<&'static str> {
        self.asked
    }

    /// The settings, when nothing was wrong with any.
    pub(super) fn finish<T>(self, settings: Option<T>) -> Result<T, ConfigErrors> {
        match settings {
            Some(settings) if self.errors.is_empty() => Ok(settings),
            _ => Err(ConfigErrors(self.errors)),
        }
    }

    pub(super) fn wrong(&mut self, name: &'static str, expected: impl Into<String>) {
        self.errors.push(ConfigError { name, expected: expected.into(), missing: false });
    }

    pub(super) fn text(&mut self, name: &'static str) -> Option<String> {
        self.asked.push(name);
        (self.lookup)(name).map(|value| value.trim().to_owned()).filter(|value| !value.is_empty())
    }

    /// A value that has to be there and has to pass `check`.
    pub(super) fn required(
        &mut self,
        name: &'static str,
        expected: &str,
        check: impl Fn(&str) -> bool,
    ) -> Option<SecretString> {
        let value = self.text(name);
        let missing = value.is_none();
        let usable = value.filter(|value| check(value)).map(SecretString::from);
        if usable.is_none() {
            self.errors.push(ConfigError { name, expected: expected.to_owned(), missing });
        }
        usable
    }

    /// A value that `parse` understands; `default` when there is none.
    pub(super) fn parsed<T>(
        &mut self,
        name: &'static str,
        default: T,
        expected: &str,
        parse: impl Fn(&str) -> Option<T>,
    ) -> T {
        let Some(value) = self.text(name) else { return default };
        parse(&value).unwrap_or_else(|| {
            self.wrong(name, expected);
            default
        })
    }

    pub(super) fn number<T>(
        &mut self,
        name: &'static str,
        default: T,
        range: RangeInclusive<T>,
    ) -> T
    where
        T: FromStr + PartialOrd + fmt::Display,
    {
        let expected = format!("a whole number from {} to {}", range.start(), range.end());
        self.parsed(name, default, &expected, |value| {
            value.parse().ok().filter(|number| range.contains(number))
        })
    }

    pub(super) fn seconds(
        &mut self,
        name: &'static str,
        default: u64,
        range: RangeInclusive<u64>,
    ) -> Duration {
        Duration::from_secs(self.number(name, default, range))
    }
}
