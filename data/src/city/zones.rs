//! What the land is used for: how large its blocks are, how many communities live on it, what is built.

use super::dice::Dice;
use super::noise::bump;
use super::terrain::{BANK, FOOT, QUAY, Terrain, U_RANGE, Uv, V_RANGE, Xy};

/// The use of one block.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Zone {
    Water,
    /// The green strip along the water, islands.
    Riverside,
    /// The old centre: offices, shops, towers and walk-up blocks, close together.
    Core,
    /// Compounds of slabs.
    Town,
    /// New compounds of towers on wide blocks.
    NewTown,
    /// Factories and depots.
    Works,
    /// Small houses packed on the first slopes.
    Terrace,
    /// A village with its yards.
    Village,
    /// Loess hills; a house here and there.
    Hill,
}

impl Zone {
    /// The usual area of a block, hectares.
    pub(crate) fn block_ha(self) -> f64 {
        match self {
            Self::Water | Self::Riverside => 1e9,
            Self::Core => 1.75,
            Self::Town => 3.1,
            Self::NewTown => 3.9,
            Self::Works => 8.0,
            Self::Terrace => 3.8,
            Self::Village => 4.2,
            Self::Hill => 34.0,
        }
    }

    /// How many communities a square kilometre usually holds (relative).
    pub(crate) fn communities_km2(self) -> f64 {
        match self {
            Self::Water | Self::Riverside => 0.05,
            Self::Core => 5.6,
            Self::Town => 3.0,
            Self::NewTown => 3.2,
            Self::Works => 1.0,
            Self::Terrace => 2.6,
            Self::Village => 2.0,
            Self::Hill => 0.19,
        }
    }
}

/// A settlement outside the valley floor.
#[derive(Clone, Copy, Debug)]
struct Settlement {
    at: Xy,
    reach_m: f64,
    zone: Zone,
}

/// Where the new towns in the northern gullies lie, metres from the origin.
const NEW_TOWNS: &[(f64, f64, f64)] = &[
    (-1900.0, 3300.0, 900.0),
    (-2300.0, 4800.0, 620.0),
    (900.0, 3700.0, 520.0),
    (8300.0, 4300.0, 680.0),
    (10_900.0, 4500.0, 600.0),
    (3300.0, 6900.0, 500.0),
];

/// The zones of one city.
#[derive(Clone, Debug)]
pub(crate) struct Zones {
    settlements: Vec<Settlement>,
}

/// The middle of the old centre.
const CENTRE: Xy = Xy { x: -650.0, y: -650.0 };

impl Zones {
    pub(crate) fn new(seed: u64, terrain: &Terrain) -> Self {
        let mut settlements: Vec<Settlement> = NEW_TOWNS
            .iter()
            .map(|&(x, y, reach_m)| Settlement { at: Xy { x, y }, reach_m, zone: Zone::NewTown })
            .collect();
        let mut dice = Dice::new(seed, "villages", 0);
        let mut tries = 0;
        while settlements.len() < 52 && tries < 4000 {
            tries += 1;
            let north = dice.chance(0.62);
            let reach = if north { V_RANGE.1 } else { V_RANGE.0 };
            let v =
                if north { 1.0 } else { -1.0 } * dice.between(FOOT + 350.0, reach.abs() - 600.0);
            let at = terrain.base(Uv { u: dice.between(U_RANGE.0, U_RANGE.1), v });
            let room = dice.between(1500.0, 2300.0);
            if settlements.iter().all(|s| room < s.at.distance_m(at)) {
                let reach_m = dice.between(230.0, 430.0);
                settlements.push(Settlement { at, reach_m, zone: Zone::Village });
            }
        }
        Self { settlements }
    }

    /// The use of the land at a point of the plan.
    pub(crate) fn at(&self, terrain: &Terrain, p: Uv) -> Zone {
        let across = p.v.abs();
        if across < BANK {
            return Zone::Water;
        }
        if across < QUAY {
            return Zone::Riverside;
        }
        let at = terrain.base(p);
        if across < FOOT { valley(terrain, at, p) } else { self.hills(terrain, at, across - FOOT) }
    }

    fn hills(&self, terrain: &Terrain, at: Xy, beyond: f64) -> Zone {
        for s in &self.settlements {
            let ragged = s.reach_m * (1.0 + 0.35 * terrain.character(at, 420.0, 1));
            if s.at.distance_m(at) < ragged {
                return s.zone;
            }
        }
        let town = (1.0 - ((at.x - 1600.0) / 7600.0).powi(2)).max(0.0);
        let climbs = 360.0 * town * (0.75 + terrain.character(at, 900.0, 2));
        if beyond < climbs { Zone::Terrace } else { Zone::Hill }
    }
}

fn valley(terrain: &Terrain, at: Xy, p: Uv) -> Zone {
    let stretched = Xy { x: CENTRE.x + (at.x - CENTRE.x) * 0.62, y: at.y };
    let pull = bump(stretched.distance_m(CENTRE), 3000.0) + 0.16 * terrain.character(at, 800.0, 3);
    if 0.42 < pull && p.v < 0.0 {
        return Zone::Core;
    }
    let works = terrain.character(at, 1100.0, 4) + if 6800.0 < at.x { 0.18 } else { -0.4 };
    if 12_600.0 < at.x {
        return if works < 0.35 { Zone::Village } else { Zone::Works };
    }
    if 0.42 < works {
        return Zone::Works;
    }
    let new =
        terrain.character(at, 1000.0, 5) + if 2600.0 < at.x && 700.0 < at.y { 0.3 } else { 0.0 };
    if 0.5 < new { Zone::NewTown } else { Zone::Town }
}
