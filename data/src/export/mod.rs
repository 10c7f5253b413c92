//! Files out.
pub mod sink;
