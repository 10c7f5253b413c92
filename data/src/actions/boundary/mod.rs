//! Borders through time: publishing a new version of them, comparing two, and giving cases to whoever is responsible now.
//!
//! Reading order: [`edits`] (what a planner hands in), `plan` (what it makes of the borders that stand), `outline` (what
//! that makes of the divisions), [`publish`] (the transaction), [`settle`] (what stands in the grids), [`reroute`].

pub mod edits;
mod outline;
mod plan;
pub mod publish;
mod relocate;
pub mod reroute;
pub mod settle;

#[cfg(test)]
mod plan_tests;
#[cfg(test)]
mod publish_tests;
