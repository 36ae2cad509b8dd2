//! Log lines and request ids.
