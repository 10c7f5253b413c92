//! The main line: it runs along the southern foot of the valley, from one end of the land to the other.

use std::collections::HashMap;

use super::CityRoad;
use super::blocks::{Blocks, Step, to_metres};
use super::mesh::Class;
use super::terrain::Xy;

/// Where the line is called otherwise, metres east: the lines to the west end at the mouth of the Zhuanglang and in the middle of
/// the town.
const NAMES: [(f64, &str); 3] =
    [(-34_000.0, "兰青铁路"), (-6500.0, "兰新铁路"), (f64::MAX, "陇海铁路")];

/// The pieces of the railway that touch what is kept, from west to east.
pub(crate) fn lines(blocks: &Blocks, touches: &dyn Fn(u32) -> bool) -> Vec<CityRoad> {
    let mut steps: HashMap<u32, Vec<Step>> = HashMap::new();
    for (arc, it) in (0..).zip(&blocks.arcs) {
        if it.class == Class::Railway && touches(arc) {
            steps.entry(it.ends.0).or_default().push(Step { arc, forward: true });
            steps.entry(it.ends.1).or_default().push(Step { arc, forward: false });
        }
    }
    let middle = |step: Step| -> Xy {
        let line = &blocks.arcs[step.arc as usize].line;
        to_metres(line[line.len() / 2])
    };
    let name = |step: Step| {
        let x = middle(step).x;
        NAMES.iter().find(|(east, _)| x < *east).map_or("陇海铁路", |(_, name)| *name)
    };
    let mut used = vec![false; blocks.arcs.len()];
    let mut starts: Vec<(i64, Step)> =
        steps.values().flatten().map(|&s| ((middle(s).x * 100.0) as i64, s)).collect();
    starts.sort_unstable_by_key(|(x, s)| (*x, s.arc, s.forward));
    let mut roads = Vec::new();
    for (_, first) in starts {
        // Eastward, from the western end of what is left.
        let east = |s: Step| {
            let end = blocks.points(Step { arc: s.arc, forward: !s.forward }).next();
            blocks.points(s).next().zip(end).is_some_and(|(from, to)| from.x < to.x)
        };
        if used[first.arc as usize] || !east(first) {
            continue;
        }
        let (mut line, mut step) = (Vec::new(), Some(first));
        let mut last = first;
        while let Some(at) = step.filter(|s| !used[s.arc as usize] && name(*s) == name(first)) {
            used[at.arc as usize] = true;
            line.extend(blocks.points(at));
            last = at;
            let to = blocks.start(Step { arc: at.arc, forward: !at.forward });
            step = steps[&to].iter().copied().find(|s| s.arc != at.arc);
        }
        line.extend(blocks.points(Step { arc: last.arc, forward: !last.forward }).next());
        roads.push(CityRoad { name: name(first).to_owned(), class: "railway", line });
    }
    roads
}
