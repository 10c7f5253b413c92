//! All SQL of imports and exports, one file per family of tables.

pub mod address;
pub mod boundary;
pub mod incident;
pub mod version;
pub mod worker;
