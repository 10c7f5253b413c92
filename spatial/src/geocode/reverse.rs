//! From a point to the addresses around it.
//!
//! [`Snapshot::places`] lends what the gazetteer has to [`Places`]; [`nearby`] finds the nearest of them with distance
//! and direction; [`Snapshot::place`] says what each is. Rooms are not listed one by one: they are where their building is.

use serde::Serialize;

use super::answer::Elements;
use super::compass::{Compass, bearing_deg};
use super::door::Inside;
use super::place::Place as Candidate;
use super::resolve::elements;
use super::search::Scored;
use super::snapshot::{NONE, Snapshot, View};
use crate::lattice::LatticePoint;
use crate::nearest::{Kinds, Place, Places, Wanted};

/// What stands at a place of the gazetteer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PlaceKind {
    /// A building, or a house with an address of its own.
    Building,
    /// A shop, an office, a school inside a building.
    Poi,
    /// Where two roads meet.
    Crossing,
}

impl PlaceKind {
    /// All kinds.
    pub const ALL: [Self; 3] = [Self::Building, Self::Poi, Self::Crossing];

    /// The set of some kinds, as [`Wanted`] asks for it.
    pub fn set(kinds: &[Self]) -> Kinds {
        Kinds::of(kinds.iter().map(|&kind| kind as u8))
    }
}

/// A place near a point.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Nearby {
    /// Its number, for [`Snapshot::place`].
    pub id: u32,
    /// Where it is.
    pub point: LatticePoint,
    /// Length of the geodesic to it in metres.
    pub distance_m: f64,
    /// Its bearing as seen from the point asked for, in degrees clockwise from north.
    pub bearing_deg: f64,
    /// The same as a point of the compass. The point asked for lies [`Compass::opposite`] of the place.
    pub compass: Compass,
}

/// The places nearest to a point, the nearest first, with distance and direction.
///
/// # Example
/// ```
/// use spatial::geocode::{AddressRow, Compass, PlaceKind, Snapshot, SnapshotBuilder, nearby};
/// use spatial::lattice::LatticePoint;
/// use spatial::nearest::{Places, Wanted};
/// let mut builder = SnapshotBuilder::new("甘肃省", "兰州市");
/// let point = LatticePoint::new(1_038_343_000, 360_611_000);
/// builder.address(&AddressRow { road: "庆阳路", house_no: "97号", point, ..AddressRow::default() });
/// let gazetteer = Snapshot::open(builder.finish())?;
/// let places = Places::new(gazetteer.places());
/// let from = LatticePoint::new(1_038_343_000, 360_601_000);
/// let wanted = Wanted { within_m: 500.0, kinds: PlaceKind::set(&[PlaceKind::Building]), count: 5 };
/// let near = nearby(&places, from, &wanted);
/// assert_eq!((near.len(), near[0].compass), (1, Compass::North));
/// assert_eq!(gazetteer.place(near[0].id).unwrap().elements.number, "97号");
/// # Ok::<(), spatial::geocode::SnapshotError>(())
/// ```
pub fn nearby(places: &Places, from: LatticePoint, wanted: &Wanted) -> Vec<Nearby> {
    let near = places.nearest(from, wanted).into_iter();
    near.map(|near| {
        let bearing_deg = bearing_deg(from, near.place.point);
        Nearby {
            id: near.place.id,
            point: near.place.point,
            distance_m: near.apart_m,
            bearing_deg,
            compass: Compass::of_deg(bearing_deg),
        }
    })
    .collect()
}

/// A place of the gazetteer with its address.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct KnownPlace {
    /// What it is.
    pub kind: PlaceKind,
    /// Its address, as far down as all that is there shares it.
    pub elements: Elements,
    /// The name of a place inside the building, or of the second road of a crossing.
    pub name: Option<String>,
    /// The caller's id of the address, where the building has only one.
    pub record: Option<u32>,
    /// The caller's id of the building.
    pub building: Option<u32>,
    /// The caller's id of the place inside the building.
    pub poi: Option<u32>,
    /// The caller's id of the grid.
    pub grid: Option<u32>,
    /// How many addresses there are.
    pub addresses: u32,
    /// Where it is.
    #[serde(skip)]
    pub point: LatticePoint,
}

impl<B: AsRef<[u8]>> Snapshot<B> {
    /// All buildings, places inside them and crossings, with numbers that hold for this snapshot.
    pub fn places(&self) -> impl Iterator<Item = Place> + '_ {
        let view = self.view();
        let [buildings, pois, crossings] = counts(&view);
        let place = |kind: PlaceKind, id: u32, point| Place { id, point, kind: kind as u8 };
        let of_pois = move |at: u32| view.building_point(view.poi_building.u32(at as usize));
        (0..buildings)
            .map(move |at| place(PlaceKind::Building, at, view.building_point(at)))
            .chain((0..pois).map(move |at| place(PlaceKind::Poi, buildings + at, of_pois(at))))
            .chain((0..crossings).map(move |at| {
                place(PlaceKind::Crossing, buildings + pois + at, crossing_point(&view, at))
            }))
    }

    /// The place of a number; `None` for one that is not of this snapshot.
    pub fn place(&self, id: u32) -> Option<KnownPlace> {
        let view = self.view();
        let [buildings, pois, crossings] = counts(&view);
        if id < buildings {
            return Some(building(&view, id));
        }
        if let Some(at) = id.checked_sub(buildings).filter(|&at| at < pois) {
            let mut known = building(&view, view.poi_building.u32(at as usize));
            known.kind = PlaceKind::Poi;
            known.name = Some(view.name(view.poi_name.u32(at as usize)));
            known.poi = Some(view.poi_id.u32(at as usize));
            return Some(known);
        }
        let at = id.checked_sub(buildings + pois).filter(|&at| at < crossings)?;
        let elements = Elements {
            province: view.string(0),
            city: view.string(1),
            road: view.name(view.crossing_low.u32(at as usize)),
            ..Elements::default()
        };
        Some(KnownPlace {
            kind: PlaceKind::Crossing,
            elements,
            name: Some(view.name(view.crossing_high.u32(at as usize))),
            record: None,
            building: None,
            poi: None,
            grid: None,
            addresses: 0,
            point: crossing_point(&view, at),
        })
    }
}

fn counts(view: &View<'_>) -> [u32; 3] {
    [view.buildings(), view.poi_name.len32(), view.crossing_low.len32()].map(|count| count as u32)
}

pub(super) fn crossing_point(view: &View<'_>, at: u32) -> LatticePoint {
    let at = at as usize;
    LatticePoint::new(view.crossing_x.u32(at) as i32, view.crossing_y.u32(at) as i32)
}

fn building(view: &View<'_>, at: u32) -> KnownPlace {
    let rooms = view.building_rooms.range(at as usize);
    let only = (rooms.len() == 1).then_some(rooms.start as u32);
    let known = |id: u32| (id != NONE).then_some(id);
    KnownPlace {
        kind: PlaceKind::Building,
        elements: elements_at(view, at, only.unwrap_or(NONE)),
        name: None,
        record: only.map(|room| view.room_record.u32(room as usize)),
        building: known(view.building_id.u32(at as usize)),
        poi: None,
        grid: known(view.building_grid.u32(at as usize)),
        addresses: rooms.len() as u32,
        point: view.building_point(at),
    }
}

/// The address of a building, or of a room in it.
pub(super) fn elements_at(view: &View<'_>, building: u32, room: u32) -> Elements {
    let place = Candidate::Site(view.building_site.u32(building as usize));
    let inside = Inside::at(building, room);
    elements(view, &Scored { place, own: [None; 6], inside, chance: 0.0 })
}

#[cfg(test)]
#[path = "reverse_tests.rs"]
mod tests;
