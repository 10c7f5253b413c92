//! The door: HTTP, who may ask, and the command line.
//!
//! This crate knows nothing of SQL or of geometry: it parses what callers send, asks `data` and `tiles`, and shows the
//! answer.

pub mod cli;
