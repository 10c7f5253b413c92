//! What stands on a block, by the use of its land: frontages along streets, rows of slabs, lanes of small houses.

use super::dice::Dice;
use super::forms::Form;
use super::frame::narrowest_box;
use super::frontage::{Front, frontage};
use super::sites::{Plot, Site};
use super::terrain::Xy;
use super::zones::Zone;

/// What a building is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum BuildingKind {
    /// Flats off staircases, in a compound.
    Residential,
    /// Shops on the street, small offices above.
    Shop,
    /// Offices on a street.
    Office,
    /// Sheds and halls.
    Works,
    /// A small town house.
    House,
    /// A farm house with its yard.
    Courtyard,
    /// A school, a hospital, a station and the like.
    Public,
}

impl BuildingKind {
    /// The word in the database.
    pub fn word(self) -> &'static str {
        match self {
            Self::Residential => "residential",
            Self::Shop => "shop",
            Self::Office => "office",
            Self::Works => "works",
            Self::House => "house",
            Self::Courtyard => "courtyard",
            Self::Public => "public",
        }
    }
}

/// A building before it has a number.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Draft {
    pub(crate) plot: Plot,
    pub(crate) form: Form,
    pub(crate) kind: BuildingKind,
    pub(crate) storeys: u32,
    /// Staircases of a slab; shops of a shop row; else 1.
    pub(crate) units: u32,
    /// The border point at whose segment its door is, for buildings on a street.
    pub(crate) door: Option<u32>,
}

/// How one kind of row is laid out: lengths in metres.
#[derive(Clone, Copy, Debug)]
struct Row {
    kind: BuildingKind,
    deep: (f64, f64),
    unit: (f64, f64),
    units: (u32, u32),
    storeys: (u32, u32),
    between: (f64, f64),
    beside: (f64, f64),
    /// Share of the places that are built on.
    filled: f64,
}

const WALK_UP: Row = Row {
    kind: BuildingKind::Residential,
    deep: (11.5, 13.5),
    unit: (14.0, 17.0),
    units: (3, 5),
    storeys: (5, 7),
    between: (15.0, 22.0),
    beside: (8.0, 13.0),
    filled: 0.92,
};
const SLAB: Row = Row {
    deep: (14.0, 17.0),
    unit: (18.0, 23.0),
    units: (2, 4),
    storeys: (8, 16),
    between: (28.0, 38.0),
    beside: (13.0, 20.0),
    filled: 0.9,
    ..WALK_UP
};
const TOWER: Row = Row {
    deep: (17.0, 22.0),
    unit: (25.0, 33.0),
    units: (1, 2),
    storeys: (20, 32),
    between: (38.0, 52.0),
    beside: (22.0, 36.0),
    filled: 0.88,
    ..WALK_UP
};
const HOUSES: Row = Row {
    kind: BuildingKind::House,
    deep: (9.0, 13.5),
    unit: (13.0, 24.0),
    units: (1, 1),
    storeys: (1, 4),
    between: (4.5, 8.5),
    beside: (2.5, 6.0),
    filled: 0.97,
};
const YARDS: Row = Row {
    kind: BuildingKind::Courtyard,
    deep: (13.0, 17.0),
    unit: (11.5, 15.5),
    units: (2, 7),
    storeys: (1, 2),
    between: (8.0, 15.0),
    beside: (4.0, 13.0),
    filled: 0.9,
};
const SHEDS: Row = Row {
    kind: BuildingKind::Works,
    deep: (26.0, 50.0),
    unit: (52.0, 120.0),
    storeys: (1, 2),
    between: (16.0, 30.0),
    beside: (14.0, 28.0),
    filled: 0.76,
    ..HOUSES
};
const SCHOOL: Row = Row {
    kind: BuildingKind::Public,
    deep: (16.0, 34.0),
    unit: (40.0, 70.0),
    storeys: (3, 6),
    between: (26.0, 60.0),
    beside: (14.0, 30.0),
    filled: 0.8,
    ..HOUSES
};

const OLD_STREETS: Front = Front { share: 0.72, storeys: (5, 8), tall: 0.2 };
const STREETS: Front = Front { share: 0.62, storeys: (2, 6), tall: 0.24 };
const NEW_STREETS: Front = Front { share: 0.42, storeys: (2, 4), tall: 0.3 };

/// What a block is built with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    Zone(Zone),
    Park,
    School,
    Hospital,
    Mall,
    Station,
    /// A farm or two for certain, where a community would else be empty.
    Hamlet,
}

/// Builds on a site. Buildings on a street come first.
pub(crate) fn build(
    site: &mut Site,
    purpose: Purpose,
    street: &dyn Fn(usize) -> f64,
    dice: &mut Dice,
) -> Vec<Draft> {
    let mut built = Vec::new();
    match purpose {
        Purpose::Zone(Zone::Core) => {
            frontage(site, street, OLD_STREETS, dice, &mut built);
            let row = [WALK_UP, SLAB, TOWER][dice.weighted(&[0.26, 0.36, 0.38])];
            rows(site, row, dice, &mut built);
        }
        Purpose::Zone(Zone::Town) => {
            frontage(site, street, STREETS, dice, &mut built);
            let row = [WALK_UP, SLAB, TOWER][dice.weighted(&[0.68, 0.22, 0.10])];
            rows(site, row, dice, &mut built);
        }
        Purpose::Zone(Zone::NewTown) => {
            frontage(site, street, NEW_STREETS, dice, &mut built);
            let row = [WALK_UP, SLAB, TOWER][dice.weighted(&[0.42, 0.40, 0.18])];
            rows(site, row, dice, &mut built);
        }
        Purpose::Zone(Zone::Works) => rows(site, SHEDS, dice, &mut built),
        Purpose::Zone(Zone::Terrace) => rows(site, HOUSES, dice, &mut built),
        Purpose::Zone(Zone::Village) => rows(site, YARDS, dice, &mut built),
        Purpose::Zone(Zone::Hill | Zone::Plain) if !dice.chance(0.55) => {}
        Purpose::Zone(Zone::Hill | Zone::Plain) => farms(site, dice, &mut built),
        Purpose::Hamlet => {
            for _ in 0..MOST_TRIES {
                farms(site, dice, &mut built);
                if HAMLET <= built.len() {
                    break;
                }
            }
        }
        Purpose::Zone(Zone::Water | Zone::Riverside | Zone::Mountain) | Purpose::Park => {}
        Purpose::School => rows(site, SCHOOL, dice, &mut built),
        Purpose::Hospital => {
            rows(site, Row { storeys: (4, 19), filled: 0.9, ..SCHOOL }, dice, &mut built);
        }
        Purpose::Mall | Purpose::Station => {
            let hall = Row {
                deep: (45.0, 70.0),
                unit: (60.0, 110.0),
                storeys: (3, 7),
                between: (20.0, 30.0),
                ..SCHOOL
            };
            rows(site, Row { filled: 1.0, ..hall }, dice, &mut built);
        }
    }
    built
}

/// The axis of rows: along the block, but never far from facing south.
fn row_axis(site: &Site) -> Xy {
    let (axis, ..) = narrowest_box(&site.border);
    let turned = if axis.x.abs() < axis.y.abs() { Xy { x: -axis.y, y: axis.x } } else { axis };
    if turned.x < 0.0 { Xy { x: -turned.x, y: -turned.y } } else { turned }
}

/// Fills the inside with rows from south to north.
fn rows(site: &mut Site, row: Row, dice: &mut Dice, built: &mut Vec<Draft>) {
    let axis = row_axis(site);
    let ((west, east), (south, north)) = site.extent(axis);
    let (storeys, deep) =
        (dice.whole(row.storeys.0, row.storeys.1), dice.between(row.deep.0, row.deep.1));
    let mut t = south + deep / 2.0 + dice.between(3.0, 8.0);
    while t < north {
        let mut s = west + dice.between(0.0, 8.0);
        let mut any = false;
        while s < east {
            let units = dice.whole(row.units.0, row.units.1);
            let long = dice.between(row.unit.0, row.unit.1) * f64::from(units);
            let wanted = dice.chance(row.filled);
            let deep = if row.unit.1 < 20.0 && row.kind != BuildingKind::Residential {
                dice.between(row.deep.0, row.deep.1)
            } else {
                deep
            };
            let slack = if row.kind == BuildingKind::Residential { 0.0 } else { dice.around(1.6) };
            let middle = s + long / 2.0;
            let (x, y) =
                (middle * axis.x - (t + slack) * axis.y, middle * axis.y + (t + slack) * axis.x);
            let plot =
                Plot { centre: Xy { x, y }, axis, half_long: long / 2.0, half_deep: deep / 2.0 };
            let beside = dice.between(row.beside.0, row.beside.1);
            if !wanted {
                s += long * 0.6 + beside;
            } else if site.place(plot, row.beside.0.min(7.0)) {
                built.push(Draft {
                    plot,
                    form: form_of(row.kind, units, dice),
                    kind: row.kind,
                    storeys: storeys_near(row, storeys, dice),
                    units,
                    door: None,
                });
                s += long + beside;
                any = true;
            } else {
                s += 5.0 + long * 0.08;
            }
        }
        t += if any { deep + dice.between(row.between.0, row.between.1) } else { 4.0 };
    }
}

/// Buildings of one compound are of one height, small houses are not.
fn storeys_near(row: Row, storeys: u32, dice: &mut Dice) -> u32 {
    match row.kind {
        BuildingKind::Residential => storeys
            .saturating_add_signed(dice.below(3) as i32 - 1)
            .clamp(row.storeys.0, row.storeys.1),
        _ => dice.whole(row.storeys.0, row.storeys.1),
    }
}

fn form_of(kind: BuildingKind, units: u32, dice: &mut Dice) -> Form {
    match kind {
        BuildingKind::Residential => {
            if dice.chance(0.4) {
                Form::Stepped
            } else {
                Form::Bar
            }
        }
        BuildingKind::Courtyard if 1 < units => {
            if dice.chance(0.3) {
                Form::Stepped
            } else {
                Form::Bar
            }
        }
        BuildingKind::Courtyard => {
            if dice.chance(0.55) {
                Form::Yu
            } else {
                Form::Ell
            }
        }
        BuildingKind::Public => [Form::Bar, Form::Ell, Form::Yu][dice.below(3)],
        BuildingKind::House if dice.chance(0.12) => Form::Ell,
        _ => Form::Bar,
    }
}

/// A hamlet has at least so many houses, if they are found room in so many tries.
const HAMLET: usize = 4;
const MOST_TRIES: usize = 40;

/// A farm or two in the hills.
fn farms(site: &mut Site, dice: &mut Dice, built: &mut Vec<Draft>) {
    let axis = row_axis(site);
    let ((west, east), (south, north)) = site.extent(axis);
    let (hub_s, hub_t) = (dice.between(west, east), dice.between(south, north));
    for _ in 0..dice.whole(2, 11) {
        let (s, t) = (hub_s + dice.around(90.0), hub_t + dice.around(70.0));
        let centre = Xy { x: s * axis.x - t * axis.y, y: s * axis.y + t * axis.x };
        let units = dice.whole(1, 3);
        let half_long = dice.between(6.2, 8.2) * if 1 < units { f64::from(units) } else { 1.2 };
        let plot = Plot { centre, axis, half_long, half_deep: dice.between(6.0, 8.5) };
        if site.place(plot, 5.0) {
            let form = form_of(BuildingKind::Courtyard, units, dice);
            built.push(Draft {
                plot,
                form,
                kind: BuildingKind::Courtyard,
                storeys: 1,
                units,
                door: None,
            });
        }
    }
}
