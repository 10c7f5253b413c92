//! The numbers there are, listed.

use std::collections::BTreeMap;

use super::super::answer::Element;
use super::super::label::{Beside, Label};
use super::super::resolve::room_text;
use super::super::reverse::elements_at;
use super::super::snapshot::{NONE, View};
use super::super::tail::{ANNEXES, RoomKey, room_bits, unit_bits};
use super::index::rooms_of;
use crate::lattice::LatticePoint;

/// Rooms that are looked at.
const MOST_ROOMS: usize = 4000;

/// One number that may come next.
pub(super) struct Door {
    pub(super) element: Element,
    pub(super) written: String,
    pub(super) at: At,
    pub(super) count: u32,
    pub(super) point: LatticePoint,
    /// The number itself, for the order.
    pub(super) digits: u32,
    pub(super) whole: bool,
}

/// What a number leads to.
#[derive(Clone, Copy)]
pub(super) enum At {
    Site(u32),
    Building(u32),
    /// A building, and a unit by its bits.
    Unit(u32, u32),
    Room(u32, u32),
}

/// What is typed of the number that is completed.
#[derive(Clone, Copy)]
pub(super) struct Open {
    pub(super) label: Label,
    pub(super) start: usize,
    pub(super) typed: Typed,
}

/// How much of a number is typed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Typed {
    /// The digits so far.
    Digits,
    /// 附 and the digits behind it so far, or all of it; the label has them.
    Annex { whole: bool },
    /// All digits, and a part of the word behind them.
    Word,
    /// All.
    Whole,
}

impl Open {
    /// Whether the digits are all typed.
    fn closed(self) -> bool {
        matches!(self.typed, Typed::Word | Typed::Whole)
    }
}

pub(super) fn buildings(view: &View<'_>, sites: &[u32]) -> Vec<u32> {
    let of = |&site: &u32| view.site_buildings.range(site as usize).map(|at| at as u32);
    sites.iter().flat_map(of).take(MOST_ROOMS).collect()
}

/// Whether the sites are single houses, without numbers for their buildings.
pub(super) fn single(view: &View<'_>, sites: &[u32]) -> bool {
    let bare = |&site: &u32| {
        let range = view.site_buildings.range(site as usize);
        range.len() == 1 && Label(view.building_label.u32(range.start)).is_none()
    };
    !sites.is_empty() && sites.iter().all(bare)
}

/// Whether a label goes on from what is typed of it.
fn goes_on(own: Label, open: Option<Open>) -> bool {
    let Some(open) = open else { return true };
    let digits = |label: Label| label.digits().to_string();
    match (open.typed, open.label.beside()) {
        // The doors of an annex are units.
        (Typed::Annex { .. }, _) => false,
        (Typed::Digits, Beside::Nothing) => {
            own.digits() > 0 && digits(own).starts_with(&digits(open.label))
        }
        _ => own == open.label,
    }
}

pub(super) fn numbers(view: &View<'_>, sites: &[u32], open: Option<Open>) -> Vec<Door> {
    let mut found: BTreeMap<(Label, u32), (u32, u32)> = BTreeMap::new();
    for &site in sites {
        let own = view.site_label(site);
        if !own.is_none() && goes_on(own, open) {
            let district = view.site_names(site)[0];
            let slot = found.entry((own, district)).or_insert((0, site));
            slot.0 += rooms_of(view, site);
        }
    }
    let door = |((label, district), (count, site)): ((Label, u32), (u32, u32))| {
        debug_assert_eq!(view.site_names(site)[0], district);
        Door {
            element: Element::Number,
            written: format!("{label}号"),
            at: At::Site(site),
            count,
            point: view.site_point(site),
            digits: label.digits(),
            whole: open.is_some_and(|open| open.label == label),
        }
    };
    found.into_iter().map(door).collect()
}

/// What a number leads to, from the district down.
pub(super) fn label(view: &View<'_>, door: &Door) -> String {
    match door.at {
        At::Site(site) => {
            let [district, _, _, road, _] = view.site_names(site).map(|name| view.name(name));
            format!("{district}{road}{}", door.written)
        }
        At::Building(building) => full(view, building, NONE),
        At::Unit(building, unit) => format!("{}{}", full(view, building, NONE), unit_text(unit)),
        At::Room(building, room) => full(view, building, room),
    }
}

/// The caller's ids of the address and of the building that a number leads to, as far as it leads to one.
pub(super) fn ids(view: &View<'_>, door: &Door) -> (Option<u32>, Option<u32>) {
    let known = |id: u32| (id != NONE).then_some(id);
    let of_building = |building: u32| {
        let rooms = view.building_rooms.range(building as usize);
        let record = (rooms.len() == 1).then(|| view.room_record.u32(rooms.start));
        (record.and_then(known), known(view.building_id.u32(building as usize)))
    };
    match door.at {
        At::Site(site) => {
            let buildings = view.site_buildings.range(site as usize);
            if buildings.len() == 1 { of_building(buildings.start as u32) } else { (None, None) }
        }
        At::Building(building) => of_building(building),
        At::Unit(building, _) => (None, known(view.building_id.u32(building as usize))),
        At::Room(building, room) => {
            let id = known(view.building_id.u32(building as usize));
            (known(view.room_record.u32(room as usize)), id)
        }
    }
}

/// A unit as it is written, by its bits.
fn unit_text(unit: u32) -> String {
    RoomKey::of_unit(unit).unit_text()
}

fn full(view: &View<'_>, building: u32, room: u32) -> String {
    let elements = elements_at(view, building, room);
    [
        &elements.district,
        &elements.road,
        &elements.number,
        &elements.compound,
        &elements.building,
        &elements.unit,
        &elements.room,
    ]
    .map(String::as_str)
    .concat()
}

pub(super) fn of_buildings(view: &View<'_>, buildings: &[u32], open: Option<Open>) -> Vec<Door> {
    let mut found = Vec::new();
    for &building in buildings {
        let at = building as usize;
        let own = Label(view.building_label.u32(at));
        let words = view.building_words.u32(at);
        if (own.is_none() && words == NONE) || !goes_on(own, open) {
            continue;
        }
        let site = view.building_site.u32(at) as usize;
        let village = view.site_road.u32(site) == NONE && view.site_compound.u32(site) == NONE;
        let written = match words {
            NONE if village => format!("{own}号"),
            NONE => format!("{own}号楼"),
            words => view.string(words),
        };
        found.push(Door {
            element: if village { Element::Number } else { Element::Building },
            written,
            at: At::Building(building),
            count: view.building_rooms.range(at).len() as u32,
            point: view.building_point(building),
            digits: own.digits(),
            whole: open.is_some_and(|open| open.label == own),
        });
    }
    found
}

pub(super) fn units(view: &View<'_>, buildings: &[u32], open: Option<Open>) -> Vec<Door> {
    let mut found: BTreeMap<(u32, u32), u32> = BTreeMap::new();
    for &building in buildings {
        for room in view.building_rooms.range(building as usize).take(MOST_ROOMS) {
            let unit = RoomKey(view.room_key.u32(room)).unit();
            if unit != 0 {
                *found.entry((unit, building)).or_default() += 1;
            }
        }
    }
    let fits = |unit: u32| match open {
        None => true,
        Some(Open { typed: Typed::Annex { whole }, label, .. }) => {
            let typed = label.digits().to_string();
            unit.checked_sub(ANNEXES).is_some_and(|annex| {
                if whole {
                    annex == label.digits()
                } else {
                    label.is_none() || annex.to_string().starts_with(&typed)
                }
            })
        }
        Some(open) if open.closed() => unit_bits(open.label) == Some(unit),
        Some(open) => unit < 400 && unit.to_string().starts_with(&open.label.digits().to_string()),
    };
    let units = found.into_iter().filter(|((unit, _), _)| fits(*unit));
    units
        .map(|((unit, building), count)| Door {
            element: Element::Unit,
            written: unit_text(unit),
            at: At::Unit(building, unit),
            count,
            point: view.building_point(building),
            digits: unit,
            whole: open.is_some_and(|open| unit_bits(open.label) == Some(unit)),
        })
        .collect()
}

pub(super) fn rooms(
    view: &View<'_>,
    buildings: &[u32],
    unit: Option<u32>,
    open: Option<Open>,
) -> Vec<Door> {
    let mut found = Vec::new();
    let typed = open.map(|open| open.label.digits().to_string());
    for &building in buildings {
        for room in view.building_rooms.range(building as usize).take(MOST_ROOMS) {
            let key = RoomKey(view.room_key.u32(room));
            let digits = key.room() >> 5;
            if unit.is_some_and(|unit| unit != key.unit()) || key.room() == 0 {
                continue;
            }
            let begun = open.is_none_or(|open| match open.typed {
                Typed::Annex { .. } => false,
                Typed::Whole => room_bits(open.label) == Some(key.room()),
                _ => typed.as_ref().is_none_or(|typed| digits.to_string().starts_with(typed)),
            });
            if !begun {
                continue;
            }
            let (own_unit, written) = room_text(view, room as u32);
            // A room in some unit needs the unit.
            let written = if unit.is_none() { format!("{own_unit}{written}") } else { written };
            found.push(Door {
                element: Element::Room,
                written,
                at: At::Room(building, room as u32),
                count: 1,
                point: view.room_point(building, room),
                digits,
                whole: open.is_some_and(|open| room_bits(open.label) == Some(key.room())),
            });
            if found.len() >= 64 {
                return found;
            }
        }
    }
    found
}
