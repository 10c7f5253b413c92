//! Who is responsible where: townships, communities and grids out of a district's blocks.
//!
//! Every level is a set of blocks of the level above, so the levels nest by construction.

use rayon::prelude::*;

use super::anchors;
use super::blocks::Blocks;
use super::dice::Dice;
use super::divisions::{InvalidDivisions, Township};
use super::regions::{Graph, Wish, share_out};
use super::terrain::Xy;
use super::zones::Zone;

/// The share-out of one or more districts.
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

/// One district to share out: its blocks' number, its townships' range in the list of all, how many grids it gets.
#[derive(Clone, Debug)]
pub(crate) struct Part {
    pub(crate) district: u32,
    pub(crate) townships: std::ops::Range<usize>,
    pub(crate) grids: usize,
}

/// Shares every district's blocks out to its townships, their communities and its grids.
///
/// # Errors
/// [`InvalidDivisions::NoRoom`] when a township has more communities than blocks.
pub(crate) fn share(
    blocks: &Blocks,
    townships: &[Township],
    parts: &[Part],
    seed: u64,
) -> Result<Territory, InvalidDivisions> {
    let load: Vec<f64> =
        blocks.blocks.iter().map(|b| b.zone.communities_km2() * b.area_m2 / 1e6 + 0.0008).collect();
    let graph = Graph::of(blocks, load);
    let shared: Vec<(Vec<u32>, Territory)> = parts
        .par_iter()
        .map(|part| share_district(blocks, &graph, townships, part, seed))
        .collect::<Result<_, _>>()?;
    let count = blocks.blocks.len();
    let mut all = Territory {
        township: vec![0; count],
        community: vec![0; count],
        grid: vec![0; count],
        communities: Vec::new(),
        grids: Vec::new(),
    };
    for (part, (members, own)) in parts.iter().zip(shared) {
        let (community, grid) = (all.communities.len() as u32, all.grids.len() as u32);
        let first = part.townships.start as u32;
        for &b in &members {
            let b = b as usize;
            all.township[b] = first + own.township[b];
            all.community[b] = community + own.community[b];
            all.grid[b] = grid + own.grid[b];
        }
        all.communities.extend(own.communities.iter().map(|&(t, c)| (first + t, c)));
        all.grids.extend(own.grids.iter().map(|&(c, n)| (community + c, n)));
    }
    Ok(all)
}

fn share_district(
    blocks: &Blocks,
    graph: &Graph,
    townships: &[Township],
    part: &Part,
    seed: u64,
) -> Result<(Vec<u32>, Territory), InvalidDivisions> {
    let count = blocks.blocks.len();
    let townships = &townships[part.townships.clone()];
    let all: Vec<u32> = (0..count as u32)
        .filter(|&b| blocks.blocks[b as usize].district == part.district)
        .collect();
    let mut dice = Dice::new(seed, "territory", u64::from(part.district));
    let seeds = townships
        .iter()
        .map(|t| anchors::township(&t.code).unwrap_or_else(|| somewhere(blocks, &all, &mut dice)))
        .collect();
    let targets = townships.iter().map(|t| t.communities.len() as f64).collect();
    let least = townships.iter().map(|t| 5 * t.communities.len()).collect();
    let wish = Wish { members: &all, seeds, targets, wandering: false, rounds: 40, least };
    if all.len() < townships.len() {
        let (place, blocks) = (townships[0].name.clone(), all.len());
        return Err(InvalidDivisions::NoRoom { place, blocks });
    }
    let township = share_out(graph, &wish);
    let mut this = Territory {
        township: vec![0; count],
        community: vec![0; count],
        grid: vec![0; count],
        communities: Vec::new(),
        grids: Vec::new(),
    };
    for (&block, label) in all.iter().zip(township) {
        this.township[block as usize] = label;
    }
    for (index, place) in townships.iter().enumerate() {
        let members: Vec<u32> =
            all.iter().copied().filter(|&b| this.township[b as usize] == index as u32).collect();
        if members.len() < place.communities.len() {
            let (place, blocks) = (place.name.clone(), members.len());
            return Err(InvalidDivisions::NoRoom { place, blocks });
        }
        this.share_township(blocks, graph, (index as u32, place), &members, &mut dice);
    }
    this.share_grids(blocks, graph, (&all, part.grids), &mut dice);
    Ok((all, this))
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
        let wish =
            Wish { members, seeds, targets, wandering: true, rounds: 30, least: vec![3; count] };
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

    fn share_grids(
        &mut self,
        blocks: &Blocks,
        graph: &Graph,
        (all, grid_count): (&[u32], usize),
        dice: &mut Dice,
    ) {
        let count = self.communities.len();
        let mut members: Vec<Vec<u32>> = vec![Vec::new(); count];
        for &block in all {
            members[self.community[block as usize] as usize].push(block);
        }
        let weight = |b: &u32| {
            let block = &blocks.blocks[*b as usize];
            let people = match block.zone {
                Zone::Hill | Zone::Mountain => 0.2,
                Zone::Core => 1.5,
                _ => 1.0,
            };
            graph.load[*b as usize] * people + 0.02 * (block.area_m2 / 1e6).sqrt()
        };
        let weights: Vec<f64> = members.iter().map(|m| m.iter().map(weight).sum()).collect();
        let limits: Vec<(usize, usize)> = members
            .iter()
            .map(|m| {
                let dry =
                    m.iter().filter(|&&b| blocks.blocks[b as usize].zone != Zone::Water).count();
                (dry.clamp(1, 2), dry.clamp(1, 16))
            })
            .collect();
        let counts = apportion(&weights, &limits, grid_count);
        for (community, members) in members.iter().enumerate() {
            let count = counts[community];
            let seeds = spread(graph, blocks, members, count, dice);
            let targets = (0..count).map(|_| dice.between(0.8, 1.25)).collect();
            let least = vec![1; count];
            let wish = Wish { members, seeds, targets, wandering: true, rounds: 24, least };
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
