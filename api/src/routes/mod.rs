//! One file per resource; each route extracts, makes one call and shows the answer.

pub mod docs;
pub mod health;
pub mod pages;
pub mod tiles;
