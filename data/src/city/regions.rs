//! Growing regions of blocks: townships in the district, communities in a township, grids in a community.
//!
//! Regions grow from seeds over the block graph; a main street or the river is dear to cross, so borders come to lie there.
//! Each region's
//! head start is tuned until the loads fit their targets; then the borders are straightened block by block.
//! A region is connected at every moment.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::blocks::Blocks;
use super::mesh::Class;
use super::terrain::Xy;

/// Which blocks touch, over how long a border of which kind.
#[derive(Debug)]
pub(crate) struct Graph {
    links: Vec<Vec<Link>>,
    centre: Vec<Xy>,
    area_m2: Vec<f64>,
    /// What is shared out evenly.
    pub(crate) load: Vec<f64>,
}

#[derive(Clone, Copy, Debug)]
struct Link {
    to: u32,
    /// Length of the common border, metres.
    border_m: f64,
    /// How much a border along it is wished for, 0..1.
    divides: f64,
}

/// How well an edge of this kind serves as a border.
fn divides(class: Class) -> f64 {
    match class {
        Class::Stream => 0.0,
        Class::Lane => 0.12,
        Class::Local => 0.22,
        Class::Bank => 0.05,
        Class::Ridge => 0.35,
        Class::Collector => 0.55,
        Class::Arterial | Class::Railway => 0.85,
        Class::Bridge | Class::Expressway => 0.9,
        Class::Midstream => 1.0,
    }
}

impl Graph {
    /// The graph of all blocks with this load on each.
    pub(crate) fn of(blocks: &Blocks, load: Vec<f64>) -> Self {
        let mut links: Vec<Vec<Link>> = vec![Vec::new(); blocks.blocks.len()];
        for arc in &blocks.arcs {
            let (Some(a), Some(b)) = (arc.left, arc.right) else { continue };
            for (from, to) in [(a, b), (b, a)] {
                let own = &mut links[from as usize];
                let dividing = divides(arc.class) * arc.length_m;
                match own.iter_mut().find(|l| l.to == to) {
                    Some(link) => {
                        let whole = link.border_m + arc.length_m;
                        link.divides = (link.divides * link.border_m + dividing) / whole;
                        link.border_m = whole;
                    }
                    None => {
                        own.push(Link { to, border_m: arc.length_m, divides: divides(arc.class) });
                    }
                }
            }
        }
        let centre = blocks.blocks.iter().map(|b| b.centre).collect();
        let area_m2 = blocks.blocks.iter().map(|b| b.area_m2).collect();
        Self { links, centre, area_m2, load }
    }

    /// Ties the parts of a set of blocks together where no border does, each to the block of the first part nearest to it.
    pub(crate) fn tie(&mut self, members: &[u32]) {
        let mut part = vec![OUTSIDE; self.links.len()];
        for &block in members {
            part[block as usize] = NONE;
        }
        let mut parts: Vec<Vec<u32>> = Vec::new();
        for &start in members {
            if part[start as usize] != NONE {
                continue;
            }
            let own = parts.len() as u32;
            let mut blocks = vec![start];
            part[start as usize] = own;
            let mut next = 0;
            while let Some(&block) = blocks.get(next) {
                next += 1;
                for link in &self.links[block as usize] {
                    if part[link.to as usize] == NONE {
                        part[link.to as usize] = own;
                        blocks.push(link.to);
                    }
                }
            }
            parts.push(blocks);
        }
        parts.sort_by_key(|p| (Reverse(p.len()), p[0]));
        let Some((main, others)) = parts.split_first() else { return };
        for other in others {
            let pairs = other.iter().map(|&b| (b, self.nearest(main, self.centre[b as usize])));
            let far =
                |&(a, b): &(u32, u32)| self.centre[a as usize].distance_m(self.centre[b as usize]);
            let Some((a, b)) = pairs.min_by(|p, q| far(p).total_cmp(&far(q))) else { continue };
            for (from, to) in [(a, b), (b, a)] {
                self.links[from as usize].push(Link { to, border_m: 0.0, divides: 0.0 });
            }
        }
    }

    /// The block among `members` nearest to a place.
    pub(crate) fn nearest(&self, members: &[u32], at: Xy) -> u32 {
        let far = |&b: &u32| self.centre[b as usize].distance_m(at);
        members
            .iter()
            .copied()
            .min_by(|a, b| far(a).total_cmp(&far(b)))
            .expect("members are not empty")
    }
}

/// How to share out one set of blocks.
#[derive(Debug)]
pub(crate) struct Wish<'a> {
    /// The blocks to share out; they must be connected.
    pub(crate) members: &'a [u32],
    /// Where each region starts, metres.
    pub(crate) seeds: Vec<Xy>,
    /// The load that each region should have, in any unit.
    pub(crate) targets: Vec<f64>,
    /// Whether seeds may wander to the middle of what they got.
    pub(crate) wandering: bool,
    pub(crate) rounds: u32,
    /// How many blocks each region needs for what it is to be shared out to in turn.
    pub(crate) least: Vec<usize>,
    /// The blocks that a region may start from, at least as many as regions; empty for any.
    pub(crate) seats: Vec<u32>,
}

/// A share-out while it is made: `label[block]`, `NONE` where not a member or not yet reached.
struct Share<'a> {
    graph: &'a Graph,
    label: Vec<u32>,
    /// How late each region starts, metres of way.
    delay_m: Vec<f64>,
}

/// The way that crossing the river is worth, metres.
const RIVER_M: f64 = 60_000.0;
const NONE: u32 = u32::MAX;
const OUTSIDE: u32 = u32::MAX - 1;

/// Shares blocks out. Returns for each member, in order, the region it belongs to; each region is connected and not empty
/// if there are as many members as seeds.
pub(crate) fn share_out(graph: &Graph, wish: &Wish<'_>) -> Vec<u32> {
    let regions = wish.seeds.len();
    let total: f64 = wish.members.iter().map(|&b| graph.load[b as usize]).sum();
    let unit = total / wish.targets.iter().sum::<f64>();
    let targets: Vec<f64> = wish.targets.iter().map(|t| t * unit).collect();
    let mut seeds = wish.seeds.clone();
    let mut share =
        Share { graph, label: vec![OUTSIDE; graph.links.len()], delay_m: vec![0.0; regions] };
    let area_m2: f64 = wish.members.iter().map(|&b| graph.area_m2[b as usize]).sum();
    let seats = if wish.seats.len() < regions { wish.members } else { &wish.seats };
    let stride_m = (area_m2 / regions as f64).sqrt() * 0.35;
    let mut best: (f64, Vec<u32>) = (f64::MAX, Vec::new());
    for round in 0..wish.rounds {
        share.grow(wish.members, seats, &seeds);
        let (loads, middles) = share.measure(wish.members, regions);
        let worst = loads.iter().zip(&targets).map(|(l, t)| ((l - t) / t).powi(2)).sum::<f64>();
        if worst < best.0 && wish.rounds / 3 <= round {
            best = (worst, share.label.clone());
        }
        for region in 0..regions {
            let excess = (loads[region] / targets[region] - 1.0).clamp(-0.9, 0.9);
            let cooling = 1.0 - 0.7 * f64::from(round) / f64::from(wish.rounds);
            share.delay_m[region] += excess * stride_m * cooling;
            if wish.wandering {
                let to = middles[region];
                let from = seeds[region];
                seeds[region] =
                    Xy { x: f64::midpoint(from.x, to.x), y: f64::midpoint(from.y, to.y) };
            }
        }
    }
    share.label = best.1;
    for _ in 0..6 {
        if share.straighten(wish.members, &targets) == 0 {
            break;
        }
    }
    share.top_up(wish.members, &wish.least);
    wish.members.iter().map(|&b| share.label[b as usize]).collect()
}

impl Share<'_> {
    /// Grows all regions at once from their seeds; who comes first, takes.
    fn grow(&mut self, members: &[u32], seats: &[u32], seeds: &[Xy]) {
        for &block in members {
            self.label[block as usize] = NONE;
        }
        let mut queue = BinaryHeap::new();
        let mut free: Vec<u32> = seats.to_vec();
        let first = self.delay_m.iter().copied().fold(f64::MAX, f64::min);
        for (region, &at) in seeds.iter().enumerate() {
            let block = self.graph.nearest(&free, at);
            free.retain(|&b| b != block);
            self.label[block as usize] = region as u32;
            let delay = self.delay_m[region] - first;
            self.reach(block, delay, region as u32, &mut queue);
        }
        while let Some(Reverse((bits, block, region))) = queue.pop() {
            if self.label[block as usize] == NONE {
                self.label[block as usize] = region;
                self.reach(block, f64::from_bits(bits), region, &mut queue);
            }
        }
    }

    fn reach(
        &self,
        from: u32,
        spent: f64,
        region: u32,
        queue: &mut BinaryHeap<Reverse<(u64, u32, u32)>>,
    ) {
        for link in &self.graph.links[from as usize] {
            if self.label[link.to as usize] == NONE {
                let way = self.graph.centre[from as usize]
                    .distance_m(self.graph.centre[link.to as usize]);
                let river = if 0.99 < link.divides { RIVER_M } else { 0.0 };
                let cost = way * (1.0 + 3.0 * link.divides * link.divides) + river;
                // Costs are positive, so their bits order as they do.
                queue.push(Reverse(((spent + cost).to_bits(), link.to, region)));
            }
        }
    }

    /// Load and middle of each region.
    fn measure(&self, members: &[u32], regions: usize) -> (Vec<f64>, Vec<Xy>) {
        let mut loads = vec![0.0; regions];
        let mut middles = vec![Xy { x: 0.0, y: 0.0 }; regions];
        for &block in members {
            let region = self.label[block as usize] as usize;
            let (load, at) = (self.graph.load[block as usize], self.graph.centre[block as usize]);
            loads[region] += load;
            middles[region].x += at.x * load;
            middles[region].y += at.y * load;
        }
        for (middle, load) in middles.iter_mut().zip(&loads) {
            *middle = Xy { x: middle.x / load, y: middle.y / load };
        }
        (loads, middles)
    }

    /// Gives blocks to a neighbour region where that makes borders shorter or loads fairer. Returns how many moved.
    fn straighten(&mut self, members: &[u32], targets: &[f64]) -> usize {
        let (mut loads, _) = self.measure(members, targets.len());
        let mut moved = 0;
        for &block in members {
            let own = self.label[block as usize];
            let mut sides: Vec<(u32, f64)> = Vec::new();
            for link in &self.graph.links[block as usize] {
                let label = self.label[link.to as usize];
                let pull = link.border_m * (1.05 - link.divides);
                match sides.iter_mut().find(|s| s.0 == label) {
                    Some(side) => side.1 += pull,
                    None => sides.push((label, pull)),
                }
            }
            let pull = |label: u32| sides.iter().find(|s| s.0 == label).map_or(0.0, |s| s.1);
            let load = self.graph.load[block as usize];
            let gain = |to: u32| {
                let strain = |region: u32, change: f64| {
                    let target = targets[region as usize];
                    ((loads[region as usize] + change - target) / target).powi(2)
                        - ((loads[region as usize] - target) / target).powi(2)
                };
                pull(to) - pull(own) - 420.0 * (strain(own, -load) + strain(to, load))
            };
            let to = sides
                .iter()
                .filter(|s| s.0 != own && s.0 < OUTSIDE)
                .map(|s| (gain(s.0), s.0))
                .max_by(|a, b| a.0.total_cmp(&b.0));
            if let Some((gain, to)) = to
                && 1.0 < gain
                && self.may_leave(block, own)
            {
                self.label[block as usize] = to;
                loads[own as usize] -= load;
                loads[to as usize] += load;
                moved += 1;
            }
        }
        moved
    }

    /// Lets regions with too few blocks take some from neighbours that can spare them more easily.
    fn top_up(&mut self, members: &[u32], least: &[usize]) {
        let mut count = vec![0usize; least.len()];
        for &block in members {
            count[self.label[block as usize] as usize] += 1;
        }
        for _ in 0..members.len() {
            if count.iter().zip(least).all(|(c, l)| l <= c) {
                return;
            }
            let mut moved = false;
            for &block in members {
                let own = self.label[block as usize];
                let poor = self.graph.links[block as usize]
                    .iter()
                    .map(|l| self.label[l.to as usize])
                    .filter(|&to| to < OUTSIDE && to != own)
                    .filter(|&to| count[to as usize] < least[to as usize])
                    .find(|&to| {
                        let (own, to) = (own as usize, to as usize);
                        count[to] * least[own].max(1) < (count[own] - 1) * least[to]
                    });
                if let Some(to) = poor.filter(|_| self.may_leave(block, own)) {
                    self.label[block as usize] = to;
                    count[own as usize] -= 1;
                    count[to as usize] += 1;
                    moved = true;
                }
            }
            if !moved {
                return;
            }
        }
    }

    /// Whether a region stays connected (and not empty) without this block.
    fn may_leave(&self, block: u32, region: u32) -> bool {
        let of_region = |b: u32| {
            self.graph.links[b as usize]
                .iter()
                .filter(move |l| self.label[l.to as usize] == region && l.to != block)
        };
        let neighbours: Vec<u32> = of_region(block).map(|l| l.to).collect();
        let Some(&first) = neighbours.first() else { return false };
        let mut seen = vec![first];
        let mut next = 0;
        while let Some(&at) = seen.get(next) {
            next += 1;
            for link in of_region(at) {
                if !seen.contains(&link.to) {
                    seen.push(link.to);
                }
            }
            // A large region need not be walked to its end: a short way around suffices.
            if neighbours.iter().all(|n| seen.contains(n)) {
                return true;
            }
            if 220 < seen.len() {
                return false;
            }
        }
        false
    }
}
