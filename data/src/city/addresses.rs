//! Addresses down to the room: where each lies in its building, and how it is written.

use rayon::prelude::*;
use spatial::lattice::LatticePoint;

use super::City;
use super::blocks::to_lattice;
use super::buildings::{Building, Entrance};
use super::dice::Dice;
use super::forms::main_bar;
use super::layout::BuildingKind;

/// One address, small enough to hold millions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Address {
    /// Index of its building.
    pub building: u32,
    /// Staircase or shop, from 1; 0 where there is only one.
    pub unit: u8,
    /// From 1; 0 where the whole building is one address.
    pub floor: u8,
    /// On its floor of its staircase, from 1; 0 where there is only one.
    pub room: u8,
    /// Strictly inside the building.
    pub point: LatticePoint,
}

/// An address in words, by element.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AddressText {
    /// Everything, from the province to the room.
    pub full_text: String,
    /// Such as `城关区`.
    pub district: String,
    /// Such as `张掖路街道`.
    pub township: String,
    /// Such as `陇西路社区`.
    pub community: String,
    /// Street; empty in villages.
    pub road: String,
    /// Such as `123号` or `123号附2号`; in villages such as `3社21号`.
    pub house_no: String,
    /// Such as `金汇家园`.
    pub compound: String,
    /// Such as `3号楼`.
    pub building_no: String,
    /// Such as `2单元`.
    pub unit: String,
    /// Such as `501室`.
    pub room: String,
}

/// All addresses of the buildings, in their order.
pub(crate) fn addresses(buildings: &[Building], seed: u64) -> Vec<Address> {
    let one = |(index, building): (usize, &Building)| {
        let mut dice = Dice::new(seed, "address", index as u64);
        rooms(building)
            .into_iter()
            .map(move |(unit, floor, room)| {
                let point = place(building, (unit, room), &mut dice);
                Address { building: index as u32, unit, floor, room, point }
            })
            .collect::<Vec<Address>>()
    };
    buildings.par_iter().enumerate().flat_map_iter(one).collect()
}

/// Unit, floor and room of each address of a building.
fn rooms(building: &Building) -> Vec<(u8, u8, u8)> {
    let (storeys, units, flats) = (building.storeys, building.units, building.flats);
    let mut all = Vec::with_capacity(building.rooms() as usize);
    match building.kind {
        BuildingKind::Residential => {
            for unit in 1..=units {
                let first = if unit <= building.closed { 2 } else { 1 };
                all.extend((first..=flats).map(|room| (unit, 1, room)));
                all.extend(
                    (2..=storeys)
                        .flat_map(|floor| (1..=flats).map(move |room| (unit, floor, room))),
                );
            }
        }
        BuildingKind::Shop => {
            all.extend((1..=units).map(|unit| (unit, 1, 0)));
            all.extend(
                (2..=storeys).flat_map(|floor| (1..=flats).map(move |room| (0, floor, room))),
            );
        }
        BuildingKind::Office => {
            all.extend(
                (1..=storeys).flat_map(|floor| (1..=flats).map(move |room| (0, floor, room))),
            );
        }
        BuildingKind::Courtyard => all.extend((1..=units).map(|unit| (unit, 0, 0))),
        BuildingKind::House if 1 < storeys => all.extend((1..=storeys).map(|floor| (0, floor, 1))),
        _ => all.push((0, 0, 0)),
    }
    all
}

/// A point inside the part of the building where the room is.
fn place(building: &Building, (unit, room): (u8, u8), dice: &mut Dice) -> LatticePoint {
    let plot = building.plot();
    let (middle, half) = main_bar(building.draft.form);
    let (units, flats) = (f64::from(building.units.max(1)), f64::from(building.flats.max(1)));
    // The share of the length: first the staircase, then the flat beside it.
    let section = if unit == 0 { (0.0, 1.0) } else { (f64::from(unit - 1) / units, 1.0 / units) };
    let within = if room == 0 { 0.5 } else { (f64::from(room) - 0.5) / flats };
    let along = section.0 + section.1 * within.clamp(0.08, 0.92);
    let s = (along * 2.0 - 1.0) * plot.half_long * 0.94 + dice.around(0.4);
    let t = (middle + dice.around(half * 0.6)) * plot.half_deep;
    to_lattice(plot.at(s, t))
}

impl AddressText {
    /// The elements below the city, from the district down to the room; empty ones are not said.
    pub(crate) fn elements(&self) -> [&str; 9] {
        [
            &self.district,
            &self.township,
            &self.community,
            &self.road,
            &self.house_no,
            &self.compound,
            &self.building_no,
            &self.unit,
            &self.room,
        ]
    }
}

impl City {
    /// Writes an address out.
    pub fn address_text(&self, address: &Address) -> AddressText {
        let building = &self.buildings[address.building as usize];
        let grid = &self.grids[building.grid as usize];
        let community = &self.divisions[grid.community as usize];
        let township = &self.divisions[community.parent.unwrap_or(0) as usize];
        let district = &self.divisions[township.parent.unwrap_or(0) as usize];
        let mut text = AddressText {
            district: district.name.clone(),
            township: township.name.clone(),
            community: community.name.clone(),
            ..AddressText::default()
        };
        self.write_entrance(building, address, &mut text);
        write_room(building, address, &mut text);
        let province_and_city = ["甘肃省", &self.divisions[0].name];
        text.full_text = province_and_city.concat() + &text.elements().concat();
        text
    }

    fn write_entrance(&self, building: &Building, address: &Address, text: &mut AddressText) {
        match building.entrance {
            Entrance::Compound { compound, number } => {
                let compound = &self.compounds[compound as usize];
                if let Some((street, house)) = compound.gate {
                    text.road.clone_from(&self.roads[street as usize].name);
                    text.house_no = format!("{house}号");
                }
                text.compound.clone_from(&compound.name);
                text.building_no = format!("{number}号楼");
            }
            Entrance::Street { street, house } => {
                text.road.clone_from(&self.roads[street as usize].name);
                text.house_no = format!("{house}号");
                text.compound.clone_from(&building.name);
            }
            Entrance::Village { group, house } => {
                let own = match building.kind {
                    BuildingKind::Courtyard => house + u16::from(address.unit.max(1)) - 1,
                    _ => house,
                };
                // Some townships say 组 where most say 社.
                let word = if text.township.ends_with('乡') { "组" } else { "社" };
                text.house_no = format!("{group}{word}{own}号");
            }
        }
    }
}

fn write_room(building: &Building, address: &Address, text: &mut AddressText) {
    match building.kind {
        BuildingKind::Residential => {
            text.unit = format!("{}单元", address.unit);
            text.room = format!("{}{:02}室", address.floor, address.room);
        }
        BuildingKind::Shop if address.unit != 0 => {
            text.house_no = format!("{}附{}号", text.house_no, address.unit);
        }
        _ if address.room != 0 => text.room = format!("{}{:02}室", address.floor, address.room),
        _ => {}
    }
}
