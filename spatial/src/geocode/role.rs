//! Which number is the house, which the building, the unit, the room: all readings that make sense, the likeliest first.
//!
//! 号 alone is a house, a building or a room; 1-2-501 has no words at all. What is meant is decided by what exists, so
//! every reading is kept with its cost until the gazetteer has been asked.

use super::candidate::Hit;
use super::figure::{Counts, Figure};
use super::label::{Beside, Label};

/// Readings that are kept.
const MOST: usize = 40;
/// Numbers that are looked at.
const MOST_FIGURES: usize = 8;

/// One reading of the numbers of a text.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Doors {
    pub(super) group: Label,
    pub(super) house: Label,
    pub(super) building: Label,
    pub(super) unit: Label,
    pub(super) storey: Label,
    pub(super) room: Label,
    /// Place of each of them among the figures, 255 for none: group, house, building, unit, storey, room.
    pub(super) places: [u8; 6],
    /// In hundredths.
    pub(super) cost: u16,
    pub(super) unused: u8,
    rank: u8,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    Group,
    House,
    Building,
    Unit,
    Storey,
    Room,
}

impl Doors {
    fn slot(&mut self, role: Role) -> &mut Label {
        match role {
            Role::Group => &mut self.group,
            Role::House => &mut self.house,
            Role::Building => &mut self.building,
            Role::Unit => &mut self.unit,
            Role::Storey => &mut self.storey,
            Role::Room => &mut self.room,
        }
    }

    fn taken(mut self, role: Role, label: Label, place: usize, cost: u16) -> Self {
        *self.slot(role) = label;
        self.places[role as usize] = place as u8;
        self.rank = self.rank.max(role as u8 + 1);
        self.cost += cost;
        self
    }

    /// The room, with the storey before it where the number alone is that of a door: 5楼1号 is 501.
    pub(super) fn room_label(&self) -> Label {
        if !self.storey.is_none()
            && !self.room.is_none()
            && self.room.digits() < 100
            && self.storey.beside() == Beside::Nothing
        {
            return Label::new(self.storey.digits() * 100 + self.room.digits(), self.room.beside())
                .unwrap_or(self.room);
        }
        self.room
    }
}

/// Whether a figure can be part of an address.
pub(super) fn is_door(figure: &Figure) -> bool {
    !matches!(figure.counts, Counts::Other | Counts::Metres | Counts::Part)
}

/// All readings, the cheapest first. Numbers within names that stand there exactly may be left out for nothing.
pub(super) fn all_doors(
    figures: &[Figure],
    hits: &[Hit],
    into: &mut Vec<Doors>,
    next: &mut Vec<Doors>,
) {
    into.clear();
    into.push(Doors { places: [255; 6], ..Doors::default() });
    let doors = figures.iter().enumerate().filter(|(_, f)| is_door(f)).take(MOST_FIGURES);
    for (place, figure) in doors {
        let named = hits.iter().any(|hit| {
            hit.at.cost == 0
                && hit.letters > 1
                && usize::from(hit.at.start) < figure.end
                && figure.start < usize::from(hit.at.end)
        });
        next.clear();
        for reading in into.iter() {
            expand(reading, place, figure, named, figures, next);
        }
        next.sort_by_key(|reading| reading.cost);
        next.truncate(MOST);
        std::mem::swap(into, next);
    }
}

fn expand(
    reading: &Doors,
    place: usize,
    figure: &Figure,
    named: bool,
    figures: &[Figure],
    next: &mut Vec<Doors>,
) {
    let mut repeated = false;
    for &(role, cost) in roles(figure, reading.rank) {
        let known = *reading.clone().slot(role);
        let first = figures.get(usize::from(reading.places[role as usize]));
        if known == figure.label
            && figure.counts != Counts::Nothing
            && first.is_some_and(|first| first.counts == figure.counts)
        {
            repeated = true;
        }
        if !known.is_none() {
            continue;
        }
        let cost = cost + if named { 60 } else { 0 };
        if role as u8 >= reading.rank {
            next.push(reading.taken(role, figure.label, place, cost));
        } else if is_plain_spoken(figure) || role == Role::House && figure.counts == Counts::Door {
            // 501室3号楼: the words say it whatever the order.
            next.push(reading.taken(role, figure.label, place, cost + 30));
        }
    }
    if !figure.merged.is_none() && reading.rank <= 2 {
        let before = place.saturating_sub(1) as u8;
        let house_was_first = reading.places[1] == before && reading.places[1] != 255;
        if house_was_first
            || (reading.house.is_none()
                && figures.get(place.saturating_sub(1)).is_some()
                && reading.unused > 0)
        {
            let mut merged = reading.taken(Role::House, figure.merged, place, 5);
            if !house_was_first {
                merged.unused -= 1;
                merged.cost = merged.cost.saturating_sub(80);
            }
            next.push(merged);
        }
    }
    let mut without = *reading;
    if !named && !repeated {
        without.cost += 80;
        without.unused += 1;
    }
    next.push(without);
}

/// Whether the word after the number leaves no choice.
fn is_plain_spoken(figure: &Figure) -> bool {
    matches!(
        figure.counts,
        Counts::Building
            | Counts::Unit
            | Counts::Room
            | Counts::Group
            | Counts::Storey
            | Counts::Lane
    )
}

fn roles(figure: &Figure, rank: u8) -> &'static [(Role, u16)] {
    let inside = rank > Role::Building as u8;
    match figure.counts {
        Counts::Door if matches!(figure.label.beside(), Beside::Annex(_)) => &[(Role::House, 0)],
        Counts::Door if inside => &[(Role::Room, 10), (Role::Building, 40), (Role::House, 20)],
        Counts::Door => &[(Role::House, 0), (Role::Building, 15), (Role::Room, 60)],
        Counts::Yard => &[(Role::House, 0), (Role::Building, 40)],
        Counts::Lane => &[(Role::House, 0)],
        Counts::Building => &[(Role::Building, 0), (Role::Room, 70)],
        Counts::House => &[(Role::Building, 15), (Role::Storey, 15), (Role::Room, 40)],
        Counts::Storey => &[(Role::Storey, 0), (Role::Room, 45)],
        Counts::Unit => &[(Role::Unit, 0)],
        Counts::Room => &[(Role::Room, 0)],
        Counts::Group => &[(Role::Group, 0)],
        Counts::Nothing => {
            &[(Role::House, 30), (Role::Building, 10), (Role::Unit, 15), (Role::Room, 5)]
        }
        Counts::Part | Counts::Metres | Counts::Other => &[],
    }
}

#[cfg(test)]
#[path = "role_tests.rs"]
mod tests;
