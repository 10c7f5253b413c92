//! Borders that lie wholly inside a block are tied to its rim, so that every face has one rim.

use std::collections::HashMap;

use spatial::lattice::LatticePoint;

use super::noding::Line;

/// The longest way, lattice units: about 9 km, more than any block is wide.
const FARTHEST: i32 = 1_000_000;

/// A line from every group of borders that touches nothing else, westward to the next line; its end is put into that
/// line. Borders are the lines from `first` on.
pub(crate) fn bridges(lines: &mut [Line], first: usize) -> Vec<Line> {
    let mut group: Vec<usize> = (0..lines.len()).collect();
    let mut at: HashMap<LatticePoint, usize> = HashMap::new();
    for (index, line) in lines.iter().enumerate().skip(first) {
        for &p in line {
            let other = *at.entry(p).or_insert(index);
            join(&mut group, index, other);
        }
    }
    let mut tied = vec![false; lines.len()];
    for p in lines[..first].iter().flatten() {
        if let Some(&line) = at.get(p) {
            tied[find(&group, line)] = true;
        }
    }
    let mut west: HashMap<usize, LatticePoint> = HashMap::new();
    for (index, line) in lines.iter().enumerate().skip(first) {
        let own = find(&group, index);
        if let Some(&p) = line.iter().min_by_key(|p| (p.x, p.y)).filter(|_| !tied[own]) {
            west.entry(own).and_modify(|w| *w = (*w).min(p)).or_insert(p);
        }
    }
    let mut starts: Vec<LatticePoint> = west.into_values().collect();
    starts.sort_unstable();
    starts.into_iter().filter_map(|from| bridge(lines, from)).collect()
}

/// The way from a point westward to the nearest line, which gets its end.
fn bridge(lines: &mut [Line], from: LatticePoint) -> Option<Line> {
    let mut best: Option<(i32, usize, usize)> = None;
    for (index, line) in lines.iter().enumerate() {
        for (at, pair) in line.windows(2).enumerate() {
            let (a, b) = (pair[0], pair[1]);
            if a.y == b.y || from.y < a.y.min(b.y) || a.y.max(b.y) < from.y {
                continue;
            }
            let share = (f64::from(from.y) - f64::from(a.y)) / (f64::from(b.y) - f64::from(a.y));
            let x = (f64::from(a.x) + share * (f64::from(b.x) - f64::from(a.x))).round() as i32;
            if x < from.x && best.is_none_or(|(nearest, ..)| nearest < x) {
                best = Some((x, index, at));
            }
        }
    }
    // Beyond all blocks there is nothing to tie it to.
    let (x, index, at) = best.filter(|&(x, ..)| from.x - x < FARTHEST)?;
    let end = LatticePoint { x, y: from.y };
    if lines[index][at] != end && lines[index][at + 1] != end {
        lines[index].insert(at + 1, end);
    }
    Some(vec![end, from])
}

fn find(group: &[usize], mut line: usize) -> usize {
    while group[line] != line {
        line = group[line];
    }
    line
}

fn join(group: &mut [usize], one: usize, two: usize) {
    let (one, two) = (find(group, one), find(group, two));
    group[one.max(two)] = one.min(two);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_lies_alone_is_tied_to_what_lies_west_of_it() {
        let p = |x, y| LatticePoint { x, y };
        let rim = vec![p(0, 0), p(100, 0), p(100, 100), p(0, 100), p(0, 0)];
        let island = vec![p(40, 40), p(60, 40), p(60, 60), p(40, 60), p(40, 40)];
        let crossing = vec![p(100, 0), p(120, 30)];
        let mut lines = vec![rim, island, crossing];
        assert_eq!(bridges(&mut lines, 1), [vec![p(0, 40), p(40, 40)]]);
        assert!(lines[0].contains(&p(0, 40)));
    }
}
