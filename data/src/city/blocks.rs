//! The plan on the lattice: blocks and the arcs they share.
//!
//! Here rounding happens, once: every edge of the plan becomes one polyline of lattice points, and both blocks beside it
//! use that polyline. Whatever is built of blocks later (grids, communities, townships, the district) is bounded by arcs.

use std::collections::HashMap;

use rayon::prelude::*;
use spatial::lattice::LatticePoint;

use super::land::Trunk;
use super::mesh::{Class, Mesh};
use super::plan::Plan;
use super::terrain::{Terrain, Uv, Xy};
use super::trunks::Course;
use super::untangle::untangle;
use super::zones::Zone;

/// Longitude and latitude of the metric origin, lattice units.
const ORIGIN: (f64, f64) = (1_038_300_000.0, 360_600_000.0);
/// Lattice units in a metre at the origin's latitude, eastward and northward (WGS 84).
const PER_M: (f64, f64) = (1e7 / 90_098.5, 1e7 / 110_961.0);

/// The lattice point nearest to a place in metres.
pub(crate) fn to_lattice(p: Xy) -> LatticePoint {
    LatticePoint {
        x: (ORIGIN.0 + p.x * PER_M.0).round() as i32,
        y: (ORIGIN.1 + p.y * PER_M.1).round() as i32,
    }
}

/// The place of a lattice point in metres.
pub(crate) fn to_metres(p: LatticePoint) -> Xy {
    Xy { x: (f64::from(p.x) - ORIGIN.0) / PER_M.0, y: (f64::from(p.y) - ORIGIN.1) / PER_M.1 }
}

/// An edge between two junctions of the plan, as a polyline.
#[derive(Clone, Debug)]
pub(crate) struct Arc {
    /// From the first junction to the second, both included.
    pub(crate) line: Vec<LatticePoint>,
    /// The junctions at its ends.
    pub(crate) ends: (u32, u32),
    /// The block on its left; `None` outside the district.
    pub(crate) left: Option<u32>,
    pub(crate) right: Option<u32>,
    pub(crate) class: Class,
    pub(crate) length_m: f64,
    /// The river or main road off the valley that it is a piece of.
    pub(crate) trunk: Option<&'static Trunk>,
}

/// The use of an arc in a rim: which arc, and whether along its own direction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Step {
    pub(crate) arc: u32,
    pub(crate) forward: bool,
}

/// One block: the smallest piece of land that borders enclose.
#[derive(Clone, Debug)]
pub(crate) struct Block {
    /// Its rim, anticlockwise.
    pub(crate) rim: Vec<Step>,
    pub(crate) zone: Zone,
    /// The river that it is a piece of.
    pub(crate) river: Option<&'static str>,
    /// Index of its district.
    pub(crate) district: u32,
    pub(crate) centre: Xy,
    pub(crate) area_m2: f64,
}

/// Blocks with their arcs.
#[derive(Clone, Debug, Default)]
pub(crate) struct Blocks {
    pub(crate) arcs: Vec<Arc>,
    pub(crate) blocks: Vec<Block>,
}

impl Blocks {
    /// Rounds the faces of a plan that have a `district[face]`, if only that beyond all, to the lattice.
    pub(crate) fn of(plan: &Plan, terrain: &Terrain, district: &[Option<u32>]) -> Self {
        let mut this = Self::default();
        let mut keys: Vec<(u32, u32)> = Vec::new();
        let mut arc_of: HashMap<(u32, u32), u32> = HashMap::new();
        for face in 0..plan.mesh.faces.len() as u32 {
            let Some(district) = district[face as usize] else { continue };
            let mut rim = Vec::new();
            for (a, b) in plan.mesh.edges(face) {
                let key = (a.min(b), a.max(b));
                let arc = *arc_of.entry(key).or_insert_with(|| {
                    keys.push(key);
                    keys.len() as u32 - 1
                });
                rim.push(Step { arc, forward: a < b });
            }
            let (zone, centre) = (plan.zones[face as usize], Xy { x: 0.0, y: 0.0 });
            let river = (zone == Zone::Water).then(|| terrain.river_at(plan.mesh.middle(face)));
            this.blocks.push(Block { rim, zone, river, district, centre, area_m2: 0.0 });
        }
        this.arcs = keys.par_iter().map(|&key| arc(&plan.mesh, terrain, key, 1.0)).collect();
        for (index, block) in (0..).zip(&this.blocks) {
            for step in &block.rim {
                let arc = &mut this.arcs[step.arc as usize];
                *(if step.forward { &mut arc.left } else { &mut arc.right }) = Some(index);
            }
        }
        untangle(&mut this, &|of, share| arc(&plan.mesh, terrain, keys[of as usize], share));
        this.measure();
        this
    }

    /// Measures every block.
    pub(crate) fn measure(&mut self) {
        let measured: Vec<(Xy, f64)> = (0..self.blocks.len() as u32)
            .into_par_iter()
            .map(|block| centroid(&self.shape(block)))
            .collect();
        for (block, (centre, area_m2)) in self.blocks.iter_mut().zip(measured) {
            (block.centre, block.area_m2) = (centre, area_m2);
        }
    }

    /// The points of an arc in the direction of a step, without the last.
    pub(crate) fn points(&self, step: Step) -> Box<dyn Iterator<Item = LatticePoint> + '_> {
        let line = &self.arcs[step.arc as usize].line;
        if step.forward {
            Box::new(line[..line.len() - 1].iter().copied())
        } else {
            Box::new(line[1..].iter().rev().copied())
        }
    }

    /// The rim of a block in metres, anticlockwise, not closed.
    pub(crate) fn shape(&self, block: u32) -> Vec<Xy> {
        let rim = &self.blocks[block as usize].rim;
        rim.iter().flat_map(|&s| self.points(s)).map(to_metres).collect()
    }

    /// The junction at the start of a step.
    pub(crate) fn start(&self, step: Step) -> u32 {
        let ends = self.arcs[step.arc as usize].ends;
        if step.forward { ends.0 } else { ends.1 }
    }

    /// The block beyond a step of another's rim.
    pub(crate) fn beyond(&self, step: Step) -> Option<u32> {
        let arc = &self.arcs[step.arc as usize];
        if step.forward { arc.right } else { arc.left }
    }
}

/// Rounds one edge of the plan: finely enough that bends show, never so finely that rounding could matter.
fn arc(mesh: &Mesh, terrain: &Terrain, (a, b): (u32, u32), share: f64) -> Arc {
    let class = mesh.class(a, b);
    let (from, to) = (mesh.corners[a as usize], mesh.corners[b as usize]);
    let length_m = terrain.base(from).distance_m(terrain.base(to));
    let middle = Uv { u: f64::midpoint(from.u, to.u), v: f64::midpoint(from.v, to.v) };
    let pace_m = share * Terrain::pace_m(middle, 0.0 < class.half_width_m());
    let pieces = (length_m / pace_m).ceil().max(1.0);
    let mut line: Vec<LatticePoint> = (0..=pieces as u32)
        .map(|i| {
            // The ends are computed from the junction itself, so that all arcs meet in the same point.
            let t = f64::from(i) / pieces;
            let at = match i {
                0 => from,
                _ if i == pieces as u32 => to,
                _ => Uv { u: from.u + (to.u - from.u) * t, v: from.v + (to.v - from.v) * t },
            };
            to_lattice(terrain.ground(at))
        })
        .collect();
    line.dedup();
    let metres: Vec<Xy> = line.iter().map(|&p| to_metres(p)).collect();
    let length_m = metres.windows(2).map(|p| p[0].distance_m(p[1])).sum();
    let along = |c: &&Course| {
        c.trunk.class == class
            && [from, to].iter().all(|&p| (c.away_m(p).abs() - c.trunk.half_m).abs() < 2.0)
    };
    let trunk = terrain.courses().iter().find(along).map(|c| c.trunk);
    Arc { line, ends: (a, b), left: None, right: None, class, length_m, trunk }
}

/// Centroid and area of a polygon in metres.
pub(crate) fn centroid(shape: &[Xy]) -> (Xy, f64) {
    let o = shape[0];
    let (mut x, mut y, mut twice) = (0.0, 0.0, 0.0);
    for (p, q) in shape.iter().zip(shape.iter().cycle().skip(1)) {
        let (px, py, qx, qy) = (p.x - o.x, p.y - o.y, q.x - o.x, q.y - o.y);
        let cross = px * qy - qx * py;
        x += (px + qx) * cross;
        y += (py + qy) * cross;
        twice += cross;
    }
    (Xy { x: o.x + x / (3.0 * twice), y: o.y + y / (3.0 * twice) }, twice.abs() / 2.0)
}
