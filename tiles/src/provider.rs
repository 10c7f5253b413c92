//! Where tiles come from: the seam behind which martin stands, so that something else can.

use std::fmt::Debug;

use async_trait::async_trait;

use crate::error::SharedError;
use crate::layer::{Layer, TileId};

/// The map that is drawn now.
#[derive(Debug, Clone, PartialEq)]
pub struct MapState {
    /// The version that tile URLs carry.
    pub version: u32,
    /// West, south, east, north in degrees (WGS 84); nothing on an empty map.
    pub bounds: Option<[f64; 4]>,
    /// Where the data comes from, as HTML that is safe to show.
    pub attribution: Option<String>,
}

/// Draws tiles and knows which map they are of.
#[async_trait]
pub trait TileProvider: Debug + Send + Sync {
    /// The map that is drawn now, if one has been loaded.
    ///
    /// # Errors
    /// [`ProviderError::Away`] or [`ProviderError::Failed`].
    async fn map(&self) -> Result<Option<MapState>, ProviderError>;

    /// The tile of that map version as an uncompressed vector tile, empty where there is nothing.
    ///
    /// # Errors
    /// [`ProviderError::Superseded`] if the map shows another version by now.
    async fn tile(
        &self,
        layer: &'static Layer,
        tile: TileId,
        version: u32,
    ) -> Result<Vec<u8>, ProviderError>;
}

/// Why a provider has no answer.
#[derive(Debug, Clone, thiserror::Error)]
pub enum ProviderError {
    /// The map shows another version by now.
    #[error("the map version is not drawn any more")]
    Superseded,
    /// The tile took too long and was stopped.
    #[error("the tile took too long")]
    TooSlow,
    /// The database is not there; trying again may help.
    #[error("the database is away")]
    Away(#[source] SharedError),
    /// The database is there and refuses.
    #[error("the database refuses")]
    Failed(#[source] SharedError),
}
