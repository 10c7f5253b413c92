//! One verb, one file, one transaction: read, decide (in the domain), write, tell.

pub mod alias;
pub mod boundary;
pub mod geocode;
pub mod geocode_job;
pub mod locate;
pub mod report;
pub mod wall;
