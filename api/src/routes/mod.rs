//! One file per resource; each route extracts, makes one call and shows the answer.

pub mod aliases;
pub mod boundaries;
pub mod categories;
pub mod crs;
pub mod divisions;
pub mod docs;
pub mod geocode;
pub mod geocode_jobs;
pub mod geocode_results;
pub mod grids;
pub mod health;
pub mod incidents;
pub mod locate;
pub mod pages;
pub mod reports;
pub mod reverse;
pub mod stats;
pub mod stream;
pub mod suggest;
pub mod tiles;
