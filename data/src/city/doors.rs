//! House numbers: along each street from its start, odd on the left, even on the right.

use std::collections::HashMap;

use super::blocks::{Blocks, Step, to_metres};
use super::mesh::Class;
use super::roads::Streets;
use super::terrain::Xy;

/// A door on a street that waits for its number.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Door {
    pub(crate) street: u32,
    /// On the left of the street's direction.
    pub(crate) left: bool,
    /// Distance from the street's start, metres.
    pub(crate) at_m: f64,
}

/// The door of a place that is reached from a step of its block's rim; `None` where no street runs.
pub(crate) fn door(blocks: &Blocks, streets: &Streets, step: Step, near: Xy) -> Option<Door> {
    let (street, start_m) = streets.of_arc[step.arc as usize]?;
    let run = &streets.all[street as usize].steps;
    let along = run.iter().find(|s| s.arc == step.arc)?.forward;
    let arc = &blocks.arcs[step.arc as usize];
    let line: Vec<Xy> = arc.line.iter().map(|&p| to_metres(p)).collect();
    let (mut walked, mut nearest, mut at_m) = (0.0, f64::MAX, 0.0);
    for (i, p) in line.iter().enumerate() {
        if 0 < i {
            walked += line[i - 1].distance_m(*p);
        }
        let away = p.distance_m(near);
        if away < nearest {
            (nearest, at_m) = (away, walked);
        }
    }
    let at_m = start_m + if along { at_m } else { arc.length_m - at_m };
    // The block lies on the left of its own rim.
    Some(Door { street, left: step.forward == along, at_m })
}

/// The step of a block's rim with its main street, if it has any.
pub(crate) fn main_step(blocks: &Blocks, streets: &Streets, block: u32) -> Option<Step> {
    let rim = &blocks.blocks[block as usize].rim;
    let worth = |s: &Step| {
        let arc = &blocks.arcs[s.arc as usize];
        let class = if arc.class == Class::Bridge { Class::Lane } else { arc.class };
        (class, (arc.length_m * 10.0) as u64)
    };
    rim.iter().copied().filter(|s| streets.of_arc[s.arc as usize].is_some()).max_by_key(worth)
}

/// Numbers doors; the result is in the order of the doors.
pub(crate) fn number(doors: &[Door], streets: &Streets) -> Vec<u32> {
    let mut order: Vec<usize> = (0..doors.len()).collect();
    let run = |i: usize| streets.run[doors[i].street as usize];
    let key = |i: &usize| (run(*i).0, doors[*i].left);
    let at_m = |i: usize| run(i).1 + doors[i].at_m;
    order.sort_by(|a, b| key(a).cmp(&key(b)).then(at_m(*a).total_cmp(&at_m(*b))).then(a.cmp(b)));
    let mut last: HashMap<(u32, bool), u32> = HashMap::new();
    let mut numbers = vec![0; doors.len()];
    for i in order {
        let door = doors[i];
        let lane = streets.all[door.street as usize].class <= Class::Lane;
        let by_way =
            (at_m(i) / if lane { 9.0 } else { 14.0 }) as u32 * 2 + if door.left { 1 } else { 2 };
        let before = last.entry(key(&i)).or_insert(0);
        let number = if *before == 0 { by_way } else { by_way.max(*before + 2) };
        *before = number;
        numbers[i] = number;
    }
    numbers
}
