//! Reads variables one by one and remembers every mistake.

use std::fmt;
use std::ops::RangeInclusive;
use std::str::FromStr;
use std::time::Duration;

use secrecy::SecretString;

/// One variable that cannot be used. The value itself is never told: it may be a secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigError {
    /// The variable, or the family of them that describes one thing.
    pub name: &'static str,
    /// What is wrong with it, and what to do.
    pub fault: String,
}

impl ConfigError {
    /// There is no value.
    pub(super) fn missing(name: &'static str, expected: &str) -> Self {
        Self { name, fault: format!("is missing: expected {expected}") }
    }

    /// The value is of another form.
    pub(super) fn wrong(name: &'static str, expected: impl fmt::Display) -> Self {
        Self { name, fault: format!("is wrong: expected {expected}") }
    }

    /// The value has the form, but cannot be used.
    pub(super) fn refused(name: &'static str, why: impl fmt::Display) -> Self {
        Self { name, fault: format!("is not usable: {why}") }
    }
}

/// Everything that is wrong with the settings, told at once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigErrors(pub Vec<ConfigError>);

impl fmt::Display for ConfigErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the settings are not usable:")?;
        for ConfigError { name, fault } in &self.0 {
            write!(f, "\n  {name} {fault}")?;
        }
        Ok(())
    }
}

impl std::error::Error for ConfigErrors {}

/// Where values come from: the process's environment, or a map in a test.
pub type Lookup<'a> = &'a dyn Fn(&str) -> Option<String>;

/// Looks variables up; a blank value counts as none, as deployment forms leave
/// them behind.
pub(super) struct Reader<'a> {
    lookup: Lookup<'a>,
    asked: Vec<&'static str>,
    errors: Vec<ConfigError>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(lookup: Lookup<'a>) -> Self {
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

    pub(super) fn wrong(&mut self, name: &'static str, expected: impl fmt::Display) {
        self.errors.push(ConfigError::wrong(name, expected));
    }

    pub(super) fn missing(&mut self, name: &'static str, expected: &str) {
        self.errors.push(ConfigError::missing(name, expected));
    }

    pub(super) fn refused(&mut self, name: &'static str, why: impl fmt::Display) {
        self.errors.push(ConfigError::refused(name, why));
    }

    /// What several variables together mean; `names` are those that `read` looks at.
    pub(super) fn together<T>(
        &mut self,
        names: &[&'static str],
        read: impl Fn(Lookup<'_>) -> Result<T, ConfigError>,
    ) -> Option<T> {
        self.asked.extend(names);
        read(self.lookup).map_err(|error| self.errors.push(error)).ok()
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
        let Some(value) = self.text(name) else {
            self.missing(name, expected);
            return None;
        };
        if !check(&value) {
            self.wrong(name, expected);
            return None;
        }
        Some(SecretString::from(value))
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

    /// `on` or `off`.
    pub(super) fn switch(&mut self, name: &'static str, default: bool) -> bool {
        self.parsed(name, default, "on or off", |value| match value {
            "on" => Some(true),
            "off" => Some(false),
            _ => None,
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
