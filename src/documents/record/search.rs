//! Finding records of every kind by what somebody types, in either script.
//!
//! The database looks up words, sounds and, where it has trigrams, what is written almost
//! so; what it finds is put in order here. The functions are those of the migration
//! `search`, which folds what is stored and what is asked alike.

use std::collections::HashMap;

use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_types::{Integer, Text};
use serde::Serialize;
use strsim::jaro_winkler;

use super::browse::{Bind, Statement, explained};
use crate::documents::Scope;
use crate::store::StoreError;

/// Candidates of each kind and way. Of more the best may be missed: who gets so many types
/// another word.
const CANDIDATES: i64 = 100;
/// Candidates of each kind by all ways of looking up: each way finds again what the ones
/// before it found, which must not keep out what it alone finds.
const LOOKED_UP: i64 = 300;
/// How words are looked up, the surest way first: whole, as far as typed, by their sound.
const LOOKUPS: [&str; 3] = ["words", "unfinished", "sounds"];
/// With fewer finds than these, what is written almost so is looked for too.
const FEW: usize = 10;

/// How a record was found, the surest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Way {
    /// Its names have the words, or words that begin so; or its number does.
    Words,
    /// Its names sound so, in either script.
    Sounds,
    /// Its names are written almost so.
    Alike,
}

impl Way {
    /// What a find is worth by the way alone; the likeness adds the rest up to 1.
    const fn worth(self) -> f64 {
        match self {
            Self::Words => 0.7,
            Self::Sounds => 0.5,
            Self::Alike => 0.2,
        }
    }
}

/// A record that was found.
#[derive(Debug, Clone, PartialEq)]
pub struct Hit {
    /// The slug of the kind.
    pub kind: String,
    /// The id within its kind.
    pub id: i32,
    /// How.
    pub way: Way,
    /// How well it fits, 0 to 1.
    pub score: f64,
}

#[derive(QueryableByName)]
#[diesel(check_for_backend(Pg))]
struct Candidate {
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = Integer)]
    id: i32,
    #[diesel(sql_type = Text)]
    way: String,
    /// The names as they are looked up.
    #[diesel(sql_type = Text)]
    names: String,
    #[diesel(sql_type = Text)]
    asked: String,
}

/// Finds the records of an organisation that `asked` may mean, the best first. `kinds` are
/// slugs; nothing is found for a text without a letter or digit.
///
/// # Errors
///
/// [`StoreError`] when the database cannot be reached.
pub fn search(
    connection: &mut PgConnection,
    scope: Scope,
    kinds: &[&'static str],
    asked: &str,
) -> Result<Vec<Hit>, StoreError> {
    let mut found: Vec<Candidate> = looked_up(scope, kinds, asked).boxed().load(connection)?;
    if found.len() < FEW {
        found.extend(alike(scope, asked).boxed().load::<Candidate>(connection)?);
        found.retain(|candidate| kinds.contains(&candidate.kind.as_str()));
    }
    Ok(ranked(found))
}

/// Tells how the database would look words and sounds up.
///
/// # Errors
///
/// [`StoreError`] when the database cannot be reached.
pub fn explain(
    connection: &mut PgConnection,
    scope: Scope,
    kinds: &[&'static str],
    asked: &str,
) -> Result<Vec<String>, StoreError> {
    let mut statement = Statement::default();
    statement.push("EXPLAIN ");
    add_lookup(&mut statement, scope, kinds, asked);
    explained(statement, connection)
}

fn looked_up(scope: Scope, kinds: &[&'static str], asked: &str) -> Statement {
    let mut statement = Statement::default();
    add_lookup(&mut statement, scope, kinds, asked);
    statement
}

fn add_lookup(statement: &mut Statement, scope: Scope, kinds: &[&'static str], asked: &str) {
    for (place, &kind) in kinds.iter().enumerate() {
        statement.push(if place > 0 { " UNION ALL (" } else { "(" });
        statement.push("SELECT kind, id, way, names, wathiqa_fold(");
        statement.bind(Bind::Text(asked.to_owned()));
        // One way after the other: the next is not begun when the one before fills the limit.
        statement.push(") AS asked FROM (");
        for (place, way) in LOOKUPS.iter().enumerate() {
            statement.push(if place > 0 { " UNION ALL (" } else { "(" });
            statement.push(&format!("SELECT kind, id, '{way}' AS way, alike AS names FROM "));
            statement.documents(scope, Some(kind));
            statement.finds(scope, way, asked);
            statement.push(")");
        }
        statement.push(&format!(" LIMIT {LOOKED_UP}) AS found)"));
    }
}

fn alike(scope: Scope, asked: &str) -> Statement {
    let mut statement = Statement::default();
    statement.push("SELECT kind, id, 'alike' AS way, names, folded AS asked FROM wathiqa_alike(");
    statement.bind(Bind::BigInt(scope.organisation.0));
    statement.push(", ");
    statement.bind(Bind::Text(asked.to_owned()));
    statement.push(&format!(", {CANDIDATES})"));
    statement
}

/// Each record once, by the way that is worth the most.
fn ranked(candidates: Vec<Candidate>) -> Vec<Hit> {
    let mut hits: HashMap<(String, i32), (Way, f64)> = HashMap::new();
    for candidate in candidates {
        let way = match candidate.way.as_str() {
            "words" | "unfinished" => Way::Words,
            "sounds" => Way::Sounds,
            _ => Way::Alike,
        };
        let score = way.worth() + 0.3 * likeness(&candidate.asked, &candidate.names);
        let known = hits.entry((candidate.kind, candidate.id)).or_insert((way, score));
        if score > known.1 {
            *known = (way, score);
        }
    }
    let hit = |((kind, id), (way, score))| Hit { kind, id, way, score };
    let mut hits: Vec<Hit> = hits.into_iter().map(hit).collect();
    hits.sort_by(|a, b| {
        b.score.total_cmp(&a.score).then_with(|| (&a.kind, a.id).cmp(&(&b.kind, b.id)))
    });
    hits
}

/// How alike the words are to the nearest ones of the names, on average, 0 to 1. Names
/// count as their words and as a whole.
fn likeness(asked: &str, names: &str) -> f64 {
    let whole: Vec<String> = names.split('|').map(|name| name.replace(' ', "")).collect();
    let nearest = |word: &str| {
        let words = names.split(['|', ' ']).chain(whole.iter().map(String::as_str));
        words.map(|name| jaro_winkler(word, name)).fold(0.0, f64::max)
    };
    let words: Vec<&str> = asked.split(' ').filter(|word| !word.is_empty()).collect();
    if words.is_empty() {
        return 0.0;
    }
    let apart = words.iter().map(|word| nearest(word)).sum::<f64>() / words.len() as f64;
    apart.max(nearest(&words.concat()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn candidate(id: i32, way: &str, names: &str) -> Candidate {
        let (kind, way) = ("cin".to_owned(), way.to_owned());
        Candidate { kind, id, way, names: names.to_owned(), asked: "ben jelloun".to_owned() }
    }

    #[test]
    fn the_same_words_come_before_the_same_sound_and_that_before_the_rest() {
        let hits = ranked(vec![
            candidate(4, "alike", "benjeloun|omar||"),
            candidate(3, "sounds", "||بنجلون|عمر"),
            candidate(2, "words", "ben jelloun touimi|omar||"),
            candidate(1, "words", "benjelloun|omar|بنجلون|عمر"),
            candidate(1, "sounds", "benjelloun|omar|بنجلون|عمر"),
        ]);

        assert_eq!(hits.iter().map(|hit| hit.id).collect::<Vec<_>>(), [1, 2, 3, 4]);
        assert!(hits.iter().all(|hit| (0.0..=1.0).contains(&hit.score)));
    }
}
