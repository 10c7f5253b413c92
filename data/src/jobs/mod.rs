//! What runs by itself, one file per clockwork.

pub mod alias;
pub mod force;
pub mod geocode_job;
pub mod relay;
