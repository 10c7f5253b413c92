//! Faces of a net of arcs: walks that always turn left.

use std::collections::{HashMap, HashSet};

use spatial::coverage::LatticeRing;
use spatial::lattice::{LatticePoint, turn};

use super::blocks::{Arc, Step};

/// The anticlockwise rims of all faces between the arcs of some steps.
pub(crate) fn traced<'a>(all: &[Arc], steps: impl Iterator<Item = &'a Step>) -> Vec<Vec<Step>> {
    let mut arcs: Vec<u32> = steps.map(|s| s.arc).collect();
    arcs.sort_unstable();
    arcs.dedup();
    let mut leaving: HashMap<u32, Vec<Step>> = HashMap::new();
    for &arc in &arcs {
        let ends = all[arc as usize].ends;
        leaving.entry(ends.0).or_default().push(Step { arc, forward: true });
        leaving.entry(ends.1).or_default().push(Step { arc, forward: false });
    }
    prune(all, &mut leaving);
    for own in leaving.values_mut() {
        own.sort_by(|&a, &b| by_angle(way(all, a), way(all, b)));
    }
    let next = |step: Step| -> Step {
        let back = Step { arc: step.arc, forward: !step.forward };
        let own = &leaving[&start(all, back)];
        let at = own.iter().position(|&s| s == back).unwrap_or(0);
        own[(at + own.len() - 1) % own.len()]
    };
    let mut steps: Vec<Step> = leaving.values().flatten().copied().collect();
    steps.sort_unstable_by_key(|s| (s.arc, s.forward));
    let mut seen: HashSet<Step> = HashSet::new();
    let mut faces = Vec::new();
    for &first in &steps {
        if seen.contains(&first) {
            continue;
        }
        let (mut rim, mut step) = (Vec::new(), first);
        while seen.insert(step) {
            rim.push(step);
            step = next(step);
        }
        if 0 < LatticeRing(ring(all, &rim)).double_area() {
            faces.push(rim);
        }
    }
    faces
}

/// Takes away lines that end nowhere.
fn prune(all: &[Arc], leaving: &mut HashMap<u32, Vec<Step>>) {
    let mut loose: Vec<u32> =
        leaving.iter().filter(|(_, own)| own.len() == 1).map(|(&j, _)| j).collect();
    while let Some(junction) = loose.pop() {
        let Some(own) = leaving.get_mut(&junction) else { continue };
        let Some(step) = own.pop() else { continue };
        let other = start(all, Step { arc: step.arc, forward: !step.forward });
        if let Some(there) = leaving.get_mut(&other) {
            there.retain(|s| s.arc != step.arc);
            if there.len() == 1 {
                loose.push(other);
            }
        }
    }
    leaving.retain(|_, own| !own.is_empty());
}

fn start(all: &[Arc], step: Step) -> u32 {
    let ends = all[step.arc as usize].ends;
    if step.forward { ends.0 } else { ends.1 }
}

/// The direction in which a step leaves its start.
fn way(all: &[Arc], step: Step) -> (LatticePoint, LatticePoint) {
    let line = &all[step.arc as usize].line;
    if step.forward { (line[0], line[1]) } else { (line[line.len() - 1], line[line.len() - 2]) }
}

/// The points of a rim, not closed.
pub(crate) fn ring(arcs: &[Arc], rim: &[Step]) -> Vec<LatticePoint> {
    let mut ring = Vec::new();
    for step in rim {
        let line = &arcs[step.arc as usize].line;
        if step.forward {
            ring.extend(&line[..line.len() - 1]);
        } else {
            ring.extend(line[1..].iter().rev());
        }
    }
    ring
}

/// Orders directions anticlockwise from the east.
fn by_angle(
    a: (LatticePoint, LatticePoint),
    b: (LatticePoint, LatticePoint),
) -> std::cmp::Ordering {
    let lower = |(from, to): (LatticePoint, LatticePoint)| (to.y, to.x) < (from.y, from.x);
    // Both leave from the same point.
    lower(a).cmp(&lower(b)).then_with(|| 0.cmp(&turn(a.0, a.1, b.1)))
}
