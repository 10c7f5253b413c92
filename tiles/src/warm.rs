//! Drawing ahead of the first request: the wide tiles, which every screen opens with and which take longest.

use martin_tile_utils::bbox_to_xyz;

use crate::error::TileError;
use crate::tile_service::TileService;

/// The last zoom level that is drawn ahead: four tiles of it hold a district.
const LAST_ZOOM: u8 = 11;

/// Most tiles that are drawn ahead, so that a map of a whole country does not keep the database busy.
const MOST_TILES: usize = 400;

impl TileService {
    /// Draws the tiles of all layers up to zoom level 11, one after the other, and keeps them. Gives back how
    /// many there are. For a task of its own, after `connect` and after each `refresh` that found a new map.
    ///
    /// # Errors
    /// The first failure ends it; a map that is replaced meanwhile is one.
    pub async fn warm(&self) -> Result<usize, TileError> {
        let Some(map) = self.map() else { return Ok(0) };
        let Some([west, south, east, north]) = map.bounds else { return Ok(0) };
        let mut drawn = 0;
        for z in 0..=LAST_ZOOM {
            let (left, top, right, bottom) = bbox_to_xyz(west, south, east, north, z);
            let layers =
                self.layers().iter().filter(|layer| layer.minzoom <= z && z <= layer.maxzoom);
            for layer in layers {
                for (x, y) in (left..=right).flat_map(|x| (top..=bottom).map(move |y| (x, y))) {
                    if drawn == MOST_TILES {
                        return Ok(drawn);
                    }
                    self.tile(layer.name, map.version, z, x, y).await?;
                    drawn += 1;
                }
            }
        }
        Ok(drawn)
    }
}
