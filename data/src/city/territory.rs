//! Who is responsible where: the district out of faces, townships, communities and grids out of its blocks.
//!
//! Every level is a set of blocks of the level above, so the levels nest by construction.

use super::anchors;
use super::blocks::Blocks;
use super::dice::Dice;
use super::divisions::Township;
use super::mesh::Mesh;
use super::plan::Plan;
use super::regions::{Graph, Wish, share_out};
use super::terrain::{Terrain, Xy};
use super::zones::Zone;

/// How far beyond the rough outline streets and ridges are still drawn finely, metres.
const MARGIN_M: f64 = 700.0;

/// Whether the plan must be fine at a place.
pub(crate) fn near_district(at: Xy) -> bool {
    -MARGIN_M < anchors::depth_m(at)
}

/// The faces that make up the district: near enough to its rough outline, connected, without holes.
pub(crate) fn district_faces(plan: &Plan, terrain: &Terrain) -> Vec<bool> {
    let mesh = &plan.mesh;
    let count = mesh.faces.len() as u32;
    let mut inside: Vec<bool> = (0..count)
        .map(|face| {
            let at = terrain.ground(mesh.middle(face));
            0.0 < anchors::depth_m(at) + 420.0 * terrain.character(at, 1400.0, 9)
        })
        .collect();
    for _ in 0..8 {
        smooth(mesh, terrain, &mut inside);
    }
    keep_largest(mesh, &mut inside, true);
    keep_largest(mesh, &mut inside, false);
    inside
}

/// Lets a face change sides where that makes the outline clearly shorter.
fn smooth(mesh: &Mesh, terrain: &Terrain, inside: &mut [bool]) {
    for face in 0..inside.len() {
        let mut length = [0.0f64; 2];
        for (a, b) in mesh.edges(face as u32) {
            let ends = [a, b].map(|c| terrain.base(mesh.corners[c as usize]));
            let there = mesh.left(b, a).is_some_and(|f| inside[f as usize]);
            length[usize::from(there)] += ends[0].distance_m(ends[1]);
        }
        let own = usize::from(inside[face]);
        if length[own] * 1.25 < length[1 - own] {
            inside[face] = !inside[face];
        }
    }
}

/// Keeps only the largest connected part of the faces that are (or are not) inside; the rest changes sides.
fn keep_largest(mesh: &Mesh, inside: &mut [bool], side: bool) {
    let mut part_of = vec![usize::MAX; inside.len()];
    let mut sizes: Vec<usize> = Vec::new();
    for start in 0..inside.len() {
        if inside[start] != side || part_of[start] != usize::MAX {
            continue;
        }
        let part = sizes.len();
        part_of[start] = part;
        let mut queue = vec![start as u32];
        let mut next = 0;
        while let Some(&face) = queue.get(next) {
            next += 1;
            for (a, b) in mesh.edges(face) {
                if let Some(other) = mesh.left(b, a).map(|f| f as usize)
                    && inside[other] == side
                    && part_of[other] == usize::MAX
                {
                    part_of[other] = part;
                    queue.push(other as u32);
                }
            }
        }
        sizes.push(queue.len());
    }
    let largest = (0..sizes.len()).max_by_key(|&p| sizes[p]);
    for (face, here) in inside.iter_mut().enumerate() {
        if *here == side && Some(part_of[face]) != largest {
            *here = !side;
        }
    }
}

/// The share-out of one district.
#[derive(Clone, Debug)]
pub(crate) struct Territory {
    /// For each block: index of its township, of its community (over all), of its grid (over all).
    pub(crate) township: Vec<u32>,
    pub(crate) community: Vec<u32>,
    pub(crate) grid: Vec<u32>,
    /// For each community: its township and its place in that township's list.
    pub(crate) communities: Vec<(u32, u32)>,
    /// For each grid: its community and its number there, from 1.
    pub(crate) grids: Vec<(u32, u32)>,
}

/// Shares a district's blocks out to townships, communities and `grid_count` grids.
pub(crate) fn share(
    blocks: &Blocks,
    townships: &[Township],
    seed: u64,
    grid_count: usize,
) -> Territory {
    let load: Vec<f64> =
        blocks.blocks.iter().map(|b| b.zone.communities_km2() * b.area_m2 / 1e6 + 0.002).collect();
    let graph = Graph::of(blocks, load);
    let all: Vec<u32> = (0..blocks.blocks.len() as u32).collect();
    let mut dice = Dice::new(seed, "territory", 0);
    let seeds = townships
        .iter()
        .map(|t| anchors::township(&t.code).unwrap_or_else(|| somewhere(blocks, &all, &mut dice)))
        .collect();
    let targets = townships.iter().map(|t| t.communities.len() as f64).collect();
    let township =
        share_out(&graph, &Wish { members: &all, seeds, targets, wandering: false, rounds: 40 });
    let mut this = Territory {
        community: vec![0; all.len()],
        grid: vec![0; all.len()],
        communities: Vec::new(),
        grids: Vec::new(),
        township,
    };
    for (index, place) in townships.iter().enumerate() {
        let members: Vec<u32> =
            all.iter().copied().filter(|&b| this.township[b as usize] == index as u32).collect();
        this.share_township(blocks, &graph, (index as u32, place), &members, &mut dice);
    }
    this.share_grids(blocks, &graph, grid_count, &mut dice);
    this
}

/// A random block's centre.
fn somewhere(blocks: &Blocks, members: &[u32], dice: &mut Dice) -> Xy {
    blocks.blocks[members[dice.below(members.len())] as usize].centre
}

/// Seeds far from each other, heavier blocks first.
fn spread(
    graph: &Graph,
    blocks: &Blocks,
    members: &[u32],
    count: usize,
    dice: &mut Dice,
) -> Vec<Xy> {
    let weights: Vec<f64> = members.iter().map(|&b| graph.load[b as usize]).collect();
    let mut seeds = vec![blocks.blocks[members[dice.weighted(&weights)] as usize].centre];
    while seeds.len() < count {
        let far: Vec<f64> = members
            .iter()
            .zip(&weights)
            .map(|(&b, load)| {
                let at = blocks.blocks[b as usize].centre;
                let near = seeds.iter().map(|s| s.distance_m(at)).fold(f64::MAX, f64::min);
                near * near * load
            })
            .collect();
        seeds.push(blocks.blocks[members[dice.weighted(&far)] as usize].centre);
    }
    seeds
}

impl Territory {
    fn share_township(
        &mut self,
        blocks: &Blocks,
        graph: &Graph,
        (index, place): (u32, &Township),
        members: &[u32],
        dice: &mut Dice,
    ) {
        let count = place.communities.len();
        let seeds = spread(graph, blocks, members, count, dice);
        let targets = (0..count).map(|_| dice.between(0.75, 1.35)).collect();
        let wish = Wish { members, seeds, targets, wandering: true, rounds: 30 };
        let labels = share_out(graph, &wish);
        // Villages get the thinnest land, and the list's order follows from dense to thin.
        let mut area = vec![0.0; count];
        let mut load = vec![0.0; count];
        for (&block, &label) in members.iter().zip(&labels) {
            area[label as usize] += blocks.blocks[block as usize].area_m2;
            load[label as usize] += graph.load[block as usize];
        }
        let mut by_density: Vec<usize> = (0..count).collect();
        by_density.sort_by(|&a, &b| (load[b] / area[b]).total_cmp(&(load[a] / area[a])));
        let mut ranked: Vec<usize> = (0..count).collect();
        ranked.sort_by_key(|&c| place.communities[c].village);
        let base = self.communities.len() as u32;
        let mut name_of = vec![0u32; count];
        for (&label, &rank) in by_density.iter().zip(&ranked) {
            name_of[label] = rank as u32;
        }
        self.communities.extend((0..count as u32).map(|c| (index, c)));
        for (&block, &label) in members.iter().zip(&labels) {
            self.community[block as usize] = base + name_of[label as usize];
        }
    }

    fn share_grids(&mut self, blocks: &Blocks, graph: &Graph, grid_count: usize, dice: &mut Dice) {
        let count = self.communities.len();
        let mut members: Vec<Vec<u32>> = vec![Vec::new(); count];
        for (block, &community) in self.community.iter().enumerate() {
            members[community as usize].push(block as u32);
        }
        let weight = |b: &u32| {
            let block = &blocks.blocks[*b as usize];
            let people = if block.zone == Zone::Hill { 0.2 } else { 1.0 };
            graph.load[*b as usize] * people + 0.02 * (block.area_m2 / 1e6).sqrt()
        };
        let weights: Vec<f64> = members.iter().map(|m| m.iter().map(weight).sum()).collect();
        let limits: Vec<(usize, usize)> = members
            .iter()
            .map(|m| {
                let dry =
                    m.iter().filter(|&&b| blocks.blocks[b as usize].zone != Zone::Water).count();
                (dry.clamp(1, 2), dry.clamp(1, 8))
            })
            .collect();
        let counts = apportion(&weights, &limits, grid_count);
        for (community, members) in members.iter().enumerate() {
            let count = counts[community];
            let seeds = spread(graph, blocks, members, count, dice);
            let targets = (0..count).map(|_| dice.between(0.8, 1.25)).collect();
            let wish = Wish { members, seeds, targets, wandering: true, rounds: 24 };
            let labels = share_out(graph, &wish);
            let base = self.grids.len() as u32;
            for (&block, &label) in members.iter().zip(&labels) {
                self.grid[block as usize] = base + label;
            }
            self.grids.extend((1..=count as u32).map(|n| (community as u32, n)));
        }
    }
}

/// Shares `total` out by weight within limits, exactly (as far as the limits allow).
pub(crate) fn apportion(weights: &[f64], limits: &[(usize, usize)], total: usize) -> Vec<usize> {
    let mut counts: Vec<usize> = limits.iter().map(|l| l.0).collect();
    let mut left = total.saturating_sub(counts.iter().sum());
    while 0 < left {
        // The next seat goes to whoever has the most weight per seat, as in a parliament.
        let quotient = |i: usize| weights[i] / (counts[i] as f64 + 0.5);
        let open = (0..counts.len()).filter(|&i| counts[i] < limits[i].1);
        let Some(next) = open.max_by(|&a, &b| quotient(a).total_cmp(&quotient(b))) else { break };
        counts[next] += 1;
        left -= 1;
    }
    counts
}
