//! The door: HTTP, who may ask, and the command line.
//!
//! Reading order: [`router`] (every URL), [`routes`] (extract, one call, view), [`view`] (the shapes), [`error`] and
//! [`problem`] (how a request fails), [`layers`] (what happens around every request), [`state`], [`server`], [`cli`].
//!
//! This crate knows nothing of SQL or of geometry: it parses what callers send, asks `data` and `tiles`, and shows the
//! answer.

pub mod router;

pub mod routes;

pub mod view;

pub mod problem;

pub mod error;

pub mod extract;

pub mod auth;

pub mod cursor;

pub mod page;

pub mod openapi;

pub mod layers;

pub mod assets;

pub mod fonts;

pub mod metrics;

pub mod config;

pub mod figures;

pub mod state;

pub mod stall;

pub mod server;

pub mod node;

pub mod jobs;

pub mod watchdog;

pub mod cli;

pub use router::app;
pub use state::AppState;
