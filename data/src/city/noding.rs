//! Lines that cross get the crossing as a point of both.
//!
//! A crossing of lattice lines seldom lies on the lattice. It is rounded to the nearest point of it, which moves both lines
//! by at most half a step each way (8 mm in all); where that makes them meet others they get points there too, until nothing
//! crosses any more.

use std::collections::HashMap;

use spatial::lattice::{LatticePoint, turn};

/// Side of a cell of the index, lattice units: about 200 m.
const CELL: i32 = 20_000;
/// More rounds than were ever needed; each moves points by half a step at most.
const ROUNDS: usize = 24;

/// A line as points, both ends included.
pub(crate) type Line = Vec<LatticePoint>;
type Segment = (LatticePoint, LatticePoint);

/// Where a segment is: its line, and the place of its first point there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Place {
    line: u32,
    at: u32,
}

/// Puts points into lines until no two meet but in points of both. Only lines from `first` on, and whatever they move, are
/// looked at: those before it must not cross each other.
pub(crate) fn node(lines: &mut [Line], first: usize) {
    let mut dirty: Vec<bool> = (0..lines.len()).map(|line| first <= line).collect();
    for _ in 0..ROUNDS {
        let found = meetings(lines, &dirty);
        if found.is_empty() {
            return;
        }
        dirty = vec![false; lines.len()];
        for (line, points) in found {
            insert(&mut lines[line as usize], points);
            dirty[line as usize] = true;
        }
    }
}

/// The points that each line lacks, with their segment.
fn meetings(lines: &[Line], dirty: &[bool]) -> HashMap<u32, Vec<(u32, LatticePoint)>> {
    let mut cells: HashMap<(i32, i32), Vec<Place>> = HashMap::new();
    // Cells that something new lies in, then all that lies in them.
    for (new, clean) in [(true, false), (false, true)] {
        for (line, points) in (0..).zip(lines).filter(|(l, _)| dirty[*l as usize] == new) {
            for (at, pair) in (0..).zip(points.windows(2)) {
                for cell in cells_of((pair[0], pair[1])) {
                    if clean {
                        cells.entry(cell).and_modify(|own| own.push(Place { line, at }));
                    } else {
                        cells.entry(cell).or_default().push(Place { line, at });
                    }
                }
            }
        }
    }
    let segment = |p: Place| {
        let line = &lines[p.line as usize];
        (line[p.at as usize], line[p.at as usize + 1])
    };
    let mut found: HashMap<u32, Vec<(u32, LatticePoint)>> = HashMap::new();
    for own in cells.values() {
        for (i, &one) in own.iter().enumerate().filter(|(_, p)| dirty[p.line as usize]) {
            for (j, &two) in own.iter().enumerate() {
                if i == j || (j < i && dirty[two.line as usize]) {
                    continue;
                }
                let (s, t) = (segment(one), segment(two));
                if let Some(points) = meeting(s, t) {
                    for (place, of) in [(one, s), (two, t)] {
                        // One of its ends is there already.
                        for point in points.iter().copied().filter(|p| *p != of.0 && *p != of.1) {
                            found.entry(place.line).or_default().push((place.at, point));
                        }
                    }
                }
            }
        }
    }
    found
}

/// The points in which two segments meet, rounded; `None` where they do not.
fn meeting(one: Segment, two: Segment) -> Option<Vec<LatticePoint>> {
    let apart = |axis: fn(&LatticePoint) -> i32| {
        let [own, other] = [one, two].map(|s| (axis(&s.0), axis(&s.1)));
        own.0.max(own.1) < other.0.min(other.1) || other.0.max(other.1) < own.0.min(own.1)
    };
    if apart(|p| p.x) || apart(|p| p.y) {
        return None;
    }
    let ends = |of: Segment, on: Segment| [of.0, of.1].into_iter().filter(move |&p| lies_on(p, on));
    let ends: Vec<LatticePoint> = ends(one, two).chain(ends(two, one)).collect();
    if !ends.is_empty() {
        return Some(ends);
    }
    let sides = |line: Segment, of: Segment| [of.0, of.1].map(|p| turn(line.0, line.1, p));
    let crosses = |sides: [i128; 2]| sides[0].signum() * sides[1].signum() == -1;
    let (from, to) = (sides(two, one), sides(one, two));
    (crosses(from) && crosses(to)).then(|| vec![along(one, from[0], from[0] - from[1])])
}

/// The lattice point nearest to the one `share` of `whole` along a segment.
fn along(s: Segment, share: i128, whole: i128) -> LatticePoint {
    let (share, whole) = if whole < 0 { (-share, -whole) } else { (share, whole) };
    let part = |from: i32, to: i32| {
        let way = (i128::from(to) - i128::from(from)) * share;
        from + (2 * way + whole).div_euclid(2 * whole) as i32
    };
    LatticePoint { x: part(s.0.x, s.1.x), y: part(s.0.y, s.1.y) }
}

/// Whether a point lies strictly between a segment's ends.
fn lies_on(p: LatticePoint, (a, b): Segment) -> bool {
    let within = |p: i32, a: i32, b: i32| a.min(b) <= p && p <= a.max(b);
    p != a && p != b && within(p.x, a.x, b.x) && within(p.y, a.y, b.y) && turn(a, b, p) == 0
}

fn cells_of((a, b): Segment) -> impl Iterator<Item = (i32, i32)> {
    let span = |a: i32, b: i32| a.min(b).div_euclid(CELL)..=a.max(b).div_euclid(CELL);
    let rows = span(a.y, b.y);
    span(a.x, b.x).flat_map(move |x| rows.clone().map(move |y| (x, y)))
}

/// Puts points into the segments of a line, in the order of the way.
fn insert(line: &mut Line, mut points: Vec<(u32, LatticePoint)>) {
    let far = |at: u32, p: LatticePoint| {
        let from = line[at as usize];
        let way = |a: i32, b: i32| i128::from(i64::from(b) - i64::from(a)).pow(2);
        way(from.x, p.x) + way(from.y, p.y)
    };
    points.sort_by_key(|&(at, p)| (at, far(at, p), p));
    points.dedup();
    let mut noded = Vec::with_capacity(line.len() + points.len());
    let mut next = points.into_iter().peekable();
    for (at, &p) in (0..).zip(line.iter()) {
        noded.push(p);
        while let Some((_, point)) = next.next_if(|(of, _)| *of == at) {
            noded.push(point);
        }
    }
    noded.dedup();
    *line = noded;
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(points: &[(i32, i32)]) -> Line {
        points.iter().map(|&(x, y)| LatticePoint { x, y }).collect()
    }

    #[test]
    fn crossings_become_points_of_both_lines() {
        let mut lines = vec![line(&[(0, 0), (10, 10)]), line(&[(0, 9), (9, 0)])];
        node(&mut lines, 1);
        let common: Vec<_> = lines[0].iter().filter(|p| lines[1].contains(p)).collect();
        assert_eq!(common.len(), 1, "{lines:?}");
        assert_eq!((lines[0].len(), lines[1].len()), (3, 3));
    }

    #[test]
    fn lines_that_touch_or_run_together_share_all_their_points() {
        let mut lines = vec![
            line(&[(0, 0), (100, 0)]),
            line(&[(20, 0), (60, 0), (60, 50)]),
            line(&[(30, 9), (30, 0)]),
        ];
        node(&mut lines, 1);
        assert_eq!(lines[0], line(&[(0, 0), (20, 0), (30, 0), (60, 0), (100, 0)]));
        assert_eq!(lines[1], line(&[(20, 0), (30, 0), (60, 0), (60, 50)]));
    }

    #[test]
    fn a_thicket_of_lines_comes_to_rest_without_a_crossing() {
        let mut dice = super::super::dice::Dice::new(5, "noding", 0);
        let mut at = || LatticePoint { x: dice.below(300) as i32, y: dice.below(300) as i32 };
        let mut lines: Vec<Line> = (0..60).map(|_| vec![at(), at()]).collect();
        lines.iter_mut().for_each(Vec::dedup);
        lines.retain(|l| l.len() == 2);
        node(&mut lines, 0);
        let segments: Vec<Segment> =
            lines.iter().flat_map(|l| l.windows(2).map(|p| (p[0], p[1]))).collect();
        for (i, &s) in segments.iter().enumerate() {
            for &t in &segments[i + 1..] {
                let shared = [s.0, s.1].iter().any(|p| *p == t.0 || *p == t.1);
                let met = meeting(s, t);
                assert!(met.is_none() || (shared && met == Some(vec![])), "{s:?} meets {t:?}");
            }
        }
    }
}
