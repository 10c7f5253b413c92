//! How the map is drawn: layers, vector tiles and glyphs, as bytes that any map client reads.
//!
//! A tile is asked for by layer, map version, zoom level, column and row. The database draws it (martin runs the tile
//! functions of the schema), the service compresses it once and keeps it. A tile of a map version never changes, so a
//! client may keep it for ever; a new map version has new addresses.
//!
//! Read in this order: [`layer`](Layer) and the catalogue say what there is, the provider draws it, the cache keeps it,
//! [`TileService`] puts them together.
//!
//! This crate knows nothing of HTTP, of incidents, and of who may see what.

#![warn(missing_docs)]

mod layer;

mod catalog;

mod provider;

mod options;

mod connection;

mod martin;

mod encoded;

mod cache;

mod fonts;

mod tile_service;

mod warm;

mod error;

pub use cache::{CacheFigures, TileAnswer};
pub use encoded::Gzipped;
pub use error::{ErrorKind, SharedError, TileError};
pub use layer::{DEEPEST_ZOOM, Layer, TileId};
pub use options::TileOptions;
pub use provider::{MapState, ProviderError, TileProvider};
pub use tile_service::TileService;
pub use tilejson::TileJSON;
