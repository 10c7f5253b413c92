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

impl Territory {
    fn empty(blocks: usize) -> Self {
        Self {
            township: vec![0; blocks],
            community: vec![0; blocks],
            grid: vec![0; blocks],
            communities: Vec::new(),
            grids: Vec::new(),
        }
    }
}

/// What stands on a block.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct BlockLoad {
    pub(crate) addresses: u32,
    pub(crate) homes: u32,
}

/// One district to share out: its blocks' number, its townships' range in the list of all, how many grids it gets.
#[derive(Clone, Debug)]
pub(crate) struct Part {
    pub(crate) district: u32,
    pub(crate) townships: std::ops::Range<usize>,
    pub(crate) grids: usize,
}

/// Shares every district's blocks out to its townships and their communities. Grids come later, when it is known what stands
/// where.
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
    let graph = graph(blocks, parts, load);
    let shared: Vec<(Vec<u32>, Territory)> = parts
        .par_iter()
        .map(|part| share_district(blocks, &graph, townships, part, seed))
        .collect::<Result<_, _>>()?;
    let mut all = Territory::empty(blocks.blocks.len());
    for (part, (members, own)) in parts.iter().zip(shared) {
        let community = all.communities.len() as u32;
        let first = part.townships.start as u32;
        for &b in &members {
            let b = b as usize;
            all.township[b] = first + own.township[b];
            all.community[b] = community + own.community[b];
        }
        all.communities.extend(own.communities.iter().map(|&(t, c)| (first + t, c)));
    }
    Ok(all)
}

/// The graph of all blocks; what a district has in several parts is tied together.
fn graph(blocks: &Blocks, parts: &[Part], load: Vec<f64>) -> Graph {
    let mut graph = Graph::of(blocks, load);
    for part in parts {
        graph.tie(&members_of(blocks, part.district));
    }
    graph
}

fn share_district(
    blocks: &Blocks,
    graph: &Graph,
    townships: &[Township],
    part: &Part,
    seed: u64,
) -> Result<(Vec<u32>, Territory), InvalidDivisions> {
    let townships = &townships[part.townships.clone()];
    let all = members_of(blocks, part.district);
    let mut dice = Dice::new(seed, "territory", u64::from(part.district));
    let seeds = townships
        .iter()
        .map(|t| anchors::township(&t.code).unwrap_or_else(|| somewhere(blocks, &all, &mut dice)))
        .collect();
    let targets = townships.iter().map(|t| t.communities.len() as f64).collect();
    let least = townships.iter().map(|t| 5 * t.communities.len()).collect();
    let wish = Wish {
        members: &all,
        seeds,
        targets,
        wandering: false,
        rounds: 40,
        least,
        seats: Vec::new(),
    };
    if all.len() < townships.len() {
        let (place, blocks) = (townships[0].name.clone(), all.len());
        return Err(InvalidDivisions::NoRoom { place, blocks });
    }
    let township = share_out(graph, &wish);
    let mut this = Territory::empty(blocks.blocks.len());
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
    Ok((all, this))
}

fn members_of(blocks: &Blocks, district: u32) -> Vec<u32> {
    (0..blocks.blocks.len() as u32)
        .filter(|&b| blocks.blocks[b as usize].district == district)
        .collect()
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
        let (least, seats) = (vec![3; count], Vec::new());
        let wish = Wish { members, seeds, targets, wandering: true, rounds: 30, least, seats };
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

    /// Where a hamlet is needed: the land of communities in which hardly anybody would live, some blocks of each.
    pub(crate) fn empty_land(
        &self,
        blocks: &Blocks,
        homes: impl Iterator<Item = (u32, u32)>,
    ) -> Vec<u32> {
        let mut lived_in = vec![0; self.communities.len()];
        for (block, homes) in homes {
            lived_in[self.community[block as usize] as usize] += homes;
        }
        let mut land: Vec<Vec<u32>> = vec![Vec::new(); self.communities.len()];
        for (block, it) in (0..).zip(&blocks.blocks) {
            let community = self.community[block as usize] as usize;
            if lived_in[community] < FEWEST && !matches!(it.zone, Zone::Water | Zone::Riverside) {
                land[community].push(block);
            }
        }
        let size = |&b: &u32| blocks.blocks[b as usize].area_m2;
        for own in &mut land {
            own.sort_by(|a, b| size(b).total_cmp(&size(a)));
        }
        let mut chosen: Vec<u32> =
            land.into_iter().flat_map(|own| own.into_iter().take(HAMLETS)).collect();
        chosen.sort_unstable();
        chosen
    }

    /// Shares the blocks of all communities out to grids, so that about as many addresses are in each grid of a district and
    /// people live in each; wide empty land counts a little too.
    pub(crate) fn share_grids(
        &mut self,
        blocks: &Blocks,
        parts: &[Part],
        on_block: &[BlockLoad],
        seed: u64,
    ) {
        let load = blocks.blocks.iter().zip(on_block);
        let load = load
            .map(|(b, on)| f64::from(on.addresses) + 0.5 + EMPTY_KM2 * b.area_m2 / 1e6)
            .collect();
        let graph = graph(blocks, parts, load);
        let mut members: Vec<Vec<u32>> = vec![Vec::new(); self.communities.len()];
        for block in 0..blocks.blocks.len() as u32 {
            members[self.community[block as usize] as usize].push(block);
        }
        let community = (0..members.len() as u32).collect::<Vec<_>>();
        for part in parts {
            let own: Vec<u32> = community
                .iter()
                .copied()
                .filter(|&c| part.townships.contains(&(self.communities[c as usize].0 as usize)))
                .collect();
            let lived_in = |c: &u32| -> Vec<u32> {
                let all = members[*c as usize].iter().copied();
                all.filter(|&b| 0 < on_block[b as usize].homes).collect()
            };
            let seats: Vec<Vec<u32>> = own.iter().map(lived_in).collect();
            let weights: Vec<f64> = own
                .iter()
                .map(|&c| members[c as usize].iter().map(|&b| graph.load[b as usize]).sum())
                .collect();
            let limits: Vec<(usize, usize)> =
                seats.iter().map(|s| (s.len().clamp(1, 2), s.len().clamp(1, MOST_GRIDS))).collect();
            let counts = apportion(&weights, &limits, part.grids);
            let labels: Vec<Vec<u32>> = own
                .par_iter()
                .zip(seats)
                .zip(&counts)
                .map(|((&c, seats), &count)| {
                    let members = &members[c as usize];
                    let mut dice = Dice::new(seed, "grids", u64::from(c));
                    let among = if seats.is_empty() { members } else { &seats };
                    let seeds = spread(&graph, blocks, among, count, &mut dice);
                    let (targets, least) = (vec![1.0; count], vec![1; count]);
                    let wish =
                        Wish { members, seeds, targets, wandering: true, rounds: 30, least, seats };
                    share_out(&graph, &wish)
                })
                .collect();
            for ((&c, labels), &count) in own.iter().zip(&labels).zip(&counts) {
                let base = self.grids.len() as u32;
                for (&block, &label) in members[c as usize].iter().zip(labels) {
                    self.grid[block as usize] = base + label;
                }
                self.grids.extend((1..=count as u32).map(|n| (c, n)));
            }
        }
    }
}

/// Communities with fewer homes than this get hamlets, at most so many.
const FEWEST: u32 = 40;
const HAMLETS: usize = 6;
/// What an empty square kilometre counts when grids are shared out, in addresses.
const EMPTY_KM2: f64 = 10.0;
/// No community has more grids than this.
const MOST_GRIDS: usize = 24;

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
