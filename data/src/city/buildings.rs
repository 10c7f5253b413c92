//! Buildings: raised block by block, counted to the number wished for, then given doors and compounds.

use rayon::prelude::*;
use spatial::lattice::LatticePoint;

use super::blocks::{Blocks, Step, to_lattice};
use super::dice::Dice;
use super::doors::{Door, door, main_step, number};
use super::forms::corners;
use super::layout::{self, BuildingKind, Draft, Purpose};
use super::mesh::Class;
use super::names::Names;
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
    pub(crate) purposes: &'a [Purpose],
}

/// Raises the buildings of the chosen blocks.
pub(crate) fn raise(ground: Ground<'_>, chosen: &[u32]) -> Vec<Building> {
    chosen.par_iter().flat_map_iter(|&block| raise_block(ground, block)).collect()
}

fn raise_block(ground: Ground<'_>, block: u32) -> Vec<Building> {
    let purpose = ground.purposes[block as usize];
    let mut dice = Dice::new(ground.seed, "site", u64::from(block));
    let yard_m = match purpose {
        Purpose::Zone(Zone::Terrace) => 1.5,
        Purpose::Zone(Zone::Core) => 2.5,
        _ => 4.0,
    };
    let mut site = Site::of(ground.blocks, block, yard_m);
    let rim = &ground.blocks.blocks[block as usize].rim;
    let busy: Vec<f64> = site
        .step
        .iter()
        .map(|&s| match ground.blocks.arcs[rim[s as usize].arc as usize].class {
            Class::Arterial | Class::Expressway => 1.0,
            Class::Collector => 0.65,
            Class::Local => 0.25,
            _ => 0.0,
        })
        .collect();
    let grid = ground.territory.grid[block as usize];
    let drafts = layout::build(&mut site, purpose, &|i| busy[i], &mut dice);
    drafts.into_iter().map(|draft| finished(draft, &site, (block, grid), &mut dice)).collect()
}

fn finished(mut draft: Draft, site: &Site, (block, grid): (u32, u32), dice: &mut Dice) -> Building {
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
        grid,
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
            BuildingKind::Courtyard => 2,
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
            BuildingKind::Works | BuildingKind::Courtyard | BuildingKind::Public => 1,
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

/// Adds and takes storeys by chance until there are `count` addresses, to the last one.
pub(crate) fn fit_rooms(buildings: &mut [Building], count: u64, seed: u64) {
    let mut dice = Dice::new(seed, "rooms", 0);
    let homes: Vec<usize> =
        (0..buildings.len()).filter(|&i| buildings[i].kind == BuildingKind::Residential).collect();
    let mut total: u64 = buildings.iter().map(|b| u64::from(b.rooms())).sum();
    if homes.is_empty() {
        return;
    }
    for _ in 0..homes.len() * 12 {
        let b = &mut buildings[homes[dice.below(homes.len())]];
        let floor = u64::from(b.units) * u64::from(b.flats);
        let low = if 7 < b.storeys { 8 } else { 4 };
        if total + floor <= count && b.storeys < 33 && 6 < b.storeys {
            b.storeys += 1;
            total += floor;
        } else if count < total && low < b.storeys {
            b.storeys -= 1;
            total -= floor;
        }
    }
    // What is still missing is less than one floor, or one floor is given back and closed in part.
    let mut turn = 0;
    while total < count && turn < homes.len() {
        let b = &mut buildings[homes[turn]];
        b.storeys += 1;
        total += u64::from(b.units) * u64::from(b.flats);
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

/// Gives every building its entrance, and makes the compounds.
pub(crate) fn settle(ground: Ground<'_>, buildings: &mut [Building]) -> Vec<Compound> {
    let mut dice = Dice::new(ground.seed, "compounds", 0);
    let mut names = Names::default();
    let mut compounds: Vec<Compound> = Vec::new();
    let mut doors: Vec<(Door, Owner)> = Vec::new();
    let mut villages = Villages::default();
    let mut special_of = vec![None; ground.blocks.blocks.len()];
    for special in ground.specials {
        for &block in &special.blocks {
            special_of[block as usize] = Some(special.name.as_str());
        }
    }
    let mut open: Option<(u32, u32, u16)> = None;
    for (index, building) in buildings.iter_mut().enumerate() {
        let block = building.block;
        let rural = matches!(ground.blocks.blocks[block as usize].zone, Zone::Village | Zone::Hill);
        let on_street = building
            .draft
            .door
            .map(|place| ground.blocks.blocks[block as usize].rim[place as usize]);
        let own_door =
            on_street.and_then(|s| door(ground.blocks, ground.streets, s, building.plot().centre));
        if building.kind == BuildingKind::Office {
            building.name = names.office(&mut dice);
        }
        if let Some(own) = own_door.filter(|_| !rural) {
            doors.push((own, Owner::Building(index as u32)));
        } else if rural || building.kind == BuildingKind::House {
            building.entrance = villages.next(ground.territory.community[block as usize], block);
        } else {
            let (compound, number) = match open {
                Some((b, compound, last)) if b == block => (compound, last + 1),
                _ => {
                    let name = special_of[block as usize].map_or_else(
                        || {
                            if building.kind == BuildingKind::Works {
                                names.works(&mut dice)
                            } else {
                                names.compound(&mut dice)
                            }
                        },
                        ToOwned::to_owned,
                    );
                    let compound = compounds.len() as u32;
                    compounds.push(Compound { name, gate: None, block });
                    if let Some(gate) = gate(ground, block, &mut dice) {
                        doors.push((gate, Owner::Compound(compound)));
                    }
                    (compound, 1)
                }
            };
            open = Some((block, compound, number));
            building.entrance = Entrance::Compound { compound, number };
        }
    }
    let places: Vec<Door> = doors.iter().map(|d| d.0).collect();
    for ((door, owner), house) in doors.iter().zip(number(&places, ground.streets)) {
        match *owner {
            Owner::Building(b) => {
                buildings[b as usize].entrance = Entrance::Street { street: door.street, house };
            }
            Owner::Compound(c) => compounds[c as usize].gate = Some((door.street, house)),
        }
    }
    compounds
}

#[derive(Clone, Copy, Debug)]
enum Owner {
    Building(u32),
    Compound(u32),
}

/// The gate of a compound: somewhere on the main street of its block.
fn gate(ground: Ground<'_>, block: u32, dice: &mut Dice) -> Option<Door> {
    let step: Step = main_step(ground.blocks, ground.streets, block)?;
    let line: Vec<LatticePoint> = ground.blocks.points(step).collect();
    let at = line[line.len() / 3 + dice.below(line.len() / 3 + 1)];
    door(ground.blocks, ground.streets, step, super::blocks::to_metres(at))
}

/// Numbers village houses: a group (社) per block, a number per house.
#[derive(Debug, Default)]
struct Villages {
    groups: std::collections::HashMap<u32, u16>,
    open: Option<(u32, u16, u16)>,
}

impl Villages {
    fn next(&mut self, community: u32, block: u32) -> Entrance {
        let (group, house) = match self.open {
            Some((b, group, house)) if b == block => (group, house + 1),
            _ => {
                let group = self.groups.entry(community).or_insert(0);
                *group += 1;
                (*group, 1)
            }
        };
        self.open = Some((block, group, house));
        Entrance::Village { group, house }
    }
}
