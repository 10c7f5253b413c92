//! Real files in: divisions, grids, addresses, workers and incidents, from every format in common use.
//!
//! The way of a row: [`source`] reads it, [`mapping`] finds the fields in its columns, [`clean`] brings its geometry to
//! WGS 84 on the lattice and makes it valid, the file of its target ([`divisions`], [`grids`], [`addresses`],
//! [`workers`], [`incidents`]) makes a record of it. [`judge`] looks at all borders together, [`boundary`] compares them with what
//! stands, [`tables`] writes the difference. Everything found on the way is in the [`report`].
//!
//! One bad row never sinks a file unless the caller is strict; a damaged file is never half imported: an import is one
//! transaction, and [`error::ImportError`] means that nothing was written.
//!
//! [`locate_file`] is the same reading without any database: points against a file of grids.

pub mod error;
pub mod report;
pub mod target;

pub mod source;

pub mod clean;
pub mod declare;
pub mod mapping;
mod words;

pub mod boundary;
pub mod judge;

pub mod addresses;
pub mod divisions;
pub mod grids;
pub mod incidents;
pub mod workers;

mod borders;
mod run;
pub mod tables;

pub mod geocode_file;
pub mod locate_file;

pub use run::{Watch, grid_edits, import};

#[cfg(test)]
mod tests;
