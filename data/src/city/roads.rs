//! Streets with names: arcs that run straight on into each other make one street.

use std::collections::HashMap;

use spatial::lattice::LatticePoint;

use super::blocks::{Blocks, Step};
use super::dice::Dice;
use super::divisions::Township;
use super::mesh::Class;
use super::names::Names;
use super::road_names::Place;
use super::terrain::Xy;
use super::territory::Territory;

/// A street: a run of arcs of one class.
#[derive(Clone, Debug)]
pub(crate) struct Street {
    pub(crate) name: String,
    pub(crate) class: Class,
    pub(crate) steps: Vec<Step>,
}

/// All streets, and for each arc the street it belongs to with the distance from that street's start.
#[derive(Clone, Debug, Default)]
pub(crate) struct Streets {
    pub(crate) all: Vec<Street>,
    pub(crate) of_arc: Vec<Option<(u32, f64)>>,
    /// For each street: the first of those in its district with its name, and how far they reach before it, metres. House
    /// numbers go on from one piece to the next.
    pub(crate) run: Vec<(u32, f64)>,
}

/// From here on the next piece of a street has a name of its own, metres: in town, in the country.
const LONGEST_M: (f64, f64) = (4300.0, 26_000.0);

/// Classes that may make one street.
fn rank(class: Class) -> Option<u8> {
    match class {
        Class::Lane => Some(0),
        Class::Local => Some(1),
        Class::Collector => Some(2),
        Class::Arterial | Class::Expressway => Some(3),
        Class::Bridge => Some(4),
        _ => None,
    }
}

/// The word in the database.
pub(crate) fn class_word(class: Class) -> &'static str {
    match class {
        Class::Expressway => "expressway",
        Class::Arterial => "arterial",
        Class::Collector => "collector",
        Class::Local => "local",
        Class::Bridge => "bridge",
        _ => "lane",
    }
}

impl Streets {
    /// Finds the streets among the arcs.
    pub(crate) fn of(blocks: &Blocks) -> Self {
        let next = continuations(blocks);
        let mut this =
            Self { all: Vec::new(), of_arc: vec![None; blocks.arcs.len()], run: Vec::new() };
        // Whole streets from one of their ends; rings, which have none, in a second round.
        for from_ends in [true, false] {
            for arc in 0..blocks.arcs.len() as u32 {
                for forward in [true, false] {
                    let first = Step { arc, forward };
                    let back = Step { arc, forward: !forward };
                    let is_end = !next.contains_key(&(back.arc, back.forward));
                    if rank(blocks.arcs[arc as usize].class).is_some()
                        && this.of_arc[arc as usize].is_none()
                        && (is_end || !from_ends)
                    {
                        this.follow(blocks, &next, first);
                    }
                }
            }
        }
        this
    }

    fn follow(&mut self, blocks: &Blocks, next: &HashMap<(u32, bool), Step>, first: Step) {
        let street = self.all.len() as u32;
        let (mut steps, mut length_m) = (Vec::new(), 0.0);
        let mut step = Some(first);
        while let Some(at) = step.filter(|s| self.of_arc[s.arc as usize].is_none()) {
            let arc = &blocks.arcs[at.arc as usize];
            let longest_m = if is_rural(blocks, at.arc) { LONGEST_M.1 } else { LONGEST_M.0 };
            if longest_m < length_m && arc.trunk.is_none() && !is_quay(blocks, at.arc) {
                break;
            }
            self.of_arc[at.arc as usize] = Some((street, length_m));
            length_m += arc.length_m;
            steps.push(at);
            step = next.get(&(at.arc, at.forward)).copied();
        }
        self.turn(blocks, &mut steps);
        let class = blocks.arcs[first.arc as usize].class;
        self.all.push(Street { name: String::new(), class, steps });
    }

    /// Lets a street run eastward or southward, as house numbers do.
    fn turn(&mut self, blocks: &Blocks, steps: &mut [Step]) {
        let (Some(&first), Some(&last)) = (steps.first(), steps.last()) else { return };
        let end = |s: Step| blocks.points(s).next().map(super::blocks::to_metres);
        let back = Step { arc: last.arc, forward: !last.forward };
        let (Some(from), Some(to)) = (end(first), end(back)) else { return };
        if from.y - to.y <= from.x - to.x {
            steps.reverse();
            let mut length_m = 0.0;
            for step in steps {
                step.forward = !step.forward;
                if let Some(of) = &mut self.of_arc[step.arc as usize] {
                    of.1 = length_m;
                }
                length_m += blocks.arcs[step.arc as usize].length_m;
            }
        }
    }

    /// Joins the pieces of each name in each district, from west to east.
    fn join_pieces(&mut self, blocks: &Blocks) {
        let mut pieces: HashMap<(u32, &str), Vec<u32>> = HashMap::new();
        for (index, street) in (0..).zip(&self.all) {
            let district = district_of(blocks, street.steps[street.steps.len() / 2].arc);
            pieces.entry((district, &street.name)).or_default().push(index);
        }
        let mut run = vec![(0, 0.0); self.all.len()];
        let steps = |s: u32| &self.all[s as usize].steps;
        let west = |s: u32| blocks.points(steps(s)[0]).next().map_or(0, |p| p.x);
        for mut same in pieces.into_values() {
            same.sort_by_key(|&s| (west(s), s));
            let mut before_m = 0.0;
            for &street in &same {
                run[street as usize] = (same[0], before_m);
                before_m +=
                    steps(street).iter().map(|s| blocks.arcs[s.arc as usize].length_m).sum::<f64>();
            }
        }
        self.run = run;
    }

    /// The line of a street.
    pub(crate) fn line(&self, blocks: &Blocks, street: u32) -> Vec<LatticePoint> {
        let steps = &self.all[street as usize].steps;
        let mut line: Vec<LatticePoint> = steps.iter().flat_map(|&s| blocks.points(s)).collect();
        if let Some(&last) = steps.last() {
            line.extend(blocks.points(Step { arc: last.arc, forward: !last.forward }).next());
        }
        line
    }

    /// Gives every street a name: first those that townships and communities are called after, then by class. Names are
    /// given once in each district; another district may have the same.
    pub(crate) fn name(
        &mut self,
        blocks: &Blocks,
        territory: &Territory,
        townships: &[Township],
        seed: u64,
    ) {
        let mut names: HashMap<u32, Names> = HashMap::new();
        let mut dice = Dice::new(seed, "streets", 0);
        self.name_trunks(blocks);
        self.name_quays(blocks);
        let near = self.near(blocks, &territory.township);
        for (index, township) in townships.iter().enumerate() {
            let arcs = near.get(&(index as u32));
            if let (Some(name), Some(arcs)) = (street_in(&township.name), arcs) {
                self.call(blocks, &mut names, &name, 2, arcs);
            }
        }
        let near = self.near(blocks, &territory.community);
        for (index, &(township, place)) in territory.communities.iter().enumerate() {
            let community = &townships[township as usize].communities[place as usize];
            let arcs = near.get(&(index as u32));
            if let (Some(name), Some(arcs)) = (street_in(&community.name), arcs) {
                let at_least = if name.ends_with('巷') { 1 } else { 2 };
                self.call(blocks, &mut names, &name, at_least, arcs);
            }
        }
        for index in 0..self.all.len() {
            let street = &self.all[index];
            if !street.name.is_empty() {
                continue;
            }
            let middle = street.steps[street.steps.len() / 2].arc;
            let names = names.entry(district_of(blocks, middle)).or_default();
            let name = match street.class {
                Class::Bridge => names.bridge(&mut dice),
                class if is_rural(blocks, middle) => {
                    let ends = [street.steps[0].arc, street.steps[street.steps.len() - 1].arc];
                    let place = Place { territory, townships };
                    place.road(blocks, class, (middle, ends), names, &mut dice)
                }
                Class::Arterial | Class::Expressway | Class::Collector => {
                    names.main_street(&mut dice)
                }
                Class::Local => names.street(&mut dice),
                _ => names.lane(&mut dice),
            };
            self.all[index].name = name;
        }
        self.join_pieces(blocks);
    }

    /// The arcs with a street beside each region.
    fn near(&self, blocks: &Blocks, region: &[u32]) -> HashMap<u32, Vec<u32>> {
        let mut near: HashMap<u32, Vec<u32>> = HashMap::new();
        for arc in (0..self.of_arc.len() as u32).filter(|&a| self.of_arc[a as usize].is_some()) {
            let mut regions: Vec<u32> = beside(blocks, arc).map(|b| region[b as usize]).collect();
            regions.dedup();
            for region in regions {
                near.entry(region).or_default().push(arc);
            }
        }
        near
    }

    /// Roads and bridges of the rivers and main roads off the valley.
    fn name_trunks(&mut self, blocks: &Blocks) {
        for street in &mut self.all {
            let middle = street.steps[street.steps.len() / 2];
            if let Some(trunk) = blocks.arcs[middle.arc as usize].trunk {
                trunk.name.clone_into(&mut street.name);
            }
        }
    }

    /// The streets along the river are called after it, by bank and reach.
    fn name_quays(&mut self, blocks: &Blocks) {
        for street in &mut self.all {
            let quay = street.steps.iter().filter(|s| is_quay(blocks, s.arc)).count();
            if quay * 2 < street.steps.len() || !street.name.is_empty() {
                continue;
            }
            let middle = street.steps[street.steps.len() / 2];
            let river = beside(blocks, middle.arc)
                .find(|&b| blocks.blocks[b as usize].zone == super::zones::Zone::Riverside);
            let at = river.map_or(Xy { x: 0.0, y: 0.0 }, |b| blocks.blocks[b as usize].centre);
            let own = super::blocks::to_metres(blocks.arcs[middle.arc as usize].line[0]);
            let bank = if own.y < at.y { "南" } else { "北" };
            let reach = match own.x {
                x if x < -500.0 => "西",
                x if x < 5500.0 => "中",
                _ => "东",
            };
            street.name = match own.x {
                x if x < -34_000.0 => format!("湟水{bank}路"),
                _ => format!("{bank}滨河{reach}路"),
            };
        }
    }

    /// Gives a name to the longest street of at least this rank along these arcs that has none yet.
    fn call(
        &mut self,
        blocks: &Blocks,
        names: &mut HashMap<u32, Names>,
        name: &str,
        at_least: u8,
        arcs: &[u32],
    ) {
        let mut length: HashMap<u32, f64> = HashMap::new();
        for &arc in arcs {
            let Some((street, _)) = self.of_arc[arc as usize] else { continue };
            let class = self.all[street as usize].class;
            let fits = rank(class).is_some_and(|r| at_least <= r && r < 4);
            if fits && self.all[street as usize].name.is_empty() {
                *length.entry(street).or_default() += blocks.arcs[arc as usize].length_m;
            }
        }
        let longest = length.into_iter().max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0)));
        if let Some((street, _)) = longest
            && let Some(&arc) = arcs.first()
            && names.entry(district_of(blocks, arc)).or_default().take(name)
        {
            name.clone_into(&mut self.all[street as usize].name);
        }
    }
}

/// Whether an arc is a piece of a riverside road.
fn is_quay(blocks: &Blocks, arc: u32) -> bool {
    blocks.arcs[arc as usize].class == Class::Arterial
        && beside(blocks, arc)
            .any(|b| blocks.blocks[b as usize].zone == super::zones::Zone::Riverside)
}

/// Whether an arc runs through the country.
fn is_rural(blocks: &Blocks, arc: u32) -> bool {
    beside(blocks, arc).all(|b| blocks.blocks[b as usize].zone.is_rural())
}

/// The district of an arc.
fn district_of(blocks: &Blocks, arc: u32) -> u32 {
    beside(blocks, arc).next().map_or(0, |b| blocks.blocks[b as usize].district)
}

/// The blocks on both sides of an arc.
pub(crate) fn beside(blocks: &Blocks, arc: u32) -> impl Iterator<Item = u32> {
    let arc = &blocks.arcs[arc as usize];
    arc.left.into_iter().chain(arc.right)
}

/// The street that a township or community is called after, if any: `农民巷东社区` → `农民巷`.
fn street_in(name: &str) -> Option<String> {
    let stem = ["街道", "社区"].iter().find_map(|e| name.strip_suffix(e)).unwrap_or(name);
    let stem = stem.strip_suffix(['东', '西', '南', '北', '中']).unwrap_or(stem);
    let is_street = ["路", "街", "巷", "大道"].iter().any(|e| stem.ends_with(e));
    (is_street && 2 < stem.chars().count()).then(|| stem.to_owned())
}

/// For each step its continuation straight on, where there is one. Symmetric: it holds backwards too.
fn continuations(blocks: &Blocks) -> HashMap<(u32, bool), Step> {
    let mut at_junction: HashMap<u32, Vec<Step>> = HashMap::new();
    for (arc, it) in blocks.arcs.iter().enumerate() {
        if rank(it.class).is_some() {
            // Steps that leave the junction.
            at_junction.entry(it.ends.0).or_default().push(Step { arc: arc as u32, forward: true });
            at_junction
                .entry(it.ends.1)
                .or_default()
                .push(Step { arc: arc as u32, forward: false });
        }
    }
    let mut next = HashMap::new();
    for leaving in at_junction.values() {
        let mut pairs: Vec<(f64, Step, Step)> = Vec::new();
        for (i, &a) in leaving.iter().enumerate() {
            for &b in &leaving[i + 1..] {
                let (ca, cb) =
                    (blocks.arcs[a.arc as usize].class, blocks.arcs[b.arc as usize].class);
                let (da, db) = (heading(blocks, a), heading(blocks, b));
                let straight = -(da.x * db.x + da.y * db.y);
                if rank(ca) == rank(cb) && 0.80 < straight {
                    pairs.push((straight, a, b));
                }
            }
        }
        pairs.sort_by(|a, b| b.0.total_cmp(&a.0).then((a.1.arc, a.2.arc).cmp(&(b.1.arc, b.2.arc))));
        let mut used: Vec<Step> = Vec::new();
        for (_, a, b) in pairs {
            if used.contains(&a) || used.contains(&b) {
                continue;
            }
            used.extend([a, b]);
            next.insert((a.arc, !a.forward), b);
            next.insert((b.arc, !b.forward), a);
        }
    }
    next
}

/// Direction in which a step leaves its start, over its first stretch.
fn heading(blocks: &Blocks, step: Step) -> Xy {
    let mut points = blocks.points(step).map(super::blocks::to_metres);
    let from = points.next().unwrap_or(Xy { x: 0.0, y: 0.0 });
    let line = &blocks.arcs[step.arc as usize].line;
    let end = super::blocks::to_metres(if step.forward { line[line.len() - 1] } else { line[0] });
    let to = points.nth(3).unwrap_or(end);
    let length = from.distance_m(to).max(1e-9);
    Xy { x: (to.x - from.x) / length, y: (to.y - from.y) / length }
}
