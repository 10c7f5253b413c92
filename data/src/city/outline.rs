//! The outline of any set of blocks, walked along arcs.

use std::collections::HashMap;

use spatial::coverage::{LatticeMultiPolygon, LatticePolygon, LatticeRing};
use spatial::lattice::LatticePoint;

use super::blocks::{Blocks, Step};

/// The outline of the blocks for which `inside` holds, among `members` (which must include them all).
///
/// Rings are simple: a set that touches itself in a point gives a hole that touches the shell there.
pub(crate) fn outline(
    blocks: &Blocks,
    members: &[u32],
    inside: &dyn Fn(u32) -> bool,
) -> LatticeMultiPolygon {
    let mut steps: Vec<Step> = Vec::new();
    for &block in members.iter().filter(|&&b| inside(b)) {
        let rim = &blocks.blocks[block as usize].rim;
        steps.extend(rim.iter().copied().filter(|&s| !blocks.beyond(s).is_some_and(inside)));
    }
    let mut from: HashMap<u32, Vec<Step>> = HashMap::new();
    for &step in &steps {
        from.entry(blocks.start(step)).or_default().push(step);
    }
    let mut rings = Vec::new();
    for &first in &steps {
        let at = blocks.start(first);
        if from.get(&at).is_some_and(|f| f.contains(&first)) {
            rings.extend(simple_rings(blocks, walk(blocks, first, &mut from)));
        }
    }
    assemble(rings)
}

/// Takes one closed walk out of the steps that are left.
fn walk(blocks: &Blocks, first: Step, from: &mut HashMap<u32, Vec<Step>>) -> Vec<Step> {
    let mut walk = Vec::new();
    let mut step = first;
    loop {
        let at = blocks.start(step);
        let leaving = from.get_mut(&at).expect("every step leaves from a junction");
        leaving.retain(|&s| s != step);
        walk.push(step);
        let to = blocks.start(Step { arc: step.arc, forward: !step.forward });
        if to == blocks.start(first) {
            return walk;
        }
        step = *from.get(&to).and_then(|f| f.first()).expect("a border never ends at a junction");
    }
}

/// Splits a closed walk wherever it comes back to a junction.
fn simple_rings(blocks: &Blocks, walk: Vec<Step>) -> Vec<Vec<LatticePoint>> {
    let mut rings = Vec::new();
    let mut open: Vec<Step> = Vec::new();
    let mut place: HashMap<u32, usize> = HashMap::new();
    let points = |steps: &[Step]| steps.iter().flat_map(|&s| blocks.points(s)).collect();
    for step in walk {
        let at = blocks.start(step);
        if let Some(&since) = place.get(&at) {
            for closed in open.drain(since..).collect::<Vec<_>>().chunks(usize::MAX) {
                for inner in closed {
                    place.remove(&blocks.start(*inner));
                }
                rings.push(points(closed));
            }
        }
        place.insert(at, open.len());
        open.push(step);
    }
    rings.push(points(&open));
    rings
}

/// Puts clockwise rings as holes into the anticlockwise ring around them.
fn assemble(rings: Vec<Vec<LatticePoint>>) -> LatticeMultiPolygon {
    let (shells, holes): (Vec<LatticeRing>, Vec<LatticeRing>) =
        rings.into_iter().map(LatticeRing).partition(|r| 0 < r.double_area());
    let mut parts: Vec<LatticePolygon> = shells.into_iter().map(LatticePolygon::solid).collect();
    parts.sort_by_key(|p| std::cmp::Reverse(p.exterior.double_area()));
    for hole in holes {
        // A hole may touch its shell; one of its points does not lie on it.
        let home = parts.iter().rposition(|p| {
            let shell = LatticeMultiPolygon::from(LatticePolygon::solid(p.exterior.clone()));
            let free = hole.0.iter().filter(|q| !p.exterior.0.contains(q)).nth(hole.0.len() / 3);
            let probe = free.or_else(|| hole.0.first());
            probe.is_some_and(|&q| spatial::locate::rule::contains(&shell, q))
        });
        if let Some(part) = parts.get_mut(home.unwrap_or(0)) {
            part.holes.push(hole);
        }
    }
    LatticeMultiPolygon(parts)
}
