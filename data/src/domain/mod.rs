//! The rules, pure: no database, no clock, no file. Time is a parameter, so the log of a case can be replayed.
//!
//! Reading order: [`incident`] (what is told, what is answered) → [`lifecycle`] (the state table) → [`assign`] (who holds
//! it) → [`deadline`] (by when) → [`event`] (the log that cannot be changed unnoticed).

pub mod id;

pub mod division;
pub mod grid;
pub mod grid_worker;

pub mod alias;
pub mod alias_book;
pub mod boundary;
pub mod category;
pub mod geocode_job;
pub mod incident;

pub mod assign;
pub mod deadline;
pub mod event;
pub mod lifecycle;
pub mod why;
