//! The tests of the whole: the built binary over HTTP and on the command line, beside PostGIS as a second opinion.
//!
//! One binary, because linking is what costs. Reading order: the repository about itself, where things are, a report's way
//! through the house, what happens when things are killed, then big and real maps.

mod tidy;

mod town;

mod locate;

mod geocode;

mod report;

mod refuse;

mod stream;

mod boundaries;

mod aliases;

mod geocode_jobs;

mod tiles;

mod restart;

mod openapi;

mod city;

mod life;

mod import;

mod counties;

mod lanzhou;
