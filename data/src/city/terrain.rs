//! The ground: a valley along a river, between hills.
//!
//! The plan is drawn in *design coordinates*: `u` runs down the river, `v` across it (north positive). There every street
//! is a straight line. [`Terrain::ground`] carries the plan onto the land: it follows the river's bends, widens and narrows
//! with the valley, bends streets gently in town and breaks lines into ridges and gullies in the hills. Each step is a
//! one-to-one map of the plane (its slope stays below one), so what does not cross in the plan does not cross on the land.

use super::dice::Dice;
use super::land::{BASINS, HALF_WIDTH, NORTH, RIVER, SOUTH};
use super::noise::{bump, curve, ramp, value};
use super::trunks::Course;

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
pub(crate) const U_RANGE: (f64, f64) = (-124_000.0, 72_000.0);
/// `v` from south to north, where the plan ends.
pub(crate) const V_RANGE: (f64, f64) = (-92_000.0, 104_000.0);

/// Spacings of the folds in the hills and how far each moves a point, as a share of its spacing.
const FOLDS: &[(f64, f64)] =
    &[(3300.0, 0.14), (1500.0, 0.155), (760.0, 0.155), (380.0, 0.15), (190.0, 0.135)];
/// Finer ones, near the towns.
const CREASES: &[(f64, f64)] = &[(95.0, 0.13), (48.0, 0.09)];
/// The great bends of valleys and ranges far from the main valley.
const RANGES: &[(f64, f64)] = &[(15_000.0, 0.15), (6800.0, 0.17)];
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
    courses: Vec<Course>,
}

impl Terrain {
    pub(crate) fn new(seed: u64) -> Self {
        let mut dice = Dice::new(seed, "terrain", 0);
        let mut turns = Vec::new();
        for step in 0..45 {
            let x = -29_000.0 + 1000.0 * f64::from(step) + dice.around(500.0);
            let river = curve(RIVER, x);
            let side = if dice.chance(0.7) { -curve(SOUTH, x) } else { curve(NORTH, x) };
            let at = Xy { x, y: river + side * dice.between(0.25, 0.9) };
            let turn = dice.between(0.03, 0.085) * if dice.chance(0.5) { 1.0 } else { -1.0 };
            turns.push(Spot { at, reach_m: dice.between(900.0, 1900.0), turn });
        }
        let mut this = Self { seed, turns, courses: Vec::new() };
        this.courses = super::trunks::courses(&this);
        this
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
        let far = ramp(p.v.abs() - FOOT, 0.0, 9000.0);
        if 0.0 < far {
            for (layer, &(spacing, share)) in RANGES.iter().enumerate() {
                at = self.pushed(at, spacing, share * far, 30 + layer as u64);
            }
        }
        let rough = rough(p);
        if 0.0 < rough {
            let uneven = 1.0 - 0.86 * self.flatness(p);
            // Wide folds set in slowly: what moves far must not do so at once, or the land would fold over itself.
            let slow = ramp(p.v.abs() - FOOT, -60.0, 2800.0);
            for (layer, &(spacing, share)) in FOLDS.iter().enumerate() {
                let hilly = uneven * if spacing < 1500.0 { rough } else { slow };
                at = self.pushed(at, spacing, share * hilly, 20 + layer as u64);
            }
            let near = uneven * rough * (1.0 - remote(p));
            for (layer, &(spacing, share)) in CREASES.iter().enumerate().filter(|_| 0.02 < near) {
                at = self.pushed(at, spacing, share * near, 25 + layer as u64);
            }
        }
        at
    }

    /// How even the land is off the main valley: 1 in plains and along rivers, 0 in the hills.
    pub(crate) fn flatness(&self, p: Uv) -> f64 {
        let at = self.base(p);
        let mut hilly = 1.0;
        for &(x, y, east, north) in BASINS {
            let (dx, dy) = ((at.x - x) / east, (at.y - y) / north);
            hilly *= ramp((dx * dx + dy * dy).sqrt(), 0.6, 1.25);
        }
        for course in self.courses.iter().filter(|c| c.is_river()) {
            hilly *= ramp(course.away_m(p).abs(), 500.0, 3000.0);
        }
        1.0 - hilly
    }

    /// The name of the river at a place in the water.
    pub(crate) fn river_at(&self, p: Uv) -> &'static str {
        let aside = self.courses.iter().find(|c| c.is_wet(p)).map(|c| c.trunk.name);
        // Where the Yellow River comes from the south, the main valley is that of the Huangshui.
        let main = if p.u < -39_500.0 { "湟水" } else { "黄河" };
        aside.filter(|_| BANK < p.v.abs()).unwrap_or(main)
    }

    /// What runs through the land.
    pub(crate) fn courses(&self) -> &[Course] {
        &self.courses
    }

    /// The place in the plan of a point on the land, folds and bends aside.
    #[expect(
        clippy::unused_self,
        reason = "the land of a seed may come to differ in its valley too"
    )]
    pub(crate) fn design(&self, at: Xy) -> Uv {
        let mut p = Uv { u: at.x, v: 0.0 };
        for _ in 0..24 {
            let side = if at.y < curve(RIVER, p.u) { -1.0 } else { 1.0 };
            let away = (at.y - curve(RIVER, p.u)).abs();
            let half = curve(HALF_WIDTH, p.u);
            let floor = curve(if side < 0.0 { SOUTH } else { NORTH }, p.u);
            let across = if away <= half {
                away / half * BANK
            } else if away <= half + STRIP_M {
                BANK + (away - half) / STRIP_M * (QUAY - BANK)
            } else if away <= half + STRIP_M + floor {
                QUAY + (away - half - STRIP_M) / floor * (FOOT - QUAY)
            } else {
                FOOT + away - half - STRIP_M - floor
            };
            let lean = (curve(RIVER, p.u + 1600.0) - curve(RIVER, p.u - 1600.0)) / 3200.0;
            let held = away / (1.0 + away / 4200.0);
            let next = at.x + side * lean * held;
            p = Uv { u: f64::midpoint(p.u, next), v: side * across };
        }
        p
    }

    /// How far apart the points of a line are drawn, metres: finely in town, coarsely far from it.
    pub(crate) fn pace_m(p: Uv, is_road: bool) -> f64 {
        let wild = (p.v.abs() - FOOT).clamp(0.0, 900.0) / 900.0;
        let near = if is_road { 7.0 + 9.0 * wild } else { 11.0 };
        near + 27.0 * remote(p)
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

/// How far from the towns of the main valley: 0 there, 1 in the open country.
fn remote(p: Uv) -> f64 {
    let along = ramp(-p.u, 27_000.0, 33_000.0).max(ramp(p.u, 18_000.0, 24_000.0));
    ramp(p.v.abs() - FOOT, 2500.0, 9500.0).max(0.6 * along)
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
