//! Where districts meet on the land: along rivers and main streets as these run, over the hills in long curves.
//!
//! Faces of the plan say roughly who has what. A border that followed their edges would run up and down like stairs, so off
//! rivers and main streets it is drawn as a curve of its own through the plan; the folds of the land make a ridge of it.

use std::collections::HashMap;

use super::blocks::{Blocks, to_lattice};
use super::borders::{BEYOND, BorderLine};
use super::mesh::{Class, Mesh};
use super::noding::Line;
use super::terrain::{FOOT, Terrain, Uv};

/// Distance between the points that a curve is smoothed by, metres of the plan.
const STEP_M: f64 = 120.0;
/// How often each point moves towards its neighbours: the curve forgets what is shorter than about 800 m.
const ROUNDS: u32 = 90;

/// Rivers and roads off the valley are followed for at least so long, metres of the plan.
const SHORTEST_M: f64 = 1500.0;

/// A border between two junctions or round an island, in corners of the mesh.
struct Chain {
    corners: Vec<u32>,
    left: u32,
    right: u32,
}

/// The borders between faces of different districts.
pub(crate) fn borders(
    mesh: &Mesh,
    terrain: &Terrain,
    district: &[Option<u32>],
    blocks: &Blocks,
) -> Vec<BorderLine> {
    let arc_of: HashMap<(u32, u32), u32> =
        (0..).zip(&blocks.arcs).map(|(index, arc)| (arc.ends, index)).collect();
    let mut borders = Vec::new();
    for chain in chains(mesh, district) {
        let (left, right) = (chain.left, chain.right);
        for line in drawn(mesh, terrain, blocks, &arc_of, &chain.corners) {
            borders.push(BorderLine { line, left, right });
        }
    }
    borders
}

/// Walks the border edges from junction to junction, then the rings that are left.
fn chains(mesh: &Mesh, district: &[Option<u32>]) -> Vec<Chain> {
    let of = |face: Option<u32>| face.and_then(|f| district[f as usize]).unwrap_or(BEYOND);
    let mut ways: HashMap<u32, Vec<u32>> = HashMap::new();
    let mut edges: Vec<(u32, u32)> = Vec::new();
    for face in 0..mesh.faces.len() as u32 {
        for (a, b) in mesh.edges(face) {
            let other = mesh.left(b, a);
            // Each edge once; those of the plan's own rim are no borders.
            if other.is_some_and(|o| face < o) && of(Some(face)) != of(other) {
                edges.push((a, b));
                ways.entry(a).or_default().push(b);
                ways.entry(b).or_default().push(a);
            }
        }
    }
    let mut used: std::collections::HashSet<(u32, u32)> = std::collections::HashSet::new();
    let mut chains = Vec::new();
    let key = |a: u32, b: u32| (a.min(b), a.max(b));
    for from_junctions in [true, false] {
        for &(a, b) in &edges {
            for (from, to) in [(a, b), (b, a)] {
                let at_end = ways[&from].len() != 2;
                if used.contains(&key(from, to)) || (from_junctions && !at_end) {
                    continue;
                }
                let mut corners = vec![from, to];
                used.insert(key(from, to));
                let (mut last, mut at) = (from, to);
                while ways[&at].len() == 2 {
                    let Some(&next) = ways[&at].iter().find(|&&n| n != last) else { break };
                    if !used.insert(key(at, next)) {
                        break;
                    }
                    corners.push(next);
                    (last, at) = (at, next);
                }
                let (left, right) = (of(mesh.left(from, to)), of(mesh.left(to, from)));
                chains.push(Chain { corners, left, right });
            }
        }
    }
    chains
}

/// Whether a border stays on an edge of the plan as it is.
fn holds(mesh: &Mesh, a: u32, b: u32) -> bool {
    let valley = [a, b].iter().all(|&c| mesh.corners[c as usize].v.abs() < FOOT + 1.0);
    match mesh.class(a, b) {
        Class::Midstream
        | Class::Bank
        | Class::Stream
        | Class::Bridge
        | Class::Expressway
        | Class::Arterial
        | Class::Railway => true,
        Class::Collector | Class::Local => valley,
        _ => false,
    }
}

/// For each edge of a chain whether it holds. Off the valley a short way along a river or a road is only a step of the stairs.
fn held(mesh: &Mesh, corners: &[u32]) -> Vec<bool> {
    let mut held: Vec<bool> = corners.windows(2).map(|p| holds(mesh, p[0], p[1])).collect();
    let at = |i: usize| mesh.corners[corners[i] as usize];
    let mut from = 0;
    while from < held.len() {
        let run = held[from..].iter().take_while(|h| **h == held[from]).count();
        let long: f64 = (from..from + run).map(|i| length(at(i), at(i + 1))).sum();
        if long < SHORTEST_M && (from..=from + run).all(|i| FOOT + 1.0 < at(i).v.abs()) {
            held[from..from + run].fill(false);
        }
        from += run;
    }
    held
}

fn drawn(
    mesh: &Mesh,
    terrain: &Terrain,
    blocks: &Blocks,
    arc_of: &HashMap<(u32, u32), u32>,
    corners: &[u32],
) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    let mut free: Vec<u32> = Vec::new();
    for (pair, held) in corners.windows(2).zip(held(mesh, corners)) {
        let (a, b) = (pair[0], pair[1]);
        let Some(&arc) = arc_of.get(&(a.min(b), a.max(b))).filter(|_| held) else {
            if free.is_empty() {
                free.push(a);
            }
            free.push(b);
            continue;
        };
        lines.extend(curve(mesh, terrain, &std::mem::take(&mut free)));
        let mut line = blocks.arcs[arc as usize].line.clone();
        if b < a {
            line.reverse();
        }
        lines.push(line);
    }
    lines.extend(curve(mesh, terrain, &free));
    lines
}

/// A curve between the ends of a run of edges, near it, on the lattice.
fn curve(mesh: &Mesh, terrain: &Terrain, corners: &[u32]) -> Option<Line> {
    if corners.len() < 2 {
        return None;
    }
    let way: Vec<Uv> = corners.iter().map(|&c| mesh.corners[c as usize]).collect();
    let smooth = smoothed(&resampled(&way, STEP_M));
    let fine = smooth.windows(2).flat_map(|pair| {
        let pace_m = Terrain::pace_m(pair[0], false);
        let pieces = (STEP_M / pace_m).ceil().max(1.0) as u32;
        (0..pieces).map(move |i| between(pair[0], pair[1], f64::from(i) / f64::from(pieces)))
    });
    let mut line: Line =
        fine.chain(smooth.last().copied()).map(|p| to_lattice(terrain.ground(p))).collect();
    line.dedup();
    (1 < line.len()).then_some(line)
}

fn between(a: Uv, b: Uv, t: f64) -> Uv {
    Uv { u: a.u + (b.u - a.u) * t, v: a.v + (b.v - a.v) * t }
}

fn length(a: Uv, b: Uv) -> f64 {
    ((a.u - b.u).powi(2) + (a.v - b.v).powi(2)).sqrt()
}

/// The same way in about even steps; both ends stay.
fn resampled(way: &[Uv], step_m: f64) -> Vec<Uv> {
    let whole: f64 = way.windows(2).map(|p| length(p[0], p[1])).sum();
    let count = (whole / step_m).ceil().max(1.0);
    let step = whole / count;
    let mut points = vec![way[0]];
    let mut left = step;
    for pair in way.windows(2) {
        let long = length(pair[0], pair[1]);
        let mut at = left;
        while at <= long - 1e-6 * step && (points.len() as f64) < count {
            points.push(between(pair[0], pair[1], at / long.max(1e-9)));
            at += step;
        }
        left = at - long;
    }
    points.push(way[way.len() - 1]);
    points
}

/// The same points, each moved towards its neighbours again and again; both ends stay.
fn smoothed(points: &[Uv]) -> Vec<Uv> {
    let mut now = points.to_vec();
    for _ in 0..ROUNDS {
        let before = now.clone();
        for i in 1..now.len().saturating_sub(1) {
            let (a, b, c) = (before[i - 1], before[i], before[i + 1]);
            now[i] = Uv { u: (a.u + 2.0 * b.u + c.u) / 4.0, v: (a.v + 2.0 * b.v + c.v) / 4.0 };
        }
    }
    now
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stairs_become_a_slope_between_the_same_ends() {
        let stairs: Vec<Uv> = (0..20)
            .flat_map(|i| {
                let at = f64::from(i) * 500.0;
                [Uv { u: at, v: at }, Uv { u: at + 500.0, v: at }]
            })
            .collect();
        let slope = smoothed(&resampled(&stairs, STEP_M));
        assert_eq!((slope[0], slope[slope.len() - 1]), (stairs[0], stairs[stairs.len() - 1]));
        for pair in slope.windows(2) {
            assert!(pair[0].u < pair[1].u && pair[0].v < pair[1].v + 1.0, "{pair:?}");
        }
        let middle = slope[slope.len() / 2];
        assert!((middle.u - middle.v - 250.0).abs() < 60.0, "{middle:?}");
    }
}
