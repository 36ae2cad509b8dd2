//! Wathiqa reads Moroccan identity documents and keeps their records.
//!
//! A request travels down these layers, and imports point down only:
//!
//! | Layer | Modules | What it knows |
//! |---|---|---|
//! | edge | [`api`] | HTTP, JSON, problem details; the only actix code |
//! | journey | [`pipeline`], [`housekeeping`] | pictures in, checked fields out; what is due once an hour |
//! | documents | [`documents`] | what a card prints, what it means, its row |
//! | engines | [`imaging`], [`ocr`] | pixels; libtesseract in worker processes |
//! | ground | [`auth`], [`limits`], [`store`], [`cache`], [`vault`], [`digest`], [`config`], [`telemetry`] | passwords and tokens, how often, Postgres, Redis, keys at rest, hashes, settings, logs |

pub mod api;
pub mod auth;
pub mod cache;
pub mod config;
pub mod digest;
pub mod documents;
pub mod housekeeping;
pub mod imaging;
pub mod limits;
pub mod ocr;
pub mod pipeline;
pub mod store;
pub mod telemetry;
pub mod vault;
