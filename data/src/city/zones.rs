//! What the land is used for: how large its blocks are, how many communities live on it, what is built.

use std::collections::HashMap;

use super::anchors;
use super::dice::Dice;
use super::land::MOUNTAINS;
use super::noise::bump;
use super::terrain::{BANK, FOOT, QUAY, Terrain, Uv, Xy};

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
    /// Fields on even land.
    Plain,
    /// Loess hills; a house here and there.
    Hill,
    /// High and empty.
    Mountain,
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
            Self::Plain => 46.0,
            Self::Hill => 34.0,
            Self::Mountain => 260.0,
        }
    }

    /// Whether it lies in the country: houses are found by village group, roads are called after places.
    pub(crate) fn is_rural(self) -> bool {
        matches!(self, Self::Village | Self::Plain | Self::Hill | Self::Mountain)
    }

    /// How many communities a square kilometre usually holds (relative).
    pub(crate) fn communities_km2(self) -> f64 {
        match self {
            Self::Water | Self::Riverside | Self::Hill => 0.05,
            Self::Core => 5.6,
            Self::Town => 3.0,
            Self::NewTown => 3.2,
            Self::Works => 1.0,
            Self::Terrace => 2.6,
            Self::Village => 2.0,
            Self::Plain => 0.12,
            Self::Mountain => 0.006,
        }
    }
}

/// A settlement.
#[derive(Clone, Copy, Debug)]
struct Settlement {
    at: Xy,
    reach_m: f64,
    zone: Zone,
}

/// Where the new towns in the northern gullies lie, metres from the origin.
const NEW_TOWNS: &[(f64, f64, f64)] = &[
    (-1900.0, 3300.0, 800.0),
    (-2300.0, 4800.0, 480.0),
    (900.0, 3700.0, 520.0),
    (8300.0, 4300.0, 480.0),
    (10_900.0, 4500.0, 360.0),
    (3300.0, 6900.0, 360.0),
    (-11_200.0, -2900.0, 1500.0),
    (-6400.0, -2900.0, 900.0),
];

/// Villages are looked for in cells of this side, metres.
const CELL_M: f64 = 4000.0;

/// The zones of one city.
#[derive(Clone, Debug)]
pub(crate) struct Zones {
    settlements: Vec<Settlement>,
    by_cell: HashMap<(i32, i32), Vec<u32>>,
}

/// The middle of the old centre.
const CENTRE: Xy = Xy { x: -650.0, y: -650.0 };

fn cell(at: Xy) -> (i32, i32) {
    ((at.x / CELL_M).floor() as i32, (at.y / CELL_M).floor() as i32)
}

impl Zones {
    pub(crate) fn new(seed: u64, terrain: &Terrain) -> Self {
        let mut this = Self { settlements: Vec::new(), by_cell: HashMap::new() };
        for &(x, y, reach_m) in NEW_TOWNS {
            this.settle(Settlement { at: Xy { x, y }, reach_m, zone: Zone::NewTown });
        }
        for (at, reach_m) in anchors::seats() {
            let zone = if 1600.0 < reach_m { Zone::NewTown } else { Zone::Town };
            this.settle(Settlement { at, reach_m, zone });
        }
        let mut dice = Dice::new(seed, "villages", 0);
        for district in &anchors::DISTRICTS {
            this.villages(terrain, district, &mut dice);
        }
        this
    }

    fn settle(&mut self, settlement: Settlement) {
        let (x, y) = cell(settlement.at);
        let own = self.settlements.len() as u32;
        self.settlements.push(settlement);
        // Into all cells that it can be seen from.
        for dx in -1..=1 {
            for dy in -1..=1 {
                self.by_cell.entry((x + dx, y + dy)).or_default().push(own);
            }
        }
    }

    fn near(&self, at: Xy) -> impl Iterator<Item = &Settlement> {
        let here = self.by_cell.get(&cell(at)).into_iter().flatten();
        here.map(|&s| &self.settlements[s as usize])
    }

    /// Villages by chance: close together in the plains and along the rivers, far apart in the hills.
    fn villages(&mut self, terrain: &Terrain, district: &anchors::District, dice: &mut Dice) {
        let outline = district.outline();
        let ((west, east), (south, north)) = outline.extent();
        let tries = ((east - west) * (north - south) / 1e6 * 1.6) as u32;
        for _ in 0..tries {
            let at = Xy { x: dice.between(west, east), y: dice.between(south, north) };
            let (luck, reach_m) = (dice.unit(), dice.between(200.0, 430.0));
            if !outline.contains(at) {
                continue;
            }
            let p = terrain.design(at);
            let off = p.v.abs() - FOOT;
            let flat = terrain.flatness(p);
            let fit = match (off, is_mountain(terrain, at)) {
                (o, _) if o < 350.0 => continue,
                (_, true) => 0.05,
                (_, false) => 0.22 + 0.78 * flat,
            };
            let room = 1150.0 + 1500.0 * (1.0 - flat);
            let free =
                self.near(at).all(|s| room + (s.reach_m - 400.0).max(0.0) < s.at.distance_m(at));
            if luck < fit && free {
                self.settle(Settlement {
                    at,
                    reach_m: reach_m * (0.9 + 0.4 * flat),
                    zone: Zone::Village,
                });
            }
        }
    }

    /// The use of the land at a point of the plan.
    pub(crate) fn at(&self, terrain: &Terrain, p: Uv) -> Zone {
        let across = p.v.abs();
        if across < BANK || terrain.courses().iter().any(|c| c.is_wet(p)) {
            return Zone::Water;
        }
        if across < QUAY {
            return Zone::Riverside;
        }
        let at = terrain.base(p);
        if across < FOOT && -24_500.0 < at.x && at.x < 18_000.0 {
            return valley(terrain, at, p);
        }
        self.country(terrain, at, p)
    }

    fn country(&self, terrain: &Terrain, at: Xy, p: Uv) -> Zone {
        let beyond = p.v.abs() - FOOT;
        for s in self.near(at) {
            let ragged = s.reach_m * (1.0 + 0.35 * terrain.character(at, 420.0, 1));
            if s.at.distance_m(at) < ragged {
                return match s.zone {
                    // Works stand at the edge of towns.
                    Zone::Town | Zone::NewTown if 0.45 < terrain.character(at, 900.0, 4) => {
                        Zone::Works
                    }
                    Zone::NewTown if 0.25 < terrain.character(at, 1000.0, 5) => Zone::Town,
                    zone => zone,
                };
            }
        }
        if beyond < 0.0 {
            return if 0.25 < terrain.character(at, 1300.0, 6) {
                Zone::Village
            } else {
                Zone::Plain
            };
        }
        let town = (1.0 - ((at.x + 5000.0) / 15_000.0).powi(2)).max(0.0);
        let climbs = 360.0 * town * (0.75 + terrain.character(at, 900.0, 2));
        if beyond < climbs {
            Zone::Terrace
        } else if is_mountain(terrain, at) {
            Zone::Mountain
        } else if 0.62 < terrain.flatness(p) + 0.18 * terrain.character(at, 2200.0, 7) {
            Zone::Plain
        } else {
            Zone::Hill
        }
    }

    /// The usual area of a block at a place, hectares: hills far from the towns are left in one piece.
    pub(crate) fn block_ha(zone: Zone, p: Uv) -> f64 {
        let away = ((p.v.abs() - FOOT - 4000.0) / 6000.0).clamp(0.0, 1.0);
        let along = ((-p.u - 24_000.0).max(p.u - 17_000.0) / 6000.0).clamp(0.0, 1.0);
        match zone {
            Zone::Hill => zone.block_ha() * (1.0 + 3.0 * away.max(along)),
            _ => zone.block_ha(),
        }
    }
}

fn is_mountain(terrain: &Terrain, at: Xy) -> bool {
    MOUNTAINS.iter().any(|&(x, y, east, north)| {
        let (dx, dy) = ((at.x - x) / east, (at.y - y) / north);
        dx * dx + dy * dy < 1.0 + 0.45 * terrain.character(at, 3500.0, 8)
    })
}

fn valley(terrain: &Terrain, at: Xy, p: Uv) -> Zone {
    let stretched = Xy { x: CENTRE.x + (at.x - CENTRE.x) * 0.62, y: at.y };
    let pull = bump(stretched.distance_m(CENTRE), 3000.0) + 0.16 * terrain.character(at, 800.0, 3);
    if 0.42 < pull && p.v < 0.0 {
        return Zone::Core;
    }
    // The second centre, around the western station.
    let west = Xy { x: -7200.0, y: -200.0 };
    if p.v < 0.0 && 0.55 < bump(at.distance_m(west), 2300.0) + 0.2 * terrain.character(at, 800.0, 3)
    {
        return Zone::Core;
    }
    let lean = match at.x {
        x if x < -19_000.0 => 0.42,
        x if x < -14_500.0 => 0.05,
        x if x < 6800.0 => -0.4,
        _ => 0.18,
    };
    let works = terrain.character(at, 1100.0, 4) + lean;
    if 12_600.0 < at.x {
        return if works < 0.35 { Zone::Village } else { Zone::Works };
    }
    if 0.42 < works {
        return Zone::Works;
    }
    let young = (2600.0 < at.x && 700.0 < at.y) || (at.x < -5000.0 && 0.0 < p.v);
    let new = terrain.character(at, 1000.0, 5) + if young { 0.3 } else { 0.0 };
    if 0.5 < new { Zone::NewTown } else { Zone::Town }
}
