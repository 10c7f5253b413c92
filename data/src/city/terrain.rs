//! The ground: a valley along a river, between hills.
//!
//! The plan is drawn in *design coordinates*: `u` runs down the river, `v` across it (north positive). There every street
//! is a straight line. [`Terrain::ground`] carries the plan onto the land: it follows the river's bends, widens and narrows
//! with the valley, bends streets gently in town and breaks lines into ridges and gullies in the hills. Each step is a
//! one-to-one map of the plane (its slope stays below one), so what does not cross in the plan does not cross on the land.

use super::dice::Dice;
use super::noise::{bump, curve, ramp, value};

/// Design coordinates: `u` down the river, `v` across, north positive.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Uv {
    pub(crate) u: f64,
    pub(crate) v: f64,
}

/// Metres east and north of the city's origin.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Xy {
    pub(crate) x: f64,
    pub(crate) y: f64,
}

impl Xy {
    pub(crate) fn distance_m(self, other: Self) -> f64 {
        ((self.x - other.x).powi(2) + (self.y - other.y).powi(2)).sqrt()
    }
}

/// `v` of the banks: the water lies between `-BANK` and `BANK`.
pub(crate) const BANK: f64 = 100.0;
/// `v` of the riverside roads, behind a strip of green.
pub(crate) const QUAY: f64 = 150.0;
/// `v` of the foot of the hills.
pub(crate) const FOOT: f64 = 1150.0;
/// Width of the green strip between bank and riverside road, metres.
const STRIP_M: f64 = 55.0;

/// `u` from west to east, where the plan ends.
pub(crate) const U_RANGE: (f64, f64) = (-8500.0, 19_500.0);
/// `v` from south to north, where the plan ends.
pub(crate) const V_RANGE: (f64, f64) = (-8200.0, 11_500.0);

/// The river's middle line: metres north at metres east.
const RIVER: &[(f64, f64)] = &[
    (-16_000.0, 2900.0),
    (-12_000.0, 1300.0),
    (-8000.0, 560.0),
    (-4200.0, 420.0),
    (-1200.0, 780.0),
    (1800.0, 1500.0),
    (4600.0, 2560.0),
    (7000.0, 2380.0),
    (9600.0, 1240.0),
    (12_300.0, 760.0),
    (15_200.0, 1700.0),
    (19_500.0, 3600.0),
];
/// Half the river's width along it.
const HALF_WIDTH: &[(f64, f64)] = &[
    (-9000.0, 130.0),
    (-4000.0, 105.0),
    (-1200.0, 95.0),
    (1500.0, 115.0),
    (3200.0, 150.0),
    (4700.0, 230.0),
    (6300.0, 190.0),
    (8000.0, 125.0),
    (10_500.0, 140.0),
    (12_500.0, 90.0),
    (15_000.0, 120.0),
    (19_500.0, 140.0),
];
/// From the southern riverside road to the foot of the southern hills, metres.
const SOUTH: &[(f64, f64)] = &[
    (-8500.0, 1900.0),
    (-4600.0, 1350.0),
    (-2600.0, 1750.0),
    (0.0, 2600.0),
    (2800.0, 3500.0),
    (5600.0, 4050.0),
    (8000.0, 3000.0),
    (10_500.0, 1900.0),
    (12_600.0, 900.0),
    (15_000.0, 1300.0),
    (19_500.0, 1500.0),
];
/// From the northern riverside road to the foot of the northern hills, metres.
const NORTH: &[(f64, f64)] = &[
    (-8500.0, 1500.0),
    (-5000.0, 700.0),
    (-2600.0, 330.0),
    (-400.0, 620.0),
    (2500.0, 1250.0),
    (5200.0, 1350.0),
    (7600.0, 720.0),
    (9800.0, 950.0),
    (12_600.0, 480.0),
    (16_000.0, 900.0),
    (19_500.0, 700.0),
];

/// Spacings of the folds in the hills and how far each moves a point, as a share of its spacing.
const FOLDS: &[(f64, f64)] = &[
    (3300.0, 0.16),
    (1500.0, 0.20),
    (760.0, 0.20),
    (380.0, 0.19),
    (190.0, 0.17),
    (95.0, 0.13),
    (48.0, 0.09),
];
/// The same for the gentle bends of streets in town.
const BENDS: &[(f64, f64)] = &[(2600.0, 0.055), (1150.0, 0.05), (270.0, 0.022), (70.0, 0.008)];

/// A spot around which streets are turned, or in which a settlement lies.
#[derive(Clone, Copy, Debug)]
struct Spot {
    at: Xy,
    reach_m: f64,
    /// Tangent of half the angle of the turn at the centre.
    turn: f64,
}

/// The land under one city.
#[derive(Clone, Debug)]
pub(crate) struct Terrain {
    seed: u64,
    turns: Vec<Spot>,
}

impl Terrain {
    pub(crate) fn new(seed: u64) -> Self {
        let mut dice = Dice::new(seed, "terrain", 0);
        let mut turns = Vec::new();
        for step in 0..22 {
            let x = -6500.0 + 1000.0 * f64::from(step) + dice.around(500.0);
            let river = curve(RIVER, x);
            let side = if dice.chance(0.7) { -curve(SOUTH, x) } else { curve(NORTH, x) };
            let at = Xy { x, y: river + side * dice.between(0.25, 0.9) };
            let turn = dice.between(0.03, 0.085) * if dice.chance(0.5) { 1.0 } else { -1.0 };
            turns.push(Spot { at, reach_m: dice.between(900.0, 1900.0), turn });
        }
        Self { seed, turns }
    }

    /// The place of a point of the plan without folds and bends: good for lengths and areas.
    #[expect(
        clippy::unused_self,
        reason = "the land of a seed may come to differ in its valley too"
    )]
    pub(crate) fn base(&self, p: Uv) -> Xy {
        let side = if p.v < 0.0 { -1.0 } else { 1.0 };
        let across = p.v.abs();
        let half = curve(HALF_WIDTH, p.u);
        let floor = curve(if p.v < 0.0 { SOUTH } else { NORTH }, p.u);
        let away = if across <= BANK {
            across / BANK * half
        } else if across <= QUAY {
            half + (across - BANK) / (QUAY - BANK) * STRIP_M
        } else if across <= FOOT {
            half + STRIP_M + (across - QUAY) / (FOOT - QUAY) * floor
        } else {
            half + STRIP_M + floor + (across - FOOT)
        };
        let lean = (curve(RIVER, p.u + 1600.0) - curve(RIVER, p.u - 1600.0)) / 3200.0;
        let held = away / (1.0 + away / 4200.0);
        Xy { x: p.u - side * lean * held, y: curve(RIVER, p.u) + side * away }
    }

    /// The place of a point of the plan on the land.
    pub(crate) fn ground(&self, p: Uv) -> Xy {
        let mut at = self.base(p);
        for spot in &self.turns {
            at = turned(at, spot);
        }
        for (layer, &(spacing, share)) in BENDS.iter().enumerate() {
            at = self.pushed(at, spacing, share, 10 + layer as u64);
        }
        let rough = rough(p);
        if 0.0 < rough {
            for (layer, &(spacing, share)) in FOLDS.iter().enumerate() {
                at = self.pushed(at, spacing, share * rough, 20 + layer as u64);
            }
        }
        at
    }

    /// Moves a point by smooth noise of this spacing.
    fn pushed(&self, at: Xy, spacing: f64, share: f64, layer: u64) -> Xy {
        let layer = self.seed.wrapping_mul(64).wrapping_add(layer * 2);
        let reach = spacing * share;
        Xy {
            x: at.x + reach * value(at.x, at.y, spacing, layer),
            y: at.y + reach * value(at.x, at.y, spacing, layer + 1),
        }
    }

    /// Smooth noise over the land for choices of character, `-1.0..1.0`.
    pub(crate) fn character(&self, at: Xy, spacing: f64, layer: u64) -> f64 {
        value(at.x, at.y, spacing, self.seed.wrapping_mul(64).wrapping_add(40 + layer))
    }
}

/// How broken the land is: 0 in town, 1 in the hills.
fn rough(p: Uv) -> f64 {
    ramp(p.v.abs() - FOOT, -60.0, 1000.0)
}

/// Turns the plane about a spot, full at its centre, not at all from its reach on.
fn turned(at: Xy, spot: &Spot) -> Xy {
    let (dx, dy) = (at.x - spot.at.x, at.y - spot.at.y);
    let away = (dx * dx + dy * dy).sqrt();
    if spot.reach_m <= away {
        return at;
    }
    // The rational form of a rotation: exact, and the same on every machine.
    let t = spot.turn * bump(away, spot.reach_m);
    let n = 1.0 + t * t;
    let (cos, sin) = ((1.0 - t * t) / n, 2.0 * t / n);
    Xy { x: spot.at.x + dx * cos - dy * sin, y: spot.at.y + dx * sin + dy * cos }
}
