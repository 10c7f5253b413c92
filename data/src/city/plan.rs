//! The street plan: river and quays first, then the main streets, then ever smaller ones until the blocks are right.

use super::dice::Dice;
use super::districts::Outlines;
use super::frame::Frame;
use super::islands::islands;
use super::mesh::{Class, Mesh};
use super::noise::node;
use super::terrain::{BANK, FOOT, QUAY, Terrain, U_RANGE, Uv, V_RANGE, Xy};
use super::zones::{Zone, Zones};

/// `v` of the railway, south of the river (so it is negative there).
const RAIL: f64 = 1010.0;

/// How often a cut through a face is tried.
const MOST_CUTS: u32 = 5;

/// The finished plan.
#[derive(Debug)]
pub(crate) struct Plan {
    pub(crate) mesh: Mesh,
    /// The zone of each face.
    pub(crate) zones: Vec<Zone>,
    streets: Vec<CrossStreet>,
}

impl Plan {
    /// Where the main street across the valley nearest to a place of the river crosses a level, `u`.
    pub(crate) fn street_near(&self, u: f64, v: f64) -> f64 {
        let far = |s: &&CrossStreet| (s.u - u).abs();
        let nearest = self.streets.iter().min_by(|a, b| far(a).total_cmp(&far(b)));
        nearest.map_or(u, |s| s.at(v).u)
    }
}

/// A main street across the valley: it starts at `u` on the river and leans by `lean` per unit of `v`.
#[derive(Clone, Copy, Debug)]
pub(super) struct CrossStreet {
    pub(super) u: f64,
    lean: f64,
    class: Class,
    bridge: bool,
}

impl CrossStreet {
    pub(super) fn at(self, v: f64) -> Uv {
        Uv { u: self.u + self.lean * v, v }
    }
}

pub(super) struct Draft<'a> {
    pub(super) seed: u64,
    pub(super) terrain: &'a Terrain,
    zones: &'a Zones,
    pub(super) mesh: Mesh,
}

/// Draws the plan; faces far from the outlines are left coarse.
pub(crate) fn draw(seed: u64, terrain: &Terrain, zones: &Zones, outlines: &Outlines) -> Plan {
    let mesh = Mesh::rectangle(U_RANGE, V_RANGE);
    let mut draft = Draft { seed, terrain, zones, mesh };
    draft.river_lines();
    let streets = cross_streets(seed);
    draft.cross(&streets);
    draft.levels();
    draft.trunks();
    draft.county_roads();
    draft.gullies(&streets);
    draft.long_streets(&streets);
    draft.blocks(outlines);
    let islands = islands(&mut draft.mesh);
    let mut zones: Vec<Zone> = (0..draft.mesh.faces.len() as u32)
        .map(|f| zones.at(terrain, draft.mesh.middle(f)))
        .collect();
    for face in islands {
        zones[face as usize] = Zone::Riverside;
    }
    Plan { mesh: draft.mesh, zones, streets }
}

/// Where the main streets cross the valley, west to east.
fn cross_streets(seed: u64) -> Vec<CrossStreet> {
    let mut dice = Dice::new(seed, "cross", 0);
    let mut streets = Vec::new();
    let mut u = U_RANGE.0 + 700.0;
    let mut since_bridge = 1000.0;
    while u < U_RANGE.1 - 700.0 {
        let step = match u {
            u if (-3900.0..2500.0).contains(&u) || (-9500.0..-5500.0).contains(&u) => 640.0,
            u if (-24_000.0..19_500.0).contains(&u) => 880.0,
            _ => 2300.0,
        } + dice.around(190.0);
        let island = (4000.0..6400.0).contains(&u);
        let bridge = 1350.0 < since_bridge && (!island || 2600.0 < since_bridge);
        since_bridge = if bridge { step } else { since_bridge + step };
        let fast = (2300.0..3000.0).contains(&u)
            && !streets.iter().any(|s: &CrossStreet| s.class == Class::Expressway);
        let class = if fast { Class::Expressway } else { Class::Arterial };
        streets.push(CrossStreet { u, lean: dice.around(0.09), class, bridge });
        u += step;
    }
    streets
}

impl Draft<'_> {
    fn length(&self) -> impl Fn(Uv, Uv) -> f64 + use<'_> {
        |a, b| self.terrain.base(a).distance_m(self.terrain.base(b))
    }

    /// Cuts, measuring on the land.
    pub(super) fn cut(
        &mut self,
        face: u32,
        line: (Uv, Uv),
        snap: f64,
        class: Class,
    ) -> Option<u32> {
        let terrain = self.terrain;
        let length = |a: Uv, b: Uv| terrain.base(a).distance_m(terrain.base(b));
        self.mesh.cut(face, line, snap, class, &length)
    }

    fn river_lines(&mut self) {
        let mut top = 0;
        for (v, class) in [
            (-FOOT, Class::Collector),
            (-RAIL, Class::Railway),
            (-QUAY, Class::Arterial),
            (-BANK, Class::Bank),
            (0.0, Class::Midstream),
            (BANK, Class::Bank),
            (QUAY, Class::Arterial),
            (FOOT, Class::Collector),
        ] {
            let line = (Uv { u: 0.0, v }, Uv { u: 1.0, v: 0.0 });
            let new = self.cut(top, line, 0.0, class).expect("the line crosses the plan");
            if self.mesh.middle(top).v < self.mesh.middle(new).v {
                top = new;
            }
        }
    }

    /// Draws the main streets across the valley and, where there is a bridge, over the water.
    fn cross(&mut self, streets: &[CrossStreet]) {
        for band in 0..self.mesh.faces.len() as u32 {
            let v = self.mesh.middle(band).v;
            if FOOT < v.abs() {
                continue;
            }
            let mut east = band;
            for street in streets {
                let class = match (v.abs() < QUAY, street.bridge) {
                    (false, _) => street.class,
                    (true, true) => Class::Bridge,
                    (true, false) if v.abs() < BANK => Class::Stream,
                    (true, false) => Class::Ridge,
                };
                let line = (street.at(v), Uv { u: street.lean, v: 1.0 });
                east = self.cut_eastward(east, line, 25.0, class);
            }
        }
    }

    fn cut_eastward(&mut self, east: u32, line: (Uv, Uv), snap: f64, class: Class) -> u32 {
        match self.cut(east, line, snap, class) {
            Some(new) if self.mesh.middle(east).u < self.mesh.middle(new).u => new,
            _ => east,
        }
    }

    /// Long streets along the valley, at the same levels on both sides of a crossing so that they go straight on.
    fn long_streets(&mut self, streets: &[CrossStreet]) {
        let outer = |v: f64| if v < 0.0 { RAIL } else { FOOT };
        let bays: Vec<u32> = (0..self.mesh.faces.len() as u32)
            .filter(|&f| {
                let v = self.mesh.middle(f).v;
                QUAY < v.abs() && v.abs() < outer(v)
            })
            .collect();
        for bay in bays {
            let middle = self.mesh.middle(bay);
            let east = streets.partition_point(|s| s.at(middle.v).u < middle.u);
            let ends = |i: usize| streets.get(i).copied();
            let (Some(a), Some(b)) = (east.checked_sub(1).and_then(ends), ends(east)) else {
                continue;
            };
            let side = middle.v.signum();
            self.level(bay, (a, east - 1), (b, east), (side, QUAY, outer(middle.v), 1));
        }
    }

    /// Halves a bay at a level while it is deep; each level leans by chance that both neighbours share.
    fn level(
        &mut self,
        bay: u32,
        west: (CrossStreet, usize),
        east: (CrossStreet, usize),
        (side, near, far, depth): (f64, f64, f64, u32),
    ) {
        let middle = self.mesh.middle(bay);
        let deep =
            self.length()(Uv { u: middle.u, v: side * near }, Uv { u: middle.u, v: side * far });
        let centre =
            (-3900.0..2500.0).contains(&middle.u) || (-9500.0..-5500.0).contains(&middle.u);
        if deep < if centre { 620.0 } else { 900.0 } {
            return;
        }
        let level = f64::midpoint(near, far);
        let shift = |at: usize| {
            let key = ((level * 16.0) as i64) * if side < 0.0 { -1 } else { 1 };
            level + (far - near) * 0.04 * node(at as i64, key, self.seed ^ 0x51)
        };
        let (vw, ve) = (side * shift(west.1), side * shift(east.1));
        let (pw, pe) = (west.0.at(vw), east.0.at(ve));
        let class =
            if depth == 1 || (depth == 2 && centre) { Class::Arterial } else { Class::Collector };
        let line = (pw, Uv { u: pe.u - pw.u, v: pe.v - pw.v });
        let Some(new) = self.cut(bay, line, 30.0, class) else { return };
        let (inner, outer) = if self.mesh.middle(bay).v.abs() < self.mesh.middle(new).v.abs() {
            (bay, new)
        } else {
            (new, bay)
        };
        self.level(inner, west, east, (side, near, level, depth + 1));
        self.level(outer, west, east, (side, level, far, depth + 1));
    }

    /// Cuts every face of the land until its blocks have the size of their zone.
    fn blocks(&mut self, outlines: &Outlines) {
        let mut dice = Dice::new(self.seed, "blocks", 0);
        let mut open: Vec<u32> = (0..self.mesh.faces.len() as u32).rev().collect();
        while let Some(face) = open.pop() {
            let middle = self.mesh.middle(face);
            if middle.v.abs() < QUAY || !self.touches(face, outlines) {
                continue;
            }
            let area_ha = self.area_m2(face) / 1e4;
            let zone = self.finest(face);
            let usual_ha = match zone {
                // A small river is cut crosswise only.
                Zone::Water if Frame::of(self.terrain, &self.mesh, face).long < 3000.0 => f64::MAX,
                Zone::Water => 0.0,
                _ => Zones::block_ha(zone, middle),
            };
            if area_ha < usual_ha * dice.between(0.75, 1.75) {
                continue;
            }
            // A cut that leaves a splinter is not made; another one may do.
            let new = (0..MOST_CUTS).find_map(|_| self.halve(face, zone, area_ha, &mut dice));
            if let Some(new) = new {
                open.push(face);
                open.push(new);
            }
        }
    }

    fn touches(&self, face: u32, outlines: &Outlines) -> bool {
        let (middle, corners) = (self.mesh.middle(face), self.mesh.shape(face));
        outlines.reach(self.terrain, middle, &corners, self.area_m2(face))
    }

    /// The zone with the smallest blocks among samples of a face, so that no village is missed in a wide hill.
    fn finest(&self, face: u32) -> Zone {
        let middle = self.mesh.middle(face);
        let mut zone = self.zones.at(self.terrain, middle);
        let large = 30e4 < self.area_m2(face);
        for p in self.mesh.shape(face).into_iter().filter(|_| large) {
            for share in [0.3, 0.6] {
                let q = Uv {
                    u: middle.u + (p.u - middle.u) * share,
                    v: middle.v + (p.v - middle.v) * share,
                };
                let there = self.zones.at(self.terrain, q);
                if there != Zone::Riverside && there.block_ha() < zone.block_ha() {
                    zone = there;
                }
            }
        }
        zone
    }

    fn area_m2(&self, face: u32) -> f64 {
        let shape: Vec<Xy> =
            self.mesh.shape(face).into_iter().map(|p| self.terrain.base(p)).collect();
        let rim = shape.iter().zip(shape.iter().cycle().skip(1));
        rim.map(|(a, b)| a.x * b.y - b.x * a.y).sum::<f64>().abs() / 2.0
    }

    /// Cuts a face across its long axis.
    fn halve(&mut self, face: u32, zone: Zone, area_ha: f64, dice: &mut Dice) -> Option<u32> {
        let wild = matches!(
            zone,
            Zone::Hill | Zone::Mountain | Zone::Plain | Zone::Village | Zone::Terrace
        );
        let class = class_of_cut(zone, area_ha, dice);
        let frame = Frame::of(self.terrain, &self.mesh, face);
        let along = if frame.long < frame.wide * 1.2 && dice.chance(0.5) {
            Xy { x: -frame.axis.y, y: frame.axis.x }
        } else {
            frame.axis
        };
        let reach = if along == frame.axis { frame.long } else { frame.wide };
        let lean = if wild { dice.around(0.8) } else { dice.around(0.10) };
        let shift = reach * dice.around(if wild { 0.17 } else { 0.12 });
        let through =
            Xy { x: frame.centre.x + along.x * shift, y: frame.centre.y + along.y * shift };
        let across = Xy { x: -along.y + along.x * lean, y: along.x + along.y * lean };
        let snap = if wild { 0.06 } else { 0.16 } * reach;
        let line = (frame.plan_point(through), frame.plan_vector(across));
        self.cut(face, line, snap.min(70.0), class)
    }
}

fn class_of_cut(zone: Zone, area_ha: f64, dice: &mut Dice) -> Class {
    // The first cuts of wide land carry the roads between townships, the next those between villages.
    let county = match area_ha {
        a if 2600.0 < a => 0.8,
        a if 700.0 < a => 0.5,
        _ => 0.0,
    };
    match zone {
        Zone::Water => Class::Stream,
        Zone::Mountain if dice.chance(county * 0.25) => Class::Local,
        Zone::Hill if dice.chance(county * 0.7) => Class::Local,
        Zone::Plain | Zone::Village if dice.chance(county) => Class::Collector,
        Zone::Mountain => Class::Ridge,
        Zone::Hill if 40.0 < area_ha => {
            if dice.chance(0.12) {
                Class::Lane
            } else {
                Class::Ridge
            }
        }
        Zone::Plain => match area_ha {
            a if 200.0 < a => Class::Local,
            _ if dice.chance(0.45) => Class::Lane,
            _ => Class::Ridge,
        },
        Zone::Village if 60.0 < area_ha && dice.chance(0.5) => Class::Local,
        Zone::Terrace | Zone::Village | Zone::Hill => match area_ha {
            a if 60.0 < a => Class::Ridge,
            a if 14.0 < a => Class::Local,
            _ => Class::Lane,
        },
        Zone::Core if 9.0 < area_ha => Class::Collector,
        _ if 20.0 < area_ha => Class::Collector,
        _ => Class::Local,
    }
}
