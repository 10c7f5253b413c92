//! What runs by itself, one file per clockwork.

pub mod force;
pub mod relay;
