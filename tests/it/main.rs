//! The integration tests: one binary, one private Postgres, a database of its
//! own for each test.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a failed step fails the test"
)]

mod accounts;
mod adoption;
mod api_keys;
mod audit;
mod browser;
mod charts;
mod clients;
mod collections;
mod commands;
mod counts;
mod dependencies;
mod deployment;
mod documented;
mod documents;
mod erasure;
mod exports;
mod fuzz;
mod idempotency;
mod isolation;
mod layers;
mod lists;
mod load;
mod members;
mod migrations;
mod network;
mod observability;
mod ocr_workers;
mod oidc;
mod openapi;
mod operator;
mod persons;
mod photographs;
mod pictures;
mod plans;
mod platforms;
mod pool;
mod postman;
mod privacy;
mod problems;
mod process;
mod quality;
mod quotas;
mod records;
mod redis;
mod refusals;
mod retention;
mod reviews;
mod search;
mod send;
mod service;
mod sessions;
mod settings;
mod support;
mod tokens;
mod traces;
mod uploads;
