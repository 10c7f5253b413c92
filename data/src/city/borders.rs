//! Blocks cut along the borders of districts, so that a district's outline is its border and not the nearest street.
//!
//! Streets end or go on where a border crosses them; what a border cuts off too small to stand alone joins its neighbour.

use std::collections::HashMap;

use spatial::coverage::{LatticeMultiPolygon, LatticePolygon, LatticeRing};
use spatial::interior::interior_point;
use spatial::lattice::LatticePoint;
use spatial::locate::{Locate, Locator};

use super::blocks::{Arc, Block, Blocks, Step, centroid, to_metres};
use super::bridges::bridges;
use super::cells::Cells;
use super::mesh::Class;
use super::noding::{Line, node};
use super::slivers::merge_slivers;
use super::terrain::Xy;
use super::walks::{ring, traced};

/// Stands for the land beyond all districts.
pub(crate) const BEYOND: u32 = u32::MAX;

/// A piece of a border: the district on its left and on its right.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct BorderLine {
    pub(crate) line: Line,
    pub(crate) left: u32,
    pub(crate) right: u32,
}

/// Cuts blocks along borders and tells each piece its district. Blocks that no border reaches have that of the land around
/// them, or keep theirs where no border runs at all.
pub(crate) fn cut(blocks: Blocks, borders: &[BorderLine]) -> Blocks {
    let mut net = Net::of(blocks, borders);
    net.split();
    let mut pieces = net.faces();
    net.settle(&mut pieces);
    merge_slivers(&mut pieces, &net.arcs);
    net.finished(pieces)
}

/// A block or a piece of one while borders are drawn.
#[derive(Clone, Debug)]
pub(crate) struct Piece {
    pub(crate) rim: Vec<Step>,
    /// The block that it was, or was part of.
    pub(crate) origin: Block,
    pub(crate) district: Option<u32>,
    /// Whether it is less than the whole.
    pub(crate) part: bool,
    pub(crate) area_m2: f64,
}

/// What is known of an arc besides its line.
#[derive(Clone, Copy, Debug, Default)]
struct Sides {
    /// Whether it is a piece of a block's rim.
    rim: bool,
    /// The districts on its left and right, on borders.
    border: Option<(u32, u32)>,
}

struct Net {
    blocks: Vec<Block>,
    old: Vec<Arc>,
    /// Lines of arcs that come near a border, then those of the borders themselves.
    lines: Vec<Line>,
    near: Vec<u32>,
    borders: Vec<BorderLine>,
    arcs: Vec<Arc>,
    sides: Vec<Sides>,
    /// What each old arc has become, along its direction.
    became: Vec<Vec<Step>>,
    /// The pieces of borders.
    border_steps: Vec<Step>,
}

impl Net {
    fn of(blocks: Blocks, borders: &[BorderLine]) -> Self {
        let mut cells = Cells::default();
        for border in borders {
            cells.add(&border.line);
        }
        let near: Vec<u32> = (0..blocks.arcs.len() as u32)
            .filter(|&a| cells.meet(&blocks.arcs[a as usize].line))
            .collect();
        let mut lines: Vec<Line> =
            near.iter().map(|&a| blocks.arcs[a as usize].line.clone()).collect();
        lines.extend(borders.iter().map(|b| b.line.clone()));
        Self {
            became: vec![Vec::new(); blocks.arcs.len()],
            blocks: blocks.blocks,
            old: blocks.arcs,
            lines,
            near,
            borders: borders.to_vec(),
            arcs: Vec::new(),
            sides: Vec::new(),
            border_steps: Vec::new(),
        }
    }

    /// Makes new arcs of the lines, split wherever two of them meet.
    fn split(&mut self) {
        let first = self.near.len();
        node(&mut self.lines, first);
        for bridge in bridges(&mut self.lines, first) {
            self.borders.push(BorderLine { line: bridge.clone(), left: BEYOND, right: BEYOND });
            self.lines.push(bridge);
            let last = self.lines.len() - 1;
            node(&mut self.lines, last);
        }
        let mut uses: HashMap<LatticePoint, u32> = HashMap::new();
        for line in &self.lines {
            for (at, &p) in line.iter().enumerate() {
                let end = at == 0 || at == line.len() - 1;
                *uses.entry(p).or_default() += if end { 2 } else { 1 };
            }
        }
        let mut junctions: HashMap<LatticePoint, u32> = HashMap::new();
        for arc in &self.old {
            junctions.insert(arc.line[0], arc.ends.0);
            junctions.insert(arc.line[arc.line.len() - 1], arc.ends.1);
        }
        let mut next = self.old.iter().map(|a| a.ends.0.max(a.ends.1)).max().map_or(0, |j| j + 1);
        let mut short: HashMap<(LatticePoint, LatticePoint), u32> = HashMap::new();
        let lines = std::mem::take(&mut self.lines);
        for (index, line) in lines.into_iter().enumerate() {
            let old = self.near.get(index).copied();
            for piece in pieces(&line, &uses) {
                let step = self.add(piece, old, index, (&mut junctions, &mut next), &mut short);
                match old {
                    Some(old) => self.became[old as usize].push(step),
                    None => self.border_steps.push(step),
                }
            }
        }
        for old in 0..self.old.len() {
            if self.became[old].is_empty() {
                self.became[old].push(Step { arc: self.arcs.len() as u32, forward: true });
                self.arcs.push(self.old[old].clone());
                self.sides.push(Sides { rim: true, border: None });
            }
        }
        for arc in &mut self.arcs {
            (arc.left, arc.right) = (None, None);
        }
    }

    /// The arc of a piece of a line; two pieces with the same two points are one arc.
    fn add(
        &mut self,
        line: Line,
        old: Option<u32>,
        index: usize,
        (junctions, next): (&mut HashMap<LatticePoint, u32>, &mut u32),
        short: &mut HashMap<(LatticePoint, LatticePoint), u32>,
    ) -> Step {
        let (from, to) = (line[0], line[line.len() - 1]);
        let key = (from.min(to), from.max(to));
        let there = short.get(&key).copied().filter(|_| line.len() == 2);
        let arc = there.unwrap_or(self.arcs.len() as u32);
        let border = old.is_none().then(|| &self.borders[index - self.near.len()]);
        if there.is_none() {
            let mut end = |p: LatticePoint| {
                *junctions.entry(p).or_insert_with(|| {
                    *next += 1;
                    *next - 1
                })
            };
            let ends = (end(from), end(to));
            let metres: Vec<Xy> = line.iter().map(|&p| to_metres(p)).collect();
            let length_m = metres.windows(2).map(|p| p[0].distance_m(p[1])).sum();
            let (class, trunk) = old.map_or((Class::Ridge, None), |o| {
                (self.old[o as usize].class, self.old[o as usize].trunk)
            });
            if line.len() == 2 {
                short.insert(key, arc);
            }
            self.arcs.push(Arc { line, ends, left: None, right: None, class, length_m, trunk });
            self.sides.push(Sides::default());
        }
        let forward = self.arcs[arc as usize].line[0] == from;
        let sides = &mut self.sides[arc as usize];
        match border {
            Some(b) if b.left != b.right => {
                sides.border = Some(if forward { (b.left, b.right) } else { (b.right, b.left) });
            }
            Some(_) => {}
            None => sides.rim = true,
        }
        Step { arc, forward }
    }

    /// The rim of an old block in new arcs.
    fn rim(&self, block: &Block) -> Vec<Step> {
        let mut rim = Vec::new();
        for step in &block.rim {
            let now = &self.became[step.arc as usize];
            if step.forward {
                rim.extend(now);
            } else {
                rim.extend(now.iter().rev().map(|s| Step { arc: s.arc, forward: !s.forward }));
            }
        }
        rim
    }

    /// All blocks, cut ones in pieces.
    fn faces(&self) -> Vec<Piece> {
        let mut near = vec![false; self.old.len()];
        for &arc in &self.near {
            near[arc as usize] = true;
        }
        let mut cells = Cells::default();
        for border in &self.borders {
            cells.add(&border.line);
        }
        let mut pieces = Vec::new();
        let mut owner: HashMap<Step, u32> = HashMap::new();
        let mut touched = Vec::new();
        for (index, block) in (0..).zip(&self.blocks) {
            let rim = self.rim(block);
            let within = block.rim.iter().any(|s| near[s.arc as usize])
                || cells.fill(block.rim.iter().map(|s| &self.old[s.arc as usize].line));
            if within {
                owner.extend(rim.iter().map(|&s| (s, index)));
                touched.push(index);
            } else {
                pieces.push(self.piece(rim, block, false));
            }
        }
        let mut locator = None;
        for rim in traced(&self.arcs, owner.keys().chain(&self.border_steps)) {
            if rim.iter().any(|s| self.sides[s.arc as usize].rim && !owner.contains_key(s)) {
                continue;
            }
            let mut origin = rim.iter().find_map(|s| owner.get(s).copied());
            if origin.is_none() {
                // It lies inside a block.
                let locator = locator.get_or_insert_with(|| self.locator(&touched));
                let shape = LatticeMultiPolygon::from(LatticePolygon::solid(LatticeRing(ring(
                    &self.arcs, &rim,
                ))));
                origin = interior_point(&shape).and_then(|p| locator.locate(p));
            }
            if let Some(origin) = origin {
                let block = &self.blocks[origin as usize];
                let whole = rim.len() == self.rim(block).len()
                    && rim.iter().all(|s| owner.get(s) == Some(&origin));
                pieces.push(self.piece(rim, block, !whole));
            }
        }
        pieces
    }

    fn piece(&self, rim: Vec<Step>, origin: &Block, part: bool) -> Piece {
        let area_m2 =
            centroid(&ring(&self.arcs, &rim).iter().map(|&p| to_metres(p)).collect::<Vec<_>>()).1;
        Piece { rim, origin: origin.clone(), district: None, part, area_m2 }
    }

    fn locator(&self, touched: &[u32]) -> Locator {
        Locator::new(touched.iter().map(|&b| {
            let ring = LatticeRing(ring(&self.arcs, &self.rim(&self.blocks[b as usize])));
            (b, LatticeMultiPolygon::from(LatticePolygon::solid(ring)))
        }))
    }

    /// Gives every piece the district on its side of the borders.
    fn settle(&self, pieces: &mut [Piece]) {
        let mut at: HashMap<Step, u32> = HashMap::new();
        for (index, piece) in (0..).zip(pieces.iter()) {
            at.extend(piece.rim.iter().map(|&s| (s, index)));
        }
        let mut open = Vec::new();
        for (index, piece) in (0..).zip(pieces.iter_mut()) {
            let side = |s: &Step| {
                let (left, right) = self.sides[s.arc as usize].border?;
                Some(if s.forward { left } else { right })
            };
            piece.district = piece.rim.iter().find_map(side);
            if piece.district.is_some() {
                open.push(index);
            }
        }
        while let Some(index) = open.pop() {
            let district = pieces[index as usize].district;
            let beyond: Vec<u32> = pieces[index as usize]
                .rim
                .iter()
                .filter(|s| self.sides[s.arc as usize].border.is_none())
                .filter_map(|s| at.get(&Step { arc: s.arc, forward: !s.forward }).copied())
                .collect();
            for other in beyond {
                if pieces[other as usize].district.is_none() {
                    pieces[other as usize].district = district;
                    open.push(other);
                }
            }
        }
        for piece in pieces {
            piece.district.get_or_insert(piece.origin.district);
        }
    }

    /// The blocks of all districts, with the arcs that they use.
    fn finished(self, pieces: Vec<Piece>) -> Blocks {
        let mut place = vec![u32::MAX; self.arcs.len()];
        let mut all = Blocks::default();
        for mut piece in pieces {
            let Some(district) = piece.district.filter(|&d| d != BEYOND) else { continue };
            let index = all.blocks.len() as u32;
            for step in &mut piece.rim {
                let own = &mut place[step.arc as usize];
                if *own == u32::MAX {
                    *own = all.arcs.len() as u32;
                    all.arcs.push(self.arcs[step.arc as usize].clone());
                }
                step.arc = *own;
                let arc = &mut all.arcs[*own as usize];
                *(if step.forward { &mut arc.left } else { &mut arc.right }) = Some(index);
            }
            all.blocks.push(Block { rim: piece.rim, district, ..piece.origin });
        }
        all.measure();
        all
    }
}

/// The pieces of a line between the points that several lines use.
fn pieces(line: &[LatticePoint], uses: &HashMap<LatticePoint, u32>) -> Vec<Line> {
    let mut pieces = Vec::new();
    let mut open: Line = Vec::new();
    for &p in line {
        open.push(p);
        if 1 < open.len() && 1 < uses[&p] {
            pieces.push(std::mem::replace(&mut open, vec![p]));
        }
    }
    pieces
}
