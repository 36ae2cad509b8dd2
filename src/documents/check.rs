//! Cross-checks: what of a document speaks for or against what else of it.
//!
//! A kind lists the checks that it made; whoever reviews a record sees which reading
//! contradicts which. What a check means for confidence is decided where it is made.

use std::fmt;

use chrono::NaiveDate;
use serde::Serialize;

use crate::documents::Field;

/// What a check found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// The readings support each other, or the rule holds.
    Agrees,
    /// They contradict each other, or the rule does not hold.
    Disagrees,
    /// A reading is missing, or the two cannot be compared.
    NotChecked,
}

impl From<Option<bool>> for Outcome {
    fn from(holds: Option<bool>) -> Self {
        match holds {
            Some(true) => Self::Agrees,
            Some(false) => Self::Disagrees,
            None => Self::NotChecked,
        }
    }
}

/// One cross-check of a document.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct Check {
    /// Its stable name, in snake case.
    pub check: &'static str,
    /// What it found.
    pub outcome: Outcome,
    /// The contract's dotted paths that it speaks of.
    pub fields: &'static [&'static str],
    /// Whether it is information only: a disagreement lowers no confidence.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub advisory: bool,
    /// The two texts that were held against each other.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub readings: Option<[String; 2]>,
}

impl Check {
    /// A rule that holds, or does not, or could not be asked.
    pub fn of(
        check: &'static str,
        fields: &'static [&'static str],
        holds: impl Into<Outcome>,
    ) -> Self {
        Self { check, outcome: holds.into(), fields, advisory: false, readings: None }
    }

    /// Two readings of one value, which must be the same.
    pub fn same(
        check: &'static str,
        fields: &'static [&'static str],
        first: Option<String>,
        second: Option<String>,
    ) -> Self {
        let readings = first.zip(second);
        let equal = readings.as_ref().map(|(first, second)| first == second);
        Self::of(check, fields, equal).with_readings(readings)
    }

    /// Two dates, of which the first must not come after the second.
    pub fn in_order(
        check: &'static str,
        fields: &'static [&'static str],
        dates: [&Field<NaiveDate>; 2],
    ) -> Self {
        let [first, second] = dates.map(|field| field.value().copied());
        let both = first.zip(second);
        let ordered = both.map(|(first, second)| first <= second);
        let spelled = both.map(|(first, second)| (spelled(first), spelled(second)));
        Self::of(check, fields, ordered).with_readings(spelled)
    }

    /// Adds the two texts that were compared.
    #[must_use]
    pub fn with_readings(mut self, readings: Option<(String, String)>) -> Self {
        self.readings = readings.map(|(first, second)| [first, second]);
        self
    }

    /// Makes it information only.
    #[must_use]
    pub const fn advisory(mut self) -> Self {
        self.advisory = true;
        self
    }
}

/// A date in the contract's spelling.
pub(crate) fn spelled(date: NaiveDate) -> String {
    date.format("%d.%m.%Y").to_string()
}

impl fmt::Debug for Check {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The readings are personal data and must not reach a log through `{:?}`.
        write!(f, "Check({}: {:?})", self.check, self.outcome)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn readings_that_differ_are_shown_to_the_reviewer_and_to_no_log() {
        let check = Check::same("sides_cin", &["cin"], Some("BK123".into()), Some("BK128".into()));

        assert_eq!(
            json!(check),
            json!({
                "check": "sides_cin",
                "outcome": "disagrees",
                "fields": ["cin"],
                "readings": ["BK123", "BK128"],
            })
        );
        assert!(!format!("{check:?}").contains("BK12"));
    }

    #[test]
    fn what_was_not_read_is_not_checked() {
        let check = Check::same("sides_cin", &["cin"], Some("BK123".into()), None).advisory();

        assert_eq!(
            json!(check),
            json!({
                "check": "sides_cin",
                "outcome": "not_checked",
                "fields": ["cin"],
                "advisory": true,
            })
        );
    }
}
