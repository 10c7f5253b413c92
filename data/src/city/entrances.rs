//! Where buildings are entered: compounds with a gate, doors on streets, numbers in villages.

use std::collections::HashMap;

use spatial::lattice::LatticePoint;

use super::anchors::DISTRICTS;
use super::blocks::to_metres;
use super::buildings::{Building, Compound, Entrance, Ground};
use super::dice::Dice;
use super::doors::{Door, door, main_step, number};
use super::layout::BuildingKind;
use super::names::Names;

/// Gives every building its entrance, and makes the compounds. Buildings must be in the order of their blocks.
pub(crate) fn settle(ground: Ground<'_>, buildings: &mut [Building]) -> Vec<Compound> {
    let mut town = Town::new(ground);
    for (index, building) in buildings.iter_mut().enumerate() {
        town.enter(index as u32, building);
    }
    let places: Vec<Door> = town.doors.iter().map(|d| d.0).collect();
    for ((door, owner), house) in town.doors.iter().zip(number(&places, ground.streets)) {
        match *owner {
            Owner::Building(b) => {
                buildings[b as usize].entrance = Entrance::Street { street: door.street, house };
            }
            Owner::Compound(c) => town.compounds[c as usize].gate = Some((door.street, house)),
        }
    }
    town.compounds
}

/// Whose door it is.
#[derive(Clone, Copy, Debug)]
enum Owner {
    Building(u32),
    Compound(u32),
}

struct Town<'a> {
    ground: Ground<'a>,
    dice: Dice,
    names: Vec<Names>,
    compounds: Vec<Compound>,
    doors: Vec<(Door, Owner)>,
    villages: Villages,
    /// The special place on each block.
    special: Vec<Option<&'a str>>,
    /// The compound on the last block, and the last number in it.
    open: Option<(u32, u32, u16)>,
}

impl<'a> Town<'a> {
    fn new(ground: Ground<'a>) -> Self {
        let mut special = vec![None; ground.blocks.blocks.len()];
        for place in ground.specials {
            for &block in &place.blocks {
                special[block as usize] = Some(place.name.as_str());
            }
        }
        Self {
            ground,
            dice: Dice::new(ground.seed, "compounds", 0),
            names: vec![Names::default(); DISTRICTS.len()],
            compounds: Vec::new(),
            doors: Vec::new(),
            villages: Villages::default(),
            special,
            open: None,
        }
    }

    fn enter(&mut self, index: u32, building: &mut Building) {
        let (ground, block) = (self.ground, building.block);
        let land = &ground.blocks.blocks[block as usize];
        // A hamlet is one wherever it lies.
        let rural = land.zone.is_rural() || building.kind == BuildingKind::Courtyard;
        let step = building.draft.door.map(|place| land.rim[place as usize]);
        let own_door =
            step.and_then(|s| door(ground.blocks, ground.streets, s, building.plot().centre));
        if building.kind == BuildingKind::Office {
            building.name = self.names[land.district as usize].office(&mut self.dice);
        }
        if let Some(own) = own_door.filter(|_| !rural) {
            self.doors.push((own, Owner::Building(index)));
        } else if rural || building.kind == BuildingKind::House {
            let community = ground.territory.community[block as usize];
            let doors = if building.kind == BuildingKind::Courtyard { building.units } else { 1 };
            building.entrance = self.villages.next(community, block, u16::from(doors));
        } else {
            let (compound, number) = match self.open {
                Some((b, compound, last)) if b == block => (compound, last + 1),
                _ => (self.found(building.kind, block), 1),
            };
            self.open = Some((block, compound, number));
            building.entrance = Entrance::Compound { compound, number };
        }
    }

    /// Makes the compound of a block.
    fn found(&mut self, kind: BuildingKind, block: u32) -> u32 {
        let district = self.ground.blocks.blocks[block as usize].district as usize;
        let names = &mut self.names[district];
        let name = match (self.special[block as usize], kind) {
            (Some(name), _) => name.to_owned(),
            (None, BuildingKind::Works) => names.works(&mut self.dice),
            (None, _) => names.compound(&mut self.dice),
        };
        let compound = self.compounds.len() as u32;
        self.compounds.push(Compound { name, gate: None, block });
        if let Some(gate) = gate(self.ground, block, &mut self.dice) {
            self.doors.push((gate, Owner::Compound(compound)));
        }
        compound
    }
}

/// The gate of a compound: somewhere on the main street of its block.
fn gate(ground: Ground<'_>, block: u32, dice: &mut Dice) -> Option<Door> {
    let step = main_step(ground.blocks, ground.streets, block)?;
    let line: Vec<LatticePoint> = ground.blocks.points(step).collect();
    let at = line[line.len() / 3 + dice.below(line.len() / 3 + 1)];
    door(ground.blocks, ground.streets, step, to_metres(at))
}

/// Numbers village houses: a group (社) per block, a number per house.
#[derive(Debug, Default)]
struct Villages {
    groups: HashMap<u32, u16>,
    open: Option<(u32, u16, u16)>,
}

impl Villages {
    fn next(&mut self, community: u32, block: u32, doors: u16) -> Entrance {
        let (group, house) = match self.open {
            Some((b, group, house)) if b == block => (group, house + 1),
            _ => {
                let group = self.groups.entry(community).or_insert(0);
                *group += 1;
                (*group, 1)
            }
        };
        self.open = Some((block, group, house + doors - 1));
        Entrance::Village { group, house }
    }
}
