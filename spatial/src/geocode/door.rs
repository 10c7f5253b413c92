//! Inside a site: the building, the unit and the room that the numbers mean.

use super::candidate::Hit;
use super::feature::{Feature, Features, Weights, dot};
use super::figure::Figure;
use super::label::{Beside, Label};
use super::place::Place;
use super::role::Doors;
use super::snapshot::{NONE, View};
use super::tail::{RoomKey, room_bits, unit_bits};

/// The features that the numbers decide.
const OF_DOORS: std::ops::Range<usize> =
    Feature::Number as usize..Feature::UnusedNumbers as usize + 1;

/// More than the sum of a score is off by its rounding.
const ROUNDING: f32 = 1e-3;

/// What became of one number that was asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Found {
    /// Not asked for.
    #[default]
    Omitted,
    /// There.
    Yes,
    /// Not there.
    No,
    /// There, but at more than one place.
    Many,
}

/// How far into a site one reading of the numbers leads.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Entered {
    pub(super) number: Found,
    pub(super) building: Found,
    pub(super) unit: Found,
    pub(super) room: Found,
    /// Place of the building, or none.
    pub(super) at_building: u32,
    /// Place of the room, or none.
    pub(super) at_room: u32,
    /// Numbers read as something this place cannot have.
    pub(super) idle: u8,
}

impl Default for Entered {
    fn default() -> Self {
        Self {
            number: Found::Omitted,
            building: Found::Omitted,
            unit: Found::Omitted,
            room: Found::Omitted,
            at_building: NONE,
            at_room: NONE,
            idle: 0,
        }
    }
}

impl Entered {
    /// Whether all that was asked for is there.
    fn is_complete(&self, doors: &Doors) -> bool {
        let good = |state: Found| matches!(state, Found::Yes | Found::Omitted);
        doors.unused == 0
            && [self.number, self.building, self.unit, self.room].into_iter().all(good)
    }
}

/// The reading of the numbers that leads furthest, and how far that is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Inside {
    found: Entered,
    pub(super) doors: Doors,
    pub(super) features: Features,
    pub(super) score: f32,
}

impl std::ops::Deref for Inside {
    type Target = Entered;

    fn deref(&self) -> &Entered {
        &self.found
    }
}

impl Inside {
    /// A building or a room that was not asked for by numbers.
    pub(super) fn at(building: u32, room: u32) -> Self {
        let found = Entered { at_building: building, at_room: room, ..Entered::default() };
        Self { found, doors: Doors::default(), features: Features::default(), score: f32::MIN }
    }

    /// Whether nothing that was asked for is missing or doubtful.
    pub(super) fn is_whole(&self) -> bool {
        self.found.is_complete(&self.doors)
    }

    /// Whether what was asked for fits at several places inside.
    pub(super) fn is_open(&self) -> bool {
        (self.room == Found::Many && self.at_room == NONE)
            || (self.at_building == NONE && !self.doors.room_label().is_none())
    }
}

/// The features that the numbers decide.
#[derive(Clone, Copy, Debug, Default)]
struct OfDoors([f32; OF_DOORS.end - OF_DOORS.start]);

impl OfDoors {
    fn set(&mut self, feature: Feature, value: f32) {
        self.0[feature as usize - OF_DOORS.start] = value;
    }

    fn score(&self, weights: &Weights) -> f32 {
        dot(&self.0, &weights.weights[OF_DOORS])
    }
}

/// All readings of the numbers of a text, the cheapest first, each with the most it can add to a score.
#[derive(Debug, Default)]
pub(super) struct Readings {
    pub(super) doors: Vec<Doors>,
    most: Vec<f32>,
}

impl Readings {
    /// Finds out what each can add.
    pub(super) fn weigh(&mut self, weights: &Weights) {
        self.most.clear();
        self.most.extend(self.doors.iter().map(|doors| most(doors, weights)));
    }
}

/// The most that a reading can add to a score.
fn most(doors: &Doors, weights: &Weights) -> f32 {
    let weight = |feature: Feature| weights.weights[feature as usize];
    let best =
        |features: &[Feature]| features.iter().fold(0.0, |most: f32, &f| most.max(weight(f)));
    let if_asked = |asked: bool, features: &[Feature]| if asked { best(features) } else { 0.0 };
    let housed = !doors.house.is_none();
    let annex = matches!(doors.house.beside(), Beside::Annex(_));
    let roomed = !doors.storey.is_none() || !doors.room_label().is_none();
    best(&[Feature::LooseNumber])
        .max(if_asked(housed || !doors.group.is_none(), &[Feature::Number, Feature::OtherNumber]))
        + if_asked(housed || !doors.building.is_none(), &[Feature::Building, Feature::NoBuilding])
        + if_asked(annex || !doors.unit.is_none(), &[Feature::Unit, Feature::NoUnit])
        + if_asked(roomed, &[Feature::Room, Feature::ManyRooms, Feature::NoRoom])
        + weight(Feature::RoleCost) * f32::from(doors.cost) / 100.0
        + weight(Feature::UnusedNumbers) * f32::from(doors.unused)
        + 0.5 * weight(Feature::UnusedNumbers).max(0.0)
}

/// Reads the numbers in every way that makes sense and keeps the one that leads furthest.
pub(super) fn inside(
    view: &View<'_>,
    place: Place,
    base: &Features,
    road: Option<&Hit>,
    all: &Readings,
    figures: &[Figure],
    weights: &Weights,
) -> Inside {
    let mut best: Option<(f32, Entered, &Doors, OfDoors)> = None;
    let base_score = base.score(weights);
    for (doors, most) in all.doors.iter().zip(&all.most) {
        // A reading that cannot score more is not tried.
        if best.as_ref().is_some_and(|best| base_score + most + ROUNDING < best.0) {
            continue;
        }
        let found = match place {
            Place::Site(site) => enter(view, site, doors),
            _ => outside(doors),
        };
        let of_doors = note(&found, doors, road, figures, matches!(place, Place::Nothing));
        let score = base_score + of_doors.score(weights);
        let complete = found.is_complete(doors);
        if best.as_ref().is_none_or(|best| score > best.0) {
            best = Some((score, found, doors, of_doors));
        }
        // What follows costs more and cannot find more.
        if complete {
            break;
        }
    }
    let nothing = Doors::default();
    let (score, found, doors, of_doors) =
        best.unwrap_or_else(|| (f32::MIN, outside(&nothing), &nothing, OfDoors::default()));
    let mut features = *base;
    features.0[OF_DOORS].copy_from_slice(&of_doors.0);
    Inside { found, doors: *doors, features, score }
}

/// A road or a division has no doors of its own.
fn outside(doors: &Doors) -> Entered {
    let asked = |label: Label| if label.is_none() { Found::Omitted } else { Found::No };
    Entered {
        number: asked(doors.house),
        building: asked(doors.building),
        unit: asked(doors.unit),
        room: asked(doors.room),
        ..Entered::default()
    }
}

fn enter(view: &View<'_>, site: u32, doors: &Doors) -> Entered {
    let at = site as usize;
    let mut found = Entered::default();
    let (own, group) = (view.site_label(site), Label(view.site_group.u32(at)));
    let village = view.site_road.u32(at) == NONE && view.site_compound.u32(at) == NONE;
    let mut asked = doors.building;
    if village {
        // In a village the house is the building.
        if asked.is_none() {
            asked = doors.house;
        }
        found.number = match (doors.group.is_none(), group == doors.group) {
            (true, _) if group.is_none() => Found::Omitted,
            (true, _) => Found::Many,
            (false, true) => Found::Yes,
            (false, false) => Found::No,
        };
    } else if !doors.house.is_none() {
        let house = match doors.house.beside() {
            Beside::Annex(_) => Label::plain(doors.house.digits()).unwrap_or_default(),
            _ => doors.house,
        };
        found.number = if own.is_none() {
            found.idle = 1;
            Found::Omitted
        } else if own.covers(house) {
            Found::Yes
        } else {
            Found::No
        };
    }
    building(view, at, asked, &mut found);
    room(view, doors, &mut found);
    found
}

fn building(view: &View<'_>, site: usize, asked: Label, found: &mut Entered) {
    let range = view.site_buildings.range(site);
    let label = |at: usize| Label(view.building_label.u32(at));
    if asked.is_none() {
        if range.len() == 1 {
            found.at_building = range.start as u32;
        }
        return;
    }
    if range.len() == 1 && label(range.start).is_none() {
        // The one house has no number of its own: a mild disagreement.
        found.at_building = range.start as u32;
        found.building = Found::Many;
        return;
    }
    let (mut low, mut high) = (range.start, range.end);
    while low < high {
        let middle = usize::midpoint(low, high);
        if label(middle) < asked { low = middle + 1 } else { high = middle }
    }
    found.building = Found::No;
    if low < range.end && label(low).covers(asked) {
        found.at_building = low as u32;
        found.building = Found::Yes;
    }
}

fn room(view: &View<'_>, doors: &Doors, found: &mut Entered) {
    let annex = matches!(doors.house.beside(), Beside::Annex(_));
    let unit = if annex && doors.unit.is_none() {
        Label::new(1, doors.house.beside()).unwrap_or_default()
    } else {
        doors.unit
    };
    let asked = doors.room_label();
    let storey =
        if doors.storey.is_none() || asked != doors.room { 0 } else { doors.storey.digits() };
    if found.at_building == NONE {
        let asked_for = |label: Label| if label.is_none() { Found::Omitted } else { Found::No };
        // Without the building nothing can be said of what is in it.
        if found.building == Found::No {
            found.unit = asked_for(unit);
            found.room = asked_for(asked);
        }
        return;
    }
    within_building(view, found, unit, asked, storey);
}

/// Looks through the rooms of the building.
fn within_building(view: &View<'_>, found: &mut Entered, unit: Label, asked: Label, storey: u32) {
    let range = view.building_rooms.range(found.at_building as usize);
    if unit.is_none() && asked.is_none() && storey == 0 {
        if range.len() == 1 {
            found.at_room = range.start as u32;
        }
        return;
    }
    let (unit_wanted, room_wanted) = (unit_bits(unit), room_bits(asked));
    let (mut with_unit, mut with_room, mut both) = (0u32, 0u32, 0u32);
    let (mut first, mut first_room) = (NONE, NONE);
    for (at, key) in range.clone().zip(view.room_key.slice32(range)) {
        let key = RoomKey(key);
        let unit_fits = unit.is_none() || unit_wanted == Some(key.unit());
        let room_fits = (asked.is_none() || room_wanted == Some(key.room()))
            && (storey == 0 || key.storey() == storey);
        with_unit += u32::from(unit_fits && !unit.is_none());
        if room_fits {
            with_room += 1;
            first_room = first_room.min(at as u32);
        }
        if unit_fits && room_fits {
            both += 1;
            first = first.min(at as u32);
        }
    }
    let state = |count: u32| if count > 0 { Found::Yes } else { Found::No };
    if !unit.is_none() {
        found.unit = state(with_unit);
    }
    if !asked.is_none() || storey > 0 {
        found.room = match both {
            0 if with_room == 1 && found.unit != Found::Yes => Found::Many,
            0 => Found::No,
            1 => Found::Yes,
            _ => Found::Many,
        };
    }
    let unit_alone = asked.is_none() && storey == 0;
    found.at_room = match both {
        1 => first,
        0 if with_room == 1 && found.unit != Found::Yes => first_room,
        _ => NONE,
    };
    if unit_alone && both != 1 {
        found.at_room = NONE;
    }
}

/// What was found, as features.
fn note(
    found: &Entered,
    doors: &Doors,
    road: Option<&Hit>,
    figures: &[Figure],
    nothing: bool,
) -> OfDoors {
    let mut features = OfDoors::default();
    if nothing {
        return features;
    }
    match found.number {
        Found::Yes if stands_behind(doors, road, figures) => features.set(Feature::Number, 1.0),
        Found::Yes => features.set(Feature::LooseNumber, 1.0),
        Found::No => features.set(Feature::OtherNumber, 1.0),
        Found::Many => features.set(Feature::LooseNumber, 0.5),
        Found::Omitted => {}
    }
    let mut pair = |state: Found, yes: Feature, no: Feature| match state {
        Found::Yes => features.set(yes, 1.0),
        Found::No => features.set(no, 1.0),
        Found::Many => features.set(no, 0.3),
        Found::Omitted => {}
    };
    pair(found.building, Feature::Building, Feature::NoBuilding);
    pair(found.unit, Feature::Unit, Feature::NoUnit);
    match found.room {
        Found::Yes => features.set(Feature::Room, 1.0),
        Found::Many => features.set(Feature::ManyRooms, 1.0),
        Found::No => features.set(Feature::NoRoom, 1.0),
        Found::Omitted => {}
    }
    features.set(Feature::RoleCost, f32::from(doors.cost) / 100.0);
    features.set(Feature::UnusedNumbers, f32::from(doors.unused) + 0.5 * f32::from(found.idle));
    features
}

/// Whether the house number stands right behind the road's name.
fn stands_behind(doors: &Doors, road: Option<&Hit>, figures: &[Figure]) -> bool {
    let Some(road) = road else { return false };
    let mut house = usize::from(doors.places[1]);
    while figures.get(house).is_some_and(|figure| figure.dashed && !figure.merged.is_none()) {
        house -= 1;
    }
    figures.get(house).is_some_and(|figure| {
        let (start, end) = (figure.start, usize::from(road.at.end));
        end <= start && start <= end + 2
    })
}
