//! What the fuzz targets share: an engine that reads what the fuzzer wants, and
//! everything that is made of its pages.

pub mod reading;
pub mod script;
