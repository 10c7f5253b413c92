//! How much of the machine tiles may use.

use std::time::Duration;

use crate::layer::TileId;

/// Limits of a tile service. The defaults suit two cores and a few dozen screens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TileOptions {
    /// Most bytes of compressed tiles kept in memory.
    pub tile_cache_bytes: u64,
    /// Most bytes of compressed glyph ranges kept in memory.
    pub glyph_cache_bytes: u64,
    /// How many wide tiles (up to zoom level 11) are drawn at a time, each on its own connection.
    pub low_zoom_connections: usize,
    /// How many narrow tiles are drawn at a time, each on its own connection.
    pub high_zoom_connections: usize,
    /// After this long the database stops drawing a tile.
    pub statement_timeout: Duration,
    /// After this long a request stops waiting for its turn.
    pub turn_timeout: Duration,
    /// After this long `connect` stops waiting for a database that is starting.
    pub patience: Duration,
}

impl Default for TileOptions {
    fn default() -> Self {
        Self {
            tile_cache_bytes: 256 << 20,
            glyph_cache_bytes: 64 << 20,
            low_zoom_connections: 2,
            high_zoom_connections: 4,
            statement_timeout: Duration::from_secs(3),
            turn_timeout: Duration::from_secs(5),
            patience: Duration::from_secs(30),
        }
    }
}

/// The last zoom level whose tiles count as wide.
const LAST_LOW_ZOOM: u8 = 11;

impl TileOptions {
    /// Whether a tile is wide: up to zoom level 11, where one may hold a whole city.
    pub(crate) fn is_low_zoom(tile: TileId) -> bool {
        tile.z() <= LAST_LOW_ZOOM
    }
}
