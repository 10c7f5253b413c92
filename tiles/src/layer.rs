//! One layer of the map, and the address of a tile.

use crate::error::TileError;

/// A layer: its name is the last part of its URL and the name of the layer inside its tiles.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Layer {
    /// Name, as in `/tiles/{name}` and as the source layer of a style.
    pub name: &'static str,
    /// What it shows, in one sentence.
    pub description: &'static str,
    /// The first zoom level with tiles.
    pub minzoom: u8,
    /// The last zoom level with tiles; a client enlarges them beyond.
    pub maxzoom: u8,
    /// Attribute names, each with what it says.
    pub fields: &'static [(&'static str, &'static str)],
    /// The statement that draws a tile: zoom level, column, row and a JSON object with `version`.
    pub(crate) sql: &'static str,
}

impl Layer {
    /// The tile `z/x/y`, if this layer has one there.
    ///
    /// # Errors
    /// [`TileError::NoSuchTile`] outside the square of the zoom level, [`TileError::ZoomOutside`]
    /// outside the layer's zoom levels.
    pub fn tile_id(&self, z: u8, x: u32, y: u32) -> Result<TileId, TileError> {
        let tile = TileId::new(z, x, y)?;
        if self.minzoom <= z && z <= self.maxzoom {
            return Ok(tile);
        }
        let Self { name: layer, minzoom, maxzoom, .. } = *self;
        Err(TileError::ZoomOutside { layer, z, minzoom, maxzoom })
    }
}

/// The deepest zoom level there is an address for.
pub const DEEPEST_ZOOM: u8 = 30;

/// The address of a tile: zoom level, column from the west, row from the north.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct TileId {
    // invariant: z <= 30, x and y < 2^z
    z: u8,
    x: u32,
    y: u32,
}

impl TileId {
    /// The tile in column `x` and row `y` of zoom level `z`.
    ///
    /// # Errors
    /// [`TileError::NoSuchTile`] if the zoom level is above 30 or has fewer columns or rows.
    pub fn new(z: u8, x: u32, y: u32) -> Result<Self, TileError> {
        let max = (1u32 << z.min(DEEPEST_ZOOM)) - 1;
        if z <= DEEPEST_ZOOM && x <= max && y <= max {
            return Ok(Self { z, x, y });
        }
        Err(TileError::NoSuchTile { z, x, y, max })
    }

    /// Zoom level.
    pub fn z(self) -> u8 {
        self.z
    }

    /// Column, counted from the west.
    pub fn x(self) -> u32 {
        self.x
    }

    /// Row, counted from the north.
    pub fn y(self) -> u32 {
        self.y
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog;

    #[test]
    fn a_tile_outside_its_zoom_level_is_refused_with_the_range() {
        let refused = TileId::new(3, 8, 0).unwrap_err();
        assert_eq!(
            refused.to_string(),
            "there is no tile 3/8/0: on zoom level 3 x and y go from 0 to 7"
        );
        assert!(TileId::new(0, 0, 0).is_ok());
        assert!(TileId::new(31, 0, 0).is_err());
        assert!(TileId::new(30, (1 << 30) - 1, (1 << 30) - 1).is_ok());
    }

    #[test]
    fn a_layer_refuses_zoom_levels_it_is_not_drawn_on() {
        let grids = catalog::find("grids").unwrap();
        assert!(grids.tile_id(10, 1023, 1023).is_ok());
        assert_eq!(
            grids.tile_id(9, 0, 0).unwrap_err().to_string(),
            "layer \"grids\" has no tiles on zoom level 9, only from 10 to 16"
        );
    }
}
