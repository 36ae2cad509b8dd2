//! Starts a private, TLS-only Postgres.
