//! Buildings: raised block by block, counted to the number wished for, then given doors and compounds.

use std::collections::HashMap;

use rayon::prelude::*;
use spatial::lattice::LatticePoint;

use super::blocks::{Blocks, to_lattice};
use super::dice::Dice;
use super::forms::corners;
use super::layout::{self, BuildingKind, Draft, Purpose};
use super::mesh::Class;
use super::roads::Streets;
use super::sites::{Plot, Site};
use super::specials::Special;
use super::territory::Territory;
use super::zones::Zone;

/// How a building is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Entrance {
    /// As number so much of a compound.
    Compound {
        /// Index of the compound.
        compound: u32,
        /// Counted from 1.
        number: u16,
    },
    /// By a house number on a street.
    Street {
        /// Index of the street.
        street: u32,
        /// Odd on one side, even on the other.
        house: u32,
    },
    /// In a village, by group (社) and number.
    Village {
        /// Counted from 1 in each village.
        group: u16,
        /// Counted from 1 in each group.
        house: u16,
    },
}

/// Several buildings with one name and one gate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Compound {
    /// Such as `金汇家园`.
    pub name: String,
    /// Street and house number of the gate, where a street runs.
    pub gate: Option<(u32, u32)>,
    /// Index of the block that it fills.
    pub(crate) block: u32,
}

/// One building.
#[derive(Clone, Debug, PartialEq)]
pub struct Building {
    /// Its own name, mostly empty.
    pub name: String,
    /// What it is for.
    pub kind: BuildingKind,
    /// Storeys above ground, at least 1.
    pub storeys: u8,
    /// Staircases or shops.
    pub units: u8,
    /// Flats on one floor of one staircase, or rooms on one floor.
    pub flats: u8,
    /// Flats of the ground floor that are no address (a gate, a pump room).
    pub closed: u8,
    /// How many live here.
    pub people: u32,
    /// How it is found.
    pub entrance: Entrance,
    /// Index of the basic grid it stands in.
    pub grid: u32,
    /// The outline, anticlockwise, not closed.
    pub footprint: Vec<LatticePoint>,
    pub(crate) draft: Draft,
    pub(crate) block: u32,
}

/// What buildings are raised on.
#[derive(Clone, Copy)]
pub(crate) struct Ground<'a> {
    pub(crate) seed: u64,
    pub(crate) blocks: &'a Blocks,
    pub(crate) territory: &'a Territory,
    pub(crate) streets: &'a Streets,
    pub(crate) specials: &'a [Special],
}

/// Raises the buildings of all blocks, each for its purpose.
pub(crate) fn raise(seed: u64, blocks: &Blocks, purposes: &[Purpose]) -> Vec<Building> {
    let all = (0..blocks.blocks.len() as u32).into_par_iter();
    all.flat_map_iter(|block| raise_block(seed, blocks, purposes[block as usize], block)).collect()
}

/// Raises the buildings of some blocks anew for another purpose.
pub(crate) fn raise_anew(
    buildings: &mut Vec<Building>,
    seed: u64,
    blocks: &Blocks,
    (chosen, purpose): (&[u32], Purpose),
) {
    buildings.retain(|b| !chosen.contains(&b.block));
    for &block in chosen {
        buildings.extend(raise_block(seed, blocks, purpose, block));
    }
    buildings.sort_by_key(|b| b.block);
}

fn raise_block(seed: u64, blocks: &Blocks, purpose: Purpose, block: u32) -> Vec<Building> {
    let mut dice = Dice::new(seed, "site", u64::from(block));
    let yard_m = match purpose {
        Purpose::Zone(Zone::Terrace) => 1.5,
        Purpose::Zone(Zone::Core) => 2.5,
        _ => 4.0,
    };
    let mut site = Site::of(blocks, block, yard_m);
    let rim = &blocks.blocks[block as usize].rim;
    let busy: Vec<f64> = site
        .step
        .iter()
        .map(|&s| match blocks.arcs[rim[s as usize].arc as usize].class {
            Class::Arterial | Class::Expressway => 1.0,
            Class::Collector => 0.65,
            Class::Local => 0.25,
            _ => 0.0,
        })
        .collect();
    let drafts = layout::build(&mut site, purpose, &|i| busy[i], &mut dice);
    drafts.into_iter().map(|draft| finished(draft, &site, block, &mut dice)).collect()
}

fn finished(mut draft: Draft, site: &Site, block: u32, dice: &mut Dice) -> Building {
    let flats = match draft.kind {
        BuildingKind::Residential if 18 < draft.storeys => dice.whole(2, 4),
        BuildingKind::Residential if 8 < draft.storeys => dice.whole(2, 3),
        BuildingKind::Residential => 2,
        BuildingKind::Office => dice.whole(5, 9),
        BuildingKind::Shop => (draft.units / 2).clamp(2, 6),
        _ => 1,
    };
    if draft.kind == BuildingKind::House {
        // The lane that it stands on.
        draft.door = site.nearest(draft.plot.centre, &|_| true).map(|i| i as u32);
    }
    draft.door = draft.door.map(|i| site.step[i as usize]);
    let plot = &draft.plot;
    let at = |(s, t): &(f64, f64)| to_lattice(plot.at(s * plot.half_long, t * plot.half_deep));
    Building {
        name: String::new(),
        kind: draft.kind,
        storeys: draft.storeys as u8,
        units: draft.units as u8,
        flats: flats as u8,
        closed: 0,
        people: 0,
        entrance: Entrance::Village { group: 0, house: 0 },
        grid: u32::MAX,
        footprint: corners(draft.form, draft.units).iter().map(at).collect(),
        draft,
        block,
    }
}

impl Building {
    pub(crate) fn plot(&self) -> &Plot {
        &self.draft.plot
    }

    /// How many of its addresses are homes.
    pub(crate) fn homes(&self) -> u32 {
        match self.kind {
            BuildingKind::Residential => self.rooms(),
            BuildingKind::House => u32::from(self.storeys) + 1,
            // Village households are larger.
            BuildingKind::Courtyard => self.rooms() * 2,
            // Above the shops of the old streets people live; above those of new ones offices are.
            BuildingKind::Shop if 4 < self.storeys => {
                u32::from(self.storeys - 1) * u32::from(self.flats)
            }
            BuildingKind::Shop => 1,
            _ => 0,
        }
    }

    /// How many addresses it has.
    pub fn rooms(&self) -> u32 {
        let (storeys, units, flats) =
            (u32::from(self.storeys), u32::from(self.units), u32::from(self.flats));
        match self.kind {
            BuildingKind::Residential => storeys * units * flats - u32::from(self.closed),
            BuildingKind::Shop => units + (storeys - 1) * flats,
            BuildingKind::Office => storeys * flats,
            BuildingKind::House => storeys,
            BuildingKind::Courtyard => units,
            BuildingKind::Works | BuildingKind::Public => 1,
        }
    }
}

/// Takes small buildings away by chance until at most `count` are left.
pub(crate) fn thin(buildings: &mut Vec<Building>, count: usize, seed: u64) {
    let mut dice = Dice::new(seed, "thin", 0);
    let small = |b: &Building| matches!(b.kind, BuildingKind::House | BuildingKind::Courtyard);
    let mut surplus: Vec<usize> = (0..buildings.len()).filter(|&i| small(&buildings[i])).collect();
    let mut shops: Vec<usize> =
        (0..buildings.len()).filter(|&i| buildings[i].kind == BuildingKind::Shop).collect();
    dice.shuffle(&mut surplus);
    dice.shuffle(&mut shops);
    surplus.extend(shops);
    surplus.truncate(buildings.len().saturating_sub(count));
    let mut gone = vec![false; buildings.len()];
    for i in surplus {
        gone[i] = true;
    }
    let mut index = 0;
    buildings.retain(|_| {
        index += 1;
        !gone[index - 1]
    });
}

/// Adds and takes storeys by chance until there are `count` addresses, or nearly: no block gets more than fit one grid.
pub(crate) fn fit_rooms(buildings: &mut [Building], count: u64, seed: u64) {
    let mut dice = Dice::new(seed, "rooms", 0);
    let homes: Vec<usize> =
        (0..buildings.len()).filter(|&i| buildings[i].kind == BuildingKind::Residential).collect();
    let mut on_block: HashMap<u32, u32> = HashMap::new();
    for b in buildings.iter() {
        *on_block.entry(b.block).or_default() += b.rooms();
    }
    for &home in &homes {
        let b = &mut buildings[home];
        let all = on_block[&b.block];
        if MOST_ROOMS < all {
            let fair = u32::from(b.storeys) * MOST_ROOMS / all;
            b.storeys = b.storeys.min((fair as u8).max(6));
        }
    }
    on_block.clear();
    for b in buildings.iter() {
        *on_block.entry(b.block).or_default() += b.rooms();
    }
    let mut total: u64 = buildings.iter().map(|b| u64::from(b.rooms())).sum();
    if homes.is_empty() {
        return;
    }
    for _ in 0..homes.len() * 12 {
        let b = &mut buildings[homes[dice.below(homes.len())]];
        let floor = u32::from(b.units) * u32::from(b.flats);
        let low = if 7 < b.storeys { 8 } else { 4 };
        let all = on_block.entry(b.block).or_default();
        let fits = *all + floor <= MOST_ROOMS && total + u64::from(floor) <= count;
        if fits && b.storeys < 33 && 6 < b.storeys {
            b.storeys += 1;
            total += u64::from(floor);
            *all += floor;
        } else if count < total && low < b.storeys {
            b.storeys -= 1;
            total -= u64::from(floor);
            *all -= floor;
        }
    }
}

/// How many addresses a block has at most (as far as its storeys can be fewer): more than fit a grid cannot be parted.
const MOST_ROOMS: u32 = 1500;

/// The last difference between what there is and what should be: storeys, then closed flats, until it is exact.
pub(crate) fn settle_rooms(buildings: &mut [Building], count: u64) {
    let homes: Vec<usize> =
        (0..buildings.len()).filter(|&i| buildings[i].kind == BuildingKind::Residential).collect();
    let mut total: u64 = buildings.iter().map(|b| u64::from(b.rooms())).sum();
    let floor = |b: &Building| u64::from(b.units) * u64::from(b.flats);
    // Lower and lower houses give a storey each, and still lower ones where that is not enough.
    for low in (1..=LOW_STOREYS).rev() {
        loop {
            let before = total;
            for &home in &homes {
                let b = &mut buildings[home];
                if low < b.storeys && count + floor(b) <= total {
                    b.storeys -= 1;
                    total -= floor(b);
                }
            }
            if total == before {
                break;
            }
        }
    }
    // What is still missing is less than one floor, or one floor is given back and closed in part.
    let mut turn = 0;
    while total < count && turn < homes.len() {
        let b = &mut buildings[homes[turn]];
        b.storeys += 1;
        total += floor(b);
        turn += 1;
    }
    let mut turn = 0;
    while count < total && turn < homes.len() * 4 {
        let b = &mut buildings[homes[turn % homes.len()]];
        if b.closed < b.units {
            b.closed += 1;
            total -= 1;
        }
        turn += 1;
    }
}

/// Houses of this height are lowered last.
const LOW_STOREYS: u8 = 4;
