//! The tests of the whole: the built binary over HTTP and on the command line, beside PostGIS as a second opinion.
//!
//! One binary, because linking is what costs. Reading order: the repository about itself, then a report's way through the
//! house, then what happens when things are killed, then real maps.

mod tidy;
