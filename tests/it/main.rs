//! The integration tests: one binary, one private Postgres, a database of its
//! own for each test.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a failed step fails the test")]

mod dependencies;
mod layers;
mod migrations;
mod pool;
mod records;
mod settings;
mod support;
