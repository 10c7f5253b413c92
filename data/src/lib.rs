//! What is true: the domain with its rules, all query SQL, import and export, background jobs and the private cluster.
//!
//! Reading order: [`domain`] (pure rules) → [`store`] (SQL) → [`routing`] and [`geocode`] (the snapshots every decision is taken on) →
//! [`actions`] (one verb, one transaction) → [`jobs`] (what runs by itself). [`embedded`] brings a database when there
//! is none; [`city`], [`import`] and [`export`] move whole cities in and out.
//!
//! This crate knows nothing of HTTP, tiles or the command line.

pub mod error;

pub mod domain;

pub mod store;

pub mod routing;

pub mod geocode;

pub mod actions;

pub mod jobs;

pub mod embedded;

pub mod progress;

mod cache;

pub mod city;
pub mod export;
pub mod import;
pub mod sheet;

pub use error::DataError;
pub use store::Store;

#[cfg(test)]
mod test_town;
