//! Real files in.
pub mod error;
pub mod mapping;
pub mod report;
pub mod source;
