//! Divisions 行政区划: city, district, township, community.

use serde::{Deserialize, Serialize};
pub use spatial::code::Level;

/// Code and name of a division, as answers carry it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DivisionRef {
    /// Short official code (4, 6, 9 or 12 digits), or a foreign file's own.
    pub code: String,
    /// Its name.
    pub name: String,
}

/// The name of a level in the database and on the wire.
pub const fn level_name(level: Level) -> &'static str {
    match level {
        Level::City => "city",
        Level::District => "district",
        Level::Township => "township",
        Level::Community => "community",
    }
}

/// The level of that name.
pub fn level_named(name: &str) -> Option<Level> {
    Level::ALL.into_iter().find(|level| level_name(*level) == name)
}

/// A division in one boundary version, without its geometry.
#[derive(Clone, Debug, PartialEq)]
pub struct Division {
    /// Short official code, or a foreign file's own.
    pub code: String,
    /// How deep it lies.
    pub level: Level,
    /// `city`, `district`, `county`, `subdistrict`, `town`, `township`, `community`, `village` or a foreign word.
    pub kind: String,
    /// Its name.
    pub name: String,
    /// The code of the division around it.
    pub parent_code: Option<String>,
    /// How many people live in it.
    pub people: i32,
    /// Where its label stands, WGS 84 degrees, lng then lat; inside it.
    pub label: [f64; 2],
    /// West, south, east, north in WGS 84 degrees.
    pub bbox: [f64; 4],
}
