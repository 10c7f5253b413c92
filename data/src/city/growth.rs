//! More cities like the first, each beside the last: for finding out how the service grows.

use spatial::coverage::{LatticeMultiPolygon, LatticeRing};
use spatial::lattice::LatticePoint;

use super::City;

/// How far east of the last each city lies, lattice units: wider than the city, so that none touches another.
const STEP: i32 = 22_000_000;
/// The last city still lies on the map.
pub const MOST_CITIES: u32 = 30;

impl City {
    /// Moves the city to the place of the `index`-th one and gives its divisions, grids, workers, units and firms codes of
    /// their own; 0 leaves it as it is. Codes of 9001, 9002 … are those of no real city.
    pub fn settle_as(&mut self, index: u32) {
        if index == 0 {
            return;
        }
        let dx = STEP * index.min(MOST_CITIES) as i32;
        let shift = |p: &mut LatticePoint| p.x += dx;
        let stem = format!("{}", 9000 + index);
        let recode = |code: &mut String| {
            if let Some(at) = code.find("6201") {
                code.replace_range(at..at + 4, &stem);
            }
        };
        for division in &mut self.divisions {
            recode(&mut division.code);
            if division.level == "city" {
                division.name = format!("{}({})", division.name, index + 1);
            }
            shift_shape(&mut division.shape, dx);
            shift(&mut division.label);
        }
        for grid in self.grids.iter_mut().chain(&mut self.specials) {
            recode(&mut grid.code);
            shift_shape(&mut grid.shape, dx);
            shift(&mut grid.label);
        }
        self.roads.iter_mut().flat_map(|r| &mut r.line).for_each(shift);
        self.waters.iter_mut().for_each(|w| shift_shape(&mut w.shape, dx));
        self.buildings.iter_mut().flat_map(|b| &mut b.footprint).for_each(shift);
        self.addresses.iter_mut().for_each(|a| shift(&mut a.point));
        self.entities.iter_mut().for_each(|e| recode(&mut e.code));
        self.workers.iter_mut().for_each(|w| recode(&mut w.code));
        for unit in &mut self.units {
            recode(&mut unit.code);
            recode(&mut unit.division_code);
        }
    }
}

fn shift_shape(shape: &mut LatticeMultiPolygon, dx: i32) {
    for part in &mut shape.0 {
        let LatticeRing(shell) = &mut part.exterior;
        for p in shell.iter_mut().chain(part.holes.iter_mut().flat_map(|h| &mut h.0)) {
            p.x += dx;
        }
    }
}
