//! What can go wrong between a request for a tile and its bytes.

use std::error::Error;
use std::sync::Arc;

/// A failure shared by everyone who waited for the same tile.
pub type SharedError = Arc<dyn Error + Send + Sync>;

/// Why there is no tile, no glyph range or no service.
#[derive(Debug, Clone, thiserror::Error)]
pub enum TileError {
    /// The layer is not in the catalogue.
    #[error("there is no layer {layer:?}; the layers are {known}")]
    UnknownLayer {
        /// What was asked for.
        layer: String,
        /// The names there are, comma-separated.
        known: String,
    },
    /// The layer has no tiles on this zoom level.
    #[error("layer {layer:?} has no tiles on zoom level {z}, only from {minzoom} to {maxzoom}")]
    ZoomOutside {
        /// The layer's name.
        layer: &'static str,
        /// What was asked for.
        z: u8,
        /// The layer's first zoom level.
        minzoom: u8,
        /// The layer's last zoom level; a client enlarges its tiles beyond.
        maxzoom: u8,
    },
    /// Column or row do not exist on the zoom level.
    #[error("there is no tile {z}/{x}/{y}: on zoom level {z} x and y go from 0 to {max}")]
    NoSuchTile {
        /// Zoom level.
        z: u8,
        /// Column.
        x: u32,
        /// Row.
        y: u32,
        /// The last column and row.
        max: u32,
    },
    /// The tile is of a map that has been replaced, or of one that is not there yet.
    #[error("map version {asked} is not the current one, which is {current}")]
    OtherVersion {
        /// What was asked for.
        asked: u32,
        /// What there is.
        current: u32,
    },
    /// The map was replaced while the tile was drawn.
    #[error("the map was replaced while the tile was drawn")]
    Superseded,
    /// Nothing has been loaded into the database yet.
    #[error("no map has been loaded yet")]
    NoMap,
    /// All connections were taken for too long.
    #[error("the tile could not be started within {waited_ms} ms: too many are being drawn")]
    Busy {
        /// How long the request waited, in milliseconds.
        waited_ms: u128,
    },
    /// The database needed too long for one tile.
    #[error("drawing a tile of layer {layer:?} took longer than {limit_ms} ms and was stopped")]
    TooSlow {
        /// The layer's name.
        layer: &'static str,
        /// The limit, in milliseconds.
        limit_ms: u128,
    },
    /// The database does not answer.
    #[error("the database does not answer")]
    DatabaseAway(#[source] SharedError),
    /// The database refuses: a missing function, a wrong password, a bad connection string.
    #[error("the database cannot draw the map")]
    Database(#[source] SharedError),
    /// Drawing ended without an answer.
    #[error("drawing a tile stopped unexpectedly")]
    Stopped(#[source] SharedError),
    /// A font of the stack is not installed.
    #[error("there is no font {font:?}; the fonts are {known}")]
    UnknownFont {
        /// The stack that was asked for.
        font: String,
        /// The names there are, comma-separated.
        known: String,
    },
    /// Glyphs come in blocks of 256 code points.
    #[error(
        "glyph range {start}-{end} is none: it must start at a multiple of 256 and hold 256 code points"
    )]
    GlyphRange {
        /// The first code point asked for.
        start: u32,
        /// The last code point asked for.
        end: u32,
    },
    /// A font file could not be read or drawn.
    #[error("the font cannot be drawn")]
    Font(#[source] SharedError),
}

/// What a caller can do about a [`TileError`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErrorKind {
    /// The request can never succeed.
    Invalid,
    /// There is no such thing, or not any more.
    NotFound,
    /// Trying again in a few seconds may succeed.
    Unavailable,
    /// Someone has to look at the log.
    Internal,
}

impl TileError {
    /// What a caller can do about it.
    pub fn kind(&self) -> ErrorKind {
        match self {
            Self::NoSuchTile { .. } | Self::GlyphRange { .. } => ErrorKind::Invalid,
            Self::UnknownLayer { .. }
            | Self::ZoomOutside { .. }
            | Self::OtherVersion { .. }
            | Self::Superseded
            | Self::NoMap
            | Self::UnknownFont { .. } => ErrorKind::NotFound,
            Self::Busy { .. } | Self::TooSlow { .. } | Self::DatabaseAway(_) => {
                ErrorKind::Unavailable
            }
            Self::Database(_) | Self::Stopped(_) | Self::Font(_) => ErrorKind::Internal,
        }
    }
}
